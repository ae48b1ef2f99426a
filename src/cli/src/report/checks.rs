//! The comparison of two files: for people, as comma-separated values, and as success or failure.

use super::tables::{Lines, counted, prefix, ratio, short, table};
use crate::bridge::{BranchCheck, ModelInfo, VerifyReport};
use crate::support::error::{Error, Result};

/// Lines for branches with the same prefix and kind of bound: sums of bytes, worst of errors.
fn merged(checks: &[BranchCheck]) -> Vec<BranchCheck> {
    let kind = |bound: &str| bound.split_once('=').map_or(bound.to_owned(), |(kind, _)| kind.to_owned());
    let mut lines: Vec<(String, usize, BranchCheck)> = Vec::new();
    for check in checks {
        let key = format!("{}\n{}\n{}", check.tree, prefix(&check.branch), kind(&check.bound));
        match lines.iter_mut().find(|(other, ..)| *other == key) {
            Some((_, count, line)) => {
                *count += 1;
                if line.bound != check.bound {
                    line.bound = kind(&check.bound);
                }
                line.worst_error = line.worst_error.max(check.worst_error);
                line.worst_in_bounds = line.worst_in_bounds.max(check.worst_in_bounds);
                line.violations += check.violations;
                line.bytes_before += check.bytes_before;
                line.bytes_after += check.bytes_after;
            }
            None => lines.push((key, 1, check.clone())),
        }
    }
    let name = |(_, count, mut line): (String, usize, BranchCheck)| {
        if count > 1 {
            line.branch = format!("{}_* ({count} branches)", prefix(&line.branch));
        }
        line
    };
    lines.into_iter().map(name).collect()
}

/// The table that `compress`, `verify` and `evaluate` print.
pub fn check_table(report: &VerifyReport, lines: Lines) -> String {
    let header =
        ["tree", "branch", "bound", "worst error", "error / bound", "before", "after", "before / after", "outside"];
    let mut table = table(&header, 3);
    let shared = lines.are_shared(report.branches.len());
    let checks = if shared { merged(&report.branches) } else { report.branches.clone() };
    for check in &checks {
        table.add_row(check_cells(check));
    }
    let note = if shared { "branches that are named alike share a line: --all shows each\n" } else { "" };
    format!("{table}\n{note}")
}

/// The same numbers, separated by commas.
pub fn check_csv(report: &VerifyReport) -> String {
    let mut text =
        "tree,branch,bound,worst_error,worst_in_bounds,bytes_before,bytes_after,ratio,violations\n".to_owned();
    for check in &report.branches {
        let cells: Vec<String> = check_cells(check).iter().map(|cell| quoted(cell)).collect();
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}

fn check_cells(check: &BranchCheck) -> [String; 9] {
    [
        check.tree.clone(),
        check.branch.clone(),
        short(&check.bound),
        format!("{:.4e}", check.worst_error),
        format!("{:.3}", check.worst_in_bounds),
        check.bytes_before.to_string(),
        check.bytes_after.to_string(),
        ratio(check.bytes_before, check.bytes_after),
        check.violations.to_string(),
    ]
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

/// File sizes in one line.
pub fn totals(report: &VerifyReport) -> String {
    let (before, after) = (report.file_bytes_before, report.file_bytes_after);
    format!("file: {before} -> {after} bytes, before / after {}\n", ratio(before, after))
}

/// How many of the floats' bytes have a bound, if any has.
pub fn reach(report: &VerifyReport) -> String {
    let sum = |bytes: fn(&BranchCheck) -> u64| report.branches.iter().map(bytes).sum::<u64>();
    let (floats, bounded) = (sum(|check| check.float_bytes), sum(|check| check.bounded_bytes));
    if bounded == 0 {
        return String::new();
    }
    let exact = if bounded < floats { "; the others are exact (--all shows which)" } else { "" };
    format!("bounds reach {:.1} % of the bytes of floats{exact}\n", 100.0 * bounded as f64 / floats as f64)
}

/// A line that says so where models that were made before bring bounds in sigmas.
pub fn whose_sigmas<'a>(models: impl IntoIterator<Item = &'a ModelInfo>) -> &'static str {
    if models.into_iter().any(ModelInfo::has_sigmas) {
        "bounds in sigmas are those of the model: of the files that it was trained on\n"
    } else {
        ""
    }
}

/// An error if the report is not good, naming the first thing that is wrong.
pub fn require_passed(report: &VerifyReport) -> Result<()> {
    if report.passed {
        return Ok(());
    }
    if let Some(problem) = report.problems.first() {
        return Err(Error::NotVerified(format!("verification failed: {problem}")));
    }
    let bad: Vec<&BranchCheck> = report.branches.iter().filter(|check| check.violations > 0).collect();
    let first = bad.first().map_or_else(String::new, |check| {
        format!(
            "branch '{}' of tree '{}' has {} of {} values outside its bound {}, the first at entry {}",
            check.branch, check.tree, check.violations, check.values, check.bound, check.first_violation
        )
    });
    Err(Error::NotVerified(format!("verification failed in {}: {first}", counted(bad.len(), "branch", "branches"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(violations: u64, problems: &[&str]) -> VerifyReport {
        let check = BranchCheck {
            tree: "t".to_owned(),
            branch: "a,b".to_owned(),
            bound: "abs=1".to_owned(),
            worst_error: 0.5,
            worst_in_bounds: 0.5,
            values: 10,
            violations,
            first_violation: if violations > 0 { 3 } else { -1 },
            bytes_before: 100,
            bytes_after: 40,
            raw_bytes: 100,
            float_bytes: 80,
            bounded_bytes: if violations > 0 { 0 } else { 60 },
        };
        VerifyReport {
            branches: vec![check],
            comparison: String::new(),
            problems: problems.iter().map(|text| (*text).to_owned()).collect(),
            file_bytes_before: 1000,
            file_bytes_after: 0,
            passed: violations == 0 && problems.is_empty(),
        }
    }

    #[test]
    fn a_failed_verification_names_the_branch() {
        assert!(require_passed(&report(0, &[])).is_ok());
        let text = require_passed(&report(2, &[])).map_err(|error| error.to_string()).err().unwrap_or_default();
        assert!(text.contains("a,b") && text.contains("entry 3"), "{text}");
        assert!(require_passed(&report(0, &["tree 't' is missing"])).is_err());
    }

    #[test]
    fn how_far_bounds_reach() {
        assert_eq!(
            reach(&report(0, &[])),
            "bounds reach 75.0 % of the bytes of floats; the others are exact (--all shows which)\n"
        );
        assert_eq!(reach(&report(1, &[])), "");
    }

    #[test]
    fn csv_quotes_names() {
        assert!(check_csv(&report(0, &[])).contains("t,\"a,b\",abs=1,"));
    }

    #[test]
    fn many_branches_share_lines() {
        let mut many = report(0, &[]);
        let one = many.branches[0].clone();
        let check =
            |index: usize| BranchCheck { branch: format!("Jet_{index}"), bound: format!("abs={index}"), ..one.clone() };
        many.branches = (0..100).map(check).collect();
        let table = check_table(&many, Lines::Few);
        assert!(
            table.contains("Jet_* (100 branches)") && table.contains(" 10000 ") && !table.contains("Jet_7"),
            "{table}"
        );
        assert!(check_table(&many, Lines::All).contains("Jet_77"));
    }

    #[test]
    fn programs_get_what_people_get() {
        let text = serde_json::to_string(&report(2, &[])).expect("JSON");
        assert!(text.contains(r#""first_violation":3,"#) && text.contains(r#""passed":false"#), "{text}");
        let text = serde_json::to_string(&report(0, &["x"])).expect("JSON");
        assert!(text.contains(r#""first_violation":null"#) && text.contains(r#""problems":["x"]"#), "{text}");
    }
}
