//! Whether models that were made before keep the bounds that are asked for now, in sigmas of the files at hand.

use super::serving::{is_column, misfit};
use super::sigmas::Sigmas;
use crate::bridge::{ColumnInfo, ModelInfo, TreeInfo};
use crate::choice::Choice;
use crate::support::error::{Error, Result};
use rootbaler::Bound;

/// Fails for the first column of the trees for which a model that fits has a wider bound than the choice.
pub fn require_kept(models: &[ModelInfo], trees: &[&TreeInfo], choice: &Choice, sigmas: &Sigmas) -> Result<()> {
    for tree in trees.iter().filter(|tree| tree.entries > 0) {
        for model in models.iter().filter(|model| misfit(model, tree).is_none()) {
            for column in &model.columns {
                let Some(branch) = tree.branches.iter().find(|branch| is_column(model, column, branch)) else {
                    continue;
                };
                let asked = choice.rules.of_part(&branch.name, &column.name);
                let sigma = sigmas.of(&tree.path, &column.name);
                if !keeps(column, asked, sigma) {
                    return Err(too_wide(tree, column, asked, sigma));
                }
            }
        }
    }
    Ok(())
}

fn keeps(column: &ColumnInfo, asked: &str, sigma: f64) -> bool {
    let resolved = match asked.parse() {
        Ok(Bound::RelSigma(_) | Bound::RelSigmaDither(_)) if sigma.is_nan() => return true, // there are no values
        Ok(Bound::RelSigma(sigmas)) => Bound::Abs(sigmas * sigma),
        Ok(Bound::RelSigmaDither(sigmas)) => Bound::AbsDither(sigmas * sigma),
        Ok(bound) => bound,
        Err(_) => return false,
    };
    match (column.bound.parse(), resolved) {
        (Ok(Bound::Lossless), _) => true,
        (Ok(Bound::Abs(kept) | Bound::AbsDither(kept)), Bound::Abs(asked) | Bound::AbsDither(asked)) => kept <= asked,
        (Ok(Bound::Bits(kept)), Bound::Bits(asked)) => kept >= asked,
        _ => false,
    }
}

fn too_wide(tree: &TreeInfo, column: &ColumnInfo, asked: &str, sigma: f64) -> Error {
    let of_sigma = if sigma.is_nan() { String::new() } else { format!(" (its sigma in this file is {sigma:.4e})") };
    Error::BadArgument(format!(
        "the model keeps branch '{}' of tree '{}' within {}, not within {asked}{of_sigma}: leave the bound out to take \
         the model's, or train a model for it",
        column.name, tree.path, column.bound
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_bounds_keep_which() {
        let column = |bound: &str| ColumnInfo {
            name: "x".to_owned(),
            type_name: "Float_t".to_owned(),
            bound: bound.to_owned(),
            request: bound.to_owned(),
            parents: Vec::new(),
        };
        for (kept, asked) in [
            ("abs=0.01", "abs=0.01"),
            ("abs=0.01", "rel-sigma=1e-2"),
            ("abs=0.01,dither", "rel-sigma=1e-2,dither"),
            ("lossless", "rel-sigma=1e-9"),
            ("lossless", "lossless"),
            ("bits=10", "bits=9"),
        ] {
            assert!(keeps(&column(kept), asked, 1.0), "{kept} for {asked}");
        }
        for (kept, asked) in [
            ("abs=0.01", "abs=0.009"),
            ("abs=0.01", "rel-sigma=9e-3"),
            ("abs=0.01", "lossless"),
            ("abs=0.01", "bits=20"),
            ("bits=10", "bits=11"),
            ("bits=20", "abs=1"),
        ] {
            assert!(!keeps(&column(kept), asked, 1.0), "{kept} for {asked}");
        }
        assert!(keeps(&column("abs=0.01"), "rel-sigma=1e-9", f64::NAN), "no values");
    }
}
