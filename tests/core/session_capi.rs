//! Sessions over the C ABI: a container of callbacks, its errors, and arguments that are not there.

mod common;

use rootbaler::capi::*;
use rootbaler::values::value::values_to_be;
use std::ffi::{CStr, c_char, c_void};
use std::ptr;
use std::sync::Mutex;

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

/// Callbacks for these values, which must outlive it.
fn container_of(own: &mut Values, stored: StoredFn) -> RbContainer {
    RbContainer {
        own: (&raw mut *own).cast(),
        find: Some(find),
        describe: Some(describe),
        piece: Some(piece),
        piece_with: Some(piece_with),
        stored: Some(stored),
        unpack: Some(unpack),
        model: Some(model),
        models: Some(models),
    }
}

/// Reads the second piece of a container that cannot give it.
fn read_second(stored: StoredFn) -> (RbStatus, String) {
    let mut own = Values { bytes: vec![0; 400] };
    let container = container_of(&mut own, stored);
    let (mut session, mut status) = (ptr::null_mut(), RbStatus::RB_OK);
    unsafe {
        assert_eq!(rb_session_new(&container, &mut session), RbStatus::RB_OK);
        for _ in 0..3 {
            let sink = rb_sink_new();
            status = rb_session_read(session, 7, 70, 80, 1, sink, ptr::null_mut());
            rb_sink_free(sink);
        }
        rb_session_free(session);
    }
    (status, last_error())
}

type StoredFn = unsafe extern "C" fn(*mut c_void, u64, u64, *mut RbSink, *mut usize) -> u32;

unsafe extern "C" fn silent(_: *mut c_void, _: u64, _: u64, _: *mut RbSink, _: *mut usize) -> u32 {
    RbStatus::RB_MISSING as u32
}

unsafe extern "C" fn unheard_of(_: *mut c_void, _: u64, _: u64, _: *mut RbSink, _: *mut usize) -> u32 {
    77
}

unsafe extern "C" fn internal(_: *mut c_void, _: u64, _: u64, _: *mut RbSink, _: *mut usize) -> u32 {
    unsafe { rb_fail(RbStatus::RB_INTERNAL as u32, c"a fault".as_ptr()) }
}

/// Fails in a function of the core, and passes on why.
unsafe extern "C" fn passed_on(_: *mut c_void, _: u64, _: u64, _: *mut RbSink, _: *mut usize) -> u32 {
    unsafe { rb_bound_check(c"abs=0".as_ptr()) as u32 }
}

#[test]
fn callbacks_that_fail_have_reasons_of_their_own() {
    let why = "basket 1 of branch x: a callback failed with status";
    assert_eq!(unsafe { rb_bound_check(c"abs=-1".as_ptr()) }, RbStatus::RB_BAD_ARGUMENT);
    assert_eq!(read_second(silent), (RbStatus::RB_MISSING, format!("{why} 4 and did not say why")));
    assert_eq!(read_second(unheard_of), (RbStatus::RB_IO, format!("{why} 77 and did not say why")));
    assert_eq!(read_second(internal), (RbStatus::RB_IO, "basket 1 of branch x: a fault".to_owned()));
    let (status, why) = read_second(passed_on);
    assert_eq!(status, RbStatus::RB_BAD_ARGUMENT);
    assert!(why.starts_with("basket 1 of branch x: bound 'abs=0': "), "{why}");
}

static SAID: Mutex<Vec<(u32, String)>> = Mutex::new(Vec::new());

unsafe extern "C" fn listen(_: *mut c_void, level: u32, text: *const c_char) {
    let text = unsafe { CStr::from_ptr(text) }.to_str().unwrap().to_owned();
    SAID.lock().unwrap().push((level, text));
}

/// Says what the table of [`a_column_that_does_not_fit_its_model_is_said`] has.
unsafe extern "C" fn describe_x(_: *mut c_void, column: u64, out: *mut RbTableColumn) -> i32 {
    static NAMES: [&CStr; 2] = [c"x", c"y"];
    let out = unsafe { &mut *out };
    let Some(name) = NAMES.get(column as usize) else { return 0 };
    (out.info.name, out.info.value, out.n_leaves, out.rows_per_entry) = (name.as_ptr(), 1, 1, 1);
    out.leaves = Box::leak(Box::new(RbLeaf { name: name.as_ptr(), value: 1, count: 1 }));
    1
}

#[test]
fn a_column_that_does_not_fit_its_model_is_said() {
    let (mut sample, mut made, mut codec, mut session) =
        (ptr::null_mut(), ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
    let table = RbTable {
        own: ptr::null_mut(),
        find: Some(find_none),
        describe: Some(describe_x),
        is_written: Some(is_written),
        counted_by: Some(counted_by),
        live: Some(live),
    };
    let piece = RbLive { number: 0, first: 0, entries: 0, values: ptr::null(), len: 0, begins: ptr::null(), base: 0 };
    unsafe {
        assert_eq!(rb_set_log(Some(listen), ptr::null_mut(), 4), RbStatus::RB_OK);
        assert_eq!(rb_sample_new(2, &mut sample), RbStatus::RB_OK);
        for (name, kind) in [(c"x", RbType::RB_F64), (c"y", RbType::RB_F32)] {
            let values = [1.5f64, 2.5].as_ptr().cast();
            assert_eq!(
                rb_sample_add(sample, name.as_ptr(), kind as u32, c"abs=0.1".as_ptr(), f64::NAN, values),
                RbStatus::RB_OK
            );
        }
        assert_eq!(rb_model_build(sample, &mut made), RbStatus::RB_OK);
        assert_eq!(rb_codec_new(&mut codec), RbStatus::RB_OK);
        assert_eq!(rb_codec_add_model(codec, made), RbStatus::RB_OK);
        assert_eq!(rb_write_session_new(codec, &table, &mut session), RbStatus::RB_OK);
        let mut together = 0;
        for column in [0, 1, 0, 1] {
            assert_eq!(rb_write_session_begin(session, column, &piece, &mut together), RbStatus::RB_OK);
        }
        assert_eq!(rb_set_log(None, ptr::null_mut(), 0), RbStatus::RB_OK);
        let hash = rb_model_hash(made);
        let said = SAID.lock().unwrap();
        let times = |level, text: &str| said.iter().filter(|(l, t)| *l == level && t.starts_with(text)).count();
        assert_eq!(times(4, &format!("model {hash:016x}: 2 columns, no networks, ")), 1, "{said:?}");
        assert_eq!(times(2, "column x has another type here than in its model"), 1, "{said:?}");
        assert_eq!(times(4, "column x: alone, lossless"), 1, "{said:?}");
        assert_eq!(times(4, &format!("column y: of model {hash:016x}")), 1, "{said:?}");
        assert_eq!(times(2, "column y"), 0, "{said:?}");
        rb_write_session_free(session);
        rb_codec_free(codec);
        rb_model_free(made);
        rb_sample_free(sample);
    }
}

unsafe extern "C" fn find_none(_: *mut c_void, _: *const c_char, _: *mut u64) -> i32 {
    0
}

/// Counts how often it is called.
unsafe extern "C" fn describe_none(own: *mut c_void, _: u64, _: *mut RbTableColumn) -> i32 {
    unsafe { *own.cast::<u32>() += 1 };
    0
}

unsafe extern "C" fn is_written(_: *mut c_void, _: u64) -> i32 {
    1
}

unsafe extern "C" fn counted_by(_: *mut c_void, _: u64, _: *mut usize) -> *const u64 {
    ptr::null()
}

unsafe extern "C" fn live(_: *mut c_void, _: u64, _: *mut RbLive) -> i32 {
    0
}

#[test]
fn nothing_is_begun_whose_result_has_no_place() {
    let mut calls = 0u32;
    let table = RbTable {
        own: (&raw mut calls).cast(),
        find: Some(find_none),
        describe: Some(describe_none),
        is_written: Some(is_written),
        counted_by: Some(counted_by),
        live: Some(live),
    };
    let piece = RbLive { number: 0, first: 0, entries: 0, values: ptr::null(), len: 0, begins: ptr::null(), base: 0 };
    let source = RbSource { bytes: [0u8; 4].as_ptr(), len: 4, data_len: 4, entries: 1, first: RB_NONE };
    let (mut codec, mut session, mut together) = (ptr::null_mut(), ptr::null_mut(), 0);
    unsafe {
        assert_eq!(rb_codec_new(&mut codec), RbStatus::RB_OK);
        assert_eq!(rb_write_session_new(codec, &table, &mut session), RbStatus::RB_OK);
        assert_eq!(rb_write_session_begin(session, 1, &piece, ptr::null_mut()), RbStatus::RB_BAD_ARGUMENT);
        let (nowhere, nothing) = (ptr::null_mut(), ptr::null_mut());
        let status = rb_write_session_encode(session, 1, 5, &source, nowhere, 0, nothing);
        assert_eq!((status, calls), (RbStatus::RB_BAD_ARGUMENT, 0));
        assert_eq!(rb_write_session_begin(session, 1, &piece, &mut together), RbStatus::RB_MISSING);
        assert_eq!(calls, 1);
        rb_write_session_free(session);
        rb_codec_free(codec);
    }
}

#[test]
fn a_container_of_callbacks() {
    let values: Vec<f32> = (0..100).map(|x| x as f32).collect();
    let mut own = Values { bytes: values_to_be(&values) };
    let container = container_of(&mut own, stored);
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
