//! Formulas that differ from case to case: the mass of the jets without b tag is one of six, by the tags. A model tree (Quinlan's
//! M5, 1992): rows are split by columns with few values as long as that saves enough; in each leaf the column is
//! proportional to the mass of a system of particles, at least in a part of the rows.

use crate::features::Feature;
use crate::predict::{bits, bits_of_one, deviations};
use rootbaler::predictor::{Case, Condition, Formula, Predictor};

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
    pub fit: Fit,
}

/// A column as a multiple of the root of a feature.
#[derive(Clone, Copy)]
pub struct Fit {
    /// Index into the features.
    pub feature: usize,
    /// Logarithm of the factor.
    pub log: f64,
    /// How far [`SHARE`] of the rows spread about that.
    pub width: f64,
    /// What is left of all rows.
    bits: f64,
}

/// A column that splits rows.
struct Selector<'a> {
    column: usize,
    values: &'a [f64],
    /// Between its values.
    limits: Vec<f32>,
}

/// A column and what may predict it, all as logarithms of masses.
pub struct Search<'a> {
    target: &'a [f64],
    step: f64,
    pub logs: Vec<f64>,
    features: Vec<(usize, Vec<f64>)>,
    selectors: Vec<Selector<'a>>,
    rows: Vec<usize>,
}

/// The predictor of column `own` by cases, if there may be one, and the bits that it leaves.
pub fn search(own: usize, columns: &[Vec<f64>], step: f64, systems: &[Feature]) -> Option<(f64, Predictor)> {
    let search = Search::new(own, columns, step, systems)?;
    let leaves = search.grow();
    let left = leaves.iter().map(|leaf| leaf.fit.bits).sum::<f64>() / search.rows.len() as f64;
    let case = |leaf: Leaf| {
        let terms = systems[leaf.fit.feature].times((2.0 * leaf.fit.log).exp()).collect();
        Case { when: leaf.when, formula: Formula { terms, root: true } }
    };
    Some((left, Predictor { cases: leaves.into_iter().map(case).collect() }))
}

impl<'a> Search<'a> {
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
        Some(Search {
            target,
            step,
            logs: target.iter().map(|x| x.ln()).collect(),
            features: usable.into_iter().map(|f| (f, systems[f].values.iter().map(log_of_root).collect())).collect(),
            selectors: (0..own).filter_map(selector).collect(),
            rows: (0..target.len()).step_by(every).collect(),
        })
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
    fn fit(&self, rows: &[usize]) -> Fit {
        let fits = self.features.iter().map(|(feature, logs)| {
            let mut ratios: Vec<f64> = rows.iter().map(|&row| self.logs[row] - logs[row]).collect();
            ratios.sort_unstable_by(f64::total_cmp);
            let (log, width) = densest(&ratios);
            let off = |&row: &usize| self.target[row] - (logs[row] + log).exp();
            let bits = rows.iter().map(|row| bits_of_one(off(row), self.step)).sum();
            Fit { feature: *feature, log, width, bits }
        });
        // there is at least one
        let none = Fit { feature: 0, log: 0.0, width: 0.0, bits: f64::INFINITY };
        fits.min_by(|a, b| a.bits.total_cmp(&b.bits)).unwrap_or(none)
    }
}

/// Logarithm of a mass, from its square.
pub fn log_of_root(square: &f64) -> f64 {
    0.5 * square.max(f64::MIN_POSITIVE).ln()
}

/// Where [`SHARE`] of sorted numbers lie closest together, and how close; the middle is the mean of what is about as near.
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

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::features;

    pub const NAMES: [&str; 17] = [
        "jet1_pt", "jet2_pt", "jet3_pt", "jet4_pt", "jet1_eta", "jet2_eta", "jet3_eta", "jet4_eta", "jet1_phi",
        "jet2_phi", "jet3_phi", "jet4_phi", "tag1", "tag2", "tag3", "tag4", "m_jj",
    ];

    /// Four jets, two of them tagged, and in nine of ten rows the mass of the others; angles are multiplied by `scale`.
    pub fn four_jets(rows: usize, scale: f64) -> Vec<Vec<f64>> {
        let mut noise = crate::noise::noise();
        let mut columns = vec![Vec::new(); NAMES.len()];
        for _ in 0..rows {
            let jets: [[f64; 3]; 4] = std::array::from_fn(|_| {
                [-20.0 * noise().max(1e-9).ln(), 5.0 * noise() - 2.5, std::f64::consts::PI * (2.0 * noise() - 1.0)]
            });
            let [a, b] = [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]][(6.0 * noise()) as usize];
            for (j, jet) in jets.iter().enumerate() {
                columns[j].push(jet[0]);
                columns[4 + j].push(jet[1] * scale);
                columns[8 + j].push(jet[2] * scale);
                columns[12 + j].push(if j == a || j == b { 0.0 } else { 2.2 });
            }
            let difference = [jets[a][1] - jets[b][1], jets[a][2] - jets[b][2]];
            let square = 2.0 * jets[a][0] * jets[b][0] * (difference[0].cosh() - difference[1].cos());
            columns[16].push(if noise() < 0.9 { square.sqrt() / 80.0 } else { 0.1 + noise() });
        }
        columns
    }

    #[test]
    fn tags_tell_whose_mass_it_is() {
        let columns = four_jets(6000, 1.0);
        let systems = features::systems(&columns, &features::particles(&NAMES), 3);
        assert_eq!(systems.len(), 10);
        let (left, predictor) = search(16, &columns, 1e-3, &systems).unwrap();
        assert!(left < 1.5, "{left} bits");
        let predicted = predictor.predict(6000, |c| &columns[c as usize]);
        let right = predicted.iter().zip(&columns[16]).filter(|(p, x)| (*p - *x).abs() < 1e-3).count();
        assert!(right > 5200, "{right} of 6000");
        // pt cannot be one: no system comes before it
        assert!(search(0, &columns, 1e-3, &systems).is_none());
    }
}
