//! Blocks that need nothing but counts: kinds 0, 1 and 3, all tails, all ways of numbers and exceptions.

use crate::case::{Given, Random, block, check};
use rootbaler::coder::waves::Contexts;
use rootbaler::format::block::encode_bytes;
use rootbaler::format::collections::{self, Elements};
use rootbaler::format::streams::{self, Layout, Stream};
use rootbaler::format::tail;
use rootbaler::values::quantiser::{Lattice, Pin, Quantiser};
use rootbaler::values::value::{Value, ValueType, values_to_be};

const LEVEL: u8 = 5;
const LOSSLESS: Quantiser = Quantiser { lattice: Lattice::Lossless, pins: Vec::new() };

pub fn of(lattice: Lattice) -> Quantiser {
    Quantiser { lattice, pins: Vec::new() }
}

/// A block of kind 1: data, and a tail behind them.
fn columns(name: &str, what: &str, layout: &Layout, data: &[u8], offsets: &[u8], counts: Option<&[u32]>) {
    let mut body = Vec::new();
    tail::write(offsets, counts, data.len(), LEVEL, &mut body).unwrap();
    let mut decoded = streams::encode(layout, LEVEL, data, &mut body).unwrap();
    decoded.extend_from_slice(offsets);
    let given = Given { counts, ..Given::default() };
    check(name, what, &block(1, &decoded, &body), &decoded, &given, Contexts { counts, ..Contexts::default() });
}

pub fn column<V: Value>(name: &str, what: &str, quantiser: Quantiser, values: &[V]) {
    columns(name, what, &Layout::of_column(V::TYPE, quantiser), &values_to_be(values), &[], None);
}

#[test]
fn bytes() {
    let text = "ROOT files".repeat(50);
    let made = encode_bytes(LEVEL, text.as_bytes()).unwrap().unwrap().bytes;
    check("bytes", "kind 0", &made, text.as_bytes(), &Given::default(), Contexts::default());
}

/// All bit patterns may occur; the ends of the type's range do.
fn any<V: Value>(n: usize) -> Vec<V> {
    let mut random = Random(n as u64);
    let mut values: Vec<V> =
        (0..n).map(|_| V::from_bits64(random.bits() << 40 ^ random.bits() << 20 ^ random.bits())).collect();
    values.push(V::from_bits64(random.bits()));
    values.extend([0, u64::MAX, u64::MAX >> 1, !(u64::MAX >> 1)].map(V::from_bits64));
    values
}

#[test]
fn value_types() {
    fn one<V: Value>(name: &str) {
        column(&format!("type_{name}"), &format!("kind 1, lossless {name}, any bit patterns"), LOSSLESS, &any::<V>(60));
    }
    one::<f32>("f32");
    one::<f64>("f64");
    one::<i8>("i8");
    one::<u8>("u8");
    one::<i16>("i16");
    one::<u16>("u16");
    one::<i32>("i32");
    one::<u32>("u32");
    one::<i64>("i64");
    one::<u64>("u64");
}

#[test]
fn ways_of_numbers() {
    column("same_f64", "numbers all the same, here -0.0", LOSSLESS, &[-0.0f64; 20]);
    column("same_u16", "integers of no width", LOSSLESS, &[513u16; 20]);
    let mut random = Random(2);
    let narrow: Vec<i64> = (0..100).map(|_| -5_000_000_000 + random.below(3_000_000_000) as i64).collect();
    column("width_4", "i64 whose differences take 4 bytes", LOSSLESS, &narrow);
    let narrow: Vec<u64> = (0..100).map(|_| u64::MAX - random.below(1000)).collect();
    column("width_2", "u64 above 2^63, so negative integers, whose differences take 2 bytes", LOSSLESS, &narrow);
    column::<f32>("no_rows", "kind 1 without any value", LOSSLESS, &[]);
}

/// Values in -16 ..= 16 with all bits of a mantissa.
fn floats(n: usize, seed: u64) -> Vec<f64> {
    let mut random = Random(seed);
    (0..n).map(|_| random.around(1 << 30) as f64 / f64::from(1 << 26)).collect()
}

#[test]
fn lattices() {
    let singles: Vec<f32> = floats(80, 3).into_iter().map(|x| x as f32).collect();
    let doubles = floats(80, 4);
    let with = |values: &[f32]| {
        let mut values = values.to_vec();
        (values[3], values[40], values[41], values[79]) = (f32::NAN, f32::INFINITY, -0.0, 1e30);
        values
    };
    let abs = Lattice::Abs { bound: 0.01, step: 0.019 };
    column("abs_f32", "lattice abs, plain exceptions", of(abs), &with(&singles));
    column("abs_f64", "lattice abs of f64", of(abs), &doubles);
    let mut pinned = with(&singles);
    pinned[10..20].fill(1.2345);
    pinned[30..35].fill(-999.25);
    let pins = [-999.25f32, 1.2345].map(|v| Pin { lattice: of(abs).nearest(&[v])[0], bits: v.bits() });
    column("abs_pins", "lattice abs with pins", Quantiser { lattice: abs, pins: pins.to_vec() }, &pinned);
    let mut many = singles.clone();
    many.iter_mut().step_by(2).for_each(|v| *v = f32::NAN);
    column("abs_exceptions_zstd", "exceptions as a zstd frame", of(abs), &many);
    let dithered = Lattice::Dithered { bound: 0.01, step: 0.0095 };
    column("dither_f32", "dithered, with exceptions", of(dithered), &with(&singles));
    column("dither_f64", "dithered f64", of(dithered), &doubles);
    let pins = [-999.25f32, 1.2345].map(|v| Pin { lattice: of(dithered).nearest(&[v])[0], bits: v.bits() });
    column("dither_pins", "dithered with pins", Quantiser { lattice: dithered, pins: pins.to_vec() }, &pinned);
    column("bits_8_f32", "lattice bits", of(Lattice::Bits(8)), &with(&singles));
    column("bits_0_f32", "no mantissa bits", of(Lattice::Bits(0)), &singles);
    column("bits_20_f64", "lattice bits of f64", of(Lattice::Bits(20)), &doubles);
    column("bits_30_f32", "more bits than the type has", of(Lattice::Bits(30)), &with(&singles));
    let cut = |k: u32| singles.iter().map(|v| f32::from_bits(v.to_bits() >> (23 - k) << (23 - k))).collect::<Vec<_>>();
    column("truncated_f32", "truncated, with exceptions", of(Lattice::Truncated(10)), &with(&cut(10)));
    let cut: Vec<f64> = doubles.iter().map(|v| f64::from_bits(v.to_bits() >> 30 << 30)).collect();
    column("truncated_f64", "truncated f64", of(Lattice::Truncated(22)), &cut);
}

#[test]
fn leaf_list() {
    let abs = Lattice::Abs { bound: 0.01, step: 0.019 };
    let each = [
        (ValueType::F64, of(abs), 1),
        (ValueType::I16, LOSSLESS, 3),
        (ValueType::F32, of(Lattice::Bits(6)), 2),
        (ValueType::U8, LOSSLESS, 1),
    ];
    let mut layout = Layout { row_size: 0, streams: Vec::new() };
    for (value, quantiser, count) in each {
        layout.streams.push(Stream { value, quantiser, offset: layout.row_size, count });
        layout.row_size += count * value.size();
    }
    let mut random = Random(5);
    let mut data = Vec::new();
    for x in floats(30, 6) {
        data.extend(x.to_be_bytes());
        (0..3).for_each(|_| data.extend((random.around(300) as i16).to_be_bytes()));
        (0..2).for_each(|i| data.extend((x as f32 * i as f32).to_be_bytes()));
        data.push(random.below(4) as u8);
    }
    columns("leaves", "kind 1, a leaf list of four streams", &layout, &data, &[], None);
}

/// Entry offsets as ROOT appends them.
fn offsets(sizes: &[u32]) -> Vec<u8> {
    let mut words = vec![sizes.len() as u32 + 1];
    let mut at = 77;
    for size in sizes {
        words.push(at);
        at += size;
    }
    words.push(0);
    values_to_be(&words)
}

#[test]
fn tails() {
    let counts = [2u32, 0, 3, 1, 0, 4];
    let values: Vec<f32> = floats(10, 7).into_iter().map(|x| x as f32).collect();
    let (layout, data) = (Layout::of_column(f32::TYPE, LOSSLESS), values_to_be(&values));
    let tail = offsets(&counts.map(|n| 4 * n));
    columns("tail_counts", "tail 1, from counts", &layout, &data, &tail, Some(&counts));
    columns("tail_numbers", "tail 2, numbers", &layout, &data, &tail, None);
    columns("tail_counts_empty", "tail 1, no elements at all", &layout, &[], &offsets(&[0; 5]), Some(&[0; 5]));
    let odd = [&tail[..], &[1, 2, 3]].concat();
    columns("tail_zstd", "tail 3, zstd", &layout, &data, &odd, None);
    let words = values_to_be(&[5u32; 7]);
    columns("tail_same", "tail 2, numbers all the same", &layout, &data, &words, None);
}

/// An entry as ROOT streams it: what it holds behind its header.
fn entry(n: u32, elements: &[u8]) -> Vec<u8> {
    let count = 0x4000_0006 + elements.len() as u32;
    [&count.to_be_bytes()[..], &9u16.to_be_bytes(), &n.to_be_bytes(), elements].concat()
}

/// Entries one after the other, and their offsets.
fn joined(entries: &[Vec<u8>]) -> (Vec<u8>, Vec<u8>) {
    let sizes: Vec<u32> = entries.iter().map(|entry| entry.len() as u32).collect();
    (entries.concat(), offsets(&sizes))
}

/// Entries of `std::vector<V>`.
fn streamed<V: Value>(counts: &[u32], values: &[V]) -> (Vec<u8>, Vec<u8>) {
    let mut rest = values;
    let mut next = |&n: &u32| entry(n, &values_to_be(rest.split_off(..n as usize).unwrap()));
    joined(&counts.iter().map(&mut next).collect::<Vec<_>>())
}

/// Entries of `std::vector<std::vector<V>>`.
fn streamed_lists<V: Value>(counts: &[u32], lists: &[u32], values: &[V]) -> (Vec<u8>, Vec<u8>) {
    let (mut lengths, mut rest) = (lists.iter(), values);
    let mut list = |&n: &u32| [&n.to_be_bytes()[..], &values_to_be(rest.split_off(..n as usize).unwrap())].concat();
    let mut next = |&n: &u32| entry(n, &lengths.by_ref().take(n as usize).flat_map(&mut list).collect::<Vec<u8>>());
    joined(&counts.iter().map(&mut next).collect::<Vec<_>>())
}

fn collections<V: Value>(name: &str, what: &str, quantiser: Quantiser, data: &[u8], offsets: &[u8]) {
    of_elements::<V>((Elements::Values, 3), name, what, quantiser, data, offsets);
}

fn of_elements<V: Value>(
    (elements, kind): (Elements, u8),
    name: &str,
    what: &str,
    quantiser: Quantiser,
    data: &[u8],
    offsets: &[u8],
) {
    let mut body = Vec::new();
    let layout = Layout::of_column(V::TYPE, quantiser);
    let mut decoded = collections::encode(elements, &layout, LEVEL, data, offsets, &mut body).unwrap().unwrap();
    decoded.extend_from_slice(offsets);
    check(name, what, &block(kind, &decoded, &body), &decoded, &Given::default(), Contexts::default());
}

#[test]
fn streamed_collections_of_lists() {
    let lists = |name, what, quantiser, (data, tail): (Vec<u8>, Vec<u8>)| {
        of_elements::<f32>((Elements::Lists, 4), name, what, quantiser, &data, &tail);
    };
    let values: Vec<f32> = floats(30, 8).into_iter().map(|x| x as f32).collect();
    let abs = of(Lattice::Abs { bound: 0.01, step: 0.019 });
    let some = streamed_lists(&[2, 0, 3, 1], &[4, 0, 1, 20, 3, 2], &values);
    lists("lists_f32", "kind 4, lattice abs, tail from counts", abs, some);
    lists("lists_empty", "kind 4 without lists", LOSSLESS, streamed_lists(&[0, 0], &[], &[0f32; 0]));
    lists("lists_of_nothing", "kind 4 without values", LOSSLESS, streamed_lists(&[2, 1], &[0; 3], &[0f32; 0]));
    let (data, tail) = streamed_lists(&[1, 2], &[3, 4, 5], &any::<i64>(12));
    of_elements::<i64>((Elements::Lists, 4), "lists_i64", "kind 4 of i64", LOSSLESS, &data, &tail);
}

#[test]
fn streamed_collections() {
    let counts = [2, 0, 3, 1, 0, 4, 20];
    let values: Vec<f32> = floats(30, 8).into_iter().map(|x| x as f32).collect();
    let abs = of(Lattice::Abs { bound: 0.01, step: 0.019 });
    let (data, tail) = streamed(&counts, &values);
    collections::<f32>("collections_f32", "kind 3, lattice abs, tail from counts", abs, &data, &tail);
    collections::<f32>("collections_no_tail", "kind 3 without tail", LOSSLESS, &data, &[]);
    let other = values_to_be(&[3u32, 70, 99, 0]);
    collections::<f32>("collections_other_tail", "kind 3 with another tail", LOSSLESS, &data, &other);
    let (data, tail) = streamed(&counts, &any::<i64>(25));
    collections::<i64>("collections_i64", "kind 3 of i64", LOSSLESS, &data, &tail);
    let (data, tail) = streamed(&[0, 0], &[0u8; 0]);
    collections::<u8>("collections_empty", "kind 3 without values", LOSSLESS, &data, &tail);
}

#[test]
fn examples() {
    let quantiser = Quantiser {
        lattice: Lattice::Abs { bound: 0.25, step: 0.5 },
        pins: vec![Pin { lattice: 2, bits: 1.125f32.bits() }],
    };
    let mut values = [1.125f32; 6];
    values[4] = f32::NAN;
    let counts = [2, 0, 4];
    let tail = offsets(&counts.map(|n| 4 * n));
    let layout = Layout::of_column(f32::TYPE, quantiser);
    columns("example_columns", "example of kind 1", &layout, &values_to_be(&values), &tail, Some(&counts));
    let (data, tail) = streamed(&[2, 2], &[7i16; 4]);
    collections::<i16>("example_collections", "example of kind 3", LOSSLESS, &data, &tail);
}
