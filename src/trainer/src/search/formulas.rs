//! Finds predictors: which columns do earlier ones determine, and by what formula?
//!
//! Candidates are sums of few features ([`features`]), chosen one by one by least squares. A second try fits the square
//! of the column by squares (energies, masses), a third looks for masses of systems of particles that differ from case
//! to case ([`cases`]). A formula is kept if its residuals are much smaller than the column's own spread.

use super::{cases, units};
use crate::fits::costs::{bits, deviations, spread};
use crate::fits::features::{self, Feature};
use crate::fits::least_squares::{LinearFit, forward_selection};
use rootbaler::model::context::{ABSENT, ColumnContext};
use rootbaler::model::predictor::{Formula, Predictor, Term};
use rootbaler::model::sample::Sample;
use rootbaler::model::{Model, ModelColumn, ModelSpec};
use rootbaler::values::quantiser::Lattice;

/// Rows that the search looks at.
const ROWS: usize = 20_000;
/// Bits that a formula must save, and each of its features.
const SAVED: f64 = 2.3;
const SAVED_BY_FEATURE: f64 = 0.05;
/// Bits that formulas for cases must save: they may hit a part of the rows only, but that part well.
const SAVED_BY_CASES: f64 = 0.5;
/// Particles of the largest system whose mass is tried.
const MOST_PARTICLES: usize = 4;
/// A column without a step is looked at in so many steps for its spread.
const STEPS: f64 = 1024.0;
const MAX_FEATURES: usize = 6;
/// A formula is fitted again, so many times at most, to the rows that it misses by no more than so many spreads.
const REFITS: usize = 3;
const TYPICAL_ROWS: f64 = 2.0;

/// Gives the columns of a model without networks their predictors.
pub fn find_formulas(spec: &mut ModelSpec, sample: &Sample) -> rootbaler::Result<()> {
    let model = Model::new(spec)?;
    let contexts = model.sample_contexts(sample);
    // formulas are for rows where everything is there
    let is_whole = |&row: &usize| contexts.iter().all(|column| column.lattice[row] != ABSENT);
    let rows: Vec<usize> = (0..sample.rows.min(ROWS)).filter(is_whole).collect();
    let values = |(seen, column): (&ColumnContext, &ModelColumn)| {
        column.lattice_values(&rows.iter().map(|&row| seen.lattice[row]).collect::<Vec<i64>>())
    };
    let mut columns: Vec<Vec<f64>> = contexts.iter().zip(model.columns()).map(values).collect();
    let names: Vec<&str> = spec.columns.iter().map(|c| c.name.as_str()).collect();
    let particles = features::particles(&names);
    let step = |own: usize| match spec.columns[own].quantiser.lattice {
        Lattice::Abs { step, .. } | Lattice::Dithered { step, .. } => step,
        _ if !spec.columns[own].value.is_float() => 1.0,
        _ => spread(&deviations(&columns[own])) / STEPS,
    };
    let steps: Vec<f64> = (0..columns.len()).map(step).collect();
    let units = units::find(&columns, &particles, &steps);
    units::apply(&units, &mut columns);
    let direct = features::direct(&columns, &particles);
    let squares = features::squares(&columns, &particles);
    let systems = features::systems(&columns, &particles, MOST_PARTICLES);
    let found: Vec<Option<Predictor>> = (0..columns.len())
        .map(|own| {
            if spec.columns[own].foreign.is_some() {
                return None;
            }
            let one = best_sum(own, &columns[own], steps[own], &direct, &squares);
            let may_be_mass = spec.columns[own].value.is_float() && !particles.iter().any(|p| p.has(own));
            let systems = if may_be_mass { &systems[..] } else { &[] };
            let several = cases::by_cases(own, &columns, steps[own], systems);
            let before = bits(&deviations(&columns[own]), steps[own]);
            let one = one.filter(|(left, _)| left + SAVED < before);
            let several = several.filter(|(left, _)| left + SAVED_BY_CASES < before);
            let sound = [one, several].into_iter().flatten().filter(|(_, predictor)| predictor.is_valid());
            sound.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, predictor)| predictor)
        })
        .collect();
    for ((column, predictor), unit) in spec.columns.iter_mut().zip(found).zip(units) {
        (column.predictor, column.unit) = (predictor, unit);
    }
    Ok(())
}

/// Some features and their coefficients.
struct FeatureSum<'a> {
    features: Vec<(&'a Feature, f64)>,
    constant: f64,
    root: bool,
}

impl<'a> FeatureSum<'a> {
    fn new(usable: &[&'a Feature], fit: &LinearFit, root: bool) -> Self {
        let features = fit.chosen.iter().map(|&(i, coefficient)| (usable[i], coefficient)).collect();
        FeatureSum { features, constant: fit.constant, root }
    }

    /// How far it is off, row by row.
    fn residuals(&self, target: &[f64]) -> Vec<f64> {
        let off = |(row, x): (usize, &f64)| {
            let sum = self.features.iter().fold(self.constant, |sum, (f, c)| sum + c * f.values[row]);
            x - if self.root { sum.max(0.0).sqrt() } else { sum }
        };
        target.iter().enumerate().map(off).collect()
    }

    /// Fitted once more to the rows that follow it: least squares run after the others.
    fn to_most_rows(&self, target: &[f64], goal: &[f64]) -> Option<Self> {
        let off = self.residuals(target);
        let limit = TYPICAL_ROWS * spread(&off);
        let rows: Vec<usize> = (0..off.len()).filter(|&row| off[row].abs() <= limit).collect();
        let pick = |values: &[f64]| rows.iter().map(|&row| values[row]).collect::<Vec<f64>>();
        let values: Vec<Vec<f64>> = self.features.iter().map(|(f, _)| pick(&f.values)).collect();
        let values: Vec<&[f64]> = values.iter().map(Vec::as_slice).collect();
        let usable: Vec<&Feature> = self.features.iter().map(|(f, _)| *f).collect();
        let fit = forward_selection(&values, &pick(goal), values.len()).pop()?;
        Some(FeatureSum::new(&usable, &fit, self.root))
    }

    fn predictor(&self) -> Predictor {
        let mut terms = vec![Term { coefficient: self.constant, factors: Vec::new() }];
        terms.extend(self.features.iter().flat_map(|(f, c)| f.times(*c)));
        Predictor::always(Formula { terms, root: self.root })
    }
}

/// The best sum of features, and the bits that it leaves.
fn best_sum(
    own: usize,
    target: &[f64],
    step: f64,
    direct: &[Feature],
    squares: &[Feature],
) -> Option<(f64, Predictor)> {
    let squared: Vec<f64> = target.iter().map(|x| x * x).collect();
    let positive = target.iter().all(|&x| x >= 0.0);
    let left = |formula: &FeatureSum| bits(&formula.residuals(target), step);
    let mut best: Option<(f64, FeatureSum)> = None;
    for (features, goal, root) in [(direct, target, false), (squares, &squared[..], true)] {
        if root && !positive {
            continue;
        }
        let usable: Vec<&Feature> = features.iter().filter(|f| f.last < own).collect();
        let values: Vec<&[f64]> = usable.iter().map(|f| f.values.as_slice()).collect();
        for fit in forward_selection(&values, goal, MAX_FEATURES) {
            let mut formula = FeatureSum::new(&usable, &fit, root);
            let mut off = left(&formula);
            for _ in 0..REFITS {
                let Some(better) = formula.to_most_rows(target, goal).filter(|f| left(f) < off) else { break };
                (off, formula) = (left(&better), better);
            }
            if best.as_ref().is_none_or(|(least, _)| off + SAVED_BY_FEATURE < *least) {
                best = Some((off, formula));
            }
        }
    }
    best.map(|(left, formula)| (left, formula.predictor()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::noise;
    use rootbaler::model::builder;
    use rootbaler::values::bound::Bound;

    #[test]
    fn finds_momenta_energies_masses_and_calibrations() {
        let rows = 3000;
        let mut noise = noise();
        let mut table: Vec<[f64; 11]> = Vec::new();
        for _ in 0..rows {
            let (pt, pt2) = (5.0 + 40.0 * noise() * noise(), 5.0 + 40.0 * noise());
            let (eta, eta2) = (4.0 * noise() - 2.0, 4.0 * noise() - 2.0);
            let (phi, phi2) = (6.2 * noise() - 3.1, 6.2 * noise() - 3.1);
            let mass = (2.0 * pt * pt2 * ((eta - eta2).cosh() - (phi - phi2).cos())).sqrt();
            let energy = (pt * pt * eta.cosh() * eta.cosh() + 0.25).sqrt();
            let area = noise();
            let calibration = 1.0 + (0.1 + 0.02 * eta.abs()) / pt.sqrt() - 0.04 * area;
            table.push([pt, eta, phi, pt2, eta2, phi2, area, mass, 1.0 - 1.0 / calibration, energy, pt * phi.cos()]);
        }
        let mut sample = Sample::scalar(rows);
        for (i, name) in
            ["pt1", "eta1", "phi1", "pt2", "eta2", "phi2", "area1", "M", "raw1", "E1", "px1"].into_iter().enumerate()
        {
            let values: Vec<f64> = table.iter().map(|row| row[i]).collect();
            sample.add(name, Bound::RelSigma(1e-3), &values).unwrap();
        }
        let mut spec = builder::build(&sample, &[], "test");
        find_formulas(&mut spec, &sample).unwrap();
        let found: Vec<bool> = spec.columns.iter().map(|c| c.predictor.is_some()).collect();
        assert_eq!(found, [false, false, false, false, false, false, false, true, true, true, true]);
    }

    /// The mass of jets that are not there is 0, and what is divided by it has no place in a model.
    #[test]
    fn gives_only_what_models_may_hold() {
        let rows = 3000;
        let mut noise = noise();
        let mut table: Vec<[f64; 8]> = Vec::new();
        for _ in 0..rows {
            let is_there = f64::from(u8::from(noise() < 0.4));
            let mut some = || is_there * (1.0 + noise());
            let jets = [some(), some(), some(), some(), some(), some()];
            table.push([jets[0], jets[1], jets[2], jets[3], jets[4], jets[5], is_there, 30.0 + 20.0 * some()]);
        }
        let mut sample = Sample::scalar(rows);
        let names = ["pt1", "eta1", "phi1", "pt2", "eta2", "phi2", "tag", "weight"];
        for (i, name) in names.into_iter().enumerate() {
            let values: Vec<f64> = table.iter().map(|row| row[i]).collect();
            sample.add(name, Bound::RelSigma(1e-3), &values).unwrap();
        }
        let mut spec = builder::build(&sample, &[], "test");
        find_formulas(&mut spec, &sample).unwrap();
        assert!(Model::new(&spec).is_ok());
    }
}
