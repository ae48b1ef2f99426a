//! Status codes, the text of the last error, and the guard that every function goes through.

use crate::error::{Error, Result};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::ffi::{CStr, CString, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::NonNull;

/// What a function of this library returns. The numbers never change.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types)]
pub enum RbStatus {
    /// Done.
    RB_OK = 0,
    /// An argument that no data could make valid: a bound of 0, a null pointer, a wrong length.
    RB_BAD_ARGUMENT = 1,
    /// Data of a version that this library does not know.
    RB_INCOMPATIBLE = 2,
    /// Damaged, truncated or hostile data.
    RB_CORRUPT = 3,
    /// A model or column that the data need is not there.
    RB_MISSING = 4,
    /// The operating system refused to read or write.
    RB_IO = 5,
    /// A defect of this library; please report it.
    RB_INTERNAL = 6,
}

thread_local! {
    static LAST_ERROR: RefCell<CString> = RefCell::default();
    /// Whether it is of the callback that runs, or ran last.
    static IS_NEW: Cell<bool> = const { Cell::new(false) };
}

/// The text of this thread's last error, UTF-8, one line; empty if there was none.
///
/// Valid until the next failing call on the same thread. Never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn rb_last_error() -> *const c_char {
    LAST_ERROR.with(|e| e.borrow().as_ptr())
}

/// The library's version, such as "0.1.0". Static.
#[unsafe(no_mangle)]
pub extern "C" fn rb_version() -> *const c_char {
    const VERSION: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(v) => v,
        Err(_) => c"",
    };
    VERSION.as_ptr()
}

/// Version of this C ABI, RB_ABI_VERSION of the header that the library was built with. It grows with every change that
/// a program built before would notice.
#[unsafe(no_mangle)]
pub extern "C" fn rb_abi_version() -> u32 {
    RB_ABI_VERSION
}

/// `cbindgen.toml` has it, too.
pub const RB_ABI_VERSION: u32 = 1;

/// Runs `body`; its error or panic becomes a status and the thread's last error.
pub(super) fn guard(body: impl FnOnce() -> Result<()>) -> RbStatus {
    let (status, text) = match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => return RbStatus::RB_OK,
        Ok(Err(error)) => {
            let status = match error {
                Error::BadArgument(_) => RbStatus::RB_BAD_ARGUMENT,
                Error::Incompatible(_) => RbStatus::RB_INCOMPATIBLE,
                Error::Corrupt(_) => RbStatus::RB_CORRUPT,
                Error::Missing(_) => RbStatus::RB_MISSING,
                Error::Unreadable(_) | Error::Io { .. } => RbStatus::RB_IO,
            };
            (status, error.to_string())
        }
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("panic");
            (RbStatus::RB_INTERNAL, format!("internal error: {text}; please report it"))
        }
    };
    set_last_error(&text);
    status
}

fn set_last_error(text: &str) {
    let text = CString::new(text.replace('\0', " ")).unwrap_or_default();
    LAST_ERROR.with(|e| *e.borrow_mut() = text);
    IS_NEW.set(true);
}

/// For callbacks that fail: keeps why, for who called the function that called back.
///
/// @param status  an RbStatus other than RB_OK. The function that called back returns it, too; for RB_INTERNAL, and for
///                what is no RbStatus, it returns RB_IO.
/// @param why     one line of UTF-8; copied.
/// @return `status`, to be returned by the callback.
///
/// # Safety
/// `why` is NULL or a string that ends in NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_fail(status: u32, why: *const c_char) -> u32 {
    // SAFETY: as documented
    let why = if why.is_null() { c"" } else { unsafe { CStr::from_ptr(why) } };
    set_last_error(&why.to_string_lossy());
    status
}

/// Calls back. The reason of a failure is what the callback has kept with [`rb_fail`], and not what failed before it.
pub(super) fn call_back(callback: impl FnOnce() -> u32) -> Result<()> {
    let of_caller = IS_NEW.replace(false); // callbacks may call functions that call back
    let status = callback();
    let is_new = IS_NEW.replace(of_caller);
    if status == RbStatus::RB_OK as u32 {
        return Ok(());
    }
    let why = match is_new {
        true => LAST_ERROR.with(|e| e.borrow().to_string_lossy().into_owned()),
        false => format!("a callback failed with status {status} and did not say why"),
    };
    // only these words are left of a core error that the callback passes on; the core says them itself
    let own = why.strip_prefix("corrupt data: ").unwrap_or(&why).to_owned();
    type Kind = (RbStatus, fn(String) -> Error);
    const KINDS: [Kind; 4] = [
        (RbStatus::RB_BAD_ARGUMENT, Error::BadArgument),
        (RbStatus::RB_INCOMPATIBLE, Error::Incompatible),
        (RbStatus::RB_CORRUPT, Error::Corrupt),
        (RbStatus::RB_MISSING, Error::Missing),
    ];
    let kind = KINDS.iter().find(|(known, _)| *known as u32 == status);
    Err(kind.map_or(Error::Unreadable as fn(String) -> Error, |(_, error)| *error)(own))
}

/// A C string as text.
///
/// # Safety
/// `text` is NULL or points to a string that ends in NUL and lives as long as `'a`.
pub(super) unsafe fn text<'a>(text: *const c_char, what: &str) -> Result<&'a str> {
    if text.is_null() {
        return Err(Error::BadArgument(format!("{what} is NULL")));
    }
    // SAFETY: not NULL; the caller vouches for the rest
    unsafe { CStr::from_ptr(text) }.to_str().map_err(|_| Error::BadArgument(format!("{what} is not UTF-8")))
}

/// The name of a branch, or a pattern of such. ROOT's names may be any bytes; what is no UTF-8 in them becomes U+FFFD,
/// as models have none of these names, and patterns match them all the same.
///
/// # Safety
/// As for [`text`].
pub(super) unsafe fn name<'a>(name: *const c_char, what: &str) -> Result<Cow<'a, str>> {
    if name.is_null() {
        return Err(Error::BadArgument(format!("{what} is NULL")));
    }
    // SAFETY: not NULL; the caller vouches for the rest
    Ok(unsafe { CStr::from_ptr(name) }.to_string_lossy())
}

/// `len` items from C.
///
/// # Safety
/// `data` is NULL or points to `len` items that live as long as `'a` and do not change.
pub(super) unsafe fn slice<'a, T>(data: *const T, len: usize, what: &str) -> Result<&'a [T]> {
    if len == 0 {
        return Ok(&[]);
    }
    if data.is_null() {
        return Err(Error::BadArgument(format!("{what} is NULL")));
    }
    fits::<T>(len, what)?;
    // SAFETY: not NULL, no longer than memory; the caller vouches for the rest
    Ok(unsafe { std::slice::from_raw_parts(data, len) })
}

/// `len` items of C to write to.
///
/// # Safety
/// `data` is NULL or points to `len` items that live as long as `'a` and that nobody else uses meanwhile.
pub(super) unsafe fn slice_mut<'a, T>(data: *mut T, len: usize, what: &str) -> Result<&'a mut [T]> {
    if len == 0 {
        return Ok(&mut []);
    }
    if data.is_null() {
        return Err(Error::BadArgument(format!("{what} is NULL")));
    }
    fits::<T>(len, what)?;
    // SAFETY: not NULL, no longer than memory; the caller vouches for the rest
    Ok(unsafe { std::slice::from_raw_parts_mut(data, len) })
}

/// Refuses lengths that nothing in memory has, such as -1.
fn fits<T>(len: usize, what: &str) -> Result<()> {
    let bytes = len.checked_mul(size_of::<T>()).and_then(|bytes| isize::try_from(bytes).ok());
    bytes.map(|_| ()).ok_or_else(|| Error::BadArgument(format!("{what}: {len} of them fill no memory")))
}

/// Where a result goes. Who asks first does nothing that the caller cannot hear of.
pub(super) fn place<T>(out: *mut T, what: &str) -> Result<NonNull<T>> {
    NonNull::new(out).ok_or_else(|| Error::BadArgument(format!("{what} is NULL")))
}

/// A handle from C.
///
/// # Safety
/// `handle` is NULL or was made by this library and not freed.
pub(super) unsafe fn handle<'a, T>(handle: *const T, what: &str) -> Result<&'a T> {
    // SAFETY: as the caller vouches
    unsafe { handle.as_ref() }.ok_or_else(|| Error::BadArgument(format!("{what} is NULL")))
}

/// Gives a value to C through an out pointer.
///
/// # Safety
/// `out` is NULL or may be written to.
pub(super) unsafe fn give<T>(out: *mut T, value: T, what: &str) -> Result<()> {
    // SAFETY: not NULL; the caller vouches for the rest
    unsafe { place(out, what)?.write(value) };
    Ok(())
}

/// Gives a new handle to C through an out pointer; nothing is made if there is no place for it.
///
/// # Safety
/// `out` is NULL or may be written to.
pub(super) unsafe fn give_handle<T>(out: *mut *mut T, make: impl FnOnce() -> Result<Box<T>>) -> Result<()> {
    let out = place(out, "out")?;
    let made = Box::into_raw(make()?);
    // SAFETY: not NULL; the caller vouches for the rest
    unsafe { out.write(made) };
    Ok(())
}
