//! `rootbaler decompress`: an ordinary ROOT file.

use crate::Session;
use crate::args::DecompressArgs;
use crate::error::{Error, Result, path_text};
use crate::ffi::bridge;
use crate::output::PendingFile;
use crate::report;
use serde_json::json;
use std::fs;

/// Runs the command.
pub fn run(args: &DecompressArgs, session: &Session) -> Result<()> {
    let pending = PendingFile::new(&args.output, &[&args.input], args.force)?;
    bridge::decompress(path_text(&args.input)?, path_text(pending.path())?, &session.progress)?;
    pending.commit()?;
    let size = |path| fs::metadata(path).map(|data| data.len()).map_err(|error| Error::io("read", path, &error));
    let (before, after) = (size(&args.input)?, size(&args.output)?);
    if session.json {
        return report::print_json(&json!({"file_bytes_before": before, "file_bytes_after": after}));
    }
    if session.quiet {
        return Ok(());
    }
    report::print(&format!("{} -> {} bytes: {}\n", before, after, args.output.display()))
}
