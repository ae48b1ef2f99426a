//! Values in the machine's own byte order, one column and nothing beside it: for containers other than ROOT's baskets,
//! and for those who want to know what the bounds do to values.

use super::blocks::{RbContext, clamp, decode, encode_model, put, read_context};
use super::columns::{RbColumn, length, value_type};
use super::models::{self, RbModel, column_of};
use super::seen::RbSeenOut;
use super::status::{RbStatus, give, guard, handle, slice, slice_mut};
use crate::error::{Error, Result};
use crate::format::block::{self, Block};
use crate::format::streams::Layout;
use crate::values::bound::Bound;
use crate::values::quantiser::{CHUNK, Quantiser};
use crate::values::value::{self, Value, ValueType};
use crate::with_type;
use std::ffi::c_void;

/// What decoding changed.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RbCheck {
    /// Values outside their bound.
    pub misses: usize,
    /// The first of them; the number of values if there is none.
    pub first_miss: usize,
    /// Values whose bits changed.
    pub changed: usize,
    /// Largest difference between two finite values.
    pub worst_error: f64,
    /// The same as a share of what the bound allows there: at most 1 unless there are misses. (A bound of 0 is left
    /// out.)
    pub worst_in_bounds: f64,
}

/// # Safety
/// `values` is NULL or `n` values of the type, which do not change.
unsafe fn bytes_of<'a>(values: *const c_void, n: usize, value: ValueType) -> Result<&'a [u8]> {
    // SAFETY: as documented
    unsafe { slice(values.cast::<u8>(), length(n, value)?, "values") }
}

/// Values that no block can hold are refused before they are copied.
///
/// # Safety
/// As for [`bytes_of`].
unsafe fn of_block<'a>(values: *const c_void, n: usize, value: ValueType) -> Result<&'a [u8]> {
    if length(n, value)? > block::MAX_SIZE {
        return Err(Error::BadArgument(format!("{n} values are more than a block of {} bytes holds", block::MAX_SIZE)));
    }
    // SAFETY: as documented
    unsafe { bytes_of(values, n, value) }
}

fn big_endian(native: &[u8], value: ValueType) -> Vec<u8> {
    let mut bytes = native.to_vec();
    value::swap(&mut bytes, value.size());
    bytes
}

fn native<V: Value>(bytes: &[u8]) -> Vec<V> {
    value::values_from_be(&big_endian(bytes, V::TYPE))
}

/// Codes native values of a column standing alone; see rb_encode_columns().
///
/// @param column      the column.
/// @param context     counts of the entries, if readers will know them. NULL: none.
/// @param level       1 (fast) to 9 (small), as in ROOT.
/// @param values, n   native values of the column's type, less than 16 MB.
/// @param dst, cap    where the block goes; it decodes on machines of either byte order.
/// @param written     receives the block's length; 0 if it would not be smaller than the values or has no room.
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
#[allow(clippy::too_many_arguments)] // a C function cannot take fewer
pub unsafe extern "C" fn rb_column_encode(
    column: *const RbColumn,
    context: *const RbContext,
    level: i32,
    values: *const c_void,
    n: usize,
    dst: *mut u8,
    cap: usize,
    written: *mut usize,
) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let RbColumn { value, quantiser } = unsafe { handle(column, "column") }?;
        let raw = big_endian(unsafe { of_block(values, n, *value) }?, *value);
        let (_, _, entries) = unsafe { read_context(context, 0) }?;
        let layout = Layout::of_column(*value, quantiser.clone());
        unsafe { put(block::encode_layout(&layout, entries, clamp(level), &raw, raw.len())?, dst, cap, written) }
    })
}

/// Codes native values of column `i` of a model; see rb_encode_model().
///
/// @param model        the model.
/// @param i            index of the column.
/// @param mode_single  not 0: standing alone in any case, but for the counts of the entries.
/// @param level        1 (fast) to 9 (small), as in ROOT.
/// @param context      contexts of the parents and counts of the entries. NULL: none.
/// @param values, n    native values of the column's type, less than 16 MB.
/// @param dst, cap     where the block goes; it decodes on machines of either byte order.
/// @param written      receives the block's length; 0 if it would not be smaller than the values or has no room.
/// @param alone        receives about how long it would be standing alone. May be NULL.
/// @return RB_OK, RB_MISSING (a jagged model without counts) or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
#[allow(clippy::too_many_arguments)] // a C function cannot take fewer
pub unsafe extern "C" fn rb_model_encode(
    model: *const RbModel,
    i: usize,
    mode_single: i32,
    level: i32,
    context: *const RbContext,
    values: *const c_void,
    n: usize,
    dst: *mut u8,
    cap: usize,
    written: *mut usize,
    alone: *mut usize,
) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let value = unsafe { column_of(model, i) }?.spec.value;
        let raw = big_endian(unsafe { of_block(values, n, value) }?, value);
        let level = clamp(level);
        unsafe { encode_model(model, i, mode_single != 0, level, context, &raw, raw.len(), (dst, cap, written, alone)) }
    })
}

/// Decodes a block of one column to native values.
///
/// @param model       the model that the block names (RB_KIND_MODEL), else NULL.
/// @param context     as for rb_decode().
/// @param type        the column's RbType.
/// @param block, len  the block; not of RB_KIND_VECTORS or RB_KIND_LISTS, and without entry offsets.
/// @param values, n   receives the values; all of the block.
/// @param seen        as for rb_decode(), for all `n` rows. NULL: not wanted.
/// @return RB_OK, RB_CORRUPT, RB_INCOMPATIBLE, RB_MISSING (no model, or too few contexts) or RB_BAD_ARGUMENT. On
///         failure `values` and `seen` hold nothing of use.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
#[allow(clippy::too_many_arguments)] // a C function cannot take fewer
pub unsafe extern "C" fn rb_decode_values(
    model: *const RbModel,
    context: *const RbContext,
    r#type: u32,
    block: *const u8,
    len: usize,
    values: *mut c_void,
    n: usize,
    seen: *const RbSeenOut,
) -> RbStatus {
    guard(|| {
        let value = value_type(r#type)?;
        // SAFETY: as documented, here and below
        let block = Block::parse(unsafe { slice(block, len, "block") }?)?;
        let raw = unsafe { slice_mut(values.cast::<u8>(), length(n, value)?, "values") }?;
        let values = unsafe { decode(model, context, &block, raw, seen, n) }?;
        if values != raw.len() || matches!(block.kind, block::Kind::Vectors | block::Kind::Lists) {
            return Err(Error::BadArgument("the block has more than the values of one column".into()));
        }
        value::swap(raw, value.size());
        Ok(())
    })
}

/// Context of native values of column `i`; see rb_model_context().
///
/// @param values  `n` native values, original or reconstructed: the result is the same. Less than 16 MB.
/// @param out     receives `n` contexts.
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_model_context_values(
    model: *const RbModel,
    i: usize,
    values: *const c_void,
    n: usize,
    out: *const RbSeenOut,
) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let column = unsafe { column_of(model, i) }?;
        let raw = unsafe { of_block(values, n, column.spec.value) }?;
        unsafe { models::put(with_type!(column.spec.value, T => column.context(&native::<T>(raw))), out) }
    })
}

/// Rounds native values as a column standing alone does: what decoding would give back.
///
/// @param column     the column.
/// @param values, n  native values of the column's type, all those of a block (less than 16 MB): dithering depends on
///                   their rows.
/// @param out        receives as many; may be `values`.
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_column_round(
    column: *const RbColumn,
    values: *const c_void,
    n: usize,
    out: *mut c_void,
) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let RbColumn { value, quantiser } = unsafe { handle(column, "column") }?;
        unsafe { round(*value, quantiser, values, n, out) }
    })
}

/// Rounds native values as column `i` of a model does: what decoding would give back.
///
/// @param model      the model.
/// @param i          index of the column.
/// @param values, n  native values of the column's type, all those of a block (less than 16 MB): dithering depends on
///                   their rows.
/// @param out        receives as many; may be `values`.
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_model_round(
    model: *const RbModel,
    i: usize,
    values: *const c_void,
    n: usize,
    out: *mut c_void,
) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let spec = &unsafe { column_of(model, i) }?.spec;
        unsafe { round(spec.value, &spec.quantiser, values, n, out) }
    })
}

/// Compares native values with what they became: with the bound of a column standing alone.
///
/// @param column       the column.
/// @param original, n  native values of the column's type.
/// @param decoded      as many that should be within the bound of them. NaN, infinities and zeros have to be the same
///                     bits.
/// @param out          receives what was found.
/// @return RB_OK (also if values miss their bound) or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_column_check(
    column: *const RbColumn,
    original: *const c_void,
    decoded: *const c_void,
    n: usize,
    out: *mut RbCheck,
) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let RbColumn { value, quantiser } = unsafe { handle(column, "column") }?;
        unsafe { check(*value, quantiser, original, decoded, n, out) }
    })
}

/// Compares native values with what they became: with the bound of column `i` of a model.
///
/// @param model        the model.
/// @param i            index of the column.
/// @param original, n  native values of the column's type.
/// @param decoded      as many that should be within the bound of them. NaN, infinities and zeros have to be the same
///                     bits.
/// @param out          receives what was found.
/// @return RB_OK (also if values miss their bound) or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_model_check(
    model: *const RbModel,
    i: usize,
    original: *const c_void,
    decoded: *const c_void,
    n: usize,
    out: *mut RbCheck,
) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let spec = &unsafe { column_of(model, i) }?.spec;
        unsafe { check(spec.value, &spec.quantiser, original, decoded, n, out) }
    })
}

/// # Safety
/// `values` and `out` are NULL or `n` values of the type each; they may be the same.
unsafe fn round(
    value: ValueType,
    quantiser: &Quantiser,
    values: *const c_void,
    n: usize,
    out: *mut c_void,
) -> Result<()> {
    // SAFETY: as documented; values are copied before anything is written
    let rounded = with_type!(value, T => {
        let values = native::<T>(unsafe { of_block(values, n, value) }?);
        value::values_to_be(&quantiser.quantise(&values).decoded)
    });
    // SAFETY: as documented
    let out = unsafe { slice_mut(out.cast::<u8>(), length(n, value)?, "out") }?;
    out.copy_from_slice(&rounded);
    value::swap(out, value.size());
    Ok(())
}

/// # Safety
/// `original` and `decoded` are NULL or `n` values of the type each; `out` is NULL or may be written to.
unsafe fn check(
    value: ValueType,
    quantiser: &Quantiser,
    original: *const c_void,
    decoded: *const c_void,
    n: usize,
    out: *mut RbCheck,
) -> Result<()> {
    // SAFETY: as documented, here and below
    let (original, decoded) = unsafe { (bytes_of(original, n, value)?, bytes_of(decoded, n, value)?) };
    let bound = if value.is_float() { quantiser.bound() } else { Bound::Lossless };
    let mut found = RbCheck { first_miss: n, ..RbCheck::default() };
    // part by part: these may be the values of a whole column
    let size = CHUNK * value.size();
    for (part, (original, decoded)) in original.chunks(size).zip(decoded.chunks(size)).enumerate() {
        let values = with_type!(value, T => compare(bound, &native::<T>(original), &native::<T>(decoded)));
        found.add(values, part * CHUNK);
    }
    unsafe { give(out, found, "out") }
}

impl RbCheck {
    /// Adds what was found from row `first` on.
    fn add(&mut self, more: RbCheck, first: usize) {
        if more.misses > 0 {
            self.first_miss = self.first_miss.min(first + more.first_miss);
        }
        self.misses += more.misses;
        self.changed += more.changed;
        self.worst_error = self.worst_error.max(more.worst_error);
        self.worst_in_bounds = self.worst_in_bounds.max(more.worst_in_bounds);
    }
}

fn compare<V: Value>(bound: Bound, original: &[V], decoded: &[V]) -> RbCheck {
    let mut found = RbCheck { first_miss: original.len(), ..RbCheck::default() };
    for (row, (&before, &after)) in original.iter().zip(decoded).enumerate() {
        if before.bits() == after.bits() {
            continue;
        }
        found.changed += 1;
        let (x, y) = (before.to_f64(), after.to_f64());
        if !bound.holds(x, before.bits(), y, after.bits()) {
            found.first_miss = found.first_miss.min(row);
            found.misses += 1;
        }
        let error = (y - x).abs();
        if error.is_finite() {
            found.worst_error = found.worst_error.max(error);
            let allowed = bound.allowed(x);
            if allowed > 0.0 {
                found.worst_in_bounds = found.worst_in_bounds.max(error / allowed);
            }
        }
    }
    found
}
