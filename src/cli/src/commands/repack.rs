//! `rootbaler repack`: a compressed file with fewer branches.

use crate::bridge::{self, TreeBranches, TreeInfo, path_text};
use crate::choice::Pattern;
use crate::choice::args::RepackArgs;
use crate::report::{self, Console, Lines};
use crate::support::error::{Error, Result};
use crate::support::output::PendingFile;

/// Runs the command.
pub fn run(args: &RepackArgs, console: &Console) -> Result<()> {
    let pending = PendingFile::new(&args.output, &[&args.input], args.force)?;
    let input = path_text(&args.input)?;
    let trees = bridge::list_trees(input)?;
    let kept = select(input, &trees, &Pattern::list(&args.keep)?, &Pattern::list(&args.drop)?)?;
    let mut checked = pending.write(|target| {
        let checked = bridge::repack(input, path_text(target)?, &kept, &console.progress)?;
        report::require_passed(&checked)?;
        Ok(checked)
    })?;
    checked.comparison = pending.named(&checked.comparison);
    pending.commit()?;
    console.show(&checked, || {
        let branches: usize = trees.iter().map(|tree| tree.branches.len()).sum();
        format!(
            "{}{}{} of {branches} branches are kept; {}: {}\n",
            report::check_table(&checked, Lines::new(args.all)),
            report::totals(&checked),
            checked.branches.len(),
            checked.comparison,
            args.output.display()
        )
    })
}

fn matches(pattern: &Pattern, tree: &TreeInfo, branch: &str) -> bool {
    pattern.matches(branch) || pattern.matches(&format!("{}/{branch}", tree.path))
}

/// What is kept of each tree, without the counters that have to be.
fn select(file: &str, trees: &[TreeInfo], keep: &[Pattern], drop: &[Pattern]) -> Result<Vec<TreeBranches>> {
    for pattern in keep.iter().chain(drop) {
        let is_used = |tree: &TreeInfo| tree.branches.iter().any(|branch| matches(pattern, tree, &branch.name));
        if !trees.iter().any(is_used) {
            return Err(Error::Missing(format!(
                "'{file}' has no branch '{pattern}'; `rootbaler inspect --all` lists its branches"
            )));
        }
    }
    let of_tree = |tree: &TreeInfo| {
        let is_in = |list: &[Pattern], branch: &str| list.iter().any(|pattern| matches(pattern, tree, branch));
        let is_whole = !tree.branches.iter().any(|branch| is_in(keep, &branch.name));
        let names = tree.branches.iter().map(|branch| branch.name.clone());
        let branches: Vec<String> =
            names.filter(|name| (is_whole || is_in(keep, name)) && !is_in(drop, name)).collect();
        if branches.is_empty() && !tree.branches.is_empty() {
            return Err(Error::BadArgument(format!(
                "nothing would be left of tree '{}': keep a branch of it",
                tree.path
            )));
        }
        Ok(TreeBranches { tree: tree.path.clone(), branches })
    };
    trees.iter().map(of_tree).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bridge::BranchInfo;

    fn tree(path: &str, names: &[&str]) -> TreeInfo {
        let branch = |name: &&str| BranchInfo {
            name: (*name).to_owned(),
            type_name: "Float_t".to_owned(),
            bound_names: Vec::new(),
            columns: Vec::new(),
            rows: 1,
            setting: 6605,
            raw_bytes: 0,
            bytes: 0,
        };
        TreeInfo {
            path: path.to_owned(),
            entries: 1,
            branches: names.iter().map(branch).collect(),
            promises: Vec::new(),
        }
    }

    fn selected(keep: &[&str], drop: &[&str]) -> Result<Vec<Vec<String>>> {
        let trees = [tree("Events", &["Jet_pt", "Jet_eta", "met"]), tree("Runs", &["run", "met"])];
        let list =
            |texts: &[&str]| Pattern::list(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<String>>());
        let kept = select("f", &trees, &list(keep)?, &list(drop)?)?;
        Ok(kept.into_iter().map(|tree| tree.branches).collect())
    }

    #[test]
    fn patterns_choose_branches() {
        let all = |keep, drop| selected(keep, drop).expect("good patterns");
        assert_eq!(all(&["Jet_*"], &[]), [vec!["Jet_pt", "Jet_eta"], vec!["run", "met"]]);
        assert_eq!(all(&[], &["met"]), [vec!["Jet_pt", "Jet_eta"], vec!["run"]]);
        assert_eq!(all(&[], &["Runs/met"]), [vec!["Jet_pt", "Jet_eta", "met"], vec!["run"]]);
        assert_eq!(all(&["*"], &["Jet_?t", "run"]), [vec!["Jet_eta", "met"], vec!["met"]]);
    }

    #[test]
    fn patterns_that_are_wrong() {
        assert!(matches!(selected(&["jet"], &[]), Err(Error::Missing(_))));
        assert!(matches!(selected(&[], &["Runs/*"]), Err(Error::BadArgument(_))));
        assert!(matches!(selected(&["["], &[]), Err(Error::BadArgument(_))));
    }
}
