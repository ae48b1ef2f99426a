//! Which trees are compressed, and which of them share a model.

use crate::args::Selection;
use crate::bounds::{self, BoundRules};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::ffi::bridge::{self, ColumnSpec, ModelInfo, SampleRequest, TreeInfo};

/// What the user asked for, from the command line and the configuration file together.
#[derive(Debug)]
pub struct Wish {
    pub config: Config,
    pub rules: BoundRules,
    /// Paths of trees; all if empty.
    trees: Vec<String>,
}

impl Wish {
    pub fn new(selection: &Selection) -> Result<Self> {
        let config = selection.config.as_deref().map(Config::load).transpose()?.unwrap_or_default();
        let mut rules = BoundRules::default();
        if let Some(bound) = &selection.bound {
            rules.add("*", bound)?;
        }
        for (pattern, bound) in config.bound_rules().map_err(Error::BadArgument)? {
            rules.add(pattern, bound)?;
        }
        let trees = if selection.tree.is_empty() { config.trees.select.clone() } else { selection.tree.clone() };
        Ok(Wish { config, rules, trees })
    }

    /// The trees asked for; fails if one is not there.
    pub fn select<'a>(&self, file: &str, trees: &'a [TreeInfo]) -> Result<Vec<&'a TreeInfo>> {
        if self.trees.is_empty() {
            if trees.is_empty() {
                return Err(Error::Missing(format!("'{file}' has no trees")));
            }
            return Ok(trees.iter().collect());
        }
        let names: Vec<&str> = trees.iter().map(|tree| tree.path.as_str()).collect();
        let find = |path: &String| {
            trees
                .iter()
                .find(|tree| tree.path == *path)
                .ok_or_else(|| Error::Missing(format!("'{file}' has no tree '{path}'; it has {}", listed(&names))))
        };
        self.trees.iter().map(find).collect()
    }
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() { "no trees".to_owned() } else { names.join(", ") }
}

/// Trees with the same lossy branches: one model serves them all.
#[derive(Debug)]
pub struct Group {
    pub trees: Vec<String>,
    pub columns: Vec<ColumnSpec>,
    pub entries: u64,
}

impl Group {
    /// Fails unless the model has every column with the bound that was asked for: what a file promises is checked
    /// later, but that it promises the right thing only here.
    pub fn require_kept(&self, model: &ModelInfo) -> Result<()> {
        for column in &self.columns {
            let is_kept = |other: &bridge::ModelColumn| {
                other.name == column.name && bounds::is_same(&other.request, &column.bound)
            };
            if !model.columns.iter().any(is_kept) {
                return Err(Error::Incompatible(format!(
                    "the trainer's model does not keep bound {} of branch '{}': run `make trainer`",
                    column.bound, column.name
                )));
            }
        }
        Ok(())
    }

    /// The rows to learn from.
    pub fn sample(&self, file: &str, max_rows: u64, seed: u64) -> SampleRequest {
        SampleRequest {
            file: file.to_owned(),
            trees: self.trees.clone(),
            columns: self.columns.clone(),
            max_rows,
            seed,
        }
    }
}

/// Name, type and order of a tree's scalar float branches.
fn modelled(tree: &TreeInfo) -> Vec<(&str, bool)> {
    let branches = tree.branches.iter().filter(|branch| branch.is_modelled);
    branches.map(|branch: &bridge::BranchInfo| (branch.name.as_str(), branch.is_double)).collect()
}

/// Puts trees with the same scalar float branches together; trees without lossy branches or entries need no model.
pub fn groups(trees: &[&TreeInfo], rules: &BoundRules) -> Vec<Group> {
    let mut groups: Vec<(Vec<(&str, bool)>, Group)> = Vec::new();
    for tree in trees.iter().filter(|tree| tree.entries > 0) {
        let columns = rules.lossy_columns(tree);
        if columns.is_empty() {
            continue;
        }
        let mut key = modelled(tree);
        key.sort_unstable();
        match groups.iter_mut().find(|(other, _)| *other == key) {
            Some((_, group)) => {
                group.trees.push(tree.path.clone());
                group.entries += tree.entries;
            }
            None => groups.push((key, Group { trees: vec![tree.path.clone()], columns, entries: tree.entries })),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(path: &str, entries: u64, names: &[&str]) -> TreeInfo {
        let branches = names.iter().map(|name| bridge::BranchInfo {
            name: (*name).to_owned(),
            type_name: "Float_t".to_owned(),
            is_modelled: true,
            is_double: false,
            setting: 505,
            tot_bytes: 0,
            zip_bytes: 0,
        });
        TreeInfo { path: path.to_owned(), entries, branches: branches.collect() }
    }

    fn all(bound: &str) -> BoundRules {
        let mut rules = BoundRules::default();
        rules.add("*", bound).expect("a good rule");
        rules
    }

    #[test]
    fn trees_with_the_same_branches_share_a_model() {
        let (sig, bkg, other) = (tree("sig", 3, &["a", "b"]), tree("bkg", 4, &["b", "a"]), tree("other", 5, &["a"]));
        let groups = groups(&[&sig, &bkg, &other], &all("abs=1"));
        assert_eq!(groups.len(), 2);
        assert_eq!(groups[0].trees, ["sig", "bkg"]);
        assert_eq!(groups[0].entries, 7);
        assert_eq!(groups[0].columns[0].name, "a");
        assert_eq!(groups[1].trees, ["other"]);
    }

    #[test]
    fn a_model_with_other_bounds_is_refused() {
        let t = tree("t", 1, &["a"]);
        let group = groups(&[&t], &all("abs=1")).remove(0);
        let model = |name: &str, request: &str| ModelInfo {
            hash: String::new(),
            bytes: 0,
            columns: vec![bridge::ModelColumn {
                name: name.to_owned(),
                is_double: false,
                bound: request.to_owned(),
                request: request.to_owned(),
                parents: Vec::new(),
            }],
        };
        assert!(group.require_kept(&model("a", "abs=1.0")).is_ok());
        assert!(matches!(group.require_kept(&model("a", "abs=10")), Err(Error::Incompatible(_))));
        assert!(matches!(group.require_kept(&model("b", "abs=1")), Err(Error::Incompatible(_))));
    }

    #[test]
    fn nothing_to_learn_from() {
        let (empty, full) = (tree("empty", 0, &["a"]), tree("full", 1, &["a"]));
        assert!(groups(&[&empty], &all("abs=1")).is_empty());
        assert!(groups(&[&full], &all("lossless")).is_empty());
    }
}
