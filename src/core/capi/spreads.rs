//! How far all values of a branch spread, which bounds in sigmas are multiples of.

use super::columns::value_type;
use super::status::{RbStatus, give, give_handle, guard, handle, slice};
use crate::error::{Error, Result};
use crate::values::spread::Spread;
use crate::values::value::ValueType;
use std::ffi::c_void;

/// Gathers the values of one branch. Not to be used by two threads at once.
pub struct RbSpread {
    value: ValueType,
    spread: Spread,
}

/// Starts to gather the values of a branch.
///
/// @param type  RB_F32 or RB_F64.
/// @param out   receives the spread; free it with rb_spread_free().
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// `out` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_spread_new(r#type: u32, out: *mut *mut RbSpread) -> RbStatus {
    let new = || {
        let value = value_type(r#type)?;
        if !value.is_float() {
            return Err(Error::BadArgument("only floats have bounds in sigmas".into()));
        }
        Ok(Box::new(RbSpread { value, spread: Spread::default() }))
    };
    // SAFETY: as documented
    guard(|| unsafe { give_handle(out, new) })
}

/// Adds values; the order does not matter.
///
/// @param spread  from rb_spread_new().
/// @param values  native values of its type.
/// @param n       how many.
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_spread_add(spread: *mut RbSpread, values: *const c_void, n: usize) -> RbStatus {
    let add = || -> Result<()> {
        // SAFETY: as documented, here and below
        let to = unsafe { spread.as_mut() }.ok_or_else(|| Error::BadArgument("spread is NULL".into()))?;
        match to.value {
            ValueType::F32 => to.spread.add(unsafe { slice(values.cast::<f32>(), n, "values") }?),
            _ => to.spread.add(unsafe { slice(values.cast::<f64>(), n, "values") }?),
        }
        Ok(())
    };
    guard(add)
}

/// The standard deviation of the values so far, without those that are not finite and without sentinels: repeated
/// values far away from all others, such as -999.
///
/// @param spread  from rb_spread_new().
/// @param sigma   receives it; NaN if there are no finite values, infinite if it is beyond all floats.
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_spread_sigma(spread: *const RbSpread, sigma: *mut f64) -> RbStatus {
    // SAFETY: as documented
    guard(|| unsafe { give(sigma, handle(spread, "spread")?.spread.sigma().unwrap_or(f64::NAN), "sigma") })
}

/// Frees a spread; NULL is fine.
///
/// # Safety
/// `spread` is NULL or from rb_spread_new() and not used afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_spread_free(spread: *mut RbSpread) {
    if !spread.is_null() {
        // SAFETY: as documented
        drop(unsafe { Box::from_raw(spread) });
    }
}
