//! Reading sessions: columns of a container that C describes by callbacks.

use super::columns::value_type;
use super::models::RbModel;
use super::status::{RbStatus, failed, give, give_handle, guard, handle, slice, slice_mut, text};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::session::{ColumnId, ColumnInfo, Container, Order, Piece, ReadSession, Stored, Unit};
use std::ffi::{c_char, c_void};
use std::ptr;
use std::sync::Arc;

/// No column, or no piece.
pub const RB_NONE: u64 = u64::MAX;

/// A column as its container describes it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct RbColumnInfo {
    /// The name by which models know it; copied before the thread's next callback.
    pub name: *const c_char,
    /// Its RbType if it can be a column of a model, 0 for all others (leaf lists, streamed collections).
    pub value: u32,
    /// RbType of its integers, one per entry, if it can be the counter of other columns, else 0.
    pub count: u32,
    /// Not 0 if its entries have as many elements as a counter says, wherever that is.
    pub jagged: u32,
    /// Elements for each count of the counter: 3 in `x[n][3]`, else 1.
    pub per_count: u32,
    /// Its counter; RB_NONE if it has none or the container does not have it.
    pub counter: u64,
    /// Not 0 if positions of its pieces count elements, and a piece may begin within an entry. 0: they count entries.
    pub elements: u32,
}

impl RbColumnInfo {
    pub(super) const NONE: RbColumnInfo =
        RbColumnInfo { name: ptr::null(), value: 0, count: 0, jagged: 0, per_count: 1, counter: RB_NONE, elements: 0 };

    /// # Safety
    /// As described.
    pub(super) unsafe fn read(&self) -> Result<ColumnInfo> {
        let value = |code: u32| if code == 0 { Ok(None) } else { value_type(code).map(Some) };
        Ok(ColumnInfo {
            // SAFETY: as documented
            name: unsafe { text(self.name, "name") }?.to_owned(),
            value: value(self.value)?,
            count: value(self.count)?,
            jagged: self.jagged != 0,
            counter: (self.counter != RB_NONE).then_some(self.counter),
            per_count: self.per_count,
            unit: if self.elements == 0 { Unit::Entries } else { Unit::Elements },
        })
    }
}

/// A stored part of a column.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct RbPiece {
    /// Its number in the column, from 0; RB_NONE: there is no such piece.
    pub number: u64,
    /// Position of its first entry or element.
    pub first: u64,
    /// Position behind its last one.
    pub end: u64,
    /// Where it is stored, so that a piece that is stored anew under its number is told from the old one. RB_NONE: its
    /// bytes may still change, nothing of it is kept.
    pub place: u64,
}

/// Bytes that a callback gives, or that a function gives back.
pub struct RbSink(Vec<u8>);

/// Models that a callback gives.
pub struct RbModelSink(Vec<Arc<Model>>);

/// Room for bytes at the end of what a sink has.
///
/// @param sink  from a callback, or from rb_sink_new().
/// @param len   how many bytes.
/// @return where they go; valid until the next call with this sink, and to be filled by then. NULL if `sink` is NULL or
///         there is no memory.
///
/// # Safety
/// `sink` is NULL or a sink.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_sink_room(sink: *mut RbSink, len: usize) -> *mut u8 {
    // SAFETY: as documented
    let Some(RbSink(bytes)) = (unsafe { sink.as_mut() }) else { return ptr::null_mut() };
    let before = bytes.len();
    if bytes.try_reserve(len).is_err() {
        return ptr::null_mut();
    }
    bytes.resize(before + len, 0);
    bytes[before..].as_mut_ptr()
}

/// Makes an empty sink, for what a function gives back.
///
/// @return the sink; free it with rb_sink_free().
#[unsafe(no_mangle)]
pub extern "C" fn rb_sink_new() -> *mut RbSink {
    Box::into_raw(Box::new(RbSink(Vec::new())))
}

/// The bytes of a sink; owned by it, valid until the next call with it. NULL if there are none.
///
/// @param len  receives how many; may be NULL.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_sink_bytes(sink: *const RbSink, len: *mut usize) -> *const u8 {
    // SAFETY: as documented, here and below
    let bytes = unsafe { sink.as_ref() }.map_or(&[][..], |sink| &sink.0);
    if let Some(len) = unsafe { len.as_mut() } {
        *len = bytes.len();
    }
    if bytes.is_empty() { ptr::null() } else { bytes.as_ptr() }
}

/// Frees a sink; NULL is fine.
///
/// # Safety
/// `sink` is NULL or from rb_sink_new() and not used afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_sink_free(sink: *mut RbSink) {
    if !sink.is_null() {
        // SAFETY: as documented
        drop(unsafe { Box::from_raw(sink) });
    }
}

/// Adds a model to those that a callback gives; the session shares it from then on, and its handle may be freed.
///
/// # Safety
/// The pointers are NULL, a sink from the callback, and a model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_sink_model(sink: *mut RbModelSink, model: *const RbModel) {
    // SAFETY: as documented
    if let (Some(sink), Some(model)) = unsafe { (sink.as_mut(), model.as_ref()) } {
        sink.0.push(Arc::clone(&model.model));
    }
}

/// What a session asks of its container.
///
/// All functions must be there. They are called from the threads that call the session's functions, from several at
/// once, and no longer when rb_session_free() has returned. They return an RbStatus: RB_OK, or what rb_fail() gives
/// them; no exception may leave them. What they say comes from files and is checked.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct RbContainer {
    /// Given to all functions.
    pub own: *mut c_void,
    /// Gives the column that models know by `name`: `*column`, which is RB_NONE if there is none.
    pub find: Option<unsafe extern "C" fn(own: *mut c_void, name: *const c_char, column: *mut u64) -> u32>,
    /// Fills `*info`.
    pub describe: Option<unsafe extern "C" fn(own: *mut c_void, column: u64, info: *mut RbColumnInfo) -> u32>,
    /// Fills `*piece` with the piece of this number.
    pub piece: Option<unsafe extern "C" fn(own: *mut c_void, column: u64, number: u64, piece: *mut RbPiece) -> u32>,
    /// Fills `*piece` with the piece that holds a position.
    pub piece_with:
        Option<unsafe extern "C" fn(own: *mut c_void, column: u64, position: u64, piece: *mut RbPiece) -> u32>,
    /// Puts the stored bytes of a piece into `bytes`, and their length after decoding into `*raw_len`: blocks with
    /// ROOT's nine header bytes, one after the other, ours or of another compression. The values themselves
    /// (big-endian), not compressed, have a `*raw_len` of at most their length.
    pub stored: Option<
        unsafe extern "C" fn(
            own: *mut c_void,
            column: u64,
            number: u64,
            bytes: *mut RbSink,
            raw_len: *mut usize,
        ) -> u32,
    >,
    /// Decodes one block of another compression, header included, into `out_len` bytes.
    pub unpack: Option<
        unsafe extern "C" fn(own: *mut c_void, block: *const u8, len: usize, out: *mut u8, out_len: usize) -> u32,
    >,
    /// Gives the model with a hash to rb_sink_model(), or none.
    pub model: Option<unsafe extern "C" fn(own: *mut c_void, hash: u64, out: *mut RbModelSink) -> u32>,
    /// Gives all models that the container knows to rb_sink_model().
    pub models: Option<unsafe extern "C" fn(own: *mut c_void, out: *mut RbModelSink) -> u32>,
}

/// An RbContainer whose functions are all there.
struct Callbacks {
    own: *mut c_void,
    find: unsafe extern "C" fn(*mut c_void, *const c_char, *mut u64) -> u32,
    describe: unsafe extern "C" fn(*mut c_void, u64, *mut RbColumnInfo) -> u32,
    piece: unsafe extern "C" fn(*mut c_void, u64, u64, *mut RbPiece) -> u32,
    piece_with: unsafe extern "C" fn(*mut c_void, u64, u64, *mut RbPiece) -> u32,
    stored: unsafe extern "C" fn(*mut c_void, u64, u64, *mut RbSink, *mut usize) -> u32,
    unpack: unsafe extern "C" fn(*mut c_void, *const u8, usize, *mut u8, usize) -> u32,
    model: unsafe extern "C" fn(*mut c_void, u64, *mut RbModelSink) -> u32,
    models: unsafe extern "C" fn(*mut c_void, *mut RbModelSink) -> u32,
}

// SAFETY: as RbContainer asks, its functions may be called from any thread
unsafe impl Send for Callbacks {}
// SAFETY: and from several at once
unsafe impl Sync for Callbacks {}

impl Callbacks {
    fn new(container: &RbContainer) -> Option<Self> {
        Some(Callbacks {
            own: container.own,
            find: container.find?,
            describe: container.describe?,
            piece: container.piece?,
            piece_with: container.piece_with?,
            stored: container.stored?,
            unpack: container.unpack?,
            model: container.model?,
            models: container.models?,
        })
    }
}

const NO_PIECE: RbPiece = RbPiece { number: RB_NONE, first: 0, end: 0, place: RB_NONE };

impl From<RbPiece> for Option<Piece> {
    fn from(RbPiece { number, first, end, place }: RbPiece) -> Self {
        (number != RB_NONE).then_some(Piece { number, first, end, place: (place != RB_NONE).then_some(place) })
    }
}

impl Container for Callbacks {
    fn find(&self, name: &str) -> Result<Option<ColumnId>> {
        // names with a NUL are no names of columns
        let Ok(name) = std::ffi::CString::new(name) else { return Ok(None) };
        let mut column = RB_NONE;
        // SAFETY: the functions are as RbContainer asks, here and below
        failed(unsafe { (self.find)(self.own, name.as_ptr(), &mut column) })?;
        Ok((column != RB_NONE).then_some(column))
    }

    fn describe(&self, column: ColumnId) -> Result<ColumnInfo> {
        let mut info = RbColumnInfo::NONE;
        failed(unsafe { (self.describe)(self.own, column, &mut info) })?;
        unsafe { info.read() }
    }

    fn piece(&self, column: ColumnId, number: u64) -> Result<Option<Piece>> {
        let mut piece = NO_PIECE;
        failed(unsafe { (self.piece)(self.own, column, number, &mut piece) })?;
        Ok(piece.into())
    }

    fn piece_with(&self, column: ColumnId, position: u64) -> Result<Option<Piece>> {
        let mut piece = NO_PIECE;
        failed(unsafe { (self.piece_with)(self.own, column, position, &mut piece) })?;
        Ok(piece.into())
    }

    fn stored(&self, column: ColumnId, number: u64) -> Result<Stored> {
        let (mut bytes, mut raw_len) = (RbSink(Vec::new()), 0);
        failed(unsafe { (self.stored)(self.own, column, number, &mut bytes, &mut raw_len) })?;
        Ok(Stored::Blocks { bytes: bytes.0, raw_len })
    }

    fn unpack(&self, block: &[u8], out: &mut [u8]) -> Result<()> {
        failed(unsafe { (self.unpack)(self.own, block.as_ptr(), block.len(), out.as_mut_ptr(), out.len()) })
    }

    fn model(&self, hash: u64) -> Result<Option<Arc<Model>>> {
        let mut found = RbModelSink(Vec::new());
        failed(unsafe { (self.model)(self.own, hash, &mut found) })?;
        Ok(found.0.pop())
    }

    fn models(&self) -> Result<Vec<Arc<Model>>> {
        let mut found = RbModelSink(Vec::new());
        failed(unsafe { (self.models)(self.own, &mut found) })?;
        Ok(found.0)
    }
}

/// Reads columns of a container, with all that they need. For any number of threads at once.
pub struct RbSession(ReadSession);

/// Begins to read.
///
/// @param container  copied; what `own` points to must live until rb_session_free() has returned.
/// @param out        receives the session; free it with rb_session_free().
/// @return RB_OK or RB_BAD_ARGUMENT (a function of the container is missing).
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_session_new(container: *const RbContainer, out: *mut *mut RbSession) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let callbacks = Callbacks::new(unsafe { handle(container, "container") }?)
            .ok_or_else(|| Error::BadArgument("a function of the container is missing".into()))?;
        unsafe { give_handle(out, || Ok(Box::new(RbSession(ReadSession::new(callbacks))))) }
    })
}

/// Ends a session, and forgets what was kept for it; NULL is fine.
///
/// # Safety
/// `session` is NULL or from rb_session_new(), and no thread uses it any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_session_free(session: *mut RbSession) {
    if !session.is_null() {
        // SAFETY: as documented
        drop(unsafe { Box::from_raw(session) });
    }
}

/// Decodes a block that the container has at hand, with all that it needs.
///
/// @param session       the session.
/// @param column        the column that the block is of, and
/// @param number        the number of its piece there; RB_NONE for either if that is not known: then it must be a block
///                      that needs nothing else.
/// @param block, len    the block.
/// @param dst, dst_len  receives the decoded bytes; dst_len is the block's raw_len.
/// @return RB_OK, RB_CORRUPT, RB_INCOMPATIBLE, RB_MISSING, RB_BAD_ARGUMENT, or what a callback failed with. On failure
///         `dst` holds nothing of use.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_session_decode(
    session: *const RbSession,
    column: u64,
    number: u64,
    block: *const u8,
    len: usize,
    dst: *mut u8,
    dst_len: usize,
) -> RbStatus {
    guard(|| {
        let at = (column != RB_NONE && number != RB_NONE).then_some((column, number));
        // SAFETY: as documented
        unsafe {
            handle(session, "session")?.0.decode_block(at, slice(block, len, "block")?, slice_mut(dst, dst_len, "dst")?)
        }
    })
}

/// Reads the values of some entries of a column.
///
/// @param session     the session.
/// @param column      a column of numbers.
/// @param first, end  the entries from `first`, without `end`.
/// @param native      not 0: the values have this machine's byte order; 0: big-endian, as in ROOT's files.
/// @param values      receives the values, behind what it has: of a column with a counter, all elements of the entries.
/// @param n           receives how many values; may be NULL.
/// @return RB_OK, RB_CORRUPT, RB_INCOMPATIBLE, RB_MISSING, RB_BAD_ARGUMENT, or what a callback failed with.
///
/// # Safety
/// Pointers are NULL or as described; no other thread uses `values`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_session_read(
    session: *const RbSession,
    column: u64,
    first: u64,
    end: u64,
    native: i32,
    values: *mut RbSink,
    n: *mut u64,
) -> RbStatus {
    guard(|| {
        let order = if native == 0 { Order::BigEndian } else { Order::Native };
        // SAFETY: as documented, here and below
        let (session, values) = unsafe { (handle(session, "session")?, sink_mut(values)?) };
        let read = session.0.read(column, first..end, order, &mut values.0)?;
        if let Some(n) = unsafe { n.as_mut() } {
            *n = read;
        }
        Ok(())
    })
}

/// Tells how many elements entries of a column with a counter have.
///
/// @param session      the session.
/// @param column       the column with the elements, not its counter.
/// @param first, end   the entries from `first`, without `end`.
/// @param counts, cap  receives the elements of each entry; room for at least as many numbers as there are entries.
/// @return RB_OK, RB_CORRUPT, RB_INCOMPATIBLE, RB_MISSING (no counter), RB_BAD_ARGUMENT, or what a callback failed
///         with.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_session_counts(
    session: *const RbSession,
    column: u64,
    first: u64,
    end: u64,
    counts: *mut u32,
    cap: usize,
) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let session = unsafe { handle(session, "session") }?;
        if end.saturating_sub(first) > cap as u64 {
            return Err(Error::BadArgument(format!("room for {cap} of {} counts", end - first)));
        }
        let read = session.0.counts(column, first..end)?;
        unsafe { slice_mut(counts, read.len(), "counts") }?.copy_from_slice(&read);
        Ok(())
    })
}

/// A piece that reading needs.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct RbNeed {
    /// The column.
    pub column: u64,
    /// Number of its piece.
    pub number: u64,
}

/// Lists the stored pieces that reading some positions of a column needs at most, its own included, by the models that
/// the container knows: so that it can fetch them in one request. Nothing is read or decoded. What is not there is left
/// out.
///
/// @param session     the session.
/// @param column      the column.
/// @param first, end  positions from `first`, without `end`: entries, or elements where its pieces are of elements.
/// @param needs, cap  receives the first `cap` of the pieces, by columns and numbers. May be NULL if `cap` is 0.
/// @param n           receives how many there are.
/// @return RB_OK, RB_CORRUPT, RB_BAD_ARGUMENT, or what a callback failed with.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_session_needs(
    session: *const RbSession,
    column: u64,
    first: u64,
    end: u64,
    needs: *mut RbNeed,
    cap: usize,
    n: *mut usize,
) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let found = unsafe { handle(session, "session") }?.0.needs(column, first..end)?;
        let room = unsafe { slice_mut(needs, cap.min(found.len()), "needs") }?;
        room.iter_mut().zip(&found).for_each(|(need, &(column, number))| *need = RbNeed { column, number });
        unsafe { give(n, found.len(), "n") }
    })
}

/// # Safety
/// `sink` is NULL or a sink that nobody else uses.
unsafe fn sink_mut<'a>(sink: *mut RbSink) -> Result<&'a mut RbSink> {
    // SAFETY: as documented
    unsafe { sink.as_mut() }.ok_or_else(|| Error::BadArgument("values is NULL".into()))
}
