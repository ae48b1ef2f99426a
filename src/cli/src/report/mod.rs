//! Tables for people and JSON for programs.

mod checks;
mod console;
mod tables;

pub use checks::{check_csv, check_table, reach, require_passed, totals, whose_sigmas};
pub use console::{Console, pretty};
pub use tables::{Lines, counted, prefix, ratio, short, table};
