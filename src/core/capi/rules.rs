//! Which bound a codec has for a branch.

use super::codecs::{RbCodec, codec_mut};
use super::containers::RbSink;
use super::status::{self, RbStatus, guard, handle, name, text};
use crate::error::Error;
use crate::format::codec::Rule;
use crate::format::pattern;
use std::ffi::c_char;

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
        let (codec, pattern, bound) = unsafe { (codec_mut(codec)?, name(pattern, "pattern")?, text(bound, "bound")?) };
        let request = if request.is_null() { bound } else { unsafe { text(request, "request") }? };
        codec.change().set_bound(Rule::new(&pattern, bound, request)?);
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

/// The bound that a branch is written with: that of its column in a model, else the one that was set last for its name,
/// else "lossless".
///
/// @param branch   its name; in a leaf list branch.leaf.
/// @param bound    receives the text, such as "abs=0.01", behind what it has (rb_sink_new()). NULL: not wanted.
/// @param request  receives what it was resolved from, such as "rel-sigma=1e-3". NULL: not wanted.
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described; no other thread uses the sinks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_codec_bound_of(
    codec: *const RbCodec,
    branch: *const c_char,
    bound: *mut RbSink,
    request: *mut RbSink,
) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let (codec, branch) = unsafe { (&handle(codec, "codec")?.codec, &name(branch, "branch")?) };
        if let Some(bound) = unsafe { bound.as_mut() } {
            bound.0.extend_from_slice(codec.bound_of(branch).as_bytes());
        }
        if let Some(request) = unsafe { request.as_mut() } {
            request.0.extend_from_slice(codec.request_of(branch).as_bytes());
        }
        Ok(())
    })
}

/// Whether a name is a pattern, or matches it: `*` stands for any characters, `?` for one, `[a-z]` for one of these,
/// `[!a-z]` for one of all others. 1 or 0.
///
/// # Safety
/// Pointers are NULL or strings that end in NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_pattern_matches(pattern: *const c_char, name: *const c_char) -> i32 {
    // SAFETY: as documented
    let texts = || unsafe { Ok::<_, Error>((status::name(pattern, "pattern")?, status::name(name, "name")?)) };
    texts().map_or(0, |(pattern, name)| i32::from(pattern::matches(&pattern, &name)))
}
