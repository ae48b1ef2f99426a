//! Blocks: what goes into and comes out of ROOT's compression functions.

use super::columns::RbColumn;
use super::models::RbModel;
use super::seen::{RbSeen, RbSeenOut};
use super::status::{RbStatus, give, guard, handle, slice, slice_mut};
use crate::coder::waves::Contexts;
use crate::error::{Error, Result};
use crate::format::block::{self, Block, NewBlock};
use crate::format::collections::Elements;
use crate::format::streams::{Layout, Stream};
use crate::model::Model;
use crate::model::context::Seen;

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
    /// Streamed collections (`std::vector<float>` and its like) standing alone.
    RB_KIND_VECTORS = 3,
    /// Streamed collections of lists (`std::vector<std::vector<float>>` and its like) standing alone.
    RB_KIND_LISTS = 4,
}

/// What the elements of streamed collections are.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types)]
pub enum RbStreamed {
    /// Numbers: `std::vector<float>`.
    RB_STREAMED_VALUES = 1,
    /// Lists of numbers: `std::vector<std::vector<float>>`.
    RB_STREAMED_LISTS = 2,
}

/// An RbStreamed from outside.
pub(super) fn elements(number: u32) -> Result<Elements> {
    match number {
        n if n == RbStreamed::RB_STREAMED_VALUES as u32 => Ok(Elements::Values),
        n if n == RbStreamed::RB_STREAMED_LISTS as u32 => Ok(Elements::Lists),
        other => Err(Error::BadArgument(format!("{other} is no RbStreamed"))),
    }
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
    /// Not 0 if the entry offsets follow from the counts of the entries: decoding needs them. (RB_KIND_MODEL of a
    /// jagged model needs them in any case.)
    pub needs_counts: u32,
}

/// # Safety
/// `dst` has room for `cap` bytes, `written` may be written to, unless NULL.
pub(super) unsafe fn put(block: Option<NewBlock>, dst: *mut u8, cap: usize, written: *mut usize) -> Result<()> {
    let block = block.map_or(Vec::new(), |block| block.bytes);
    // no room is the same as no gain: ROOT then stores the bytes as they are
    let len = if block.len() <= cap { block.len() } else { 0 };
    // SAFETY: as documented, here and below
    unsafe { slice_mut(dst, len, "dst") }?.copy_from_slice(&block[..len]);
    unsafe { give(written, len, "written") }
}

/// What is known of the rows of a block beside their values.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct RbContext {
    /// parents[k] are contexts (rb_model_context()) of the k-th of rb_model_parents(), for the same rows as the
    /// block, `rows` of them. May be NULL if the column has no parents or `rows` is 0.
    pub parents: *const RbSeen,
    /// Leading rows for which all parents' contexts are given.
    pub rows: usize,
    /// Not 0 if the elements of each entry of the block are known, also if it has no entry: for branches with a
    /// counter.
    pub counts_known: i32,
    /// Elements of each entry; their sum is the number of rows. Not looked at unless they are known.
    pub counts: *const u32,
    /// Number of entries that `counts` has.
    pub entries: usize,
}

/// The parents' contexts, how many rows have them, and the counts of the entries.
type Known<'a> = (Vec<Seen<'a>>, usize, Option<&'a [u32]>);

/// # Safety
/// `context` is NULL or as RbContext describes, with `n` parents.
pub(super) unsafe fn read_context<'a>(context: *const RbContext, n: usize) -> Result<Known<'a>> {
    // SAFETY: as documented, here and below
    let Some(context) = (unsafe { context.as_ref() }) else { return Ok((vec![Seen::default(); n], 0, None)) };
    let counts = if context.counts_known == 0 {
        None
    } else {
        Some(unsafe { slice(context.counts, context.entries, "counts") }?)
    };
    let columns = if n == 0 || context.rows == 0 {
        vec![Seen::default(); n]
    } else {
        let parents = unsafe { slice(context.parents, n, "parents") }?;
        parents.iter().map(|seen| unsafe { seen.read(context.rows) }).collect::<Result<_>>()?
    };
    Ok((columns, context.rows, counts))
}

fn parents_of(model: &Model, column: usize) -> usize {
    model.columns().get(column).map_or(0, |c| c.parents.len())
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

/// Codes columns standing alone, each within its bound.
///
/// The data are rows; each row has `counts[k]` values of `columns[k]`, one column after the other. A branch with one
/// leaf is one column; a leaf list has one for each leaf.
///
/// @param columns, counts, n  the columns of a row.
/// @param context             counts of the entries, if readers will know them: then the block has no entry offsets.
///                            NULL: none.
/// @param level               1 (fast) to 9 (small), as in ROOT.
/// @param src, len            a basket's bytes (big-endian), less than 16 MB.
/// @param data_len            how many of them are rows; the rest is the entry offsets.
/// @param dst, cap            where the block goes.
/// @param written             receives the block's length; 0 if it would not be smaller than the bytes or has no room.
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
#[allow(clippy::too_many_arguments)] // a C function cannot take fewer
pub unsafe extern "C" fn rb_encode_columns(
    columns: *const *const RbColumn,
    counts: *const u32,
    n: usize,
    context: *const RbContext,
    level: i32,
    src: *const u8,
    len: usize,
    data_len: usize,
    dst: *mut u8,
    cap: usize,
    written: *mut usize,
) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let (columns, counts) = unsafe { (slice(columns, n, "columns")?, slice(counts, n, "counts")?) };
        let mut layout = Layout { row_size: 0, streams: Vec::new() };
        for (&column, &count) in columns.iter().zip(counts) {
            let RbColumn { value, quantiser } = unsafe { handle(column, "a column") }?;
            let (offset, count) = (layout.row_size, count as usize);
            layout.row_size = layout.row_size.saturating_add(count.saturating_mul(value.size()));
            layout.streams.push(Stream { value: *value, quantiser: quantiser.clone(), offset, count });
        }
        let raw = unsafe { slice(src, len, "src") }?;
        let (_, _, entries) = unsafe { read_context(context, 0) }?;
        unsafe { put(block::encode_layout(&layout, entries, clamp(level), raw, data_len)?, dst, cap, written) }
    })
}

/// Codes streamed collections of numbers standing alone, each value within the bound: what ROOT stores for the entries
/// of an unsplit `std::vector<float>`, or of a vector of such vectors.
///
/// @param column              the values.
/// @param elements            an RbStreamed: what the entries hold.
/// @param level               1 (fast) to 9 (small), as in ROOT.
/// @param src, len            a basket's bytes (big-endian), less than 16 MB.
/// @param data_len            how many of them are entries; the rest is the entry offsets.
/// @param dst, cap            where the block goes.
/// @param written             receives the block's length; 0 if it would not be smaller than the bytes, has no room, or
///                            the entries are anything else than collections of such values.
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
#[allow(clippy::too_many_arguments)] // a C function cannot take fewer
pub unsafe extern "C" fn rb_encode_vectors(
    column: *const RbColumn,
    elements: u32,
    level: i32,
    src: *const u8,
    len: usize,
    data_len: usize,
    dst: *mut u8,
    cap: usize,
    written: *mut usize,
) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let RbColumn { value, quantiser } = unsafe { handle(column, "column") }?;
        let elements = self::elements(elements)?;
        let layout = Layout::of_column(*value, quantiser.clone());
        let raw = unsafe { slice(src, len, "src") }?;
        unsafe { put(block::encode_vectors(elements, &layout, clamp(level), raw, data_len)?, dst, cap, written) }
    })
}

/// Codes column `i` of a model, within its bound: given its earlier columns, or standing alone where that is smaller.
///
/// @param model         the model.
/// @param i             index of the column.
/// @param mode_single   not 0: standing alone in any case, but for the counts of the entries.
/// @param level         1 (fast) to 9 (small), as in ROOT.
/// @param context       contexts of the parents and counts of the entries; rows without context cost more. NULL: none.
/// @param src, len      a basket's bytes (big-endian), less than 16 MB.
/// @param data_len      how many of them are values of the column; the rest is the entry offsets.
/// @param dst, cap      where the block goes.
/// @param written       receives the block's length; 0 if it would not be smaller than the bytes or has no room.
/// @param alone         receives about how long it would be standing alone. May be NULL.
/// @return RB_OK, RB_MISSING (a jagged model without counts) or RB_BAD_ARGUMENT.
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
    context: *const RbContext,
    src: *const u8,
    len: usize,
    data_len: usize,
    dst: *mut u8,
    cap: usize,
    written: *mut usize,
    alone: *mut usize,
) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let raw = unsafe { slice(src, len, "src") }?;
        let level = clamp(level);
        unsafe { encode_model(model, i, mode_single != 0, level, context, raw, data_len, (dst, cap, written, alone)) }
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
            needs_counts: u32::from(block.needs_counts()?),
        };
        unsafe { give(out, info, "out") }
    })
}

/// Decodes a block.
///
/// @param model         the model that the block names (RB_KIND_MODEL), else NULL.
/// @param context       contexts of the column's parents for the block's rows, at least as many as were coded with
///                      context, and counts of its entries if it needs them; NULL if the block needs none.
/// @param block, len    the block.
/// @param dst, dst_len  receives the decoded bytes; dst_len is the block's raw_len.
/// @param seen, rows    receives the context of the values, as rb_model_context() has it; `rows` is their number. Only
///                      for RB_KIND_MODEL; NULL: not wanted.
/// @return RB_OK, RB_CORRUPT, RB_INCOMPATIBLE, RB_MISSING (no model, or too few contexts) or RB_BAD_ARGUMENT. On
///         failure `dst` and `seen` hold nothing of use.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_decode(
    model: *const RbModel,
    context: *const RbContext,
    block: *const u8,
    len: usize,
    dst: *mut u8,
    dst_len: usize,
    seen: *const RbSeenOut,
    rows: usize,
) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let block = Block::parse(unsafe { slice(block, len, "block") }?)?;
        let raw = unsafe { slice_mut(dst, dst_len, "dst") }?;
        unsafe { decode(model, context, &block, raw, seen, rows) }.map(|_| ())
    })
}

/// Where a block of a model goes: room for it, its length, and its length standing alone.
pub(super) type Given = (*mut u8, usize, *mut usize, *mut usize);

/// Codes the bytes of a column of a model.
///
/// # Safety
/// Pointers are NULL or as rb_encode_model() describes them.
#[allow(clippy::too_many_arguments)] // as many as the C function
pub(super) unsafe fn encode_model(
    model: *const RbModel,
    i: usize,
    single: bool,
    level: u8,
    context: *const RbContext,
    raw: &[u8],
    data_len: usize,
    (dst, cap, written, alone): Given,
) -> Result<()> {
    // SAFETY: as documented, here and below
    let model = &*unsafe { handle(model, "model") }?.model;
    let parents = if single { 0 } else { parents_of(model, i) };
    let (columns, rows, counts) = unsafe { read_context(context, parents) }?;
    let contexts = Contexts { columns: &columns, rows, counts };
    let coded = block::encode_model(model, i, single, level, contexts, raw, data_len)?;
    if let Some(alone) = unsafe { alone.as_mut() } {
        *alone = coded.alone;
    }
    unsafe { put(coded.block, dst, cap, written) }
}

/// Decodes a block, and tells how many bytes come before the entry offsets.
///
/// # Safety
/// Pointers are NULL or as rb_decode() describes them.
pub(super) unsafe fn decode(
    model: *const RbModel,
    context: *const RbContext,
    block: &Block,
    raw: &mut [u8],
    seen: *const RbSeenOut,
    rows: usize,
) -> Result<usize> {
    // SAFETY: as documented, here and below
    let model = unsafe { model.as_ref() }.map(|m| &*m.model);
    let parents = match (model, block.conditional_header()?) {
        (Some(model), Some(header)) if model.hash() == header.model => parents_of(model, header.column),
        _ => 0,
    };
    let (columns, known, counts) = unsafe { read_context(context, parents) }?;
    let seen = unsafe { seen.as_ref().map(|seen| seen.write(rows)) }.transpose()?;
    block.decode(model, Contexts { columns: &columns, rows: known, counts }, raw, seen)
}

pub(super) fn clamp(level: i32) -> u8 {
    level.clamp(1, 9) as u8
}
