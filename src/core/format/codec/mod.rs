//! The codec of a tree: its models, bounds and mode. Whoever writes the tree works by it, whoever reads finds the
//! models of its blocks in it, and sees what was promised.
//!
//! In a ROOT file it is an object of the class `RootBaler::Codec` ([`streamed`]) with these bytes ([`bytes`]).

mod bytes;
mod reduce;
mod streamed;

use super::{models, pattern};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::model::registry;
use crate::values::bound::Bound;
use crate::values::quantiser::Quantiser;
use crate::values::value::ValueType;
use std::path::Path;
use std::sync::Arc;

/// Whether a branch is coded with the help of other branches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// With the help of the branches before it in the model: small.
    #[default]
    Group = 0,
    /// Every branch stands alone: reading a branch reads no other.
    Single = 1,
}

/// The bound of branches outside the models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// A branch name or a pattern of such ([`pattern::matches`]); in a leaf list also `branch.leaf`.
    pub pattern: String,
    /// The resolved bound, such as `abs=0.01`.
    pub bound: String,
    /// What it was resolved from, such as `rel-sigma=1e-3`.
    pub request: String,
}

impl Rule {
    /// Checks the bound; it must be resolved already.
    pub fn new(pattern: &str, bound: &str, request: &str) -> Result<Self> {
        if [pattern, bound, request].iter().any(|text| text.contains('\0')) {
            return Err(Error::BadArgument("a bound or its branches have a zero byte in their text".into()));
        }
        Quantiser::of(bound.parse()?)?;
        let own = |text: &str| text.to_string();
        Ok(Rule { pattern: own(pattern), bound: own(bound), request: own(request) })
    }

    fn is_for(&self, branch: &str, leaf: &str) -> bool {
        pattern::matches(&self.pattern, branch)
            || (!leaf.is_empty() && pattern::matches(&self.pattern, &format!("{branch}.{leaf}")))
    }
}

/// Models, bounds and mode of a tree.
#[derive(Clone, Debug, Default)]
pub struct Codec {
    models: Vec<Arc<Model>>,
    absent: Vec<u64>,
    rules: Vec<Rule>,
    /// Whether branches help each other.
    pub mode: Mode,
}

impl Codec {
    /// The models in it, each once. Of two that have the same column the first one counts.
    pub fn models(&self) -> &[Arc<Model>] {
        &self.models
    }

    /// Hashes of models that belong to it and are stored elsewhere: in keys of the file.
    pub fn absent(&self) -> &[u64] {
        &self.absent
    }

    /// The bounds of branches outside the models. Of several that match a name the last one counts.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Adds a model, unless it is here.
    pub fn add(&mut self, model: Arc<Model>) {
        self.absent.retain(|&hash| hash != model.hash());
        if self.models.iter().all(|m| m.hash() != model.hash()) {
            self.models.push(model);
        }
    }

    /// Adds all models of a container ([`models`]).
    pub fn add_models(&mut self, container: &[u8]) -> Result<()> {
        for bytes in models::split(container)? {
            self.add(registry::load(bytes)?);
        }
        Ok(())
    }

    /// Adds all models of a model file.
    pub fn add_file(&mut self, path: &Path) -> Result<()> {
        let bytes = std::fs::read(path).map_err(|e| Error::io(path, e))?;
        self.add_models(&bytes)
    }

    /// Its models as one container.
    pub fn container(&self) -> Vec<u8> {
        models::join(self.models.iter().map(|model| model.bytes()))
    }

    /// Adds a bound; it counts more than those before it.
    pub fn set_bound(&mut self, rule: Rule) {
        self.rules.push(rule);
    }

    /// Takes over the models of another codec, and the bounds of patterns that this one does not have.
    pub fn unite(&mut self, other: &Codec) {
        for model in &other.models {
            self.add(model.clone());
        }
        for &hash in &other.absent {
            if !self.absent.contains(&hash) && self.models.iter().all(|m| m.hash() != hash) {
                self.absent.push(hash);
            }
        }
        // before its own, which count more; among themselves in their order
        let is_new = |rule: &&Rule| self.rules.iter().all(|r| r.pattern != rule.pattern);
        let new: Vec<Rule> = other.rules.iter().filter(is_new).cloned().collect();
        self.rules.splice(0..0, new);
    }

    /// Adds those of the models stored elsewhere that `find` gives.
    pub fn fetch(&mut self, mut find: impl FnMut(u64) -> Option<Arc<Model>>) {
        for hash in std::mem::take(&mut self.absent) {
            match find(hash) {
                Some(model) => self.add(model),
                None => self.absent.push(hash), // whoever reads a block that needs it will say so
            }
        }
    }

    /// The first model with a column of this name, and the column.
    pub fn column_named(&self, branch: &str) -> Option<(&Arc<Model>, usize)> {
        self.models.iter().find_map(|model| Some((model, model.find(branch)?)))
    }

    /// The first model with a column for this branch, and the column: its name, its type, and whether its rows are
    /// elements agree.
    pub fn column_for(&self, branch: &str, value: ValueType, jagged: bool) -> Option<(&Arc<Model>, usize)> {
        self.models.iter().filter(|model| model.jagged() == jagged).find_map(|model| {
            let column = model.find(branch)?;
            (model.columns()[column].spec.value == value).then_some((model, column))
        })
    }

    /// The bound outside of models that counts for a branch, or for a leaf of a leaf list (else `leaf` is empty).
    pub fn rule_of(&self, branch: &str, leaf: &str) -> Option<&Rule> {
        self.rules.iter().rev().find(|rule| rule.is_for(branch, leaf))
    }

    /// How values of a branch outside the models are quantised; `leaf` as in [`Codec::rule_of`]. Integers are lossless.
    pub fn quantiser_of(&self, branch: &str, leaf: &str, value: ValueType) -> Result<Quantiser> {
        let rule = self.rule_of(branch, leaf).filter(|_| value.is_float());
        let bound = rule.map_or(Ok(Bound::Lossless), |rule| rule.bound.parse())?;
        Quantiser::of(bound)
    }

    /// The bound that a branch is written with, such as `abs=0.01`.
    pub fn bound_of(&self, branch: &str) -> String {
        match self.column_named(branch) {
            Some((model, column)) => model.columns()[column].spec.quantiser.bound().to_string(),
            None => self.rule_of(branch, "").map_or(LOSSLESS, |rule| &rule.bound).into(),
        }
    }

    /// The bound as it was asked for, such as `rel-sigma=1e-3`.
    pub fn request_of(&self, branch: &str) -> String {
        match self.column_named(branch) {
            Some((model, column)) => model.columns()[column].spec.request.to_string(),
            None => self.rule_of(branch, "").map_or(LOSSLESS, |rule| &rule.request).into(),
        }
    }
}

const LOSSLESS: &str = "lossless";
