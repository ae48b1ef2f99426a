//! The tail of a basket: the entry offsets that ROOT appends to the data of variable-size branches.
//!
//! ROOT writes (`TBasket::WriteBuffer`) a big-endian 32-bit count, then that many offsets: where each entry begins,
//! counted from the start of the basket's key, and one more. With the counts of the entries at hand they follow from
//! two numbers.

use crate::error::{Error, Result};
use crate::values::value::{values_from_be, values_to_be};
use crate::wire::bytes::{Reader, put_varint};
use crate::wire::numbers;

const NONE: u8 = 0;
const FROM_COUNTS: u8 = 1;
const NUMBERS: u8 = 2;
const ZSTD: u8 = 3;

/// Appends the tail of a basket with `data_len` bytes of data. `counts` are the elements of each entry, if the reader
/// will know them; they are left out if they are not those of the tail.
pub fn write(tail: &[u8], counts: Option<&[u32]>, data_len: usize, level: u8, out: &mut Vec<u8>) -> Result<()> {
    if tail.is_empty() {
        out.push(NONE);
        return Ok(());
    }
    if let Some(counts) = counts {
        let words = values_from_be::<u32>(tail);
        let (first, last) = (words.get(1).copied().unwrap_or(0), words.last().copied().unwrap_or(0));
        if offsets(counts, data_len, first, last).is_some_and(|made| made == tail) {
            out.push(FROM_COUNTS);
            put_varint(out, u64::from(first));
            put_varint(out, u64::from(last));
            return Ok(());
        }
    }
    if tail.len().is_multiple_of(4) {
        out.push(NUMBERS);
        put_varint(out, tail.len() as u64 / 4);
        let words = values_from_be::<u32>(tail);
        numbers::write(&words, numbers::effort(level, words.len()), out)?;
        Ok(())
    } else {
        out.push(ZSTD);
        let packed = zstd::bulk::compress(tail, 9).map_err(|e| Error::BadArgument(format!("zstd: {e}")))?;
        put_varint(out, tail.len() as u64);
        put_varint(out, packed.len() as u64);
        out.extend_from_slice(&packed);
        Ok(())
    }
}

/// Whether the tail at the front of `input` can be read only with the counts of the entries.
pub fn needs_counts(input: &mut Reader) -> Result<bool> {
    Ok(input.u8()? == FROM_COUNTS)
}

/// Reads the tail of a basket of `len` bytes, data and tail.
pub fn read(input: &mut Reader, counts: Option<&[u32]>, len: usize) -> Result<Vec<u8>> {
    let tail = match input.u8()? {
        NONE => Vec::new(),
        FROM_COUNTS => {
            let word = |v: u64| u32::try_from(v).map_err(|_| Error::corrupt("entry offset too large"));
            let (first, last) = (word(input.varint()?)?, word(input.varint()?)?);
            let counts = counts.ok_or_else(|| Error::Missing("the counts of the entries are missing".into()))?;
            let data_len = counts.len().checked_add(2).and_then(|n| n.checked_mul(4)).and_then(|n| len.checked_sub(n));
            data_len.and_then(|data_len| offsets(counts, data_len, first, last)).ok_or_else(|| {
                Error::corrupt("the counts of the entries do not fit the basket, or are those of another one")
            })?
        }
        NUMBERS => {
            let words = input.varint()?;
            if words > len as u64 / 4 {
                return Err(too_long());
            }
            values_to_be(&numbers::read::<u32>(input, words as usize)?)
        }
        ZSTD => {
            let tail_len = input.varint()?;
            if tail_len > len as u64 {
                return Err(too_long());
            }
            let packed = input.varint()?.min(usize::MAX as u64) as usize;
            let tail = zstd::bulk::decompress(input.take(packed)?, tail_len as usize)
                .map_err(|_| Error::corrupt("entry offsets do not unpack"))?;
            if tail.len() as u64 != tail_len {
                return Err(Error::corrupt("entry offsets of the wrong length"));
            }
            tail
        }
        other => return Err(Error::Incompatible(format!("offsets coded in unknown way {other}; update RootBaler"))),
    };
    Ok(tail)
}

fn too_long() -> Error {
    Error::corrupt("entry offsets longer than their basket")
}

/// The tail of entries with so many elements each, which fill `data_len` bytes; None if they cannot.
fn offsets(counts: &[u32], data_len: usize, first: u32, last: u32) -> Option<Vec<u8>> {
    let elements: u64 = counts.iter().map(|&n| u64::from(n)).sum();
    let size = (data_len as u64).checked_div(elements).unwrap_or(0);
    if size * elements != data_len as u64 {
        return None;
    }
    let mut words = Vec::with_capacity(counts.len() + 2);
    words.push(counts.len() as u32 + 1);
    let mut at = first;
    for &n in counts {
        words.push(at);
        at = at.wrapping_add(n.wrapping_mul(size as u32));
    }
    words.push(last);
    Some(values_to_be(&words))
}
