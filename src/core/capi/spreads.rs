//! How far all values of a branch spread, which bounds in sigmas are multiples of.

use super::columns::value_type;
use super::status::{RbStatus, give, give_handle, guard, handle, slice};
use crate::error::{Error, Result};
use crate::values::habits::Habits;
use crate::values::spread::Spread;
use crate::values::value::{Value, ValueType};
use std::ffi::c_void;

/// Gathers the values of one branch. Not to be used by two threads at once.
pub struct RbSpread {
    value: ValueType,
    spread: Spread,
    habits: Habits,
}

impl RbSpread {
    fn add<V: Value>(&mut self, values: &[V]) {
        self.spread.add(values);
        self.habits.add(values);
    }
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
        Ok(Box::new(RbSpread { value, spread: Spread::default(), habits: Habits::default() }))
    };
    // SAFETY: as documented
    guard(|| unsafe { give_handle(out, new) })
}

/// Adds values; their order matters to rb_spread_habits() alone.
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
            ValueType::F32 => to.add(unsafe { slice(values.cast::<f32>(), n, "values") }?),
            _ => to.add(unsafe { slice(values.cast::<f64>(), n, "values") }?),
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

/// What the finite values so far are like for which a bound in sigmas makes no sense.
///
/// @param spread  from rb_spread_new().
/// @param whole   receives 1 if there are several different ones, all of them whole numbers, such as those of events;
///                else 0.
/// @param grows   receives 1 if each is at least as large as the one before it, and many are larger, as times are;
///                else 0.
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_spread_habits(spread: *const RbSpread, whole: *mut i32, grows: *mut i32) -> RbStatus {
    let tell = || -> Result<()> {
        // SAFETY: as documented, here and below
        let habits = unsafe { handle(spread, "spread") }?.habits;
        unsafe { give(whole, i32::from(habits.are_whole()), "whole") }?;
        unsafe { give(grows, i32::from(habits.only_grow()), "grows") }
    };
    guard(tell)
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
