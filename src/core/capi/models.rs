//! Models.

use super::columns::{length, type_code};
use super::seen::{RbSeen, RbSeenOut};
use super::status::{RbStatus, give_handle, guard, handle, slice, text};
use crate::coder::foreign::{self, Elements};
use crate::error::{Error, Result};
use crate::model::context::ColumnContext;
use crate::model::{Model, ModelColumn, registry};
use crate::values::value::values_from_be;
use crate::with_type;
use std::ffi::{CString, c_char};
use std::path::Path;
use std::ptr;
use std::sync::Arc;

/// A model: an ordered group of columns, their quantisers and, unless it was built without training, their networks.
pub struct RbModel {
    /// Sessions share it.
    pub(super) model: Arc<Model>,
    names: Vec<CString>,
    bounds: Vec<CString>,
    requests: Vec<CString>,
    branches: Vec<CString>,
    provenance: CString,
}

impl RbModel {
    pub(super) fn of(model: Arc<Model>) -> Box<RbModel> {
        // names with a NUL cannot be branch names; they become empty
        let strings = |f: &dyn Fn(&ModelColumn) -> String| {
            model.columns().iter().map(|c| CString::new(f(c)).unwrap_or_default()).collect()
        };
        Box::new(RbModel {
            names: strings(&|c| c.spec.name.clone()),
            bounds: strings(&|c| c.spec.quantiser.bound().to_string()),
            requests: strings(&|c| c.spec.request.to_string()),
            branches: strings(&|c| c.spec.foreign.as_ref().map_or(String::new(), |f| f.branch.clone())),
            provenance: CString::new(model.provenance()).unwrap_or_default(),
            model,
        })
    }

    fn column(&self, i: usize) -> Option<&ModelColumn> {
        self.model.columns().get(i)
    }
}

/// Contexts of the elements of some entries.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct RbElements {
    /// Contexts (rb_model_context()), entry after entry.
    pub seen: RbSeen,
    /// How many.
    pub n: usize,
    /// Elements of each entry.
    pub counts: *const u32,
    /// Number of entries.
    pub entries: usize,
}

/// Reads a model from its file form, unless the process holds it already.
///
/// @param bytes, len  the file's bytes.
/// @param out         receives the model; free it with rb_model_free().
/// @return RB_OK, RB_CORRUPT, RB_INCOMPATIBLE or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_model_load(bytes: *const u8, len: usize, out: *mut *mut RbModel) -> RbStatus {
    // SAFETY: as documented
    let model = || Ok(RbModel::of(registry::load(unsafe { slice(bytes, len, "bytes") }?)?));
    // SAFETY: as documented
    guard(|| unsafe { give_handle(out, model) })
}

/// Reads a model file.
///
/// @param path  the file.
/// @param out   receives the model; free it with rb_model_free().
/// @return RB_OK, RB_IO, RB_CORRUPT, RB_INCOMPATIBLE or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_model_load_file(path: *const c_char, out: *mut *mut RbModel) -> RbStatus {
    let model = || {
        // SAFETY: as documented
        let model = Model::from_file(Path::new(unsafe { text(path, "path") }?))?;
        Ok(RbModel::of(registry::share(model)))
    };
    // SAFETY: as documented
    guard(|| unsafe { give_handle(out, model) })
}

/// The model with this content hash among those that the process holds.
///
/// @param out  receives the model; free it with rb_model_free().
/// @return RB_OK, RB_MISSING or RB_BAD_ARGUMENT.
///
/// # Safety
/// `out` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_model_known(hash: u64, out: *mut *mut RbModel) -> RbStatus {
    let missing = || Error::Missing(format!("nobody in this process holds the model {hash:016x}"));
    let model = || Ok(RbModel::of(registry::find(hash).ok_or_else(missing)?));
    // SAFETY: as documented
    guard(|| unsafe { give_handle(out, model) })
}

/// Frees a model; NULL is fine.
///
/// # Safety
/// `model` is NULL or from this library and not used afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_model_free(model: *mut RbModel) {
    if !model.is_null() {
        // SAFETY: as documented
        drop(unsafe { Box::from_raw(model) });
    }
}

/// The content hash by which blocks name their model; 0 for NULL.
///
/// # Safety
/// `model` is NULL or a model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_model_hash(model: *const RbModel) -> u64 {
    // SAFETY: as documented
    unsafe { model.as_ref() }.map_or(0, |m| m.model.hash())
}

/// The file form; owned by the model. NULL for NULL.
///
/// @param len  receives the number of bytes; may be NULL.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_model_bytes(model: *const RbModel, len: *mut usize) -> *const u8 {
    // SAFETY: as documented, here and below
    let bytes = unsafe { model.as_ref() }.map_or(&[][..], |m| m.model.bytes());
    if let Some(len) = unsafe { len.as_mut() } {
        *len = bytes.len();
    }
    if bytes.is_empty() { ptr::null() } else { bytes.as_ptr() }
}

/// Number of columns; 0 for NULL.
///
/// # Safety
/// `model` is NULL or a model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_model_columns(model: *const RbModel) -> usize {
    // SAFETY: as documented
    unsafe { model.as_ref() }.map_or(0, |m| m.model.columns().len())
}

/// Where the model came from, one line; owned by the model, NULL for NULL.
///
/// # Safety
/// `model` is NULL or a model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_model_provenance(model: *const RbModel) -> *const c_char {
    // SAFETY: as documented
    unsafe { model.as_ref() }.map_or(ptr::null(), |m| m.provenance.as_ptr())
}

/// Branch name of column `i`; owned by the model, NULL if there is no such column.
///
/// # Safety
/// `model` is NULL or a model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_model_column_name(model: *const RbModel, i: usize) -> *const c_char {
    // SAFETY: as documented
    unsafe { model.as_ref() }.and_then(|m| m.names.get(i)).map_or(ptr::null(), |s| s.as_ptr())
}

/// Whether the rows of the model's group are elements of entries (branches with a counter), not entries: 1 or 0.
///
/// # Safety
/// `model` is NULL or a model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_model_jagged(model: *const RbModel) -> i32 {
    // SAFETY: as documented
    unsafe { model.as_ref() }.map_or(0, |m| i32::from(m.model.jagged()))
}

/// Whether any column of the model has a network: 1 or 0. If none has, no block needs the model for decoding.
///
/// # Safety
/// `model` is NULL or a model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_model_has_network(model: *const RbModel) -> i32 {
    // SAFETY: as documented
    unsafe { model.as_ref() }.map_or(0, |m| i32::from(m.model.has_network()))
}

/// Value type of column `i`, an RbType; 0 if there is no such column.
///
/// # Safety
/// `model` is NULL or a model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_model_column_type(model: *const RbModel, i: usize) -> u32 {
    // SAFETY: as documented
    unsafe { model.as_ref() }.and_then(|m| m.column(i)).map_or(0, |c| type_code(c.spec.value))
}

/// Resolved bound of column `i`, such as "abs=0.0123"; owned by the model, NULL if there is no such column.
///
/// # Safety
/// `model` is NULL or a model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_model_column_bound(model: *const RbModel, i: usize) -> *const c_char {
    // SAFETY: as documented
    unsafe { model.as_ref() }.and_then(|m| m.bounds.get(i)).map_or(ptr::null(), |s| s.as_ptr())
}

/// The bound of column `i` as the user asked for it, such as "rel-sigma=0.001"; owned by the model, NULL if there is
/// no such column.
///
/// # Safety
/// `model` is NULL or a model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_model_column_request(model: *const RbModel, i: usize) -> *const c_char {
    // SAFETY: as documented
    unsafe { model.as_ref() }.and_then(|m| m.requests.get(i)).map_or(ptr::null(), |s| s.as_ptr())
}

/// Index of the column of a branch, or -1.
///
/// # Safety
/// `model` is NULL or a model; `name` is NULL or a string that ends in NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_model_find(model: *const RbModel, name: *const c_char) -> i64 {
    let find = || -> Result<i64> {
        // SAFETY: as documented
        let (model, name) = unsafe { (handle(model, "model")?, text(name, "name")?) };
        Ok(model.model.find(name).map_or(-1, |i| i as i64))
    };
    find().unwrap_or(-1)
}

/// Earlier columns that column `i` is conditioned on: model indexes, ascending; owned by the model.
///
/// @param n  receives how many; 0 if the column stands alone.
/// @return the indexes, NULL if there are none.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_model_parents(model: *const RbModel, i: usize, n: *mut usize) -> *const u32 {
    // SAFETY: as documented, here and below
    let column = unsafe { model.as_ref() }.and_then(|m| m.column(i));
    let parents = column.map_or(&[][..], |c| &c.parents);
    if let Some(n) = unsafe { n.as_mut() } {
        *n = parents.len();
    }
    if parents.is_empty() { ptr::null() } else { parents.as_ptr() }
}

/// The branch that a foreign column takes its values from, one with another counter; owned by the model. NULL for all
/// other columns. Foreign columns are seen by others and never coded.
///
/// @param index  receives the column whose integers are places in the entries of that branch; may be NULL.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_model_foreign(model: *const RbModel, i: usize, index: *mut u32) -> *const c_char {
    // SAFETY: as documented, here and below
    let Some(model) = (unsafe { model.as_ref() }) else { return ptr::null() };
    let foreign = model.column(i).and_then(|c| c.spec.foreign.as_ref());
    if let (Some(foreign), Some(index)) = (foreign, unsafe { index.as_mut() }) {
        *index = foreign.index;
    }
    if foreign.is_some() { model.branches[i].as_ptr() } else { ptr::null() }
}

/// Whether two columns, of the same model or not, have the same type and quantise in the same way: 1 or 0.
///
/// # Safety
/// The models are NULL or models.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_model_quantise_alike(
    model: *const RbModel,
    i: usize,
    other: *const RbModel,
    k: usize,
) -> i32 {
    // SAFETY: as documented, here and below
    let a = unsafe { model.as_ref() }.and_then(|m| m.column(i));
    let b = unsafe { other.as_ref() }.and_then(|m| m.column(k));
    let alike = |a: &ModelColumn, b: &ModelColumn| a.spec.value == b.spec.value && a.spec.quantiser == b.spec.quantiser;
    a.zip(b).map_or(0, |(a, b)| i32::from(alike(a, b)))
}

/// Contexts of a foreign column for the rows of its group, from those of its branch for the same entries.
///
/// @param i         a foreign column.
/// @param index     those of its index column; their counts add up to them.
/// @param elements  those of the foreign column (rb_model_context()) for the values of its branch.
/// @param out       receives as many contexts as `index` has; `lattice` must be there if rb_model_lattice_seen().
/// @return RB_OK, RB_MISSING (fewer contexts than the counts say) or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_model_gather(
    model: *const RbModel,
    i: usize,
    index: *const RbElements,
    elements: *const RbElements,
    out: *const RbSeenOut,
) -> RbStatus {
    /// # Safety
    /// `elements` is NULL or as RbElements describes.
    unsafe fn read<'a>(elements: *const RbElements) -> Result<Elements<'a>> {
        // SAFETY: as documented
        unsafe {
            let elements = handle(elements, "elements")?;
            let counts = slice(elements.counts, elements.entries, "counts")?;
            Ok(Elements { seen: elements.seen.read(elements.n)?, counts })
        }
    }
    guard(|| {
        // SAFETY: as documented, here and below
        let model = unsafe { handle(model, "model") }?;
        let (index, elements) = unsafe { (read(index)?, read(elements)?) };
        let gathered = foreign::gather(&model.model, i, index, elements)?;
        if gathered.scores.len() != index.seen.scores.len() {
            return Err(Error::BadArgument("the counts do not add up to the rows of the index".into()));
        }
        unsafe { put(gathered, out) }
    })
}

/// Whether others need the lattice integers of column `i`, not its scores alone: 1 or 0.
///
/// # Safety
/// `model` is NULL or a model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_model_lattice_seen(model: *const RbModel, i: usize) -> i32 {
    // SAFETY: as documented
    unsafe { model.as_ref() }.and_then(|m| m.column(i)).map_or(0, |c| i32::from(c.lattice_seen))
}

/// Context of values of column `i`: what later columns see of them.
///
/// @param values  `rows` values as in a ROOT basket (big-endian), original or reconstructed: the result is the same.
/// @param out     receives `rows` contexts.
/// @return RB_OK or RB_BAD_ARGUMENT.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_model_context(
    model: *const RbModel,
    i: usize,
    values: *const u8,
    rows: usize,
    out: *const RbSeenOut,
) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let column = unsafe { column_of(model, i) }?;
        let raw = unsafe { slice(values, length(rows, column.spec.value)?, "values") }?;
        unsafe { put(with_type!(column.spec.value, T => column.context(&values_from_be::<T>(raw))), out) }
    })
}

/// # Safety
/// `out` is NULL or has room for as many rows as `context`.
pub(super) unsafe fn put(context: ColumnContext, out: *const RbSeenOut) -> Result<()> {
    // SAFETY: as documented, here and below
    let out = unsafe { handle(out, "out")?.write(context.scores.len()) }?;
    out.scores.copy_from_slice(&context.scores);
    if !out.lattice.is_empty() {
        if context.lattice.is_empty() {
            return Err(Error::BadArgument("nobody needs the lattice integers of this column".into()));
        }
        out.lattice.copy_from_slice(&context.lattice);
    }
    Ok(())
}

/// # Safety
/// `model` is NULL or a model.
pub(super) unsafe fn column_of<'a>(model: *const RbModel, i: usize) -> Result<&'a ModelColumn> {
    // SAFETY: as documented
    let columns = unsafe { handle(model, "model") }?.model.columns();
    columns.get(i).ok_or_else(|| Error::BadArgument(format!("the model has no column {i}")))
}
