//! What the format does not have is refused when it is read, and as what it is.

use crate::case::{block, path};
use rootbaler::coder::waves::Contexts;
use rootbaler::error::Error;
use rootbaler::format::block::Block;
use rootbaler::model::Model;
use rootbaler::wire::bytes::put_varint;
use xxhash_rust::xxh3::xxh3_64;

fn committed(name: &str) -> Vec<u8> {
    std::fs::read(path(name)).unwrap()
}

/// The model whose frame holds these bytes.
fn model(unpacked: &[u8]) -> Result<Model, Error> {
    let mut bytes = b"RBMODEL\x01".to_vec();
    bytes.extend(zstd::bulk::compress(unpacked, 1).unwrap());
    bytes.extend(xxh3_64(&bytes).to_le_bytes());
    Model::from_bytes(&bytes)
}

#[test]
fn models() {
    let bytes = committed("example.model");
    let plain = zstd::bulk::decompress(&bytes[8..bytes.len() - 8], 1 << 20).unwrap();
    assert!(model(&plain).is_ok());
    let with = |from: &[u8], to: &[u8]| {
        let at = plain.windows(from.len()).position(|w| w == from).unwrap();
        model(&[&plain[..at], to, &plain[at + from.len()..]].concat())
    };
    // name, foreign, value type
    assert!(matches!(with(&[b'n', 0, 3], &[b'n', 0, 10]), Err(Error::Incompatible(_))), "an unknown value type");
    assert!(matches!(model(&[&plain[..], &[0]].concat()), Err(Error::Corrupt(_))), "bytes left over");
    // shifts of the output layer, and the length of the provenance
    for shift in [-128i8, -17, 32, 127] {
        let found = with(&[3, 0, 0, 0, 7], &[3, 0, shift as u8, 0, 7]);
        assert!(matches!(found, Err(Error::Corrupt(_))), "a shift of {shift}");
    }
    assert!(with(&[3, 0, 0, 0, 7], &[3, -16i8 as u8, 31, 0, 7]).is_ok());
    // request, lattice, its bound and step; no pins; no unit
    for (step, is_valid) in [(0.5f64, true), (0.0, false), (-0.5, false), (f64::NAN, false), (1e-309, false)] {
        let lattice = [&[0, 1][..], &1f64.to_le_bytes(), &step.to_le_bytes(), &[0, 0]].concat();
        assert_eq!(with(&[0, 0, 0, 0], &lattice).is_ok(), is_valid, "a step of {step}");
    }
}

fn refused(block: &[u8], at: usize, bytes: &[u8]) -> Error {
    let mut bad = block.to_vec();
    bad[at..at + bytes.len()].copy_from_slice(bytes);
    let example = Model::from_bytes(&committed("example.model")).unwrap();
    let parsed = Block::parse(&bad).unwrap();
    let contexts = Contexts { rows: 6, counts: Some(&[2, 0, 4]), ..Contexts::default() };
    parsed.decode(Some(&example), contexts, &mut vec![0; parsed.raw_len], None).unwrap_err()
}

#[test]
fn blocks() {
    let columns = committed("example_columns.block");
    assert!(matches!(refused(&columns, 18, &[0x0d]), Error::Incompatible(_)), "the reserved bit");
    assert!(refused(&columns, 18, &[0x04]).to_string().contains("pins"), "pins of a lossless f32");
    for (step, varint) in [("NaN", [0xfe, 0x3f]), ("infinite", [0xfe, 0x1f]), ("-inf", [0xff, 0x1f]), ("0", [0x80, 0])]
    {
        assert!(refused(&columns, 19, &varint).to_string().contains("quantiser"), "a step that is {step}");
    }
    let collections = committed("example_collections.block");
    assert!(refused(&collections, 23, &[1]).to_string().contains("streams"), "several streams");
    let of_model = committed("example_model.block");
    assert!(refused(&of_model, 23, &[1]).to_string().contains("length"), "rows without context, and no parents");
    for lanes in [0, 33, 128] {
        assert!(refused(&of_model, 29, &[lanes]).to_string().contains("lanes"), "{lanes} lanes");
    }
}

/// Rows without data may be of any size, and so may be the leaves in them.
#[test]
fn leaves_of_impossible_sizes() {
    for (row_size, count) in [(u64::MAX, u64::MAX), (u64::MAX, 1 << 62), (u64::MAX - 1, (1 << 63) - 1), (8, 3)] {
        // no tail, two streams, f32: none of them is read
        let mut body = vec![0, 2];
        [row_size, count, count].iter().for_each(|&n| put_varint(&mut body, n));
        body.extend([0, 0, 0]);
        let bytes = block(1, &[], &body);
        let decoded = Block::parse(&bytes).unwrap().decode(None, Contexts::default(), &mut [], None);
        assert!(matches!(decoded, Err(Error::Corrupt(_))), "{row_size} {count}");
    }
}
