//! The tail of a basket: the entry offsets that ROOT appends to the data of variable-size branches.
//!
//! ROOT writes (`TBasket::WriteBuffer`) a big-endian 32-bit count, then that many offsets: where each entry begins,
//! counted from the start of the basket's key, and one more. With the counts of the entries at hand they follow from
//! two numbers.

use crate::bytes::{Reader, put_varint};
use crate::error::{Error, Result};
use crate::numbers;
use crate::value::{values_from_be, values_to_be};

const FROM_COUNTS: u8 = 0;
const NUMBERS: u8 = 1;
const ZSTD: u8 = 2;

/// Appends the tail. `counts` are the elements of each entry, of `size` bytes each, if the reader will know them.
pub fn write(tail: &[u8], counts: Option<&[u32]>, size: usize, level: u8, out: &mut Vec<u8>) -> Result<()> {
    put_varint(out, tail.len() as u64);
    if tail.is_empty() {
        return Ok(());
    }
    if let Some(counts) = counts {
        let words = values_from_be::<u32>(tail);
        let (first, last) = (words.get(1).copied().unwrap_or(0), words.last().copied().unwrap_or(0));
        if offsets(counts, size, first, last) == tail {
            out.push(FROM_COUNTS);
            put_varint(out, u64::from(first));
            put_varint(out, u64::from(last));
            return Ok(());
        }
    }
    if tail.len().is_multiple_of(4) {
        out.push(NUMBERS);
        numbers::write(&values_from_be::<u32>(tail), level, out)
    } else {
        out.push(ZSTD);
        let packed = zstd::bulk::compress(tail, 9).map_err(|e| Error::BadArgument(format!("zstd: {e}")))?;
        put_varint(out, packed.len() as u64);
        out.extend_from_slice(&packed);
        Ok(())
    }
}

/// Reads a tail; `most` is the length of the whole basket.
pub fn read(input: &mut Reader, counts: Option<&[u32]>, size: usize, most: usize) -> Result<Vec<u8>> {
    let len = input.varint()?;
    if len > most as u64 {
        return Err(Error::corrupt("entry offsets longer than their basket"));
    }
    let len = len as usize;
    if len == 0 {
        return Ok(Vec::new());
    }
    let tail = match input.u8()? {
        FROM_COUNTS => {
            let word = |v: u64| u32::try_from(v).map_err(|_| Error::corrupt("entry offset too large"));
            let (first, last) = (word(input.varint()?)?, word(input.varint()?)?);
            let counts = counts.ok_or_else(|| Error::Missing("the counts of the entries are missing".into()))?;
            offsets(counts, size, first, last)
        }
        NUMBERS => values_to_be(&numbers::read::<u32>(input, len / 4)?),
        ZSTD => {
            let packed = input.varint()?.min(usize::MAX as u64) as usize;
            zstd::bulk::decompress(input.take(packed)?, len)
                .map_err(|_| Error::corrupt("entry offsets do not unpack"))?
        }
        other => return Err(Error::Incompatible(format!("offsets coded in unknown way {other}; update RootBaler"))),
    };
    if tail.len() != len {
        return Err(Error::corrupt("entry offsets of the wrong length"));
    }
    Ok(tail)
}

fn offsets(counts: &[u32], size: usize, first: u32, last: u32) -> Vec<u8> {
    let mut words = Vec::with_capacity(counts.len() + 2);
    words.push(counts.len() as u32 + 1);
    let mut at = first;
    for &n in counts {
        words.push(at);
        at = at.wrapping_add(n.wrapping_mul(size as u32));
    }
    words.push(last);
    values_to_be(&words)
}
