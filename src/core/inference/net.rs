//! The network of one column: its part of the masked autoencoder (MADE, Germain et al. 2015).
//!
//! The autoencoder's masks make its weight matrices block-sparse: the hidden units of column j see only the columns
//! before it. What is stored and computed here is one such block: two hidden layers and an output layer that also
//! sees the inputs directly. Inference ([`crate::inference::tiles`]) is integer arithmetic only: 16-bit activations, 8-
//! or 16-bit weights, wrapping 32-bit sums, whose order does not matter. So any vector width gives the same bits.

use crate::error::{Error, Result};
use crate::inference::mixture::{MAX_COMPONENTS, OUTPUTS};
use serde::{Deserialize, Serialize};

/// Fraction bits of hidden activations, which are clipped to `0..8`.
pub const HIDDEN_BITS: u32 = 12;
/// Fraction bits of a hidden unit's bias that are not stored, and of an output's.
pub const HIDDEN_BIAS_DROPPED: u32 = 6;
/// See [`HIDDEN_BIAS_DROPPED`].
pub const OUTPUT_BIAS_DROPPED: u32 = 2;
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
    /// Added to each unit's sum. Stored like the weights, rounded: see [`Layer::coarse_bias`].
    #[serde(skip)]
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

    /// Biases as they are stored: without as many of the last bits as the shift takes away, and `dropped` more.
    pub fn coarse_bias(&self, dropped: u32) -> impl Iterator<Item = i32> + '_ {
        self.bias.iter().zip(&self.shift).map(move |(&bias, &shift)| {
            let bits = coarseness(shift, dropped);
            ((i64::from(bias) + (1 << bits >> 1)) >> bits) as i32
        })
    }

    /// Sets the biases from what is stored.
    pub fn set_coarse_bias(&mut self, coarse: &[i32], dropped: u32) {
        self.bias = coarse.iter().zip(&self.shift).map(|(&b, &s)| b.wrapping_shl(coarseness(s, dropped))).collect();
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

/// Bits of a bias that are not stored.
fn coarseness(shift: i8, dropped: u32) -> u32 {
    (i32::from(shift) + dropped as i32).clamp(0, 31) as u32
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
}
