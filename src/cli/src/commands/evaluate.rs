//! `rootbaler evaluate`: tables, and plots drawn by a ROOT macro.

use crate::bridge::{self, VerifyOptions, path_text};
use crate::choice::args::EvaluateArgs;
use crate::report::{self, Console, Lines};
use crate::support::child::Running;
use crate::support::error::{Error, Result};
use crate::support::output;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs the command.
pub fn run(args: &EvaluateArgs, console: &Console) -> Result<()> {
    let (original, compressed) = (path_text(&args.original)?, path_text(&args.compressed)?);
    fs::create_dir_all(&args.output).map_err(|error| Error::io("create", &args.output, &error))?;
    output::require_writable(&args.output)?;
    let checked = bridge::verify(original, compressed, &VerifyOptions::default(), &console.progress)?;
    let table = report::check_table(&checked, Lines::All) + &report::totals(&checked);
    for (name, text) in
        [("table.txt", &table), ("table.csv", &report::check_csv(&checked)), ("table.json", &report::pretty(&checked)?)]
    {
        let path = args.output.join(name);
        fs::write(&path, text).map_err(|error| Error::io("write", &path, &error))?;
    }
    draw(args)?;
    if !has_images(&args.output.join("plots")) {
        log::warn!(
            "the plots are PDF only: ROOT cannot load its image library (Debian, Ubuntu: apt install libsm6 libxext6)"
        );
    }
    console.show(&checked, || format!("{table}tables and plots: {}\n", args.output.display()))?;
    report::require_passed(&checked)
}

/// Whether ROOT could write PNGs, too.
fn has_images(folder: &Path) -> bool {
    let is_image = |entry: fs::DirEntry| entry.path().extension().is_some_and(|end| end == "png");
    fs::read_dir(folder).is_ok_and(|entries| entries.flatten().any(is_image))
}

/// The folder that holds `bin` with this executable, `lib`, `include` and `share`.
fn prefix() -> Result<PathBuf> {
    let own = env::current_exe().map_err(|error| Error::Internal(format!("cannot find this executable: {error}")))?;
    Ok(own.ancestors().nth(2).unwrap_or(Path::new(".")).to_owned())
}

/// A search path with one more folder in front.
fn search_path(variable: &str, folder: PathBuf) -> OsString {
    let old = env::var_os(variable).unwrap_or_default();
    let folders =
        [folder.clone()].into_iter().chain(env::split_paths(&old).filter(|path| !path.as_os_str().is_empty()));
    env::join_paths(folders).unwrap_or_else(|_| folder.into())
}

/// Text as a C++ string literal, for ROOT's command line.
fn literal(path: &Path) -> Result<String> {
    Ok(format!("\"{}\"", path_text(path)?.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// Runs the macro in a ROOT process of its own, with its chatter kept for the case that it fails.
fn draw(args: &EvaluateArgs) -> Result<()> {
    let prefix = prefix()?;
    let path = prefix.join("share/rootbaler/macros/evaluate.C");
    if !path.is_file() {
        return Err(Error::Missing(format!(
            "the macro '{}' is not there, so no plots: run `make build`",
            path.display()
        )));
    }
    let call = format!(
        "{}({},{},{})",
        path_text(&path)?,
        literal(&args.original)?,
        literal(&args.compressed)?,
        literal(&args.output)?
    );
    let mut root = Command::new("root");
    root.args(["-l", "-b", "-q", &call]);
    root.env("LD_LIBRARY_PATH", search_path("LD_LIBRARY_PATH", prefix.join("lib")));
    root.env("ROOT_INCLUDE_PATH", search_path("ROOT_INCLUDE_PATH", prefix.join("include")));
    let running = Running::start(&mut root, Vec::new()).map_err(|error| {
        Error::Missing(format!("cannot start 'root' to draw the plots: {error}; source build/env.sh first"))
    })?;
    let ended = running.follow(|_| Ok(()))?;
    if ended.status.success() {
        return Ok(());
    }
    Err(Error::Missing(format!("the macro evaluate.C failed ({}): {}", ended.status, ended.words.trim())))
}
