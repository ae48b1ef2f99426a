//! Messages on standard error: standard output is for events.

use log::{LevelFilter, Log, Metadata, Record};

struct Stderr;

impl Log for Stderr {
    fn enabled(&self, _: &Metadata) -> bool {
        // the largest level is checked before
        true
    }

    fn log(&self, record: &Record) {
        eprintln!("{}: {}", record.level().as_str().to_lowercase(), record.args());
    }

    fn flush(&self) {}
}

/// Messages up to this level are shown.
pub fn show(most: LevelFilter) {
    if log::set_logger(&Stderr).is_ok() {
        log::set_max_level(most);
    }
}
