//! One module for each sub-command: the order of its work.

mod batch;
mod compress;
mod decompress;
mod evaluate;
mod inspect;
mod repack;
mod resume;
mod train;
mod verify;

use crate::choice::args::Command;
use crate::report::Console;
use crate::support::error::Result;

/// Runs a sub-command.
pub fn run(command: &Command, console: &Console) -> Result<()> {
    match command {
        Command::Compress(args) => compress::run(args, console),
        Command::Decompress(args) => decompress::run(args, console),
        Command::Repack(args) => repack::run(args, console),
        Command::Train(args) => train::run(args, console),
        Command::Inspect(args) => inspect::run(args, console),
        Command::Verify(args) => verify::run(args, console),
        Command::Evaluate(args) => evaluate::run(args, console),
        Command::CompressAssigned => compress::run_assigned(console),
    }
}
