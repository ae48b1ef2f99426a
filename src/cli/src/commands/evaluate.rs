//! `rootbaler evaluate`: tables, and plots drawn by a ROOT macro.

use crate::Session;
use crate::args::EvaluateArgs;
use crate::error::{Error, Result, path_text};
use crate::ffi::bridge;
use crate::report;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Runs the command.
pub fn run(args: &EvaluateArgs, session: &Session) -> Result<()> {
    let checked = bridge::verify(path_text(&args.original)?, path_text(&args.compressed)?, &session.progress)?;
    fs::create_dir_all(&args.output).map_err(|error| Error::io("create", &args.output, &error))?;
    let table = report::check_table(&checked) + &report::totals(&checked);
    let document = report::check_json(&checked);
    for (name, text) in [
        ("table.txt", table.clone()),
        ("table.csv", report::check_csv(&checked)),
        ("table.json", format!("{document:#}\n")),
    ] {
        let path = args.output.join(name);
        fs::write(&path, text).map_err(|error| Error::io("write", &path, &error))?;
    }
    draw(args)?;
    if session.json {
        report::print_json(&document)?;
    } else if !session.quiet {
        report::print(&format!("{table}tables and plots: {}\n", args.output.display()))?;
    }
    report::require_passed(&checked)
}

/// The macro `evaluate.C`, installed beside this executable's folder.
fn macro_path() -> Result<PathBuf> {
    let own = env::current_exe().map_err(|error| Error::Internal(format!("cannot find this executable: {error}")))?;
    let prefix = own.parent().and_then(Path::parent).unwrap_or(Path::new("."));
    let path = prefix.join("share/rootbaler/macros/evaluate.C");
    if path.is_file() {
        return Ok(path);
    }
    Err(Error::Missing(format!("the macro '{}' is not there, so no plots: run `make build`", path.display())))
}

/// Text as a C++ string literal, for ROOT's command line.
fn literal(path: &Path) -> Result<String> {
    Ok(format!("\"{}\"", path_text(path)?.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// Runs the macro in a ROOT process of its own, with its chatter kept for the case that it fails.
fn draw(args: &EvaluateArgs) -> Result<()> {
    let call = format!(
        "{}({},{},{})",
        path_text(&macro_path()?)?,
        literal(&args.original)?,
        literal(&args.compressed)?,
        literal(&args.output)?
    );
    let run = Command::new("root").args(["-l", "-b", "-q", &call]).stdin(Stdio::null()).output();
    let output = run.map_err(|error| {
        Error::Missing(format!("cannot start 'root' to draw the plots: {error}; source build/env.sh first"))
    })?;
    if output.status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(Error::Internal(format!("the macro evaluate.C failed ({}): {}", output.status, words.trim())))
}
