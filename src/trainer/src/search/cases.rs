//! Formulas that differ from case to case: the mass of the jets without b tag is one of six, by the tags. In each case
//! the column is proportional to the mass of a system of particles, at least in a part of the rows ([`MassTree`]).

use crate::fits::features::Feature;
use crate::fits::masses::{Leaf, MassTree};
use rootbaler::model::predictor::{Case, Formula, Predictor};

/// The predictor of column `own` by cases, if there may be one, and the bits that it leaves.
pub fn by_cases(own: usize, columns: &[Vec<f64>], step: f64, systems: &[Feature]) -> Option<(f64, Predictor)> {
    let tree = MassTree::new(own, columns, step, systems)?;
    let leaves = tree.grow();
    let left = leaves.iter().map(|leaf| leaf.fit.bits).sum::<f64>() / tree.rows() as f64;
    let case = |leaf: Leaf| {
        let terms = systems[leaf.fit.feature].times((2.0 * leaf.fit.log).exp()).collect();
        Case { when: leaf.when, formula: Formula { terms, root: true } }
    };
    Some((left, Predictor { cases: leaves.into_iter().map(case).collect() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fits::features;
    use crate::testing::{NAMES, four_jets};

    #[test]
    fn tags_tell_whose_mass_it_is() {
        let columns = four_jets(6000, 1.0);
        let systems = features::systems(&columns, &features::particles(&NAMES), 3);
        assert_eq!(systems.len(), 10);
        let (left, predictor) = by_cases(16, &columns, 1e-3, &systems).unwrap();
        assert!(left < 1.5, "{left} bits");
        let predicted = predictor.predict(6000, |c| &columns[c as usize]);
        let right = predicted.iter().zip(&columns[16]).filter(|(p, x)| (*p - *x).abs() < 1e-3).count();
        assert!(right > 5200, "{right} of 6000");
        // pt cannot be one: no system comes before it
        assert!(by_cases(0, &columns, 1e-3, &systems).is_none());
    }
}
