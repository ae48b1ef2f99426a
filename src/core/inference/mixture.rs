//! The conditional distributions of values: mixtures of logistic distributions on the score axis.
//!
//! Encoder and decoder get the same cumulative counts on every machine: integer arithmetic, but for one division and
//! one multiplication of floats, which IEEE rounds alike everywhere. Cumulative counts have [`PRECISION`] bits; every
//! bin keeps at least a count of one, so any symbol can be coded whatever the network says.
//!
//! A decoder guesses the bin in floating point ([`crate::inference::guess`]); then the counts decide.

#![allow(unsafe_code)] // vectors of the processor

use crate::inference::axis::{Axis, SCORE_BITS, SCORE_LIMIT};
use crate::inference::guess::{self, Logistic};
use crate::inference::sizes::{PRECISION, Tile};
use crate::inference::tables::{POW2, POW2_BITS, SIGMOID_ARG_BITS, SIGMOID_BITS, sigmoids};
use crate::inference::vector::{Vector, Vectors, float};
use crate::machine::for_each_set;
use std::mem::MaybeUninit;

/// Most components a mixture may have.
pub const MAX_COMPONENTS: usize = 8;
/// Network outputs per component: log2 weight, mean, log2 inverse scale.
pub const OUTPUTS: usize = 3;
/// Fraction bits of the log2 outputs.
pub const LOG_BITS: u32 = 8;

/// Component weights sum to at most 2^12.
const WEIGHT_BITS: u32 = 12;
const MANTISSA_BITS: u32 = 10;
/// Inverse scales from 2^-5 to 2^14 per unit of score.
const INVERSE_SCALE: (i32, i32) = (-5 << LOG_BITS, (14 << LOG_BITS) | 255);
/// Where the exponent of the inverse scale is 0, products have this many bits too many for the sigmoid.
const UNIT_SHIFT: i32 = SCORE_BITS as i32 - SIGMOID_ARG_BITS as i32 + MANTISSA_BITS as i32;
/// Weights below 2^-15 of the largest count as that.
const WEIGHT_RANGE: i32 = 15 << LOG_BITS;

/// The distributions of the rows of a tile: network outputs (log2 weights, means, log2 inverse scales, as many of each)
/// and the axis.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// One tile for each output.
    pub outputs: &'a [Tile],
    /// Of the column.
    pub axis: &'a Axis,
}

/// Bins and their intervals of counts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Symbols {
    /// The bins.
    pub bin: Tile,
    /// Counts of all bins below.
    pub left: Tile,
    /// Counts of the bin, at least 1.
    pub count: Tile,
}

#[derive(Clone, Copy)]
struct Component<V: Vector> {
    weight: V::I,
    mean: V::I,
    /// Inverse scale: mantissa / 2^shift, in the units of the sigmoid's argument per unit of score.
    mantissa: V::I,
    shift: V::I,
    /// Beyond this distance from the mean the sigmoid is 0 or 1.
    reach: V::I,
}

/// Distributions of the rows of a tile over the bins of one axis.
struct Mixtures<'a, V: Vector> {
    /// Where they are made: compilers copy all their room where a function returns them.
    components: &'a Few<Component<V>>,
    axis: &'a Axis,
}

/// Up to [`MAX_COMPONENTS`] items, the others not even zeroed: that took a tenth of the time.
struct Few<T> {
    items: [MaybeUninit<T>; MAX_COMPONENTS],
    used: usize,
}

impl<T: Copy> Few<T> {
    #[inline(always)]
    fn new() -> Self {
        Few { items: [const { MaybeUninit::uninit() }; MAX_COMPONENTS], used: 0 }
    }

    #[inline(always)]
    fn push(&mut self, item: T) {
        self.items[self.used].write(item);
        self.used += 1;
    }

    #[inline(always)]
    fn as_slice(&self) -> &[T] {
        // SAFETY: that many were written
        unsafe { std::slice::from_raw_parts(self.items.as_ptr().cast(), self.used) }
    }

    #[inline(always)]
    fn as_mut_slice(&mut self) -> &mut [T] {
        // SAFETY: that many were written
        unsafe { std::slice::from_raw_parts_mut(self.items.as_mut_ptr().cast(), self.used) }
    }
}

/// # Safety
/// All need a processor that has the vectors.
impl<'a, V: Vector> Mixtures<'a, V> {
    #[inline(always)]
    unsafe fn new(given: Given<'a>, components: &'a mut Few<Component<V>>) -> Self {
        let used = (given.outputs.len() / OUTPUTS).clamp(1, MAX_COMPONENTS);
        // SAFETY: as the caller vouches
        unsafe {
            let zero = V::splat(0);
            let mut largest = V::load(&given.outputs[0]);
            for k in 1..used {
                largest = V::max(largest, V::load(&given.outputs[k]));
            }
            let mut sum = zero;
            for k in 0..used {
                // 2^-(below/256) with POW2_BITS + 1 bits; the difference may overflow
                let below = V::sub(largest, V::load(&given.outputs[k]));
                let below = V::select(V::gt(zero, below), V::splat(WEIGHT_RANGE), below);
                let below = V::min(below, V::splat(WEIGHT_RANGE));
                let whole = V::sar::<LOG_BITS>(V::add(below, V::splat(255)));
                let weight = V::shr_by(pow2::<V>(V::sub(V::shl::<LOG_BITS>(whole), below)), whole);
                sum = V::add(sum, weight);
                let mean =
                    V::min(V::max(V::load(&given.outputs[used + k]), V::splat(-SCORE_LIMIT)), V::splat(SCORE_LIMIT));
                let inverse = V::load(&given.outputs[2 * used + k]);
                let inverse = V::min(V::max(inverse, V::splat(INVERSE_SCALE.0)), V::splat(INVERSE_SCALE.1));
                let exponent = V::sar::<LOG_BITS>(inverse);
                let mantissa = V::shr::<{ POW2_BITS - MANTISSA_BITS }>(pow2::<V>(inverse));
                let beyond = V::sub(exponent, V::splat(UNIT_SHIFT));
                components.push(Component {
                    weight,
                    mean,
                    mantissa: V::shl_by(mantissa, V::max(beyond, zero)),
                    shift: V::max(V::sub(zero, beyond), zero),
                    reach: V::sar_by(V::splat(2 * SCORE_LIMIT), V::max(exponent, zero)),
                });
            }
            // weights below 2^16 and the rounded share: each product is rounded once and then down
            let share = V::fdiv(float::<V>((1 << WEIGHT_BITS) as f32), V::to_float(sum));
            for c in components.as_mut_slice() {
                c.weight = V::to_int(V::fmul(V::to_float(c.weight), share));
            }
            Mixtures { components, axis: given.axis }
        }
    }

    /// Cumulative counts below the edges between bins `bin - 1` and `bin`. Strictly ascending in `bin`.
    #[inline(always)]
    unsafe fn cumulative(&self, bin: V::I) -> V::I {
        // SAFETY: as the caller vouches
        unsafe {
            let bins = V::splat(self.axis.bins() as i32);
            let edge = V::gather(self.axis.edges(), bin);
            let mut sum = V::splat(0);
            for c in self.components.as_slice() {
                // edge and mean are within +-2^19 and the mantissa below 2^11, so that the product fits; larger
                // mantissas have shorter reaches
                let distance = V::sub(edge, c.mean);
                let distance = V::min(V::max(distance, V::sub(V::splat(0), c.reach)), c.reach);
                let argument = V::sar_by(V::mul(distance, c.mantissa), c.shift);
                sum = V::add(sum, V::mul(c.weight, sigmoids::<V>(argument)));
            }
            // every bin below has one count beside its share of the others
            let share = V::shr::<{ WEIGHT_BITS + SIGMOID_BITS - PRECISION as u32 }>(sum);
            let given_up = V::shr::<16>(V::mul(V::shr::<{ PRECISION as u32 - 16 }>(share), bins));
            let inner = V::add(V::sub(share, given_up), bin);
            // the two ends take what lies beyond them
            let inner = V::select(V::gt(bin, V::splat(0)), inner, V::splat(0));
            V::select(V::gt(bins, bin), inner, V::splat(1 << PRECISION))
        }
    }

    #[inline(always)]
    unsafe fn symbols(&self, bin: V::I) -> Symbols {
        // SAFETY: as the caller vouches
        unsafe {
            let left = self.cumulative(bin);
            let right = self.cumulative(V::add(bin, V::splat(1)));
            Symbols { bin: V::store(bin), left: V::store(left), count: V::store(V::sub(right, left)) }
        }
    }

    /// The components in floating point.
    #[inline(always)]
    unsafe fn logistics(&self) -> Few<Logistic<V>> {
        // SAFETY: as the caller vouches
        unsafe {
            let mut logistics = Few::new();
            for c in self.components.as_slice() {
                let exponent = V::sub(V::splat(127 - SIGMOID_ARG_BITS as i32), c.shift);
                logistics.push(Logistic {
                    weight: V::fmul(V::to_float(c.weight), float::<V>(1.0 / (1 << WEIGHT_BITS) as f32)),
                    mean: V::to_float(c.mean),
                    inverse: V::fmul(V::to_float(c.mantissa), V::of_bits(V::shl::<23>(exponent))),
                });
            }
            logistics
        }
    }

    /// Guesses, and then searches around the guess, all rows in step.
    #[inline(always)]
    unsafe fn search(&self, quantile: &Tile) -> Symbols {
        // SAFETY: as the caller vouches
        unsafe {
            let (zero, one) = (V::splat(0), V::splat(1));
            let quantile = V::load(quantile);
            let mut bin = guess::bins::<V>(self.logistics().as_slice(), self.axis, quantile);
            // the bin is known to be in low..high, with their counts
            let (mut low, mut high) = (zero, V::splat(self.axis.bins() as i32));
            let (mut left, mut right) = (zero, V::splat(1 << PRECISION));
            let mut step = one;
            loop {
                let below = self.cumulative(bin);
                let next = V::add(bin, one);
                let above = self.cumulative(next);
                let too_high = V::gt(below, quantile);
                let low_enough = V::gt(above, quantile);
                // the bin itself where it is neither too low nor too high
                low = V::select(too_high, low, V::select(low_enough, bin, next));
                left = V::select(too_high, left, V::select(low_enough, below, above));
                high = V::select(low_enough, V::select(too_high, bin, next), high);
                right = V::select(low_enough, V::select(too_high, below, above), right);
                if !V::any(V::gt(V::sub(high, low), one)) {
                    break;
                }
                // neighbours first, since guesses are good; then ever farther, at last the middle
                let up = V::add(low, V::sub(step, one));
                let down = V::sub(high, step);
                let middle = V::sar::<1>(V::add(low, high));
                bin = V::select(too_high, V::max(down, middle), V::min(up, middle));
                step = V::shl::<2>(V::min(step, V::splat(1 << 20)));
            }
            Symbols { bin: V::store(low), left: V::store(left), count: V::store(V::sub(right, left)) }
        }
    }
}

/// 2^(i/256) for the lowest eight bits of `i`, in 2^15..2^16.
///
/// # Safety
/// The processor has the vectors.
#[inline(always)]
unsafe fn pow2<V: Vector>(i: V::I) -> V::I {
    // SAFETY: as the caller vouches
    unsafe { V::gather(&POW2, V::and(i, V::splat(255))) }
}

for_each_set! {
    /// Intervals of the given bins, for the encoder.
    pub fn intervals<S>(machine: Machine, given: Given, bins: &Tile) -> Symbols {
        type V = <S as Vectors>::Vector;
        let mut room = Few::new();
        // SAFETY: the processor has the set
        unsafe { Mixtures::<V>::new(given, &mut room).symbols(V::load(bins)) }
    }
}

for_each_set! {
    /// Bins that hold the given quantiles (counts below 2^[`PRECISION`]), for the decoder.
    pub fn find<S>(machine: Machine, given: Given, quantiles: &Tile) -> Symbols {
        type V = <S as Vectors>::Vector;
        let mut room = Few::new();
        // SAFETY: the processor has the set
        unsafe { Mixtures::<V>::new(given, &mut room).search(quantiles) }
    }
}
