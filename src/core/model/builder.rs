//! From a sample to a model without networks: bounds resolved, repeated values pinned, axes laid.

use crate::inference::axis::Axis;
use crate::model::sample::{Sample, SampleColumn};
use crate::model::spec::{ColumnSpec, Foreign, ModelSpec};
use crate::model::{knots, pins};
use crate::values::bound::{Bound, short};
use crate::values::quantiser::{Lattice, Quantiser};
use crate::values::sentinels;
use crate::values::value::{Value, values_from_be};
use crate::with_type;

/// One in so many values may be off a lattice that suits the others: it takes about 48 bits more.
const RARE: usize = 1000;
/// A hair: no rounding may lift a bound above the sigmas that were asked for.
const BELOW: f64 = 1.0 - 1e-12;

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
    let quantiser = quantiser(column, &values);
    on_axis(column, column.bound, quantiser, &values)
}

fn build_foreign<V: Value>(column: &SampleColumn, present: &[bool], source: &SampleColumn) -> ColumnSpec {
    let quantiser = quantiser(source, &values_from_be::<V>(&source.raw));
    let values = values_from_be::<V>(&column.raw).into_iter().zip(present).filter(|(_, present)| **present);
    on_axis(column, source.bound, quantiser, &values.map(|(value, _)| value).collect::<Vec<V>>())
}

fn quantiser<V: Value>(column: &SampleColumn, values: &[V]) -> Quantiser {
    if column.bound == Bound::Lossless {
        return Quantiser { lattice: truncated(values), pins: Vec::new() };
    }
    let mut finite: Vec<f64> = values.iter().map(|v| v.to_f64()).filter(|v| v.is_finite()).collect();
    // pins hold sentinels: neither the spread nor the room for rounding is theirs
    let ordinary = sentinels::ordinary(&finite);
    finite.retain(|v| ordinary.contains(v));
    let lattice = resolve::<V>(column, &finite);
    Quantiser { lattice, pins: pins::find(lattice, values, &ordinary) }
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
        axis: knots::fit(&points).filter(|axis| Axis::new(axis.clone()).is_ok()),
        quantiser,
        inputs: Vec::new(),
        predictor: None,
        net: None,
    }
}

/// The lattice that keeps the column's bound, for such values of `V`.
fn resolve<V: Value>(column: &SampleColumn, values: &[f64]) -> Lattice {
    let bound = match column.bound {
        Bound::Lossless => return Lattice::Lossless,
        Bound::Bits(k) if u32::from(k) >= V::MANTISSA => return Lattice::Lossless,
        Bound::Bits(k) => return Lattice::Bits(k),
        Bound::Abs(e) | Bound::AbsDither(e) => e,
        Bound::RelSigma(r) | Bound::RelSigmaDither(r) => {
            short(r * column.sigma.unwrap_or_else(|| standard_deviation(values)) * BELOW)
        }
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
    let lattice = match column.bound {
        Bound::AbsDither(_) | Bound::RelSigmaDither(_) => Lattice::Dithered { bound, step: short(half) },
        _ => Lattice::Abs { bound, step: short(2.0 * half).max(grid(values)) },
    };
    // A bound that nothing can be counted in
    let is_possible = Quantiser { lattice, pins: Vec::new() }.is_valid();
    if is_possible { lattice } else { Lattice::Lossless }
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
