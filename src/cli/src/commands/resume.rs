//! What is in the folder of outputs already, when a batch is started again.

use crate::bridge::{self, BranchInfo, ModelInfo, TreeInfo, VerifyOptions, path_text};
use crate::choice::{Choice, LOSSLESS, is_same};
use crate::learn::{is_column, misfit};
use crate::report;
use crate::support::error::{Error, Result};
use crate::support::progress::ProgressSink;
use std::path::Path;

/// What stands where an output will be.
#[derive(Debug)]
pub enum There {
    /// Nothing that has to be looked at.
    Nothing,
    /// The output, complete, with the bounds that are asked for.
    Output,
    /// The output, but with other bounds; the text says which.
    OtherBounds(String),
}

/// Looks at outputs that are there already.
pub struct Resume<'a> {
    choice: &'a Choice,
    recheck: bool,
    /// Those of --model, whose bounds count.
    models: Option<Vec<ModelInfo>>,
    progress: &'a ProgressSink,
}

impl<'a> Resume<'a> {
    /// Reads the models of the choice, if it has any; `recheck`: values are compared, too.
    pub fn new(choice: &'a Choice, recheck: bool, progress: &'a ProgressSink) -> Result<Self> {
        let describe = |path: &Path| -> Result<_> { Ok(bridge::describe_models(path_text(path)?)?) };
        let models = choice.model.as_deref().map(describe).transpose()?;
        Ok(Resume { choice, recheck, models, progress })
    }

    /// An output has its name only if it was complete and verified; it is kept if it is of this input (closed, its
    /// baskets in their places, with the same trees, entries and branches; with `--recheck`, the same values) and its
    /// bounds are those asked for. Fails for what is no output of this input, which is never replaced without
    /// `--force`.
    pub fn look(&self, input: &Path, output: &Path) -> Result<There> {
        if self.choice.force || output.symlink_metadata().is_err() {
            return Ok(There::Nothing);
        }
        let refused = |why: &str| {
            Error::BadArgument(format!("'{}' exists and {why}: add --force to replace it", output.display()))
        };
        let before = bridge::list_trees(path_text(input)?)?;
        let after = bridge::list_trees(path_text(output)?)
            .map_err(|error| refused(&format!("cannot be read ({})", Error::from(error))))?;
        if shape_of(&before) != shape_of(&after) {
            return Err(refused("is of another file"));
        }
        if !after.iter().flat_map(|tree| &tree.branches).any(BranchInfo::is_ours) {
            return Err(refused("was not compressed by RootBaler"));
        }
        if let Some(difference) = self.other_bound(path_text(input)?, &after)? {
            return Ok(There::OtherBounds(difference));
        }
        if self.recheck {
            self.recheck(input, output).map_err(|error| match error {
                Error::Interrupted => Error::Interrupted,
                error => refused(&error.to_string()),
            })?;
        }
        Ok(There::Output)
    }

    /// The first branch whose bound is not the one that is asked for.
    fn other_bound(&self, input: &str, trees: &[TreeInfo]) -> Result<Option<String>> {
        let selected = self.choice.select(input, trees)?;
        for tree in trees.iter().filter(|tree| tree.entries > 0) {
            let is_selected = selected.iter().any(|other| other.path == tree.path);
            for branch in &tree.branches {
                for name in &branch.bound_names {
                    let asked = if is_selected { self.asked(tree, branch, name) } else { LOSSLESS };
                    let Some(promise) = tree.promises.iter().find(|promise| promise.name == *name) else { continue };
                    let kept = if self.models.is_some() { &promise.bound } else { &promise.request };
                    if !is_same(kept, asked) {
                        return Ok(Some(format!("branch '{name}' of tree '{}' has {kept}, not {asked}", tree.path)));
                    }
                }
            }
        }
        Ok(None)
    }

    /// The bound of a branch or leaf; from a model resolved, else as the user gave it.
    fn asked<'b>(&'b self, tree: &TreeInfo, branch: &BranchInfo, name: &str) -> &'b str {
        let Some(models) = &self.models else { return self.choice.rules.of_part(&branch.name, name) };
        let fitting = models.iter().filter(|model| misfit(model, tree).is_none());
        let mut columns = fitting.flat_map(|model| model.columns.iter().map(move |column| (model, column)));
        let found = columns.find(|(model, column)| column.name == name && is_column(model, column, branch));
        found.map_or(LOSSLESS, |(_, column)| &column.bound)
    }

    fn recheck(&self, input: &Path, output: &Path) -> Result<()> {
        let (input, output) = (path_text(input)?, path_text(output)?);
        let checked = bridge::verify(input, output, &VerifyOptions::default(), self.progress)?;
        report::require_passed(&checked)
    }
}

/// Path of a tree, names and types of its branches.
type Kind<'a> = (&'a str, Vec<(&'a str, &'a str)>);

fn kind_of(tree: &TreeInfo) -> Kind<'_> {
    let names = tree.branches.iter().map(|branch| (branch.name.as_str(), branch.type_name.as_str()));
    (&tree.path, names.collect())
}

/// Files with the same can share models.
pub fn kinds_of(trees: &[TreeInfo]) -> Vec<Kind<'_>> {
    trees.iter().map(kind_of).collect()
}

/// The same, and how many entries there are: what a file and its output have in common.
fn shape_of(trees: &[TreeInfo]) -> Vec<(u64, Kind<'_>)> {
    trees.iter().map(|tree| (tree.entries, kind_of(tree))).collect()
}
