//! Streamed collections: every value within its bound, every other byte as it was; damage is an error, never a panic.

use rootbaler::coder::waves::Contexts;
use rootbaler::format::block::{Block, Kind, encode_vectors};
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
    let block = encode_vectors(&layout("lossless"), 5, &raw, data_len).unwrap().unwrap().bytes;
    assert!(Block::parse(&block).unwrap().kind == Kind::Vectors);
    assert!(decode(&block).unwrap() == raw);
}

#[test]
fn bound_holds_for_every_value() {
    let (raw, data_len, values) = basket(900);
    let block = encode_vectors(&layout("abs=0.01"), 5, &raw, data_len).unwrap().unwrap().bytes;
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
    assert!(encode_vectors(&layout("abs=0.01"), 5, &raw, data_len).unwrap().is_none());
}

#[test]
fn damage_is_noticed() {
    let (raw, data_len, _) = basket(300);
    let block = encode_vectors(&layout("abs=0.01"), 5, &raw, data_len).unwrap().unwrap().bytes;
    let good = decode(&block).unwrap();
    for at in 0..block.len() {
        let mut bad = block.clone();
        bad[at] ^= 1 << (at % 8);
        if let Ok(decoded) = decode(&bad) {
            assert!(decoded == good, "byte {at}");
        }
    }
}
