//! What reading will need, before anything is read: so that a container can fetch it in one request.

use super::column::{ColumnId, Unit};
use super::read::ReadSession;
use super::work::{Column, Work};
use crate::error::Result;
use crate::model::Model;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

/// Stands for the end of a column.
const END: u64 = u64::MAX;

/// Positions that are needed of each column.
struct Closure<'a> {
    work: Work<'a>,
    models: Vec<Arc<Model>>,
    needed: BTreeMap<ColumnId, (Rc<Column>, Range<u64>)>,
    /// Columns of which more is needed than was looked at.
    left: BTreeSet<ColumnId>,
}

impl ReadSession {
    /// The stored pieces that reading some positions of a column (entries, or elements where its pieces are of
    /// elements) needs at most, its own included: column and number. By the models that the container knows; nothing is
    /// decoded. What the container does not have is left out.
    pub fn needs(&self, column: ColumnId, positions: Range<u64>) -> Result<Vec<(ColumnId, u64)>> {
        let mut work = Work::new(&self.0);
        let models = work.call.back(|| self.0.container.models())?;
        let column = work.column(column)?;
        let mut closure = Closure { work, models, needed: BTreeMap::new(), left: BTreeSet::new() };
        closure.need(&column, positions);
        while let Some(id) = closure.left.pop_first() {
            closure.widen(id)?;
        }
        let mut pieces = Vec::new();
        for (id, (column, positions)) in &closure.needed {
            closure.each_piece(column, positions.clone(), |piece, _| pieces.push((*id, piece)))?;
        }
        Ok(pieces)
    }
}

impl Closure<'_> {
    fn need(&mut self, column: &Rc<Column>, positions: Range<u64>) {
        if positions.is_empty() {
            return;
        }
        let both = match self.needed.get(&column.id) {
            Some((_, known)) => known.start.min(positions.start)..known.end.max(positions.end),
            None => positions,
        };
        if self.needed.get(&column.id).is_none_or(|(_, known)| *known != both) {
            self.needed.insert(column.id, (Rc::clone(column), both));
            self.left.insert(column.id);
        }
    }

    /// Tells numbers and positions of the pieces of a column with some positions.
    fn each_piece(&self, column: &Column, positions: Range<u64>, mut tell: impl FnMut(u64, Range<u64>)) -> Result<()> {
        let mut at = positions.start;
        while at < positions.end
            && let Some(piece) = self.work.piece_at(column, at)?
        {
            tell(piece.number, piece.first..piece.end);
            at = piece.end;
        }
        Ok(())
    }

    /// All positions of the pieces of a column with some positions.
    fn whole(&self, column: &Column, positions: &Range<u64>) -> Result<Range<u64>> {
        let mut whole = positions.clone();
        self.each_piece(column, positions.clone(), |_, piece| {
            whole.start = whole.start.min(piece.start);
            whole.end = whole.end.max(piece.end);
        })?;
        Ok(whole)
    }

    /// Adds what the pieces of a column need: for all their rows, not only those asked for.
    fn widen(&mut self, id: ColumnId) -> Result<()> {
        let Some((column, positions)) = self.needed.get(&id).cloned() else { return Ok(()) };
        let whole = self.whole(&column, &positions)?;
        self.needed.insert(id, (Rc::clone(&column), whole.clone()));
        if let Some(counter) = column.info.counter.filter(|_| column.info.jagged) {
            let counter = self.work.column(counter)?;
            self.need(&counter, entries_of(&column, whole.clone()));
        }
        for model in self.models.clone() {
            let Some(own) = model.find(&column.info.name).map(|own| &model.columns()[own]) else { continue };
            let is_other = Some(own.spec.value) != column.info.value || model.jagged() != column.info.jagged;
            if is_other || own.spec.net.is_none() {
                continue;
            }
            for &parent in &own.parents {
                let spec = &model.columns()[parent as usize].spec;
                let Some(foreign) = &spec.foreign else {
                    self.need_named(&spec.name, whole.clone())?;
                    continue;
                };
                let Some(index) = self.need_named(&model.columns()[foreign.index as usize].spec.name, whole.clone())?
                else {
                    continue;
                };
                // all that a piece of the index points to is gathered at once
                let entries = entries_of(&index, self.whole(&index, &whole)?);
                let branch = self.work.find(&foreign.branch)?;
                let is_of_entries = branch.is_some_and(|branch| branch.info.unit == Unit::Entries);
                self.need_named(&foreign.branch, if is_of_entries { entries } else { 0..END })?;
            }
        }
        Ok(())
    }

    fn need_named(&mut self, name: &str, positions: Range<u64>) -> Result<Option<Rc<Column>>> {
        let column = self.work.find(name)?;
        if let Some(column) = &column {
            self.need(column, positions);
        }
        Ok(column)
    }
}

/// The entries of positions. Which entries have some elements is not known before anything is read.
fn entries_of(column: &Column, positions: Range<u64>) -> Range<u64> {
    match column.info.unit {
        Unit::Elements if column.info.jagged => 0..END,
        _ => positions,
    }
}
