//! `rootbaler decompress`: an ordinary ROOT file.

use crate::bridge::{self, path_text};
use crate::choice::args::DecompressArgs;
use crate::report::Console;
use crate::support::error::{Error, Result};
use crate::support::output::{self, PendingFile};
use serde::Serialize;
use std::fs;
use std::path::Path;

/// What programs get.
#[derive(Serialize)]
struct Document {
    file_bytes_before: u64,
    file_bytes_after: u64,
}

/// Runs the command.
pub fn run(args: &DecompressArgs, console: &Console) -> Result<()> {
    let pending = PendingFile::new(&args.output, &[&args.input], args.force)?;
    // what we coded does not get smaller; the rest is a copy
    pending.require_room(output::size_of(&args.input) / 2)?;
    let input = path_text(&args.input)?;
    pending.write(|target| Ok(bridge::decompress(input, path_text(target)?, &console.progress)?))?;
    pending.commit()?;
    let size = |path: &Path| fs::metadata(path).map(|data| data.len()).map_err(|error| Error::io("read", path, &error));
    let (before, after) = (size(&args.input)?, size(&args.output)?);
    console.show(&Document { file_bytes_before: before, file_bytes_after: after }, || {
        format!("{before} -> {after} bytes: {}\n", args.output.display())
    })
}
