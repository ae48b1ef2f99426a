//! The writing session: codes the pieces of a table's columns, in whatever order and by whatever threads they come.
//!
//! A column that begins to be written leaves what others need to see of it here first, under a lock; who needs it finds
//! it here, or else in the piece that is still in memory, which nobody can begin to write while the lock is held.

use super::coding::Coding;
use super::column::ColumnId;
use super::gather::{Entries, Known};
use super::history::{Role, View};
use super::table::{Live, Table, TableColumn};
use super::written::{Columns, Planned};
use crate::coder::waves::Contexts;
use crate::error::{Error, Result};
use crate::format::block::{self, Kind, NewBlock};
use crate::format::codec::{Codec, Mode};
use crate::model::context::Seen;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

/// The bytes of a piece.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Rows, big-endian, and what ROOT stores behind them (entry offsets).
    pub raw: &'a [u8],
    /// Bytes of the rows.
    pub data_len: usize,
    /// Entries that the rows are of.
    pub entries: usize,
    /// The first of them, if the column was begun ([`WriteSession::begin`]): then others can help.
    pub first: Option<u64>,
}

/// A coded piece.
#[derive(Debug)]
pub struct Encoded {
    /// The block.
    pub block: NewBlock,
    /// Content hash of its model, if it needs one to be read, and about how many bytes fewer it is than standing alone.
    pub saved: Option<(u64, usize)>,
}

/// A table that is being written.
pub struct WriteSession<T> {
    table: T,
    codec: Codec,
    known: Mutex<Known>,
    /// About how many bytes blocks that need a model saved, by its hash.
    saved: Mutex<HashMap<u64, u64>>,
}

/// What is known of the rows of a piece beside their values.
#[derive(Default)]
struct Help {
    counts: Option<Vec<u32>>,
    parents: Vec<View>,
    rows: usize,
}

impl<T: Table> WriteSession<T> {
    /// Begins a table.
    pub fn new(codec: Codec, table: T) -> Self {
        let known = Mutex::new(Known::new(Columns::new(codec.clone())));
        WriteSession { table, codec, known, saved: Mutex::default() }
    }

    /// The container.
    pub fn table(&self) -> &T {
        &self.table
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(|poisoned| {
            // a panic left something half done; without contexts all is right, if not small
            let mut known = poisoned.into_inner();
            known.forget_entries();
            self.known.clear_poison();
            known
        })
    }

    /// A piece of a column begins to be written: `live` has all of it. True if the column is coded together with
    /// others: then it must hold still until [`WriteSession::end`], and be coded by this thread.
    pub fn begin(&self, column: ColumnId, live: &Live) -> Result<bool> {
        if live.end().is_none() {
            return Err(Error::BadArgument(format!("a piece of column {column} has more entries than can be counted")));
        }
        let table = &self.table;
        let mut known = self.known();
        let planned = known.columns.get(table, column)?;
        let info = &planned.column.info;
        let is_named = self.is_named(&planned);
        let is_counter = info.count.is_some() && table.counted_by(column).into_iter().any(|c| table.is_written(c));
        let of_models = planned.roles.iter().copied().filter(|_| is_named);
        let roles = of_models.chain(is_counter.then_some(Role::Counter));
        let subjects: Vec<_> = roles.filter_map(|role| planned.subject(&self.codec, role)).collect();
        let is_together = !subjects.is_empty() || (is_named && planned.in_models) || info.counter.is_some();
        if is_together && known.history.begin(column, live, &subjects) {
            known.forget_pointed();
        }
        Ok(is_together)
    }

    /// The piece of a column that was begun is written.
    pub fn end(&self, column: ColumnId) {
        let mut known = self.known();
        if known.history.end(column) {
            let passed = known.passed(&self.table);
            known.history.drop_before(passed);
        }
    }

    /// A column is gone, or was made anew.
    pub fn forget(&self, column: ColumnId) {
        let mut known = self.known();
        known.columns.forget(column);
        known.history.forget(column);
        known.forget_pointed();
    }

    /// Codes a piece of a column; `level` is 1 to 9. None if it is no whole rows, or if no way to code it makes it
    /// smaller or any smaller than zstd does.
    pub fn encode(&self, column: ColumnId, level: u8, source: Source) -> Result<Option<Encoded>> {
        let Source { raw, data_len, .. } = source;
        let planned = self.known().columns.get(&self.table, column)?;
        if !has_rows(&planned.column, source) {
            return Ok(None);
        }
        let block = match &planned.coding {
            Coding::Rows(layout) => {
                let help = self.help(&planned, None, source)?;
                block::encode_layout(layout, help.counts.as_deref(), level, raw, data_len)?
            }
            Coding::Collections(elements, layout) => block::encode_vectors(*elements, layout, level, raw, data_len)?,
            &Coding::Model { model, column } => return self.encode_model(&planned, (model, column), level, source),
        };
        Ok(block.filter(is_ours).map(|block| Encoded { block, saved: None }))
    }

    fn encode_model(
        &self,
        planned: &Planned,
        (index, column): (usize, usize),
        level: u8,
        source: Source,
    ) -> Result<Option<Encoded>> {
        if !self.is_named(planned) {
            let name = &planned.column.info.name;
            return Err(Error::Incompatible(format!("there are several columns {name}, and the model has one")));
        }
        let model = &self.codec.models()[index];
        let help = self.help(planned, Some((index, column)), source)?;
        // without the counts of all entries readers could not follow
        let single = self.codec.mode == Mode::Single || (model.jagged() && help.counts.is_none());
        let mut parents: Vec<Seen> = help.parents.iter().map(View::seen).collect();
        if !single && parents.is_empty() {
            parents = vec![Seen::default(); model.columns()[column].parents.len()];
        }
        let contexts = Contexts { columns: &parents, rows: help.rows, counts: help.counts.as_deref() };
        let Source { raw, data_len, .. } = source;
        let coded = block::encode_model(model, column, single, level, contexts, raw, data_len)?;
        let Some(block) = coded.block.filter(is_ours) else { return Ok(None) };
        let saved = (block.kind == Kind::Model).then(|| (model.hash(), coded.alone.saturating_sub(block.bytes.len())));
        Ok(Some(Encoded { block, saved }))
    }

    /// What readers will know of a piece's rows.
    fn help(&self, planned: &Planned, place: Option<(usize, usize)>, source: Source) -> Result<Help> {
        let Some(first) = source.first else { return Ok(Help::default()) };
        let (table, entries) = (&self.table, Entries { first, entries: source.entries });
        let mut known = self.known();
        let rows = source.data_len / planned.column.row_size();
        let counts = known.counts(table, planned, entries);
        let total = counts.iter().map(|&n| u64::from(n)).sum::<u64>();
        let counts = Some(counts).filter(|counts| counts.len() == entries.entries && total == rows as u64);
        let mut help = Help { counts, ..Help::default() };
        let Some((index, column)) = place.filter(|_| self.codec.mode == Mode::Group) else { return Ok(help) };
        let model = &self.codec.models()[index];
        if model.jagged() && help.counts.is_none() {
            return Ok(help);
        }
        let parents = &model.columns()[column].parents;
        if parents.iter().all(|&parent| known.is_kept(table, index, parent as usize)) {
            let counts = help.counts.as_deref().filter(|_| model.jagged());
            let (views, known) = known.parents(table, planned, (index, column), entries, counts)?;
            (help.parents, help.rows) = (views, known.min(rows));
        }
        Ok(help)
    }

    /// Whether models know a column by its name.
    fn is_named(&self, planned: &Planned) -> bool {
        self.table.find(&planned.column.info.name) == Some(planned.id)
    }

    /// A block was stored.
    pub fn add_saved(&self, encoded: &Encoded) {
        if let Some((model, bytes)) = encoded.saved {
            let mut saved = self.saved.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            *saved.entry(model).or_default() += bytes as u64;
        }
    }

    /// About how many bytes the blocks that need a model saved so far.
    pub fn saved(&self, model: u64) -> u64 {
        let saved = self.saved.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        saved.get(&model).copied().unwrap_or_default()
    }
}

/// Whether the bytes are the rows of so many entries, and their offsets.
fn has_rows(column: &TableColumn, source: Source) -> bool {
    let Source { raw, data_len, entries, first } = source;
    let (offsets, row_size) = (entries.checked_add(2).and_then(|words| words.checked_mul(4)), column.row_size());
    let has_tail = |tail: usize| tail == 0 || Some(tail) == offsets;
    let is_whole = match column.rows_per_entry {
        _ if column.streamed.is_some() => true, // each entry is looked at
        None => data_len.is_multiple_of(row_size),
        Some(rows) => entries.checked_mul(rows).and_then(|rows| rows.checked_mul(row_size)) == Some(data_len),
    };
    let has_end = first.is_none_or(|first| first.checked_add(entries as u64).is_some());
    entries > 0 && raw.len().checked_sub(data_len).is_some_and(has_tail) && is_whole && has_end
}

/// Any container's own zstd does the same with a shorter header.
fn is_ours(block: &NewBlock) -> bool {
    block.kind != Kind::Bytes
}
