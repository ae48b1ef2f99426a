//! The work of one call: pieces that are needed, each decoded once, until there is all that was asked for.
//!
//! Columns may be coded given columns that are coded given others, thousands in a row. So nothing here goes down such a
//! chain by calling itself: a function that lacks a piece says which one ([`Work::want`]) and stops, and is called again
//! when that piece, with all that it needs itself, is there.

use super::cache::{self, Counts, PieceKey, View, What};
use super::column::{ColumnId, ColumnInfo, Piece};
use super::container::Stored;
use super::decode::{Body, Own};
use super::flights::{Call, Claim, Decoded, Ticket};
use super::read::ReadSession;
use super::seen::{context_of, counts_of};
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
    fn view(&self, decoded: &Decoded, len: usize) -> Result<Option<View>> {
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
struct Task<'a> {
    column: Rc<Column>,
    piece: Piece,
    want: Want,
    /// Bytes of its values.
    len: usize,
    ticket: Option<Ticket<'a>>,
    /// What is stored, as far as it is decoded; None if the task has not begun.
    body: Option<Body>,
}

impl Task<'_> {
    fn name(&self) -> String {
        let own = if matches!(self.want, Want::Bytes) { "" } else { ", which it is coded with" };
        format!("basket {} of branch {}{own}: ", self.piece.number, self.column.info.name)
    }
}

/// One call of a session. What was decoded on the way is kept to its end, whatever the cache does.
pub(super) struct Work<'a> {
    pub session: &'a ReadSession,
    pub call: Arc<Call>,
    columns: HashMap<ColumnId, Rc<Column>>,
    found: HashMap<String, Option<ColumnId>>,
    views: HashMap<(ColumnId, u64, What), View>,
    /// Elements of entries, by [`super::counts`].
    pub counted: HashMap<super::counts::Span, (u64, Arc<Counts>)>,
    /// Pieces being decoded: damaged or crafted files may lead in a circle.
    in_work: HashSet<(ColumnId, u64)>,
    wanted: Vec<Task<'a>>,
}

impl<'a> Work<'a> {
    pub fn new(session: &'a ReadSession) -> Self {
        Work {
            session,
            call: Call::new(),
            columns: HashMap::new(),
            found: HashMap::new(),
            views: HashMap::new(),
            counted: HashMap::new(),
            in_work: HashSet::new(),
            wanted: Vec::new(),
        }
    }

    /// Calls `attempt` until it has all that it needs.
    pub fn run<T>(&mut self, mut attempt: impl FnMut(&mut Self) -> Step<T>) -> Result<T> {
        loop {
            match attempt(self) {
                Ok(done) => return Ok(done),
                Err(Stop::Failed(error)) => return Err(error),
                Err(Stop::Wanted) => self.supply()?,
            }
        }
    }

    /// Says that a piece is wanted, of which the first `len` bytes are values.
    pub fn want(&mut self, column: &Rc<Column>, piece: &Piece, want: Want, len: usize) -> Stop {
        self.wanted.push(Task { column: Rc::clone(column), piece: *piece, want, len, ticket: None, body: None });
        Stop::Wanted
    }

    /// Marks the piece that the call itself is for.
    pub fn begin(&mut self, column: &Column, piece: &Piece) {
        self.in_work.insert((column.id, piece.number));
    }

    /// Decodes what is wanted and all that it needs.
    fn supply(&mut self) -> Result<()> {
        let mut tasks = std::mem::take(&mut self.wanted);
        tasks.reverse(); // a model's earlier columns first: they need the fewest others
        while let Some(mut task) = tasks.pop() {
            match self.proceed(&mut task) {
                Ok(()) => {}
                Err(Stop::Failed(error)) => return Err(error.within(&task.name())),
                Err(Stop::Wanted) => {
                    tasks.push(task);
                    tasks.extend(self.wanted.drain(..).rev());
                }
            }
        }
        Ok(())
    }

    fn proceed(&mut self, task: &mut Task<'a>) -> Step<()> {
        let (id, what) = ((task.column.id, task.piece.number), task.want.what());
        let key = self.key(&task.column, &task.piece);
        if task.body.is_none() {
            if self.view(&task.column, &task.piece, what).is_some() {
                return Ok(()); // another one needed it, too
            }
            if !self.in_work.insert(id) {
                return Err(needs_itself().into());
            }
            if let Some(key) = key {
                let known = match self.session.flights.claim(key, &self.call) {
                    Claim::Circle => return Err(needs_itself().into()),
                    Claim::Landed(decoded) => Some(decoded),
                    Claim::Alone => None,
                    Claim::Mine(ticket) => {
                        task.ticket = Some(ticket);
                        // it may have been decoded since it was wanted
                        if self.view(&task.column, &task.piece, what).is_some() {
                            task.ticket = None;
                            self.in_work.remove(&id);
                            return Ok(());
                        }
                        None
                    }
                };
                let cached = || match cache::find(key, What::Bytes) {
                    Some(View::Bytes(bytes)) => Some(Decoded { bytes: Some(bytes), context: None }),
                    _ => None,
                };
                if let Some(decoded) = known.or_else(cached)
                    && let Some(view) = task.want.view(&decoded, task.len)?
                {
                    self.finish(task, decoded, view);
                    return Ok(());
                }
            }
            let container = &self.session.container;
            let stored: Stored = self.call.back(|| container.stored(id.0, id.1))?;
            task.body = Some(Body::new(stored, task.len, &task.piece)?);
        }
        let Some(body) = &mut task.body else { return Ok(()) };
        self.unpack(&task.column, &task.piece, body)?;
        let Body { raw, own, .. } = std::mem::take(body);
        let by_model = matches!(own, Own::Model(_));
        let context = match own {
            Own::Model(context) => context,
            Own::None | Own::Several => None,
        };
        let decoded = Decoded { bytes: Some(Arc::new(raw)), context };
        let view = match task.want.view(&decoded, task.len)? {
            Some(view) => view,
            None => return Err(Error::corrupt("it is of another length; the file is damaged").into()),
        };
        if let Some(key) = key {
            if let Some((model, column, context)) = &decoded.context {
                let what = What::Context { model: *model, column: *column };
                cache::keep(key, what, View::Context(Arc::clone(context)));
            }
            // who asks for the piece itself must not decode it again
            if let (true, Some(bytes)) = (by_model && !matches!(task.want, Want::Bytes), &decoded.bytes) {
                cache::keep(key, What::Bytes, View::Bytes(Arc::clone(bytes)));
            }
            if !matches!(task.want, Want::Bytes) {
                cache::keep(key, what, view.clone());
            }
        }
        self.finish(task, decoded, view);
        Ok(())
    }

    fn finish(&mut self, task: &mut Task<'a>, decoded: Decoded, view: View) {
        let id = (task.column.id, task.piece.number);
        self.views.insert((id.0, id.1, task.want.what()), view);
        self.in_work.remove(&id);
        if let Some(ticket) = task.ticket.take() {
            ticket.land(|_| decoded);
        }
    }

    /// The name of a piece in the cache; None if nothing of it may be kept.
    pub fn key(&self, column: &Column, piece: &Piece) -> Option<PieceKey> {
        let place = piece.place?;
        Some(PieceKey { session: self.session.number, column: column.id, number: piece.number, place })
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
        let info = self.call.back(|| self.session.container.describe(id))?;
        let column = Rc::new(Column { id, info });
        self.columns.insert(id, Rc::clone(&column));
        Ok(column)
    }

    /// The column that models know by this name.
    pub fn find(&mut self, name: &str) -> Result<Option<Rc<Column>>> {
        let id = match self.found.get(name) {
            Some(&id) => id,
            None => {
                let id = self.call.back(|| self.session.container.find(name))?;
                self.found.insert(name.to_owned(), id);
                id
            }
        };
        id.map(|id| self.column(id)).transpose()
    }

    /// A piece by its number; None if there is none.
    pub fn piece(&self, column: &Column, number: u64) -> Result<Option<Piece>> {
        let piece = self.call.back(|| self.session.container.piece(column.id, number))?;
        piece.map(|piece| checked(column, piece)).transpose()
    }

    /// The piece with a position, None if there is none.
    pub fn piece_at(&self, column: &Column, position: u64) -> Result<Option<Piece>> {
        let Some(piece) = self.call.back(|| self.session.container.piece_with(column.id, position))? else {
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
