//! A column as a multiple of the mass of a system of particles, which system depending on columns with few values.

use super::costs::{bits, bits_of_one, deviations};
use super::features::Feature;
use rootbaler::model::predictor::Condition;

/// Rows that are looked at, times features.
const ROWS: usize = 150_000;
/// With fewer features there is nothing to choose from.
const LEAST_FEATURES: usize = 2;
/// Splits one after the other: 32 cases at most.
const DEPTH: usize = 5;
/// Rows of a leaf.
const LEAST_ROWS: usize = 60;
/// Bits of a row that a split must save, as mean over all rows.
const LEAST_SAVED: f64 = 0.03;
/// A column with more values than this does not split rows.
const MOST_VALUES: usize = 8;
/// Places where rows may be split.
const MOST_LIMITS: usize = 16;
/// The constant of proportionality is where this share of the rows lies closest together.
const SHARE: f64 = 0.125;

/// A case and its rows.
pub struct Leaf {
    pub when: Vec<Condition>,
    pub rows: Vec<usize>,
    pub fit: MassFit,
}

/// A column as a multiple of the root of a feature.
#[derive(Clone, Copy)]
pub struct MassFit {
    /// Index into the features.
    pub feature: usize,
    /// Logarithm of the factor.
    pub log: f64,
    /// How far [`SHARE`] of the rows spread about that.
    pub width: f64,
    /// What is left of all rows.
    pub bits: f64,
}

/// A column that splits rows.
struct Selector<'a> {
    column: usize,
    values: &'a [f64],
    /// Between its values.
    limits: Vec<f32>,
}

/// A column and what may predict it, all as logarithms of masses: a model tree (Quinlan's M5, 1992). Rows are split by
/// columns with few values as long as that saves enough; in each leaf the column is proportional to one mass.
pub struct MassTree<'a> {
    target: &'a [f64],
    step: f64,
    pub logs: Vec<f64>,
    features: Vec<(usize, Vec<f64>)>,
    selectors: Vec<Selector<'a>>,
    rows: Vec<usize>,
}

impl<'a> MassTree<'a> {
    /// None if the column cannot be a mass, or there are no systems before it.
    pub fn new(own: usize, columns: &'a [Vec<f64>], step: f64, systems: &[Feature]) -> Option<Self> {
        let target = &columns[own];
        let usable: Vec<usize> = (0..systems.len()).filter(|&f| systems[f].last < own).collect();
        if usable.len() < LEAST_FEATURES
            || target.len() < LEAST_ROWS
            || target.iter().any(|x| !(*x > 0.0 && x.is_finite()))
        {
            return None;
        }
        let every = (target.len() * usable.len()).div_ceil(ROWS);
        let selector = |column: usize| {
            let limits = limits(&columns[column])?;
            Some(Selector { column, values: &columns[column], limits })
        };
        Some(MassTree {
            target,
            step,
            logs: target.iter().map(|x| x.ln()).collect(),
            features: usable.into_iter().map(|f| (f, systems[f].values.iter().map(log_of_root).collect())).collect(),
            selectors: (0..own).filter_map(selector).collect(),
            rows: (0..target.len()).step_by(every).collect(),
        })
    }

    /// Rows that are looked at.
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// The tree's leaves.
    pub fn grow(&self) -> Vec<Leaf> {
        let fit = self.fit(&self.rows);
        self.split(Leaf { when: Vec::new(), rows: self.rows.clone(), fit })
    }

    /// Bits of a row that the best feature saves without splits.
    pub fn saved(&self) -> f64 {
        let values: Vec<f64> = self.rows.iter().map(|&row| self.target[row]).collect();
        bits(&deviations(&values), self.step) - self.fit(&self.rows).bits / self.rows.len() as f64
    }

    fn split(&self, leaf: Leaf) -> Vec<Leaf> {
        let mut best: Option<(f64, [Leaf; 2])> = None;
        let limits = self.selectors.iter().flat_map(|s| s.limits.iter().map(move |&limit| (s, limit)));
        for (selector, limit) in limits.take(MOST_LIMITS).filter(|_| leaf.when.len() < DEPTH) {
            let is_above = |row: &usize| selector.values[*row] > f64::from(limit);
            let (above, below): (Vec<usize>, Vec<usize>) = leaf.rows.iter().partition(|row| is_above(row));
            if above.len().min(below.len()) < LEAST_ROWS {
                continue;
            }
            let part = |above: bool, rows: Vec<usize>| {
                let condition = Condition { column: selector.column as u32, above, limit };
                Leaf { when: [&leaf.when[..], &[condition]].concat(), fit: self.fit(&rows), rows }
            };
            let parts = [part(true, above), part(false, below)];
            let saved = leaf.fit.bits - parts[0].fit.bits - parts[1].fit.bits;
            if best.as_ref().is_none_or(|(most, _)| saved > *most) {
                best = Some((saved, parts));
            }
        }
        match best {
            Some((saved, parts)) if saved > LEAST_SAVED * self.rows.len() as f64 => {
                parts.into_iter().flat_map(|part| self.split(part)).collect()
            }
            _ => vec![leaf],
        }
    }

    /// The best feature for some rows.
    fn fit(&self, rows: &[usize]) -> MassFit {
        let fits = self.features.iter().map(|(feature, logs)| {
            let mut ratios: Vec<f64> = rows.iter().map(|&row| self.logs[row] - logs[row]).collect();
            ratios.sort_unstable_by(f64::total_cmp);
            let (log, width) = densest(&ratios);
            let off = |&row: &usize| self.target[row] - (logs[row] + log).exp();
            let bits = rows.iter().map(|row| bits_of_one(off(row), self.step)).sum();
            MassFit { feature: *feature, log, width, bits }
        });
        // there is at least one
        let none = MassFit { feature: 0, log: 0.0, width: 0.0, bits: f64::INFINITY };
        fits.min_by(|a, b| a.bits.total_cmp(&b.bits)).unwrap_or(none)
    }
}

/// Logarithm of a mass, from its square.
pub fn log_of_root(square: &f64) -> f64 {
    0.5 * square.max(f64::MIN_POSITIVE).ln()
}

/// Where [`SHARE`] of sorted numbers lie closest together, and how close; the middle is the mean of what is about as
/// near.
fn densest(sorted: &[f64]) -> (f64, f64) {
    let many = ((sorted.len() as f64 * SHARE) as usize).clamp(1, sorted.len() - 1);
    let width = |&start: &usize| sorted[start + many] - sorted[start];
    let start = (0..sorted.len() - many).min_by(|a, b| width(a).total_cmp(&width(b))).unwrap_or(0);
    let (width, middle) = (width(&start), sorted[start + many / 2]);
    let near =
        &sorted[sorted.partition_point(|x| *x < middle - width)..sorted.partition_point(|x| *x <= middle + width)];
    (near.iter().sum::<f64>() / near.len() as f64, width)
}

/// Limits between the values of a column that has few of them.
fn limits(values: &[f64]) -> Option<Vec<f32>> {
    let mut seen: Vec<f64> = Vec::new();
    for &value in values {
        if let Err(place) = seen.binary_search_by(|x| x.total_cmp(&value)) {
            seen.insert(place, value);
            if seen.len() > MOST_VALUES {
                return None;
            }
        }
    }
    let limits: Vec<f32> = seen.windows(2).map(|pair| (0.5 * (pair[0] + pair[1])) as f32).collect();
    (!limits.is_empty() && limits.iter().all(|x| x.is_finite())).then_some(limits)
}
