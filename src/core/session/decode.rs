//! Decodes blocks with what they need.

use super::cache::Counts;
use super::column::Piece;
use super::container::Stored;
use super::parents::Shared;
use super::work::{Column, Step, Stop, Work};
use crate::coder::waves::Contexts;
use crate::error::{Error, Result};
use crate::format::block::{Block, MAGIC, ROOT_HEADER};
use crate::model::Model;
use crate::model::context::{ColumnContext, Seen, SeenMut};
use std::rc::Rc;
use std::sync::Arc;

/// Model and column that a block was coded as, and what later columns see of it.
pub(super) type OwnContext = (u64, u32, Arc<ColumnContext>);

/// How a piece was coded.
#[derive(Default)]
pub(super) enum Own {
    /// By no model.
    #[default]
    None,
    /// As one block of a model; with its context if later columns need it.
    Model(Option<OwnContext>),
    /// As several blocks.
    Several,
}

/// A stored piece, as far as it is decoded.
#[derive(Default)]
pub(super) struct Body {
    blocks: Vec<u8>,
    /// Where the next block begins.
    at: usize,
    raw_len: usize,
    pub raw: Vec<u8>,
    pub own: Own,
}

impl Body {
    /// `len` are the bytes of the piece's values.
    pub fn new(stored: Stored, len: usize, piece: &Piece) -> Result<Self> {
        let (blocks, raw_len, plain) = match stored {
            Stored::Plain(raw) => (Vec::new(), raw.len(), Some(raw)),
            // stored as they are
            Stored::Blocks { mut bytes, raw_len } if raw_len <= bytes.len() => {
                bytes.truncate(raw_len);
                (Vec::new(), raw_len, Some(bytes))
            }
            Stored::Blocks { bytes, raw_len } => (bytes, raw_len, None),
        };
        // Behind the values are the entry offsets, if the entries are of different length.
        let offsets = 16 + 8 * (piece.end - piece.first + 1);
        if raw_len < len || (plain.is_none() && (raw_len - len) as u64 > offsets) {
            return Err(Error::corrupt("its header does not fit its entries; the file is damaged"));
        }
        Ok(Body { blocks, at: 0, raw_len, raw: plain.unwrap_or_default(), own: Own::None })
    }
}

/// All that a block needs.
pub(super) struct Needs {
    model: Option<Arc<Model>>,
    column: usize,
    rows: usize,
    /// Rows that have context.
    known: usize,
    parents: Vec<Shared>,
    counts: Option<Arc<Counts>>,
    /// Whether others need the context.
    is_seen: bool,
}

impl Needs {
    /// Decodes the block into `raw`.
    pub fn decode(&self, block: &Block, raw: &mut [u8]) -> Result<Option<OwnContext>> {
        let columns: Vec<Seen> = self.parents.iter().map(Shared::seen).collect();
        let counts = self.counts.as_ref().map(|counts| counts.each.as_slice());
        let contexts = Contexts { columns: &columns, rows: self.known, counts };
        let Some(model) = self.model.as_ref().filter(|_| self.is_seen) else {
            block.decode(self.model.as_deref(), contexts, raw, None)?;
            return Ok(None);
        };
        let with_lattice = model.columns()[self.column].lattice_seen;
        let mut context =
            ColumnContext { scores: vec![0; self.rows], lattice: vec![0; if with_lattice { self.rows } else { 0 }] };
        let seen = SeenMut { scores: &mut context.scores, lattice: &mut context.lattice };
        block.decode(Some(model), contexts, raw, Some(seen))?;
        Ok(Some((model.hash(), self.column as u32, Arc::new(context))))
    }
}

impl Work<'_> {
    /// Finds what a block needs. `at` is where it comes from, if that is known.
    pub fn needs_of(&mut self, at: Option<(&Rc<Column>, &Piece)>, block: &Block) -> Step<Needs> {
        let placed = || {
            let nowhere = "it is coded with other branches, but is not read as part of a tree";
            at.ok_or_else(|| Error::Missing(nowhere.into()))
        };
        let mut needs =
            Needs { model: None, column: 0, rows: 0, known: 0, parents: Vec::new(), counts: None, is_seen: false };
        let needs_counts = block.needs_counts()?;
        let Some(header) = block.conditional_header()? else {
            if needs_counts {
                let (column, piece) = placed()?;
                needs.counts = Some(self.span(column, piece)?.1);
            }
            return Ok(needs);
        };
        let model = self.store.model(header.model, &self.call)?;
        let Some(own) = model.columns().get(header.column) else {
            return Err(Error::corrupt("it names a column that its model does not have; the file is damaged").into());
        };
        if needs_counts || model.jagged() {
            let (column, piece) = placed()?;
            needs.counts = Some(self.span(column, piece)?.1);
        }
        let most = block.raw_len / own.spec.value.size();
        let rows = match &needs.counts {
            Some(counts) if model.jagged() => usize::try_from(counts.total).unwrap_or(usize::MAX),
            _ => most,
        };
        if rows > most || header.rows_without > rows {
            return Err(Error::corrupt("its lengths contradict each other; the file is damaged").into());
        }
        needs.rows = rows;
        needs.known = rows - header.rows_without;
        needs.column = header.column;
        needs.is_seen = own.seen && at.is_some();
        if needs.known == 0 {
            needs.parents = own.parents.iter().map(|_| Shared::default()).collect();
        } else if !own.parents.is_empty() {
            let (column, piece) = placed()?;
            let mut lacks = false;
            for &parent in &own.parents {
                match self.parent(column, &model, parent, piece.first, needs.known) {
                    Ok(shared) => needs.parents.push(shared),
                    Err(Stop::Wanted) => lacks = true,
                    Err(error) => return Err(error),
                }
            }
            if lacks {
                return Err(Stop::Wanted);
            }
        }
        needs.model = Some(model);
        Ok(needs)
    }

    /// Decodes the blocks of a piece that are left.
    pub fn unpack(&mut self, column: &Rc<Column>, piece: &Piece, body: &mut Body) -> Step<()> {
        while body.raw.len() < body.raw_len {
            let rest = &body.blocks[body.at..];
            if rest.len() < ROOT_HEADER {
                return Err(Error::corrupt("its last block is not complete; the file is damaged").into());
            }
            let size =
                |at: usize| usize::from(rest[at]) | usize::from(rest[at + 1]) << 8 | usize::from(rest[at + 2]) << 16;
            let (len, raw_len, done) = (ROOT_HEADER + size(3), size(6), body.raw.len());
            if len > rest.len() || raw_len == 0 || raw_len > body.raw_len - done {
                return Err(Error::corrupt("a block claims more bytes than there are; the file is damaged").into());
            }
            let block = &rest[..len];
            if &block[..2] == MAGIC {
                let block = Block::parse(block)?;
                let needs = self.needs_of(Some((column, piece)), &block)?;
                body.raw.resize(done + raw_len, 0);
                let context = needs.decode(&block, &mut body.raw[done..])?;
                body.own = match (done, raw_len == body.raw_len, needs.model) {
                    (0, true, Some(_)) => Own::Model(context),
                    (0, true, None) => Own::None,
                    _ => Own::Several,
                };
            } else {
                body.raw.resize(done + raw_len, 0);
                let out = &mut body.raw[done..];
                self.call.back(|| self.store.container.unpack(block, out))?;
            }
            body.at += len;
        }
        Ok(())
    }
}
