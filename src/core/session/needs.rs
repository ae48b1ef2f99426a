//! What reading will need, before anything is read: so that a container can fetch it in one request.

use super::column::{ColumnId, Piece, Unit};
use super::read::ReadSession;
use super::work::{Column, Work};
use crate::error::Result;
use crate::model::Model;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

/// Stands for the end of a column.
const END: u64 = u64::MAX;

/// What the pieces of a column need of others: for all their rows, not only those asked for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Link {
    /// The numbers of its elements.
    Counter(ColumnId),
    /// The same rows.
    Rows(ColumnId),
    /// The elements that an index points to.
    Pointed { index: ColumnId, branch: ColumnId },
}

/// What is needed of a column.
#[derive(Default)]
struct Needed {
    /// Pieces, each looked at once whoever needs it: models may lead in circles, and pieces need not share borders.
    pieces: BTreeSet<u64>,
    /// Positions that were asked for: ranges without overlap, by their beginning.
    asked: BTreeMap<u64, u64>,
}

struct Closure<'a> {
    work: Work<'a>,
    models: Vec<Arc<Model>>,
    needed: BTreeMap<ColumnId, Needed>,
    links: HashMap<ColumnId, Rc<[Link]>>,
    /// Pieces that were not looked at yet.
    left: Vec<(Rc<Column>, Piece)>,
}

impl ReadSession {
    /// The stored pieces that reading some positions of a column (entries, or elements where its pieces are of
    /// elements) needs at most, its own included: column and number. By the models that the container knows; nothing is
    /// decoded. What the container does not have is left out.
    pub fn needs(&self, column: ColumnId, positions: Range<u64>) -> Result<Vec<(ColumnId, u64)>> {
        let mut work = Work::new(&self.0);
        let models = work.call.back(|| self.0.container.models())?;
        let column = work.column(column)?;
        let mut closure = Closure { work, models, needed: BTreeMap::new(), links: HashMap::new(), left: Vec::new() };
        closure.need(&column, positions)?;
        while let Some((column, piece)) = closure.left.pop() {
            closure.follow(&column, piece.first..piece.end)?;
        }
        let pieces =
            closure.needed.iter().flat_map(|(&id, needed)| needed.pieces.iter().map(move |&piece| (id, piece)));
        Ok(pieces.collect())
    }
}

impl Closure<'_> {
    /// Adds the pieces of a column with some positions.
    fn need(&mut self, column: &Rc<Column>, positions: Range<u64>) -> Result<()> {
        let needed = self.needed.entry(column.id).or_default();
        for range in needed.ask(positions) {
            let mut at = range.start;
            while at < range.end
                && let Some(piece) = self.work.piece_at(column, at)?
            {
                if needed.pieces.insert(piece.number) {
                    self.left.push((Rc::clone(column), piece));
                }
                at = piece.end;
            }
        }
        Ok(())
    }

    /// Adds what a piece needs of others.
    fn follow(&mut self, column: &Rc<Column>, positions: Range<u64>) -> Result<()> {
        for link in self.links_of(column)?.iter() {
            match *link {
                Link::Counter(counter) => {
                    let counter = self.work.column(counter)?;
                    self.need(&counter, entries_of(column, positions.clone()))?;
                }
                Link::Rows(parent) => {
                    let parent = self.work.column(parent)?;
                    self.need(&parent, positions.clone())?;
                }
                Link::Pointed { index, branch } => {
                    let (index, branch) = (self.work.column(index)?, self.work.column(branch)?);
                    self.need(&index, positions.clone())?;
                    // all that a piece of the index points to is gathered at once
                    let entries = entries_of(&index, self.whole(&index, positions.clone())?);
                    let is_of_entries = branch.info.unit == Unit::Entries;
                    self.need(&branch, if is_of_entries { entries } else { 0..END })?;
                }
            }
        }
        Ok(())
    }

    /// All positions of the pieces of a column with some positions.
    fn whole(&self, column: &Column, positions: Range<u64>) -> Result<Range<u64>> {
        let (mut whole, mut at) = (positions.clone(), positions.start);
        while at < positions.end
            && let Some(piece) = self.work.piece_at(column, at)?
        {
            whole.start = whole.start.min(piece.first);
            whole.end = whole.end.max(piece.end);
            at = piece.end;
        }
        Ok(whole)
    }

    fn links_of(&mut self, column: &Rc<Column>) -> Result<Rc<[Link]>> {
        if let Some(known) = self.links.get(&column.id) {
            return Ok(Rc::clone(known));
        }
        let mut links = BTreeSet::new(); // many models may say the same
        links.extend(column.info.counter.filter(|_| column.info.jagged).map(Link::Counter));
        for model in &self.models {
            let Some(own) = model.find(&column.info.name).map(|own| &model.columns()[own]) else { continue };
            let is_other = Some(own.spec.value) != column.info.value || model.jagged() != column.info.jagged;
            if is_other || own.spec.net.is_none() {
                continue;
            }
            for &parent in &own.parents {
                let spec = &model.columns()[parent as usize].spec;
                let Some(foreign) = &spec.foreign else {
                    links.extend(self.work.find(&spec.name)?.map(|parent| Link::Rows(parent.id)));
                    continue;
                };
                let Some(index) = self.work.find(&model.columns()[foreign.index as usize].spec.name)? else { continue };
                let branch = self.work.find(&foreign.branch)?;
                links.insert(match branch {
                    Some(branch) => Link::Pointed { index: index.id, branch: branch.id },
                    None => Link::Rows(index.id),
                });
            }
        }
        let links: Rc<[Link]> = links.into_iter().collect();
        self.links.insert(column.id, Rc::clone(&links));
        Ok(links)
    }
}

impl Needed {
    /// Adds positions to those that were asked for. Gives back those that are new.
    fn ask(&mut self, positions: Range<u64>) -> Vec<Range<u64>> {
        let Range { start, end } = positions;
        let mut new = Vec::new();
        if start >= end {
            return new;
        }
        let before = self.asked.range(..start).next_back().filter(|&(_, &its_end)| its_end >= start);
        let mut joined = before.map_or(start, |(&first, _)| first)..end;
        let mut at = start;
        while let Some((&first, &its_end)) = self.asked.range(joined.start..=end).next() {
            self.asked.remove(&first);
            if first > at {
                new.push(at..first);
            }
            at = at.max(its_end);
            joined.end = joined.end.max(its_end);
        }
        if at < end {
            new.push(at..end);
        }
        self.asked.insert(joined.start, joined.end);
        new
    }
}

/// The entries of positions. Which entries have some elements is not known before anything is read.
fn entries_of(column: &Column, positions: Range<u64>) -> Range<u64> {
    match column.info.unit {
        Unit::Elements if column.info.jagged => 0..END,
        _ => positions,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_new_once() {
        let mut needed = Needed::default();
        let only = |range| vec![range];
        assert_eq!(needed.ask(10..20), only(10..20));
        assert_eq!(needed.ask(12..18), []);
        assert_eq!(needed.ask(30..40), only(30..40));
        assert_eq!(needed.ask(40..40), []);
        assert_eq!(needed.ask(5..35), [5..10, 20..30]);
        assert_eq!(needed.ask(40..41), only(40..41));
        assert_eq!(needed.ask(0..END), [0..5, 41..END]);
        assert_eq!(needed.ask(7..END), []);
        assert_eq!(needed.asked.len(), 1);
    }
}
