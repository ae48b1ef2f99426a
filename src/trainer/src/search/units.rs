//! Units of standardised columns: tables for machine learning often have momenta and angles divided by their spread.
//! The masses of systems of particles tell by what.

use crate::fits::features::{self, Particle};
use crate::fits::least_squares::forward_selection;
use crate::fits::masses::{MassTree, log_of_root};
use std::f64::consts::PI;

/// An azimuth is one if half of its absolute values are below half of the largest, within this share.
const FLAT: f64 = 0.05;
/// Rows needed to see that.
const LEAST_ROWS: usize = 1000;
/// An azimuth with this share of pi as largest absolute value is in radians.
const IN_RADIANS: f64 = 0.01;
/// Gauss and Newton's steps, each with a new tree.
const ROUNDS: usize = 10;
/// Rows count that are off by no more than so many times what the closest ones are.
const NEAR: f64 = 3.0;
/// A leaf so much less sharp than the sharpest is not about units.
const BLURRED: f64 = 100.0;
/// For derivatives by difference.
const SMALL: f64 = 1e-5;
/// Largest change of a unit in one step.
const LARGEST: f64 = 0.3;

/// What to multiply each column's values by, None where they are as they should be. `steps` are those of the lattices.
pub fn find(columns: &[Vec<f64>], particles: &[Particle], steps: &[f64]) -> Vec<Option<f32>> {
    let mut units = vec![None; columns.len()];
    for particle in particles {
        if let Some(unit) = azimuth(&columns[particle.phi]) {
            [particle.pt, particle.eta].into_iter().for_each(|c| units[c] = Some(1.0));
            units[particle.phi] = Some(unit as f32);
        }
    }
    let standardised: Vec<&Particle> = particles.iter().filter(|p| units[p.phi].is_some()).collect();
    for _ in 0..ROUNDS {
        if standardised.len() < 2 || !improve(&mut units, columns, particles, &standardised, steps) {
            break;
        }
    }
    // no model may hold what overflowed
    units.into_iter().map(|unit| unit.filter(|unit| unit.is_normal())).collect()
}

/// Changes the columns to their units.
pub fn apply(units: &[Option<f32>], columns: &mut [Vec<f64>]) {
    for (column, unit) in columns.iter_mut().zip(units) {
        if let Some(unit) = unit {
            column.iter_mut().for_each(|value| *value *= f64::from(*unit));
        }
    }
}

/// The unit of an azimuth that is not in radians.
fn azimuth(phi: &[f64]) -> Option<f64> {
    let mut sizes: Vec<f64> = phi.iter().map(|x| x.abs()).collect();
    sizes.sort_unstable_by(f64::total_cmp);
    let largest = *sizes.last().filter(|x| sizes.len() >= LEAST_ROWS && x.is_finite() && **x > 0.0)?;
    let is_flat = (2.0 * sizes[sizes.len() / 2] / largest - 1.0).abs() < FLAT;
    let is_known = (largest / PI - 1.0).abs() < IN_RADIANS || (largest / (2.0 * PI) - 1.0).abs() < IN_RADIANS;
    (is_flat && !is_known).then_some(PI / largest)
}

/// One step, by the column that systems of two determine best. False if there is none.
fn improve(
    units: &mut [Option<f32>],
    columns: &[Vec<f64>],
    particles: &[Particle],
    standardised: &[&Particle],
    steps: &[f64],
) -> bool {
    let mut scaled = columns.to_vec();
    apply(units, &mut scaled);
    let pairs = features::systems(&scaled, particles, 2);
    let candidates = (0..columns.len()).filter(|&c| units[c].is_none());
    let trees = candidates.filter_map(|c| MassTree::new(c, &scaled, steps[c], &pairs));
    let trees = trees.map(|tree| (tree.saved(), tree));
    let Some((_, best)) = trees.max_by(|a, b| a.0.total_cmp(&b.0)) else { return false };
    // logarithms of the column's ratio to its feature, and derivatives of the feature by logarithms of units
    let own: Vec<usize> = standardised.iter().flat_map(|p| [p.pt, p.eta, p.phi]).collect();
    // and a constant, all of them weighted: blurred leaves tell only what sharp ones do not
    let (mut ratios, mut derivatives) = (Vec::new(), vec![Vec::new(); own.len() + 1]);
    let moved: Vec<Vec<f64>> = scaled.iter().map(|c| c.iter().map(|x| x * (1.0 + SMALL)).collect()).collect();
    let leaves = best.grow();
    let sharpest = leaves.iter().map(|leaf| leaf.fit.width).fold(f64::INFINITY, f64::min);
    for leaf in leaves.iter().filter(|leaf| leaf.fit.width < BLURRED * sharpest) {
        let pair = &pairs[leaf.fit.feature];
        let ratio = |row: usize| best.logs[row] - log_of_root(&pair.values[row]);
        let is_near = |&row: &usize| (ratio(row) - leaf.fit.log).abs() <= NEAR * leaf.fit.width;
        let rows: Vec<usize> = leaf.rows.iter().copied().filter(is_near).collect();
        let weight = 1.0 / leaf.fit.width.max(SMALL);
        ratios.extend(rows.iter().map(|&row| ratio(row) * weight));
        derivatives[own.len()].extend(rows.iter().map(|_| weight));
        for (derivative, &changed) in derivatives.iter_mut().zip(&own) {
            if pair.sum.columns().all(|c| c as usize != changed) {
                derivative.resize(ratios.len(), 0.0);
                continue;
            }
            let with = |c: u32| if c as usize == changed { &moved[c as usize][..] } else { &scaled[c as usize][..] };
            let values = pair.sum.predict(columns[changed].len(), with);
            let change = |row: usize| log_of_root(&values[row]) - log_of_root(&pair.values[row]);
            derivative.extend(rows.iter().map(|&row| change(row) / SMALL * weight));
        }
    }
    let derivatives: Vec<&[f64]> = derivatives.iter().map(Vec::as_slice).collect();
    let Some(step) = forward_selection(&derivatives, &ratios, derivatives.len()).pop() else { return false };
    for (k, change) in step.chosen.into_iter().filter(|(k, _)| *k < own.len()) {
        let unit = units[own[k]].get_or_insert(1.0);
        *unit *= (1.0 + change.clamp(-LARGEST, LARGEST)) as f32;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{NAMES, four_jets};

    #[test]
    fn angles_divided_by_something_become_radians() {
        let particles = features::particles(&NAMES);
        let steps = [1e-3; NAMES.len()];
        let units = find(&four_jets(6000, 0.6), &particles, &steps);
        for (name, unit) in NAMES.iter().zip(&units) {
            match name {
                n if n.ends_with("_eta") || n.ends_with("_phi") => {
                    let off = f64::from(unit.unwrap()) * 0.6 - 1.0;
                    assert!(off.abs() < 2e-3, "{name}: {off}");
                }
                n if n.ends_with("_pt") => {
                    // all have the same
                    assert!((unit.unwrap() / units[0].unwrap() - 1.0).abs() < 2e-3, "{name}");
                }
                _ => assert!(unit.is_none(), "{name}"),
            }
        }
        assert!(find(&four_jets(6000, 1.0), &particles, &steps).iter().all(Option::is_none));
        let usable = |unit: &Option<f32>| unit.is_none_or(f32::is_normal);
        assert!(find(&four_jets(6000, 1e-45), &particles, &steps).iter().all(usable), "a unit beyond all floats");
    }
}
