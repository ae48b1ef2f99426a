//! `rootbaler inspect`: what is in a file.

use crate::Session;
use crate::args::InspectArgs;
use crate::bounds;
use crate::error::{Result, path_text};
use crate::ffi::bridge::{self, BasketInfo, BranchDetails, FileDetails, ModelInfo, TreeDetails};
use crate::report::{self, ratio};
use serde_json::{Value, json};

/// Runs the command.
pub fn run(args: &InspectArgs, session: &Session) -> Result<()> {
    let details = bridge::inspect(path_text(&args.file)?)?;
    if session.json {
        return report::print_json(&file_json(&details, args.baskets));
    }
    let mut text = format!("{}: {} bytes\n", args.file.display(), details.bytes);
    for tree in &details.trees {
        text.push_str(&format!("\ntree {}, {} entries\n{}", tree.path, tree.entries, branch_table(tree)));
        if args.baskets {
            text.push_str(&basket_table(tree));
        }
    }
    for model in &details.models {
        text.push_str(&format!("\nmodel {}, {} bytes, {} columns\n", model.hash, model.bytes, model.columns.len()));
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

fn branch_table(tree: &TreeDetails) -> String {
    let header = ["branch", "type", "bound", "coded as", "given", "baskets", "raw", "stored", "ratio"];
    let mut table = report::table(&header, 5);
    for details in &tree.branches {
        let branch = &details.branch;
        table.add_row([
            branch.name.clone(),
            branch.type_name.clone(),
            bounds::short(&details.bound),
            kinds(details),
            details.parents.join(" "),
            details.baskets.len().to_string(),
            branch.tot_bytes.to_string(),
            branch.zip_bytes.to_string(),
            ratio(branch.tot_bytes, branch.zip_bytes),
        ]);
    }
    format!("{table}\n")
}

fn basket_table(tree: &TreeDetails) -> String {
    let header = ["branch", "kind", "first entry", "entries", "raw", "stored", "rows with context"];
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
        "context_rows": basket.context_rows,
        "raw_bytes": basket.raw_bytes,
        "bytes": basket.bytes,
    })
}

fn model_json(model: &ModelInfo) -> Value {
    let columns = model.columns.iter().map(|column| {
        json!({
            "name": column.name,
            "type": if column.is_double { "Double_t" } else { "Float_t" },
            "bound": column.bound,
            "request": column.request,
            "parents": column.parents,
        })
    });
    json!({"hash": model.hash, "bytes": model.bytes, "columns": columns.collect::<Vec<Value>>()})
}
