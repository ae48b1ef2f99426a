//! Streamed collections: what ROOT stores for each entry of an unsplit `std::vector<float>` and its like.
//!
//! An entry is a byte count (big-endian, with bit 30 set), a version, the number of values and the values. All but the
//! numbers of values follow from the rest, so the block has these numbers, and the values of all entries as one column.

use crate::error::{Error, Result};
use crate::format::streams::{self, Layout};
use crate::format::tail;
use crate::values::value::ValueType;
use crate::wire::bytes::{Reader, put_varint};
use crate::wire::numbers;

/// Byte count, version and number of values.
const HEADER: usize = 10;
/// The byte count does not count itself.
const UNCOUNTED: usize = 4;
const BYTE_COUNT: u32 = 0x4000_0000;

/// The entries of a basket, taken apart.
struct Entries {
    version: [u8; 2],
    counts: Vec<u32>,
    values: Vec<u8>,
}

/// None if the data are anything else than such entries.
fn split(data: &[u8], size: usize) -> Option<Entries> {
    let mut entries = Entries { version: [0; 2], counts: Vec::new(), values: Vec::new() };
    let mut rest = data;
    while !rest.is_empty() {
        let (head, after) = rest.split_at_checked(HEADER)?;
        let word = |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let version = [head[4], head[5]];
        if entries.counts.is_empty() {
            entries.version = version;
        }
        let count = word(6);
        let len = (count as usize).checked_mul(size)?;
        if version != entries.version || word(0) != byte_count(len)? {
            return None;
        }
        let (values, after) = after.split_at_checked(len)?;
        entries.counts.push(count);
        entries.values.extend_from_slice(values);
        rest = after;
    }
    Some(entries)
}

fn byte_count(len: usize) -> Option<u32> {
    let counted = u32::try_from(len + HEADER - UNCOUNTED).ok()?;
    (counted < BYTE_COUNT).then_some(counted | BYTE_COUNT)
}

/// Lengths of the entries in the basket, for the tail.
fn sizes(counts: &[u32], size: usize) -> Vec<u32> {
    counts.iter().map(|&n| n.wrapping_mul(size as u32).wrapping_add(HEADER as u32)).collect()
}

/// Appends the entries of `data` and their `offsets`, and returns what the data decode to. None if they are no such
/// entries. The layout is that of one column.
pub fn encode(layout: &Layout, level: u8, data: &[u8], offsets: &[u8], out: &mut Vec<u8>) -> Result<Option<Vec<u8>>> {
    let size = layout.row_size;
    let Some(Entries { version, counts, values }) = split(data, size) else { return Ok(None) };
    out.push(size as u8);
    out.extend_from_slice(&version);
    put_varint(out, counts.len() as u64);
    let integers: Vec<i64> = counts.iter().map(|&n| i64::from(n)).collect();
    numbers::write_integers(&integers, numbers::effort(level, integers.len()), out)?;
    tail::write(offsets, Some(&sizes(&counts, size)), data.len(), level, out)?;
    let values = streams::encode(layout, level, &values, out)?;
    let mut decoded = vec![0; data.len()];
    fill(version, &counts, size, &values, &mut decoded)?;
    Ok(Some(decoded))
}

fn fill(version: [u8; 2], counts: &[u32], size: usize, values: &[u8], data: &mut [u8]) -> Result<()> {
    let impossible = || Error::corrupt("collections that do not fill their basket");
    let (mut data, mut values) = (data, values);
    for &count in counts {
        let len = (count as usize).saturating_mul(size);
        let (mine, others) = values.split_at_checked(len).ok_or_else(impossible)?;
        let (entry, rest) = data.split_at_mut_checked(HEADER + len).ok_or_else(impossible)?;
        entry[..4].copy_from_slice(&byte_count(len).ok_or_else(impossible)?.to_be_bytes());
        entry[4..6].copy_from_slice(&version);
        entry[6..HEADER].copy_from_slice(&count.to_be_bytes());
        entry[HEADER..].copy_from_slice(mine);
        (data, values) = (rest, others);
    }
    if data.is_empty() && values.is_empty() { Ok(()) } else { Err(impossible()) }
}

/// Decodes entries and their offsets into `raw`, the whole basket.
pub fn decode(input: &mut Reader, raw: &mut [u8]) -> Result<()> {
    let size = usize::from(input.u8()?);
    if !ValueType::ALL.iter().any(|t| t.size() == size) {
        return Err(Error::corrupt("collections of values of an impossible size"));
    }
    let version = input.array()?;
    let entries = input.varint()?;
    if entries > (raw.len() / HEADER) as u64 {
        return Err(Error::corrupt("more collections than their basket has room for"));
    }
    let mut integers = vec![0; entries as usize];
    numbers::read_integers(input, entries as usize)?.get(0, &mut integers);
    let counts: Vec<u32> = integers
        .into_iter()
        .map(u32::try_from)
        .collect::<std::result::Result<_, _>>()
        .map_err(|_| Error::corrupt("a collection of an impossible number of values"))?;
    let offsets = tail::read(input, Some(&sizes(&counts, size)), raw.len())?;
    let data_len = raw.len() - offsets.len();
    let headers = counts.len() * HEADER;
    let total: u64 = counts.iter().map(|&n| u64::from(n) * size as u64).sum();
    if data_len < headers || total != (data_len - headers) as u64 {
        return Err(Error::corrupt("collections that do not fill their basket"));
    }
    let mut values = vec![0; total as usize];
    streams::decode_one(input, &mut values)?;
    fill(version, &counts, size, &values, &mut raw[..data_len])?;
    raw[data_len..].copy_from_slice(&offsets);
    Ok(())
}
