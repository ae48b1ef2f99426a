//! Reading columns of a container.

use super::cache::{self, View, What};
use super::column::{ColumnId, Piece};
use super::container::Container;
use super::counts::impossible;
use super::decode::OwnContext;
use super::flights::{Claim, Decoded, Ticket};
use super::store::Store;
use super::work::{Column, Step, Want, Work, needs_itself};
use crate::coder::waves::Contexts;
use crate::error::{Error, Result};
use crate::format::block::{Block, Kind};
use crate::values::value;
use std::ops::Range;
use std::rc::Rc;

use std::sync::Arc;

/// The order of the bytes of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// That of ROOT's files.
    BigEndian,
    /// That of this machine.
    Native,
}

/// Reads columns of a container, with all that they need. For any number of threads at once.
///
/// Each piece is decoded once, however many threads ask for it or for what it helps to decode, as long as the cache has
/// room. What the cache has of a session is forgotten with it.
pub struct ReadSession(pub(super) Store);

impl ReadSession {
    /// Begins to read.
    pub fn new(container: impl Container + 'static) -> Self {
        ReadSession(Store::new(Box::new(container)))
    }

    /// Decodes a block that the container has at hand into all of `out`. `at` says of which column and of which of its
    /// pieces the block is; None if that is not known: then it must be a block that needs nothing else.
    pub fn decode_block(&self, at: Option<(ColumnId, u64)>, block: &[u8], out: &mut [u8]) -> Result<()> {
        let block = Block::parse(block)?;
        if block.raw_len != out.len() {
            return Err(Error::corrupt("the block and its basket differ in length; the file is damaged"));
        }
        if block.kind != Kind::Model && !block.needs_counts()? {
            return block.decode(None, Contexts::default(), out, None).map(|_| ());
        }
        let mut work = Work::new(&self.0);
        let Some((column, number)) = at else {
            let needs = work.run(|work| work.needs_of(None, &block))?;
            return needs.decode(&block, out).map(|_| ());
        };
        let column = work.column(column)?;
        let Some(piece) = work.piece(&column, number)? else {
            return Err(Error::corrupt(format!("branch {} has no basket {number}", column.info.name)));
        };
        if block.kind != Kind::Model {
            let needs = work.run(|work| work.needs_of(Some((&column, &piece)), &block))?;
            return needs.decode(&block, out).map(|_| ());
        }
        work.whole(&column, &piece, &block, out)
    }

    /// Appends the values of some entries of a column to `out`, and tells how many they are: of a column with a
    /// counter, the elements of these entries.
    pub fn read(&self, column: ColumnId, entries: Range<u64>, order: Order, out: &mut Vec<u8>) -> Result<u64> {
        let mut work = Work::new(&self.0);
        let column = work.column(column)?;
        let name = &column.info.name;
        let Some(its) = column.info.value.or(column.info.count) else {
            return Err(Error::BadArgument(format!("branch {name} is not one of single numbers")));
        };
        let width = its.size();
        let before = out.len();
        let mut positions = 0..0;
        if !entries.is_empty() {
            positions = work.run(|work| work.positions(&column, entries.clone()))?;
        }
        while !positions.is_empty() {
            let mut work = Work::new(&self.0); // lets go of what the piece before needed
            let piece = work
                .piece_at(&column, positions.start)?
                .ok_or_else(|| Error::Missing(format!("branch {name} has no entry {}", positions.start)))?;
            let end = piece.end.min(positions.end);
            let (first, last, all) = work.run(|work| {
                let first = work.rows_before(&column, &piece, positions.start)?;
                let last = work.rows_before(&column, &piece, end)?;
                Ok((first, last, work.rows(&column, piece.first..piece.end)?))
            })?;
            if first != last {
                let bytes = work.run(|work| work.bytes(&column, &piece, all.saturating_mul(width), end))?;
                let values = first.saturating_mul(width)..last.saturating_mul(width);
                // pieces of a counter that overlap may say this and that
                out.extend_from_slice(bytes.get(values).ok_or_else(|| impossible(&column))?);
            }
            positions.start = end;
        }
        if order == Order::Native {
            value::swap(&mut out[before..], width);
        }
        Ok(((out.len() - before) / width) as u64)
    }

    /// Elements of each of some entries of a column with a counter.
    pub fn counts(&self, column: ColumnId, entries: Range<u64>) -> Result<Vec<u32>> {
        let mut work = Work::new(&self.0);
        let column = work.column(column)?;
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        Ok(work.run(|work| work.counts(&column, entries.clone()))?.each.clone())
    }
}

impl Work<'_> {
    /// Decodes a piece that is one block of a model, for its own readers.
    fn whole(&mut self, column: &Rc<Column>, piece: &Piece, block: &Block, out: &mut [u8]) -> Result<()> {
        self.begin(column, piece);
        let Some(key) = self.key(column, piece) else {
            return self.one_block(column, piece, block, out).map(|_| ());
        };
        let mut ticket: Option<Ticket> = None;
        let mut known = None;
        match self.store.flights.claim(key, &self.call) {
            Claim::Mine(own) => ticket = Some(own),
            Claim::Landed(decoded) => known = decoded.bytes,
            Claim::Alone => {}
            Claim::Circle => return Err(needs_itself()),
        }
        // decoded before, as others needed it; its own readers are the last who do
        if let Some(View::Bytes(bytes)) = cache::take(key, What::Bytes) {
            known = known.or(Some(bytes));
        }
        let known = known.filter(|bytes| bytes.len() == out.len());
        let mut context = None;
        match &known {
            Some(bytes) => out.copy_from_slice(bytes),
            None => context = self.one_block(column, piece, block, out)?,
        }
        if let Some((model, column, context)) = &context {
            let what = What::Context { model: *model, column: *column };
            cache::keep(key, what, View::Context(Arc::clone(context)));
        }
        // another model will need the values, or another thread does
        let is_pointed_to = self.store.is_pointed_to(&column.info.name);
        let kept = |is_kept: bool| is_kept.then(|| known.clone().unwrap_or_else(|| Arc::new(out.to_vec())));
        if let Some(bytes) = kept(is_pointed_to) {
            cache::keep(key, What::Bytes, View::Bytes(bytes));
        }
        if let Some(ticket) = ticket {
            ticket.land(|is_awaited| Decoded { bytes: kept(is_awaited), context });
        }
        Ok(())
    }

    fn one_block(
        &mut self,
        column: &Rc<Column>,
        piece: &Piece,
        block: &Block,
        out: &mut [u8],
    ) -> Result<Option<OwnContext>> {
        self.run(|work| work.needs_of(Some((column, piece)), block))?.decode(block, out)
    }

    /// All bytes of a piece, of which a call reads the values up to position `end`, and no others.
    fn bytes(&mut self, column: &Rc<Column>, piece: &Piece, len: usize, end: u64) -> Step<Arc<Vec<u8>>> {
        let key = self.key(column, piece);
        let view = match (self.view(column, piece, What::Bytes), key) {
            (Some(view), _) => Some(view),
            (None, Some(key)) => cache::take(key, What::Bytes),
            (None, None) => None,
        };
        let Some(View::Bytes(bytes)) = view.filter(|view| matches!(view, View::Bytes(bytes) if bytes.len() >= len))
        else {
            return Err(self.want(column, piece, Want::Bytes, len));
        };
        // who reads on from there must not decode it again
        let is_kept = end < piece.end || self.store.is_pointed_to(&column.info.name);
        if let (true, Some(key)) = (is_kept, key) {
            cache::keep(key, What::Bytes, View::Bytes(Arc::clone(&bytes)));
        }
        Ok(bytes)
    }
}
