//! The network of one column: its part of the masked autoencoder (MADE, Germain et al. 2015).
//!
//! The autoencoder's masks make its weight matrices block-sparse: the hidden units of column j see only the columns
//! before it. What is stored and computed here is one such block: two hidden layers and an output layer that also
//! sees the inputs directly. Inference is integer arithmetic only: 16-bit activations, 8- or 16-bit weights, wrapping
//! 32-bit sums, whose order does not matter. So any vector width gives the same bits.

use crate::error::{Error, Result};
use crate::kernel::{self, Kernel, TILE};
use crate::mixture::{MAX_COMPONENTS, OUTPUTS};
use serde::{Deserialize, Serialize};

/// Fraction bits of hidden activations, which are clipped to `0..8`.
pub const HIDDEN_BITS: u32 = 12;
/// Most units of a layer, and most inputs.
pub const MAX_WIDTH: usize = 1024;

/// One layer: `shift.len()` units with `inputs` weights each.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Layer {
    /// Number of inputs.
    pub inputs: u32,
    /// Row-major, unit by unit. Models store the weights of all layers together, packed.
    #[serde(skip)]
    pub weights: Vec<i16>,
    /// Added to each unit's sum.
    pub bias: Vec<i32>,
    /// Right shift of each unit's sum (left if negative), with rounding.
    pub shift: Vec<i8>,
}

/// A column's block of the masked autoencoder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Net {
    /// Logistic components per value.
    pub components: u8,
    /// Hidden layers, the first fed by the contexts. None: the outputs see the contexts only.
    pub hidden: Vec<Layer>,
    /// Outputs from the last hidden layer followed by the contexts.
    pub output: Layer,
}

impl Layer {
    /// Number of units.
    pub fn units(&self) -> usize {
        self.shift.len()
    }

    fn is_valid(&self) -> bool {
        let (units, inputs) = (self.units(), self.inputs as usize);
        units <= MAX_WIDTH
            && inputs <= 2 * MAX_WIDTH
            && self.bias.len() == units
            && self.weights.len() == units * inputs
            && self.shift.iter().all(|&s| (-16..=31).contains(&s))
    }
}

/// Shifts sums right with rounding, or left.
#[inline(always)]
fn scale(sums: &mut [i32; TILE], shift: i32) {
    if shift > 0 {
        let half = 1 << (shift - 1);
        sums.iter_mut().for_each(|s| *s = s.wrapping_add(half) >> shift);
    } else {
        sums.iter_mut().for_each(|s| *s = s.wrapping_shl(-shift as u32));
    }
}

/// Scales two units' sums and clips them to activations, interleaved as [`Kernel`] wants them.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2", "x86_64+sse4.1"))]
fn activate(pair: &mut [[i32; TILE]; 2], shifts: [i32; 2], tile: &mut [i16]) {
    let [a, b] = pair;
    scale(a, shifts[0]);
    scale(b, shifts[1]);
    let clip = |s: i32| s.clamp(0, i32::from(i16::MAX)) as i16;
    for (both, (&a, &b)) in tile.chunks_exact_mut(2).zip(a.iter().zip(b.iter())) {
        (both[0], both[1]) = (clip(a), clip(b));
    }
}

impl Net {
    /// Number of outputs for one row.
    pub fn outputs(&self) -> usize {
        OUTPUTS * self.components as usize
    }

    /// Checks the shapes; to be called on everything that came from a file.
    pub fn validate(&self, inputs: usize) -> Result<()> {
        let mut width = inputs;
        let mut ok = self.hidden.len() <= 4 && inputs <= MAX_WIDTH;
        for layer in &self.hidden {
            ok &= layer.inputs as usize == width && layer.is_valid();
            width = layer.units();
        }
        let direct = if self.hidden.is_empty() { 0 } else { inputs };
        ok &= self.output.inputs as usize == width + direct
            && self.output.is_valid()
            && self.output.units() == self.outputs()
            && (1..=MAX_COMPONENTS).contains(&(self.components as usize));
        if ok { Ok(()) } else { Err(Error::corrupt("the model has a network of impossible shape")) }
    }

    /// Outputs for all rows: `result[unit * rows + row]`. `inputs[k][row]` is the k-th input.
    pub fn infer(&self, inputs: &[Vec<i16>], rows: usize) -> Vec<i32> {
        self.infer_by(kernel::fastest(), inputs, rows)
    }

    /// The same by a kernel of one's choice, with the same result.
    pub fn infer_by(&self, kernel: Kernel, inputs: &[Vec<i16>], rows: usize) -> Vec<i32> {
        let outputs = self.outputs();
        let mut result = vec![0; rows * outputs];
        let hidden: Vec<PaddedLayer> = self.hidden.iter().map(PaddedLayer::new).collect();
        let last = PaddedLayer::new(&self.output);
        let widest = self.hidden.iter().map(Layer::units).max().unwrap_or(0).max(inputs.len()) + inputs.len() + 1;
        let (mut x, mut next) = (Activations::new(widest), Activations::new(widest));
        for first in (0..rows).step_by(TILE) {
            let here = TILE.min(rows - first);
            let fill = |x: &mut Activations| inputs.iter().for_each(|input| x.push(&input[first..first + here]));
            x.clear();
            fill(&mut x);
            for layer in &hidden {
                for first in (0..layer.units()).step_by(2) {
                    let second = (first + 1).min(layer.units() - 1);
                    let mut pair = [layer.sums(kernel, first, &x), layer.sums(kernel, second, &x)];
                    let shifts = [first, second].map(|unit| i32::from(layer.layer.shift[unit]));
                    activate(&mut pair, shifts, &mut next.values[first * TILE..][..2 * TILE]);
                }
                next.width = layer.units();
                std::mem::swap(&mut x, &mut next);
            }
            if !hidden.is_empty() {
                fill(&mut x);
            }
            for unit in 0..outputs {
                let mut sums = last.sums(kernel, unit, &x);
                scale(&mut sums, i32::from(self.output.shift[unit]));
                result[unit * rows + first..][..here].copy_from_slice(&sums[..here]);
            }
        }
        result
    }
}

/// Activations of a tile in pairs, as [`Kernel`] wants them.
struct Activations {
    values: Vec<i16>,
    width: usize,
}

impl Activations {
    fn new(widest: usize) -> Self {
        Activations { values: vec![0; widest.next_multiple_of(2) * TILE], width: 0 }
    }

    fn clear(&mut self) {
        self.width = 0;
    }

    /// Appends one activation of each row. Whatever its partner in the pair holds until that is pushed has weight 0.
    fn push(&mut self, rows: &[i16]) {
        let (pair, place) = (self.width / 2, self.width % 2);
        let tile = &mut self.values[2 * pair * TILE..][..2 * TILE];
        for (both, &value) in tile.chunks_exact_mut(2).zip(rows) {
            both[place] = value;
        }
        self.width += 1;
    }
}

/// A layer whose units have an even number of weights.
struct PaddedLayer<'a> {
    layer: &'a Layer,
    inputs: usize,
    weights: Vec<i16>,
}

impl<'a> PaddedLayer<'a> {
    fn new(layer: &'a Layer) -> Self {
        let (own, inputs) = (layer.inputs as usize, layer.inputs.next_multiple_of(2) as usize);
        let mut weights = vec![0; inputs * layer.units()];
        if own > 0 {
            for (padded, unit) in weights.chunks_exact_mut(inputs).zip(layer.weights.chunks_exact(own)) {
                padded[..own].copy_from_slice(unit);
            }
        }
        PaddedLayer { layer, inputs, weights }
    }

    fn units(&self) -> usize {
        self.layer.units()
    }

    fn sums(&self, kernel: Kernel, unit: usize, x: &Activations) -> [i32; TILE] {
        let mut sums = [0; TILE];
        kernel(&self.weights[unit * self.inputs..][..self.inputs], &x.values, self.layer.bias[unit], &mut sums);
        sums
    }
}
