//! Golden files: what version 1 wrote is read for ever, and damaged files are refused as what they are.
//!
//! `UPDATE_GOLDEN=1 cargo test --test golden` writes them anew; only to be done when the format version changes.

mod common;

use common::{Random, assert_held, counts_of, offsets, random_net_model};
use rootbaler::coder::waves::Contexts;
use rootbaler::error::Error;
use rootbaler::format::block::{self, Block};
use rootbaler::format::streams::Layout;
use rootbaler::machine::Machine;
use rootbaler::model::Model;
use rootbaler::values::bound::Bound;
use rootbaler::values::quantiser::Quantiser;
use rootbaler::values::value::{Value, values_from_be, values_to_be};
use std::path::PathBuf;

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/v1").join(name)
}

/// The committed bytes; written by `make` if asked for.
fn golden(name: &str, make: impl FnOnce() -> Vec<u8>) -> Vec<u8> {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path("")).unwrap();
        std::fs::write(path(name), make()).unwrap();
    }
    std::fs::read(path(name)).unwrap()
}

/// Columns with smooth, repeated and special values, the same on every machine.
fn columns() -> (Vec<f32>, Vec<f32>) {
    let mut random = Random(1);
    let mut noise = move || random.next() as f32 / (1u64 << 31) as f32;
    let mut first: Vec<f32> = (0..3000).map(|_| noise() * noise() * 100.0).collect();
    let mut second: Vec<f32> = first.iter().map(|x| x * 0.5 + noise()).collect();
    first[7] = f32::NAN;
    first[8] = -0.0;
    second[9] = f32::INFINITY;
    second[10] = 1e30;
    for row in (20..2000).step_by(3) {
        second[row] = -999.0;
    }
    (first, second)
}

const BOUND: Bound = Bound::Abs(0.01);

fn decode(bytes: &[u8], model: Option<&Model>, contexts: Contexts) -> Result<Vec<u8>, Error> {
    let block = Block::parse(bytes)?;
    let mut raw = vec![0; block.raw_len];
    block.decode(model, contexts, &mut raw, None)?;
    Ok(raw)
}

#[test]
fn bytes_block() {
    let text = "ROOT files".repeat(50);
    let bytes = golden("bytes.block", || block::encode_bytes(5, text.as_bytes()).unwrap().unwrap().bytes);
    assert_eq!(decode(&bytes, None, Contexts::default()).unwrap(), text.as_bytes());
}

#[test]
fn column_blocks() {
    let (first, _) = columns();
    for (name, bound) in [("lossless", Bound::Lossless), ("abs", BOUND), ("bits", Bound::Bits(8))] {
        let layout = Layout::of_column(f32::TYPE, Quantiser::of(bound).unwrap());
        let raw = values_to_be(&first);
        let make = || block::encode_layout(&layout, None, 5, &raw, raw.len()).unwrap().unwrap().bytes;
        let bytes = golden(&format!("column_{name}.block"), make);
        let back = decode(&bytes, None, Contexts::default()).unwrap();
        assert_held(&first, &values_from_be(&back), bound);
    }
}

#[test]
fn blocks_with_counts() {
    let (first, _) = columns();
    let counts = counts_of(first.len(), 5);
    let mut raw = values_to_be(&first);
    let data_len = raw.len();
    raw.extend(offsets(&counts, 4));
    let layout = Layout::of_column(f32::TYPE, Quantiser::of(BOUND).unwrap());
    let make = |counts| block::encode_layout(&layout, counts, 5, &raw, data_len).unwrap().unwrap().bytes;
    let bytes = golden("column_counts.block", || make(Some(&counts)));
    let given = |counts| Contexts { counts, ..Contexts::default() };
    let back = decode(&bytes, None, given(Some(&counts))).unwrap();
    assert_held(&first, &values_from_be(&back[..data_len]), BOUND);
    assert_eq!(back[data_len..], raw[data_len..]);
    let others = [[vec![counts[0] + 1], counts[1..].to_vec()].concat(), counts[1..].to_vec(), Vec::new()];
    for other in &others {
        assert!(matches!(decode(&bytes, None, given(Some(other))), Err(Error::Corrupt(_))), "counts of other entries");
        // counts that are not those of the basket are not used
        let alone = make(Some(other));
        assert!(decode(&alone, None, Contexts::default()).unwrap() == back);
        assert!(alone.len() > bytes.len() + counts.len() / 8, "offsets cost");
    }
    assert!(matches!(decode(&bytes, None, Contexts::default()), Err(Error::Missing(_))));
}

#[test]
fn model_blocks() {
    let (first, second) = columns();
    let counts = counts_of(first.len(), 3);
    for (name, counts) in [("scalar", None), ("jagged", Some(&counts[..]))] {
        let model =
            golden(&format!("{name}.model"), || random_net_model(&first, &second, counts, BOUND, 11).bytes().to_vec());
        let model = Model::from_bytes(&model).unwrap();
        let contexts = model.columns()[0].context(&first);
        let parents = [contexts.view()];
        let given = Contexts { columns: &parents, rows: first.len(), counts };
        let raw = values_to_be(&second);
        let bytes = golden(&format!("{name}.block"), || {
            // the random network loses against pcodec, so the block is put together here
            let mut body = Vec::new();
            rootbaler::coder::conditional::header(&model, 1, given, raw.len()).write(&mut body);
            rootbaler::format::tail::write(&[], counts, 0, 5, &mut body).unwrap();
            let decoded =
                rootbaler::coder::conditional::encode(Machine::fastest(), &model, 1, given, &raw, &mut body).unwrap();
            let mut bytes = b"RB\x01".to_vec();
            bytes.extend_from_slice(&(body.len() as u32 + 5).to_le_bytes()[..3]);
            bytes.extend_from_slice(&(raw.len() as u32).to_le_bytes()[..3]);
            bytes.push(2);
            bytes.extend_from_slice(&crc32fast::hash(&decoded).to_le_bytes());
            bytes.extend_from_slice(&body);
            bytes
        });
        let back = decode(&bytes, Some(&model), given).unwrap();
        assert_held(&second, &values_from_be(&back), BOUND);
        assert!(matches!(decode(&bytes, None, given), Err(Error::Missing(_))));
        assert!(matches!(
            decode(&bytes, Some(&model), Contexts { counts, ..Contexts::default() }),
            Err(Error::Missing(_))
        ));
        let mut other = first.clone();
        other.iter_mut().for_each(|x| *x += 1.0);
        let contexts = model.columns()[0].context(&other);
        let parents = [contexts.view()];
        let wrong = Contexts { columns: &parents, rows: first.len(), counts };
        assert!(matches!(decode(&bytes, Some(&model), wrong), Err(Error::Corrupt(_))), "wrong context, wrong checksum");
    }
}

#[test]
fn damage_is_named() {
    let bytes = std::fs::read(path("bytes.block")).unwrap();
    let with = |at: usize, value: u8| {
        let mut bad = bytes.clone();
        bad[at] = value;
        decode(&bad, None, Contexts::default())
    };
    assert!(matches!(with(0, b'X'), Err(Error::Corrupt(_))), "magic");
    assert!(matches!(with(2, 99), Err(Error::Incompatible(_))), "version");
    assert!(matches!(with(9, 9), Err(Error::Incompatible(_))), "kind");
    assert!(matches!(with(10, bytes[10] ^ 1), Err(Error::Corrupt(_))), "checksum");
    for cut in 0..bytes.len() {
        assert!(matches!(decode(&bytes[..cut], None, Contexts::default()), Err(Error::Corrupt(_))), "cut at {cut}");
    }
    let model = std::fs::read(path("scalar.model")).unwrap();
    for at in 0..model.len() {
        let mut bad = model.clone();
        bad[at] ^= 1;
        assert!(Model::from_bytes(&bad).is_err(), "model byte {at}");
        assert!(Model::from_bytes(&model[..at]).is_err(), "model cut at {at}");
    }
}
