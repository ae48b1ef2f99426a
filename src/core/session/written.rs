//! Columns of a table that is being written, each described and planned once.

use super::coding::Coding;
use super::column::ColumnId;
use super::history::{Lens, Role, Subject};
use super::table::{Table, TableColumn};
use crate::error::{Error, Result};
use crate::format::codec::{Codec, Mode};
use crate::model::Model;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// A column, and how it is coded.
pub struct Planned {
    /// Its name in the table.
    pub id: ColumnId,
    /// What it is.
    pub column: TableColumn,
    /// How it is coded.
    pub coding: Coding,
    /// What models see of it, if models know it by its name.
    pub roles: Vec<Role>,
    /// Whether models have a part in it, though they may not see it.
    pub in_models: bool,
}

/// The columns that were asked for.
pub struct Columns {
    codec: Codec,
    /// Of each model, the columns that others see.
    parents: Vec<BTreeSet<u32>>,
    planned: HashMap<ColumnId, Arc<Planned>>,
}

impl Columns {
    /// Nothing is known yet.
    pub fn new(codec: Codec) -> Self {
        let parents = codec.models().iter().map(|model| parents_of(model)).collect();
        Columns { codec, parents, planned: HashMap::new() }
    }

    /// How they are coded.
    pub fn codec(&self) -> &Codec {
        &self.codec
    }

    /// A column.
    pub fn get(&mut self, table: &dyn Table, id: ColumnId) -> Result<Arc<Planned>> {
        if let Some(known) = self.planned.get(&id) {
            return Ok(Arc::clone(known));
        }
        let column = table.describe(id).filter(|column| !column.leaves.is_empty());
        let column = column.ok_or_else(|| Error::Missing(format!("the table has no column {id}")))?;
        if column.leaves.iter().any(|leaf| leaf.count == 0) || column.row_size() == usize::MAX {
            let name = &column.info.name;
            return Err(Error::BadArgument(format!(
                "column {name} has leaves of no values, or of more than any memory"
            )));
        }
        let coding = Coding::of(&column, &self.codec)?;
        match &coding {
            Coding::Model { model, .. } => {
                log::debug!("column {}: of model {:016x}", column.info.name, self.codec.models()[*model].hash())
            }
            Coding::Rows(layout) | Coding::Collections(_, layout) => {
                let bounds: Vec<_> = layout.streams.iter().map(|s| s.quantiser.bound().to_string()).collect();
                log::debug!("column {}: alone, {}", column.info.name, bounds.join(" "));
            }
        }
        let single = self.codec.mode == Mode::Single;
        let roles = if single { Vec::new() } else { self.roles(&column, &coding) };
        let in_models = !roles.is_empty() || (!single && self.needs_others(&coding));
        let planned = Arc::new(Planned { id, column, coding, roles, in_models });
        self.planned.insert(id, Arc::clone(&planned));
        Ok(planned)
    }

    /// Forgets a column.
    pub fn forget(&mut self, id: ColumnId) {
        self.planned.remove(&id);
    }

    /// Whether a column cannot be coded as its model has it without others.
    fn needs_others(&self, coding: &Coding) -> bool {
        let Coding::Model { model, column } = *coding else { return false };
        let model = &self.codec.models()[model];
        model.jagged() || !model.columns()[column].parents.is_empty()
    }

    fn roles(&self, column: &TableColumn, coding: &Coding) -> Vec<Role> {
        let mut roles = Vec::new();
        if let Coding::Model { model, column } = *coding
            && self.parents[model].contains(&(column as u32))
        {
            roles.push(Role::Column { model, column });
        }
        let info = &column.info;
        for (model, m) in self.codec.models().iter().enumerate().filter(|_| info.jagged) {
            let is_it = |spec: &crate::model::ColumnSpec| {
                info.value == Some(spec.value) && spec.foreign.as_ref().is_some_and(|f| f.branch == info.name)
            };
            let foreign = m.columns().iter().enumerate().filter(|(_, c)| is_it(&c.spec));
            roles.extend(foreign.map(|(column, _)| Role::Column { model, column }));
        }
        roles
    }
}

/// Columns of a model that others see.
fn parents_of(model: &Model) -> BTreeSet<u32> {
    let columns = model.columns().iter();
    let index = |c: &crate::model::ModelColumn| c.spec.foreign.as_ref().map(|foreign| foreign.index);
    columns.flat_map(|c| c.parents.iter().copied().chain(index(c))).collect()
}

impl Planned {
    /// What `role` sees of the column; None if it is no counter and has no such column.
    pub fn subject<'a>(&self, codec: &'a Codec, role: Role) -> Option<Subject<'a>> {
        let lens = match role {
            Role::Column { model, column } => Lens::Column(&codec.models()[model].columns()[column]),
            Role::Counter => Lens::Counter(self.column.info.count?),
        };
        let jagged = self.column.info.jagged && role != Role::Counter;
        Some(Subject { column: self.id, jagged, role, lens })
    }
}
