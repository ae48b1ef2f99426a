//! Streamed collections: every value within its bound, every other byte as it was; damage is an error, never a panic.

use rootbaler::coder::waves::Contexts;
use rootbaler::format::block::{Block, Kind, encode_vectors};
use rootbaler::format::collections::Elements;
use rootbaler::format::streams::Layout;
use rootbaler::values::quantiser::Quantiser;
use rootbaler::values::value::ValueType;

/// A basket of `std::vector<float>`, as ROOT stores it, with its entry offsets.
fn basket(entries: usize) -> (Vec<u8>, usize, Vec<f32>) {
    let (mut raw, mut offsets, mut values) = (Vec::new(), vec![entries as u32 + 1], Vec::new());
    for entry in 0..entries {
        offsets.push(66 + raw.len() as u32);
        let count = entry * 7 % 6;
        raw.extend_from_slice(&(0x4000_0000 + 6 + 4 * count as u32).to_be_bytes());
        raw.extend_from_slice(&[0, 10]);
        raw.extend_from_slice(&(count as u32).to_be_bytes());
        for k in 0..count {
            let value = ((entry * 31 + k * 17) as f32).sin() * 10.0;
            values.push(value);
            raw.extend_from_slice(&value.to_be_bytes());
        }
    }
    offsets.push(0);
    let data_len = raw.len();
    raw.extend(offsets.iter().flat_map(|o| o.to_be_bytes()));
    (raw, data_len, values)
}

fn layout(bound: &str) -> Layout {
    Layout::of_column(ValueType::F32, Quantiser::of(bound.parse().unwrap()).unwrap())
}

fn decode(block: &[u8]) -> rootbaler::Result<Vec<u8>> {
    let block = Block::parse(block)?;
    let mut raw = vec![0; block.raw_len];
    block.decode(None, Contexts::default(), &mut raw, None)?;
    Ok(raw)
}

#[test]
fn lossless_is_exact() {
    let (raw, data_len, _) = basket(900);
    let block = encode_vectors(Elements::Values, &layout("lossless"), 5, &raw, data_len).unwrap().unwrap().bytes;
    assert!(Block::parse(&block).unwrap().kind == Kind::Vectors);
    assert!(decode(&block).unwrap() == raw);
}

#[test]
fn bound_holds_for_every_value() {
    let (raw, data_len, values) = basket(900);
    let block = encode_vectors(Elements::Values, &layout("abs=0.01"), 5, &raw, data_len).unwrap().unwrap().bytes;
    let decoded = decode(&block).unwrap();
    assert!(decoded[data_len..] == raw[data_len..]);
    let (mut at, mut seen) = (0, values.iter());
    while at < data_len {
        assert_eq!(decoded[at..at + 10], raw[at..at + 10]);
        let count = u32::from_be_bytes(raw[at + 6..at + 10].try_into().unwrap()) as usize;
        at += 10;
        for _ in 0..count {
            let value = f32::from_be_bytes(decoded[at..at + 4].try_into().unwrap());
            assert!((f64::from(value) - f64::from(*seen.next().unwrap())).abs() <= 0.01);
            at += 4;
        }
    }
    assert!(seen.next().is_none());
}

#[test]
fn other_data_are_left_alone() {
    let (mut raw, data_len, _) = basket(100);
    raw[data_len / 2] ^= 0xff; // some value: fine
    raw[0] = 0; // no byte count
    assert!(encode_vectors(Elements::Values, &layout("abs=0.01"), 5, &raw, data_len).unwrap().is_none());
}

fn damage_is_noticed_in(elements: Elements, raw: &[u8], data_len: usize) {
    let block = encode_vectors(elements, &layout("abs=0.01"), 5, raw, data_len).unwrap().unwrap().bytes;
    let good = decode(&block).unwrap();
    for at in 0..block.len() {
        let mut bad = block.clone();
        bad[at] ^= 1 << (at % 8);
        if let Ok(decoded) = decode(&bad) {
            assert!(decoded == good, "byte {at}");
        }
    }
}

#[test]
fn damage_is_noticed() {
    let (raw, data_len, _) = basket(300);
    damage_is_noticed_in(Elements::Values, &raw, data_len);
}

/// A basket of `std::vector<std::vector<float>>` without entry offsets.
fn lists(entries: u32) -> (Vec<u8>, Vec<usize>) {
    let (mut raw, mut places) = (Vec::new(), Vec::new());
    for entry in 0..entries {
        let lists: Vec<u32> = (0..entry % 4).map(|list| (entry + list) * 5 % 7).collect();
        let bytes: u32 = lists.iter().map(|n| 4 + 4 * n).sum();
        raw.extend_from_slice(&(0x4000_0000 + 6 + bytes).to_be_bytes());
        raw.extend_from_slice(&[0, 10]);
        raw.extend_from_slice(&(lists.len() as u32).to_be_bytes());
        for n in lists {
            raw.extend_from_slice(&n.to_be_bytes());
            for k in 0..n {
                places.push(raw.len());
                raw.extend_from_slice(&(((entry * 31 + k * 17) as f32).sin() * 10.0).to_be_bytes());
            }
        }
    }
    (raw, places)
}

#[test]
fn lists_keep_their_sizes_and_the_bound() {
    let (raw, places) = lists(900);
    for (bound, most) in [("lossless", 0.0), ("abs=0.01", 0.01)] {
        let block = encode_vectors(Elements::Lists, &layout(bound), 5, &raw, raw.len()).unwrap().unwrap().bytes;
        assert!(Block::parse(&block).unwrap().kind == Kind::Lists);
        let decoded = decode(&block).unwrap();
        let (mut before, mut after) = (raw.clone(), decoded);
        for &place in &places {
            let value = |bytes: &[u8]| f64::from(f32::from_be_bytes(bytes[place..place + 4].try_into().unwrap()));
            assert!((value(&before) - value(&after)).abs() <= most);
            before[place..place + 4].fill(0);
            after[place..place + 4].fill(0);
        }
        assert!(before == after, "all but the values");
    }
}

#[test]
fn lists_and_values_are_told_apart() {
    let (lists, _) = lists(300);
    let (values, len, _) = basket(300);
    assert!(encode_vectors(Elements::Values, &layout("abs=0.01"), 5, &lists, lists.len()).unwrap().is_none());
    assert!(encode_vectors(Elements::Lists, &layout("abs=0.01"), 5, &values, len).unwrap().is_none());
}

#[test]
fn damage_of_lists_is_noticed() {
    let (raw, _) = lists(300);
    damage_is_noticed_in(Elements::Lists, &raw, raw.len());
}
