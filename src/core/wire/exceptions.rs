//! Values that their lattice cannot hold, as bytes: rows as differences, then the raw bits.

use crate::error::{Error, Result};
use crate::values::quantiser::Exception;
use crate::values::value::Value;
use crate::wire::bytes::{Reader, put_varint};

/// Above this many raw bytes zstd is tried: many exceptions are usually alike.
const WORTH_ZSTD: usize = 64;

/// Appends count, and if any: packed length, flag, rows and bits. Rows ascend.
pub fn write<V: Value>(exceptions: &[Exception], out: &mut Vec<u8>) {
    put_varint(out, exceptions.len() as u64);
    if exceptions.is_empty() {
        return;
    }
    let mut plain = Vec::new();
    let mut next = 0;
    for &(row, _) in exceptions {
        put_varint(&mut plain, u64::from(row - next));
        next = row + 1;
    }
    for &(_, bits) in exceptions {
        plain.extend_from_slice(&bits.to_le_bytes()[..size_of::<V>()]);
    }
    let packed = if plain.len() >= WORTH_ZSTD { zstd::bulk::compress(&plain, 9).ok() } else { None };
    match packed {
        Some(packed) if packed.len() < plain.len() => {
            put_varint(out, (packed.len() as u64) << 1 | 1);
            out.extend_from_slice(&packed);
        }
        _ => {
            put_varint(out, (plain.len() as u64) << 1);
            out.extend_from_slice(&plain);
        }
    }
}

/// Reads what `write` wrote for a column of `rows` values.
pub fn read<V: Value>(input: &mut Reader, rows: usize) -> Result<Vec<Exception>> {
    let count = input.varint()?;
    if count == 0 {
        return Ok(Vec::new());
    }
    if count > rows as u64 {
        return Err(Error::corrupt("more exceptions than rows"));
    }
    let count = count as usize;
    let tag = input.varint()?;
    let stored = input.take((tag >> 1) as usize)?;
    // a row takes at most 5 bytes
    let most = count * (5 + size_of::<V>());
    let plain = if tag & 1 == 1 {
        zstd::bulk::decompress(stored, most).map_err(|_| Error::corrupt("exceptions do not unpack"))?
    } else {
        stored.to_vec()
    };
    let mut reader = Reader::new(&plain);
    let mut list = Vec::with_capacity(count);
    let mut next = 0u64;
    for _ in 0..count {
        let row = next.saturating_add(reader.varint()?);
        if row >= rows as u64 {
            return Err(Error::corrupt("exception beyond the last row"));
        }
        list.push((row as u32, 0));
        next = row + 1;
    }
    for exception in &mut list {
        let mut bits = [0; 8];
        bits[..size_of::<V>()].copy_from_slice(reader.take(size_of::<V>())?);
        exception.1 = u64::from_le_bytes(bits);
    }
    reader.end()?;
    Ok(list)
}

/// Puts the exact values in their places.
pub fn apply<V: Value>(exceptions: &[Exception], values: &mut [V]) {
    for &(row, bits) in exceptions {
        values[row as usize] = V::from_bits64(bits);
    }
}
