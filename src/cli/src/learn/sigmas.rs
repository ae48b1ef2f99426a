//! How far the values of branches spread, which bounds in sigmas are multiples of: all values of a branch in one tree.

use crate::bridge::{self, BranchInfo, LeafSigma, TreeBranches, TreeInfo};
use crate::choice::Choice;
use crate::support::error::Result;
use crate::support::progress::ProgressSink;
use rootbaler::Bound;
use std::collections::HashMap;

/// Trees whose sigmas differ by no more may share a model, for which the smallest counts.
const CLOSE: f64 = 2.0;

/// Standard deviations of the leaves that have a bound in sigmas, by tree and leaf.
#[derive(Debug, Default)]
pub struct Sigmas {
    trees: HashMap<String, HashMap<String, LeafSigma>>,
}

impl Sigmas {
    /// Reads all values of these leaves of the trees, in all files.
    pub fn measure(files: &[String], trees: &[&TreeInfo], choice: &Choice, progress: &ProgressSink) -> Result<Self> {
        let asked = |branch: &BranchInfo| {
            let names = branch.bound_names.iter();
            names.filter(|name| in_sigmas(choice, branch, name).is_some()).cloned().collect::<Vec<String>>()
        };
        let leaves = |tree: &TreeInfo| {
            let branches = tree.branches.iter().flat_map(asked).collect();
            TreeBranches { tree: tree.path.clone(), branches }
        };
        let leaves: Vec<TreeBranches> = trees.iter().filter(|tree| tree.entries > 0).map(|tree| leaves(tree)).collect();
        if leaves.iter().all(|tree| tree.branches.is_empty()) {
            return Ok(Sigmas::default());
        }
        let found = bridge::measure_sigmas(files, &leaves, progress)?;
        let by_tree = leaves.into_iter().zip(found);
        let trees = by_tree.map(|(tree, found)| (tree.tree, tree.branches.into_iter().zip(found.leaves).collect()));
        Ok(Sigmas { trees: trees.collect() })
    }

    /// What tests say.
    #[cfg(test)]
    pub fn known(trees: &[(&str, &[(&str, f64)])]) -> Self {
        let leaf = |sigma| LeafSigma { sigma, is_whole: false, only_grows: false };
        let leaves =
            |leaves: &[(&str, f64)]| leaves.iter().map(|(name, sigma)| ((*name).to_owned(), leaf(*sigma))).collect();
        Sigmas { trees: trees.iter().map(|(tree, of)| ((*tree).to_owned(), leaves(of))).collect() }
    }

    /// That of a leaf; NaN if it has no bound in sigmas or no values.
    pub fn of(&self, tree: &str, leaf: &str) -> f64 {
        self.leaf(tree, leaf).map_or(f64::NAN, |leaf| leaf.sigma)
    }

    /// What is known of a leaf that has a bound in sigmas.
    pub fn leaf(&self, tree: &str, leaf: &str) -> Option<&LeafSigma> {
        self.trees.get(tree).and_then(|leaves| leaves.get(leaf))
    }
}

/// How many sigmas the bound of a leaf is, if it is one in sigmas.
pub fn in_sigmas(choice: &Choice, branch: &BranchInfo, leaf: &str) -> Option<f64> {
    match choice.rules.of_part(&branch.name, leaf).parse() {
        Ok(Bound::RelSigma(sigmas) | Bound::RelSigmaDither(sigmas)) => Some(sigmas),
        _ => None,
    }
}

/// Whether a bound for one is a sensible one for the other.
pub fn are_close(one: f64, other: f64) -> bool {
    one.is_nan() || other.is_nan() || one == other || one.max(other) <= CLOSE * one.min(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_sigmas_are_close() {
        let (nan, far) = (f64::NAN, f64::INFINITY);
        for (one, other) in [(1.0, 1.0), (1.0, 2.0), (0.0, 0.0), (nan, 3.0), (nan, nan), (far, far)] {
            assert!(are_close(one, other) && are_close(other, one), "{one} and {other}");
        }
        for (one, other) in [(1.0, 2.01), (0.0, 1e-9), (far, 1.0)] {
            assert!(!are_close(one, other) && !are_close(other, one), "{one} and {other}");
        }
    }
}
