//! How many elements entries have, and which entries positions belong to.

use super::cache::{Counts, View, What};
use super::column::{Piece, Unit};
use super::work::{Column, Step, Want, Work};
use crate::error::{Error, Result};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

impl Work<'_> {
    fn counter(&mut self, column: &Column) -> Result<Rc<Column>> {
        let counter = column.info.counter.ok_or_else(|| {
            Error::Missing(
                "the number of elements of its entries is in another branch, which this tree does not have; copy that \
                 branch too"
                    .into(),
            )
        })?;
        self.column(counter)
    }

    /// The integers of a piece of a counter.
    fn counts_in(&mut self, counter: &Rc<Column>, piece: &Piece) -> Step<Arc<Counts>> {
        let entries = piece.end - piece.first;
        let counts = match self.view(counter, piece, What::Counts) {
            Some(View::Counts(counts)) => counts,
            _ => {
                let value = counter.info.count.filter(|_| counter.info.unit == Unit::Entries).ok_or_else(|| {
                    Error::Incompatible(format!("branch {} does not count elements", counter.info.name))
                })?;
                let len = entries as usize * value.size();
                return Err(self.want(counter, piece, Want::Counts(value), len));
            }
        };
        if counts.each.len() as u64 != entries {
            return Err(other_length(counter, piece).into());
        }
        Ok(counts)
    }

    /// Elements of each of some entries of a column with a counter.
    pub fn counts(&mut self, column: &Column, entries: Range<u64>) -> Step<Arc<Counts>> {
        let counter = self.counter(column)?;
        let factor = column.info.per_count;
        let id = (counter.id, entries.start, entries.end, factor, false);
        if let Some((_, known)) = self.counted.get(&id) {
            return Ok(Arc::clone(known));
        }
        let mut each = Vec::new();
        let mut whole = None;
        let mut entry = entries.start;
        while entry < entries.end {
            let piece = self.piece_with(&counter, entry)?;
            let counts = self.counts_in(&counter, &piece)?;
            if (piece.first, piece.end, factor) == (entries.start, entries.end, 1) {
                whole = Some(counts);
                break;
            }
            let end = piece.end.min(entries.end);
            let some = &counts.each[(entry - piece.first) as usize..(end - piece.first) as usize];
            each.extend(some.iter().map(|n| n.saturating_mul(factor)));
            entry = end;
        }
        let counts = whole.unwrap_or_else(|| Counts::new(each));
        self.counted.insert(id, (entries.start, Arc::clone(&counts)));
        Ok(counts)
    }

    /// The entries of a piece of a column with a counter, and how many of its elements each has. A piece of elements
    /// may have a part of its first and of its last entry.
    pub fn span(&mut self, column: &Column, piece: &Piece) -> Step<(Range<u64>, Arc<Counts>)> {
        match column.info.unit {
            Unit::Entries => Ok((piece.first..piece.end, self.counts(column, piece.first..piece.end)?)),
            Unit::Elements => self.clipped(column, piece.first..piece.end),
        }
    }

    fn clipped(&mut self, column: &Column, elements: Range<u64>) -> Step<(Range<u64>, Arc<Counts>)> {
        let counter = self.counter(column)?;
        let factor = column.info.per_count;
        let id = (counter.id, elements.start, elements.end, factor, true);
        if let Some((first, known)) = self.counted.get(&id) {
            return Ok((*first..first + known.each.len() as u64, Arc::clone(known)));
        }
        let (mut first, mut each) = (0, Vec::new());
        let (mut entry, mut before) = (0, 0u64);
        while before < elements.end {
            let piece = self.piece_with(&counter, entry)?;
            let counts = self.counts_in(&counter, &piece)?;
            let total = counts.total.saturating_mul(u64::from(factor));
            if before.saturating_add(total) <= elements.start {
                before += total;
                entry = piece.end;
                continue;
            }
            for n in &counts.each[(entry - piece.first) as usize..] {
                let after = before.saturating_add(n.saturating_mul(factor).into());
                let mine = after.min(elements.end).saturating_sub(before.max(elements.start));
                if mine > 0 && each.is_empty() {
                    first = entry;
                }
                if mine > 0 || !each.is_empty() {
                    each.push(mine as u32);
                }
                (entry, before) = (entry + 1, after);
                if before >= elements.end {
                    break;
                }
            }
        }
        let counts = Counts::new(each);
        self.counted.insert(id, (first, Arc::clone(&counts)));
        Ok((first..first + counts.each.len() as u64, counts))
    }

    /// Where the elements of entries are among a column's positions.
    pub fn positions(&mut self, column: &Column, entries: Range<u64>) -> Step<Range<u64>> {
        if !column.info.jagged || column.info.unit == Unit::Entries {
            return Ok(entries);
        }
        let first = self.elements_before(column, entries.start)?;
        let counts = self.counts(column, entries)?;
        let end = first.checked_add(counts.total).ok_or_else(|| impossible(column))?;
        Ok(first..end)
    }

    fn elements_before(&mut self, column: &Column, end: u64) -> Step<u64> {
        let counter = self.counter(column)?;
        let (mut entry, mut before) = (0, 0u64);
        while entry < end {
            let piece = self.piece_with(&counter, entry)?;
            let counts = self.counts_in(&counter, &piece)?;
            let some = &counts.each[(entry - piece.first) as usize..(piece.end.min(end) - piece.first) as usize];
            before = before.saturating_add(match some.len() == counts.each.len() {
                true => counts.total,
                false => some.iter().map(|&n| u64::from(n)).sum(),
            });
            entry = piece.end;
        }
        let elements = before.checked_mul(column.info.per_count.into());
        elements.ok_or_else(|| impossible(column).into())
    }

    /// Rows before a position within its piece.
    pub fn rows_before(&mut self, column: &Column, piece: &Piece, position: u64) -> Step<usize> {
        self.rows(column, piece.first..position)
    }

    /// Rows between positions of a column: entries, or their elements.
    pub fn rows(&mut self, column: &Column, positions: Range<u64>) -> Step<usize> {
        let rows = match column.info.jagged && column.info.unit == Unit::Entries {
            true if positions.is_empty() => 0,
            true => self.counts(column, positions)?.total,
            false => positions.end - positions.start,
        };
        Ok(usize::try_from(rows).unwrap_or(usize::MAX))
    }
}

pub(super) fn impossible(column: &Column) -> Error {
    Error::corrupt(format!(
        "the numbers of elements of branch {} are impossible; the file is damaged",
        column.info.name
    ))
}

pub(super) fn other_length(column: &Column, piece: &Piece) -> Error {
    let name = &column.info.name;
    Error::corrupt(format!("basket {} of branch {name} is of another length; the file is damaged", piece.number))
}
