//! `rootbaler verify`: every value against its bound.

use crate::bridge::{self, VerifyOptions, path_text};
use crate::choice::args::VerifyArgs;
use crate::report::{self, Console, Lines};
use crate::support::error::Result;

/// Runs the command; fails with exit code 1 if a value is outside its bound.
pub fn run(args: &VerifyArgs, console: &Console) -> Result<()> {
    let (original, compressed) = (path_text(&args.original)?, path_text(&args.compressed)?);
    let bounds_of = args.bounds_of.as_deref().map(path_text).transpose()?.unwrap_or_default();
    let options = VerifyOptions { bound: args.bound.clone().unwrap_or_default(), bounds_of: bounds_of.to_owned() };
    let checked = bridge::verify(original, compressed, &options, &console.progress)?;
    console.show(&checked, || {
        let mut text = report::check_table(&checked, Lines::new(args.all)) + &report::totals(&checked);
        text.push_str(&format!("{}\n", checked.comparison));
        for problem in &checked.problems {
            text.push_str(&format!("problem: {problem}\n"));
        }
        text
    })?;
    report::require_passed(&checked)
}
