//! Blocks with hostile bodies, of every kind and every model, with a checksum made for them: an error or values, never
//! a panic, and the same on every machine.
#![no_main]

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use rootbaler::coder::conditional::{self, Header};
use rootbaler::coder::waves::Contexts;
use rootbaler::format::block::{Block, HEADER, Kind, ROOT_HEADER};
use rootbaler::format::tail;
use rootbaler::machine::Machine;
use rootbaler::model::context::{Seen, SeenMut};
use rootbaler::wire::bytes::{Reader, put_varint};
use rootbaler::{Error, Model};
use rootbaler_fuzz::golden::MODELS;
use rootbaler_fuzz::{contexts, forge};

fuzz_target!(|data: &[u8]| {
    _ = run(&mut Unstructured::new(data));
});

/// All but the body, from the first bytes.
fn run(u: &mut Unstructured) -> Result<()> {
    let kind: u8 = u.int_in_range(0..=4)?;
    let raw_len: usize = u.int_in_range(0..=0xfff)?;
    let counts = match u.int_in_range(0..=16)? {
        0 => None,
        n => Some((1..n).map(|_| count(u)).collect::<Result<Vec<u32>>>()?),
    };
    let model = &MODELS[u.choose_index(MODELS.len())?];
    let index = u.choose_index(model.columns().len())?;
    let (without, seed) = (u.int_in_range(0..=7)?, u.arbitrary::<u8>()?);
    let mut body = Vec::new();
    if kind == 2 {
        body.extend_from_slice(&model.hash().to_le_bytes());
        put_varint(&mut body, index as u64);
        put_varint(&mut body, without);
    }
    body.extend_from_slice(u.bytes(u.len())?);
    let bytes = forge::block(kind, raw_len, 0, &body);
    let Ok(block) = Block::parse(&bytes) else { return Ok(()) };
    _ = (block.needs_counts(), block.conditional_header());

    let column = &model.columns()[index];
    let rows = rows(&block, &body, counts.as_deref(), column.spec.value.size());
    let parents = contexts::of_parents(column, rows, seed.into());
    let seen: Vec<Seen> = parents.iter().map(|parent| parent.view()).collect();
    let contexts = Contexts { columns: &seen, rows, counts: counts.as_deref() };
    let (done, decoded) = decode(&block, model, contexts);
    if !matches!(&done, Err(Error::Corrupt(text)) if text.contains("the checksum does not match")) {
        return Ok(());
    }
    let mut bytes = bytes.clone();
    bytes[ROOT_HEADER + 1..HEADER].copy_from_slice(&crc32fast::hash(&decoded.raw).to_le_bytes());
    let Ok(block) = Block::parse(&bytes) else { panic!("parsed before") };
    let (done, again) = decode(&block, model, contexts);
    assert!(done.is_ok_and(|values| values <= raw_len) && again == decoded);
    if block.kind == Kind::Model {
        for machine in Machine::all() {
            assert!(with(machine, &body, model, contexts, raw_len) == decoded, "{machine:?}");
        }
    }
    Ok(())
}

fn count(u: &mut Unstructured) -> Result<u32> {
    Ok(match u.arbitrary::<u8>()? {
        255 => u.arbitrary()?,
        n => n.into(),
    })
}

/// Bytes and what is seen of them.
#[derive(PartialEq)]
struct Decoded {
    raw: Vec<u8>,
    scores: Vec<i16>,
    lattice: Vec<i64>,
}

impl Decoded {
    fn new(raw_len: usize, rows: usize) -> Self {
        Decoded { raw: vec![0; raw_len], scores: vec![0; rows], lattice: vec![0; rows] }
    }
}

/// Values of a block of a model, if its beginning makes sense.
fn rows(block: &Block, body: &[u8], counts: Option<&[u32]>, size: usize) -> usize {
    let mut input = Reader::new(body);
    let is_model = block.kind == Kind::Model && Header::read(&mut input).is_ok();
    let offsets = is_model.then(|| tail::read(&mut input, counts, block.raw_len).ok()).flatten();
    offsets.map_or(0, |offsets| (block.raw_len - offsets.len()) / size)
}

fn decode(block: &Block, model: &Model, contexts: Contexts) -> (rootbaler::Result<usize>, Decoded) {
    let mut decoded = Decoded::new(block.raw_len, contexts.rows);
    let seen = SeenMut { scores: &mut decoded.scores, lattice: &mut decoded.lattice };
    let seen = Some(seen).filter(|_| block.kind == Kind::Model);
    let done = block.decode(Some(model), contexts, &mut decoded.raw, seen);
    (done, decoded)
}

fn with(machine: Machine, body: &[u8], model: &Model, contexts: Contexts, raw_len: usize) -> Decoded {
    let mut decoded = Decoded::new(raw_len, contexts.rows);
    let mut input = Reader::new(body);
    let header = Header::read(&mut input);
    let offsets = tail::read(&mut input, contexts.counts, raw_len);
    let (Ok(header), Ok(offsets)) = (header, offsets) else { panic!("decoded before") };
    let (data, end) = decoded.raw.split_at_mut(raw_len - offsets.len());
    let seen = SeenMut { scores: &mut decoded.scores, lattice: &mut decoded.lattice };
    let done = conditional::decode(machine, model, header, contexts, &mut input, data, Some(seen));
    assert!(done.is_ok(), "{machine:?}: {done:?}");
    end.copy_from_slice(&offsets);
    decoded
}
