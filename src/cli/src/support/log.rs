//! Messages for people, on stderr: stdout is for results.

use log::{LevelFilter, Log, Metadata, Record};

struct Stderr;

impl Log for Stderr {
    fn enabled(&self, _: &Metadata) -> bool {
        // the largest level is checked before
        true
    }

    fn log(&self, record: &Record) {
        eprintln!("rootbaler: {}", record.args());
    }

    fn flush(&self) {}
}

/// From now on notes are shown, unless somebody asked for quiet; errors always.
pub fn show(quiet: bool) {
    if log::set_logger(&Stderr).is_ok() {
        log::set_max_level(if quiet { LevelFilter::Error } else { LevelFilter::Info });
    }
}
