//! Starting `rootbaler-train`, a process of its own so that neither this one nor ROOT ever loads libtorch.

use crate::error::{Error, Result, path_text};
use crate::signals;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::env;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

const NAME: &str = "rootbaler-train";
const KEPT_LINES: usize = 10;

/// What to learn, and with how much effort.
#[derive(Debug)]
pub struct Order<'a> {
    pub sample: &'a Path,
    /// Samples of other groups that this one points to.
    pub sources: &'a [PathBuf],
    pub model: &'a Path,
    /// Rows that the model will have to code, if that is known: the more, the larger a model pays.
    pub rows_target: Option<u64>,
    pub level: u8,
    pub seed: u64,
    pub seconds: u64,
}

/// What one column costs, in bits per value.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ColumnBits {
    pub name: String,
    pub bits_alone: f64,
    pub bits_given: f64,
}

/// What the trainer says it learned.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    pub columns: Vec<ColumnBits>,
    pub model_bytes: u64,
}

/// A line of the trainer's stdout.
#[derive(Debug, Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Event {
    Progress { fraction: f64 },
    Done { columns: Vec<ColumnBits>, model_bytes: u64 },
    Error { message: String },
}

/// The trainer's executable: `ROOTBALER_TRAIN`, or the one beside this executable.
fn executable() -> Result<PathBuf> {
    let advice = "run `make trainer`, or use --mode single or --model, which need no training";
    if let Some(path) = env::var_os("ROOTBALER_TRAIN").map(PathBuf::from) {
        if path.is_file() {
            return Ok(path);
        }
        return Err(Error::Missing(format!("ROOTBALER_TRAIN names '{}', which is no file: {advice}", path.display())));
    }
    let own = env::current_exe().map_err(|error| Error::Internal(format!("cannot find this executable: {error}")))?;
    let path = own.with_file_name(NAME);
    if path.is_file() {
        Ok(path)
    } else {
        Err(Error::Missing(format!("the trainer {NAME} is not beside '{}': {advice}", own.display())))
    }
}

fn arguments(order: &Order) -> Result<Vec<OsString>> {
    let mut arguments: Vec<OsString> = Vec::new();
    let mut add = |name: &str, value: String| arguments.extend([name.into(), value.into()]);
    add("--sample", path_text(order.sample)?.to_owned());
    for source in order.sources {
        add("--source", path_text(source)?.to_owned());
    }
    add("--out", path_text(order.model)?.to_owned());
    add("--level", order.level.to_string());
    add("--seed", order.seed.to_string());
    add("--seconds", order.seconds.to_string());
    if let Some(rows) = order.rows_target {
        add("--rows-target", rows.to_string());
    }
    Ok(arguments)
}

/// A child that does not outlive this process's interest in it.
struct Guard(Child);

impl Drop for Guard {
    fn drop(&mut self) {
        // both fail only for a child that has ended already
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Trains until the trainer is done; tells `watch` which fraction of the work is.
pub fn train(order: &Order, watch: &dyn Fn(f64)) -> Result<Outcome> {
    let path = executable()?;
    let mut command = Command::new(&path);
    command.args(arguments(order)?).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().map_err(|error| Error::io("start", &path, &error))?;
    let mut guard = Guard(child);
    let stderr = guard.0.stderr.take().map(|pipe| thread::spawn(move || last_lines(pipe)));
    let said = follow(&mut guard.0, watch);
    if said.is_err() {
        let _ = guard.0.kill();
    }
    let status = guard.0.wait().map_err(|error| Error::io("wait for", &path, &error))?;
    let words = stderr.and_then(|thread| thread.join().ok()).unwrap_or_default();
    match said? {
        Some(outcome) if status.success() => Ok(outcome),
        _ => Err(Error::Missing(format!(
            "the trainer failed ({status}): {}\nrun `make trainer`, or use --mode single, which needs no training",
            if words.is_empty() { "it said nothing" } else { &words }
        ))),
    }
}

/// Reads events until the end of the trainer's output.
fn follow(child: &mut Child, watch: &dyn Fn(f64)) -> Result<Option<Outcome>> {
    let Some(stdout) = child.stdout.take() else {
        return Err(Error::Internal("the trainer has no output".to_owned()));
    };
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let lines = BufReader::new(stdout).lines();
        lines.map_while(std::result::Result::ok).take_while(|line| sender.send(line.clone()).is_ok()).for_each(drop);
    });
    let mut outcome = None;
    loop {
        if signals::stop_requested() {
            return Err(Error::Interrupted);
        }
        let line = match receiver.recv_timeout(Duration::from_millis(100)) {
            Ok(line) => line,
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => return Ok(outcome),
        };
        match serde_json::from_str(&line) {
            Ok(Event::Progress { fraction }) => watch(fraction.clamp(0.0, 1.0)),
            Ok(Event::Done { columns, model_bytes }) => outcome = Some(Outcome { columns, model_bytes }),
            Ok(Event::Error { message }) => return Err(Error::Missing(format!("the trainer failed: {message}"))),
            Err(error) => {
                return Err(Error::Incompatible(format!(
                    "the trainer says what this version does not understand ({error}): run `make trainer`"
                )));
            }
        }
    }
}

/// The end of what a process writes to stderr; reads all of it, so that the process is not held up.
fn last_lines(pipe: impl Read) -> String {
    let mut kept = VecDeque::new();
    for line in BufReader::new(pipe).lines().map_while(std::result::Result::ok) {
        kept.push_back(line);
        if kept.len() > KEPT_LINES {
            kept.pop_front();
        }
    }
    Vec::from(kept).join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_understood() {
        let progress = r#"{"event":"progress","fraction":0.5,"message":"epoch 1"}"#;
        assert!(matches!(serde_json::from_str(progress), Ok(Event::Progress { .. })));
        let done =
            r#"{"event":"done","columns":[{"name":"x","bits_alone":9.5,"bits_given":7.0}],"model_bytes":10,"extra":1}"#;
        assert!(matches!(serde_json::from_str(done), Ok(Event::Done { model_bytes: 10, .. })));
        assert!(serde_json::from_str::<Event>("{}").is_err());
    }

    #[test]
    fn the_end_of_stderr_is_kept() {
        let text: String = (0..100).map(|i| format!("{i}\n")).collect();
        let kept = last_lines(text.as_bytes());
        assert_eq!(kept.lines().count(), KEPT_LINES);
        assert!(kept.ends_with("99"));
    }
}
