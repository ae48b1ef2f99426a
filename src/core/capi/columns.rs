//! Bounds and columns that stand alone.

use super::status::{RbStatus, give_handle, guard, text};
use crate::error::{Error, Result};
use crate::values::bound::Bound;
use crate::values::quantiser::Quantiser;
use crate::values::value::ValueType;
use std::ffi::c_char;

/// Value type of a column. The numbers never change.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types)]
pub enum RbType {
    /// `Float_t`
    RB_F32 = 1,
    /// `Double_t`
    RB_F64 = 2,
    /// `Char_t`
    RB_I8 = 3,
    /// `UChar_t`, `Bool_t`
    RB_U8 = 4,
    /// `Short_t`
    RB_I16 = 5,
    /// `UShort_t`
    RB_U16 = 6,
    /// `Int_t`
    RB_I32 = 7,
    /// `UInt_t`
    RB_U32 = 8,
    /// `Long64_t`
    RB_I64 = 9,
    /// `ULong64_t`
    RB_U64 = 10,
}

/// Reads the numbers of `RbType` as an integer first: C may pass anything.
pub(super) fn value_type(code: u32) -> Result<ValueType> {
    let index = (code as usize).checked_sub(1);
    let value = index.and_then(|i| ValueType::ALL.get(i).copied());
    value.ok_or_else(|| Error::BadArgument(format!("{code} is no RbType")))
}

pub(super) fn type_code(value: ValueType) -> u32 {
    ValueType::ALL.iter().position(|&t| t == value).map_or(0, |i| i as u32 + 1)
}

/// A column that stands alone: its type and resolved bound.
pub struct RbColumn {
    pub(super) value: ValueType,
    pub(super) quantiser: Quantiser,
}

/// Checks the text of a bound.
///
/// @param spec "lossless", "abs=E", "bits=K" or "rel-sigma=R"; E from 1e-308 to 8e307, R finite and greater than 0, K
/// from 0 to 52; "abs=E,dither" and "rel-sigma=R,dither" spread values inside the bound.
/// @return RB_OK, or RB_BAD_ARGUMENT with the reason in rb_last_error().
///
/// # Safety
/// `spec` is NULL or a string that ends in NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_bound_check(spec: *const c_char) -> RbStatus {
    // SAFETY: as documented
    guard(|| unsafe { text(spec, "spec") }?.parse::<Bound>().map(|_| ()))
}

/// Makes a column that stands alone.
///
/// @param type  an RbType.
/// @param spec  its bound; "rel-sigma" is refused, since it needs a model that measured the spread. Integers are
///              lossless, whatever the bound.
/// @param out   receives the column; free it with rb_column_free().
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// `spec` is NULL or a string that ends in NUL; `out` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_column_new(r#type: u32, spec: *const c_char, out: *mut *mut RbColumn) -> RbStatus {
    let column = || {
        let value = value_type(r#type)?;
        // SAFETY: as documented
        let bound: Bound = unsafe { text(spec, "spec") }?.parse()?;
        let bound = if value.is_float() { bound } else { Bound::Lossless };
        Ok(Box::new(RbColumn { value, quantiser: Quantiser::of(bound)? }))
    };
    // SAFETY: as documented
    guard(|| unsafe { give_handle(out, column) })
}

/// Frees a column; NULL is fine.
///
/// # Safety
/// `column` is NULL or from rb_column_new() and not used afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_column_free(column: *mut RbColumn) {
    if !column.is_null() {
        // SAFETY: as documented
        drop(unsafe { Box::from_raw(column) });
    }
}

/// Bytes of so many values.
pub(super) fn length(n: usize, value: ValueType) -> Result<usize> {
    n.checked_mul(value.size()).ok_or_else(|| Error::BadArgument(format!("{n} values fill no memory")))
}
