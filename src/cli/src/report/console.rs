//! How a command answers: tables for people, JSON for programs, progress.

use crate::support::error::{Error, Result};
use crate::support::progress::ProgressSink;
use serde::Serialize;
use std::io::{ErrorKind, Write, stdout};

/// What every command gets besides its own arguments.
pub struct Console {
    json: bool,
    quiet: bool,
    /// Where to say how far the work is.
    pub progress: ProgressSink,
}

impl Console {
    /// For one JSON document instead of text; quiet: for no text and no progress.
    pub fn new(json: bool, quiet: bool) -> Self {
        Console { json, quiet, progress: ProgressSink::new(quiet) }
    }

    /// Prints a document to stdout, or the text if that is what people asked for.
    pub fn answer(&self, document: &impl Serialize, text: impl FnOnce() -> String) -> Result<()> {
        print(&if self.json { pretty(document)? } else { text() })
    }

    /// The same, but no text where somebody asked for quiet.
    pub fn show(&self, document: &impl Serialize, text: impl FnOnce() -> String) -> Result<()> {
        if self.quiet && !self.json { Ok(()) } else { self.answer(document, text) }
    }
}

/// JSON on several lines.
pub fn pretty(document: &impl Serialize) -> Result<String> {
    let text = serde_json::to_string_pretty(document);
    text.map(|text| text + "\n").map_err(|error| Error::Internal(format!("cannot write JSON: {error}")))
}

/// Prints to stdout. Who closes a pipe (`| head`) has read enough: what was to be done is done.
fn print(text: &str) -> Result<()> {
    match stdout().write_all(text.as_bytes()).and_then(|()| stdout().flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Error::Io(format!("cannot write to stdout: {error}")))
        }
        _ => Ok(()),
    }
}
