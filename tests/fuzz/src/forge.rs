//! Blocks, models and codecs around hostile bytes, with the checksums that let them in.

use rootbaler::format::block::{Block, HEADER, ROOT_HEADER};
use xxhash_rust::xxh3::xxh3_64;

/// ROOT's header, kind and checksum around a body.
pub fn block(kind: u8, raw_len: usize, checksum: u32, body: &[u8]) -> Vec<u8> {
    let mut bytes = b"RB\x01".to_vec();
    bytes.extend_from_slice(&((body.len() + HEADER - ROOT_HEADER) as u32).to_le_bytes()[..3]);
    bytes.extend_from_slice(&(raw_len as u32).to_le_bytes()[..3]);
    bytes.push(kind);
    bytes.extend_from_slice(&checksum.to_le_bytes());
    bytes.extend_from_slice(body);
    bytes
}

/// The block with the checksum of what it decodes to, whatever that is, if it needs nothing else.
pub fn with_checksum(mut bytes: Vec<u8>) -> Vec<u8> {
    let Ok(block) = Block::parse(&bytes) else { return bytes };
    let mut raw = vec![0; block.raw_len];
    if block.decode(None, Default::default(), &mut raw, None).is_err() {
        bytes[ROOT_HEADER + 1..HEADER].copy_from_slice(&crc32fast::hash(&raw).to_le_bytes());
    }
    bytes
}

/// A model file with this body.
pub fn model(body: &[u8]) -> Vec<u8> {
    let packed = zstd::bulk::compress(body, 1).unwrap_or_default();
    hashed([b"RBMODEL\x01", packed.as_slice()].concat())
}

/// The bytes with their hash behind them.
pub fn hashed(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.extend_from_slice(&xxh3_64(&bytes).to_le_bytes());
    bytes
}
