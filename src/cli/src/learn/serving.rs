//! Which trees and branches a model is for.

use crate::bridge::{BranchInfo, ColumnInfo, ModelInfo, TreeInfo};

/// The first column for which the tree has no such branch. A model without a network fits if it has any column of the
/// tree's.
pub fn misfit<'a>(model: &'a ModelInfo, tree: &TreeInfo) -> Option<&'a str> {
    let has = |column: &ColumnInfo| tree.branches.iter().any(|branch| is_column(model, column, branch));
    if !model.has_network && model.columns.iter().any(has) {
        return None;
    }
    model.columns.iter().find(|column| !has(column)).map(|column| column.name.as_str())
}

/// Whether a column of a model is this branch, or one below it.
pub fn is_column(model: &ModelInfo, column: &ColumnInfo, branch: &BranchInfo) -> bool {
    match branch.columns.iter().find(|own| own.name == column.name) {
        Some(own) => own.type_name == column.type_name && own.counter.is_empty() != model.is_jagged,
        // arrays and leaves of leaf lists have a bound, in a model of their own
        None => !model.has_network && branch.bound_names.contains(&column.name),
    }
}
