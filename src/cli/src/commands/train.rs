//! `rootbaler train`: models for many files of the same kind.

use crate::bridge::{self, path_text, path_texts};
use crate::choice::args::TrainArgs;
use crate::choice::{Choice, LOSSLESS};
use crate::learn::{self, Learned, Sharing, Trained};
use crate::report::{self, Console};
use crate::support::error::{Error, Result};
use crate::support::log::warn_each;
use crate::support::output::PendingFile;
use crate::support::scratch;
use serde::Serialize;
use std::path::Path;

/// What programs get.
#[derive(Serialize)]
struct Document<'a> {
    models: Vec<ModelDocument<'a>>,
}

#[derive(Serialize)]
struct ModelDocument<'a> {
    hash: &'a str,
    bytes: u64,
    rows: u64,
    trees: &'a [String],
    group: &'a str,
    training: Option<&'a Trained>,
}

/// Runs the command.
pub fn run(args: &TrainArgs, console: &Console) -> Result<()> {
    let choice = Choice::of_train(args)?;
    let inputs: Vec<&Path> = args.inputs.iter().map(AsRef::as_ref).collect();
    let files = path_texts(&inputs)?;
    let pending = PendingFile::new(&args.output, &inputs, choice.force)?;
    let trees = bridge::list_trees(&files[0])?;
    let selected = choice.select(&files[0], &trees)?;
    warn_each(choice.rules.check(&selected)?);
    let sigmas = learn::Sigmas::measure(&files, &selected, &choice, &console.progress)?;
    warn_each(learn::senseless(&selected, &choice, &sigmas));
    let groups = learn::groups(&selected, &choice, &sigmas, Sharing::Always);
    if groups.iter().flat_map(|group| &group.columns).all(|column| column.bound == LOSSLESS) {
        return Err(Error::BadArgument(
            "nothing to learn: no entries, or no branch of Float_t or Double_t with a bound; try --bound rel-sigma=1e-3"
                .to_owned(),
        ));
    }
    let scratch = scratch::folder()?;
    let learned = learn::learn(&files, groups, &choice, None, scratch.path(), &console.progress)?;
    let paths = path_texts(learned.iter().map(|one| &one.path))?;
    pending.write(|target| Ok(bridge::join_models(&paths, path_text(target)?)?))?;
    pending.commit()?;
    console.show(&Document { models: learned.iter().map(ModelDocument::from).collect() }, || {
        let text: String = learned.iter().map(summary).collect();
        let models = report::counted(learned.len(), "model", "models");
        format!("{text}{models}: {}\n", args.output.display())
    })
}

impl<'a> From<&'a Learned> for ModelDocument<'a> {
    fn from(learned: &'a Learned) -> Self {
        ModelDocument {
            hash: &learned.model.hash,
            bytes: learned.model.bytes,
            rows: learned.rows,
            trees: &learned.group.trees,
            group: learned.group.label(),
            training: learned.trained.as_ref(),
        }
    }
}

fn summary(learned: &Learned) -> String {
    let table = learned.trained.as_ref().map(bits_table).unwrap_or_default();
    format!(
        "{table}model {} of {} bytes for {} of {} ({}), from {} rows\n",
        learned.model.hash,
        learned.model.bytes,
        report::counted(learned.model.columns.len(), "column", "columns"),
        learned.group.trees.join(", "),
        learned.group.label(),
        learned.rows
    )
}

fn bits_table(trained: &Trained) -> String {
    let mut table = report::table(&["column", "bits alone", "bits given the others"], 1);
    for column in &trained.columns {
        table.add_row([column.name.clone(), format!("{:.2}", column.bits_alone), format!("{:.2}", column.bits_given)]);
    }
    format!("{table}\n")
}
