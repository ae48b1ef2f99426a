//! The knots of a column's axis, fitted to the values of a sample.

use crate::inference::axis::{AxisSpec, KNOT_SCORE_BITS, Knot, SCORE_BITS, SCORE_LIMIT};

/// Score resolution of bins: a 500th of a unit of score, which costs less than 0.001 bits unless the network knows
/// the value better than that.
const RESOLUTION: u32 = 1 << (SCORE_BITS - 9);
/// A knot takes about two bytes of the model; it must save more than that on the sample.
const KNOT_BITS: f64 = 24.0;
const MAX_KNOTS: usize = 96;

/// A stretch of lattice points and the part of the sorted sample that falls on it.
#[derive(Clone, Copy)]
struct Segment {
    points: (i64, i64),
    ranks: (usize, usize),
}

impl Segment {
    /// Bits to code its share of the sample, taken as uniform.
    fn cost(&self) -> f64 {
        let n = (self.ranks.1 - self.ranks.0) as f64;
        let width = (self.points.1 - self.points.0) as f64;
        if n == 0.0 { 0.0 } else { n * (width / n).log2() }
    }

    fn split(&self, at: i64, sorted: &[i64]) -> (Segment, Segment) {
        let rank = self.ranks.0 + sorted[self.ranks.0..self.ranks.1].partition_point(|&q| q < at);
        (
            Segment { points: (self.points.0, at), ranks: (self.ranks.0, rank) },
            Segment { points: (at, self.points.1), ranks: (rank, self.ranks.1) },
        )
    }

    /// The split that saves most bits, and how many.
    fn best_split(&self, sorted: &[i64]) -> Option<(f64, i64)> {
        const CANDIDATES: usize = 24;
        let (first, end) = self.points;
        let n = self.ranks.1 - self.ranks.0;
        let mut places = Vec::with_capacity(3 * CANDIDATES);
        for i in 0..CANDIDATES {
            if n > 0 {
                let q = sorted[self.ranks.0 + n * i / CANDIDATES];
                places.extend([q, q + 1]);
            }
            places.push(first + ((end - first) as i128 * i as i128 / CANDIDATES as i128) as i64);
        }
        places
            .into_iter()
            .filter(|&at| at > first && at < end)
            .map(|at| {
                let (a, b) = self.split(at, sorted);
                (self.cost() - a.cost() - b.cost(), at)
            })
            .max_by(|a, b| a.0.total_cmp(&b.0))
    }
}

/// Knots by minimum description length: split while a knot saves more bits on the sample than it costs.
pub fn fit(sorted: &[i64]) -> Option<AxisSpec> {
    let (&first, &last) = (sorted.first()?, sorted.last()?);
    if first.unsigned_abs() > 1 << 50 || last.unsigned_abs() > 1 << 50 {
        return None;
    }
    let mut segments = vec![Segment { points: (first, last + 1), ranks: (0, sorted.len()) }];
    let mut splits: Vec<Option<(f64, i64)>> = vec![segments[0].best_split(sorted)];
    while segments.len() < MAX_KNOTS {
        let gain = |s: &Option<(f64, i64)>| s.map_or(0.0, |(gain, _)| gain);
        let Some(i) = (0..splits.len()).max_by(|&a, &b| gain(&splits[a]).total_cmp(&gain(&splits[b]))) else { break };
        let Some((_, at)) = splits[i].filter(|&(gain, _)| gain > KNOT_BITS) else { break };
        let (a, b) = segments[i].split(at, sorted);
        segments[i] = a;
        splits[i] = a.best_split(sorted);
        segments.push(b);
        splits.push(b.best_split(sorted));
    }
    segments.sort_by_key(|s| s.points.0);
    let n = sorted.len() as f64;
    let limit = SCORE_LIMIT >> (SCORE_BITS - KNOT_SCORE_BITS);
    let score = |rank: usize| {
        let p = (rank as f64 + 0.5) / (n + 1.0);
        let score = ((p / (1.0 - p)).ln() * f64::from(1 << KNOT_SCORE_BITS)).round() as i32;
        score.clamp(-limit, limit - MAX_KNOTS as i32 - 1)
    };
    let mut knots: Vec<Knot> = Vec::with_capacity(segments.len() + 1);
    let ends = segments.last().map(|s| (s.points.1, s.ranks.1));
    for (lattice, rank) in segments.iter().map(|s| (s.points.0, s.ranks.0)).chain(ends) {
        let least = knots.last().map_or(-limit, |k| k.score + 1);
        knots.push(Knot { lattice, score: score(rank).max(least) });
    }
    Some(AxisSpec { knots, resolution: RESOLUTION })
}
