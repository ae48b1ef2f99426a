//! Columns that others determine go after these, wherever the file has them: of energy fractions, which add up to one,
//! the one that costs most is coded last, when it costs next to nothing.

use super::order;
use crate::fits::least_squares::precision;
use rootbaler::model::sample::Sample;
use rootbaler::model::{Model, ModelSpec};
use rootbaler::values::quantiser::Lattice;

/// Rows that are looked at.
const ROWS: usize = 20_000;
/// A column is determined if the others save it this many bits.
const SAVED: f64 = 2.5;
/// Another counts if without it the variance of what is left would be larger by this factor.
const GROWTH: f64 = 3.0;
/// Variance of what is rounded to steps.
const ROUNDING: f64 = 1.0 / 12.0;

/// A column that others determine, by a linear formula.
struct Determined {
    own: usize,
    by: Vec<usize>,
}

/// The order of the columns of `base`, which all have axes, in which determined ones stand after those that determine
/// them. What analyses read first stays in front.
pub fn determined_last(base: &ModelSpec, sample: &Sample) -> rootbaler::Result<Vec<usize>> {
    let model = Model::new(base)?;
    let contexts = model.sample_contexts(sample);
    let rows = sample.rows.min(ROWS);
    let mut free: Vec<usize> = (0..base.columns.len()).filter(|&c| base.columns[c].foreign.is_none()).collect();
    let (mut values, mut bits) = (vec![Vec::new(); base.columns.len()], vec![0.0; base.columns.len()]);
    for &c in &free {
        let lattice = &contexts[c].lattice;
        let seen = &lattice[..rows.min(lattice.len())];
        let column = &model.columns()[c];
        let step = match column.spec.quantiser.lattice {
            Lattice::Abs { step, .. } | Lattice::Dithered { step, .. } => step,
            _ => 1.0,
        };
        values[c] = column.lattice_values(seen).iter().map(|x| if x.is_finite() { x / step } else { 0.0 }).collect();
        bits[c] = entropy(seen.to_vec());
    }
    let is_index = |c: usize| base.columns.iter().filter_map(|c| c.foreign.as_ref()).any(|f| f.index as usize == c);
    let may_move = |c: usize| !is_index(c) && !order::is_base(&base.columns[c].name);
    let mut found = Vec::new();
    while let Some(next) = best(&free, &values, &bits, may_move) {
        free.retain(|&c| c != next.own);
        found.push(next);
    }
    let mut keys: Vec<(usize, usize)> = (0..base.columns.len()).map(|c| (c, 0)).collect();
    for (depth, determined) in found.iter().rev().enumerate() {
        let after = determined.by.iter().map(|&c| keys[c].0).max().unwrap_or(0);
        keys[determined.own] = (after.max(determined.own), depth + 1);
    }
    let mut order: Vec<usize> = (0..base.columns.len()).collect();
    order.sort_by_key(|&c| keys[c]);
    Ok(order)
}

/// The column that the others save most, if that is enough.
fn best(free: &[usize], values: &[Vec<f64>], bits: &[f64], may: impl Fn(usize) -> bool) -> Option<Determined> {
    let columns: Vec<&[f64]> = free.iter().map(|&c| values[c].as_slice()).collect();
    let precision = precision(&columns, ROUNDING)?;
    let saved = |j: usize| {
        // of a normal distribution with the variance that is left
        let left = 0.5 * (2.0 * std::f64::consts::PI * std::f64::consts::E / precision[j][j]).log2();
        bits[free[j]] - left.max(0.0)
    };
    let candidates = (0..free.len()).filter(|&j| may(free[j])).map(|j| (j, saved(j)));
    let (j, _) = candidates.filter(|c| c.1 > SAVED).max_by(|a, b| a.1.total_cmp(&b.1))?;
    let counts = |&k: &usize| {
        let share = precision[j][k].powi(2) / (precision[j][j] * precision[k][k]);
        k != j && share > 1.0 - 1.0 / GROWTH
    };
    Some(Determined { own: free[j], by: (0..free.len()).filter(counts).map(|k| free[k]).collect() })
}

/// Bits of integers, each by itself.
fn entropy(mut points: Vec<i64>) -> f64 {
    points.sort_unstable();
    let n = points.len() as f64;
    points.chunk_by(|a, b| a == b).map(|run| run.len() as f64).map(|k| k / n * (n / k).log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rootbaler::model::builder;
    use rootbaler::values::bound::Bound;

    #[test]
    fn the_fraction_that_costs_most_goes_last() {
        let mut noise = crate::testing::noise();
        let rows = 4000;
        let (mut pt, mut charged, mut photons, mut muons) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for _ in 0..rows {
            let muon = if noise() < 0.1 { noise() } else { 0.0 };
            let share = (1.0 - muon) * 0.5 * noise();
            pt.push(20.0 + noise());
            charged.push(share);
            photons.push(1.0 - muon - share);
            muons.push(muon);
        }
        let mut sample = Sample::scalar(rows);
        let names = ["pt", "chHEF", "neEmEF", "muEF", "eta"];
        for (name, values) in names.iter().zip([&pt, &charged, &photons, &muons, &pt]) {
            sample.add(name, Bound::RelSigma(1e-2), values).unwrap();
        }
        let base = builder::build(&sample, &[], "test");
        let order: Vec<&str> = determined_last(&base, &sample).unwrap().into_iter().map(|c| names[c]).collect();
        // pt and eta are the same here, but stay in front
        let place = |name: &str| order.iter().position(|&n| n == name).unwrap();
        assert!(place("neEmEF").max(place("chHEF")) > place("muEF"), "{order:?}");
        assert!(place("muEF") > place("neEmEF").min(place("chHEF")), "{order:?}");
        assert_eq!(order[0], "pt");
    }
}
