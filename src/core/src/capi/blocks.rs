//! Blocks: what goes into and comes out of ROOT's compression functions.

use super::columns::RbColumn;
use super::models::RbModel;
use super::status::{RbStatus, give, guard, handle, slice, slice_mut};
use crate::block::{self, Block};
use crate::conditional::Contexts;
use crate::error::Result;
use crate::model::Model;

/// How a block is coded.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types)]
pub enum RbKind {
    /// Any bytes, by zstd.
    RB_KIND_BYTES = 0,
    /// A column standing alone: nothing else is needed to decode it.
    RB_KIND_COLUMN = 1,
    /// A column given earlier ones: needs its model and their contexts.
    RB_KIND_MODEL = 2,
}

/// What a block's header says.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct RbBlockInfo {
    /// An RbKind.
    pub kind: u32,
    /// Version of the block format.
    pub version: u32,
    /// Bytes of the block, header included.
    pub block_len: u64,
    /// Bytes after decoding.
    pub raw_len: u64,
    /// Content hash of the model (RB_KIND_MODEL, else 0).
    pub model_hash: u64,
    /// Index of the column in the model (RB_KIND_MODEL, else 0).
    pub column: u32,
    /// Rows at the end that were coded without context (RB_KIND_MODEL, else 0).
    pub rows_without_context: u32,
}

/// # Safety
/// `dst` has room for `cap` bytes, `written` may be written to, unless NULL.
unsafe fn put(block: Option<Vec<u8>>, dst: *mut u8, cap: usize, written: *mut usize) -> Result<()> {
    let block = block.unwrap_or_default();
    // no room is the same as no gain: ROOT then stores the bytes as they are
    let len = if block.len() <= cap { block.len() } else { 0 };
    // SAFETY: as documented, here and below
    unsafe { slice_mut(dst, len, "dst") }?.copy_from_slice(&block[..len]);
    unsafe { give(written, len, "written") }
}

/// # Safety
/// `parents` is NULL or points to `n` pointers to `rows` contexts each.
unsafe fn contexts<'a>(parents: *const *const i16, n: usize, rows: usize) -> Result<Vec<&'a [i16]>> {
    if n == 0 || rows == 0 {
        return Ok(vec![&[]; n]);
    }
    // SAFETY: as documented, here and below
    let parents = unsafe { slice(parents, n, "parents") }?;
    parents.iter().map(|&p| unsafe { slice(p, rows, "a parent's contexts") }).collect()
}

fn parents_of(model: &Model, column: usize) -> usize {
    model.columns().get(column).map_or(0, |c| c.spec.parents.len())
}

/// Codes any bytes losslessly.
///
/// @param level     1 (fast) to 9 (small), as in ROOT.
/// @param src, len  the bytes, less than 16 MB.
/// @param dst, cap  where the block goes.
/// @param written   receives the block's length; 0 if it would not be smaller than the bytes or has no room.
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_encode_bytes(
    level: i32,
    src: *const u8,
    len: usize,
    dst: *mut u8,
    cap: usize,
    written: *mut usize,
) -> RbStatus {
    // SAFETY: as documented
    guard(|| unsafe { put(block::encode_bytes(clamp(level), slice(src, len, "src")?)?, dst, cap, written) })
}

/// Codes a column standing alone, within its bound.
///
/// @param column    from rb_column_new().
/// @param level     1 (fast) to 9 (small), as in ROOT.
/// @param src, len  whole values as in a ROOT basket (big-endian), less than 16 MB.
/// @param dst, cap  where the block goes.
/// @param written   receives the block's length; 0 if it would not be smaller than the bytes or has no room.
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_encode_column(
    column: *const RbColumn,
    level: i32,
    src: *const u8,
    len: usize,
    dst: *mut u8,
    cap: usize,
    written: *mut usize,
) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let (column, raw) = unsafe { (&handle(column, "column")?.0, slice(src, len, "src")?) };
        unsafe { put(block::encode_column(column, clamp(level), raw)?, dst, cap, written) }
    })
}

/// Codes column `i` of a model, within its bound: given its earlier columns, or standing alone where that is smaller.
///
/// @param model         the model.
/// @param i             index of the column.
/// @param mode_single   not 0: standing alone in any case.
/// @param level         1 (fast) to 9 (small), as in ROOT.
/// @param parents       parents[k] points to contexts (rb_model_context()) of the k-th of rb_model_parents(), for the
///                      same entries as `src`. May be NULL if there are no parents or context_rows is 0.
/// @param context_rows  leading rows for which all parents' contexts are given; the rest is coded without.
/// @param src, len      whole values as in a ROOT basket (big-endian), less than 16 MB.
/// @param dst, cap      where the block goes.
/// @param written       receives the block's length; 0 if it would not be smaller than the bytes or has no room.
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
#[allow(clippy::too_many_arguments)] // a C function cannot take fewer
pub unsafe extern "C" fn rb_encode_model(
    model: *const RbModel,
    i: usize,
    mode_single: i32,
    level: i32,
    parents: *const *const i16,
    context_rows: usize,
    src: *const u8,
    len: usize,
    dst: *mut u8,
    cap: usize,
    written: *mut usize,
) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let (model, raw) = unsafe { (&handle(model, "model")?.model, slice(src, len, "src")?) };
        let columns = match mode_single {
            0 => unsafe { contexts(parents, parents_of(model, i), context_rows) }?,
            _ => Vec::new(),
        };
        let contexts = Contexts { columns: &columns, rows: context_rows };
        let block = block::encode_model(model, i, mode_single != 0, clamp(level), contexts, raw)?;
        unsafe { put(block, dst, cap, written) }
    })
}

/// Reads a block's header, without decoding.
///
/// @param block, len  the block; more bytes may follow it.
/// @param out         receives what the header says.
/// @return RB_OK, RB_CORRUPT, RB_INCOMPATIBLE or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_block_info(block: *const u8, len: usize, out: *mut RbBlockInfo) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let block = Block::parse(unsafe { slice(block, len, "block") }?)?;
        let header = block.conditional_header()?;
        let info = RbBlockInfo {
            kind: block.kind as u32,
            version: u32::from(block::VERSION),
            block_len: block.len as u64,
            raw_len: block.raw_len as u64,
            model_hash: header.map_or(0, |h| h.model),
            column: header.map_or(0, |h| h.column as u32),
            rows_without_context: header.map_or(0, |h| h.rows_without as u32),
        };
        unsafe { give(out, info, "out") }
    })
}

/// Decodes a block.
///
/// @param model         the model that the block names (RB_KIND_MODEL), else NULL.
/// @param parents       as for rb_encode_model(): contexts of the column's parents for the block's entries.
/// @param context_rows  number of contexts given for each parent; at least rows - rows_without_context.
/// @param block, len    the block.
/// @param dst, dst_len  receives the decoded bytes; dst_len is the block's raw_len.
/// @return RB_OK, RB_CORRUPT, RB_INCOMPATIBLE, RB_MISSING (no model, or too few contexts) or RB_BAD_ARGUMENT. On
///         failure `dst` holds nothing of use.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_decode(
    model: *const RbModel,
    parents: *const *const i16,
    context_rows: usize,
    block: *const u8,
    len: usize,
    dst: *mut u8,
    dst_len: usize,
) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let block = Block::parse(unsafe { slice(block, len, "block") }?)?;
        let model = unsafe { model.as_ref() }.map(|m| &m.model);
        let n = match (model, block.conditional_header()?) {
            (Some(model), Some(header)) if model.hash() == header.model => parents_of(model, header.column),
            _ => 0,
        };
        let columns = unsafe { contexts(parents, n, context_rows) }?;
        let raw = unsafe { slice_mut(dst, dst_len, "dst") }?;
        block.decode(model, Contexts { columns: &columns, rows: context_rows }, raw)
    })
}

fn clamp(level: i32) -> u8 {
    level.clamp(1, 9) as u8
}
