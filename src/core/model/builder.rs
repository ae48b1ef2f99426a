//! From a sample to a model without networks: bounds resolved, repeated values pinned, axes laid.

use crate::inference::axis::{AxisSpec, KNOT_SCORE_BITS, Knot, SCORE_BITS, SCORE_LIMIT};
use crate::model::sample::{Sample, SampleColumn};
use crate::model::{ColumnSpec, Foreign, ModelSpec};
use crate::values::bound::Bound;
use crate::values::quantiser::{Lattice, Pin, Quantiser, short};
use crate::values::sentinels;
use crate::values::value::{Value, values_from_be};
use crate::with_type;
use std::ops::RangeInclusive;

/// Score resolution of bins: a 500th of a unit of score, which costs less than 0.001 bits unless the network knows
/// the value better than that.
const RESOLUTION: u32 = 1 << (SCORE_BITS - 9);
/// A knot takes about two bytes of the model; it must save more than that on the sample.
const KNOT_BITS: f64 = 24.0;
const MAX_KNOTS: usize = 96;
/// One in so many values may be off a lattice that suits the others: it takes about 48 bits more.
const RARE: usize = 1000;
/// A value is often repeated if this share of the rows has it, at least so many of them.
const REPEATED: f64 = 0.002;
const LEAST: usize = 5;
const MAX_PINS: usize = 16;
/// What a pin may cost, in bits for each repetition: of any value, of an integer, as such are compared with, and of a value
/// that is an exception without.
const PIN_BITS: f64 = 0.25;
const PIN_BITS_INTEGER: f64 = 16.0;
const PIN_BITS_EXCEPTION: f64 = 48.0;

/// Builds the columns in the order of the sample, foreign ones last: their values are quantised as in `sources`, the
/// samples of the groups that they belong to. Those that no source has are left out.
pub fn build(sample: &Sample, sources: &[Sample], provenance: &str) -> ModelSpec {
    let own = sample.columns.iter().filter(|c| c.foreign.is_none());
    let mut columns: Vec<ColumnSpec> = own.map(|c| with_type!(c.value, T => build_column::<T>(c))).collect();
    for column in &sample.columns {
        let Some(from) = &column.foreign else { continue };
        let index = columns.iter().position(|c| c.name == from.index);
        let source = sources.iter().find_map(|s| s.column(&from.branch)).filter(|source| source.value == column.value);
        if let (Some(index), Some(source)) = (index, source) {
            let foreign = Foreign { branch: from.branch.clone(), index: index as u32 };
            let built = with_type!(column.value, T => build_foreign::<T>(column, &from.present, source));
            columns.push(ColumnSpec { foreign: Some(foreign), ..built });
        }
    }
    ModelSpec { jagged: sample.counts.is_some(), columns, provenance: provenance.to_owned() }
}

fn build_column<V: Value>(column: &SampleColumn) -> ColumnSpec {
    let values: Vec<V> = values_from_be(&column.raw);
    let quantiser = quantiser(column.bound, &values);
    on_axis(column, column.bound, quantiser, &values)
}

fn build_foreign<V: Value>(column: &SampleColumn, present: &[bool], source: &SampleColumn) -> ColumnSpec {
    let quantiser = quantiser(source.bound, &values_from_be::<V>(&source.raw));
    let values = values_from_be::<V>(&column.raw).into_iter().zip(present).filter(|(_, present)| **present);
    on_axis(column, source.bound, quantiser, &values.map(|(value, _)| value).collect::<Vec<V>>())
}

fn quantiser<V: Value>(bound: Bound, values: &[V]) -> Quantiser {
    if bound == Bound::Lossless {
        return Quantiser { lattice: truncated(values), pins: Vec::new() };
    }
    let mut finite: Vec<f64> = values.iter().map(|v| v.to_f64()).filter(|v| v.is_finite()).collect();
    // pins hold sentinels: neither the spread nor the room for rounding is theirs
    let ordinary = sentinels::ordinary(&finite);
    finite.retain(|v| ordinary.contains(v));
    let lattice = resolve::<V>(bound, &finite);
    Quantiser { lattice, pins: pins(lattice, values, &ordinary) }
}

fn on_axis<V: Value>(column: &SampleColumn, request: Bound, quantiser: Quantiser, values: &[V]) -> ColumnSpec {
    let mut points = quantiser.nearest(values);
    points.sort_unstable();
    ColumnSpec {
        name: column.name.clone(),
        foreign: None,
        value: V::TYPE,
        request,
        unit: None,
        axis: axis(&points),
        quantiser,
        inputs: Vec::new(),
        predictor: None,
        net: None,
    }
}

/// The lattice that keeps the bound at these values of a column of `V`.
fn resolve<V: Value>(request: Bound, values: &[f64]) -> Lattice {
    let bound = match request {
        Bound::Lossless => return Lattice::Lossless,
        Bound::Bits(k) if u32::from(k) >= V::MANTISSA => return Lattice::Lossless,
        Bound::Bits(k) => return Lattice::Bits(k),
        Bound::Abs(e) | Bound::AbsDither(e) => e,
        Bound::RelSigma(r) | Bound::RelSigmaDither(r) => short(r * standard_deviation(values)),
    };
    // Room for rounding the reconstruction to the float type, at all but the largest thousandth of the values
    let mut magnitudes: Vec<f64> = values.iter().map(|v| v.abs()).collect();
    magnitudes.sort_unstable_by(f64::total_cmp);
    let typical = magnitudes.get(magnitudes.len() * 999 / 1000).copied().unwrap_or(0.0);
    let half_ulp = typical * 0.5f64.powi(V::MANTISSA as i32 + 1);
    let room = bound - half_ulp;
    // A constant column, or a bound below the type's own resolution
    if !(room > 0.25 * bound && bound.is_normal()) {
        return Lattice::Lossless;
    }
    let half = room * (1.0 - 1e-9);
    match request {
        Bound::AbsDither(_) | Bound::RelSigmaDither(_) => Lattice::Dithered { bound, step: short(half) },
        _ => Lattice::Abs { bound, step: short(2.0 * half).max(grid(values)) },
    }
}

/// The coarsest power of two whose multiples are all values but a few: counts, halves, digitised readings.
fn grid(values: &[f64]) -> f64 {
    const NEVER: i32 = i32::MAX;
    let mut exponents: Vec<i32> =
        values.iter().map(|&v| if v == 0.0 { NEVER } else { exponent_of_last_bit(v) }).collect();
    exponents.sort_unstable();
    match exponents.get(exponents.len() / RARE) {
        Some(&e) if e != NEVER => f64::from(e).exp2(),
        _ => 0.0,
    }
}

fn exponent_of_last_bit(v: f64) -> i32 {
    const MANTISSA: u32 = 52;
    let (exponent, mantissa) = ((v.to_bits() >> MANTISSA & 0x7ff) as i32, v.to_bits() & ((1 << MANTISSA) - 1));
    exponent - 1075 + mantissa.trailing_zeros().min(MANTISSA) as i32
}

/// The lattice of a lossless column: coarser if all but a few values have their low mantissa bits cleared, as
/// experiments do before they write.
fn truncated<V: Value>(values: &[V]) -> Lattice {
    if !V::TYPE.is_float() || values.is_empty() {
        return Lattice::Lossless;
    }
    let mut with_bits = [0usize; 54];
    for v in values {
        let zeros = v.bits().trailing_zeros().min(V::MANTISSA);
        with_bits[(V::MANTISSA - zeros) as usize] += 1;
    }
    let mut above = 0;
    let needed = (0..=V::MANTISSA as usize).rev().find(|&k| {
        above += with_bits[k];
        above > values.len() / RARE
    });
    match needed {
        Some(k) if (k as u32) + 4 <= V::MANTISSA => Lattice::Truncated(k as u8),
        _ => Lattice::Lossless,
    }
}

/// Standard deviation of a population; 0 for an empty one.
fn standard_deviation(values: &[f64]) -> f64 {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n).sqrt()
}

/// Often-repeated values that shall come back exactly; those that are not `ordinary` among them.
fn pins<V: Value>(lattice: Lattice, values: &[V], ordinary: &RangeInclusive<f64>) -> Vec<Pin> {
    if !matches!(lattice, Lattice::Abs { .. } | Lattice::Dithered { .. } | Lattice::Bits(_)) {
        return Vec::new();
    }
    let bare = Quantiser { lattice, pins: Vec::new() };
    // what the lattice cannot hold is an exception without a pin, however seldom it is; and sentinels are compared with
    let held = |bits: u64| {
        let value = [V::from_bits64(bits)];
        let point = bare.nearest(&value)[0];
        let mut plain = value;
        bare.reconstruct(&[point], &mut plain);
        let exact = value[0].to_f64();
        let is_held = bare.bound().holds(exact, bits, plain[0].to_f64(), plain[0].bits());
        (point, plain, is_held && ordinary.contains(&exact))
    };
    let mut repeated: Vec<(bool, usize, u64)> = Vec::new();
    let mut bits: Vec<u64> = values.iter().map(|v| v.bits()).collect();
    bits.sort_unstable();
    let often = LEAST.max((values.len() as f64 * REPEATED) as usize);
    for run in bits.chunk_by(|a, b| a == b).filter(|run| run.len() >= LEAST) {
        let is_finite = V::from_bits64(run[0]).to_f64().is_finite();
        let is_held = held(run[0]).2;
        if is_finite && (!is_held || run.len() >= often) {
            repeated.push((is_held, run.len(), run[0]));
        }
    }
    let points = bare.nearest(values);
    repeated.sort_by_key(|&(is_held, n, _)| (is_held, std::cmp::Reverse(n)));
    let mut pins: Vec<Pin> = Vec::new();
    for (is_held, repetitions, bits) in repeated.into_iter().take(4 * MAX_PINS) {
        if pins.len() == MAX_PINS {
            break;
        }
        let value = [V::from_bits64(bits)];
        let (point, plain, _) = held(bits);
        // dithering would move a value that is a lattice point, too
        let is_point = plain[0].bits() == bits && !matches!(lattice, Lattice::Dithered { .. });
        if is_point || pins.iter().any(|p| p.lattice == point) {
            continue;
        }
        let lost = lost_to(bare.bound(), value[0], point, values, &points);
        let cost = (8 * (size_of::<V>() + 3 + lost * (size_of::<V>() + 2))) as f64;
        let allowed = match is_held {
            false => PIN_BITS_EXCEPTION,
            true if value[0].to_f64().fract() == 0.0 => PIN_BITS_INTEGER,
            true => PIN_BITS,
        };
        if cost <= repetitions as f64 * allowed {
            pins.push(Pin { lattice: point, bits });
        }
    }
    pins.sort_by_key(|p| p.lattice);
    pins
}

/// Values that a pin at `point` would make exceptions.
fn lost_to<V: Value>(bound: Bound, pin: V, point: i64, values: &[V], points: &[i64]) -> usize {
    let near = points.iter().zip(values).filter(|&(&q, _)| q == point);
    near.filter(|&(_, v)| !bound.holds(v.to_f64(), v.bits(), pin.to_f64(), pin.bits())).count()
}

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
fn axis(sorted: &[i64]) -> Option<AxisSpec> {
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
