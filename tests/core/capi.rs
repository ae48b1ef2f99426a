//! The C ABI from its users' side: nothing leaks where there is no place for a handle, values in native order, what
//! rounding and checking say.

mod common;

use common::{Random, random_net_model};
use rootbaler::capi::*;
use rootbaler::format::block::Block;
use rootbaler::values::bound::Bound;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ffi::{CStr, c_void};
use std::ptr;

/// Counts what this thread holds.
struct Counting;

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
}

// SAFETY: all is done by the system's allocator
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = HELD.try_with(|held| held.set(held.get() + layout.size() as isize));
        // SAFETY: as the caller vouches
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        let _ = HELD.try_with(|held| held.set(held.get() - layout.size() as isize));
        // SAFETY: as the caller vouches
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn values(n: usize) -> Vec<f32> {
    let mut random = Random(7);
    let mut values: Vec<f32> = (0..n).map(|_| random.next() as f32 / (1u64 << 31) as f32 * 50.0).collect();
    (values[3], values[4], values[5]) = (f32::NAN, -0.0, f32::INFINITY);
    values
}

fn model() -> *mut RbModel {
    let second: Vec<f32> = values(500).iter().map(|x| x * 0.5).collect();
    let bytes = random_net_model(&values(500), &second, None, Bound::Abs(0.01), 5).bytes().to_vec();
    let mut model = ptr::null_mut();
    // SAFETY: as documented in the header, like all that follows
    assert_eq!(unsafe { rb_model_load(bytes.as_ptr(), bytes.len(), &mut model) }, RbStatus::RB_OK);
    model
}

fn column(bound: &CStr) -> *mut RbColumn {
    let mut column = ptr::null_mut();
    // SAFETY: as above
    assert_eq!(unsafe { rb_column_new(RbType::RB_F32 as u32, bound.as_ptr(), &mut column) }, RbStatus::RB_OK);
    column
}

#[test]
fn no_handle_is_made_where_there_is_no_place_for_it() {
    fn none<T>() -> *mut T {
        ptr::null_mut()
    }
    let path = std::env::temp_dir().join(format!("rootbaler-capi-{}.rbm", std::process::id()));
    let model = model();
    let (mut sample, mut codec) = (none(), none());
    // SAFETY: as above
    unsafe {
        let mut len = 0;
        let bytes = rb_model_bytes(model, &mut len);
        std::fs::write(&path, std::slice::from_raw_parts(bytes, len)).unwrap();
        let c_path = std::ffi::CString::new(path.to_str().unwrap()).unwrap();
        assert_eq!(rb_codec_new(&mut codec), RbStatus::RB_OK);
        assert_eq!(rb_codec_add_model(codec, model), RbStatus::RB_OK);
        let mut stored_len = 0;
        let stored = rb_codec_bytes(codec, RbCodecForm::RB_CODEC_BYTES as u32, &mut stored_len);
        assert_eq!(rb_sample_new(500, &mut sample), RbStatus::RB_OK);
        let rows = values(500);
        let add = rb_sample_add(sample, c"x".as_ptr(), 1, c"abs=0.1".as_ptr(), f64::NAN, rows.as_ptr().cast());
        assert_eq!(add, RbStatus::RB_OK);
        let give: [(&str, &dyn Fn() -> RbStatus); 16] = [
            ("rb_column_new", &|| rb_column_new(1, c"abs=1".as_ptr(), none())),
            ("rb_model_load", &|| rb_model_load(bytes, len, none())),
            ("rb_model_load_file", &|| rb_model_load_file(c_path.as_ptr(), none())),
            ("rb_model_build", &|| rb_model_build(sample, none())),
            ("rb_model_known", &|| rb_model_known(rb_model_hash(model), none())),
            ("rb_sample_new", &|| rb_sample_new(1000, none())),
            ("rb_sample_new_jagged", &|| rb_sample_new_jagged([1u32, 2].as_ptr(), 2, none())),
            ("rb_spread_new", &|| rb_spread_new(1, none())),
            ("rb_codec_new", &|| rb_codec_new(none())),
            ("rb_codec_copy", &|| rb_codec_copy(codec, none())),
            ("rb_codec_parse", &|| rb_codec_parse(0, stored, stored_len, none())),
            ("rb_codec_model", &|| rb_codec_model(codec, 0, none())),
            ("rb_codec_reduced", &|| rb_codec_reduced(codec, none())),
            ("rb_codec_without_networks", &|| rb_codec_without_networks(codec, &rb_model_hash(model), 1, none())),
            ("rb_codec_for_branches", &|| rb_codec_for_branches(codec, [c"first".as_ptr()].as_ptr(), 1, none())),
            ("rb_codec_parse, models", &|| rb_codec_parse(2, bytes, len, none())),
        ];
        for (name, give) in give {
            assert_eq!(give(), RbStatus::RB_BAD_ARGUMENT, "{name}");
            let before = HELD.get();
            for _ in 0..3 {
                give();
            }
            assert_eq!(HELD.get(), before, "{name} holds what nobody can free");
        }
        rb_sample_free(sample);
        rb_codec_free(codec);
        rb_model_free(model);
    }
    std::fs::remove_file(path).unwrap();
}

#[test]
fn the_header_has_the_librarys_number() {
    let header =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/include/rootbaler/rootbaler.h")).unwrap();
    assert!(header.contains(&format!("#define RB_ABI_VERSION {}\n", rb_abi_version())));
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|v| v.to_bits()).collect()
}

/// Rounds in place.
fn rounded(column: *const RbColumn, values: &[f32]) -> Vec<f32> {
    let mut out = values.to_vec();
    let place: *mut c_void = out.as_mut_ptr().cast();
    // SAFETY: as above
    assert_eq!(unsafe { rb_column_round(column, place, values.len(), place) }, RbStatus::RB_OK);
    out
}

#[test]
fn native_values_come_back_as_rounding_says() {
    for bound in [c"lossless", c"abs=0.01", c"abs=0.01,dither", c"bits=8"] {
        // one that zstd codes, and others
        for values in [values(2000), vec![1.5; 2000]] {
            let column = column(bound);
            let mut block = vec![0; 4 * values.len()];
            let (mut len, mut back) = (0, vec![0f32; values.len()]);
            // SAFETY: as above
            unsafe {
                let source = values.as_ptr().cast();
                let (place, room) = (block.as_mut_ptr(), block.len());
                let status = rb_column_encode(column, ptr::null(), 5, source, values.len(), place, room, &mut len);
                assert_eq!(status, RbStatus::RB_OK);
                assert!(len > 0);
                let to: *mut c_void = back.as_mut_ptr().cast();
                let (none, nothing) = (ptr::null(), ptr::null());
                let status = rb_decode_values(none, ptr::null(), 1, block.as_ptr(), len, to, back.len(), nothing);
                assert_eq!(status, RbStatus::RB_OK);
                let expected = rounded(column, &values);
                assert_eq!(bits(&back), bits(&expected), "{bound:?}");
                // the block is what others have, too
                let mut raw = vec![0; 4 * values.len()];
                Block::parse(&block[..len]).unwrap().decode(None, Default::default(), &mut raw, None).unwrap();
                let big: Vec<u8> = back.iter().flat_map(|v| v.to_bits().to_be_bytes()).collect();
                assert_eq!(raw, big);
                let mut found = RbCheck::default();
                let status = rb_column_check(column, source, to, values.len(), &mut found);
                assert_eq!(status, RbStatus::RB_OK);
                assert_eq!((found.misses, found.first_miss), (0, values.len()), "{bound:?}");
                assert!(found.worst_in_bounds <= 1.0);
                let moved = bits(&values).iter().zip(bits(&back)).filter(|(a, b)| **a != *b).count();
                assert_eq!(found.changed, moved);
                // the wrong type, the wrong number
                assert_eq!(
                    rb_decode_values(none, ptr::null(), 2, block.as_ptr(), len, to, back.len() / 2 - 1, nothing),
                    RbStatus::RB_BAD_ARGUMENT
                );
                rb_column_free(column);
            }
        }
    }
}

#[test]
fn a_block_with_entry_offsets_is_no_column_of_values() {
    let column = column(c"abs=0.01");
    let values = values(600);
    let counts: Vec<u32> = vec![2; 300];
    let mut raw: Vec<u8> = values.iter().flat_map(|v| v.to_be_bytes()).collect();
    let data_len = raw.len();
    raw.extend_from_slice(&common::offsets(&counts, 4));
    let (mut block, mut len) = (vec![0; raw.len()], 0);
    let mut back = vec![0f32; raw.len() / 4];
    let (columns, ones) = ([column.cast_const()], [1]);
    // SAFETY: as above
    unsafe {
        let (place, room) = (block.as_mut_ptr(), block.len());
        let none = ptr::null();
        let (n, source) = (raw.len(), raw.as_ptr());
        let (columns, ones) = (columns.as_ptr(), ones.as_ptr());
        let status = rb_encode_columns(columns, ones, 1, none, 5, source, n, data_len, place, room, &mut len);
        assert_eq!((status, len > 0), (RbStatus::RB_OK, true));
        let to: *mut c_void = back.as_mut_ptr().cast();
        let status = rb_decode_values(ptr::null(), none, 1, block.as_ptr(), len, to, back.len(), ptr::null());
        assert_eq!(status, RbStatus::RB_BAD_ARGUMENT);
        rb_column_free(column);
    }
}

#[test]
fn a_check_counts_misses() {
    let column = column(c"abs=0.5");
    let original = [1.0f32, 2.0, f32::NAN, -0.0, 5.0];
    let decoded = [1.25f32, 3.0, f32::INFINITY, 0.0, 5.0];
    let mut found = RbCheck::default();
    // SAFETY: as above
    unsafe {
        let (a, b) = (original.as_ptr().cast(), decoded.as_ptr().cast());
        assert_eq!(rb_column_check(column, a, b, 5, &mut found), RbStatus::RB_OK);
        rb_column_free(column);
    }
    let expected = RbCheck { misses: 3, first_miss: 1, changed: 4, worst_error: 1.0, worst_in_bounds: 2.0 };
    assert_eq!(found, expected);
}

#[test]
fn more_values_than_memory_has_are_refused() {
    let (column, model) = (column(c"abs=0.5"), model());
    let (mut out, mut block, mut len, mut found) = ([0f32; 4], [0u8; 100], 0, RbCheck::default());
    let values = [1.0f32; 4].as_ptr().cast();
    let bad = RbStatus::RB_BAD_ARGUMENT;
    let (none, nothing, to) = (ptr::null(), ptr::null_mut(), out.as_mut_ptr().cast());
    let (mut scores, mut lattice) = ([0i16; 4], [0i64; 4]);
    let seen = RbSeenOut { scores: scores.as_mut_ptr(), lattice: lattice.as_mut_ptr() };
    // SAFETY: as above; what is refused is not looked at
    unsafe {
        for n in [usize::MAX, usize::MAX / 4, usize::MAX / 8, usize::MAX / 16, 1 << 40, 1 << 22] {
            let place = block.as_mut_ptr();
            assert_eq!(rb_column_encode(column, none, 5, values, n, place, 100, &mut len), bad, "{n}");
            assert_eq!(rb_model_encode(model, 0, 1, 5, none, values, n, place, 100, &mut len, nothing), bad, "{n}");
            assert_eq!(rb_column_round(column, values, n, to), bad, "{n}");
            assert_eq!(rb_model_round(model, 0, values, n, to), bad, "{n}");
            assert_eq!(rb_model_context_values(model, 0, values, n, &seen), bad, "{n}");
        }
        for n in [usize::MAX, usize::MAX / 4, usize::MAX / 8 + 1] {
            assert_eq!(rb_column_check(column, values, values, n, &mut found), bad, "{n}");
            assert_eq!(rb_model_check(model, 0, values, values, n, &mut found), bad, "{n}");
        }
        rb_column_free(column);
        rb_model_free(model);
    }
}

#[test]
fn checks_go_over_any_number_of_values() {
    let column = column(c"abs=0.5");
    let original = vec![1.0f32; 1500];
    let mut decoded = original.clone();
    (decoded[700], decoded[1200], decoded[1499]) = (1.25, 2.0, 4.0);
    let mut found = RbCheck::default();
    // SAFETY: as above
    unsafe {
        let (a, b) = (original.as_ptr().cast(), decoded.as_ptr().cast());
        assert_eq!(rb_column_check(column, a, b, 1500, &mut found), RbStatus::RB_OK);
        assert_eq!(found, RbCheck { misses: 2, first_miss: 1200, changed: 3, worst_error: 3.0, worst_in_bounds: 6.0 });
        assert_eq!(rb_column_check(column, a, a, 1500, &mut found), RbStatus::RB_OK);
        assert_eq!((found.misses, found.first_miss), (0, 1500));
        rb_column_free(column);
    }
}

#[test]
fn bounds_that_no_lattice_keeps_are_refused() {
    let (bad, mut codec) = (RbStatus::RB_BAD_ARGUMENT, ptr::null_mut());
    // SAFETY: as above
    unsafe {
        assert_eq!(rb_codec_new(&mut codec), RbStatus::RB_OK);
        for bound in [c"abs=1e-320", c"abs=2.7e-309", c"abs=9.1e307", c"abs=1e308", c"abs=5e-309,dither"] {
            assert_eq!(rb_bound_check(bound.as_ptr()), bad, "{bound:?}");
            let why = CStr::from_ptr(rb_last_error()).to_str().unwrap();
            assert!(why.contains("1e-308 to 8e307"), "{why}");
            let mut column = ptr::null_mut();
            assert_eq!(rb_column_new(RbType::RB_F64 as u32, bound.as_ptr(), &mut column), bad, "{bound:?}");
            assert_eq!(rb_codec_set_bound(codec, c"x".as_ptr(), bound.as_ptr(), ptr::null()), bad, "{bound:?}");
            let mut sample = ptr::null_mut();
            assert_eq!(rb_sample_new(2, &mut sample), RbStatus::RB_OK);
            let values = [1.0f64, 2.0].as_ptr().cast();
            assert_eq!(rb_sample_add(sample, c"x".as_ptr(), 2, bound.as_ptr(), f64::NAN, values), bad, "{bound:?}");
            rb_sample_free(sample);
        }
        assert_eq!(rb_codec_rules(codec), 0);
        rb_codec_free(codec);
    }
}

/// The spread may be anything: then values are stored as they are.
#[test]
fn multiples_of_sigma_that_no_lattice_keeps_are_exact() {
    for (bound, scale) in [(c"rel-sigma=1e10", 1e300), (c"rel-sigma=1e10,dither", 1e300), (c"rel-sigma=1e-10", 1e-300)]
    {
        let values: Vec<f64> = (0..100).map(|x| f64::from(x) * scale).collect();
        let (mut sample, mut model) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: as above
        unsafe {
            assert_eq!(rb_sample_new(100, &mut sample), RbStatus::RB_OK);
            let status = rb_sample_add(sample, c"x".as_ptr(), 2, bound.as_ptr(), f64::NAN, values.as_ptr().cast());
            assert_eq!(status, RbStatus::RB_OK);
            assert_eq!(rb_model_build(sample, &mut model), RbStatus::RB_OK, "{bound:?}");
            assert_eq!(CStr::from_ptr(rb_model_column_bound(model, 0)), c"lossless", "{bound:?}");
            rb_sample_free(sample);
            rb_model_free(model);
        }
    }
}

#[test]
fn columns_of_models_have_native_values_too() {
    let model = model();
    let first = values(500);
    let second: Vec<f32> = first.iter().map(|x| x * 0.5).collect();
    let (mut scores, mut lattice) = (vec![0i16; 500], vec![0i64; 500]);
    let mut block = vec![0; 2000];
    let (mut len, mut back, mut again) = (0, vec![0f32; 500], vec![0f32; 500]);
    let (none, nothing) = (ptr::null(), ptr::null_mut());
    // SAFETY: as above
    unsafe {
        let seen = RbSeenOut { scores: scores.as_mut_ptr(), lattice: lattice.as_mut_ptr() };
        assert_eq!(rb_model_context_values(model, 0, first.as_ptr().cast(), 500, &seen), RbStatus::RB_OK);
        let parent = RbSeen { scores: scores.as_ptr(), lattice: lattice.as_ptr() };
        let context = RbContext { parents: &parent, rows: 500, counts_known: 0, counts: none, entries: 0 };
        let source = second.as_ptr().cast();
        let (place, room) = (block.as_mut_ptr(), block.len());
        for single in [0, 1] {
            let status = rb_model_encode(model, 1, single, 5, &context, source, 500, place, room, &mut len, nothing);
            assert_eq!((status, len > 0), (RbStatus::RB_OK, true));
            let to = back.as_mut_ptr().cast();
            let status = rb_decode_values(model, &context, 1, block.as_ptr(), len, to, 500, ptr::null());
            assert_eq!(status, RbStatus::RB_OK);
            assert_eq!(rb_model_round(model, 1, source, 500, again.as_mut_ptr().cast()), RbStatus::RB_OK);
            assert_eq!(bits(&back), bits(&again));
            let mut found = RbCheck::default();
            assert_eq!(rb_model_check(model, 1, source, back.as_ptr().cast(), 500, &mut found), RbStatus::RB_OK);
            assert_eq!(found.misses, 0);
        }
        assert_eq!(rb_model_round(model, 9, source, 500, again.as_mut_ptr().cast()), RbStatus::RB_BAD_ARGUMENT);
        rb_model_free(model);
    }
}

#[test]
fn no_entries_are_not_the_same_as_unknown_ones() {
    // 300 entries, all empty: a basket of offsets only
    let column = column(c"abs=0.01");
    let counts = vec![0u32; 300];
    let raw = common::offsets(&counts, 4);
    let (mut block, mut len) = (vec![0; raw.len()], 0);
    let (columns, ones) = ([column.cast_const()], [1]);
    let context = |known, counts: &[u32]| RbContext {
        parents: ptr::null(),
        rows: 0,
        counts_known: known,
        counts: counts.as_ptr(),
        entries: counts.len(),
    };
    // SAFETY: as above
    unsafe {
        let given = context(1, &counts);
        let (columns, ones) = (columns.as_ptr(), ones.as_ptr());
        let (n, source, place, room) = (raw.len(), raw.as_ptr(), block.as_mut_ptr(), block.len());
        let status = rb_encode_columns(columns, ones, 1, &given, 5, source, n, 0, place, room, &mut len);
        assert_eq!((status, len > 0), (RbStatus::RB_OK, true));
        let mut info = std::mem::zeroed();
        assert_eq!(rb_block_info(block.as_ptr(), len, &mut info), RbStatus::RB_OK);
        let mut back = vec![0; raw.len()];
        let mut decode = |context: &RbContext| {
            let (to, n) = (back.as_mut_ptr(), back.len());
            rb_decode(ptr::null(), context, block.as_ptr(), len, to, n, ptr::null(), 0)
        };
        if info.needs_counts != 0 {
            assert_eq!(decode(&context(0, &counts)), RbStatus::RB_MISSING, "not known");
            assert_eq!(decode(&context(1, &[])), RbStatus::RB_CORRUPT, "known to be none");
        }
        assert_eq!(decode(&given), RbStatus::RB_OK);
        assert_eq!(back, raw);
        rb_column_free(column);
    }
}

#[test]
fn how_far_values_spread() {
    let sigma_of = |r#type: u32, values: *const std::ffi::c_void, n: usize| {
        let (mut spread, mut sigma) = (ptr::null_mut(), -1.0);
        // SAFETY: as above
        unsafe {
            assert_eq!(rb_spread_new(r#type, &mut spread), RbStatus::RB_OK);
            assert_eq!(rb_spread_add(spread, values, n), RbStatus::RB_OK);
            assert_eq!(rb_spread_add(spread, values, n), RbStatus::RB_OK);
            assert_eq!(rb_spread_sigma(spread, &mut sigma), RbStatus::RB_OK);
            assert_eq!(rb_spread_sigma(spread, ptr::null_mut()), RbStatus::RB_BAD_ARGUMENT);
            let (mut whole, mut grows) = (-1, -1);
            assert_eq!(rb_spread_habits(spread, &mut whole, &mut grows), RbStatus::RB_OK);
            assert_eq!((whole, grows), (i32::from(n > 0), 0), "each value twice");
            assert_eq!(rb_spread_habits(spread, &mut whole, ptr::null_mut()), RbStatus::RB_BAD_ARGUMENT);
            rb_spread_free(spread);
        }
        sigma
    };
    assert_eq!(sigma_of(1, [1.0f32, -1.0].as_ptr().cast(), 2), 1.0);
    assert_eq!(sigma_of(2, [5.0f64, f64::NAN, 9.0].as_ptr().cast(), 3), 2.0);
    assert!(sigma_of(1, ptr::null(), 0).is_nan());
    let mut spread = ptr::null_mut();
    // SAFETY: as above
    unsafe {
        assert_eq!(rb_spread_new(7, &mut spread), RbStatus::RB_BAD_ARGUMENT);
        assert_eq!(rb_spread_add(ptr::null_mut(), ptr::null(), 0), RbStatus::RB_BAD_ARGUMENT);
        rb_spread_free(ptr::null_mut());
    }
}

#[test]
fn a_zero_that_changed_misses_every_bound() {
    for spec in [c"abs=1", c"abs=1,dither", c"bits=3", c"lossless"] {
        let mut column = ptr::null_mut();
        // SAFETY: as above
        unsafe {
            assert_eq!(rb_column_new(1, spec.as_ptr(), &mut column), RbStatus::RB_OK);
            for (before, after, misses) in
                [(0.0f32, -0.0f32, 1), (-0.0, 0.0, 1), (0.0, 1e-30, 1), (0.0, 0.0, 0), (-0.0, -0.0, 0)]
            {
                let mut found = RbCheck::default();
                let (one, other) = (ptr::from_ref(&before).cast(), ptr::from_ref(&after).cast());
                assert_eq!(rb_column_check(column, one, other, 1, &mut found), RbStatus::RB_OK);
                assert_eq!(found.misses, misses, "{spec:?}: {before} and {after}");
            }
            rb_column_free(column);
        }
    }
}
