//! The axis of a column: a monotone integer map from lattice integers to scores.
//!
//! The score of a value is the logit of its rank among the column's values: where the marginal is smooth the scores
//! follow a standard logistic distribution, so heavy tails and spikes cost nothing and an independent column needs no
//! network at all. Scores are integers with [`SCORE_BITS`] fraction bits, within +-[`SCORE_LIMIT`]. The map is
//! linear between knots. Lattice integers are coded in *bins* of 2^k neighbours; the place within a bin goes out raw.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};

/// Fraction bits of a score.
pub const SCORE_BITS: u32 = 15;
/// Scores lie within +-16.
pub const SCORE_LIMIT: i32 = 16 << SCORE_BITS;
/// Fraction bits of a context, the 16-bit score that later columns see.
pub const CONTEXT_BITS: u32 = 11;
/// More bins than this per column would waste the coder's precision.
pub const MAX_BINS: usize = 1 << 16;

/// A point of the piecewise linear map: the lower edge of lattice point `lattice` has `score`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Knot {
    /// Lattice integer.
    pub lattice: i64,
    /// Score of its lower edge.
    pub score: i32,
}

/// The stored form: knots and how fine the bins are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AxisSpec {
    /// At least two, strictly ascending in both coordinates. The last one closes the range (exclusive).
    pub knots: Vec<Knot>,
    /// A bin takes several lattice points only while it stays narrower than this score difference.
    pub resolution: u32,
}

/// The axis ready to use.
#[derive(Clone, Debug)]
pub struct Axis {
    spec: AxisSpec,
    /// Lower score edge of each bin and the end: bins + 1.
    edges: Vec<i32>,
    /// First lattice point of each bin and the end: bins + 1.
    starts: Vec<i64>,
    /// log2 of lattice points per bin (the last bin of a segment may be cut short).
    raw_bits: Vec<u8>,
}

impl Axis {
    /// Checks the knots and lays out the bins.
    pub fn new(spec: AxisSpec) -> Result<Self> {
        let ascending = spec.knots.windows(2).all(|w| w[0].lattice < w[1].lattice && w[0].score < w[1].score);
        let in_range = spec.knots.iter().all(|k| k.score.abs() <= SCORE_LIMIT && k.lattice.unsigned_abs() <= 1 << 51);
        if spec.knots.len() < 2 || !ascending || !in_range {
            return Err(Error::corrupt("the model has an axis with invalid knots"));
        }
        let mut axis = Axis { spec, edges: Vec::new(), starts: Vec::new(), raw_bits: Vec::new() };
        for w in axis.spec.knots.windows(2) {
            let width = (w[1].lattice - w[0].lattice) as u64;
            let rise = (w[1].score - w[0].score) as u64;
            // widest power of two whose share of the rise stays within the resolution
            let fit = width * u64::from(axis.spec.resolution) / rise;
            let raw_bits = fit.checked_ilog2().unwrap_or(0).min(width.next_power_of_two().ilog2()).min(48);
            let mut at = 0;
            while at < width {
                axis.edges.push(interpolate(w, at, width));
                axis.starts.push(w[0].lattice + at as i64);
                axis.raw_bits.push(raw_bits as u8);
                at += 1 << raw_bits;
                if axis.raw_bits.len() > MAX_BINS {
                    return Err(Error::corrupt("the model has an axis with too many bins"));
                }
            }
        }
        let last = axis.spec.knots[axis.spec.knots.len() - 1];
        axis.edges.push(last.score);
        axis.starts.push(last.lattice);
        Ok(axis)
    }

    /// The stored form.
    pub fn spec(&self) -> &AxisSpec {
        &self.spec
    }

    /// Number of bins, at least 1.
    pub fn bins(&self) -> usize {
        self.raw_bits.len()
    }

    /// Score edges of the bins, one more than there are bins.
    pub fn edges(&self) -> &[i32] {
        &self.edges
    }

    /// First lattice point of a bin, and how many raw bits tell the place within it.
    pub fn bin(&self, bin: usize) -> (i64, u32) {
        (self.starts[bin], u32::from(self.raw_bits[bin]))
    }

    /// The bin of a lattice integer, or None outside the range.
    pub fn find(&self, lattice: i64) -> Option<usize> {
        let (first, end) = (self.starts[0], self.starts[self.bins()]);
        if lattice < first || lattice >= end {
            return None;
        }
        Some(self.starts.partition_point(|&s| s <= lattice) - 1)
    }

    /// What later columns see of a lattice integer: the score of its middle with [`CONTEXT_BITS`] fraction bits,
    /// that of the nearest end for integers out of range.
    pub fn context(&self, lattice: i64) -> i16 {
        let knots = &self.spec.knots;
        let score = if lattice < knots[0].lattice {
            knots[0].score
        } else if lattice >= knots[knots.len() - 1].lattice {
            knots[knots.len() - 1].score
        } else {
            let i = knots.partition_point(|k| k.lattice <= lattice);
            let w = &knots[i - 1..=i];
            let at = (lattice - w[0].lattice) as u64;
            interpolate(w, 2 * at + 1, 2 * (w[1].lattice - w[0].lattice) as u64)
        };
        (score >> (SCORE_BITS - CONTEXT_BITS)).clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16
    }
}

/// Score at `at` / `width` of the way between two knots, rounded down.
fn interpolate(w: &[Knot], at: u64, width: u64) -> i32 {
    let rise = (w[1].score - w[0].score) as u128;
    w[0].score + (rise * u128::from(at) / u128::from(width)) as i32
}
