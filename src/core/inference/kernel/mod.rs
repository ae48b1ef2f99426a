//! The inner products at the heart of inference, for a tile of rows and a few units: portable, and with the processor's
//! own instructions for pairs of 16-bit products, which compilers do not find by themselves.
//!
//! All variants compute the same wrapping 32-bit sums.

#![allow(unsafe_code)] // measured SIMD kernels

use crate::inference::sizes::Tile;
use crate::machine::sets;

/// Units whose sums are computed together; more would not fit in registers.
pub const UNITS: usize = 4;

/// Weights of [`UNITS`] units for a pair of inputs; of each, that of the first input in the lower half.
pub type Weights = [i32; UNITS];

/// Inner products of all units of a layer, by the instructions of a set.
pub trait Kernel {
    /// Adds the products of weights and inputs to the sums. `inputs` has a pair for each of `weights`, the first of the
    /// pair in the lower half.
    ///
    /// # Safety
    /// The processor has the set.
    unsafe fn add(weights: &[Weights], inputs: &[Tile], sums: &mut [Tile; UNITS]);
}

impl Kernel for sets::Portable {
    #[inline(always)]
    unsafe fn add(weights: &[Weights], inputs: &[Tile], sums: &mut [Tile; UNITS]) {
        let halves = |pair: i32| (i32::from(pair as i16), pair >> 16);
        for (weights, inputs) in weights.iter().zip(inputs) {
            for (sums, &pair) in sums.iter_mut().zip(weights) {
                let (a, b) = halves(pair);
                for (sum, &x) in sums.iter_mut().zip(inputs) {
                    let (x, y) = halves(x);
                    *sum = sum.wrapping_add(a.wrapping_mul(x).wrapping_add(b.wrapping_mul(y)));
                }
            }
        }
    }
}

#[cfg(target_arch = "aarch64")]
mod neon;
#[cfg(target_arch = "x86_64")]
mod x86;
