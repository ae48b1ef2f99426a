//! `rootbaler compress`: learn, write, verify, rename, print.

use super::batch;
use crate::Session;
use crate::args::{CompressArgs, Mode};
use crate::error::{Error, Result, path_text};
use crate::ffi::bridge::{
    self, BranchInfo, CompressOptions, ModelInfo, TreeInfo, TreePlan, VerifyOptions, VerifyReport,
};
use crate::learn::{self, Effort, Learned};
use crate::output::PendingFile;
use crate::plan::{Planner, Wish};
use crate::report::{self, Lines};
use crate::trainer::Outcome;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;

const DEFAULT_LEVEL: u8 = 5;

/// How files are compressed, from the command line and the configuration file together.
#[derive(Debug)]
pub struct Choice {
    pub wish: Wish,
    pub mode: Mode,
    pub level: u8,
    /// Train where every branch is lossless, too: it takes time, so somebody must have asked for it.
    pub trains_lossless: bool,
}

impl Choice {
    fn new(args: &CompressArgs) -> Result<Self> {
        let wish = Wish::new(&args.selection)?;
        if args.model.is_some() && !wish.rules.is_empty() {
            return Err(Error::BadArgument("a model brings its own bounds: leave [bounds] out, or --model".to_owned()));
        }
        let asked = args.mode.or(wish.config.compress.mode);
        if args.train && asked == Some(Mode::Single) {
            return Err(Error::BadArgument(
                "mode single trains nothing: leave out --train, or use mode group".to_owned(),
            ));
        }
        let level = args.level.or(wish.config.compress.level).unwrap_or(DEFAULT_LEVEL);
        let trains_lossless = args.train || asked == Some(Mode::Group);
        Ok(Choice { wish, mode: asked.unwrap_or(Mode::Group), level, trains_lossless })
    }
}

/// A model, and the trees that it serves.
struct Used {
    trees: Vec<String>,
    model: ModelInfo,
    outcome: Option<Outcome>,
    /// Its network would have taken more bytes than it saves.
    is_left_out: bool,
}

impl From<Learned> for Used {
    fn from(learned: Learned) -> Self {
        Used { trees: learned.group.trees, model: learned.model, outcome: learned.outcome, is_left_out: false }
    }
}

/// The compression of one file.
struct Job<'a> {
    args: &'a CompressArgs,
    session: &'a Session,
    choice: &'a Choice,
    input: &'a Path,
}

/// Runs the command.
pub fn run(args: &CompressArgs, session: &Session) -> Result<()> {
    let choice = Choice::new(args)?;
    if let Some(folder) = &args.output {
        return batch::run(args, &choice, folder, session);
    }
    let [input, output] = args.files.as_slice() else {
        return Err(Error::BadArgument(
            "name one file to compress and one to write, or a folder for the outputs of many with -o".to_owned(),
        ));
    };
    Job { args, session, choice: &choice, input }.run(output)
}

impl Job<'_> {
    fn run(&self, output: &Path) -> Result<()> {
        let start = Instant::now();
        let pending = PendingFile::new(output, &[self.input], self.args.force)?;
        let scratch =
            tempfile::tempdir().map_err(|error| Error::Io(format!("cannot make a temporary folder: {error}")))?;
        let (plans, mut used) = self.prepare(scratch.path())?;
        let (group, level) = (self.choice.mode == Mode::Group, i32::from(self.choice.level));
        let options = CompressOptions { trees: plans, group, level };
        let (input, target) = (path_text(self.input)?, path_text(pending.path())?);
        let left_out = bridge::compress(input, target, &options, &self.session.progress)?;
        for one in used.iter_mut().filter(|one| left_out.contains(&one.model.hash)) {
            one.is_left_out = true;
        }
        let checked = bridge::verify(input, target, &VerifyOptions::default(), &self.session.progress)?;
        report::require_passed(&checked)?;
        pending.commit()?;
        self.print(&checked, &used, output, start.elapsed().as_secs_f64())
    }

    /// Makes or loads the models.
    fn prepare(&self, scratch: &Path) -> Result<(Vec<TreePlan>, Vec<Used>)> {
        let input = path_text(self.input)?;
        let wish = &self.choice.wish;
        let trees = bridge::list_trees(input)?;
        let selected = wish.select(input, &trees)?;
        for warning in wish.rules.check_names(&selected)? {
            self.session.note(&warning);
        }
        if let Some(model) = &self.args.model {
            return self.with_models(model, &selected);
        }
        if wish.rules.is_empty() {
            self.session.note("no bound was asked for, so every branch is lossless; try --bound rel-sigma=1e-3");
        }
        let groups = Planner::new(wish, self.choice.mode, self.choice.trains_lossless)?.groups(&selected)?;
        let effort = Effort { training: &self.args.training, level: self.choice.level, reuse: Some(1.0) };
        let learned = learn::learn(&[input.to_owned()], groups, &effort, scratch, self.session)?;
        let plan = |tree: &&TreeInfo| -> Result<TreePlan> {
            let serves = |one: &&Learned| one.group.trees.contains(&tree.path);
            let paths = learned.iter().filter(serves).map(|one| path_text(&one.path).map(str::to_owned));
            Ok(TreePlan { tree: tree.path.clone(), models: paths.collect::<Result<_>>()? })
        };
        let plans = selected.iter().map(plan).collect::<Result<_>>()?;
        Ok((plans, learned.into_iter().map(Used::from).collect()))
    }

    /// Models from a file, each for all trees that it fits.
    fn with_models(&self, path: &Path, selected: &[&TreeInfo]) -> Result<(Vec<TreePlan>, Vec<Used>)> {
        let text = path_text(path)?;
        let models = bridge::describe_models(text)?;
        for tree in selected.iter().filter(|tree| tree.entries > 0) {
            if models.iter().any(|model| misfit(model, tree).is_none()) {
                continue;
            }
            let name = models.iter().find_map(|model| misfit(model, tree)).unwrap_or_default();
            let problem = format!(
                "the model '{text}' is for other branches: tree '{}' has no branch '{name}' of its type",
                tree.path
            );
            let is_only = selected.iter().all(|other| models.iter().all(|model| misfit(model, other).is_some()));
            if is_only || !self.args.selection.tree.is_empty() {
                return Err(Error::Incompatible(format!("{problem}; train a model for it")));
            }
            self.session.note(&format!("{problem}; it is stored lossless"));
        }
        let plan = |tree: &&TreeInfo| TreePlan { tree: tree.path.clone(), models: vec![text.to_owned()] };
        let plans = selected.iter().map(plan).collect();
        let serve = |model: ModelInfo| {
            let fits = selected.iter().filter(|tree| misfit(&model, tree).is_none());
            Used { trees: fits.map(|tree| tree.path.clone()).collect(), model, outcome: None, is_left_out: false }
        };
        Ok((plans, models.into_iter().map(serve).collect()))
    }

    fn print(&self, checked: &VerifyReport, used: &[Used], output: &Path, seconds: f64) -> Result<()> {
        if self.session.json {
            let mut document = report::check_json(checked);
            document["models"] = used.iter().map(used_json).collect();
            document["seconds"] = json!(seconds);
            return report::print_json(&document);
        }
        if self.session.quiet {
            return Ok(());
        }
        let mut text = report::check_table(checked, Lines::new(self.args.all));
        for one in used.iter().filter(|one| one.model.has_network && self.choice.mode == Mode::Group) {
            let left_out = if one.is_left_out { "; left out, as it saves less than it takes" } else { "" };
            text.push_str(&format!(
                "model {} of {} bytes and {} columns for {}{left_out}\n",
                one.model.hash,
                one.model.bytes,
                one.model.columns.len(),
                one.trees.join(", ")
            ));
        }
        text.push_str(&report::totals(checked));
        text.push_str(&format!("written and verified in {seconds:.1} s: {}\n", output.display()));
        report::print(&text)
    }
}

/// The first column for which the tree has no such branch. A model without a network fits if it has any column of the
/// tree's.
pub(super) fn misfit<'a>(model: &'a ModelInfo, tree: &TreeInfo) -> Option<&'a str> {
    let has = |column: &bridge::ModelColumn| tree.branches.iter().any(|branch| is_column(model, column, branch));
    if !model.has_network && model.columns.iter().any(has) {
        return None;
    }
    model.columns.iter().find(|column| !has(column)).map(|column| column.name.as_str())
}

pub(super) fn is_column(model: &ModelInfo, column: &bridge::ModelColumn, branch: &BranchInfo) -> bool {
    // arrays and leaves of leaf lists have a bound, in a model of their own
    if branch.column.is_empty() {
        return !model.has_network && branch.bound_names.contains(&column.name);
    }
    branch.name == column.name && branch.column == column.type_name && branch.counter.is_empty() != model.is_jagged
}

fn used_json(used: &Used) -> Value {
    json!({
        "trees": used.trees,
        "hash": used.model.hash,
        "bytes": used.model.bytes,
        "has_network": used.model.has_network && !used.is_left_out,
        "left_out": used.is_left_out,
        "training": used.outcome,
    })
}
