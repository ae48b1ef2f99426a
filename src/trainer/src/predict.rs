//! Finds predictors: which columns do earlier ones determine, and by what formula?
//!
//! Candidates are sums of few features, chosen one by one by least squares: the values of earlier columns, and what
//! kinematics makes of columns named pt, eta, phi; also what resolutions and calibrations are made of (1/sqrt(pt), 1/pt,
//! each times |eta| or another column of the same particle). A second try fits the square of the column by squares (energies,
//! masses). A formula is kept if its residuals are much smaller than the column's own spread.

use crate::fit::{Fit, forward_selection};
use rootbaler::context::{ABSENT, ColumnContext};
use rootbaler::model::{Model, ModelColumn, ModelSpec};
use rootbaler::predictor::{Factor, Function, Predictor, Term};
use rootbaler::quantiser::Lattice;
use rootbaler::sample::Sample;

/// Rows that the search looks at.
const ROWS: usize = 20_000;
/// Bits that a formula must save, and each of its features.
const SAVED: f64 = 2.3;
const SAVED_BY_FEATURE: f64 = 0.05;
/// A column without a step is looked at in so many steps for its spread.
const STEPS: f64 = 1024.0;
const MAX_FEATURES: usize = 6;
/// A formula is fitted again, so many times at most, to the rows that it misses by no more than so many spreads.
const REFITS: usize = 3;
const TYPICAL_ROWS: f64 = 2.0;

/// A sum of terms with common coefficient, and its values.
struct Feature {
    terms: Vec<Term>,
    /// The last column that it needs.
    last: usize,
    values: Vec<f64>,
}

/// Columns of one particle: pt, eta, phi, and all that have the same name around that.
struct Particle {
    pt: usize,
    eta: usize,
    phi: usize,
    all: Vec<usize>,
}

/// Gives the columns of a model without networks their predictors.
pub fn find(spec: &mut ModelSpec, sample: &Sample) -> rootbaler::Result<()> {
    let model = Model::new(spec)?;
    let contexts = model.sample_contexts(sample);
    // formulas are for rows where everything is there
    let is_whole = |&row: &usize| contexts.iter().all(|column| column.lattice[row] != ABSENT);
    let rows: Vec<usize> = (0..sample.rows.min(ROWS)).filter(is_whole).collect();
    let values = |(seen, column): (&ColumnContext, &ModelColumn)| {
        column.lattice_values(&rows.iter().map(|&row| seen.lattice[row]).collect::<Vec<i64>>())
    };
    let columns: Vec<Vec<f64>> = contexts.iter().zip(model.columns()).map(values).collect();
    let names: Vec<&str> = spec.columns.iter().map(|c| c.name.as_str()).collect();
    let particles = particles(&names);
    let direct = direct_features(&columns, &particles);
    let squares = square_features(&columns, &particles);
    let found: Vec<Option<Predictor>> = (0..columns.len())
        .map(|own| {
            if spec.columns[own].foreign.is_some() {
                return None;
            }
            let step = match spec.columns[own].quantiser.lattice {
                Lattice::Abs { step, .. } | Lattice::Dithered { step, .. } => step,
                _ if !spec.columns[own].value.is_float() => 1.0,
                _ => spread(&deviations(&columns[own])) / STEPS,
            };
            search(own, &columns[own], step, &direct, &squares)
        })
        .collect();
    for (column, predictor) in spec.columns.iter_mut().zip(found) {
        column.predictor = predictor;
    }
    Ok(())
}

/// Some features and their coefficients.
struct Formula<'a> {
    features: Vec<(&'a Feature, f64)>,
    constant: f64,
    root: bool,
}

impl<'a> Formula<'a> {
    fn new(usable: &[&'a Feature], fit: &Fit, root: bool) -> Self {
        let features = fit.chosen.iter().map(|&(i, coefficient)| (usable[i], coefficient)).collect();
        Formula { features, constant: fit.constant, root }
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
        Some(Formula::new(&usable, &fit, self.root))
    }

    fn predictor(&self) -> Predictor {
        let mut terms = vec![Term { coefficient: self.constant, factors: Vec::new() }];
        let scaled = |t: &Term, c: f64| Term { coefficient: t.coefficient * c, factors: t.factors.clone() };
        terms.extend(self.features.iter().flat_map(|(f, c)| f.terms.iter().map(|t| scaled(t, *c))));
        Predictor { terms, root: self.root }
    }
}

fn search(own: usize, target: &[f64], step: f64, direct: &[Feature], squares: &[Feature]) -> Option<Predictor> {
    let squared: Vec<f64> = target.iter().map(|x| x * x).collect();
    let positive = target.iter().all(|&x| x >= 0.0);
    let left = |formula: &Formula| bits(&formula.residuals(target), step);
    let mut best: Option<(f64, Formula)> = None;
    for (features, goal, root) in [(direct, target, false), (squares, &squared[..], true)] {
        if root && !positive {
            continue;
        }
        let usable: Vec<&Feature> = features.iter().filter(|f| f.last < own).collect();
        let values: Vec<&[f64]> = usable.iter().map(|f| f.values.as_slice()).collect();
        for fit in forward_selection(&values, goal, MAX_FEATURES) {
            let mut formula = Formula::new(&usable, &fit, root);
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
    best.filter(|(left, _)| left + SAVED < bits(&deviations(target), step)).map(|(_, formula)| formula.predictor())
}

/// Bits of residuals, roughly: what is within half a step costs none.
fn bits(residuals: &[f64], step: f64) -> f64 {
    let scale = 2.0 / step.max(f64::MIN_POSITIVE);
    residuals.iter().map(|r| (1.0 + (r.abs() * scale)).log2()).sum::<f64>() / residuals.len().max(1) as f64
}

/// From the median.
fn deviations(values: &[f64]) -> Vec<f64> {
    let centre = percentile(values.to_vec(), 0.5);
    values.iter().map(|x| x - centre).collect()
}

/// Two thirds of the residuals are within this.
fn spread(residuals: &[f64]) -> f64 {
    percentile(residuals.iter().map(|r| r.abs()).collect(), 0.68)
}

fn percentile(mut values: Vec<f64>, p: f64) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get((values.len() as f64 * p) as usize).copied().unwrap_or(0.0)
}

fn factor(column: usize, function: Function) -> Factor {
    Factor { column: column as u32, function }
}

fn feature(columns: &[Vec<f64>], terms: Vec<(f64, Vec<Factor>)>) -> Feature {
    let terms: Vec<Term> = terms.into_iter().map(|(coefficient, factors)| Term { coefficient, factors }).collect();
    let sum = Predictor { terms, root: false };
    let values = sum.predict(columns.first().map_or(0, Vec::len), |c| &columns[c as usize]);
    let last = sum.columns().max().unwrap_or(0) as usize;
    Feature { terms: sum.terms, last, values }
}

fn direct_features(columns: &[Vec<f64>], particles: &[Particle]) -> Vec<Feature> {
    use Function::*;
    let mut features: Vec<Feature> =
        (0..columns.len()).map(|c| feature(columns, vec![(1.0, vec![factor(c, Identity)])])).collect();
    for p in particles {
        for (angle, function) in [(p.phi, Cos), (p.phi, Sin), (p.eta, Sinh), (p.eta, Cosh)] {
            features.push(feature(columns, vec![(1.0, vec![factor(p.pt, Identity), factor(angle, function)])]));
        }
        let root = [factor(p.pt, InverseRoot)];
        for falling in [&root[..], &root.repeat(2)] {
            let mut push = |others: &[Factor]| features.push(feature(columns, vec![(1.0, [falling, others].concat())]));
            push(&[]);
            push(&[factor(p.eta, Abs)]);
            p.all.iter().filter(|&&c| c != p.pt).for_each(|&c| push(&[factor(c, Identity)]));
        }
    }
    features
}

fn square_features(columns: &[Vec<f64>], particles: &[Particle]) -> Vec<Feature> {
    use Function::*;
    let mut features: Vec<Feature> =
        (0..columns.len()).map(|c| feature(columns, vec![(1.0, vec![factor(c, Square)])])).collect();
    for (i, a) in particles.iter().enumerate() {
        features
            .push(feature(columns, vec![(1.0, vec![factor(a.pt, Square), factor(a.eta, Cosh), factor(a.eta, Cosh)])]));
        for b in &particles[..i] {
            // squared mass of two massless particles: 2 pt pt' (cosh(eta - eta') - cos(phi - phi'))
            let pts = [factor(a.pt, Identity), factor(b.pt, Identity)];
            let product = |sign: f64, x: usize, y: usize, f: Function| {
                (2.0 * sign, [pts.as_slice(), &[factor(x, f), factor(y, f)]].concat())
            };
            features.push(feature(
                columns,
                vec![
                    product(1.0, a.eta, b.eta, Cosh),
                    product(-1.0, a.eta, b.eta, Sinh),
                    product(-1.0, a.phi, b.phi, Cos),
                    product(-1.0, a.phi, b.phi, Sin),
                ],
            ));
        }
    }
    features
}

/// Columns whose names differ only in pt, eta and phi.
fn particles(names: &[&str]) -> Vec<Particle> {
    let lower: Vec<String> = names.iter().map(|n| n.to_lowercase()).collect();
    let place = |name: String| lower.iter().position(|n| *n == name);
    let mut found = Vec::new();
    for (pt, name) in lower.iter().enumerate() {
        let Some(at) = name.rfind("pt") else { continue };
        let (before, after) = (&name[..at], &name[at + 2..]);
        let with = |what: &str| format!("{before}{what}{after}");
        if let (Some(eta), Some(phi)) = (place(with("eta")), place(with("phi"))) {
            let is_own = |name: &str| {
                name.len() >= before.len() + after.len() && name.starts_with(before) && name.ends_with(after)
            };
            let all = (0..lower.len()).filter(|&c| is_own(&lower[c])).collect();
            found.push(Particle { pt, eta, phi, all });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use rootbaler::bound::Bound;
    use rootbaler::builder;

    #[test]
    fn finds_momenta_energies_masses_and_calibrations() {
        let rows = 3000;
        let mut state = 1u64;
        let mut noise = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) as f64 / (1u64 << 31) as f64
        };
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
        find(&mut spec, &sample).unwrap();
        let found: Vec<bool> = spec.columns.iter().map(|c| c.predictor.is_some()).collect();
        assert_eq!(found, [false, false, false, false, false, false, false, true, true, true, true]);
    }
}
