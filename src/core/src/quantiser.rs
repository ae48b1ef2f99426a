//! The quantiser: the only lossy step. A pure function of a value and its column's parameters.
//!
//! A value becomes a lattice integer, or an exception that is stored exactly. `reconstruct` is idempotent:
//! reconstructing an already reconstructed value gives the same bits. Conditional coding relies on it, since
//! the writer has the original values of earlier columns and the reader only their reconstruction.

use crate::bound::Bound;
use crate::float::Float;
use serde::{Deserialize, Serialize};

/// Lattice integers stay below this magnitude, where f64 arithmetic on them is exact and rounding by
/// [`ROUND`] is valid.
const MAX_LATTICE: f64 = (1u64 << 50) as f64;

/// Adding and subtracting 1.5 * 2^52 rounds to the nearest integer, ties to even, for |x| < 2^51.
/// Unlike a call of `rint` it compiles to two additions on every target.
const ROUND: f64 = 6755399441055744.0;

#[inline(always)]
fn round_even(x: f64) -> f64 {
    (x + ROUND) - ROUND
}

/// The resolved bound with the lattice that keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Lattice {
    /// Every bit pattern is its own lattice point.
    Lossless,
    /// Multiples of `step`; each value moves by at most `bound`.
    Abs {
        /// The bound, > 0.
        bound: f64,
        /// Distance of lattice points, > 0 and at most 2 * bound.
        step: f64,
    },
    /// Floats with this many explicit mantissa bits, numbered in the order of their values.
    Bits(u8),
}

/// An often-repeated value that must come back bit-exact although it is no lattice point.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pin {
    /// The lattice point that gives way.
    pub lattice: i64,
    /// IEEE bits of the value (f32 in the lower half).
    pub bits: u64,
}

/// Maps values of one column to lattice integers and back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quantiser {
    /// The lattice.
    pub lattice: Lattice,
    /// Few; sorted by lattice point, no two the same.
    pub pins: Vec<Pin>,
}

/// A value that its lattice cannot hold: row and IEEE bits.
pub type Exception = (u32, u64);

/// A quantised column.
pub struct Quantised<F> {
    /// Lattice integer of every value; the nearest one (clamped) where the value is an exception.
    pub lattice: Vec<i64>,
    /// Values that no lattice point holds within the bound; they are stored exactly. Rows ascend.
    pub exceptions: Vec<Exception>,
    /// What the decoder will give back.
    pub decoded: Vec<F>,
}

impl Quantiser {
    /// The quantiser of a resolved bound where no sample is at hand. None for `RelSigma`.
    pub fn of(bound: Bound) -> Option<Self> {
        let lattice = match bound {
            Bound::Lossless => Lattice::Lossless,
            // a little below 2 * bound: room for the rounding of the reconstruction to f32 up to 2^13 lattice points
            Bound::Abs(bound) => Lattice::Abs { bound, step: 2.0 * bound * (1.0 - 1.0 / 1024.0) },
            Bound::Bits(k) => Lattice::Bits(k),
            Bound::RelSigma(_) => return None,
        };
        Some(Quantiser { lattice, pins: Vec::new() })
    }

    /// The bound that every decoded value keeps.
    pub fn bound(&self) -> Bound {
        match self.lattice {
            Lattice::Lossless => Bound::Lossless,
            Lattice::Abs { bound, .. } => Bound::Abs(bound),
            Lattice::Bits(k) => Bound::Bits(k),
        }
    }

    /// Whether the parameters make sense; to be asked of anything that came from a file.
    pub fn is_valid(&self) -> bool {
        let lattice_ok = match self.lattice {
            Lattice::Abs { bound, step } => {
                bound.is_finite() && step.is_finite() && step > 0.0 && step <= 2.0 * bound && (1.0 / step).is_finite()
            }
            Lattice::Bits(k) => k <= 52,
            Lattice::Lossless => self.pins.is_empty(),
        };
        lattice_ok && self.pins.len() <= 64 && self.pins.windows(2).all(|w| w[0].lattice < w[1].lattice)
    }

    /// Quantises a column and checks every value after reconstruction.
    pub fn quantise<F: Float>(&self, values: &[F]) -> Quantised<F> {
        let lattice = self.nearest(values);
        let mut decoded = vec![F::from_bits64(0); values.len()];
        self.reconstruct(&lattice, &mut decoded);
        let again = self.nearest(&decoded);
        let bound = self.bound();
        let mut exceptions = Vec::new();
        for row in 0..values.len() {
            let (x, y) = (values[row], decoded[row]);
            // idempotence is part of the contract: a point that moves when quantised again is not usable
            if x.bits() != y.bits()
                && (again[row] != lattice[row] || !bound.holds(x.to_f64(), x.bits(), y.to_f64(), y.bits()))
            {
                exceptions.push((row as u32, x.bits()));
                decoded[row] = x;
            }
        }
        Quantised { lattice, exceptions, decoded }
    }

    /// The nearest lattice integer, whether or not it keeps the bound; 0 for NaN. This is what later columns see.
    pub fn nearest<F: Float>(&self, values: &[F]) -> Vec<i64> {
        match self.lattice {
            Lattice::Lossless => values.iter().map(|&x| ordered(magnitude::<F>(x), is_negative(x))).collect(),
            Lattice::Abs { step, .. } => {
                let inverse = 1.0 / step;
                let clamp = |x: F| {
                    let t = x.to_f64() * inverse;
                    // NaN fails every comparison and becomes 0
                    let t = if t > MAX_LATTICE { MAX_LATTICE } else { t };
                    let t = if t < -MAX_LATTICE { -MAX_LATTICE } else { t };
                    round_even(t) as i64
                };
                values.iter().map(|&x| clamp(x)).collect()
            }
            Lattice::Bits(k) => {
                let shift = F::MANTISSA.saturating_sub(u32::from(k));
                let one = |x: F| {
                    let m = magnitude::<F>(x);
                    let half_even = if shift == 0 { 0 } else { (1u64 << (shift - 1)) - 1 + ((m >> shift) & 1) };
                    ordered((m + half_even) >> shift, is_negative(x))
                };
                values.iter().map(|&x| one(x)).collect()
            }
        }
    }

    /// Values of lattice integers; the lengths must agree. Total: any integer gives some value.
    pub fn reconstruct<F: Float>(&self, lattice: &[i64], out: &mut [F]) {
        match self.lattice {
            Lattice::Lossless => {
                for (v, &q) in out.iter_mut().zip(lattice) {
                    *v = from_ordered::<F>(q, 0);
                }
            }
            Lattice::Abs { step, .. } => {
                for (v, &q) in out.iter_mut().zip(lattice) {
                    *v = F::from_f64(q as f64 * step);
                }
            }
            Lattice::Bits(k) => {
                let shift = F::MANTISSA.saturating_sub(u32::from(k));
                for (v, &q) in out.iter_mut().zip(lattice) {
                    *v = from_ordered::<F>(q, shift);
                }
            }
        }
        for pin in &self.pins {
            for (v, &q) in out.iter_mut().zip(lattice) {
                if q == pin.lattice {
                    *v = F::from_bits64(pin.bits);
                }
            }
        }
    }
}

#[inline(always)]
fn magnitude<F: Float>(x: F) -> u64 {
    x.bits() & (F::SIGN - 1)
}

#[inline(always)]
fn is_negative<F: Float>(x: F) -> bool {
    x.bits() & F::SIGN != 0
}

/// Sign and magnitude to an integer that is monotone in the value: negative values are -1 - magnitude, so that
/// -0.0 and 0.0 differ.
#[inline(always)]
fn ordered(magnitude: u64, negative: bool) -> i64 {
    if negative { !(magnitude as i64) } else { magnitude as i64 }
}

#[inline(always)]
fn from_ordered<F: Float>(q: i64, shift: u32) -> F {
    let (magnitude, sign) = if q < 0 { (!q as u64, F::SIGN) } else { (q as u64, 0) };
    F::from_bits64(((magnitude << shift) & (F::SIGN - 1)) | sign)
}
