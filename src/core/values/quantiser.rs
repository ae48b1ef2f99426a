//! The quantiser: the only lossy step. A pure function of a value and its column's parameters.
//!
//! A value becomes a lattice integer, or an exception that is stored exactly. `reconstruct` is idempotent:
//! reconstructing an already reconstructed value gives the same bits. Conditional coding relies on it, since
//! the writer has the original values of earlier columns and the reader only their reconstruction.

use crate::error::{Error, Result};
use crate::machine::for_each_set;
use crate::values::bound::{Bound, is_step};
use crate::values::value::Value;
use serde::{Deserialize, Serialize};

/// Lattice integers stay below this magnitude, where f64 arithmetic on them is exact and rounding by
/// [`ROUND`] is valid.
const MAX_LATTICE: f64 = (1u64 << 50) as f64;

/// Adding and subtracting 1.5 * 2^52 rounds to the nearest integer, ties to even, for |x| < 2^51.
/// Unlike a call of `rint` or a conversion it compiles to an addition on every target; the sum's low bits are the
/// integer.
const ROUND: f64 = 6755399441055744.0;

/// How much of a lattice cell dithered values fill: a little less than all, so that rounding cannot carry them out.
const INSIDE_CELL: f64 = 0.999;

/// Rows that are quantised together, so that all on the way stays in the fastest cache.
pub const CHUNK: usize = 512;

#[inline(always)]
fn round_even(x: f64) -> i64 {
    ((x + ROUND).to_bits() as i64).wrapping_sub(ROUND.to_bits() as i64)
}

/// Exact for |q| < 2^51, and some number for all others.
#[inline(always)]
fn to_f64(q: i64) -> f64 {
    f64::from_bits(q.wrapping_add(ROUND.to_bits() as i64) as u64) - ROUND
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
        /// Distance of lattice points, > 0. Above 2 * bound if the values lie on such a grid.
        step: f64,
    },
    /// Floats with this many explicit mantissa bits, numbered in the order of their values.
    Bits(u8),
    /// The same points for a lossless column whose values were truncated to that many bits before it came to us:
    /// any value that is no point is an exception.
    Truncated(u8),
    /// Multiples of `step`, like `Abs`; decoded values are then spread over their cells. The quantiser takes half of
    /// the bound and the spreading the other half.
    Dithered {
        /// The bound, > 0.
        bound: f64,
        /// Distance of lattice points, > 0 and at most the bound.
        step: f64,
    },
}

/// An often-repeated value that must come back bit-exact although it is no lattice point.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pin {
    /// The lattice point that gives way.
    pub lattice: i64,
    /// Raw bits of the value (f32 in the lower half).
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

/// A value that its lattice cannot hold: row and raw bits.
pub type Exception = (u32, u64);

/// A quantised column.
pub struct Quantised<V> {
    /// Lattice integer of every value; the nearest one (clamped) where the value is an exception.
    pub lattice: Vec<i64>,
    /// Values that no lattice point holds within the bound; they are stored exactly. Rows ascend.
    pub exceptions: Vec<Exception>,
    /// What the decoder will give back.
    pub decoded: Vec<V>,
}

impl Quantiser {
    /// The quantiser of a resolved bound where no sample is at hand. Fails with `BadArgument` for multiples of sigma,
    /// and for bounds that no lattice can keep.
    pub fn of(bound: Bound) -> Result<Self> {
        bound.check()?;
        let lattice = match (bound, bound.step()) {
            (Bound::Lossless, _) => Lattice::Lossless,
            (Bound::Abs(bound), Some(step)) => Lattice::Abs { bound, step },
            (Bound::AbsDither(bound), Some(step)) => Lattice::Dithered { bound, step },
            (Bound::Bits(k), _) => Lattice::Bits(k),
            _ => {
                return Err(Error::BadArgument(format!(
                    "bound {bound} needs a model that measured the spread; use abs=E or make a model"
                )));
            }
        };
        Ok(Quantiser { lattice, pins: Vec::new() })
    }

    /// The bound that every decoded value keeps.
    pub fn bound(&self) -> Bound {
        match self.lattice {
            Lattice::Lossless | Lattice::Truncated(_) => Bound::Lossless,
            Lattice::Abs { bound, .. } => Bound::Abs(bound),
            Lattice::Dithered { bound, .. } => Bound::AbsDither(bound),
            Lattice::Bits(k) => Bound::Bits(k),
        }
    }

    /// Whether the parameters make sense; to be asked of anything that came from a file.
    pub fn is_valid(&self) -> bool {
        let lattice_ok = match self.lattice {
            Lattice::Abs { bound, step } => bound.is_finite() && bound > 0.0 && is_step(step),
            Lattice::Dithered { bound, step } => bound.is_finite() && is_step(step) && step <= bound,
            Lattice::Bits(k) | Lattice::Truncated(k) => k <= 52,
            Lattice::Lossless => self.pins.is_empty(),
        };
        lattice_ok && self.pins.len() <= 64 && self.pins.windows(2).all(|w| w[0].lattice < w[1].lattice)
    }

    /// Quantises a column and checks every value after reconstruction.
    pub fn quantise<V: Value>(&self, values: &[V]) -> Quantised<V> {
        let mut lattice = vec![0i64; values.len()];
        let mut decoded = vec![V::default(); values.len()];
        let mut exceptions = Vec::new();
        let chunks = values.chunks(CHUNK).zip(lattice.chunks_mut(CHUNK)).zip(decoded.chunks_mut(CHUNK));
        for (i, ((values, lattice), decoded)) in chunks.enumerate() {
            let mut again = [0; CHUNK];
            let again = &mut again[..values.len()];
            if there_and_back(self, i * CHUNK, values, lattice, decoded, again) {
                continue;
            }
            let bound = self.bound();
            for (r, (&x, y)) in values.iter().zip(decoded).enumerate() {
                // idempotence is part of the contract: a point that moves when quantised again is not usable
                if x.bits() != y.bits()
                    && (again[r] != lattice[r] || !bound.holds(x.to_f64(), x.bits(), y.to_f64(), y.bits()))
                {
                    exceptions.push(((i * CHUNK + r) as u32, x.bits()));
                    *y = x;
                }
            }
        }
        Quantised { lattice, exceptions, decoded }
    }

    /// The nearest lattice integer, whether or not it keeps the bound; 0 for NaN. This is what later columns see.
    pub fn nearest<V: Value>(&self, values: &[V]) -> Vec<i64> {
        let mut lattice = vec![0; values.len()];
        nearest_of(self, values, &mut lattice);
        lattice
    }

    /// Values of lattice integers, before `dither`; the lengths must agree. Total: any integer gives some value.
    pub fn reconstruct<V: Value>(&self, lattice: &[i64], out: &mut [V]) {
        values_of(self, lattice, out);
    }

    /// Spreads the reconstructed values of a block, from row `first`, over their lattice cells, all but pins; nothing
    /// for other lattices. No value leaves its cell, so what was spread has the same lattice integer as before: whoever
    /// quantises it again, in whatever row, sees what the writer saw.
    pub fn dither<V: Value>(&self, first: usize, values: &mut [V]) {
        let Lattice::Dithered { step, .. } = self.lattice else { return };
        let width = step * INSIDE_CELL;
        for (row, v) in values.iter_mut().enumerate() {
            let bits = v.bits();
            if self.pins.iter().any(|pin| pin.bits == bits) {
                continue;
            }
            let seed = bits.wrapping_add(((first + row) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            *v = V::from_f64(v.to_f64() + spread(seed) * width);
        }
    }

    /// Errors below the first number and the second times the value surely keep the bound.
    fn surely(&self) -> (f64, f64) {
        match self.lattice {
            Lattice::Lossless | Lattice::Truncated(_) => (-1.0, 0.0),
            Lattice::Abs { bound, .. } | Lattice::Dithered { bound, .. } => (bound, 0.0),
            Lattice::Bits(k) => (0.0, 0.5f64.powi(i32::from(k) + 1)),
        }
    }
}

for_each_set! {
    /// Quantises and reconstructs some rows, from row `first`, and quantises what came out `again`. True if all values
    /// surely keep their bound, and their lattice integers when they are quantised again.
    fn there_and_back<V: Value>(
        quantiser: &Quantiser,
        first: usize,
        values: &[V],
        lattice: &mut [i64],
        decoded: &mut [V],
        again: &mut [i64],
    ) -> bool {
        nearest(quantiser, values, lattice);
        reconstruct(quantiser, lattice, decoded);
        quantiser.dither(first, decoded);
        nearest(quantiser, decoded, again);
        let (absolute, relative) = quantiser.surely();
        let mut all = true;
        for (((&x, &y), &q), &again) in values.iter().zip(&*decoded).zip(&*lattice).zip(&*again) {
            let (same, x, y) = (x.bits() == y.bits(), x.to_f64(), y.to_f64());
            let error = (x - y).abs();
            // zeros keep their bits
            let holds = (error <= absolute + relative * x.abs()) & (error <= f64::MAX) & (x != 0.0);
            all &= same | (holds & (q == again));
        }
        all
    }
}

for_each_set! {
    fn nearest_of<V: Value>(quantiser: &Quantiser, values: &[V], lattice: &mut [i64]) {
        nearest(quantiser, values, lattice);
    }
}

for_each_set! {
    fn values_of<V: Value>(quantiser: &Quantiser, lattice: &[i64], out: &mut [V]) {
        reconstruct(quantiser, lattice, out);
    }
}

#[inline(always)]
fn nearest<V: Value>(quantiser: &Quantiser, values: &[V], lattice: &mut [i64]) {
    match quantiser.lattice {
        Lattice::Lossless => map(values, lattice, |x| x.ordered()),
        Lattice::Abs { step, .. } | Lattice::Dithered { step, .. } => {
            let inverse = 1.0 / step;
            map(values, lattice, |x| {
                let t = x.to_f64() * inverse;
                let t = if t.is_nan() { 0.0 } else { t };
                let t = if t > MAX_LATTICE { MAX_LATTICE } else { t };
                let t = if t < -MAX_LATTICE { -MAX_LATTICE } else { t };
                round_even(t)
            });
        }
        Lattice::Bits(k) | Lattice::Truncated(k) => {
            let shift = V::MANTISSA.saturating_sub(u32::from(k));
            map(values, lattice, |x| {
                let (magnitude, negative) = split(x.ordered());
                let odd = (magnitude >> shift) & 1;
                let half_even = if shift == 0 { 0 } else { (1u64 << (shift - 1)) - 1 + odd };
                join((magnitude + half_even) >> shift, negative)
            });
        }
    }
}

#[inline(always)]
fn reconstruct<V: Value>(quantiser: &Quantiser, lattice: &[i64], out: &mut [V]) {
    match quantiser.lattice {
        Lattice::Lossless => map(lattice, out, |q| V::from_ordered(q)),
        Lattice::Abs { step, .. } | Lattice::Dithered { step, .. } => {
            map(lattice, out, |q| V::from_f64(to_f64(q) * step));
        }
        Lattice::Bits(k) | Lattice::Truncated(k) => {
            let shift = V::MANTISSA.saturating_sub(u32::from(k));
            map(lattice, out, |q| {
                let (magnitude, negative) = split(q);
                V::from_ordered(join(magnitude << shift, negative))
            });
        }
    }
    for pin in &quantiser.pins {
        for (v, &q) in out.iter_mut().zip(lattice) {
            *v = if q == pin.lattice { V::from_bits64(pin.bits) } else { *v };
        }
    }
}

#[inline(always)]
fn map<A: Copy, B>(from: &[A], to: &mut [B], one: impl Fn(A) -> B) {
    for (to, &from) in to.iter_mut().zip(from) {
        *to = one(from);
    }
}

/// A number in [-1/2, 1/2) that looks random: the last of splitmix64's steps.
#[inline(always)]
fn spread(seed: u64) -> f64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64 - 0.5
}

/// Sign and magnitude of an ordered integer (see [`Value::ordered`]).
#[inline(always)]
fn split(ordered: i64) -> (u64, bool) {
    if ordered < 0 { (!ordered as u64, true) } else { (ordered as u64, false) }
}

#[inline(always)]
fn join(magnitude: u64, negative: bool) -> i64 {
    let magnitude = (magnitude & i64::MAX as u64) as i64;
    if negative { !magnitude } else { magnitude }
}
