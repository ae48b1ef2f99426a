//! `rootbaler-train`: trains a model on a sample, in a process of its own.
//!
//! Started by the command `rootbaler`, with which it ends. Reports on standard output ([`events`]); the rooms are drawn
//! in `docs/DESIGN.md`.

mod data;
mod events;
mod fits;
mod learn;
mod logger;
mod options;
mod search;
#[cfg(test)]
mod testing;
mod train;

use clap::Parser;
use events::Event;
use options::Options;
use std::process::ExitCode;

fn main() -> ExitCode {
    let options = Options::parse();
    logger::show(options.log);
    tch::set_num_threads(options.threads);
    match learn::learn(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            Event::Error { message: error.to_string() }.report();
            ExitCode::FAILURE
        }
    }
}
