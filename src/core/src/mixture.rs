//! The conditional distributions of values: mixtures of logistic distributions on the score axis.
//!
//! All in integers: encoder and decoder get the same cumulative counts on every machine. Cumulative counts have
//! [`PRECISION`] bits; every bin keeps at least a count of one, so any symbol can be coded whatever the network says.
//! Several rows are computed side by side, one in each place of an array, so that compilers make vectors of them.

use crate::axis::{Axis, SCORE_BITS, SCORE_LIMIT};
use crate::tables::{POW2_BITS, SIGMOID_ARG_BITS, SIGMOID_BITS, pow2, sigmoid};

/// Bits of the entropy coder's probabilities.
pub const PRECISION: usize = 24;
/// Most components a mixture may have.
pub const MAX_COMPONENTS: usize = 8;
/// Network outputs per component: log2 weight, mean, log2 inverse scale.
pub const OUTPUTS: usize = 3;
/// Fraction bits of the log2 outputs.
pub const LOG_BITS: u32 = 8;
/// Rows side by side.
pub const ROWS: usize = 16;

/// Component weights sum to 2^12.
const WEIGHT_BITS: u32 = 12;
const MANTISSA_BITS: u32 = 10;
/// Inverse scales from 2^-5 to 2^14 per unit of score.
const INVERSE_SCALE: (i32, i32) = (-5 << LOG_BITS, (14 << LOG_BITS) | 255);
/// Weights below 2^-15 of the largest count as that.
const WEIGHT_RANGE: i32 = 15 << LOG_BITS;

/// A number for each of the rows.
pub type Each<T> = [T; ROWS];

#[derive(Clone, Copy, Default)]
struct Component {
    weight: Each<u32>,
    mean: Each<i32>,
    mantissa: Each<i32>,
    shift: Each<u32>,
}

/// Distributions of [`ROWS`] rows over the bins of one axis.
pub struct Mixtures<'a> {
    components: [Component; MAX_COMPONENTS],
    used: usize,
    axis: &'a Axis,
}

/// A bin and its interval of counts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Symbol {
    /// The bin.
    pub bin: u32,
    /// Counts of all bins below.
    pub left: u32,
    /// Counts of the bin, at least 1.
    pub count: u32,
}

impl<'a> Mixtures<'a> {
    /// From network outputs: `outputs[o * stride + row]` is output `o` of a row. Outputs are log2 weights, then means
    /// (score units), then log2 inverse scales, `used` of each. Fewer than [`ROWS`] rows leave places unused.
    #[inline(always)]
    fn new(outputs: &[i32], stride: usize, rows: usize, used: usize, axis: &'a Axis) -> Self {
        let mut columns = [[0i32; ROWS]; OUTPUTS * MAX_COMPONENTS];
        for (o, column) in columns[..OUTPUTS * used].iter_mut().enumerate() {
            column[..rows].copy_from_slice(&outputs[o * stride..o * stride + rows]);
        }
        let (logits, rest) = columns.split_at(used);
        let (means, scales) = rest.split_at(used);
        let mut largest = logits[0];
        for logit in &logits[1..] {
            for r in 0..ROWS {
                largest[r] = largest[r].max(logit[r]);
            }
        }
        let mut components = [Component::default(); MAX_COMPONENTS];
        let mut sum = [0u32; ROWS];
        for (k, c) in components[..used].iter_mut().enumerate() {
            for r in 0..ROWS {
                // 2^-(below/256) with POW2_BITS + 1 bits
                let below = largest[r].wrapping_sub(logits[k][r]);
                let below = if below < 0 { WEIGHT_RANGE } else { below.min(WEIGHT_RANGE) };
                let whole = (below + 255) >> LOG_BITS;
                c.weight[r] = pow2((whole << LOG_BITS) - below) >> whole;
                sum[r] += c.weight[r];
                c.mean[r] = means[k][r].clamp(-SCORE_LIMIT, SCORE_LIMIT);
                let inverse = scales[k][r].clamp(INVERSE_SCALE.0, INVERSE_SCALE.1);
                c.mantissa[r] = (pow2(inverse) >> (POW2_BITS - MANTISSA_BITS)) as i32;
                let unit = SCORE_BITS as i32 - SIGMOID_ARG_BITS as i32 + MANTISSA_BITS as i32;
                c.shift[r] = (unit - (inverse >> LOG_BITS)) as u32;
            }
        }
        let share = sum.map(|s| u32::MAX / s.max(1));
        let mut left = [1u32 << WEIGHT_BITS; ROWS];
        for c in &mut components[..used] {
            for r in 0..ROWS {
                c.weight[r] = ((u64::from(c.weight[r]) * u64::from(share[r])) >> (32 - WEIGHT_BITS)) as u32;
                left[r] -= c.weight[r];
            }
        }
        for (weight, left) in components[0].weight.iter_mut().zip(left) {
            *weight += left;
        }
        Mixtures { components, used, axis }
    }

    /// Cumulative counts below the edges between bins `bin - 1` and `bin`. Strictly ascending in `bin`.
    #[inline(always)]
    fn cumulative(&self, bin: &Each<u32>) -> Each<u32> {
        let (edges, bins) = (self.axis.edges(), self.axis.bins() as u32);
        let mut edge = [0i32; ROWS];
        for r in 0..ROWS {
            edge[r] = edges[bin[r].min(bins) as usize];
        }
        let mut sum = [0u32; ROWS];
        for c in &self.components[..self.used] {
            for r in 0..ROWS {
                // both within +-2^19, so that the product fits
                let scaled = (edge[r] - c.mean[r]).wrapping_mul(c.mantissa[r]) >> c.shift[r];
                sum[r] += c.weight[r] * sigmoid(scaled);
            }
        }
        let shared = (1u64 << PRECISION) - u64::from(bins);
        let mut counts = [0u32; ROWS];
        for r in 0..ROWS {
            let inner = ((u64::from(sum[r]) * shared) >> (WEIGHT_BITS + SIGMOID_BITS)) as u32 + bin[r];
            // the two ends take what lies beyond them
            let from_below = if bin[r] == 0 { 0 } else { inner };
            counts[r] = if bin[r] >= bins { 1 << PRECISION } else { from_below };
        }
        counts
    }

    #[inline(always)]
    fn symbols(&self, bin: &Each<u32>) -> Each<Symbol> {
        let left = self.cumulative(bin);
        let right = self.cumulative(&bin.map(|b| b + 1));
        std::array::from_fn(|r| Symbol { bin: bin[r], left: left[r], count: right[r].wrapping_sub(left[r]) })
    }

    /// By bisection, all rows in step.
    #[inline(always)]
    fn search(&self, quantile: &Each<u32>) -> Each<Symbol> {
        let bins = self.axis.bins() as u32;
        let mut low = [0u32; ROWS];
        let (mut left, mut right) = ([0u32; ROWS], [1u32 << PRECISION; ROWS]);
        // one place beyond `low` that is known to be above the quantile
        let mut high = [bins; ROWS];
        for _ in 0..u32::BITS - (bins - 1).leading_zeros() {
            let mut middle = [0u32; ROWS];
            for r in 0..ROWS {
                middle[r] = (low[r] + high[r]) >> 1;
            }
            let count = self.cumulative(&middle);
            for r in 0..ROWS {
                let up = count[r] <= quantile[r];
                // where low and high are neighbours already, middle is low and nothing changes
                low[r] = if up { middle[r] } else { low[r] };
                left[r] = if up { count[r] } else { left[r] };
                high[r] = if up { high[r] } else { middle[r] };
                right[r] = if up { right[r] } else { count[r] };
            }
        }
        std::array::from_fn(|r| Symbol { bin: low[r], left: left[r], count: right[r].wrapping_sub(left[r]) })
    }
}

/// Intervals of the given bins, for the encoder. Arguments as for [`find`].
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512vl+avx512dq", "x86_64+avx2", "x86_64+sse4.1"))]
pub fn intervals(
    outputs: &[i32],
    stride: usize,
    rows: usize,
    used: usize,
    axis: &Axis,
    bins: &Each<u32>,
) -> Each<Symbol> {
    Mixtures::new(outputs, stride, rows, used, axis).symbols(bins)
}

/// Bins that hold the given quantiles (counts below 2^[`PRECISION`]), for the decoder.
///
/// `outputs[o * stride + row]` is network output `o` of a row, `rows` of them at most [`ROWS`]; `used` is the number of
/// components. Places from `rows` on hold nothing of use.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512vl+avx512dq", "x86_64+avx2", "x86_64+sse4.1"))]
pub fn find(
    outputs: &[i32],
    stride: usize,
    rows: usize,
    used: usize,
    axis: &Axis,
    quantiles: &Each<u32>,
) -> Each<Symbol> {
    Mixtures::new(outputs, stride, rows, used, axis).search(quantiles)
}

/// [`find`] without vector instructions beyond the target's baseline; for tests.
pub fn find_baseline(
    outputs: &[i32],
    stride: usize,
    rows: usize,
    used: usize,
    axis: &Axis,
    quantiles: &Each<u32>,
) -> Each<Symbol> {
    Mixtures::new(outputs, stride, rows, used, axis).search(quantiles)
}
