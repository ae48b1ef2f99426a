//! Bounds and columns that stand alone.

use super::status::{RbStatus, give, guard, text};
use crate::bound::Bound;
use crate::column::Column;
use crate::error::{Error, Result};
use crate::float::FloatType;
use crate::quantiser::Quantiser;
use std::ffi::c_char;

/// Value type of a column.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types)]
pub enum RbType {
    /// `Float_t`, 4 bytes.
    RB_F32 = 1,
    /// `Double_t`, 8 bytes.
    RB_F64 = 2,
}

/// Reads the numbers of `RbType` as an integer first: C may pass anything.
pub(super) fn float_type(code: u32) -> Result<FloatType> {
    match code {
        1 => Ok(FloatType::F32),
        2 => Ok(FloatType::F64),
        _ => Err(Error::BadArgument(format!("{code} is no RbType"))),
    }
}

pub(super) fn type_code(float: FloatType) -> RbType {
    match float {
        FloatType::F32 => RbType::RB_F32,
        FloatType::F64 => RbType::RB_F64,
    }
}

/// A column that stands alone: its type and resolved bound.
pub struct RbColumn(pub(super) Column);

/// Checks the text of a bound.
///
/// @param spec "lossless", "abs=E", "bits=K" or "rel-sigma=R"; E and R finite and greater than 0, K from 0 to 52.
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
/// @param spec  its bound; "rel-sigma" is refused, since it needs a model that measured the spread.
/// @param out   receives the column; free it with rb_column_free().
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// `spec` is NULL or a string that ends in NUL; `out` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_column_new(r#type: u32, spec: *const c_char, out: *mut *mut RbColumn) -> RbStatus {
    guard(|| {
        let float = float_type(r#type)?;
        // SAFETY: as documented
        let bound: Bound = unsafe { text(spec, "spec") }?.parse()?;
        let quantiser = Quantiser::of(bound).ok_or_else(|| {
            Error::BadArgument(format!(
                "bound {bound} needs a model that measured the spread; use abs=E or make a model"
            ))
        })?;
        // SAFETY: as documented
        unsafe { give(out, Box::into_raw(Box::new(RbColumn(Column { float, quantiser }))), "out") }
    })
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
