//! What a group of branches is, and what its model must keep.

use super::sigmas::are_close;
use crate::bridge::{ColumnInfo, ModelInfo, SampleColumn, SampleRequest};
use crate::choice::{ENTRY, LOSSLESS, is_same};
use crate::support::error::{Error, Result};
use std::collections::HashMap;

/// Names and types of a group's columns: trees that have the same share a model.
pub type Key = Vec<(String, String)>;

/// A branch of another group whose elements a column points to.
#[derive(Debug, Clone, PartialEq)]
pub struct ForeignColumn {
    /// The branch.
    pub branch: String,
    /// Counter of that group.
    pub counter: String,
    /// The column that has places in its entries.
    pub index: String,
}

/// Which trees with the same columns share a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// Those whose sigmas are close.
    IfClose,
    /// All: a file of models does not say which trees each is for. The smallest sigma counts, so that every tree keeps
    /// its promise.
    Always,
}

/// Branches that share the rows of a sample, in all trees that have the same of them.
#[derive(Debug, Clone)]
pub struct Group {
    /// Paths of those trees.
    pub trees: Vec<String>,
    /// The branch that counts their elements; empty if a row is an entry.
    pub counter: String,
    /// The branches, with their bounds.
    pub columns: Vec<SampleColumn>,
    /// Branches of other groups that columns of this one point to.
    pub foreign: Vec<ForeignColumn>,
    /// Whether a network is to be tried.
    pub is_trained: bool,
    /// In all trees, roughly.
    pub rows: u64,
}

impl Group {
    /// "nJet", or "entry".
    pub fn label(&self) -> &str {
        if self.counter.is_empty() { ENTRY } else { &self.counter }
    }

    /// Whether one model can keep the bounds of both, each a sensible one for its own trees.
    pub fn may_share(&self, other: &Group, sharing: Sharing) -> bool {
        let sigmas = other.sigmas();
        let is_close = |column: &SampleColumn| {
            sharing == Sharing::Always || sigmas.get(&column.name).is_none_or(|&sigma| are_close(sigma, column.sigma))
        };
        self.counter == other.counter && self.is_trained == other.is_trained && self.columns.iter().all(is_close)
    }

    /// One group of both, with the tighter of their bounds.
    pub fn joined(mut self, other: Group) -> Group {
        let sigmas = other.sigmas();
        for column in &mut self.columns {
            column.sigma = column.sigma.min(sigmas.get(&column.name).copied().unwrap_or(f64::NAN));
        }
        self.trees.extend(other.trees);
        self.rows += other.rows;
        self
    }

    /// The group without these columns, and one of them.
    pub fn without(mut self, names: &[String]) -> (Self, Option<Self>) {
        if names.is_empty() {
            return (self, None);
        }
        let is_out = |column: &SampleColumn| names.contains(&column.name);
        let (columns, rest) = self.columns.iter().cloned().partition(is_out);
        let others = Group { columns, foreign: Vec::new(), is_trained: false, ..self.clone() };
        self.columns = rest;
        self.foreign.retain(|column| !names.contains(&column.index));
        (self, Some(others))
    }

    /// Whether all trees of the other group have this one, too.
    pub fn serves(&self, other: &Group) -> bool {
        other.trees.iter().all(|tree| self.trees.contains(tree))
    }

    fn sigmas(&self) -> HashMap<String, f64> {
        self.columns.iter().map(|column| (column.name.clone(), column.sigma)).collect()
    }

    /// Fails unless the model has every column with the bound that was asked for: what a file promises is checked
    /// later, but that it promises the right thing only here.
    pub fn require_kept(&self, model: &ModelInfo) -> Result<()> {
        for column in self.columns.iter().filter(|column| column.bound != LOSSLESS) {
            let is_kept = |other: &ColumnInfo| other.name == column.name && is_same(&other.request, &column.bound);
            if !model.columns.iter().any(is_kept) {
                return Err(Error::Incompatible(format!(
                    "the trainer's model does not keep bound {} of branch '{}': run `make trainer`",
                    column.bound, column.name
                )));
            }
        }
        Ok(())
    }

    /// The rows to learn from.
    pub fn sample(&self, files: &[String], max_rows: u64, seed: u64) -> SampleRequest {
        let foreign = self.foreign.iter().map(|column| SampleColumn {
            name: column.branch.clone(),
            bound: LOSSLESS.to_owned(),
            index: column.index.clone(),
            sigma: f64::NAN,
        });
        let columns = self.columns.iter().cloned().chain(foreign).collect();
        SampleRequest { files: files.to_vec(), trees: self.trees.clone(), columns, max_rows, seed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_with_other_bounds_is_refused() {
        let ours = |name: &str| SampleColumn {
            name: name.to_owned(),
            bound: "abs=1".to_owned(),
            index: String::new(),
            sigma: f64::NAN,
        };
        let group = Group {
            trees: vec!["t".to_owned()],
            counter: String::new(),
            columns: vec![ours("a"), ours("b")],
            foreign: Vec::new(),
            is_trained: true,
            rows: 3000,
        };
        let column = |name: &str, request: &str| ColumnInfo {
            name: name.to_owned(),
            type_name: "Float_t".to_owned(),
            bound: request.to_owned(),
            request: request.to_owned(),
            parents: Vec::new(),
        };
        let model = |columns| ModelInfo { hash: String::new(), bytes: 0, is_jagged: false, has_network: true, columns };
        assert!(group.require_kept(&model(vec![column("a", "abs=1.0"), column("b", "abs=1")])).is_ok());
        let other = model(vec![column("a", "abs=10"), column("b", "abs=1")]);
        assert!(matches!(group.require_kept(&other), Err(Error::Incompatible(_))));
        assert!(matches!(group.require_kept(&model(vec![column("b", "abs=1")])), Err(Error::Incompatible(_))));
    }
}
