//! Where the core's messages go in a process that has a place of its own for them.

use super::status::{RbStatus, guard};
use crate::error::Error;
use log::{Level, LevelFilter, Log, Metadata, Record};
use std::ffi::{CString, c_char, c_void};
use std::sync::{LazyLock, PoisonError, RwLock};

type Show = unsafe extern "C" fn(owner: *mut c_void, level: u32, text: *const c_char);

#[derive(Clone, Copy)]
struct Sink {
    show: Show,
    owner: *mut c_void,
}

// SAFETY: whoever gives a sink lets any thread call it
unsafe impl Send for Sink {}
// SAFETY: the same
unsafe impl Sync for Sink {}

static SINK: RwLock<Option<Sink>> = RwLock::new(None);
/// Whether messages come here. There is one logger in a program, for ever.
static IS_OURS: LazyLock<bool> = LazyLock::new(|| log::set_logger(&ToSink).is_ok());

struct ToSink;

impl Log for ToSink {
    fn enabled(&self, _: &Metadata) -> bool {
        true // the largest level is checked before
    }

    fn log(&self, record: &Record) {
        // not held during the call, which may set another
        let sink = *SINK.read().unwrap_or_else(PoisonError::into_inner);
        let Some(Sink { show, owner }) = sink else { return };
        let text = CString::new(record.args().to_string().replace('\0', " ")).unwrap_or_default();
        // SAFETY: as rb_set_log() asks for
        unsafe { show(owner, record.level() as u32, text.as_ptr()) }
    }

    fn flush(&self) {}
}

/// Says where the messages of this library go. Without it, and with NULL, they go nowhere.
///
/// They are few, and none for each value or piece: a warning where a column does not fit its model; at level debug each
/// model that is parsed, and how each column of a table is coded. Errors are what functions return.
///
/// @param show   called from any thread with `owner`, the message's level (1 error, 2 warning, 3 note, 4 debug, 5
///               trace) and its text, one line, valid during the call. It must not throw. NULL: nobody listens any
///               more.
/// @param owner  handed to `show`; may be NULL.
/// @param level  messages above this level are not made at all.
/// @return RB_OK, or RB_BAD_ARGUMENT if a Rust program that this library is part of has a logger of its own.
///
/// # Safety
/// `show` may be called with `owner` until it is replaced and the calls that have begun are over.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_set_log(
    show: Option<unsafe extern "C" fn(owner: *mut c_void, level: u32, text: *const c_char)>,
    owner: *mut c_void,
    level: u32,
) -> RbStatus {
    guard(|| {
        if show.is_some() && !*IS_OURS {
            return Err(Error::BadArgument("the program has a logger of its own".into()));
        }
        let mut sink = SINK.write().unwrap_or_else(PoisonError::into_inner);
        *sink = show.map(|show| Sink { show, owner });
        let wanted = Level::iter().find(|&l| l as u32 == level.min(Level::Trace as u32));
        log::set_max_level(wanted.filter(|_| sink.is_some()).map_or(LevelFilter::Off, |l| l.to_level_filter()));
        Ok(())
    })
}
