//! Samples, and models made of them without training.

use super::columns::value_type;
use super::models::RbModel;
use super::status::{RbStatus, give_handle, guard, handle, slice, text};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::model::builder;
use crate::model::registry;
use crate::model::sample::Sample;
use crate::with_type;
use std::ffi::{c_char, c_void};
use std::path::Path;

/// Columns of sampled rows. Not to be used by two threads at once.
pub struct RbSample(Sample);

/// # Safety
/// `sample` is NULL or from rb_sample_new(), used by one thread at a time.
unsafe fn sample_mut<'a>(sample: *mut RbSample) -> Result<&'a mut Sample> {
    // SAFETY: as documented
    unsafe { sample.as_mut() }.map(|s| &mut s.0).ok_or_else(|| Error::BadArgument("sample is NULL".into()))
}

/// Makes an empty sample.
///
/// @param rows  number of rows that every column will have.
/// @param out   receives the sample; free it with rb_sample_free().
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// `out` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_sample_new(rows: usize, out: *mut *mut RbSample) -> RbStatus {
    // SAFETY: as documented
    guard(|| unsafe { give_handle(out, || Ok(Box::new(RbSample(Sample::scalar(rows))))) })
}

/// Makes an empty sample of a jagged group, whose rows are the elements of entries.
///
/// @param counts   elements of each sampled entry.
/// @param entries  number of entries.
/// @param out      receives the sample; free it with rb_sample_free(). Its rows are the sum of the counts.
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_sample_new_jagged(counts: *const u32, entries: usize, out: *mut *mut RbSample) -> RbStatus {
    // SAFETY: as documented
    let sample = || Ok(Box::new(RbSample(Sample::jagged(unsafe { slice(counts, entries, "counts") }?))));
    // SAFETY: as documented
    guard(|| unsafe { give_handle(out, sample) })
}

/// Adds a column; its values are copied.
///
/// @param sample  from rb_sample_new().
/// @param name    branch name, new in this sample.
/// @param type    an RbType.
/// @param spec    bound of the branch, as for rb_bound_check(); integers are lossless, whatever the bound.
/// @param sigma   what a bound in sigmas is a multiple of, from rb_spread_sigma(); NaN: that of the sample.
/// @param values  as many native values of the type as the sample has rows.
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_sample_add(
    sample: *mut RbSample,
    name: *const c_char,
    r#type: u32,
    spec: *const c_char,
    sigma: f64,
    values: *const c_void,
) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let sample = unsafe { sample_mut(sample) }?;
        let (name, spec) = unsafe { (text(name, "name")?, text(spec, "spec")?) };
        let bound = spec.parse()?;
        with_type!(value_type(r#type)?, T => {
            sample.add::<T>(name, bound, unsafe { slice(values.cast::<T>(), sample.rows, "values") }?)?
        });
        if let Some(column) = sample.columns.last_mut().filter(|_| !sigma.is_nan()) {
            column.sigma = Some(sigma);
        }
        Ok(())
    })
}

/// Adds the elements of another group that an index column points to; they are copied.
///
/// @param sample   from rb_sample_new_jagged().
/// @param branch   the branch that has the elements.
/// @param index    name of a column of integers that was added before.
/// @param type     an RbType.
/// @param values   as many native values of the type as the sample has rows; anything where nothing is pointed to.
/// @param present  for each row: not 0 if the index points to an element.
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_sample_add_foreign(
    sample: *mut RbSample,
    branch: *const c_char,
    index: *const c_char,
    r#type: u32,
    values: *const c_void,
    present: *const u8,
) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let sample = unsafe { sample_mut(sample) }?;
        let (branch, index) = unsafe { (text(branch, "branch")?, text(index, "index")?) };
        let present: Vec<bool> = unsafe { slice(present, sample.rows, "present") }?.iter().map(|&p| p != 0).collect();
        with_type!(value_type(r#type)?, T => {
            let values = unsafe { slice(values.cast::<T>(), sample.rows, "values") }?;
            sample.add_foreign::<T>(branch, index, values, &present)
        })
    })
}

/// Writes a sample to a file, for rootbaler-train.
///
/// @return RB_OK, RB_BAD_ARGUMENT or RB_IO.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_sample_write(sample: *const RbSample, path: *const c_char) -> RbStatus {
    // SAFETY: as documented
    guard(|| unsafe { handle(sample, "sample")?.0.write(Path::new(text(path, "path")?)) })
}

/// Frees a sample; NULL is fine.
///
/// # Safety
/// `sample` is NULL or from rb_sample_new() and not used afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_sample_free(sample: *mut RbSample) {
    if !sample.is_null() {
        // SAFETY: as documented
        drop(unsafe { Box::from_raw(sample) });
    }
}

/// Makes a model without networks from a sample: bounds are resolved and often-repeated values found.
///
/// @param out  receives the model; free it with rb_model_free().
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_model_build(sample: *const RbSample, out: *mut *mut RbModel) -> RbStatus {
    let build = || {
        // SAFETY: as documented
        let sample = &unsafe { handle(sample, "sample") }?.0;
        let model = Model::new(&builder::build(sample, &[], &format!("built from {} rows", sample.rows)))?;
        Ok(RbModel::of(registry::share(model)))
    };
    // SAFETY: as documented
    guard(|| unsafe { give_handle(out, build) })
}
