//! Which bound each branch gets: rules of a branch-name pattern and a bound, of which the last that matches counts.

use crate::error::{Error, Result};
use crate::ffi::bridge::{self, TreeInfo};
use glob::Pattern;

/// What a branch has if no rule names it.
pub const LOSSLESS: &str = "lossless";

/// One line of `[bounds]`, or `--bound` for all branches.
#[derive(Debug)]
struct Rule {
    text: String,
    pattern: Pattern,
    bound: String,
}

/// All rules, in the order in which they were given.
#[derive(Debug, Default)]
pub struct BoundRules {
    rules: Vec<Rule>,
}

impl BoundRules {
    /// Adds a rule; fails for what is no pattern or no bound.
    pub fn add(&mut self, pattern: &str, bound: &str) -> Result<()> {
        bridge::check_bound(bound)?;
        let parsed = Pattern::new(pattern)
            .map_err(|error| Error::BadArgument(format!("'{pattern}' is no branch-name pattern: {error}")))?;
        self.rules.push(Rule { text: pattern.to_owned(), pattern: parsed, bound: bound.to_owned() });
        Ok(())
    }

    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The bound of one branch.
    pub fn of(&self, branch: &str) -> &str {
        let rule = self.rules.iter().rev().find(|rule| rule.text == branch || rule.pattern.matches(branch));
        rule.map_or(LOSSLESS, |rule| &rule.bound)
    }

    /// Fails if a rule names a branch that is in no tree or cannot have a bound; returns warnings about patterns that
    /// match nothing.
    pub fn check_names(&self, trees: &[&TreeInfo]) -> Result<Vec<String>> {
        let mut warnings = Vec::new();
        for rule in self.rules.iter().filter(|rule| rule.text != "*") {
            let mut named = trees.iter().flat_map(|tree| &tree.branches).filter(|branch| branch.name == rule.text);
            let is_glob = rule.text.contains(['*', '?', '[']);
            if let Some(branch) = named.next() {
                if branch.bound_names.is_empty() && !is_glob {
                    return Err(Error::BadArgument(format!(
                        "branch '{}' of type {} cannot have a bound: only branches of Float_t and Double_t can",
                        branch.name, branch.type_name
                    )));
                }
                continue;
            }
            if !is_glob {
                return Err(Error::Missing(format!(
                    "there is no branch '{}'; `rootbaler inspect` lists the branches of a file",
                    rule.text
                )));
            }
            let matches =
                |branch: &bridge::BranchInfo| !branch.bound_names.is_empty() && rule.pattern.matches(&branch.name);
            if !trees.iter().flat_map(|tree| &tree.branches).any(matches) {
                warnings.push(format!("the pattern '{}' matches no branch of Float_t or Double_t", rule.text));
            }
        }
        Ok(warnings)
    }
}

/// Whether two texts are the same bound, however their numbers are written.
pub fn is_same(one: &str, other: &str) -> bool {
    let parts = |spec: &str| {
        let (kind, rest) = spec.split_once('=')?;
        let (number, suffix) = rest.split_once(',').unwrap_or((rest, ""));
        Some((kind.to_owned(), number.parse::<f64>().ok()?, suffix.to_owned()))
    };
    one == other || parts(one).is_some_and(|bound| Some(bound) == parts(other))
}

/// A bound with as many digits as a table has room for.
pub fn short(bound: &str) -> String {
    let (plain, suffix) = bound.find(',').map_or((bound, ""), |comma| bound.split_at(comma));
    match plain.strip_prefix("abs=").and_then(|number| number.parse::<f64>().ok()) {
        Some(number) if plain.len() > 12 => format!("abs={number:.3e}{suffix}"),
        _ => bound.to_owned(),
    }
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
        let branches = branches.iter().map(|(name, is_float)| bridge::BranchInfo {
            name: (*name).to_owned(),
            type_name: "Float_t".to_owned(),
            bound_names: if *is_float { vec![(*name).to_owned()] } else { Vec::new() },
            column: "Float_t".to_owned(),
            counter: String::new(),
            rows: 0,
            setting: 505,
            tot_bytes: 0,
            zip_bytes: 0,
        });
        TreeInfo { path: "t".to_owned(), entries: 0, branches: branches.collect(), promises: Vec::new() }
    }

    #[test]
    fn the_last_matching_rule_counts() {
        let rules = rules(&[("*", "rel-sigma=1e-3"), ("jet*_pt", "abs=0.01"), ("jet1_pt", "bits=10")]);
        assert_eq!(rules.of("jet1_pt"), "bits=10");
        assert_eq!(rules.of("jet2_pt"), "abs=0.01");
        assert_eq!(rules.of("met"), "rel-sigma=1e-3");
    }

    #[test]
    fn nobody_asked_means_lossless() {
        assert_eq!(BoundRules::default().of("x"), LOSSLESS);
        assert_eq!(rules(&[("y", "abs=1")]).of("x"), LOSSLESS);
    }

    #[test]
    fn a_name_with_glob_characters_matches_itself() {
        assert_eq!(rules(&[("x[0]", "abs=1")]).of("x[0]"), "abs=1");
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
    fn tables_show_few_digits() {
        assert_eq!(short("abs=0.0005770965263927381"), "abs=5.771e-4");
        assert_eq!(short("abs=0.01"), "abs=0.01");
        assert_eq!(short("bits=10"), "bits=10");
        assert_eq!(short("abs=0.0005770965263927381,dither"), "abs=5.771e-4,dither");
    }

    #[test]
    fn bad_patterns_are_refused() {
        assert!(matches!(BoundRules::default().add("a[", "abs=1"), Err(Error::BadArgument(_))));
    }

    #[test]
    fn rules_for_branches_that_are_not_there() {
        let tree = tree(&[("a", true), ("n", false)]);
        assert!(matches!(rules(&[("zz", "abs=1")]).check_names(&[&tree]), Err(Error::Missing(_))));
        assert!(matches!(rules(&[("n", "abs=1")]).check_names(&[&tree]), Err(Error::BadArgument(_))));
        assert_eq!(rules(&[("zz*", "abs=1")]).check_names(&[&tree]).map(|w| w.len()).ok(), Some(1));
        assert_eq!(rules(&[("a", "abs=1"), ("*", "abs=2")]).check_names(&[&tree]).map(|w| w.len()).ok(), Some(0));
    }
}
