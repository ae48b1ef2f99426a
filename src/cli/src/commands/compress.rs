//! `rootbaler compress`: learn, write, verify, rename, print.

use super::batch;
use crate::bridge::{self, CompressOptions, ModelInfo, TreeInfo, TreeModels, VerifyOptions, VerifyReport, path_text};
use crate::choice::args::{CompressArgs, Mode};
use crate::choice::{Assignment, Choice};
use crate::learn::{self, Learned, Sharing, Trained, misfit};
use crate::report::{self, Console, Lines};
use crate::support::error::{Error, Result};
use crate::support::log::warn_each;
use crate::support::output::{self, PendingFile};
use crate::support::scratch;
use serde::Serialize;
use std::io::stdin;
use std::path::Path;
use std::time::Instant;

/// Runs the command.
pub fn run(args: &CompressArgs, console: &Console) -> Result<()> {
    let choice = Choice::of_compress(args)?;
    if let Some(folder) = &args.output {
        return batch::run(&args.files, folder, &choice, args.recheck, console);
    }
    let [input, output] = args.files.as_slice() else {
        return Err(Error::BadArgument(
            "name one file to compress and one to write, or a folder for the outputs of many with -o".to_owned(),
        ));
    };
    compress(input, output, &choice, Lines::new(args.all), console)
}

/// Nobody compresses by more: who has no room for that has none.
const MOST_RATIO: u64 = 100;

/// One file of a batch, in a process of its own.
pub fn run_assigned(console: &Console) -> Result<()> {
    let read = serde_json::from_reader(stdin().lock());
    let Assignment { input, output, choice } =
        read.map_err(|error| Error::BadArgument(format!("stdin does not say what to compress: {error}")))?;
    compress(&input, &output, &choice, Lines::Few, console)
}

/// A model, and the trees that it serves.
struct Serving {
    trees: Vec<String>,
    model: ModelInfo,
    trained: Option<Trained>,
    /// Its network would have taken more bytes than it saves.
    is_left_out: bool,
}

impl From<Learned> for Serving {
    fn from(learned: Learned) -> Self {
        Serving { trees: learned.group.trees, model: learned.model, trained: learned.trained, is_left_out: false }
    }
}

fn compress(input: &Path, target: &Path, choice: &Choice, lines: Lines, console: &Console) -> Result<()> {
    let start = Instant::now();
    let pending = PendingFile::new(target, &[input], choice.force)?;
    pending.require_room(output::size_of(input) / MOST_RATIO)?;
    let scratch = scratch::folder()?;
    let (trees, mut serving) = prepare(input, choice, scratch.path(), console)?;
    let options = CompressOptions { trees, group: choice.mode == Mode::Group, level: i32::from(choice.level) };
    let input = path_text(input)?;
    let (left_out, mut checked) = pending.write(|temporary| {
        let temporary = path_text(temporary)?;
        let left_out = bridge::compress(input, temporary, &options, &console.progress)?;
        let checked = bridge::verify(input, temporary, &VerifyOptions::default(), &console.progress)?;
        report::require_passed(&checked)?;
        Ok((left_out, checked))
    })?;
    checked.comparison = pending.named(&checked.comparison);
    pending.commit()?;
    for one in serving.iter_mut().filter(|one| left_out.contains(&one.model.hash)) {
        one.is_left_out = true;
    }
    let seconds = start.elapsed().as_secs_f64();
    let models = serving.iter().map(ModelDocument::from).collect();
    console.show(&Document { checked: &checked, models, seconds }, || {
        let mut text = report::check_table(&checked, lines);
        let networks = serving.iter().filter(|one| one.model.has_network && choice.mode == Mode::Group);
        text.extend(networks.map(model_line));
        if choice.model.is_some() {
            text.push_str(report::whose_sigmas(serving.iter().map(|one| &one.model)));
        }
        text.push_str(&report::reach(&checked));
        text.push_str(&report::totals(&checked));
        text.push_str(&format!("written and verified in {seconds:.1} s: {}\n", target.display()));
        text
    })
}

/// Makes or loads the models.
fn prepare(
    input: &Path,
    choice: &Choice,
    scratch: &Path,
    console: &Console,
) -> Result<(Vec<TreeModels>, Vec<Serving>)> {
    let input = path_text(input)?;
    let trees = bridge::list_trees(input)?;
    bridge::check_input(input)?;
    let selected = choice.select(input, &trees)?;
    warn_each(choice.rules.check(&selected)?);
    let files = [input.to_owned()];
    let sigmas = learn::Sigmas::measure(&files, &selected, choice, &console.progress)?;
    warn_each(learn::moved_before(&selected));
    if let Some(model) = &choice.model {
        return ready_models(path_text(model)?, &selected, choice, &sigmas);
    }
    if choice.rules.is_empty() {
        log::info!("no bound was asked for, so every branch is lossless; try --bound rel-sigma=1e-3");
    }
    warn_each(learn::senseless(&selected, choice, &sigmas));
    let groups = learn::groups(&selected, choice, &sigmas, Sharing::IfClose);
    let learned = learn::learn(&files, groups, choice, Some(1.0), scratch, &console.progress)?;
    let of_tree = |tree: &&TreeInfo| -> Result<TreeModels> {
        let serves = |one: &&Learned| one.group.trees.contains(&tree.path);
        let models = bridge::path_texts(learned.iter().filter(serves).map(|one| &one.path))?;
        Ok(TreeModels { tree: tree.path.clone(), models })
    };
    let trees = selected.iter().map(of_tree).collect::<Result<_>>()?;
    Ok((trees, learned.into_iter().map(Serving::from).collect()))
}

/// Models from a file, each for all trees that it fits.
fn ready_models(
    path: &str,
    selected: &[&TreeInfo],
    choice: &Choice,
    sigmas: &learn::Sigmas,
) -> Result<(Vec<TreeModels>, Vec<Serving>)> {
    let models = bridge::describe_models(path)?;
    if !choice.rules.is_empty() {
        learn::require_kept(&models, selected, choice, sigmas)?;
    }
    for tree in selected.iter().filter(|tree| tree.entries > 0) {
        if models.iter().any(|model| misfit(model, tree).is_none()) {
            continue;
        }
        let name = models.iter().find_map(|model| misfit(model, tree)).unwrap_or_default();
        let problem = format!(
            "the model '{path}' is for other branches: tree '{}' has no branch '{name}' of its type",
            tree.path
        );
        let fits_none = selected.iter().all(|other| models.iter().all(|model| misfit(model, other).is_some()));
        if fits_none || !choice.trees.is_empty() {
            return Err(Error::Incompatible(format!("{problem}; train a model for it")));
        }
        log::warn!("{problem}; it is stored lossless");
    }
    let of_tree = |tree: &&TreeInfo| TreeModels { tree: tree.path.clone(), models: vec![path.to_owned()] };
    let trees = selected.iter().map(of_tree).collect();
    let serve = |model: ModelInfo| {
        let fitting = selected.iter().filter(|tree| misfit(&model, tree).is_none());
        Serving { trees: fitting.map(|tree| tree.path.clone()).collect(), model, trained: None, is_left_out: false }
    };
    Ok((trees, models.into_iter().map(serve).collect()))
}

fn model_line(serving: &Serving) -> String {
    let Serving { trees, model, is_left_out, .. } = serving;
    let left_out = if *is_left_out { "; left out, as it saves less than it takes" } else { "" };
    let (hash, bytes) = (&model.hash, model.bytes);
    let columns = report::counted(model.columns.len(), "column", "columns");
    format!("model {hash} of {bytes} bytes and {columns} for {}{left_out}\n", trees.join(", "))
}

/// What programs get.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    checked: &'a VerifyReport,
    models: Vec<ModelDocument<'a>>,
    seconds: f64,
}

#[derive(Serialize)]
struct ModelDocument<'a> {
    trees: &'a [String],
    hash: &'a str,
    bytes: u64,
    has_network: bool,
    left_out: bool,
    training: Option<&'a Trained>,
}

impl<'a> From<&'a Serving> for ModelDocument<'a> {
    fn from(serving: &'a Serving) -> Self {
        ModelDocument {
            trees: &serving.trees,
            hash: &serving.model.hash,
            bytes: serving.model.bytes,
            has_network: serving.model.has_network && !serving.is_left_out,
            left_out: serving.is_left_out,
            training: serving.trained.as_ref(),
        }
    }
}
