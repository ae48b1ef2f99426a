//! Which bound a codec has for a branch.

use super::codecs::{RbCodec, codec_mut};
use super::status::{RbStatus, guard, handle, text};
use crate::error::{Error, Result};
use crate::format::codec::Rule;
use crate::format::pattern;
use std::ffi::c_char;
use std::ptr;

/// Sets the bound of branches outside the models; of several that match a name, the one set last counts.
///
/// @param pattern  a branch name or a pattern such as "jet*_pt" (rb_pattern_matches()); in a leaf list also
///                 branch.leaf.
/// @param bound    as for rb_bound_check(), but "rel-sigma" is refused, since it needs a model that measured the
///                 spread.
/// @param request  what it was resolved from, such as "rel-sigma=1e-3". NULL: itself.
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_codec_set_bound(
    codec: *mut RbCodec,
    pattern: *const c_char,
    bound: *const c_char,
    request: *const c_char,
) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let (codec, pattern, bound) = unsafe { (codec_mut(codec)?, text(pattern, "pattern")?, text(bound, "bound")?) };
        let request = if request.is_null() { bound } else { unsafe { text(request, "request") }? };
        codec.change().set_bound(Rule::new(pattern, bound, request)?);
        Ok(())
    })
}

/// Number of bounds that were set; 0 for NULL.
///
/// # Safety
/// `codec` is NULL or a codec.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_codec_rules(codec: *const RbCodec) -> usize {
    // SAFETY: as documented
    unsafe { codec.as_ref() }.map_or(0, |c| c.codec.rules().len())
}

/// Bound `i` that was set. The texts are owned by the codec, until it is changed.
///
/// @param pattern  receives the names that it is for; may be NULL, like the others.
/// @param bound    receives the bound.
/// @param request  receives what it was resolved from.
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_codec_rule(
    codec: *const RbCodec,
    i: usize,
    pattern: *mut *const c_char,
    bound: *mut *const c_char,
    request: *mut *const c_char,
) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let rules = unsafe { handle(codec, "codec") }?.rules();
        let rule = rules.get(i).ok_or_else(|| Error::BadArgument(format!("the codec has no bound {i}")))?;
        for (out, text) in [pattern, bound, request].into_iter().zip(rule) {
            if let Some(out) = unsafe { out.as_mut() } {
                *out = text.as_ptr();
            }
        }
        Ok(())
    })
}

/// Which of the bounds that were set counts for a branch outside the models, or for a leaf of a leaf list: its index,
/// or -1 if none does and it is lossless.
///
/// @param leaf  the leaf; NULL or "" if the branch has only one.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_codec_rule_of(codec: *const RbCodec, branch: *const c_char, leaf: *const c_char) -> i64 {
    let find = || -> Result<i64> {
        // SAFETY: as documented, here and below
        let (codec, branch) = unsafe { (&handle(codec, "codec")?.codec, text(branch, "branch")?) };
        let leaf = if leaf.is_null() { "" } else { unsafe { text(leaf, "leaf") }? };
        let rule = codec.rule_of(branch, leaf);
        let place = |rule: &Rule| codec.rules().iter().position(|r| ptr::eq(r, rule));
        Ok(rule.and_then(place).map_or(-1, |i| i as i64))
    };
    find().unwrap_or(-1)
}

/// The model that has a column of this name, and so says how the branch is coded: the index of the model, or -1.
///
/// @param column  receives the index of the column in the model; may be NULL.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_codec_column(codec: *const RbCodec, branch: *const c_char, column: *mut usize) -> i64 {
    let find = || -> Result<i64> {
        // SAFETY: as documented, here and below
        let (codec, branch) = unsafe { (&handle(codec, "codec")?.codec, text(branch, "branch")?) };
        let Some((model, i)) = codec.column_named(branch) else { return Ok(-1) };
        if let Some(column) = unsafe { column.as_mut() } {
            *column = i;
        }
        Ok(codec.models().iter().position(|m| m.hash() == model.hash()).map_or(-1, |i| i as i64))
    };
    find().unwrap_or(-1)
}

/// Whether a name is a pattern, or matches it: `*` stands for any characters, `?` for one, `[a-z]` for one of these,
/// `[!a-z]` for one of all others. 1 or 0.
///
/// # Safety
/// Pointers are NULL or strings that end in NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_pattern_matches(pattern: *const c_char, name: *const c_char) -> i32 {
    // SAFETY: as documented
    let texts = || unsafe { Ok::<_, Error>((text(pattern, "pattern")?, text(name, "name")?)) };
    texts().map_or(0, |(pattern, name)| i32::from(pattern::matches(pattern, name)))
}
