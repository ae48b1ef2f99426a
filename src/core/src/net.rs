//! The network of one column: its part of the masked autoencoder (MADE, Germain et al. 2015).
//!
//! The autoencoder's masks make its weight matrices block-sparse: the hidden units of column j see only the columns
//! before it. What is stored and computed here is one such block: two hidden layers and an output layer that also
//! sees the inputs directly. Inference is integer arithmetic only: 16-bit activations, 8- or 16-bit weights, wrapping
//! 32-bit sums, whose order does not matter. So any vector width gives the same bits.

use crate::axis::CONTEXT_BITS;
use crate::error::{Error, Result};
use crate::mixture::{LOG_BITS, MAX_COMPONENTS, OUTPUTS};
use serde::{Deserialize, Serialize};

/// Fraction bits of hidden activations, which are clipped to `0..8`.
pub const HIDDEN_BITS: u32 = 12;
/// Rows that are computed together.
pub const TILE: usize = 64;
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

    /// Sums of one unit over a tile. `x` holds `inputs` tiles, one after the other.
    #[inline(always)]
    fn sums(&self, unit: usize, x: &[i16], sums: &mut [i32; TILE]) {
        let inputs = self.inputs as usize;
        let weights = &self.weights[unit * inputs..(unit + 1) * inputs];
        sums.fill(self.bias[unit]);
        for (tile, &w) in x.chunks_exact(TILE).zip(weights) {
            for r in 0..TILE {
                sums[r] = sums[r].wrapping_add(i32::from(w).wrapping_mul(i32::from(tile[r])));
            }
        }
        let shift = i32::from(self.shift[unit]);
        if shift > 0 {
            let half = 1 << (shift - 1);
            sums.iter_mut().for_each(|s| *s = s.wrapping_add(half) >> shift);
        } else {
            sums.iter_mut().for_each(|s| *s = s.wrapping_shl(-shift as u32));
        }
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

    /// Outputs for all rows, row by row. `inputs[k][row]` is the k-th input.
    pub fn infer(&self, inputs: &[Vec<i16>], rows: usize) -> Vec<i32> {
        infer_fastest(self, inputs, rows)
    }

    /// The same without vector instructions beyond the target's baseline; for tests.
    pub fn infer_baseline(&self, inputs: &[Vec<i16>], rows: usize) -> Vec<i32> {
        infer_tiles(self, inputs, rows)
    }
}

#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2", "x86_64+sse4.1"))]
fn infer_fastest(net: &Net, inputs: &[Vec<i16>], rows: usize) -> Vec<i32> {
    infer_tiles(net, inputs, rows)
}

#[inline(always)]
fn infer_tiles(net: &Net, inputs: &[Vec<i16>], rows: usize) -> Vec<i32> {
    let outputs = net.outputs();
    let mut result = vec![0; rows * outputs];
    let mut sums = [0i32; TILE];
    let widest = net.hidden.iter().map(Layer::units).max().unwrap_or(0).max(inputs.len()) + inputs.len();
    let (mut x, mut next) = (vec![0i16; widest * TILE], vec![0i16; widest * TILE]);
    for first in (0..rows).step_by(TILE) {
        let here = TILE.min(rows - first);
        let mut width = 0;
        let fill = |x: &mut [i16], width: &mut usize| {
            for (tile, input) in x[*width * TILE..].chunks_exact_mut(TILE).zip(inputs) {
                tile[..here].copy_from_slice(&input[first..first + here]);
            }
            *width += inputs.len();
        };
        fill(&mut x, &mut width);
        for layer in &net.hidden {
            for (unit, tile) in next.chunks_exact_mut(TILE).take(layer.units()).enumerate() {
                layer.sums(unit, &x[..width * TILE], &mut sums);
                for r in 0..TILE {
                    tile[r] = sums[r].clamp(0, i32::from(i16::MAX)) as i16;
                }
            }
            width = layer.units();
            std::mem::swap(&mut x, &mut next);
        }
        if !net.hidden.is_empty() {
            fill(&mut x, &mut width);
        }
        for unit in 0..outputs {
            net.output.sums(unit, &x[..width * TILE], &mut sums);
            for r in 0..here {
                result[(first + r) * outputs + unit] = sums[r];
            }
        }
    }
    result
}

/// Fraction bits of the inputs that a layer's float weights are meant for: contexts as they are.
pub const INPUT_BITS: u32 = CONTEXT_BITS;
/// Fraction bits of the weight and scale outputs.
pub const LOG_OUTPUT_BITS: u32 = LOG_BITS;
