//! Sessions that write.

use super::blocks::{clamp, elements};
use super::codecs::RbCodec;
use super::columns::value_type;
use super::containers::{RB_NONE, RbColumnInfo};
use super::status::{self, RbStatus, give_handle, guard, handle, place, slice, slice_mut};
use crate::error::{Error, Result};
use crate::session::{ColumnId, Leaf, Live, Source, Table, TableColumn, WriteSession};
use std::ffi::{CString, c_char, c_void};
use std::ptr;

/// The values of one leaf in a row.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct RbLeaf {
    /// Its name.
    pub name: *const c_char,
    /// An RbType.
    pub value: u32,
    /// How many there are in a row.
    pub count: u32,
}

/// A column of a table that is being written. What it points to must last until the callback is called again.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct RbTableColumn {
    /// What models and other columns see of it. Its pieces begin and end with entries.
    pub info: RbColumnInfo,
    /// What a row is made of.
    pub leaves: *const RbLeaf,
    /// How many there are, at least one.
    pub n_leaves: usize,
    /// Rows that each entry has; 0 if entries differ, so that a row is an element.
    pub rows_per_entry: u32,
    /// An RbStreamed if entries are collections as ROOT streams them: headers, then the elements; else 0.
    pub streamed: u32,
}

/// The part of a piece (a basket) that is in memory.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct RbLive {
    /// Number of the piece in its column.
    pub number: u64,
    /// Its first entry.
    pub first: u64,
    /// Entries that are complete.
    pub entries: usize,
    /// Their values, big-endian.
    pub values: *const u8,
    /// Bytes of them.
    pub len: usize,
    /// Jagged columns: where each entry begins, in bytes. NULL: not known, and nobody can see them.
    pub begins: *const i32,
    /// What `begins` counts from: where the values begin, on the same scale.
    pub base: i32,
}

/// A table that is being written, for rb_write_session_new(): callbacks of the container, all with its `own`.
///
/// They are called inside of calls of the session, by the same thread, one at a time for each session. They must not
/// call the session, and not throw. Columns go by numbers that the container gives them.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct RbTable {
    /// The container's own.
    pub own: *mut c_void,
    /// Finds the column that models know by a name: 1, or 0 if there is none.
    pub find: Option<unsafe extern "C" fn(own: *mut c_void, name: *const c_char, column: *mut u64) -> i32>,
    /// Tells what a column is: 1, or 0 if there is none. It never changes: a column that is made anew has another
    /// number.
    pub describe: Option<unsafe extern "C" fn(own: *mut c_void, column: u64, out: *mut RbTableColumn) -> i32>,
    /// Whether a column is filled, and its pieces go through the session: 1 or 0.
    pub is_written: Option<unsafe extern "C" fn(own: *mut c_void, column: u64) -> i32>,
    /// Columns of which this one is the counter; they last until the callback is called again.
    pub counted_by: Option<unsafe extern "C" fn(own: *mut c_void, counter: u64, n: *mut usize) -> *const u64>,
    /// The piece of a column that is being filled, with no entries if there is none in memory: 1, or 0 if that is not
    /// known. It must stay as it is until the session's call returns.
    pub live: Option<unsafe extern "C" fn(own: *mut c_void, column: u64, out: *mut RbLive) -> i32>,
}

/// The bytes of a piece.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct RbSource {
    /// Rows (big-endian), and behind them the entry offsets: less than 16 MB.
    pub bytes: *const u8,
    /// All of them.
    pub len: usize,
    /// How many of them are rows.
    pub data_len: usize,
    /// Entries that the rows are of.
    pub entries: usize,
    /// The first of them if the column was begun (rb_write_session_begin()), so that others can help; else RB_NONE.
    pub first: u64,
}

/// A coded piece.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct RbEncoded {
    /// Bytes of the block; 0 if the bytes are to be stored in some other way.
    pub len: usize,
    /// An RbKind.
    pub kind: u32,
    /// 1 if values moved within their bounds; 0: all of them are what they were, bit by bit.
    pub moves: i32,
}

/// A table that is being written.
pub struct RbWriteSession(WriteSession<RbTable>);

// SAFETY: the container vouches for its callbacks
unsafe impl Send for RbTable {}
// SAFETY: the container vouches for its callbacks
unsafe impl Sync for RbTable {}

impl RbTableColumn {
    /// # Safety
    /// As described.
    unsafe fn read(&self) -> Result<TableColumn> {
        // SAFETY: as documented, here and below
        let leaves = unsafe { slice(self.leaves, self.n_leaves, "leaves") }?;
        let leaf = |leaf: &RbLeaf| {
            let name = unsafe { status::name(leaf.name, "the name of a leaf") }?.into_owned();
            Ok(Leaf { name, value: value_type(leaf.value)?, count: leaf.count as usize })
        };
        Ok(TableColumn {
            info: unsafe { self.info.read() }?,
            leaves: leaves.iter().map(leaf).collect::<Result<_>>()?,
            rows_per_entry: Some(self.rows_per_entry as usize).filter(|&rows| rows > 0),
            streamed: if self.streamed == 0 { None } else { Some(elements(self.streamed)?) },
        })
    }
}

impl RbLive {
    const NONE: RbLive =
        RbLive { number: 0, first: 0, entries: 0, values: ptr::null(), len: 0, begins: ptr::null(), base: 0 };

    /// # Safety
    /// As described.
    unsafe fn read<'a>(&self) -> Result<Live<'a>> {
        check_entries(self.first, self.entries)?;
        let with_begins = if self.begins.is_null() { 0 } else { self.entries };
        Ok(Live {
            number: self.number,
            first: self.first,
            entries: self.entries,
            // SAFETY: as documented, here and below
            values: unsafe { slice(self.values, self.len, "values") }?,
            begins: unsafe { slice(self.begins, with_begins, "begins") }?,
            base: self.base,
        })
    }
}

/// Entries come from tables in files: no sum of theirs may overflow.
fn check_entries(first: u64, entries: usize) -> Result<()> {
    match first.checked_add(entries as u64) {
        Some(end) if end <= i64::MAX as u64 => Ok(()),
        _ => Err(Error::BadArgument(format!("{entries} entries from number {first} on cannot be"))),
    }
}

impl Table for RbTable {
    fn find(&self, name: &str) -> Option<ColumnId> {
        let (name, mut column) = (CString::new(name).ok()?, 0);
        // SAFETY: the container vouches for its callbacks, here and below
        let found = unsafe { self.find?(self.own, name.as_ptr(), &mut column) };
        (found != 0).then_some(column)
    }

    fn describe(&self, column: ColumnId) -> Option<TableColumn> {
        let mut out = RbTableColumn {
            info: RbColumnInfo::NONE,
            leaves: ptr::null(),
            n_leaves: 0,
            rows_per_entry: 0,
            streamed: 0,
        };
        // SAFETY: as above
        unsafe { if self.describe?(self.own, column, &mut out) != 0 { out.read().ok() } else { None } }
    }

    fn is_written(&self, column: ColumnId) -> bool {
        // SAFETY: as above
        self.is_written.is_some_and(|is_written| unsafe { is_written(self.own, column) } != 0)
    }

    fn counted_by(&self, counter: ColumnId) -> Vec<ColumnId> {
        let Some(counted_by) = self.counted_by else { return Vec::new() };
        let mut n = 0;
        // SAFETY: as above
        let columns = unsafe { slice(counted_by(self.own, counter, &mut n), n, "columns") };
        columns.map(<[u64]>::to_vec).unwrap_or_default()
    }

    fn live(&self, column: ColumnId) -> Option<Live<'_>> {
        let mut out = RbLive::NONE;
        // SAFETY: as above
        unsafe { if self.live?(self.own, column, &mut out) != 0 { out.read().ok() } else { None } }
    }
}

/// Begins to write a table.
///
/// @param codec  says how columns are coded; copied.
/// @param table  the container's callbacks, copied; their `own` must live as long as the session.
/// @param out    receives the session; free it with rb_write_session_free().
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_write_session_new(
    codec: *const RbCodec,
    table: *const RbTable,
    out: *mut *mut RbWriteSession,
) -> RbStatus {
    let make = || {
        // SAFETY: as documented
        let (codec, table) = unsafe { (handle(codec, "codec")?, *handle(table, "table")?) };
        let all = [table.find.is_some(), table.describe.is_some(), table.is_written.is_some()];
        if !all.into_iter().chain([table.counted_by.is_some(), table.live.is_some()]).all(|there| there) {
            return Err(Error::BadArgument("a callback of the table is NULL".into()));
        }
        Ok(Box::new(RbWriteSession(WriteSession::new(codec.codec.clone(), table))))
    };
    // SAFETY: as documented
    guard(|| unsafe { give_handle(out, make) })
}

/// Frees a session; NULL is fine.
///
/// # Safety
/// `session` is NULL or from rb_write_session_new() and not used afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_write_session_free(session: *mut RbWriteSession) {
    if !session.is_null() {
        // SAFETY: as documented
        drop(unsafe { Box::from_raw(session) });
    }
}

/// A piece of a column begins to be written.
///
/// @param piece     all of it.
/// @param together  receives 1 if the column is coded together with others: then nobody may change its piece until
///                  rb_write_session_end(), and this thread must code it. Else 0, and there is nothing to end.
/// @return RB_OK, RB_MISSING (no such column) or RB_BAD_ARGUMENT (a bound that cannot be).
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_write_session_begin(
    session: *const RbWriteSession,
    column: u64,
    piece: *const RbLive,
    together: *mut i32,
) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let (session, live) = unsafe { (&handle(session, "session")?.0, handle(piece, "piece")?.read()?) };
        let together = place(together, "together")?; // before anything is begun
        unsafe { together.write(i32::from(session.begin(column, &live)?)) };
        Ok(())
    })
}

/// Codes a piece of a column, within its bound: as its model or its bound says, in the way that needs least.
///
/// @param level     1 (fast) to 9 (small), as in ROOT.
/// @param source    the piece.
/// @param dst, cap  where the block goes.
/// @param out       receives what was made: nothing if the bytes are no whole rows, or if no block has room or needs
///                  less than the bytes, or than zstd makes of them.
/// @return RB_OK, RB_MISSING (no such column), RB_INCOMPATIBLE (its model does not know which of several columns of one
///         name it is) or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_write_session_encode(
    session: *const RbWriteSession,
    column: u64,
    level: i32,
    source: *const RbSource,
    dst: *mut u8,
    cap: usize,
    out: *mut RbEncoded,
) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let (session, source) = unsafe { (&handle(session, "session")?.0, handle(source, "source")?) };
        let raw = unsafe { slice(source.bytes, source.len, "bytes") }?;
        let first = (source.first != RB_NONE).then_some(source.first);
        check_entries(first.unwrap_or(0), source.entries)?;
        let source = Source { raw, data_len: source.data_len, entries: source.entries, first };
        let out = place(out, "out")?;
        let encoded = session.encode(column, clamp(level), source)?;
        let mut made = RbEncoded { len: 0, kind: 0, moves: 0 };
        if let Some(encoded) = encoded.filter(|encoded| encoded.block.bytes.len() <= cap) {
            let bytes = &encoded.block.bytes;
            unsafe { slice_mut(dst, bytes.len(), "dst") }?.copy_from_slice(bytes);
            made =
                RbEncoded { len: bytes.len(), kind: encoded.block.kind as u32, moves: i32::from(encoded.block.moves) };
            session.add_saved(&encoded);
        }
        unsafe { out.write(made) };
        Ok(())
    })
}

/// The piece of a column that was begun is written.
///
/// # Safety
/// `session` is NULL or a session.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_write_session_end(session: *const RbWriteSession, column: u64) -> RbStatus {
    guard(|| {
        // SAFETY: as documented
        unsafe { handle(session, "session") }?.0.end(column);
        Ok(())
    })
}

/// A column is gone, or was made anew with another number: all that is known of it is forgotten.
///
/// # Safety
/// `session` is NULL or a session.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_write_session_forget(session: *const RbWriteSession, column: u64) -> RbStatus {
    guard(|| {
        // SAFETY: as documented
        unsafe { handle(session, "session") }?.0.forget(column);
        Ok(())
    })
}

/// About how many bytes the blocks that need a model, by its hash, are smaller than they were standing alone; 0 for
/// NULL.
///
/// # Safety
/// `session` is NULL or a session.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_write_session_saved(session: *const RbWriteSession, model_hash: u64) -> u64 {
    // SAFETY: as documented
    unsafe { session.as_ref() }.map_or(0, |session| session.0.saved(model_hash))
}
