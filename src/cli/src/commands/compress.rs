//! `rootbaler compress`: learn, write, verify, rename, print.

use crate::Session;
use crate::args::{CompressArgs, Mode};
use crate::error::{Error, Result, path_text};
use crate::ffi::bridge::{self, CompressOptions, ModelInfo, TreeInfo, TreePlan, VerifyReport};
use crate::output::PendingFile;
use crate::plan::{Group, Wish, groups};
use crate::report;
use crate::trainer::{self, Order, Outcome};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;

const DEFAULT_LEVEL: u8 = 5;

/// One model, and the trees that it serves.
struct Learned {
    trees: Vec<String>,
    model: ModelInfo,
    outcome: Option<Outcome>,
}

/// The compression of one file, decided but not done.
struct Job<'a> {
    args: &'a CompressArgs,
    session: &'a Session,
    input: &'a str,
    wish: Wish,
    mode: Mode,
    level: u8,
}

/// Runs the command.
pub fn run(args: &CompressArgs, session: &Session) -> Result<()> {
    let start = Instant::now();
    let wish = Wish::new(&args.selection)?;
    if args.model.is_some() && !wish.rules.is_empty() {
        return Err(Error::BadArgument("a model brings its own bounds: leave [bounds] out, or --model".to_owned()));
    }
    let mode = args.mode.or(wish.config.compress.mode).unwrap_or(Mode::Group);
    let level = args.level.or(wish.config.compress.level).unwrap_or(DEFAULT_LEVEL);
    let pending = PendingFile::new(&args.output, &[&args.input], args.force)?;
    let job = Job { args, session, input: path_text(&args.input)?, wish, mode, level };

    let scratch = tempfile::tempdir().map_err(|error| Error::Io(format!("cannot make a temporary folder: {error}")))?;
    let (plans, learned) = job.prepare(scratch.path())?;
    let options = CompressOptions { trees: plans, group: mode == Mode::Group, level: i32::from(level) };
    let target = path_text(pending.path())?;
    bridge::compress(job.input, target, &options, &session.progress)?;
    let checked = bridge::verify(job.input, target, &session.progress)?;
    report::require_passed(&checked)?;
    pending.commit()?;
    job.print(&checked, &learned, start.elapsed().as_secs_f64())
}

impl Job<'_> {
    /// Makes or loads the models.
    fn prepare(&self, scratch: &Path) -> Result<(Vec<TreePlan>, Vec<Learned>)> {
        let trees = bridge::list_trees(self.input)?;
        let selected = self.wish.select(self.input, &trees)?;
        for warning in self.wish.rules.check_names(&selected)? {
            self.session.note(&warning);
        }
        if let Some(model) = &self.args.model {
            return self.with_model(model, &selected);
        }
        if self.wish.rules.is_empty() {
            self.session.note("no bound was asked for, so every branch is lossless; try --bound rel-sigma=1e-3");
        }
        let mut plans: Vec<TreePlan> = selected.iter().map(|tree| plan(tree, "")).collect();
        let mut learned = Vec::new();
        for (index, group) in groups(&selected, &self.wish.rules).iter().enumerate() {
            let file = scratch.join(format!("{index}.rbm"));
            let outcome = self.learn(group, scratch, &file)?;
            let path = path_text(&file)?;
            for plan in plans.iter_mut().filter(|plan| group.trees.contains(&plan.tree)) {
                path.clone_into(&mut plan.model);
            }
            let model = bridge::describe_model(path)?;
            group.require_kept(&model)?;
            learned.push(Learned { trees: group.trees.clone(), model, outcome });
        }
        Ok((plans, learned))
    }

    /// A model from a file, for all trees that it fits.
    fn with_model(&self, path: &Path, selected: &[&TreeInfo]) -> Result<(Vec<TreePlan>, Vec<Learned>)> {
        let text = path_text(path)?;
        let model = bridge::describe_model(text)?;
        let misfits: Vec<(&TreeInfo, Vec<&str>)> = selected.iter().map(|tree| (*tree, missing(&model, tree))).collect();
        let served: Vec<&TreeInfo> =
            misfits.iter().filter(|(_, names)| names.is_empty()).map(|(tree, _)| *tree).collect();
        let asked_by_name = !self.args.selection.tree.is_empty();
        if let Some((tree, names)) = misfits.iter().find(|(_, names)| !names.is_empty()) {
            let problem = format!(
                "the model '{text}' is for other branches: tree '{}' has no scalar float branch '{}' of its type",
                tree.path, names[0]
            );
            if served.is_empty() || asked_by_name {
                return Err(Error::Incompatible(format!("{problem}; train a model for it")));
            }
            self.session.note(&format!("{problem}; it is stored lossless"));
        }
        let plans = misfits.iter().map(|(tree, names)| plan(tree, if names.is_empty() { text } else { "" })).collect();
        let trees = served.iter().map(|tree| tree.path.clone()).collect();
        Ok((plans, vec![Learned { trees, model, outcome: None }]))
    }

    fn learn(&self, group: &Group, scratch: &Path, model: &Path) -> Result<Option<Outcome>> {
        let training = &self.args.training;
        let request = group.sample(self.input, training.sample_rows, training.seed);
        if self.mode == Mode::Single {
            bridge::build_model(&request, path_text(model)?, &self.session.progress)?;
            return Ok(None);
        }
        let sample = scratch.join("sample");
        bridge::write_sample(&request, path_text(&sample)?, &self.session.progress)?;
        let order = Order {
            sample: &sample,
            model,
            rows_target: Some(group.entries),
            level: self.level,
            seed: training.seed,
            seconds: training.seconds,
        };
        trainer::train(&order, &self.session.progress).map(Some)
    }

    fn print(&self, checked: &VerifyReport, learned: &[Learned], seconds: f64) -> Result<()> {
        if self.session.json {
            let mut document = report::check_json(checked);
            document["models"] = learned.iter().map(learned_json).collect();
            document["seconds"] = json!(seconds);
            return report::print_json(&document);
        }
        if self.session.quiet {
            return Ok(());
        }
        let mut text = report::check_table(checked);
        for one in learned {
            text.push_str(&format!(
                "model {} of {} bytes for {}\n",
                one.model.hash,
                one.model.bytes,
                one.trees.join(", ")
            ));
        }
        text.push_str(&report::totals(checked));
        text.push_str(&format!("written and verified in {seconds:.1} s: {}\n", self.args.output.display()));
        report::print(&text)
    }
}

fn plan(tree: &TreeInfo, model: &str) -> TreePlan {
    TreePlan { tree: tree.path.clone(), model: model.to_owned(), bounds: Vec::new() }
}

/// Columns of the model that the tree does not have as scalar branches of the same type.
fn missing<'a>(model: &'a ModelInfo, tree: &TreeInfo) -> Vec<&'a str> {
    let has = |column: &bridge::ModelColumn| {
        tree.branches
            .iter()
            .any(|branch| branch.is_modelled && branch.name == column.name && branch.is_double == column.is_double)
    };
    model.columns.iter().filter(|column| !has(column)).map(|column| column.name.as_str()).collect()
}

fn learned_json(learned: &Learned) -> Value {
    json!({
        "trees": learned.trees,
        "hash": learned.model.hash,
        "bytes": learned.model.bytes,
        "training": learned.outcome,
    })
}
