//! `rootbaler inspect`: what is in a file.

use crate::bridge::{self, BasketInfo, BranchDetails, FileDetails, ModelInfo, TreeDetails, path_text};
use crate::choice::args::InspectArgs;
use crate::report::{self, Console, Lines, prefix, ratio, short};
use crate::support::error::Result;
use serde::Serialize;

/// Runs the command.
pub fn run(args: &InspectArgs, console: &Console) -> Result<()> {
    let details = bridge::inspect(path_text(&args.file)?)?;
    console.answer(&FileDocument::new(&details, args.baskets), || text(&details, args))
}

/// What programs get.
#[derive(Serialize)]
struct FileDocument<'a> {
    bytes: u64,
    trees: Vec<TreeDocument<'a>>,
    models: &'a [ModelInfo],
}

#[derive(Serialize)]
struct TreeDocument<'a> {
    path: &'a str,
    entries: u64,
    branches: Vec<BranchDocument<'a>>,
}

#[derive(Serialize)]
struct BranchDocument<'a> {
    #[serde(flatten)]
    details: &'a BranchDetails,
    kinds: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    baskets: Option<&'a [BasketInfo]>,
}

impl<'a> FileDocument<'a> {
    fn new(details: &'a FileDetails, with_baskets: bool) -> Self {
        let branch = |details: &'a BranchDetails| BranchDocument {
            details,
            kinds: kinds(details),
            baskets: with_baskets.then_some(details.baskets.as_slice()),
        };
        let tree = |tree: &'a TreeDetails| TreeDocument {
            path: &tree.path,
            entries: tree.entries,
            branches: tree.branches.iter().map(branch).collect(),
        };
        FileDocument { bytes: details.bytes, trees: details.trees.iter().map(tree).collect(), models: &details.models }
    }
}

fn text(details: &FileDetails, args: &InspectArgs) -> String {
    let mut text = format!("{}: {} bytes\n", args.file.display(), details.bytes);
    for tree in &details.trees {
        text.push_str(&format!("\ntree {}, {}\n", tree.path, entries(tree.entries)));
        text.push_str(&branch_table(tree, Lines::new(args.all)));
        text.push_str(&group_lines(tree));
        if args.baskets {
            text.push_str(&basket_table(tree));
        }
    }
    for model in &details.models {
        let names: Vec<&str> = model.columns.iter().map(|column| column.name.as_str()).collect();
        let (hash, bytes) = (&model.hash, model.bytes);
        text.push_str(&format!("\nmodel {hash}, {bytes} bytes, {}: {}\n", columns(names.len()), names.join(" ")));
    }
    text
}

fn entries(count: u64) -> String {
    report::counted(usize::try_from(count).unwrap_or(usize::MAX), "entry", "entries")
}

fn columns(count: usize) -> String {
    report::counted(count, "column", "columns")
}

/// The kinds of a branch's baskets, e.g. "model" or "model, raw".
fn kinds(branch: &BranchDetails) -> String {
    let mut kinds: Vec<&str> = branch.baskets.iter().map(|basket| basket.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds.join(", ")
}

/// What the table says of one branch, or of several that are named alike.
struct Line {
    cells: [String; 5],
    branches: usize,
    baskets: usize,
    raw: u64,
    stored: u64,
}

fn line(details: &BranchDetails) -> Line {
    let branch = &details.branch;
    Line {
        cells: [
            branch.name.clone(),
            branch.type_name.clone(),
            short(&details.bound),
            kinds(details),
            details.parents.join(" "),
        ],
        branches: 1,
        baskets: details.baskets.len(),
        raw: branch.raw_bytes,
        stored: branch.bytes,
    }
}

/// Adds up lines with the same prefix; cells that differ are left out.
fn merged(lines: Vec<Line>) -> Vec<Line> {
    let mut few: Vec<Line> = Vec::new();
    for line in lines {
        let Some(same) = few.iter_mut().find(|other| prefix(&other.cells[0]) == prefix(&line.cells[0])) else {
            few.push(line);
            continue;
        };
        for (cell, other) in same.cells.iter_mut().zip(&line.cells).skip(1) {
            if cell != other {
                "...".clone_into(cell);
            }
        }
        same.branches += 1;
        same.baskets += line.baskets;
        same.raw += line.raw;
        same.stored += line.stored;
    }
    few
}

fn branch_table(tree: &TreeDetails, lines: Lines) -> String {
    let header = ["branch", "type", "bound", "coded as", "given", "baskets", "raw", "stored", "raw / stored"];
    let mut table = report::table(&header, 5);
    let shared = lines.are_shared(tree.branches.len());
    let all: Vec<Line> = tree.branches.iter().map(line).collect();
    for line in if shared { merged(all) } else { all } {
        let [mut name, rest @ ..] = line.cells;
        if line.branches > 1 {
            name = format!("{}_* ({} branches)", prefix(&name), line.branches);
        }
        let numbers = [line.baskets.to_string(), line.raw.to_string(), line.stored.to_string()];
        table.add_row([name].into_iter().chain(rest).chain(numbers).chain([ratio(line.raw, line.stored)]));
    }
    let note = if shared { "branches that are named alike share a line: --all shows each\n" } else { "" };
    format!("{table}\n{note}")
}

/// The branches that can help each other: a line for each counter.
fn group_lines(tree: &TreeDetails) -> String {
    let mut groups: Vec<(&str, usize, u64)> = Vec::new();
    for column in tree.branches.iter().flat_map(|details| &details.branch.columns) {
        match groups.iter_mut().find(|(counter, ..)| *counter == column.counter) {
            Some((_, columns, rows)) => {
                *columns += 1;
                *rows = column.rows.max(*rows);
            }
            None => groups.push((&column.counter, 1, column.rows)),
        }
    }
    let line = |(counter, count, rows): (&str, usize, u64)| match counter {
        "" => format!("group entry: {}, {}\n", columns(count), entries(rows)),
        _ => format!("group {counter}: {}, about {rows} elements\n", columns(count)),
    };
    groups.into_iter().map(line).collect()
}

fn basket_table(tree: &TreeDetails) -> String {
    let header = ["branch", "kind", "first entry", "entries", "raw", "stored", "rows", "with context"];
    let mut table = report::table(&header, 2);
    for details in &tree.branches {
        for basket in &details.baskets {
            table.add_row([
                details.branch.name.clone(),
                basket.kind.clone(),
                basket.first_entry.to_string(),
                basket.entries.to_string(),
                basket.raw_bytes.to_string(),
                basket.bytes.to_string(),
                basket.rows.to_string(),
                basket.context_rows.to_string(),
            ]);
        }
    }
    format!("{table}\n")
}
