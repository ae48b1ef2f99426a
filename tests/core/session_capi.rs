//! Sessions over the C ABI: a container of callbacks, its errors, and arguments that are not there.

mod common;

use rootbaler::capi::*;
use rootbaler::values::value::values_to_be;
use std::ffi::{CStr, c_char, c_void};
use std::ptr;

/// Columns `x` of 100 values in two pieces, the second of which cannot be had.
struct Values {
    bytes: Vec<u8>,
}

unsafe extern "C" fn find(_: *mut c_void, name: *const c_char, column: *mut u64) -> u32 {
    if unsafe { CStr::from_ptr(name) } == c"x" {
        unsafe { *column = 7 };
    }
    0
}

unsafe extern "C" fn describe(_: *mut c_void, _: u64, info: *mut RbColumnInfo) -> u32 {
    let info = unsafe { &mut *info };
    (info.name, info.value) = (c"x".as_ptr(), 1);
    0
}

unsafe extern "C" fn piece(_: *mut c_void, _: u64, number: u64, piece: *mut RbPiece) -> u32 {
    if number < 2 {
        unsafe { *piece = RbPiece { number, first: 60 * number, end: 60 + 40 * number, place: number } };
    }
    0
}

unsafe extern "C" fn piece_with(own: *mut c_void, column: u64, position: u64, out: *mut RbPiece) -> u32 {
    unsafe { piece(own, column, if position < 100 { position / 60 } else { 2 }, out) }
}

unsafe extern "C" fn stored(own: *mut c_void, _: u64, number: u64, bytes: *mut RbSink, raw_len: *mut usize) -> u32 {
    if number == 1 {
        return unsafe { rb_fail(RbStatus::RB_IO as u32, c"the disk is gone".as_ptr()) };
    }
    let values = &unsafe { &*own.cast::<Values>() }.bytes[..240];
    unsafe {
        ptr::copy_nonoverlapping(values.as_ptr(), rb_sink_room(bytes, 240), 240);
        *raw_len = 240;
    }
    0
}

unsafe extern "C" fn unpack(_: *mut c_void, _: *const u8, _: usize, _: *mut u8, _: usize) -> u32 {
    unsafe { rb_fail(RbStatus::RB_CORRUPT as u32, c"no such compression".as_ptr()) }
}

unsafe extern "C" fn model(_: *mut c_void, _: u64, _: *mut RbModelSink) -> u32 {
    0
}

unsafe extern "C" fn models(_: *mut c_void, _: *mut RbModelSink) -> u32 {
    0
}

fn last_error() -> String {
    unsafe { CStr::from_ptr(rb_last_error()) }.to_str().unwrap().to_owned()
}

#[test]
fn a_container_of_callbacks() {
    let values: Vec<f32> = (0..100).map(|x| x as f32).collect();
    let mut own = Values { bytes: values_to_be(&values) };
    let container = RbContainer {
        own: (&raw mut own).cast(),
        find: Some(find),
        describe: Some(describe),
        piece: Some(piece),
        piece_with: Some(piece_with),
        stored: Some(stored),
        unpack: Some(unpack),
        model: Some(model),
        models: Some(models),
    };
    let bad = RbStatus::RB_BAD_ARGUMENT;
    unsafe {
        assert_eq!(rb_session_new(&container, ptr::null_mut()), bad);
        let mut session = ptr::null_mut();
        assert_eq!(rb_session_new(&RbContainer { model: None, ..container }, &mut session), bad);
        assert_eq!(rb_session_new(ptr::null(), &mut session), bad);
        assert_eq!(rb_session_new(&container, &mut session), RbStatus::RB_OK);

        let (sink, mut n) = (rb_sink_new(), 0);
        assert_eq!(rb_session_read(session, 7, 10, 60, 1, sink, &mut n), RbStatus::RB_OK);
        let mut len = 0;
        let bytes = rb_sink_bytes(sink, &mut len);
        let read: Vec<f32> = std::slice::from_raw_parts(bytes, len)
            .chunks(4)
            .map(|value| f32::from_ne_bytes(value.try_into().unwrap()))
            .collect();
        assert_eq!((n, &read[..]), (50, &values[10..60]));
        assert_eq!(rb_session_read(session, 7, 10, 61, 1, sink, &mut n), RbStatus::RB_IO);
        assert_eq!(last_error(), "basket 1 of branch x: the disk is gone");
        assert_eq!(rb_session_read(session, 7, 0, 1, 1, ptr::null_mut(), &mut n), bad);
        assert_eq!(rb_session_read(ptr::null(), 7, 0, 1, 1, sink, &mut n), bad);
        rb_sink_free(sink);
        rb_sink_free(ptr::null_mut());
        assert!(rb_sink_room(ptr::null_mut(), 5).is_null());

        let (mut needs, mut all) = ([RbNeed { column: 0, number: 0 }], 0);
        assert_eq!(rb_session_needs(session, 7, 0, 100, needs.as_mut_ptr(), 1, &mut all), RbStatus::RB_OK);
        assert_eq!((all, needs[0].column, needs[0].number), (2, 7, 0));
        assert_eq!(rb_session_needs(session, 7, 0, 100, ptr::null_mut(), 0, &mut all), RbStatus::RB_OK);
        assert_eq!(rb_session_needs(session, 7, 0, 100, ptr::null_mut(), 0, ptr::null_mut()), bad);

        let mut counts = [0; 3];
        assert_eq!(rb_session_counts(session, 7, 0, 3, counts.as_mut_ptr(), 3), RbStatus::RB_MISSING);
        assert_eq!(rb_session_counts(session, 7, 0, 4, counts.as_mut_ptr(), 3), bad);

        let block = common::table::alone(&common::table::smooth(500, 0));
        let mut out = vec![0; 2000];
        for at in [7, RB_NONE] {
            let status = rb_session_decode(session, at, 0, block.as_ptr(), block.len(), out.as_mut_ptr(), out.len());
            assert_eq!(status, RbStatus::RB_OK);
        }
        assert_eq!(rb_session_decode(session, 7, 0, ptr::null(), 5, out.as_mut_ptr(), 5), bad);
        rb_session_free(session);
        rb_session_free(ptr::null_mut());
    }
}
