//! `rootbaler inspect`: what is in a file.

use crate::Session;
use crate::args::InspectArgs;
use crate::bounds;
use crate::error::{Result, path_text};
use crate::ffi::bridge::{self, BasketInfo, BranchDetails, FileDetails, ModelInfo, TreeDetails};
use crate::report::{self, Lines, prefix, ratio};
use serde_json::{Value, json};

/// Runs the command.
pub fn run(args: &InspectArgs, session: &Session) -> Result<()> {
    let details = bridge::inspect(path_text(&args.file)?)?;
    if session.json {
        return report::print_json(&file_json(&details, args.baskets));
    }
    let mut text = format!("{}: {} bytes\n", args.file.display(), details.bytes);
    for tree in &details.trees {
        text.push_str(&format!(
            "\ntree {}, {} entries\n{}",
            tree.path,
            tree.entries,
            branch_table(tree, Lines::new(args.all))
        ));
        text.push_str(&group_lines(tree));
        if args.baskets {
            text.push_str(&basket_table(tree));
        }
    }
    for model in &details.models {
        let names: Vec<&str> = model.columns.iter().map(|column| column.name.as_str()).collect();
        let (hash, bytes) = (&model.hash, model.bytes);
        text.push_str(&format!("\nmodel {hash}, {bytes} bytes, {} columns: {}\n", names.len(), names.join(" ")));
    }
    report::print(&text)
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
            bounds::short(&details.bound),
            kinds(details),
            details.parents.join(" "),
        ],
        branches: 1,
        baskets: details.baskets.len(),
        raw: branch.tot_bytes,
        stored: branch.zip_bytes,
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
    let header = ["branch", "type", "bound", "coded as", "given", "baskets", "raw", "stored", "ratio"];
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
    for branch in tree.branches.iter().map(|details| &details.branch).filter(|branch| !branch.column.is_empty()) {
        match groups.iter_mut().find(|(counter, ..)| *counter == branch.counter) {
            Some((_, columns, rows)) => {
                *columns += 1;
                *rows = branch.rows.max(*rows);
            }
            None => groups.push((&branch.counter, 1, branch.rows)),
        }
    }
    let line = |(counter, columns, rows): (&str, usize, u64)| match counter {
        "" => format!("group entry: {columns} columns, {rows} entries\n"),
        _ => format!("group {counter}: {columns} columns, about {rows} elements\n"),
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

fn file_json(details: &FileDetails, baskets: bool) -> Value {
    let tree = |tree: &TreeDetails| {
        let branches: Vec<Value> = tree.branches.iter().map(|branch| branch_json(branch, baskets)).collect();
        json!({"path": tree.path, "entries": tree.entries, "branches": branches})
    };
    json!({
        "bytes": details.bytes,
        "trees": details.trees.iter().map(tree).collect::<Vec<Value>>(),
        "models": details.models.iter().map(model_json).collect::<Vec<Value>>(),
    })
}

fn branch_json(details: &BranchDetails, baskets: bool) -> Value {
    let branch = &details.branch;
    let mut value = json!({
        "name": branch.name,
        "type": branch.type_name,
        "column": branch.column,
        "counter": branch.counter,
        "rows": branch.rows,
        "setting": branch.setting,
        "bound": details.bound,
        "kinds": kinds(details),
        "model": details.model,
        "parents": details.parents,
        "raw_bytes": branch.tot_bytes,
        "bytes": branch.zip_bytes,
    });
    if baskets {
        value["baskets"] = details.baskets.iter().map(basket_json).collect();
    }
    value
}

fn basket_json(basket: &BasketInfo) -> Value {
    json!({
        "first_entry": basket.first_entry,
        "entries": basket.entries,
        "kind": basket.kind,
        "model": basket.model,
        "rows": basket.rows,
        "context_rows": basket.context_rows,
        "raw_bytes": basket.raw_bytes,
        "bytes": basket.bytes,
    })
}

fn model_json(model: &ModelInfo) -> Value {
    let columns = model.columns.iter().map(|column| {
        json!({
            "name": column.name,
            "type": column.type_name,
            "bound": column.bound,
            "request": column.request,
            "parents": column.parents,
        })
    });
    json!({"hash": model.hash, "bytes": model.bytes, "columns": columns.collect::<Vec<Value>>()})
}
