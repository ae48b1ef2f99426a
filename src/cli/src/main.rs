//! The command `rootbaler`. The work on ROOT files is done by libRootBaler.so; here are the decisions and the words.
//! The rooms are drawn in `docs/DESIGN.md`.

mod bridge;
mod choice;
mod commands;
mod learn;
mod report;
mod support;

use choice::args::Cli;
use clap::Parser;
use report::Console;
use std::process::ExitCode;
use support::error::{Error, ErrorDocument};
use support::{log, signals};

fn main() -> ExitCode {
    let cli = Cli::parse();
    log::show(cli.quiet);
    let console = Console::new(cli.json, cli.quiet);
    match signals::install().and_then(|()| commands::run(&cli.command, &console)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&error, cli.json);
            ExitCode::from(error.exit_code())
        }
    }
}

/// The last words on stderr.
fn say(error: &Error, json: bool) {
    match serde_json::to_string(&ErrorDocument::from(error)) {
        Ok(document) if json => log::say(&document),
        _ => ::log::error!("{error}"),
    }
}
