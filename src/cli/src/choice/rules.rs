//! Which bound each branch gets: rules of a branch-name pattern and a bound, of which the last that matches counts.

use super::pattern::Pattern;
use crate::bridge::{BranchInfo, TreeInfo};
use crate::support::error::{Error, Result};
use rootbaler::Bound;
use serde::{Deserialize, Serialize};

/// What a branch has if no rule names it.
pub const LOSSLESS: &str = "lossless";

/// One line of `[bounds]`, or `--bound` for all branches.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Rule {
    pattern: Pattern,
    bound: String,
}

/// All rules, in the order in which they were given.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BoundRules {
    rules: Vec<Rule>,
}

impl BoundRules {
    /// Adds a rule; fails for what is no pattern or no bound.
    pub fn add(&mut self, pattern: &str, bound: &str) -> Result<()> {
        bound.parse::<Bound>().map_err(|error| Error::BadArgument(error.to_string()))?;
        self.rules.push(Rule { pattern: Pattern::new(pattern)?, bound: bound.to_owned() });
        Ok(())
    }

    /// Whether nobody asked for any bound.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The bound of a branch, or of something in it that has a name of its own: a leaf of a leaf list, a member of a
    /// class.
    pub fn of_part(&self, branch: &str, part: &str) -> &str {
        let matches = |rule: &&Rule| rule.pattern.matches(branch) || rule.pattern.matches(part);
        self.rules.iter().rev().find(matches).map_or(LOSSLESS, |rule| &rule.bound)
    }

    /// Fails if a rule names a branch that is in no tree or cannot have a bound, or is a pattern that none matches;
    /// returns warnings about bounds for all branches where none can have one, and such as leave nothing.
    pub fn check(&self, trees: &[&TreeInfo]) -> Result<Vec<String>> {
        let mut warnings: Vec<String> = self.rules.iter().filter_map(|rule| too_wide(&rule.bound)).collect();
        let branches = || trees.iter().flat_map(|tree| &tree.branches);
        let is_part = |name: &str| branches().any(|branch| branch.bound_names.iter().any(|part| part == name));
        for pattern in self.rules.iter().map(|rule| &rule.pattern).filter(|pattern| pattern.text() != "*") {
            match branches().find(|branch| branch.name == pattern.text()) {
                Some(branch) if !branch.is_float() && !pattern.is_glob() => {
                    return Err(Error::BadArgument(format!(
                        "branch '{}' of type {} cannot have a bound: only branches of Float_t and Double_t can",
                        branch.name, branch.type_name
                    )));
                }
                Some(_) => continue,
                None if is_part(pattern.text()) => continue,
                None if !pattern.is_glob() => {
                    return Err(Error::Missing(format!(
                        "there is no branch '{pattern}'; `rootbaler inspect` lists the branches of a file"
                    )));
                }
                None => {}
            }
            let matches = |branch: &BranchInfo| {
                let mut parts = branch.bound_names.iter();
                branch.is_float() && (pattern.matches(&branch.name) || parts.any(|part| pattern.matches(part)))
            };
            if !branches().any(matches) {
                return Err(Error::Missing(format!(
                    "the pattern '{pattern}' matches no branch of Float_t or Double_t; `rootbaler inspect` lists the \
                     branches of a file"
                )));
            }
        }
        let is_for_all = |rule: &Rule| rule.pattern.text() == "*" && rule.bound != LOSSLESS;
        if self.rules.iter().any(is_for_all) && !branches().any(BranchInfo::is_float) {
            warnings.push("there is no branch of Float_t or Double_t, so the bound reaches nothing".to_owned());
        }
        Ok(warnings)
    }
}

/// What to say about a bound as wide as the values are spread.
fn too_wide(bound: &str) -> Option<String> {
    match bound.parse() {
        Ok(Bound::RelSigma(sigmas) | Bound::RelSigmaDither(sigmas)) if sigmas >= 1.0 => Some(format!(
            "the bound {bound} lets values move by their whole standard deviation or more: most of what they say is \
             lost (rel-sigma=1e-3 keeps them to a thousandth of it)"
        )),
        _ => None,
    }
}

/// Whether two texts are the same bound, however their numbers are written.
pub fn is_same(one: &str, other: &str) -> bool {
    let bound = |text: &str| text.parse::<Bound>().ok();
    one == other || bound(one).is_some_and(|bound_of_one| Some(bound_of_one) == bound(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(list: &[(&str, &str)]) -> BoundRules {
        let mut rules = BoundRules::default();
        for (pattern, bound) in list {
            rules.add(pattern, bound).expect("a good rule");
        }
        rules
    }

    fn tree(branches: &[(&str, bool)]) -> TreeInfo {
        let branches = branches.iter().map(|(name, is_float)| BranchInfo {
            name: (*name).to_owned(),
            type_name: "Float_t".to_owned(),
            bound_names: if *is_float { vec![(*name).to_owned()] } else { Vec::new() },
            columns: Vec::new(),
            rows: 0,
            setting: 505,
            raw_bytes: 0,
            bytes: 0,
        });
        TreeInfo { path: "t".to_owned(), entries: 0, branches: branches.collect(), promises: Vec::new() }
    }

    #[test]
    fn the_last_matching_rule_counts() {
        let rules = rules(&[("*", "rel-sigma=1e-3"), ("jet*_pt", "abs=0.01"), ("jet1_pt", "bits=10")]);
        assert_eq!(rules.of_part("jet1_pt", "jet1_pt"), "bits=10");
        assert_eq!(rules.of_part("jet2_pt", "jet2_pt"), "abs=0.01");
        assert_eq!(rules.of_part("met", "met"), "rel-sigma=1e-3");
    }

    #[test]
    fn nobody_asked_means_lossless() {
        assert_eq!(BoundRules::default().of_part("x", "x"), LOSSLESS);
        assert_eq!(rules(&[("y", "abs=1")]).of_part("x", "x"), LOSSLESS);
    }

    #[test]
    fn a_name_with_glob_characters_matches_itself() {
        assert_eq!(rules(&[("x[0]", "abs=1")]).of_part("x[0]", "x[0]"), "abs=1");
    }

    #[test]
    fn bad_bounds_are_refused() {
        let bad =
            ["abs=0", "abs=-1", "abs=nan", "abs=inf", "abs=", "abs", "", "bits=53", "bits=1.5", "rel-sigma=0", "x=1"];
        for spec in bad {
            let result = BoundRules::default().add("*", spec);
            assert!(matches!(result, Err(Error::BadArgument(_))), "{spec}: {result:?}");
        }
    }

    #[test]
    fn bounds_that_leave_nothing_are_named() {
        let warnings = |bound| rules(&[("*", bound)]).check(&[&tree(&[("a", true)])]).expect("good rules");
        for bound in ["rel-sigma=1", "rel-sigma=2", "rel-sigma=3,dither"] {
            assert!(warnings(bound).iter().any(|text| text.contains(bound)), "{bound}");
        }
        for bound in ["rel-sigma=0.9", "abs=2", "bits=2", "lossless"] {
            assert!(warnings(bound).is_empty(), "{bound}");
        }
    }

    #[test]
    fn the_same_bound_in_other_digits() {
        assert!(is_same("rel-sigma=1e-3", "rel-sigma=0.001"));
        assert!(is_same("lossless", "lossless"));
        assert!(!is_same("rel-sigma=1e-3", "rel-sigma=0.01"));
        assert!(!is_same("rel-sigma=1e-3", "abs=1e-3"));
        assert!(!is_same("abs=1", "lossless"));
        assert!(is_same("abs=1,dither", "abs=1.0,dither"));
        assert!(!is_same("abs=1,dither", "abs=1"));
    }

    #[test]
    fn bad_patterns_are_refused() {
        assert!(matches!(BoundRules::default().add("a[", "abs=1"), Err(Error::BadArgument(_))));
    }

    #[test]
    fn rules_for_branches_that_are_not_there() {
        let tree = tree(&[("a", true), ("n", false)]);
        assert!(matches!(rules(&[("zz", "abs=1")]).check(&[&tree]), Err(Error::Missing(_))));
        assert!(matches!(rules(&[("n", "abs=1")]).check(&[&tree]), Err(Error::BadArgument(_))));
        assert!(matches!(rules(&[("zz*", "abs=1")]).check(&[&tree]), Err(Error::Missing(_))));
        assert!(matches!(rules(&[("n*", "abs=1")]).check(&[&tree]), Err(Error::Missing(_))));
        assert_eq!(rules(&[("a", "abs=1"), ("*", "abs=2")]).check(&[&tree]).map(|w| w.len()).ok(), Some(0));
    }

    #[test]
    fn a_bound_that_reaches_nothing_is_said() {
        let tree = tree(&[("n", false)]);
        assert_eq!(rules(&[("*", "abs=1")]).check(&[&tree]).map(|w| w.len()).ok(), Some(1));
        assert_eq!(rules(&[("*", "lossless")]).check(&[&tree]).map(|w| w.len()).ok(), Some(0));
    }
}
