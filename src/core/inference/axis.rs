//! The axis of a column: a monotone integer map from lattice integers to scores.
//!
//! The score of a value is the logit of its rank among the column's values: where the marginal is smooth the scores
//! follow a standard logistic distribution, so heavy tails and spikes cost nothing and an independent column needs no
//! network at all. Scores are integers with [`SCORE_BITS`] fraction bits, within +-[`SCORE_LIMIT`]. The map is
//! linear between knots. Lattice integers are coded in *bins* of 2^k neighbours; the place within a bin goes out raw.

use crate::error::{Error, Result};
use crate::inference::vector::Vector;
use serde::{Deserialize, Serialize};

/// Fraction bits of a score.
pub const SCORE_BITS: u32 = 15;
/// Fraction bits of the scores of knots.
pub const KNOT_SCORE_BITS: u32 = 7;
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
    /// Score of its lower edge, with [`KNOT_SCORE_BITS`] fraction bits.
    pub score: i32,
}

/// The stored form: knots and how fine the bins are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AxisSpec {
    /// At least two, strictly ascending in both coordinates. The last one closes the range (exclusive). Stored as
    /// differences.
    #[serde(with = "differences")]
    pub knots: Vec<Knot>,
    /// A bin takes several lattice points only while it stays narrower than this score difference.
    pub resolution: u32,
}

/// Stands for the bin of what is in none.
pub const NO_BIN: u32 = u32::MAX;

/// Cells of the tables that lead from scores and lattice integers to bins: that many, or a few more or less.
const CELLS_LOG: u32 = 13;

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
    /// Bin of the first score of each cell, and at the end the last bin.
    by_score: Vec<i32>,
    /// Bin of the first lattice integer of each cell, and at the end the last bin.
    by_lattice: Vec<i32>,
    /// log2 of scores per cell.
    score_cell: u32,
    /// log2 of lattice integers per cell.
    lattice_cell: u32,
}

impl Axis {
    /// Checks the knots and lays out the bins.
    pub fn new(spec: AxisSpec) -> Result<Self> {
        const FINER: u32 = SCORE_BITS - KNOT_SCORE_BITS;
        let ascending = spec.knots.windows(2).all(|w| w[0].lattice < w[1].lattice && w[0].score < w[1].score);
        let limit = (SCORE_LIMIT >> FINER) as u32;
        let in_range =
            spec.knots.iter().all(|k| k.score.unsigned_abs() <= limit && k.lattice.unsigned_abs() <= 1 << 51);
        if spec.knots.len() < 2 || !ascending || !in_range {
            return Err(Error::corrupt("the model has an axis with invalid knots"));
        }
        let (mut edges, mut starts, mut raw) = (Vec::new(), Vec::new(), Vec::new());
        let knots: Vec<Knot> = spec.knots.iter().map(|k| Knot { score: k.score << FINER, ..*k }).collect();
        for w in knots.windows(2) {
            let width = (w[1].lattice - w[0].lattice) as u64;
            let rise = (w[1].score - w[0].score) as u64;
            // widest power of two whose share of the rise stays within the resolution
            let fit = width.saturating_mul(u64::from(spec.resolution)) / rise;
            let raw_bits = fit.checked_ilog2().unwrap_or(0).min(width.next_power_of_two().ilog2()).min(48);
            let mut at = 0;
            while at < width {
                edges.push(interpolate(w, at, width));
                starts.push(w[0].lattice + at as i64);
                raw.push(raw_bits as u8);
                at += 1 << raw_bits;
                if raw.len() > MAX_BINS {
                    return Err(Error::corrupt("the model has an axis with too many bins"));
                }
            }
        }
        let last = knots[knots.len() - 1];
        edges.push(last.score);
        starts.push(last.lattice);
        let cell = |range: u64| (range.ilog2() + 1).saturating_sub(CELLS_LOG);
        let score_cell = cell((last.score - knots[0].score) as u64);
        let lattice_cell = cell((last.lattice - knots[0].lattice) as u64);
        let wide: Vec<i64> = edges.iter().map(|&e| i64::from(e)).collect();
        let (by_score, by_lattice) = (cells(&wide, score_cell), cells(&starts, lattice_cell));
        Ok(Axis { spec, edges, starts, raw_bits: raw, by_score, by_lattice, score_cell, lattice_cell })
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
    #[inline(always)]
    pub fn bin(&self, bin: usize) -> (i64, u32) {
        (self.starts[bin], u32::from(self.raw_bits[bin]))
    }

    /// The bin of a lattice integer, or None outside the range.
    #[inline(always)]
    pub fn find(&self, lattice: i64) -> Option<usize> {
        let (first, end) = (self.starts[0], self.starts[self.bins()]);
        if lattice < first || lattice >= end {
            return None;
        }
        let cell = ((lattice - first) >> self.lattice_cell) as usize;
        let (low, high) = (self.by_lattice[cell] as usize, self.by_lattice[cell + 1] as usize);
        // mostly there is nothing between
        if low == high {
            return Some(low);
        }
        Some(low + self.starts[low + 1..=high].partition_point(|&s| s <= lattice))
    }

    /// The bins of lattice integers, [`NO_BIN`] outside the range.
    pub fn find_all(&self, lattice: &[i64]) -> Vec<u32> {
        lattice.iter().map(|&q| self.find(q).map_or(NO_BIN, |bin| bin as u32)).collect()
    }

    /// Bins not far below scores.
    ///
    /// # Safety
    /// The processor has the vectors.
    #[inline(always)]
    #[allow(unsafe_code)] // vectors of the processor
    pub unsafe fn near<V: Vector>(&self, score: V::I) -> V::I {
        // SAFETY: as the caller vouches
        unsafe {
            let above = V::max(V::sub(score, V::splat(self.edges[0])), V::splat(0));
            V::gather(&self.by_score, V::shr_by(above, V::splat(self.score_cell as i32)))
        }
    }

    /// Bins of scores, if they are not too narrow.
    ///
    /// # Safety
    /// The processor has the vectors.
    #[inline(always)]
    #[allow(unsafe_code)] // vectors of the processor
    pub unsafe fn at<V: Vector>(&self, score: V::I) -> V::I {
        // SAFETY: as the caller vouches
        unsafe {
            // bins of a cell are nearly as wide as each other
            let (one, zero, last) = (V::splat(1), V::splat(0), V::splat(self.bins() as i32 - 1));
            let above = V::max(V::sub(score, V::splat(self.edges[0])), zero);
            let log = V::splat(self.score_cell as i32);
            let cell = V::shr_by(above, log);
            let first = V::gather(&self.by_score, cell);
            let bins = V::sub(V::gather(&self.by_score, V::add(cell, one)), first);
            let within = V::sub(above, V::shl_by(cell, log));
            let bin = V::min(V::add(first, V::shr_by(V::mul(bins, within), log)), last);
            let next = V::add(bin, one);
            let too_low = V::gt(score, V::sub(V::gather(&self.edges, next), one));
            let too_high = V::gt(V::gather(&self.edges, bin), score);
            let moved = V::select(too_low, next, V::select(too_high, V::sub(bin, one), bin));
            V::min(V::max(moved, zero), last)
        }
    }

    /// What later columns see of a lattice integer: the score of its middle with [`CONTEXT_BITS`] fraction bits,
    /// that of the nearest end for integers out of range.
    #[inline(always)]
    pub fn context(&self, lattice: i64) -> i16 {
        match self.find(lattice) {
            Some(bin) => self.context_within(bin, (lattice - self.starts[bin]) as u64),
            None if lattice < self.starts[0] => as_context(self.edges[0]),
            None => as_context(self.edges[self.bins()]),
        }
    }

    /// The same for many lattice integers.
    pub fn contexts(&self, lattice: &[i64]) -> Vec<i16> {
        let (first, end) = (self.starts[0], self.starts[self.bins()]);
        if (end - first) as u64 > lattice.len() as u64 / 2 {
            return lattice.iter().map(|&q| self.context(q)).collect();
        }
        // looking each up takes longer than looking up all that there are
        let all: Vec<i16> = (first..end).map(|q| self.context(q)).collect();
        let (below, above) = (self.context(first - 1), self.context(end));
        let one = |&q: &i64| match usize::try_from(q.wrapping_sub(first)) {
            _ if q < first => below,
            Ok(place) => all.get(place).copied().unwrap_or(above),
            Err(_) => above,
        };
        lattice.iter().map(one).collect()
    }

    /// The same for the lattice point at a place of a bin.
    #[inline(always)]
    pub fn context_within(&self, bin: usize, place: u64) -> i16 {
        as_context(self.middle(bin, place))
    }

    /// Score of the middle of the lattice point at a place of a bin.
    #[inline(always)]
    fn middle(&self, bin: usize, place: u64) -> i32 {
        let raw_bits = u32::from(self.raw_bits[bin]);
        let rise = (self.edges[bin + 1] - self.edges[bin]) as u64;
        // more bits than that would not change the score, but could overflow
        let extra = raw_bits.saturating_sub(40);
        self.edges[bin] + ((rise * (2 * (place >> extra) + 1)) >> (raw_bits - extra + 1)) as i32
    }
}

/// A score with [`CONTEXT_BITS`] fraction bits.
#[inline(always)]
fn as_context(score: i32) -> i16 {
    (score >> (SCORE_BITS - CONTEXT_BITS)).clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16
}

/// For cells of 2^`log` of the way from the first to the last border, the stretch that the cell's start lies in, and at
/// the end the last stretch.
fn cells(borders: &[i64], log: u32) -> Vec<i32> {
    let last = borders.len() - 2;
    let range = borders[last + 1] - borders[0];
    let mut at = 0;
    let mut cells: Vec<i32> = (0..=(range - 1) >> log)
        .map(|cell| {
            while at < last && borders[at + 1] - borders[0] <= cell << log {
                at += 1;
            }
            at as i32
        })
        .collect();
    cells.push(last as i32);
    cells
}

/// Score at `at` / `width` of the way between two knots, rounded down.
fn interpolate(w: &[Knot], at: u64, width: u64) -> i32 {
    let rise = (w[1].score - w[0].score) as u128;
    w[0].score + (rise * u128::from(at) / u128::from(width)) as i32
}

/// Knots as differences to the knot before, which are small numbers.
mod differences {
    use super::Knot;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(knots: &[Knot], to: S) -> Result<S::Ok, S::Error> {
        let mut before = Knot { lattice: 0, score: 0 };
        let difference = |&knot: &Knot| {
            let difference = (knot.lattice.wrapping_sub(before.lattice), knot.score.wrapping_sub(before.score));
            before = knot;
            difference
        };
        knots.iter().map(difference).collect::<Vec<(i64, i32)>>().serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Knot>, D::Error> {
        let mut at = Knot { lattice: 0, score: 0 };
        let knot = |(lattice, score): (i64, i32)| {
            at = Knot { lattice: at.lattice.wrapping_add(lattice), score: at.score.wrapping_add(score) };
            at
        };
        Ok(Vec::<(i64, i32)>::deserialize(from)?.into_iter().map(knot).collect())
    }
}
