//! What a block sees of the columns that it is coded with.

use super::cache::{View, What};
use super::column::Piece;
use super::counts::{impossible, other_length};
use super::work::{Column, Step, Stop, Want, Work};
use crate::coder::foreign::{self, Elements};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::model::context::{ColumnContext, Seen};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

/// Some rows of a context that others hold, too.
#[derive(Default)]
pub(super) struct Shared {
    context: Arc<ColumnContext>,
    rows: Range<usize>,
}

impl Shared {
    pub fn seen(&self) -> Seen<'_> {
        self.context.view().rows(self.rows.clone())
    }
}

/// Where the contexts of a model's column come from.
struct Source<'b> {
    /// The column itself, or the index of a foreign one.
    column: &'b Rc<Column>,
    model: &'b Arc<Model>,
    index: u32,
    is_foreign: bool,
}

impl Work<'_> {
    /// Contexts of column `index` of a model for the rows of `child` from position `first`.
    pub fn parent(&mut self, child: &Column, model: &Arc<Model>, index: u32, first: u64, rows: usize) -> Step<Shared> {
        let foreign = model.columns()[index as usize].spec.foreign.as_ref();
        let own = foreign.map_or(index, |foreign| foreign.index);
        let name = &model.columns()[own as usize].spec.name;
        let column = self.helper(name, model, own)?;
        if model.jagged() && column.info.counter != child.info.counter {
            let text = format!("it is coded with the help of branch {name}, which has another counter here");
            return Err(Error::Incompatible(text).into());
        }
        if column.info.unit != child.info.unit {
            let text = format!("it is coded with the help of branch {name}, which is stored in another way here");
            return Err(Error::Incompatible(text).into());
        }
        self.collect(Source { column: &column, model, index, is_foreign: foreign.is_some() }, first, rows)
    }

    /// The column that has the values of column `index` of a model.
    fn helper(&mut self, name: &str, model: &Model, index: u32) -> Result<Rc<Column>> {
        let column = self.find(name)?.ok_or_else(|| {
            Error::Missing(format!(
                "it is coded with the help of branch {name}, which this tree does not have; copy that branch too, or \
                 write with mode single"
            ))
        })?;
        let value = model.columns()[index as usize].spec.value;
        if column.info.value != Some(value) || column.info.jagged != model.jagged() {
            return Err(Error::Incompatible(format!(
                "it is coded with the help of branch {name}, which has another type here than in the model"
            )));
        }
        Ok(column)
    }

    /// Contexts of `rows` rows from a position, out of those of the pieces there.
    fn collect(&mut self, source: Source, first: u64, rows: usize) -> Step<Shared> {
        let column = source.column;
        let mut parts: Vec<Shared> = Vec::new();
        let (mut position, mut found, mut lacks) = (first, 0, false);
        while found < rows {
            let piece = self.piece_with(column, position)?;
            let all = self.rows(column, piece.first..piece.end)?;
            let before = self.rows_before(column, &piece, position)?;
            let left = all.checked_sub(before).ok_or_else(|| impossible(column))?;
            let end = before + left.min(rows - found);
            match self.contexts_in(&source, &piece) {
                Ok(context) if context.scores.len() == all => parts.push(Shared { context, rows: before..end }),
                Ok(_) => return Err(other_length(column, &piece).into()),
                Err(Stop::Wanted) => lacks = true,
                Err(error) => return Err(error),
            }
            found += end - before;
            position = piece.end;
        }
        if lacks {
            return Err(Stop::Wanted);
        }
        // most pieces of a group begin and end together, and then nothing need be copied
        if parts.len() == 1 {
            return Ok(parts.swap_remove(0));
        }
        let mut joined = ColumnContext::default();
        parts.iter().for_each(|part| joined.append(part.seen()));
        Ok(Shared { context: Arc::new(joined), rows: 0..found })
    }

    fn contexts_in(&mut self, source: &Source, piece: &Piece) -> Step<Arc<ColumnContext>> {
        match source.is_foreign {
            true => self.pointed_to(source.column, piece, source.model, source.index),
            false => self.contexts_of(source.column, piece, source.model, source.index),
        }
    }

    /// Contexts of a model's column for the values in a piece.
    fn contexts_of(
        &mut self,
        column: &Rc<Column>,
        piece: &Piece,
        model: &Arc<Model>,
        index: u32,
    ) -> Step<Arc<ColumnContext>> {
        if let Some(View::Context(context)) =
            self.view(column, piece, What::Context { model: model.hash(), column: index })
        {
            return Ok(context);
        }
        let rows = self.rows(column, piece.first..piece.end)?;
        let len = rows.saturating_mul(model.columns()[index as usize].spec.value.size());
        Err(self.want(column, piece, Want::Context(Arc::clone(model), index), len))
    }

    /// Contexts of a foreign column for what the values in a piece of its index point to.
    fn pointed_to(
        &mut self,
        index: &Rc<Column>,
        piece: &Piece,
        model: &Arc<Model>,
        column: u32,
    ) -> Step<Arc<ColumnContext>> {
        let what = What::Context { model: model.hash(), column };
        if let Some(View::Context(context)) = self.view(index, piece, what) {
            return Ok(context);
        }
        let Some(foreign) = &model.columns()[column as usize].spec.foreign else {
            return Err(Error::BadArgument(format!("column {column} is not foreign")).into());
        };
        let branch = self.helper(&foreign.branch, model, column)?;
        let (entries, index_counts) = self.span(index, piece)?;
        let counts = self.counts(&branch, entries.clone())?;
        let positions = self.positions(&branch, entries)?;
        let places = self.contexts_of(index, piece, model, foreign.index);
        let rows = usize::try_from(counts.total).unwrap_or(usize::MAX);
        let source = Source { column: &branch, model, index: column, is_foreign: false };
        let elements = self.collect(source, positions.start, rows)?;
        let places = places?;
        let from = Elements { seen: places.view(), counts: &index_counts.each };
        let to = Elements { seen: elements.seen(), counts: &counts.each };
        let context = Arc::new(foreign::gather(model, column as usize, from, to)?);
        self.keep(index, piece, what, View::Context(Arc::clone(&context)));
        Ok(context)
    }
}
