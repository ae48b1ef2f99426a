//! Codecs with less in them: for what is stored with the tree, and for copies of it.

use super::{Codec, Mode};
use crate::error::Result;
use crate::model::Model;
use crate::model::registry;
use std::collections::HashSet;

impl Codec {
    /// What must be stored with the tree if the models with networks are in keys of the file. Blocks that stand alone
    /// need no model to be read; but whoever fills a copy of the tree must round as before, so that values that were
    /// rounded once stay where they are.
    pub fn reduced(&self) -> Result<Self> {
        let mut reduced = Codec { models: Vec::new(), ..self.clone() };
        for model in &self.models {
            if self.mode == Mode::Group && model.has_network() {
                reduced.absent.push(model.hash());
            } else {
                reduced.add_quantisers(model)?;
            }
        }
        Ok(reduced)
    }

    /// The same bounds without the networks of the models with these hashes.
    pub fn without_networks(&self, hashes: &HashSet<u64>) -> Result<Self> {
        let mut codec = Codec { models: Vec::new(), ..self.clone() };
        for model in &self.models {
            if hashes.contains(&model.hash()) {
                codec.add_quantisers(model)?;
            } else {
                codec.add(model.clone());
            }
        }
        Ok(codec)
    }

    /// The same bounds, for a copy of the tree with only these branches: without networks that can help none of them.
    pub fn for_branches(&self, names: &HashSet<&str>) -> Result<Self> {
        let mut codec = self.clone();
        codec.models.retain(|model| model.columns().iter().any(|c| names.contains(c.spec.name.as_str())));
        let useless = codec.models.iter().filter(|model| !can_help(model, names)).map(|model| model.hash()).collect();
        codec.without_networks(&useless)
    }

    fn add_quantisers(&mut self, model: &Model) -> Result<()> {
        self.add(registry::share(model.quantisers_only()?));
        Ok(())
    }
}

/// A branch is coded with the help of all the branches that its network wants, or of none.
fn can_help(model: &Model, names: &HashSet<&str>) -> bool {
    let columns = model.columns();
    let is_there = |i: usize| {
        let spec = &columns[i].spec;
        let named = |name: &str| names.contains(name);
        match &spec.foreign {
            Some(foreign) => named(&foreign.branch) && named(&columns[foreign.index as usize].spec.name),
            None => named(&spec.name),
        }
    };
    columns.iter().enumerate().any(|(i, column)| {
        let has_context = model.jagged() || !column.parents.is_empty();
        let is_coded = column.spec.net.is_some() && column.spec.foreign.is_none() && has_context;
        is_coded && is_there(i) && column.parents.iter().all(|&parent| is_there(parent as usize))
    })
}
