//! A network laid out for inference, tile by tile of rows, so that everything stays in the fastest cache.

#![allow(unsafe_code)] // calls kernels for the processor's own instructions

use crate::inference::kernel::{Kernel, UNITS, Weights};
use crate::inference::net::{Layer, Net};
use crate::inference::sizes::{TILE, Tile};
use crate::machine::{Machine, for_each_set};

/// A layer laid out for [`Kernel`]: units in blocks, inputs in pairs, zeros where either is missing.
#[derive(Debug)]
struct TiledLayer {
    /// Block by block, pair by pair.
    weights: Vec<Weights>,
    bias: Vec<[i32; UNITS]>,
    shift: Vec<[i32; UNITS]>,
    pairs: usize,
}

impl TiledLayer {
    /// `places[i]` is where the inputs of the layer have input `i`.
    fn new(layer: &Layer, places: &[usize], pairs: usize) -> Self {
        let blocks = layer.units().div_ceil(UNITS);
        let mut laid = TiledLayer {
            weights: vec![[0; UNITS]; blocks * pairs],
            bias: vec![[0; UNITS]; blocks],
            shift: vec![[0; UNITS]; blocks],
            pairs,
        };
        for unit in 0..layer.units() {
            let (block, u) = (unit / UNITS, unit % UNITS);
            laid.bias[block][u] = layer.bias[unit];
            laid.shift[block][u] = i32::from(layer.shift[unit]);
            let weights = &layer.weights[unit * places.len()..][..places.len()];
            for (&place, &weight) in places.iter().zip(weights) {
                let half = i32::from(weight as u16) << (16 * (place % 2));
                laid.weights[block * pairs + place / 2][u] |= half;
            }
        }
        laid
    }

    /// Shifted sums of a block of units.
    ///
    /// # Safety
    /// The processor has what the kernel needs.
    #[inline(always)]
    unsafe fn sums<K: Kernel>(&self, block: usize, inputs: &[Tile]) -> [Tile; UNITS] {
        let mut sums = self.bias[block].map(|bias| [bias; TILE]);
        let weights = &self.weights[block * self.pairs..][..self.pairs];
        // SAFETY: as the caller vouches
        unsafe { K::add(weights, &inputs[..self.pairs], &mut sums) };
        for (sums, &shift) in sums.iter_mut().zip(&self.shift[block]) {
            // right with rounding, or left
            let half = if shift > 0 { 1 << (shift - 1) } else { 0 };
            let (right, left) = (shift.max(0), (-shift).max(0));
            sums.iter_mut().for_each(|s| *s = (s.wrapping_add(half) >> right) << left);
        }
        sums
    }
}

/// A network laid out for inference.
#[derive(Debug)]
pub struct TiledNet {
    hidden: Vec<TiledLayer>,
    output: TiledLayer,
    inputs: usize,
    outputs: usize,
    /// Pairs of the last hidden layer, which stand before those of the inputs.
    last_hidden: usize,
}

/// What inference needs beside the network, kept from tile to tile.
pub struct Work {
    /// The processor.
    pub machine: Machine,
    /// The last hidden layer's activations and the inputs, both in pairs.
    last: Vec<Tile>,
    first: Vec<Tile>,
    second: Vec<Tile>,
    /// Outputs of the tile's rows, one array for each output (and some more that mean nothing).
    pub outputs: Vec<Tile>,
}

/// Pairs that a layer's units fill, all of its blocks.
fn pairs_of(layer: &Layer) -> usize {
    layer.units().div_ceil(UNITS) * UNITS / 2
}

impl TiledNet {
    /// Lays out a valid network of `inputs` inputs.
    pub fn new(net: &Net, inputs: usize) -> Self {
        let mut hidden = Vec::new();
        let (mut width, mut pairs) = (inputs, inputs.div_ceil(2));
        for layer in &net.hidden {
            hidden.push(TiledLayer::new(layer, &(0..width).collect::<Vec<_>>(), pairs));
            (width, pairs) = (layer.units(), pairs_of(layer));
        }
        let last_hidden = net.hidden.last().map_or(0, pairs_of);
        let from_hidden = if net.hidden.is_empty() { 0 } else { width };
        let places: Vec<usize> = (0..from_hidden).chain((0..inputs).map(|i| 2 * last_hidden + i)).collect();
        let output = TiledLayer::new(&net.output, &places, last_hidden + inputs.div_ceil(2));
        TiledNet { hidden, output, inputs, outputs: net.outputs(), last_hidden }
    }

    /// Number of outputs.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// Room for inference.
    pub fn work(&self, machine: Machine) -> Work {
        let widest = self.hidden.iter().map(|l| l.bias.len() * UNITS / 2).max().unwrap_or(0);
        Work {
            machine,
            last: vec![[0; TILE]; self.output.pairs],
            first: vec![[0; TILE]; widest],
            second: vec![[0; TILE]; widest],
            outputs: vec![[0; TILE]; self.output.bias.len() * UNITS],
        }
    }

    /// Where the inputs of a tile go: in pairs, the first of each pair in the lower half.
    pub fn inputs<'a>(&self, work: &'a mut Work) -> &'a mut [Tile] {
        &mut work.last[self.last_hidden..][..self.inputs.div_ceil(2)]
    }

    /// Computes the outputs of a tile from its inputs.
    pub fn infer(&self, work: &mut Work) {
        infer(work.machine, self, work);
    }

    /// # Safety
    /// The processor has what the kernel needs.
    #[inline(always)]
    unsafe fn run<K: Kernel>(&self, work: &mut Work) {
        let Work { last, first, second, outputs, .. } = work;
        for (i, layer) in self.hidden.iter().enumerate() {
            let from = if i == 0 { &last[self.last_hidden..] } else { &first[..] };
            for block in 0..layer.bias.len() {
                // SAFETY: as the caller vouches
                let sums = unsafe { layer.sums::<K>(block, from) };
                for (pair, to) in sums.chunks_exact(2).zip(&mut second[block * UNITS / 2..]) {
                    let clip = |s: i32| s.clamp(0, i32::from(i16::MAX));
                    for r in 0..TILE {
                        to[r] = clip(pair[0][r]) | clip(pair[1][r]) << 16;
                    }
                }
            }
            std::mem::swap(first, second);
        }
        last[..self.last_hidden].copy_from_slice(&first[..self.last_hidden]);
        for block in 0..self.output.bias.len() {
            // SAFETY: as the caller vouches
            let sums = unsafe { self.output.sums::<K>(block, last) };
            outputs[block * UNITS..][..UNITS].copy_from_slice(&sums);
        }
    }
}

for_each_set! {
    fn infer<S>(machine: Machine, net: &TiledNet, work: &mut Work) {
        // SAFETY: the processor has the set
        unsafe { net.run::<S>(work) }
    }
}
