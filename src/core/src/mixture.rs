//! The conditional distribution of one value: a mixture of logistic distributions on the score axis.
//!
//! All in integers: encoder and decoder get the same cumulative counts on every machine. Cumulative counts have
//! [`PRECISION`] bits; every bin keeps at least a count of one, so any symbol can be coded whatever the network says.

use crate::axis::SCORE_BITS;
use crate::tables::{POW2_BITS, SIGMOID_ARG_BITS, SIGMOID_BITS, pow2, sigmoid};

/// Bits of the entropy coder's probabilities.
pub const PRECISION: usize = 24;
/// Most components a mixture may have.
pub const MAX_COMPONENTS: usize = 8;
/// Network outputs per component: log2 weight, mean, log2 inverse scale.
pub const OUTPUTS: usize = 3;
/// Fraction bits of the log2 outputs.
pub const LOG_BITS: u32 = 8;

/// Component weights sum to 2^12.
const WEIGHT_BITS: u32 = 12;
const MANTISSA_BITS: u32 = 10;
/// Inverse scales from 2^-5 to 2^14 per unit of score.
const INVERSE_SCALE: std::ops::RangeInclusive<i32> = (-5 << LOG_BITS)..=((14 << LOG_BITS) | 255);
/// Weights below 2^-15 of the largest count as that.
const WEIGHT_RANGE: i32 = 15 << LOG_BITS;
/// Means are clamped to four times the score range, so that differences fit 32 bits.
const MEAN_LIMIT: i32 = 1 << 20;

#[derive(Clone, Copy, Default)]
struct Component {
    weight: u32,
    mean: i32,
    mantissa: i32,
    shift: u32,
}

/// One row's distribution over the bins of an axis.
pub struct Mixture {
    components: [Component; MAX_COMPONENTS],
    used: usize,
    /// Counts that the distribution may share out: all but one for each bin.
    shared: u64,
}

impl Mixture {
    /// From the network's outputs for one row: `used` log2 weights, then means (score units), then log2 inverse
    /// scales. `bins` is the axis's number of bins.
    #[inline]
    pub fn new(outputs: &[i32], used: usize, bins: usize) -> Self {
        let (logits, rest) = outputs.split_at(used);
        let (means, scales) = rest.split_at(used);
        let mut components = [Component::default(); MAX_COMPONENTS];
        let mut largest = 0;
        for k in 1..used {
            if logits[k] > logits[largest] {
                largest = k;
            }
        }
        let mut sum = 0;
        for k in 0..used {
            let below = (logits[largest].saturating_sub(logits[k])).min(WEIGHT_RANGE);
            // 2^-(below/256) with POW2_BITS + 1 bits
            let whole = (below + 255) >> LOG_BITS;
            let power = pow2((whole << LOG_BITS) - below) >> whole;
            let inverse = scales[k].clamp(*INVERSE_SCALE.start(), *INVERSE_SCALE.end());
            let exponent = inverse >> LOG_BITS;
            sum += power;
            components[k] = Component {
                weight: power,
                mean: means[k].clamp(-MEAN_LIMIT, MEAN_LIMIT),
                mantissa: (pow2(inverse) >> (POW2_BITS - MANTISSA_BITS)) as i32,
                shift: (SCORE_BITS as i32 - SIGMOID_ARG_BITS as i32 + MANTISSA_BITS as i32 - exponent) as u32,
            };
        }
        let mut left = 1 << WEIGHT_BITS;
        for c in &mut components[..used] {
            c.weight = (c.weight << WEIGHT_BITS) / sum;
            left -= c.weight;
        }
        components[largest].weight += left;
        Mixture { components, used, shared: (1 << PRECISION) - bins as u64 }
    }

    /// Cumulative count below the inner edge between bins `bin - 1` and `bin`; not for the two outer edges, which are
    /// 0 and 2^PRECISION. Strictly ascending in `bin`.
    #[inline]
    pub fn cumulative(&self, edge: i32, bin: usize) -> u32 {
        let mut sum = 0u32;
        for c in &self.components[..self.used] {
            let d = i64::from(edge - c.mean) * i64::from(c.mantissa);
            let arg = (d >> c.shift).clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32;
            sum += c.weight * sigmoid(arg);
        }
        ((u64::from(sum) * self.shared) >> (WEIGHT_BITS + SIGMOID_BITS)) as u32 + bin as u32
    }
}
