//! `rootbaler compress IN... -o DIR`: many files, two processes at a time, with models learned once.

use super::compress::Choice;
use super::resume::{Resume, There, kinds_of};
use crate::Session;
use crate::args::{CompressArgs, Mode};
use crate::error::{Error, Result, path_text};
use crate::ffi::bridge;
use crate::learn::{self, Effort};
use crate::plan::Planner;
use crate::report;
use crate::signals;
use serde_json::{Value, json};
use std::collections::{HashSet, VecDeque};
use std::ffi::OsString;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

const STAGE: &str = "compressing";
const WORKERS: usize = 2;
const POLL: Duration = Duration::from_millis(50);
/// Models are learned from so many of the files: the others look alike, or need models of their own anyway.
const LEARN_FROM: usize = 8;

/// One file of the batch.
struct Item {
    input: PathBuf,
    output: PathBuf,
    bytes: u64,
    /// Why an output that is there is written anew.
    redone: Option<String>,
}

/// What became of it.
#[derive(Debug)]
enum Outcome {
    Done { before: u64, after: u64 },
    Skipped,
    Failed { message: String, code: u8 },
    NotStarted,
}

/// Runs the command for many files.
pub fn run(args: &CompressArgs, choice: &Choice, folder: &Path, session: &Session) -> Result<()> {
    fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, &error))?;
    let mut items = items(&args.files, folder)?;
    let resume = Resume::new(args, choice, session)?;
    let mut outcomes: Vec<Outcome> = items.iter_mut().map(|item| already_there(item, &resume, session)).collect();
    let open: Vec<usize> = (0..items.len()).filter(|&index| matches!(outcomes[index], Outcome::NotStarted)).collect();
    let scratch = tempfile::tempdir().map_err(|error| Error::Io(format!("cannot make a temporary folder: {error}")))?;
    if !open.is_empty() {
        let model = match &args.model {
            Some(path) => Some(path.clone()),
            None => learn_models(args, choice, &items, &open, scratch.path(), session)?,
        };
        let arguments = arguments(args, choice, model.as_deref());
        work(&items, open, &arguments, &mut outcomes, session)?;
    }
    print(&items, &outcomes, session)?;
    verdict(&items, &outcomes)
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
        Ok(Item { input: input.clone(), output: folder.join(name), bytes, redone: None })
    };
    inputs.iter().map(item).collect()
}

/// Skips what is done already.
fn already_there(item: &mut Item, resume: &Resume, session: &Session) -> Outcome {
    match resume.look(&item.input, &item.output) {
        Ok(There::Nothing) => Outcome::NotStarted,
        Ok(There::Output) => Outcome::Skipped,
        Ok(There::OtherBounds(difference)) => {
            session.note(&format!(
                "'{}' is there with other bounds, so it is written anew: {difference}",
                item.output.display()
            ));
            item.redone = Some(difference);
            Outcome::NotStarted
        }
        Err(error) => Outcome::Failed { message: error.to_string(), code: error.exit_code() },
    }
}

/// Learns from some of the files, spread over all of them; returns the file with the models, if there are any.
fn learn_models(
    args: &CompressArgs,
    choice: &Choice,
    items: &[Item],
    open: &[usize],
    scratch: &Path,
    session: &Session,
) -> Result<Option<PathBuf>> {
    let step = open.len().div_ceil(LEARN_FROM);
    let mut files: Vec<String> = Vec::new();
    let (mut trees, mut bytes) = (None, 0);
    for &index in open.iter().step_by(step) {
        let path = path_text(&items[index].input)?;
        // a file that cannot be read, or is of another kind, fails when its turn comes
        let Ok(found) = bridge::list_trees(path) else { continue };
        let same = |have: &Vec<bridge::TreeInfo>| kinds_of(have) == kinds_of(&found);
        if trees.as_ref().is_none_or(same) {
            trees.get_or_insert(found);
            files.push(path.to_owned());
            bytes += items[index].bytes;
        }
    }
    let Some(trees) = trees else { return Ok(None) };
    let selected = choice.wish.select(&files[0], &trees)?;
    for warning in choice.wish.rules.check_names(&selected)? {
        session.note(&warning);
    }
    let groups = Planner::new(&choice.wish, choice.mode, choice.trains_lossless)?.groups(&selected)?;
    let all: u64 = open.iter().map(|&index| items[index].bytes).sum();
    let reuse = Some(all as f64 / bytes.max(1) as f64);
    let effort = Effort { training: &args.training, level: choice.level, reuse };
    let learned = learn::learn(&files, groups, &effort, scratch, session)?;
    if learned.is_empty() {
        return Ok(None);
    }
    let paths = learned.iter().map(|one| path_text(&one.path).map(str::to_owned)).collect::<Result<Vec<String>>>()?;
    let joined = scratch.join("models.rbm");
    bridge::join_models(&paths, path_text(&joined)?)?;
    Ok(Some(joined))
}

/// The options of the process for one file.
fn arguments(args: &CompressArgs, choice: &Choice, model: Option<&Path>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = ["--json", "--quiet", "--level"].map(OsString::from).to_vec();
    arguments.push(choice.level.to_string().into());
    // group is the default; asked for by name it would train where nothing was learned for all files
    if choice.mode == Mode::Single {
        arguments.extend(["--mode".into(), "single".into()]);
    }
    if args.force {
        arguments.push("--force".into());
    }
    for tree in &args.selection.tree {
        arguments.extend(["--tree".into(), tree.into()]);
    }
    if let Some(model) = model {
        arguments.extend(["--model".into(), model.into()]);
    }
    arguments
}

/// A process that does not outlive this one's interest in it.
struct Guard(Child);

impl Drop for Guard {
    fn drop(&mut self) {
        // both fail only for a child that has ended already
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn work(
    items: &[Item],
    open: Vec<usize>,
    arguments: &[OsString],
    outcomes: &mut [Outcome],
    session: &Session,
) -> Result<()> {
    let total: u64 = open.iter().map(|&index| items[index].bytes).sum();
    let done = AtomicU64::new(0);
    let workers = thread::available_parallelism().map_or(1, usize::from).min(WORKERS).min(open.len());
    let queue = Mutex::new(VecDeque::from(open));
    let worker = || {
        let mut made = Vec::new();
        while let Some(index) = queue.lock().ok().and_then(|mut queue| queue.pop_front()) {
            if signals::stop_requested() {
                break;
            }
            made.push((index, one(&items[index], arguments)));
            done.fetch_add(items[index].bytes, Ordering::Relaxed);
        }
        made
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(worker)).collect();
        while threads.iter().any(|thread| !thread.is_finished()) {
            session.progress.report(STAGE, done.load(Ordering::Relaxed), total);
            thread::sleep(POLL);
        }
        session.progress.report(STAGE, total, total);
        for (index, outcome) in threads.into_iter().filter_map(|thread| thread.join().ok()).flatten() {
            outcomes[index] = outcome;
        }
    });
    if signals::stop_requested() { Err(Error::Interrupted) } else { Ok(()) }
}

/// Compresses one file in a process of its own, so that one bad file cannot end all.
fn one(item: &Item, arguments: &[OsString]) -> Outcome {
    let failed = |error: Error| Outcome::Failed { message: error.to_string(), code: error.exit_code() };
    let run = || -> Result<(Option<i32>, String, String)> {
        let own = std::env::current_exe()
            .map_err(|error| Error::Internal(format!("cannot find this executable: {error}")))?;
        let mut command = Command::new(&own);
        command.arg("compress").args([&item.input, &item.output]).args(arguments);
        if item.redone.is_some() {
            command.arg("--force");
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().map_err(|error| Error::io("start", &own, &error))?;
        let mut guard = Guard(child);
        let stdout = guard.0.stdout.take().map(|pipe| thread::spawn(move || everything(pipe)));
        let stderr = guard.0.stderr.take().map(|pipe| thread::spawn(move || everything(pipe)));
        let status = loop {
            if signals::stop_requested() {
                return Err(Error::Interrupted);
            }
            match guard.0.try_wait().map_err(|error| Error::io("wait for", &own, &error))? {
                Some(status) => break status,
                None => thread::sleep(POLL),
            }
        };
        let text =
            |thread: Option<thread::JoinHandle<String>>| thread.and_then(|one| one.join().ok()).unwrap_or_default();
        Ok((status.code(), text(stdout), text(stderr)))
    };
    match run() {
        Err(error) => failed(error),
        Ok((Some(0), stdout, _)) => {
            let report: Value = serde_json::from_str(&stdout).unwrap_or_default();
            let bytes = |key: &str| report[key].as_u64().unwrap_or(0);
            Outcome::Done { before: bytes("file_bytes_before"), after: bytes("file_bytes_after") }
        }
        Ok((code, _, stderr)) => {
            let code =
                code.and_then(|code| u8::try_from(code).ok()).unwrap_or(Error::Internal(String::new()).exit_code());
            Outcome::Failed { message: message_in(&stderr), code }
        }
    }
}

fn everything(mut pipe: impl Read) -> String {
    let mut bytes = Vec::new();
    // what was read before an error is worth having
    let _ = pipe.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The message of the error document, which is the last line of stderr.
fn message_in(stderr: &str) -> String {
    let document = stderr.lines().rev().find_map(|line| serde_json::from_str::<Value>(line).ok());
    let message = document.as_ref().and_then(|value| value["error"]["message"].as_str());
    message.unwrap_or(if stderr.is_empty() { "the process ended without a word" } else { stderr.trim() }).to_owned()
}

fn print(items: &[Item], outcomes: &[Outcome], session: &Session) -> Result<()> {
    if session.json {
        let file = |(item, outcome): (&Item, &Outcome)| {
            let mut value = json!({"input": item.input, "output": item.output, "redone": item.redone});
            match outcome {
                Outcome::Done { before, after } => {
                    value["status"] = "done".into();
                    value["file_bytes_before"] = (*before).into();
                    value["file_bytes_after"] = (*after).into();
                }
                Outcome::Skipped => value["status"] = "skipped".into(),
                Outcome::NotStarted => value["status"] = "not started".into(),
                Outcome::Failed { message, .. } => {
                    value["status"] = "failed".into();
                    value["message"] = message.as_str().into();
                }
            }
            value
        };
        let files: Vec<Value> = items.iter().zip(outcomes).map(file).collect();
        return report::print_json(&json!({"files": files}));
    }
    if session.quiet {
        return Ok(());
    }
    let mut table = report::table(&["file", "before", "after", "ratio", "status"], 1);
    for (item, outcome) in items.iter().zip(outcomes) {
        let name = item.input.display().to_string();
        let row = match outcome {
            Outcome::Done { before, after } => {
                let status = if item.redone.is_some() { "done anew: it had other bounds" } else { "done" };
                [name, before.to_string(), after.to_string(), report::ratio(*before, *after), status.to_owned()]
            }
            other => {
                let status = if matches!(other, Outcome::Skipped) { "skipped: it is there" } else { "failed" };
                [name, item.bytes.to_string(), "-".to_owned(), "-".to_owned(), status.to_owned()]
            }
        };
        table.add_row(row);
    }
    report::print(&format!("{table}\n"))
}

/// An error that names every file that failed.
fn verdict(items: &[Item], outcomes: &[Outcome]) -> Result<()> {
    let failed: Vec<(&Item, &str, u8)> = items
        .iter()
        .zip(outcomes)
        .filter_map(|(item, outcome)| match outcome {
            Outcome::Failed { message, code } => Some((item, message.as_str(), *code)),
            _ => None,
        })
        .collect();
    let Some(&(_, _, code)) = failed.first() else { return Ok(()) };
    let mut text = format!("{} of {} files failed:", failed.len(), items.len());
    for (item, message, _) in failed {
        text.push_str(&format!("\n  {}: {message}", item.input.display()));
    }
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

    #[test]
    fn the_first_failure_gives_the_exit_code() {
        let item = |name: &str| Item { input: name.into(), output: name.into(), bytes: 1, redone: None };
        let items = [item("a"), item("b"), item("c")];
        let failed = |code| Outcome::Failed { message: "bad".to_owned(), code };
        let result = verdict(&items, &[Outcome::Skipped, failed(4), failed(3)]);
        let error = result.expect_err("failures");
        assert_eq!(error.exit_code(), 4);
        assert!(error.to_string().contains("2 of 3 files failed:\n  b: bad\n  c: bad"), "{error}");
        assert!(verdict(&items, &[Outcome::Skipped, Outcome::Skipped, Outcome::Done { before: 2, after: 1 }]).is_ok());
    }
}
