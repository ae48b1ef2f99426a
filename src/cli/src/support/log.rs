//! Messages for people, on stderr: stdout is for results.

use log::{LevelFilter, Log, Metadata, Record};
use std::io::{Write, stderr};

struct Stderr;

impl Log for Stderr {
    fn enabled(&self, _: &Metadata) -> bool {
        // the largest level is checked before
        true
    }

    fn log(&self, record: &Record) {
        say(&format!("rootbaler: {}", record.args()));
    }

    fn flush(&self) {}
}

/// A line on stderr. If nobody can read it any more, nobody needs it.
pub fn say(line: &str) {
    let _ = writeln!(stderr(), "{line}");
}

/// Warnings, a line each.
pub fn warn_each(warnings: impl IntoIterator<Item = String>) {
    warnings.into_iter().for_each(|warning| log::warn!("{warning}"));
}

/// From now on notes are shown, unless somebody asked for quiet; errors always.
pub fn show(quiet: bool) {
    if log::set_logger(&Stderr).is_ok() {
        log::set_max_level(if quiet { LevelFilter::Error } else { LevelFilter::Info });
    }
}
