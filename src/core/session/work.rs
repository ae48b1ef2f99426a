//! The work of one call: pieces that are needed, each decoded once, until there is all that was asked for.
//!
//! Columns may be coded given columns that are coded given others, thousands in a row. So nothing here goes down such a
//! chain by calling itself: a function that lacks a piece says which one ([`Work::want`]) and stops, and is called
//! again when that piece, with all that it needs itself, is there.

use super::cache::{self, Counts, PieceKey, View, What};
use super::column::{ColumnId, ColumnInfo, Piece};
use super::flights::{Call, Decoded};
use super::seen::{context_of, counts_of};
use super::store::Store;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::values::value::ValueType;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

/// Why a function stopped.
pub(super) enum Stop {
    /// It lacks pieces, which it said; to be called again when they are there.
    Wanted,
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Failed(error)
    }
}

pub(super) type Step<T> = std::result::Result<T, Stop>;

/// A column, as the container describes it.
pub(super) struct Column {
    pub id: ColumnId,
    pub info: ColumnInfo,
}

/// What a piece is decoded for.
#[derive(Clone)]
pub(super) enum Want {
    Bytes,
    Counts(ValueType),
    Context(Arc<Model>, u32),
}

impl Want {
    pub fn what(&self) -> What {
        match self {
            Want::Bytes => What::Bytes,
            Want::Counts(_) => What::Counts,
            Want::Context(model, column) => What::Context { model: model.hash(), column: *column },
        }
    }

    /// Makes a view of a piece whose first `len` bytes are its values.
    pub fn view(&self, decoded: &Decoded, len: usize) -> Result<Option<View>> {
        if let (Want::Context(model, column), Some((hash, own, context))) = (self, &decoded.context)
            && (model.hash(), *column) == (*hash, *own)
        {
            return Ok(Some(View::Context(Arc::clone(context))));
        }
        let Some(bytes) = &decoded.bytes else { return Ok(None) };
        let values = bytes.get(..len).ok_or_else(|| Error::corrupt("it is of another length; the file is damaged"))?;
        Ok(Some(match self {
            Want::Bytes => View::Bytes(Arc::clone(bytes)),
            Want::Counts(value) => View::Counts(Counts::new(counts_of(*value, values))),
            Want::Context(model, column) => {
                View::Context(Arc::new(context_of(&model.columns()[*column as usize], values)))
            }
        }))
    }
}

/// A piece that is wanted.
pub(super) struct Wanted {
    pub column: Rc<Column>,
    pub piece: Piece,
    pub want: Want,
    /// Bytes of its values.
    pub len: usize,
}

/// Names a range of entries or elements: counter, first, end, elements for each count, and what is counted.
pub(super) type Span = (ColumnId, u64, u64, u32, bool);

/// One call of a session. What was decoded on the way is kept to its end, whatever the cache does.
pub(super) struct Work<'a> {
    pub store: &'a Store,
    pub call: Arc<Call>,
    columns: HashMap<ColumnId, Rc<Column>>,
    found: HashMap<String, Option<ColumnId>>,
    pub views: HashMap<(ColumnId, u64, What), View>,
    /// Elements of entries, by [`super::counts`].
    pub counted: HashMap<Span, (u64, Arc<Counts>)>,
    /// Pieces being decoded: damaged or crafted files may lead in a circle.
    pub in_work: HashSet<(ColumnId, u64)>,
    /// What functions lacked; [`super::supply`] brings it.
    pub wanted: Vec<Wanted>,
}

impl<'a> Work<'a> {
    pub fn new(store: &'a Store) -> Self {
        Work {
            store,
            call: Call::new(),
            columns: HashMap::new(),
            found: HashMap::new(),
            views: HashMap::new(),
            counted: HashMap::new(),
            in_work: HashSet::new(),
            wanted: Vec::new(),
        }
    }

    /// Says that a piece is wanted, of which the first `len` bytes are values.
    pub fn want(&mut self, column: &Rc<Column>, piece: &Piece, want: Want, len: usize) -> Stop {
        self.wanted.push(Wanted { column: Rc::clone(column), piece: *piece, want, len });
        Stop::Wanted
    }

    /// Marks the piece that the call itself is for.
    pub fn begin(&mut self, column: &Column, piece: &Piece) {
        self.in_work.insert((column.id, piece.number));
    }

    /// The name of a piece in the cache; None if nothing of it may be kept.
    pub fn key(&self, column: &Column, piece: &Piece) -> Option<PieceKey> {
        let place = piece.place?;
        Some(PieceKey { session: self.store.number, column: column.id, number: piece.number, place })
    }

    /// What is known of a piece.
    pub fn view(&mut self, column: &Column, piece: &Piece, what: What) -> Option<View> {
        let id = (column.id, piece.number, what);
        if let Some(view) = self.views.get(&id) {
            return Some(view.clone());
        }
        if what == What::Bytes {
            return None; // of the cache only for who keeps to its rules
        }
        let view = cache::find(self.key(column, piece)?, what)?;
        self.views.insert(id, view.clone());
        Some(view)
    }

    /// Keeps what was seen of a piece.
    pub fn keep(&mut self, column: &Column, piece: &Piece, what: What, view: View) {
        if let Some(key) = self.key(column, piece) {
            cache::keep(key, what, view.clone());
        }
        self.views.insert((column.id, piece.number, what), view);
    }

    /// A column of the container.
    pub fn column(&mut self, id: ColumnId) -> Result<Rc<Column>> {
        if let Some(column) = self.columns.get(&id) {
            return Ok(Rc::clone(column));
        }
        let info = self.call.back(|| self.store.container.describe(id))?;
        let column = Rc::new(Column { id, info });
        self.columns.insert(id, Rc::clone(&column));
        Ok(column)
    }

    /// The column that models know by this name.
    pub fn find(&mut self, name: &str) -> Result<Option<Rc<Column>>> {
        let id = match self.found.get(name) {
            Some(&id) => id,
            None => {
                let id = self.call.back(|| self.store.container.find(name))?;
                self.found.insert(name.to_owned(), id);
                id
            }
        };
        id.map(|id| self.column(id)).transpose()
    }

    /// A piece by its number; None if there is none.
    pub fn piece(&self, column: &Column, number: u64) -> Result<Option<Piece>> {
        let piece = self.call.back(|| self.store.container.piece(column.id, number))?;
        piece.map(|piece| checked(column, piece)).transpose()
    }

    /// The piece with a position, None if there is none.
    pub fn piece_at(&self, column: &Column, position: u64) -> Result<Option<Piece>> {
        let Some(piece) = self.call.back(|| self.store.container.piece_with(column.id, position))? else {
            return Ok(None);
        };
        let piece = checked(column, piece)?;
        if !(piece.first..piece.end).contains(&position) {
            return Err(bad_list(column));
        }
        Ok(Some(piece))
    }

    /// The piece with a position of a column that another one is coded with.
    pub fn piece_with(&self, column: &Column, position: u64) -> Result<Piece> {
        self.piece_at(column, position)?.ok_or_else(|| {
            Error::Missing(format!("branch {}, which it is coded with, has no entry {position}", column.info.name))
        })
    }
}

/// Tables of pieces come from files.
fn checked(column: &Column, piece: Piece) -> Result<Piece> {
    const MOST: u64 = i32::MAX as u64 / 4;
    if piece.end <= piece.first || piece.end - piece.first > MOST {
        return Err(bad_list(column));
    }
    Ok(piece)
}

fn bad_list(column: &Column) -> Error {
    Error::corrupt(format!("the list of baskets of branch {} is damaged", column.info.name))
}

pub(super) fn needs_itself() -> Error {
    Error::corrupt("it needs itself; the file is damaged")
}
