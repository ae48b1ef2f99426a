//! `rootbaler train`: models for many files of the same kind.

use crate::Session;
use crate::args::{Mode, TrainArgs};
use crate::error::{Error, Result, path_text};
use crate::ffi::bridge;
use crate::learn::{self, Effort, Learned};
use crate::output::PendingFile;
use crate::plan::{Planner, Wish};
use crate::report;
use crate::trainer::Outcome;
use serde_json::{Value, json};
use std::path::Path;

const DEFAULT_LEVEL: u8 = 5;

/// Runs the command.
pub fn run(args: &TrainArgs, session: &Session) -> Result<()> {
    let wish = Wish::new(&args.selection)?;
    let inputs: Vec<&Path> = args.inputs.iter().map(AsRef::as_ref).collect();
    let files = inputs.iter().map(|path| path_text(path).map(str::to_owned)).collect::<Result<Vec<String>>>()?;
    let pending = PendingFile::new(&args.output, &inputs, args.force)?;
    let trees = bridge::list_trees(&files[0])?;
    let selected = wish.select(&files[0], &trees)?;
    for warning in wish.rules.check_names(&selected)? {
        session.note(&warning);
    }
    let groups = Planner::new(&wish, Mode::Group, false)?.groups(&selected)?;
    let has_bounds = groups.iter().flat_map(|group| &group.columns).any(|column| column.bound != "lossless");
    if !has_bounds {
        return Err(Error::BadArgument(
            "nothing to learn: no entries, or no branch of Float_t or Double_t with a bound; try --bound rel-sigma=1e-3"
                .to_owned(),
        ));
    }
    let scratch = tempfile::tempdir().map_err(|error| Error::Io(format!("cannot make a temporary folder: {error}")))?;
    let level = args.level.or(wish.config.compress.level).unwrap_or(DEFAULT_LEVEL);
    let effort = Effort { training: &args.training, level, reuse: None };
    let learned = learn::learn(&files, groups, &effort, scratch.path(), session)?;
    let paths = learned.iter().map(|one| path_text(&one.path).map(str::to_owned)).collect::<Result<Vec<String>>>()?;
    bridge::join_models(&paths, path_text(pending.path())?)?;
    pending.commit()?;
    if session.json {
        return report::print_json(&json!({"models": learned.iter().map(learned_json).collect::<Vec<Value>>()}));
    }
    if session.quiet {
        return Ok(());
    }
    let text: String = learned.iter().map(summary).collect();
    report::print(&format!("{text}{} models: {}\n", learned.len(), args.output.display()))
}

fn summary(learned: &Learned) -> String {
    let table = learned.outcome.as_ref().map(bits_table).unwrap_or_default();
    format!(
        "{table}model {} of {} bytes for {} columns of {} ({}), from {} rows\n",
        learned.model.hash,
        learned.model.bytes,
        learned.model.columns.len(),
        learned.group.trees.join(", "),
        learned.group.label(),
        learned.rows
    )
}

fn learned_json(learned: &Learned) -> Value {
    json!({
        "hash": learned.model.hash,
        "bytes": learned.model.bytes,
        "rows": learned.rows,
        "trees": learned.group.trees,
        "group": learned.group.label(),
        "training": learned.outcome,
    })
}

fn bits_table(outcome: &Outcome) -> String {
    let mut table = report::table(&["column", "bits alone", "bits given the others"], 1);
    for column in &outcome.columns {
        table.add_row([column.name.clone(), format!("{:.2}", column.bits_alone), format!("{:.2}", column.bits_given)]);
    }
    format!("{table}\n")
}
