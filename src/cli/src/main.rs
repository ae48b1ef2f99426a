//! The command `rootbaler`. The work on ROOT files is done by libRootBaler.so; here are the decisions and the words.

mod args;
mod bounds;
mod commands;
mod config;
mod error;
mod ffi;
mod learn;
mod links;
mod output;
mod plan;
mod progress;
mod report;
mod signals;
mod trainer;

use args::{Cli, Command};
use clap::Parser;
use error::Result;
use progress::ProgressSink;
use std::process::ExitCode;

/// What every command gets besides its own arguments.
pub struct Session {
    pub json: bool,
    pub quiet: bool,
    pub progress: ProgressSink,
}

impl Session {
    /// A remark on stderr, for people only.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            eprintln!("rootbaler: {text}");
        }
    }
}

fn run(cli: Cli) -> Result<()> {
    signals::install()?;
    let session = Session { json: cli.json, quiet: cli.quiet, progress: ProgressSink::new(cli.quiet) };
    match &cli.command {
        Command::Compress(args) => commands::compress::run(args, &session),
        Command::Decompress(args) => commands::decompress::run(args, &session),
        Command::Repack(args) => commands::repack::run(args, &session),
        Command::Train(args) => commands::train::run(args, &session),
        Command::Inspect(args) => commands::inspect::run(args, &session),
        Command::Verify(args) => commands::verify::run(args, &session),
        Command::Evaluate(args) => commands::evaluate::run(args, &session),
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let json = cli.json;
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if json {
                let document = serde_json::json!({"error": {"kind": error.kind(), "message": error.to_string()}});
                eprintln!("{document}");
            } else {
                eprintln!("rootbaler: {error}");
            }
            ExitCode::from(error.exit_code())
        }
    }
}
