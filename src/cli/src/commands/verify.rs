//! `rootbaler verify`: every value against its bound.

use crate::Session;
use crate::args::VerifyArgs;
use crate::error::{Result, path_text};
use crate::ffi::bridge;
use crate::report::{self, Lines};

/// Runs the command; fails with exit code 1 if a value is outside its bound.
pub fn run(args: &VerifyArgs, session: &Session) -> Result<()> {
    let checked = bridge::verify(path_text(&args.original)?, path_text(&args.compressed)?, &session.progress)?;
    if session.json {
        report::print_json(&report::check_json(&checked))?;
    } else if !session.quiet {
        let mut text = report::check_table(&checked, Lines::new(args.all)) + &report::totals(&checked);
        for problem in &checked.problems {
            text.push_str(&format!("problem: {problem}\n"));
        }
        report::print(&text)?;
    }
    report::require_passed(&checked)
}
