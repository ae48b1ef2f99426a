//! The contexts of a column's parents, while the table is written: as readers will see them, or none.

use super::coding::Coding;
use super::column::ColumnId;
use super::history::{History, Role, View};
use super::table::Table;
use super::written::{Columns, Planned};
use crate::coder::foreign::{self, Elements};
use crate::error::Result;
use std::collections::HashMap;
use std::sync::Arc;

/// The entries of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entries {
    /// Its first entry.
    pub first: u64,
    /// How many.
    pub entries: usize,
}

/// What the index of a foreign column points to, in some entries of columns with some counter.
struct Pointed {
    entries: Entries,
    counter: Option<(ColumnId, u32)>,
    view: View,
}

/// Everything known of a table that is being written.
pub struct Known {
    /// Its columns.
    pub columns: Columns,
    /// What was seen of them.
    pub history: History,
    /// The last of each foreign column (model and column): those that see it are mostly written one after the other.
    pointed: HashMap<(usize, usize), Pointed>,
}

impl Known {
    /// Nothing yet.
    pub fn new(columns: Columns) -> Self {
        Known { columns, history: History::default(), pointed: HashMap::new() }
    }

    /// Forgets what is known of entries, not of columns.
    pub fn forget_entries(&mut self) {
        self.history = History::default();
        self.pointed.clear();
    }

    /// Forgets what is kept of foreign columns.
    pub fn forget_pointed(&mut self) {
        self.pointed.clear();
    }

    /// The column that models know by a name.
    pub fn named(&mut self, table: &dyn Table, name: &str) -> Option<Arc<Planned>> {
        let column = table.find(name)?;
        self.columns.get(table, column).ok()
    }

    /// Whether readers will see the values of a parent as its column in the model has them: with other bounds they
    /// would not.
    pub fn is_kept(&mut self, table: &dyn Table, model: usize, parent: usize) -> bool {
        let own = Arc::clone(&self.columns.codec().models()[model]);
        let spec = &own.columns()[parent].spec;
        let name = spec.foreign.as_ref().map_or(&spec.name, |foreign| &foreign.branch);
        let Some(planned) = self.named(table, name) else { return false };
        let Coding::Model { model: its, column } = planned.coding else { return false };
        let Some(foreign) = &spec.foreign else { return its == model };
        let other = &self.columns.codec().models()[its].columns()[column].spec;
        let is_alike = other.value == spec.value && other.quantiser == spec.quantiser;
        is_alike && self.is_kept(table, model, foreign.index as usize)
    }

    /// Numbers of elements of a column's entries, as far as readers will find them in its counter.
    pub fn counts(&mut self, table: &dyn Table, child: &Planned, entries: Entries) -> Vec<u32> {
        let info = &child.column.info;
        let Some(counter) = info.counter.filter(|&counter| table.is_written(counter)) else { return Vec::new() };
        let Some(value) = self.columns.get(table, counter).ok().and_then(|c| c.column.info.count) else {
            return Vec::new();
        };
        let mut counts = self.history.counts(table, counter, value, entries.first, entries.entries);
        counts.iter_mut().for_each(|n| *n = n.saturating_mul(info.per_count));
        counts
    }

    /// The contexts of all parents of a column of a model, and for how many rows they all are known. `counts`: jagged
    /// models only.
    pub fn parents(
        &mut self,
        table: &dyn Table,
        child: &Planned,
        (model, column): (usize, usize),
        entries: Entries,
        counts: Option<&[u32]>,
    ) -> Result<(Vec<View>, usize)> {
        let own = Arc::clone(&self.columns.codec().models()[model]);
        let mut rows = counts.map_or(entries.entries, |counts| counts.iter().map(|&n| n as usize).sum());
        let mut views = Vec::new();
        for &parent in &own.columns()[column].parents {
            let is_foreign = own.columns()[parent as usize].spec.foreign.is_some();
            let place = (model, parent as usize);
            let view = match counts {
                Some(counts) if is_foreign => self.foreign(table, child, place, entries, counts)?,
                _ => self.own(table, child, place, entries, counts),
            };
            rows = rows.min(view.rows);
            views.push(view);
        }
        Ok((views, rows))
    }

    /// Contexts of a column of the child's own group.
    fn own(
        &mut self,
        table: &dyn Table,
        child: &Planned,
        (model, column): (usize, usize),
        entries: Entries,
        counts: Option<&[u32]>,
    ) -> View {
        let own = Arc::clone(&self.columns.codec().models()[model]);
        let spec = &own.columns()[column].spec;
        let Some(planned) = self.named(table, &spec.name) else { return View::default() };
        let (info, wanted) = (&planned.column.info, &child.column.info);
        let is_known = table.is_written(planned.id)
            && info.value == Some(spec.value)
            && info.jagged == own.jagged()
            && (!own.jagged() || (info.counter == wanted.counter && info.per_count == wanted.per_count));
        if !is_known {
            return View::default();
        }
        self.view(table, &planned, (model, column), entries, counts)
    }

    /// Contexts of the elements of another group that an index column of the child's group points to.
    fn foreign(
        &mut self,
        table: &dyn Table,
        child: &Planned,
        (model, column): (usize, usize),
        entries: Entries,
        counts: &[u32],
    ) -> Result<View> {
        let counter = child.column.info.counter.map(|counter| (counter, child.column.info.per_count));
        if let Some(known) = self.pointed.get(&(model, column))
            && known.entries == entries
            && known.counter == counter
        {
            return Ok(known.view.clone());
        }
        let own = Arc::clone(&self.columns.codec().models()[model]);
        let spec = &own.columns()[column].spec;
        let Some(source) = &spec.foreign else { return Ok(View::default()) };
        let Some(planned) = self.named(table, &source.branch) else { return Ok(View::default()) };
        let info = &planned.column.info;
        if !table.is_written(planned.id) || info.value != Some(spec.value) || !info.jagged {
            return Ok(View::default());
        }
        let index = self.own(table, child, (model, source.index as usize), entries, Some(counts));
        let their_counts = self.counts(table, &planned, entries);
        let known = Entries { entries: their_counts.len(), ..entries };
        let values = self.view(table, &planned, (model, column), known, Some(&their_counts));
        // as many entries as are known of both
        let (mut rows, mut there, mut known) = (0, 0, 0);
        for (&own, &theirs) in counts.iter().zip(&their_counts) {
            let (next_rows, next_there) = (rows + own as usize, there + theirs as usize);
            if next_rows > index.rows || next_there > values.rows {
                break;
            }
            (rows, there, known) = (next_rows, next_there, known + 1);
        }
        let view = View::of(foreign::gather(
            &own,
            column,
            Elements { seen: index.seen().rows(0..rows), counts: &counts[..known] },
            Elements { seen: values.seen().rows(0..there), counts: &their_counts[..known] },
        )?);
        if known == entries.entries {
            self.pointed.insert((model, column), Pointed { entries, counter, view: view.clone() });
        }
        Ok(view)
    }

    fn view(
        &mut self,
        table: &dyn Table,
        planned: &Planned,
        (model, column): (usize, usize),
        entries: Entries,
        counts: Option<&[u32]>,
    ) -> View {
        let codec = self.columns.codec();
        let Some(subject) = planned.subject(codec, Role::Column { model, column }) else { return View::default() };
        self.history.view(table, subject, entries.first, entries.entries, counts)
    }

    /// The first entry that some column has still to be written for and may need others.
    pub fn passed(&mut self, table: &dyn Table) -> u64 {
        let roles: Vec<_> = self.history.roles().collect();
        let mut children = Vec::new();
        let mut models: Vec<usize> = Vec::new();
        for (column, role) in roles {
            match role {
                Role::Counter => children.extend(table.counted_by(column)),
                Role::Column { model, .. } => models.push(model),
            }
        }
        models.sort_unstable();
        models.dedup();
        for model in models {
            let model = &self.columns.codec().models()[model];
            let coded = model.columns().iter().filter(|c| c.spec.foreign.is_none());
            let needy = coded.filter(|c| model.jagged() || !c.parents.is_empty());
            children.extend(needy.filter_map(|c| table.find(&c.spec.name)));
        }
        let waiting = children.into_iter().filter(|&child| table.is_written(child));
        waiting.map(|child| self.history.written(child)).min().unwrap_or(u64::MAX)
    }
}
