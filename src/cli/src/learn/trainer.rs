//! Starting `rootbaler-train`, a process of its own so that neither this one nor ROOT ever loads libtorch.

use crate::bridge::path_text;
use crate::support::child::Running;
use crate::support::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

const NAME: &str = "rootbaler-train";

/// What to learn, and with how much effort.
#[derive(Debug)]
pub struct Order<'a> {
    /// The rows to learn from.
    pub sample: &'a Path,
    /// Samples of other groups that this one points to.
    pub sources: &'a [PathBuf],
    /// The file to write.
    pub model: &'a Path,
    /// Rows that the model will have to code, if that is known: the more, the larger a model pays.
    pub rows_target: Option<u64>,
    /// ROOT's level, 1 to 9.
    pub level: u8,
    /// Of all that is random.
    pub seed: u64,
    /// Most seconds of CPU time.
    pub seconds: u64,
}

/// What one column costs, in bits per value.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ColumnBits {
    /// Name of the branch.
    pub name: String,
    /// Coded alone.
    pub bits_alone: f64,
    /// Given the columns before it.
    pub bits_given: f64,
}

/// What the trainer says it learned.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Trained {
    /// All columns of the group.
    pub columns: Vec<ColumnBits>,
    /// Size of the model.
    pub model_bytes: u64,
}

/// A line of the trainer's stdout.
#[derive(Debug, Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Event {
    Progress { fraction: f64 },
    Warning { message: String },
    Done(Trained),
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

/// Trains until the trainer is done; tells `watch` which fraction of the work is.
pub fn train(order: &Order, watch: impl Fn(f64)) -> Result<Trained> {
    let path = executable()?;
    let mut command = Command::new(&path);
    command.args(arguments(order)?);
    let running = Running::start(&mut command, Vec::new()).map_err(|error| Error::io("start", &path, &error))?;
    let mut trained = None;
    let ended = running.follow(|line| {
        match serde_json::from_str(line) {
            Ok(Event::Progress { fraction }) => watch(fraction.clamp(0.0, 1.0)),
            Ok(Event::Warning { message }) => log::warn!("{message}"),
            Ok(Event::Done(result)) => trained = Some(result),
            Ok(Event::Error { message }) => return Err(Error::Missing(format!("the trainer failed: {message}"))),
            Err(error) => {
                return Err(Error::Incompatible(format!(
                    "the trainer says what this version does not understand ({error}): run `make trainer`"
                )));
            }
        }
        Ok(())
    })?;
    match trained {
        Some(trained) if ended.status.success() => Ok(trained),
        _ => Err(Error::Missing(format!(
            "the trainer failed ({}): {}\nrun `make trainer`, or use --mode single, which needs no training",
            ended.status,
            if ended.words.is_empty() { "it said nothing" } else { &ended.words }
        ))),
    }
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
        assert!(matches!(serde_json::from_str(done), Ok(Event::Done(Trained { model_bytes: 10, .. }))));
        assert!(serde_json::from_str::<Event>("{}").is_err());
    }
}
