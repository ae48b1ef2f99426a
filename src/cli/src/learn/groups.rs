//! Which branches of which trees help each other.

use super::group::{Group, Key, Sharing};
use super::links;
use super::sigmas::Sigmas;
use crate::bridge::{BranchInfo, GroupColumn, SampleColumn, TreeInfo};
use crate::choice::args::Mode;
use crate::choice::{Choice, ENTRY, LOSSLESS, Pattern};

/// A network with more inputs costs more than it gains: what is left over stands alone.
const MAX_COLUMNS: usize = 64;
/// Fewer rows cannot pay for a network.
const MIN_ROWS: u64 = 2000;

/// A column, and the top-level branch that it is, or is below.
#[derive(Clone, Copy)]
struct Member<'a> {
    column: &'a GroupColumn,
    branch: &'a BranchInfo,
}

impl<'a> Member<'a> {
    fn name(&self) -> &'a str {
        &self.column.name
    }

    fn bound<'c>(&self, choice: &'c Choice) -> &'c str {
        if self.column.is_float() { choice.rules.of_part(&self.branch.name, self.name()) } else { LOSSLESS }
    }

    fn is_lossy(&self, choice: &Choice) -> bool {
        self.bound(choice) != LOSSLESS
    }
}

/// Columns of one tree that have as many elements in each entry.
struct Family<'a> {
    counter: &'a str,
    per_count: u32,
    members: Vec<Member<'a>>,
}

/// Groups of all trees; trees without entries have none. Each tree has its own sigmas.
pub fn groups(trees: &[&TreeInfo], choice: &Choice, sigmas: &Sigmas, sharing: Sharing) -> Vec<Group> {
    let mut shared: Vec<(Key, Vec<Group>)> = Vec::new();
    for tree in trees.iter().filter(|tree| tree.entries > 0) {
        for (mut key, group) in groups_of(tree, choice, sigmas) {
            key.sort_unstable();
            let fits = |(other, members): &&mut (Key, Vec<Group>)| {
                *other == key && members.iter().all(|member| member.may_share(&group, sharing))
            };
            match shared.iter_mut().find(fits) {
                Some((_, members)) => members.push(group),
                None => shared.push((key, vec![group])),
            }
        }
    }
    let join = |(key, members): (Key, Vec<Group>)| Some((key, members.into_iter().reduce(Group::joined)?));
    let mut groups: Vec<(Key, Group)> = shared.into_iter().filter_map(join).collect();
    links::link(&mut groups);
    groups.into_iter().map(|(_, group)| group).collect()
}

fn groups_of(tree: &TreeInfo, choice: &Choice, sigmas: &Sigmas) -> Vec<(Key, Group)> {
    let mut made = Vec::new();
    for family in families(tree) {
        let chosen = choose(&family, choice);
        let (inside, outside): (Vec<Member>, Vec<Member>) =
            family.members.iter().partition(|member| chosen.contains(&member.name()));
        made.push(group(tree, family.counter, &inside, choice, sigmas, true));
        // integers that stand alone need no model: there is nothing to find out about them
        let floats: Vec<Member> = outside.into_iter().filter(|member| member.column.is_float()).collect();
        made.push(group(tree, family.counter, &floats, choice, sigmas, false));
    }
    for branch in &tree.branches {
        let is_column = |name: &String| branch.columns.iter().any(|column| column.name == *name);
        for name in branch.bound_names.iter().filter(|name| !is_column(name)) {
            let bound = choice.rules.of_part(&branch.name, name);
            if bound == LOSSLESS {
                continue;
            }
            let columns = vec![column(name, bound.to_owned(), sigmas.of(&tree.path, name))];
            let (trees, counter, foreign) = (vec![tree.path.clone()], String::new(), Vec::new());
            let group = Group { trees, counter, columns, foreign, is_trained: false, rows: branch.rows };
            made.push((vec![(name.clone(), branch.type_name.clone())], group));
        }
    }
    made.retain(|(key, _)| !key.is_empty());
    made
}

fn group(
    tree: &TreeInfo,
    counter: &str,
    members: &[Member],
    choice: &Choice,
    sigmas: &Sigmas,
    is_trained: bool,
) -> (Key, Group) {
    let key = members.iter().map(|member| (member.name().to_owned(), member.column.type_name.clone())).collect();
    let sample_column =
        |member: &Member| column(member.name(), member.bound(choice).to_owned(), sigmas.of(&tree.path, member.name()));
    let columns = members.iter().map(sample_column).collect();
    let rows = members.iter().map(|member| member.column.rows).max().unwrap_or(0);
    let (trees, counter) = (vec![tree.path.clone()], counter.to_owned());
    (key, Group { trees, counter, columns, foreign: Vec::new(), is_trained, rows })
}

/// The names of those columns that are worth a network together.
fn choose<'b>(family: &Family<'b>, choice: &Choice) -> Vec<&'b str> {
    let only = choice.groups.columns.get(if family.counter.is_empty() { ENTRY } else { family.counter });
    let may_be_in = |member: &&Member| {
        let matches = |list: &Vec<Pattern>| list.iter().any(|pattern| pattern.matches(member.name()));
        !matches(&choice.groups.exclude) && only.is_none_or(matches)
    };
    let candidates: Vec<Member> = family.members.iter().filter(may_be_in).copied().collect();
    let is_lossy = |member: &Member| member.is_lossy(choice);
    let rows = candidates.iter().map(|member| member.column.rows).max().unwrap_or(0);
    let pays = rows >= MIN_ROWS && (choice.trains_lossless || candidates.iter().any(is_lossy));
    if choice.mode == Mode::Single || !pays {
        return Vec::new();
    }
    // bounded floats have most to gain; integers are what they depend on
    let (lossy, others): (Vec<Member>, Vec<Member>) = candidates.into_iter().partition(is_lossy);
    let chosen: Vec<&str> = lossy.iter().chain(&others).take(MAX_COLUMNS).map(Member::name).collect();
    if chosen.len() < 2 { Vec::new() } else { chosen }
}

fn column(name: &str, bound: String, sigma: f64) -> SampleColumn {
    SampleColumn { name: name.to_owned(), bound, index: String::new(), sigma }
}

fn families(tree: &TreeInfo) -> Vec<Family<'_>> {
    let mut families: Vec<Family> = Vec::new();
    let columns = tree.branches.iter().flat_map(|branch| branch.columns.iter().map(move |column| (branch, column)));
    for (branch, column) in columns {
        let member = Member { column, branch };
        let is_own = |f: &&mut Family| f.counter == column.counter && f.per_count == column.per_count;
        match families.iter_mut().find(is_own) {
            Some(family) => family.members.push(member),
            None => {
                let (counter, per_count) = (&column.counter, column.per_count);
                families.push(Family { counter, per_count, members: vec![member] });
            }
        }
    }
    families
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::choice::Groups;
    use crate::choice::args::{Cli, Command};
    use clap::Parser;

    fn branch(name: &str, column: &str, counter: &str, rows: u64) -> BranchInfo {
        let is_float = column != "Int_t";
        BranchInfo {
            name: name.to_owned(),
            type_name: column.to_owned(),
            bound_names: if is_float { vec![name.to_owned()] } else { Vec::new() },
            columns: vec![GroupColumn {
                name: name.to_owned(),
                type_name: column.to_owned(),
                counter: counter.to_owned(),
                per_count: 1,
                rows,
            }],
            rows,
            setting: 505,
            raw_bytes: 0,
            bytes: 0,
        }
    }

    fn tree(path: &str, entries: u64, branches: Vec<BranchInfo>) -> TreeInfo {
        TreeInfo { path: path.to_owned(), entries, branches, promises: Vec::new() }
    }

    fn floats(names: &[&str], rows: u64) -> Vec<BranchInfo> {
        names.iter().map(|name| branch(name, "Float_t", "", rows)).collect()
    }

    fn choice(bound: &str, groups: Groups) -> Choice {
        let args = ["rootbaler", "compress", "in", "out", "--bound", bound];
        let Command::Compress(args) = Cli::parse_from(args).command else { panic!("{args:?}") };
        Choice { groups, ..Choice::of_compress(&args).expect("a good choice") }
    }

    fn groups(trees: &[&TreeInfo], choice: &Choice) -> Vec<Group> {
        super::groups(trees, choice, &Sigmas::default(), Sharing::IfClose)
    }

    fn single(choice: Choice) -> Choice {
        Choice { mode: Mode::Single, ..choice }
    }

    fn names(group: &Group) -> Vec<&str> {
        group.columns.iter().map(|column| column.name.as_str()).collect()
    }

    #[test]
    fn trees_with_the_same_branches_share_a_model() {
        let sig = tree("sig", 3000, floats(&["a", "b"], 3000));
        let bkg = tree("bkg", 4000, floats(&["b", "a"], 4000));
        let other = tree("other", 5000, floats(&["a"], 5000));
        let groups = groups(&[&sig, &bkg, &other], &choice("abs=1", Groups::default()));
        assert_eq!(groups.len(), 2);
        assert_eq!(groups[0].trees, ["sig", "bkg"]);
        assert_eq!(groups[0].rows, 7000);
        assert!(groups[0].is_trained);
        assert_eq!(groups[1].trees, ["other"]);
        assert!(!groups[1].is_trained, "one column has nobody to learn from");
    }

    #[test]
    fn trees_with_other_sigmas_have_models_of_their_own() {
        let trees = ["near", "far", "next"].map(|path| tree(path, 3000, floats(&["a", "b"], 3000)));
        let trees: Vec<&TreeInfo> = trees.iter().collect();
        let sigmas = Sigmas::known(&[
            ("near", &[("a", 1.0), ("b", f64::NAN)]),
            ("far", &[("a", 1.0), ("b", 9.0)]),
            ("next", &[("a", 1.2), ("b", 8.0)]),
        ]);
        let choice = choice("rel-sigma=1e-3", Groups::default());
        for (choice, is_trained) in [(choice.clone(), true), (single(choice.clone()), false)] {
            let found = super::groups(&trees, &choice, &sigmas, Sharing::IfClose);
            assert_eq!(found.len(), 1);
            let kept: Vec<f64> = found[0].columns.iter().map(|column| column.sigma).collect();
            assert_eq!((kept, found[0].is_trained), (vec![1.0, 8.0], is_trained));
        }
        let sigmas = Sigmas::known(&[("near", &[("a", 1.0)]), ("far", &[("a", 200.0)]), ("next", &[("a", 1.1)])]);
        let found = super::groups(&trees, &choice, &sigmas, Sharing::IfClose);
        let sharing: Vec<&[String]> = found.iter().map(|group| &group.trees[..]).collect();
        assert_eq!(sharing, [&["near".to_owned(), "next".to_owned()][..], &["far".to_owned()]]);
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
        let found = groups(&[&tree], &choice("abs=1", Groups::default()));
        let labels: Vec<(&str, bool)> = found.iter().map(|group| (group.label(), group.is_trained)).collect();
        assert_eq!(labels, [("entry", true), ("nJet", true), ("nMu", false)]);
        assert_eq!(names(&found[0]), ["nJet", "met"]);
        assert_eq!(found[1].columns[1].bound, LOSSLESS);

        let alone = groups(&[&tree], &single(choice("abs=1", Groups::default())));
        assert!(alone.iter().all(|group| !group.is_trained));
        assert_eq!(names(&alone[0]), ["met"]);
    }

    #[test]
    fn the_configuration_chooses_columns() {
        let tree = tree("t", 5000, floats(&["a", "b", "c", "d"], 5000));
        let patterns = |text: &str| vec![Pattern::new(text).expect("a pattern")];
        let columns = [(ENTRY.to_owned(), patterns("[a-c]"))].into();
        let found = groups(&[&tree], &choice("abs=1", Groups { exclude: patterns("b"), columns }));
        assert_eq!(names(&found[0]), ["a", "c"]);
        assert_eq!(names(&found[1]), ["b", "d"]);
    }

    #[test]
    fn arrays_have_a_bound_of_their_own() {
        let mut array = branch("x", "Float_t", "", 5000);
        array.columns.clear();
        let tree = tree("t", 5000, vec![array]);
        let found = groups(&[&tree], &choice("rel-sigma=1e-3", Groups::default()));
        assert_eq!(names(&found[0]), ["x"]);
        assert!(groups(&[&tree], &choice("lossless", Groups::default())).is_empty());
    }

    #[test]
    fn nothing_to_learn_from() {
        let (empty, full) = (tree("empty", 0, floats(&["a"], 0)), tree("full", 3000, floats(&["a", "b"], 3000)));
        assert!(groups(&[&empty], &choice("abs=1", Groups::default())).is_empty());
        let lossless = groups(&[&full], &choice("lossless", Groups::default()));
        assert!(lossless.iter().all(|group| !group.is_trained));
    }
}
