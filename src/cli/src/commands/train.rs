//! `rootbaler train`: a model for many files of the same kind.

use crate::Session;
use crate::args::TrainArgs;
use crate::error::{Error, Result, path_text};
use crate::ffi::bridge;
use crate::output::PendingFile;
use crate::plan::{Group, Wish, groups};
use crate::report;
use crate::trainer::{self, Order, Outcome};
use serde_json::json;

const DEFAULT_LEVEL: u8 = 5;

/// Runs the command.
pub fn run(args: &TrainArgs, session: &Session) -> Result<()> {
    let wish = Wish::new(&args.selection)?;
    let input = path_text(&args.input)?;
    let pending = PendingFile::new(&args.output, &[&args.input], args.force)?;
    let trees = bridge::list_trees(input)?;
    let selected = wish.select(input, &trees)?;
    for warning in wish.rules.check_names(&selected)? {
        session.note(&warning);
    }
    let group = only_group(groups(&selected, &wish.rules))?;

    let scratch = tempfile::tempdir().map_err(|error| Error::Io(format!("cannot make a temporary folder: {error}")))?;
    let sample = scratch.path().join("sample");
    let request = group.sample(input, args.training.sample_rows, args.training.seed);
    let rows = bridge::write_sample(&request, path_text(&sample)?, &session.progress)?;
    let order = Order {
        sample: &sample,
        model: pending.path(),
        rows_target: None,
        level: args.level.or(wish.config.compress.level).unwrap_or(DEFAULT_LEVEL),
        seed: args.training.seed,
        seconds: args.training.seconds,
    };
    let outcome = trainer::train(&order, &session.progress)?;
    let model = bridge::describe_model(path_text(pending.path())?)?;
    group.require_kept(&model)?;
    pending.commit()?;
    if session.json {
        return report::print_json(&json!({
            "hash": model.hash, "bytes": model.bytes, "rows": rows, "trees": group.trees, "training": outcome,
        }));
    }
    if session.quiet {
        return Ok(());
    }
    let summary =
        format!("model {} of {} bytes, from {rows} rows: {}\n", model.hash, model.bytes, args.output.display());
    report::print(&(bits_table(&outcome) + &summary))
}

/// A model is one table of columns; a file with several kinds of trees needs several models.
fn only_group(mut groups: Vec<Group>) -> Result<Group> {
    if groups.len() > 1 {
        let names: Vec<String> = groups.iter().map(|group| group.trees.join(" and ")).collect();
        return Err(Error::BadArgument(format!(
            "these trees need a model each: {}; choose with --tree",
            names.join(" | ")
        )));
    }
    groups.pop().ok_or_else(|| {
        Error::BadArgument(
            "nothing to learn: no entries, or no scalar float branch with a bound; try --bound rel-sigma=1e-3"
                .to_owned(),
        )
    })
}

fn bits_table(outcome: &Outcome) -> String {
    let mut table = report::table(&["column", "bits alone", "bits given the others"], 1);
    for column in &outcome.columns {
        table.add_row([column.name.clone(), format!("{:.2}", column.bits_alone), format!("{:.2}", column.bits_given)]);
    }
    format!("{table}\n")
}
