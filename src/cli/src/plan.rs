//! Which trees are compressed, and which of their branches help each other.

use crate::args::{Mode, Selection};
use crate::bounds::{self, BoundRules, LOSSLESS};
use crate::config::{Config, Groups};
use crate::error::{Error, Result};
use crate::ffi::bridge::{self, BranchInfo, ColumnSpec, ModelInfo, SampleRequest, TreeInfo};
use crate::links;
use glob::Pattern;

/// The name in `[groups]` of branches without a counter.
const ENTRY: &str = "entry";
/// A network with more inputs costs more than it gains: what is left over stands alone.
const MAX_COLUMNS: usize = 64;
/// Fewer rows cannot pay for a network.
const MIN_ROWS: u64 = 2000;

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

/// Names and types of a group's columns: trees that have the same share a model.
pub type Key = Vec<(String, String)>;

/// A branch of another group whose elements a column points to.
#[derive(Debug, Clone, PartialEq)]
pub struct ForeignColumn {
    pub branch: String,
    /// Counter of that group.
    pub counter: String,
    /// The column that has places in its entries.
    pub index: String,
}

/// Branches that share the rows of a sample, in all trees that have the same of them.
#[derive(Debug, Clone)]
pub struct Group {
    pub trees: Vec<String>,
    /// The branch that counts their elements; empty if a row is an entry.
    pub counter: String,
    pub columns: Vec<ColumnSpec>,
    /// Branches of other groups that columns of this one point to.
    pub foreign: Vec<ForeignColumn>,
    /// Whether a network is to be tried.
    pub is_trained: bool,
    /// In all trees, roughly.
    pub rows: u64,
}

impl Group {
    /// "nJet", or "entry".
    pub fn label(&self) -> &str {
        if self.counter.is_empty() { ENTRY } else { &self.counter }
    }

    /// Fails unless the model has every column with the bound that was asked for: what a file promises is checked
    /// later, but that it promises the right thing only here.
    pub fn require_kept(&self, model: &ModelInfo) -> Result<()> {
        for column in self.columns.iter().filter(|column| column.bound != LOSSLESS) {
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
    pub fn sample(&self, files: &[String], max_rows: u64, seed: u64) -> SampleRequest {
        let foreign = self.foreign.iter().map(|column| ColumnSpec {
            name: column.branch.clone(),
            bound: LOSSLESS.to_owned(),
            index: column.index.clone(),
        });
        let columns = self.columns.iter().cloned().chain(foreign).collect();
        SampleRequest { files: files.to_vec(), trees: self.trees.clone(), columns, max_rows, seed }
    }
}

/// Decides which branches form groups, and which of those are worth training.
#[derive(Debug)]
pub struct Planner<'a> {
    rules: &'a BoundRules,
    groups: &'a Groups,
    exclude: Vec<Pattern>,
    /// Training is possible at all.
    trains: bool,
    /// It is tried where every branch is lossless, too.
    trains_lossless: bool,
}

/// Branches of one tree with the same counter.
struct Family<'a> {
    counter: &'a str,
    branches: Vec<&'a BranchInfo>,
}

impl<'a> Planner<'a> {
    pub fn new(wish: &'a Wish, mode: Mode, trains_lossless: bool) -> Result<Self> {
        let groups = &wish.config.groups;
        let exclude = patterns(&groups.exclude)?;
        Ok(Planner { rules: &wish.rules, groups, exclude, trains: mode == Mode::Group, trains_lossless })
    }

    /// Groups of all trees; trees without entries have none.
    pub fn groups(&self, trees: &[&TreeInfo]) -> Result<Vec<Group>> {
        let mut groups: Vec<(Key, Group)> = Vec::new();
        for tree in trees.iter().filter(|tree| tree.entries > 0) {
            for (mut key, group) in self.groups_of(tree)? {
                key.sort_unstable();
                let same = |(other, have): &&mut (Key, Group)| {
                    *other == key && have.counter == group.counter && have.is_trained == group.is_trained
                };
                match groups.iter_mut().find(same) {
                    Some((_, have)) => {
                        have.trees.extend(group.trees);
                        have.rows += group.rows;
                    }
                    None => groups.push((key, group)),
                }
            }
        }
        links::link(&mut groups);
        Ok(groups.into_iter().map(|(_, group)| group).collect())
    }

    fn groups_of(&self, tree: &TreeInfo) -> Result<Vec<(Key, Group)>> {
        let mut made = Vec::new();
        for family in families(tree) {
            let chosen = self.choose(&family)?;
            let (inside, outside): (Vec<&BranchInfo>, Vec<&BranchInfo>) =
                family.branches.iter().partition(|branch| chosen.contains(&branch.name.as_str()));
            made.push(self.group(tree, family.counter, &inside, true));
            // integers that stand alone need no model: there is nothing to find out about them
            let floats: Vec<&BranchInfo> =
                outside.into_iter().filter(|branch| !branch.bound_names.is_empty()).collect();
            made.push(self.group(tree, family.counter, &floats, false));
        }
        for branch in tree.branches.iter().filter(|branch| branch.column.is_empty()) {
            for name in branch.bound_names.iter().filter(|_| self.rules.of(&branch.name) != LOSSLESS) {
                let columns = vec![column(name, self.rules.of(&branch.name).to_owned())];
                let (trees, counter) = (vec![tree.path.clone()], branch.counter.clone());
                let rows = branch.rows;
                let group = Group { trees, counter, columns, foreign: Vec::new(), is_trained: false, rows };
                made.push((vec![(name.clone(), branch.type_name.clone())], group));
            }
        }
        made.retain(|(key, _)| !key.is_empty());
        Ok(made)
    }

    fn group(&self, tree: &TreeInfo, counter: &str, branches: &[&BranchInfo], is_trained: bool) -> (Key, Group) {
        let key = branches.iter().map(|branch| (branch.name.clone(), branch.column.clone())).collect();
        let bound = |branch: &BranchInfo| {
            if branch.bound_names.is_empty() { LOSSLESS.to_owned() } else { self.rules.of(&branch.name).to_owned() }
        };
        let columns = branches.iter().map(|branch| column(&branch.name, bound(branch))).collect();
        let rows = branches.iter().map(|branch| branch.rows).max().unwrap_or(0);
        let (trees, counter) = (vec![tree.path.clone()], counter.to_owned());
        (key, Group { trees, counter, columns, foreign: Vec::new(), is_trained, rows })
    }

    /// The names of those columns that are worth a network together.
    fn choose<'b>(&self, family: &Family<'b>) -> Result<Vec<&'b str>> {
        let label = if family.counter.is_empty() { ENTRY } else { family.counter };
        let only = self.groups.columns.get(label).map(|list| patterns(list)).transpose()?;
        let may_be_in = |branch: &&&BranchInfo| {
            let matches = |list: &[Pattern]| list.iter().any(|pattern| pattern.matches(&branch.name));
            !matches(&self.exclude) && only.as_deref().is_none_or(matches)
        };
        let candidates: Vec<&BranchInfo> = family.branches.iter().filter(may_be_in).copied().collect();
        let is_lossy = |branch: &&BranchInfo| !branch.bound_names.is_empty() && self.rules.of(&branch.name) != LOSSLESS;
        let rows = candidates.iter().map(|branch| branch.rows).max().unwrap_or(0);
        let pays = rows >= MIN_ROWS && (self.trains_lossless || candidates.iter().any(is_lossy));
        if !self.trains || !pays {
            return Ok(Vec::new());
        }
        // bounded floats have most to gain; integers are what they depend on
        let (lossy, others): (Vec<&BranchInfo>, Vec<&BranchInfo>) = candidates.into_iter().partition(is_lossy);
        let chosen: Vec<&str> =
            lossy.iter().chain(&others).take(MAX_COLUMNS).map(|branch| branch.name.as_str()).collect();
        Ok(if chosen.len() < 2 { Vec::new() } else { chosen })
    }
}

fn column(name: &str, bound: String) -> ColumnSpec {
    ColumnSpec { name: name.to_owned(), bound, index: String::new() }
}

/// Patterns of branch names.
pub fn patterns(list: &[String]) -> Result<Vec<Pattern>> {
    let parse = |text: &String| {
        Pattern::new(text).map_err(|error| Error::BadArgument(format!("'{text}' is no branch-name pattern: {error}")))
    };
    list.iter().map(parse).collect()
}

fn families(tree: &TreeInfo) -> Vec<Family<'_>> {
    let mut families: Vec<Family> = Vec::new();
    for branch in tree.branches.iter().filter(|branch| !branch.column.is_empty()) {
        match families.iter_mut().find(|family| family.counter == branch.counter) {
            Some(family) => family.branches.push(branch),
            None => families.push(Family { counter: &branch.counter, branches: vec![branch] }),
        }
    }
    families
}

#[cfg(test)]
mod tests {
    use super::*;

    fn branch(name: &str, column: &str, counter: &str, rows: u64) -> BranchInfo {
        let is_float = column != "Int_t";
        BranchInfo {
            name: name.to_owned(),
            type_name: column.to_owned(),
            bound_names: if is_float { vec![name.to_owned()] } else { Vec::new() },
            column: column.to_owned(),
            counter: counter.to_owned(),
            rows,
            setting: 505,
            tot_bytes: 0,
            zip_bytes: 0,
        }
    }

    fn tree(path: &str, entries: u64, branches: Vec<BranchInfo>) -> TreeInfo {
        TreeInfo { path: path.to_owned(), entries, branches, promises: Vec::new() }
    }

    fn floats(names: &[&str], rows: u64) -> Vec<BranchInfo> {
        names.iter().map(|name| branch(name, "Float_t", "", rows)).collect()
    }

    fn wish(bound: &str, groups: Groups) -> Wish {
        let mut rules = BoundRules::default();
        rules.add("*", bound).expect("a good rule");
        Wish { config: Config { groups, ..Config::default() }, rules, trees: Vec::new() }
    }

    fn groups(trees: &[&TreeInfo], wish: &Wish, mode: Mode) -> Vec<Group> {
        Planner::new(wish, mode, false).and_then(|planner| planner.groups(trees)).expect("groups")
    }

    fn names(group: &Group) -> Vec<&str> {
        group.columns.iter().map(|column| column.name.as_str()).collect()
    }

    #[test]
    fn trees_with_the_same_branches_share_a_model() {
        let sig = tree("sig", 3000, floats(&["a", "b"], 3000));
        let bkg = tree("bkg", 4000, floats(&["b", "a"], 4000));
        let other = tree("other", 5000, floats(&["a"], 5000));
        let groups = groups(&[&sig, &bkg, &other], &wish("abs=1", Groups::default()), Mode::Group);
        assert_eq!(groups.len(), 2);
        assert_eq!(groups[0].trees, ["sig", "bkg"]);
        assert_eq!(groups[0].rows, 7000);
        assert!(groups[0].is_trained);
        assert_eq!(groups[1].trees, ["other"]);
        assert!(!groups[1].is_trained, "one column has nobody to learn from");
    }

    #[test]
    fn branches_with_the_same_counter_are_a_group() {
        let branches = vec![
            branch("nJet", "Int_t", "", 5000),
            branch("met", "Float_t", "", 5000),
            branch("Jet_pt", "Float_t", "nJet", 9000),
            branch("Jet_id", "Int_t", "nJet", 9000),
            branch("Mu_pt", "Float_t", "nMu", 100),
        ];
        let tree = tree("t", 5000, branches);
        let found = groups(&[&tree], &wish("abs=1", Groups::default()), Mode::Group);
        let labels: Vec<(&str, bool)> = found.iter().map(|group| (group.label(), group.is_trained)).collect();
        assert_eq!(labels, [("entry", true), ("nJet", true), ("nMu", false)]);
        assert_eq!(names(&found[0]), ["nJet", "met"]);
        assert_eq!(found[1].columns[1].bound, LOSSLESS);

        let single = groups(&[&tree], &wish("abs=1", Groups::default()), Mode::Single);
        assert!(single.iter().all(|group| !group.is_trained));
        assert_eq!(names(&single[0]), ["met"]);
    }

    #[test]
    fn the_configuration_chooses_columns() {
        let tree = tree("t", 5000, floats(&["a", "b", "c", "d"], 5000));
        let columns = [("entry".to_owned(), vec!["[a-c]".to_owned()])].into();
        let found = groups(&[&tree], &wish("abs=1", Groups { exclude: vec!["b".to_owned()], columns }), Mode::Group);
        assert_eq!(names(&found[0]), ["a", "c"]);
        assert_eq!(names(&found[1]), ["b", "d"]);
    }

    #[test]
    fn arrays_have_a_bound_of_their_own() {
        let mut array = branch("x", "Float_t", "", 5000);
        array.column.clear();
        let tree = tree("t", 5000, vec![array]);
        let found = groups(&[&tree], &wish("rel-sigma=1e-3", Groups::default()), Mode::Group);
        assert_eq!(names(&found[0]), ["x"]);
        assert!(groups(&[&tree], &wish("lossless", Groups::default()), Mode::Group).is_empty());
    }

    #[test]
    fn a_model_with_other_bounds_is_refused() {
        let t = tree("t", 3000, floats(&["a", "b"], 3000));
        let group = groups(&[&t], &wish("abs=1", Groups::default()), Mode::Group).remove(0);
        let column = |name: &str, request: &str| bridge::ModelColumn {
            name: name.to_owned(),
            type_name: "Float_t".to_owned(),
            bound: request.to_owned(),
            request: request.to_owned(),
            parents: Vec::new(),
        };
        let model = |columns| ModelInfo { hash: String::new(), bytes: 0, is_jagged: false, has_network: true, columns };
        assert!(group.require_kept(&model(vec![column("a", "abs=1.0"), column("b", "abs=1")])).is_ok());
        let other = model(vec![column("a", "abs=10"), column("b", "abs=1")]);
        assert!(matches!(group.require_kept(&other), Err(Error::Incompatible(_))));
        assert!(matches!(group.require_kept(&model(vec![column("b", "abs=1")])), Err(Error::Incompatible(_))));
    }

    #[test]
    fn nothing_to_learn_from() {
        let (empty, full) = (tree("empty", 0, floats(&["a"], 0)), tree("full", 3000, floats(&["a", "b"], 3000)));
        assert!(groups(&[&empty], &wish("abs=1", Groups::default()), Mode::Group).is_empty());
        let lossless = groups(&[&full], &wish("lossless", Groups::default()), Mode::Group);
        assert!(lossless.iter().all(|group| !group.is_trained));
    }
}
