//! Containers that C describes by callbacks, and what their functions fill.

use super::columns::value_type;
use super::models::RbModel;
use super::status::{call_back, name};
use crate::error::Result;
use crate::model::Model;
use crate::session::{ColumnId, ColumnInfo, Container, Piece, Stored, Unit};
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
            name: unsafe { name(self.name, "name") }?.into_owned(),
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
pub struct RbSink(pub(super) Vec<u8>);

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
/// them, and then the session's function fails with that; no exception may leave them. What they say comes from files
/// and is checked.
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
pub(super) struct Callbacks {
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
    /// None if one is missing.
    pub fn new(container: &RbContainer) -> Option<Self> {
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
        call_back(|| unsafe { (self.find)(self.own, name.as_ptr(), &mut column) })?;
        Ok((column != RB_NONE).then_some(column))
    }

    fn describe(&self, column: ColumnId) -> Result<ColumnInfo> {
        let mut info = RbColumnInfo::NONE;
        call_back(|| unsafe { (self.describe)(self.own, column, &mut info) })?;
        unsafe { info.read() }
    }

    fn piece(&self, column: ColumnId, number: u64) -> Result<Option<Piece>> {
        let mut piece = NO_PIECE;
        call_back(|| unsafe { (self.piece)(self.own, column, number, &mut piece) })?;
        Ok(piece.into())
    }

    fn piece_with(&self, column: ColumnId, position: u64) -> Result<Option<Piece>> {
        let mut piece = NO_PIECE;
        call_back(|| unsafe { (self.piece_with)(self.own, column, position, &mut piece) })?;
        Ok(piece.into())
    }

    fn stored(&self, column: ColumnId, number: u64) -> Result<Stored> {
        let (mut bytes, mut raw_len) = (RbSink(Vec::new()), 0);
        call_back(|| unsafe { (self.stored)(self.own, column, number, &mut bytes, &mut raw_len) })?;
        Ok(Stored::Blocks { bytes: bytes.0, raw_len })
    }

    fn unpack(&self, block: &[u8], out: &mut [u8]) -> Result<()> {
        call_back(|| unsafe { (self.unpack)(self.own, block.as_ptr(), block.len(), out.as_mut_ptr(), out.len()) })
    }

    fn model(&self, hash: u64) -> Result<Option<Arc<Model>>> {
        let mut found = RbModelSink(Vec::new());
        call_back(|| unsafe { (self.model)(self.own, hash, &mut found) })?;
        Ok(found.0.pop())
    }

    fn models(&self) -> Result<Vec<Arc<Model>>> {
        let mut found = RbModelSink(Vec::new());
        call_back(|| unsafe { (self.models)(self.own, &mut found) })?;
        Ok(found.0)
    }
}
