//! Codecs: models, bounds and mode of a tree.

use super::models::RbModel;
use super::status::{RbStatus, give_handle, guard, handle, name, slice, text};
use crate::error::{Error, Result};
use crate::format::codec::{Codec, Mode};
use crate::model::registry;
use std::ffi::{CString, c_char};
use std::path::Path;
use std::ptr;
use std::sync::OnceLock;

/// How branches of a tree are coded. The numbers never change.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types)]
pub enum RbMode {
    /// With the help of the branches before them in the model.
    RB_GROUP = 0,
    /// Every branch stands alone.
    RB_SINGLE = 1,
}

/// Which of a codec's stored forms.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types)]
pub enum RbCodecForm {
    /// Its own, with a checksum.
    RB_CODEC_BYTES = 0,
    /// As ROOT streams an object of the class RootBaler::Codec: what a key of a file holds, after decompression.
    RB_CODEC_STREAMED = 1,
    /// Its models alone, as in a model file.
    RB_CODEC_MODELS = 2,
}

/// Models, bounds and mode of a tree. Not to be changed by a thread while others use it.
#[derive(Default)]
pub struct RbCodec {
    /// Sessions copy it; the models are shared.
    pub(super) codec: Codec,
    rules: OnceLock<Vec<[CString; 3]>>,
    stored: [OnceLock<Vec<u8>>; 3],
}

impl RbCodec {
    fn of(codec: Codec) -> Box<RbCodec> {
        Box::new(RbCodec { codec, ..RbCodec::default() })
    }

    /// What was given out of the codec before is no longer valid.
    pub(super) fn change(&mut self) -> &mut Codec {
        self.rules = OnceLock::new();
        self.stored = Default::default();
        &mut self.codec
    }

    pub(super) fn rules(&self) -> &[[CString; 3]] {
        self.rules.get_or_init(|| {
            let c = |text: &String| CString::new(text.as_str()).unwrap_or_default();
            self.codec.rules().iter().map(|r| [c(&r.pattern), c(&r.bound), c(&r.request)]).collect()
        })
    }
}

/// # Safety
/// `codec` is NULL or a codec that nobody else uses meanwhile.
pub(super) unsafe fn codec_mut<'a>(codec: *mut RbCodec) -> Result<&'a mut RbCodec> {
    // SAFETY: as documented
    unsafe { codec.as_mut() }.ok_or_else(|| Error::BadArgument("codec is NULL".into()))
}

/// Makes a codec without models and bounds: every branch is lossless, in group mode.
///
/// @param out  receives the codec; free it with rb_codec_free().
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// `out` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_codec_new(out: *mut *mut RbCodec) -> RbStatus {
    // SAFETY: as documented
    guard(|| unsafe { give_handle(out, || Ok(RbCodec::of(Codec::default()))) })
}

/// Copies a codec; the models are shared.
///
/// @param out  receives the copy; free it with rb_codec_free().
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_codec_copy(codec: *const RbCodec, out: *mut *mut RbCodec) -> RbStatus {
    // SAFETY: as documented
    guard(|| unsafe { give_handle(out, || Ok(RbCodec::of(handle(codec, "codec")?.codec.clone()))) })
}

/// Reads a stored codec. Models that the process holds already are not parsed again.
///
/// @param form        an RbCodecForm.
/// @param bytes, len  the stored codec.
/// @param out         receives the codec; free it with rb_codec_free().
/// @return RB_OK, RB_CORRUPT, RB_INCOMPATIBLE or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_codec_parse(form: u32, bytes: *const u8, len: usize, out: *mut *mut RbCodec) -> RbStatus {
    let parse = || {
        // SAFETY: as documented
        let bytes = unsafe { slice(bytes, len, "bytes") }?;
        let codec = match stored_form(form)? {
            RbCodecForm::RB_CODEC_BYTES => Codec::from_bytes(bytes)?,
            RbCodecForm::RB_CODEC_STREAMED => Codec::from_streamed(bytes)?,
            RbCodecForm::RB_CODEC_MODELS => {
                let mut codec = Codec::default();
                codec.add_models(bytes)?;
                codec
            }
        };
        Ok(RbCodec::of(codec))
    };
    // SAFETY: as documented
    guard(|| unsafe { give_handle(out, parse) })
}

fn stored_form(form: u32) -> Result<RbCodecForm> {
    match form {
        0 => Ok(RbCodecForm::RB_CODEC_BYTES),
        1 => Ok(RbCodecForm::RB_CODEC_STREAMED),
        2 => Ok(RbCodecForm::RB_CODEC_MODELS),
        other => Err(Error::BadArgument(format!("{other} is no RbCodecForm"))),
    }
}

/// A stored form of the codec; owned by it, until it is changed. (Streamed, it has the name of codecs that belong to a
/// tree.) NULL for NULL.
///
/// @param form  an RbCodecForm.
/// @param len   receives the number of bytes; may be NULL.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_codec_bytes(codec: *const RbCodec, form: u32, len: *mut usize) -> *const u8 {
    let bytes = || -> Result<&[u8]> {
        // SAFETY: as documented
        let RbCodec { codec, stored, .. } = unsafe { handle(codec, "codec") }?;
        let form = stored_form(form)?;
        Ok(stored[form as usize].get_or_init(|| match form {
            RbCodecForm::RB_CODEC_BYTES => codec.to_bytes(),
            RbCodecForm::RB_CODEC_STREAMED => codec.to_streamed("RootBalerCodec"),
            RbCodecForm::RB_CODEC_MODELS => codec.container(),
        }))
    };
    let bytes = bytes().unwrap_or_default();
    // SAFETY: as documented
    if let Some(len) = unsafe { len.as_mut() } {
        *len = bytes.len();
    }
    if bytes.is_empty() { ptr::null() } else { bytes.as_ptr() }
}

/// Frees a codec; NULL is fine.
///
/// # Safety
/// `codec` is NULL or from this library and not used afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_codec_free(codec: *mut RbCodec) {
    if !codec.is_null() {
        // SAFETY: as documented
        drop(unsafe { Box::from_raw(codec) });
    }
}

/// The codec's RbMode; RB_GROUP for NULL.
///
/// # Safety
/// `codec` is NULL or a codec.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_codec_mode(codec: *const RbCodec) -> u32 {
    // SAFETY: as documented
    unsafe { codec.as_ref() }.map_or(0, |c| c.codec.mode as u32)
}

/// Sets the mode.
///
/// @param mode  an RbMode.
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// `codec` is NULL or a codec.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_codec_set_mode(codec: *mut RbCodec, mode: u32) -> RbStatus {
    guard(|| {
        let mode = match mode {
            0 => Mode::Group,
            1 => Mode::Single,
            other => return Err(Error::BadArgument(format!("{other} is no RbMode"))),
        };
        // SAFETY: as documented
        unsafe { codec_mut(codec) }?.change().mode = mode;
        Ok(())
    })
}

/// Adds a model; one that is here already is not added twice.
///
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_codec_add_model(codec: *mut RbCodec, model: *const RbModel) -> RbStatus {
    guard(|| {
        // SAFETY: as documented
        let (codec, model) = unsafe { (codec_mut(codec)?, handle(model, "model")?) };
        codec.change().add(model.model.clone());
        Ok(())
    })
}

/// Adds the models of a model file.
///
/// @return RB_OK, RB_IO, RB_CORRUPT, RB_INCOMPATIBLE or RB_BAD_ARGUMENT; then the codec has those before the bad one.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_codec_add_file(codec: *mut RbCodec, path: *const c_char) -> RbStatus {
    // SAFETY: as documented
    guard(|| unsafe { codec_mut(codec)?.change().add_file(Path::new(text(path, "path")?)) })
}

/// Number of models in the codec; 0 for NULL.
///
/// # Safety
/// `codec` is NULL or a codec.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_codec_models(codec: *const RbCodec) -> usize {
    // SAFETY: as documented
    unsafe { codec.as_ref() }.map_or(0, |c| c.codec.models().len())
}

/// Model `i` of the codec.
///
/// @param out  receives the model, shared with the codec; free it with rb_model_free().
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_codec_model(codec: *const RbCodec, i: usize, out: *mut *mut RbModel) -> RbStatus {
    let model = || {
        // SAFETY: as documented
        let models = unsafe { handle(codec, "codec") }?.codec.models();
        let model = models.get(i).ok_or_else(|| Error::BadArgument(format!("the codec has no model {i}")))?;
        Ok(RbModel::of(model.clone()))
    };
    // SAFETY: as documented
    guard(|| unsafe { give_handle(out, model) })
}

/// Hashes of models that belong to the codec and are stored elsewhere, in keys of its file; owned by the codec, until
/// it is changed. NULL if there are none.
///
/// @param n  receives how many; may be NULL.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_codec_absent(codec: *const RbCodec, n: *mut usize) -> *const u64 {
    // SAFETY: as documented, here and below
    let hashes = unsafe { codec.as_ref() }.map_or(&[][..], |c| c.codec.absent());
    if let Some(n) = unsafe { n.as_mut() } {
        *n = hashes.len();
    }
    if hashes.is_empty() { ptr::null() } else { hashes.as_ptr() }
}

/// Adds those of the models stored elsewhere that the process holds.
///
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// `codec` is NULL or a codec.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_codec_fetch(codec: *mut RbCodec) -> RbStatus {
    guard(|| {
        // SAFETY: as documented
        unsafe { codec_mut(codec) }?.change().fetch(registry::find);
        Ok(())
    })
}

/// Takes over the models of another codec, and the bounds of patterns that this one does not have. A reader does so
/// with all codecs among the keys of a file.
///
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_codec_unite(codec: *mut RbCodec, other: *const RbCodec) -> RbStatus {
    guard(|| {
        // SAFETY: as documented
        let (codec, other) = unsafe { (codec_mut(codec)?, handle(other, "other")?) };
        codec.change().unite(&other.codec);
        Ok(())
    })
}

/// What must be stored with the tree, if the models with networks are in keys of its file: their hashes, and what says
/// how values are rounded.
///
/// @param out  receives the codec; free it with rb_codec_free().
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_codec_reduced(codec: *const RbCodec, out: *mut *mut RbCodec) -> RbStatus {
    // SAFETY: as documented
    guard(|| unsafe { give_handle(out, || Ok(RbCodec::of(handle(codec, "codec")?.codec.reduced()?))) })
}

/// The same bounds without the networks of some models.
///
/// @param hashes, n  content hashes of these models.
/// @param out        receives the codec; free it with rb_codec_free().
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_codec_without_networks(
    codec: *const RbCodec,
    hashes: *const u64,
    n: usize,
    out: *mut *mut RbCodec,
) -> RbStatus {
    let reduce = || {
        // SAFETY: as documented
        let (codec, hashes) = unsafe { (handle(codec, "codec")?, slice(hashes, n, "hashes")?) };
        Ok(RbCodec::of(codec.codec.without_networks(&hashes.iter().copied().collect())?))
    };
    // SAFETY: as documented
    guard(|| unsafe { give_handle(out, reduce) })
}

/// The same bounds, for a copy of the tree with only these branches: without networks that can help none of them.
///
/// @param names, n  the branches.
/// @param out       receives the codec; free it with rb_codec_free().
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_codec_for_branches(
    codec: *const RbCodec,
    names: *const *const c_char,
    n: usize,
    out: *mut *mut RbCodec,
) -> RbStatus {
    let reduce = || {
        // SAFETY: as documented, here and below
        let (codec, names) = unsafe { (handle(codec, "codec")?, slice(names, n, "names")?) };
        let names = names.iter().map(|&one| unsafe { name(one, "a name") }).collect::<Result<Vec<_>>>()?;
        Ok(RbCodec::of(codec.codec.for_branches(&names.iter().map(|name| &**name).collect())?))
    };
    // SAFETY: as documented
    guard(|| unsafe { give_handle(out, reduce) })
}
