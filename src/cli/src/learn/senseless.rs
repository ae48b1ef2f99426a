//! Bounds that make little sense: in sigmas, of numbers of events and runs that are stored as floats, and of times; of
//! values that were brought within bounds before.

use super::sigmas::{Sigmas, in_sigmas};
use crate::bridge::{LeafSigma, TreeInfo};
use crate::choice::{Choice, LOSSLESS};

/// So many branches a warning names.
const MOST: usize = 5;
/// Whole numbers that move so far become others.
const ANOTHER: f64 = 0.5;

enum Kind {
    Number,
    Time,
}

/// Warnings about them, with what to ask for instead.
pub fn senseless(trees: &[&TreeInfo], choice: &Choice, sigmas: &Sigmas) -> Vec<String> {
    let (mut numbers, mut times) = (Vec::new(), Vec::new());
    for tree in trees {
        for branch in &tree.branches {
            for name in &branch.bound_names {
                let bound = in_sigmas(choice, branch, name).zip(sigmas.leaf(&tree.path, name));
                let Some((leaf, moves)) = bound.map(|(factor, leaf)| (leaf, factor * leaf.sigma)) else { continue };
                let text = format!("'{name}' (by up to {moves:.3e})");
                match kind(leaf, moves) {
                    Some(Kind::Number) => numbers.push(text),
                    Some(Kind::Time) => times.push(text),
                    None => {}
                }
            }
        }
    }
    let mut warnings = Vec::new();
    if !numbers.is_empty() {
        warnings.push(format!(
            "the bound lets whole numbers become others in {}: if they count or name something, such as events or \
             runs, ask for \"lossless\" in [bounds] of --config",
            list(&numbers)
        ));
    }
    if !times.is_empty() {
        warnings.push(format!(
            "values only grow, as times do, in {}: their sigma says how long was measured, not how well; ask for \
             abs=E or \"lossless\" in [bounds] of --config",
            list(&times)
        ));
    }
    warnings
}

/// What to say where values moved before: bounds add up.
pub fn moved_before(trees: &[&TreeInfo]) -> Option<String> {
    let is_lossy = |tree: &&&TreeInfo| tree.promises.iter().any(|promise| promise.bound != LOSSLESS);
    let tree = trees.iter().find(is_lossy)?;
    Some(format!(
        "the values of tree '{}' were brought within bounds before (`rootbaler inspect`): what they move now comes on \
         top; compress the original where there is one",
        tree.path
    ))
}

fn kind(leaf: &LeafSigma, moves: f64) -> Option<Kind> {
    match leaf {
        _ if moves.is_nan() || moves <= 0.0 => None,
        LeafSigma { is_whole: true, .. } if moves >= ANOTHER => Some(Kind::Number),
        LeafSigma { only_grows: true, .. } => Some(Kind::Time),
        _ => None,
    }
}

fn list(texts: &[String]) -> String {
    let (named, rest) = texts.split_at(texts.len().min(MOST));
    let others = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
    format!("{}{others}", named.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_bounds_make_no_sense() {
        let leaf = |is_whole, only_grows| LeafSigma { sigma: 1.0, is_whole, only_grows };
        assert!(matches!(kind(&leaf(true, true), 0.5), Some(Kind::Number)));
        assert!(matches!(kind(&leaf(true, true), 0.4), Some(Kind::Time)));
        assert!(matches!(kind(&leaf(false, true), 9.0), Some(Kind::Time)));
        assert!(kind(&leaf(true, false), 0.4).is_none() && kind(&leaf(false, false), 9.0).is_none());
        assert!(kind(&leaf(true, true), f64::NAN).is_none() && kind(&leaf(false, true), 0.0).is_none());
    }

    #[test]
    fn many_are_counted() {
        let names: Vec<String> = (0..7).map(|i| format!("'{i}'")).collect();
        assert_eq!(list(&names), "'0', '1', '2', '3', '4' and 2 more");
        assert_eq!(list(&names[..1]), "'0'");
    }
}
