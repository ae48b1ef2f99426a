//! `rootbaler compress IN... -o DIR`: many files, two processes at a time, with models learned once.

use super::resume::{Resume, There, kinds_of};
use crate::bridge::{self, TreeInfo, path_text, path_texts};
use crate::choice::{Assignment, Choice};
use crate::learn::{self, Sharing};
use crate::report::{self, Console};
use crate::support::child::{Ended, Running};
use crate::support::error::{Error, ErrorDocument, Result};
use crate::support::log::warn_each;
use crate::support::{jobs, output, scratch};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

const STAGE: &str = "compressing";
/// Models are learned from so many of the files: the others look alike, or need models of their own anyway.
const LEARN_FROM: usize = 8;

/// One file of the batch; programs get it as it is.
#[derive(Debug, Serialize)]
struct Item {
    input: PathBuf,
    output: PathBuf,
    #[serde(skip)]
    bytes: u64,
    /// Why an output that is there is written anew.
    redone: Option<String>,
    #[serde(flatten)]
    state: State,
}

/// What became of it.
#[derive(Debug, Serialize)]
#[serde(tag = "status", rename_all = "lowercase")]
enum State {
    Done(Sizes),
    Skipped,
    Failed {
        message: String,
        #[serde(skip)]
        code: u8,
    },
    #[serde(rename = "not started")]
    NotStarted,
}

/// What counts of the document that the process for one file prints.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Sizes {
    file_bytes_before: u64,
    file_bytes_after: u64,
}

/// What programs get.
#[derive(Serialize)]
struct Document<'a> {
    files: &'a [Item],
}

impl From<Error> for State {
    fn from(error: Error) -> Self {
        State::Failed { message: error.to_string(), code: error.exit_code() }
    }
}

/// Runs the command for many files; with `recheck` values of outputs that are there are compared, too.
pub fn run(inputs: &[PathBuf], folder: &Path, choice: &Choice, recheck: bool, console: &Console) -> Result<()> {
    fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, &error))?;
    output::require_writable(folder)?;
    let mut items = items(inputs, folder)?;
    let resume = Resume::new(choice, recheck, &console.progress)?;
    for item in &mut items {
        look(item, &resume);
    }
    let scratch = scratch::folder()?;
    let mut note = "";
    let mut open: Vec<&mut Item> = items.iter_mut().filter(|item| matches!(item.state, State::NotStarted)).collect();
    if !open.is_empty() {
        let learned = match &choice.model {
            None => learn_models(&open, choice, scratch.path(), console)?,
            Some(_) => None,
        };
        let choice = match learned {
            Some(models) => choice.with_model(models),
            // whoever asked for it by name did not mean that every file learns anew what could not be learned for all
            None => Choice { trains_lossless: false, ..choice.clone() },
        };
        if let Some(models) = &choice.model {
            note = report::whose_sigmas(&bridge::describe_models(path_text(models)?)?);
        }
        work(&mut open, &choice, console)?;
    }
    console.show(&Document { files: &items }, || table(&items) + note)?;
    verdict(&items)
}

fn items(inputs: &[PathBuf], folder: &Path) -> Result<Vec<Item>> {
    let mut names = HashSet::new();
    let item = |input: &PathBuf| {
        let name =
            input.file_name().ok_or_else(|| Error::BadArgument(format!("'{}' is no file name", input.display())))?;
        if !names.insert(name.to_owned()) {
            return Err(Error::BadArgument(format!(
                "two inputs are named '{}': give them a folder each",
                name.to_string_lossy()
            )));
        }
        // what is wrong with a file is reported when its turn comes
        let bytes = fs::metadata(input).map_or(0, |data| data.len());
        let output = folder.join(name);
        Ok(Item { input: input.clone(), output, bytes, redone: None, state: State::NotStarted })
    };
    inputs.iter().map(item).collect()
}

/// Skips what is done already.
fn look(item: &mut Item, resume: &Resume) {
    match resume.look(&item.input, &item.output) {
        Ok(There::Nothing) => {}
        Ok(There::Output) => item.state = State::Skipped,
        Ok(There::OtherBounds(difference)) => {
            let output = item.output.display();
            log::info!("'{output}' is there with other bounds, so it is written anew: {difference}");
            item.redone = Some(difference);
        }
        Err(error) => item.state = error.into(),
    }
}

/// Learns from some of the files, spread over all of them; returns the file with the models, if there are any.
fn learn_models(open: &[&mut Item], choice: &Choice, scratch: &Path, console: &Console) -> Result<Option<PathBuf>> {
    let step = open.len().div_ceil(LEARN_FROM);
    let mut files: Vec<String> = Vec::new();
    let (mut trees, mut bytes) = (None, 0);
    for item in open.iter().step_by(step) {
        let path = path_text(&item.input)?;
        // a file that cannot be read, or is of another kind, fails when its turn comes
        let Ok(found) = bridge::list_trees(path) else { continue };
        let same = |have: &Vec<TreeInfo>| kinds_of(have) == kinds_of(&found);
        if trees.as_ref().is_none_or(same) {
            trees.get_or_insert(found);
            files.push(path.to_owned());
            bytes += item.bytes;
        }
    }
    let Some(trees) = trees else { return Ok(None) };
    let selected = choice.select(&files[0], &trees)?;
    warn_each(choice.rules.check(&selected)?);
    let all: u64 = open.iter().map(|item| item.bytes).sum();
    let reuse = Some(all as f64 / bytes.max(1) as f64);
    let sigmas = learn::Sigmas::measure(&files, &selected, choice, &console.progress)?;
    warn_each(learn::senseless(&selected, choice, &sigmas));
    let groups = learn::groups(&selected, choice, &sigmas, Sharing::Always);
    let learned = learn::learn(&files, groups, choice, reuse, scratch, &console.progress)?;
    if learned.is_empty() {
        return Ok(None);
    }
    let joined = scratch.join("models.rbm");
    bridge::join_models(&path_texts(learned.iter().map(|one| &one.path))?, path_text(&joined)?)?;
    Ok(Some(joined))
}

fn work(open: &mut [&mut Item], choice: &Choice, console: &Console) -> Result<()> {
    let total = open.iter().map(|item| item.bytes).sum();
    let done = AtomicU64::new(0);
    let items: &[&mut Item] = open;
    let job = |index: usize| {
        let item = &items[index];
        let state = compress(item, choice).unwrap_or_else(State::from);
        done.fetch_add(item.bytes, Ordering::Relaxed);
        ControlFlow::Continue(state)
    };
    // the answer, whether to go on, is known to the queue itself
    let watch = || {
        console.progress.report(STAGE, done.load(Ordering::Relaxed), total);
    };
    let states = jobs::run(items.len(), job, watch)?;
    for (item, state) in open.iter_mut().zip(states) {
        item.state = state.unwrap_or(State::NotStarted);
    }
    Ok(())
}

/// Compresses one file in a process of its own, so that one bad file cannot end all.
fn compress(item: &Item, choice: &Choice) -> Result<State> {
    let own =
        std::env::current_exe().map_err(|error| Error::Internal(format!("cannot find this executable: {error}")))?;
    let choice = Choice { force: choice.force || item.redone.is_some(), ..choice.clone() };
    for path in [&item.input, &item.output] {
        path_text(path)?;
    }
    let assignment = Assignment { input: item.input.clone(), output: item.output.clone(), choice };
    let input = serde_json::to_vec(&assignment)
        .map_err(|error| Error::Internal(format!("cannot say what to compress: {error}")))?;
    let mut command = Command::new(&own);
    command.args(["--json", "--quiet", "compress-assigned"]);
    let running = Running::start(&mut command, input).map_err(|error| Error::io("start", &own, &error))?;
    let mut said = String::new();
    let ended = running.follow(|line| {
        said.push_str(line);
        said.push('\n');
        Ok(())
    })?;
    if !ended.status.success() {
        return Ok(failure(&ended));
    }
    let sizes = serde_json::from_str(&said);
    Ok(State::Done(sizes.map_err(|error| Error::Internal(format!("a process gave no sizes: {error}")))?))
}

/// Why a process failed: the error document is the last line of its stderr.
fn failure(ended: &Ended) -> State {
    let code = ended.status.code().and_then(|code| u8::try_from(code).ok());
    let code = code.unwrap_or(Error::Internal(String::new()).exit_code());
    State::Failed { message: message_in(&ended.words), code }
}

fn message_in(words: &str) -> String {
    let document = words.lines().rev().find_map(|line| serde_json::from_str::<ErrorDocument>(line).ok());
    match document {
        Some(document) => document.error.message,
        None if words.is_empty() => "the process ended without a word".to_owned(),
        None => words.trim().to_owned(),
    }
}

fn table(items: &[Item]) -> String {
    let mut table = report::table(&["file", "before", "after", "before / after", "status"], 1);
    for item in items {
        let name = item.input.display().to_string();
        let row = match item.state {
            State::Done(Sizes { file_bytes_before: before, file_bytes_after: after }) => {
                let status = if item.redone.is_some() { "done anew: it had other bounds" } else { "done" };
                [name, before.to_string(), after.to_string(), report::ratio(before, after), status.to_owned()]
            }
            ref other => {
                let status = if matches!(other, State::Skipped) { "skipped: it is there" } else { "failed" };
                [name, item.bytes.to_string(), "-".to_owned(), "-".to_owned(), status.to_owned()]
            }
        };
        table.add_row(row);
    }
    format!("{table}\n")
}

/// An error that names every file that failed.
fn verdict(items: &[Item]) -> Result<()> {
    let failure = |item: &'_ Item| match &item.state {
        State::Failed { message, code } => Some((format!("\n  {}: {message}", item.input.display()), *code)),
        _ => None,
    };
    let failed: Vec<(String, u8)> = items.iter().filter_map(failure).collect();
    let Some(&(_, code)) = failed.first() else { return Ok(()) };
    let mut text = format!("{} of {} failed:", failed.len(), report::counted(items.len(), "file", "files"));
    text.extend(failed.iter().map(|(line, _)| line.as_str()));
    Err(Error::Several { text, code })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_need_different_names() {
        let paths = [PathBuf::from("a/x.root"), PathBuf::from("b/x.root")];
        assert!(matches!(items(&paths, Path::new("out")), Err(Error::BadArgument(_))));
    }

    #[test]
    fn the_message_of_a_process() {
        let said = "Warning in <ROOT>: something\n{\"error\":{\"kind\":\"io\",\"message\":\"cannot read\"}}\n";
        assert_eq!(message_in(said), "cannot read");
        assert_eq!(message_in("killed\n"), "killed");
    }

    fn item(name: &str, state: State) -> Item {
        Item { input: name.into(), output: name.into(), bytes: 1, redone: None, state }
    }

    #[test]
    fn the_first_failure_gives_the_exit_code() {
        let failed = |code| State::Failed { message: "bad".to_owned(), code };
        let items = [item("a", State::Skipped), item("b", failed(4)), item("c", failed(3))];
        let error = verdict(&items).expect_err("failures");
        assert_eq!(error.exit_code(), 4);
        assert!(error.to_string().contains("2 of 3 files failed:\n  b: bad\n  c: bad"), "{error}");
        assert!(verdict(&items[..1]).is_ok());
    }

    #[test]
    fn programs_get_what_became_of_each() {
        let sizes = Sizes { file_bytes_before: 2, file_bytes_after: 1 };
        let text = |state| serde_json::to_string(&item("a", state)).expect("JSON");
        let start = r#"{"input":"a","output":"a","redone":null,"status":"#;
        let done = r#""done","file_bytes_before":2,"file_bytes_after":1}"#;
        assert_eq!(text(State::Done(sizes)), format!("{start}{done}"));
        assert_eq!(text(State::NotStarted), format!("{start}\"not started\"}}"));
        let failed = State::Failed { message: "bad".to_owned(), code: 4 };
        assert_eq!(text(failed), format!("{start}\"failed\",\"message\":\"bad\"}}"));
    }
}
