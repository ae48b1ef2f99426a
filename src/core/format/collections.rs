//! Streamed collections: what ROOT stores for each entry of an unsplit `std::vector<float>` and its like, and of
//! vectors of them.
//!
//! An entry is a byte count (big-endian, with bit 30 set), a version, the number of elements and the elements: values,
//! or lists, each the number of its values and these. All but the numbers follows from the rest, so the block has
//! these, and the values of all entries as one column.

use crate::error::{Error, Result};
use crate::format::streams::{self, Layout};
use crate::format::tail;
use crate::values::value::ValueType;
use crate::wire::bytes::{Reader, put_varint};
use crate::wire::numbers;

/// Byte count, version and number of elements.
const HEADER: usize = 10;
/// The byte count does not count itself.
const UNCOUNTED: usize = 4;
const BYTE_COUNT: u32 = 0x4000_0000;
/// The number of values before a list.
const LIST_HEADER: usize = 4;

/// What the elements of an entry are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elements {
    /// `vector<float>`.
    Values,
    /// `vector<vector<float>>`.
    Lists,
}

/// How many elements entries have, and what they are.
struct Shape {
    elements: Elements,
    version: [u8; 2],
    /// Bytes of a value.
    size: usize,
    /// Elements of each entry.
    counts: Vec<u32>,
    /// Values of each list.
    lists: Vec<u32>,
}

impl Shape {
    /// Bytes of the elements of each entry; None if more than can be.
    fn lengths(&self) -> Option<Vec<usize>> {
        let mut lists = self.lists.iter();
        let bytes = |n: u32| (n as usize).checked_mul(self.size);
        let length = |&count: &u32| match self.elements {
            Elements::Values => bytes(count),
            Elements::Lists => lists
                .by_ref()
                .take(count as usize)
                .try_fold(0usize, |sum, &n| sum.checked_add(LIST_HEADER)?.checked_add(bytes(n)?)),
        };
        self.counts.iter().map(length).collect()
    }

    /// Bytes of all values; None if more than can be.
    fn value_bytes(&self) -> Option<usize> {
        let numbers = match self.elements {
            Elements::Values => &self.counts,
            Elements::Lists => &self.lists,
        };
        let sum = numbers.iter().try_fold(0usize, |sum, &n| sum.checked_add(n as usize))?;
        sum.checked_mul(self.size)
    }

    /// Puts entries together.
    fn fill(&self, lengths: &[usize], values: &[u8], data: &mut [u8]) -> Result<()> {
        let (mut data, mut values, mut lists) = (data, values, self.lists.iter());
        for (&count, &len) in self.counts.iter().zip(lengths) {
            let (entry, rest) = data.split_at_mut_checked(HEADER + len).ok_or_else(impossible)?;
            entry[..4].copy_from_slice(&byte_count(len).ok_or_else(impossible)?.to_be_bytes());
            entry[4..6].copy_from_slice(&self.version);
            entry[6..HEADER].copy_from_slice(&count.to_be_bytes());
            let mut elements = &mut entry[HEADER..];
            if self.elements == Elements::Values {
                take(&mut values, elements)?;
                elements = &mut [];
            }
            while !elements.is_empty() {
                let &n = lists.next().ok_or_else(impossible)?;
                let (head, list) = elements.split_at_mut_checked(LIST_HEADER).ok_or_else(impossible)?;
                head.copy_from_slice(&n.to_be_bytes());
                let (list, more) = list.split_at_mut_checked(n as usize * self.size).ok_or_else(impossible)?;
                take(&mut values, list)?;
                elements = more;
            }
            data = rest;
        }
        if data.is_empty() && values.is_empty() { Ok(()) } else { Err(impossible()) }
    }
}

fn impossible() -> Error {
    Error::corrupt("collections that do not fill their basket")
}

fn take(values: &mut &[u8], to: &mut [u8]) -> Result<()> {
    let (mine, others) = values.split_at_checked(to.len()).ok_or_else(impossible)?;
    to.copy_from_slice(mine);
    *values = others;
    Ok(())
}

fn number(bytes: &[u8]) -> u32 {
    u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

/// The entries of a basket taken apart: their shape and their values. None if the data are anything else than such
/// entries.
fn split(elements: Elements, data: &[u8], size: usize) -> Option<(Shape, Vec<u8>)> {
    let mut shape = Shape { elements, version: [0; 2], size, counts: Vec::new(), lists: Vec::new() };
    let (mut values, mut rest) = (Vec::new(), data);
    let mut take = |n: u32, from: &mut &[u8]| -> Option<()> {
        let (mine, others) = from.split_at_checked((n as usize).checked_mul(size)?)?;
        values.extend_from_slice(mine);
        *from = others;
        Some(())
    };
    while !rest.is_empty() {
        let (head, mut after) = rest.split_at_checked(HEADER)?;
        let (version, count, there) = ([head[4], head[5]], number(&head[6..]), after.len());
        if shape.counts.is_empty() {
            shape.version = version;
        }
        match elements {
            Elements::Values => take(count, &mut after)?,
            Elements::Lists => {
                for _ in 0..count {
                    let (head, list) = after.split_at_checked(LIST_HEADER)?;
                    shape.lists.push(number(head));
                    after = list;
                    take(number(head), &mut after)?;
                }
            }
        }
        if version != shape.version || number(head) != byte_count(there - after.len())? {
            return None;
        }
        shape.counts.push(count);
        rest = after;
    }
    Some((shape, values))
}

fn byte_count(len: usize) -> Option<u32> {
    let counted = u32::try_from(len + HEADER - UNCOUNTED).ok()?;
    (counted < BYTE_COUNT).then_some(counted | BYTE_COUNT)
}

/// Bytes of the entries in the basket, for the tail.
fn sizes(lengths: &[usize]) -> Vec<u32> {
    lengths.iter().map(|&len| (len as u32).wrapping_add(HEADER as u32)).collect()
}

fn write_numbers(all: &[u32], level: u8, out: &mut Vec<u8>) -> Result<()> {
    let integers: Vec<i64> = all.iter().map(|&n| i64::from(n)).collect();
    numbers::write_integers(&integers, numbers::effort(level, integers.len()), out)?;
    Ok(())
}

fn read_numbers(input: &mut Reader, n: usize) -> Result<Vec<u32>> {
    let mut integers = vec![0; n];
    numbers::read_integers(input, n)?.get(0, &mut integers);
    let number =
        |n: i64| u32::try_from(n).map_err(|_| Error::corrupt("a collection of an impossible number of values"));
    integers.into_iter().map(number).collect()
}

/// Appends the entries of `data` and their `offsets`, and returns what the data decode to. None if they are no such
/// entries. The layout is that of one column.
pub fn encode(
    elements: Elements,
    layout: &Layout,
    level: u8,
    data: &[u8],
    offsets: &[u8],
    out: &mut Vec<u8>,
) -> Result<Option<Vec<u8>>> {
    let Some((shape, values)) = split(elements, data, layout.row_size) else { return Ok(None) };
    let lengths = shape.lengths().ok_or_else(impossible)?;
    out.push(layout.row_size as u8);
    out.extend_from_slice(&shape.version);
    put_varint(out, shape.counts.len() as u64);
    write_numbers(&shape.counts, level, out)?;
    if elements == Elements::Lists {
        write_numbers(&shape.lists, level, out)?;
    }
    tail::write(offsets, Some(&sizes(&lengths)), data.len(), level, out)?;
    let values = streams::encode(layout, level, &values, out)?;
    let mut decoded = vec![0; data.len()];
    shape.fill(&lengths, &values, &mut decoded)?;
    Ok(Some(decoded))
}

/// Decodes entries and their offsets into `raw`, the whole basket.
pub fn decode(elements: Elements, input: &mut Reader, raw: &mut [u8]) -> Result<()> {
    let size = usize::from(input.u8()?);
    if !ValueType::ALL.iter().any(|t| t.size() == size) {
        return Err(Error::corrupt("collections of values of an impossible size"));
    }
    let version = input.array()?;
    let entries = input.varint()?;
    if entries > (raw.len() / HEADER) as u64 {
        return Err(Error::corrupt("more collections than their basket has room for"));
    }
    let counts = read_numbers(input, entries as usize)?;
    let mut lists = Vec::new();
    if elements == Elements::Lists {
        let total: u64 = counts.iter().map(|&n| u64::from(n)).sum();
        if total > (raw.len() / LIST_HEADER) as u64 {
            return Err(Error::corrupt("more lists than their basket has room for"));
        }
        lists = read_numbers(input, total as usize)?;
    }
    let shape = Shape { elements, version, size, counts, lists };
    let lengths = shape.lengths().ok_or_else(impossible)?;
    let offsets = tail::read(input, Some(&sizes(&lengths)), raw.len())?;
    let data_len = raw.len() - offsets.len();
    let total = lengths.iter().try_fold(0usize, |sum, &len| sum.checked_add(HEADER)?.checked_add(len));
    if total != Some(data_len) {
        return Err(impossible());
    }
    let mut values = vec![0; shape.value_bytes().ok_or_else(impossible)?];
    streams::decode_one(input, &mut values)?;
    shape.fill(&lengths, &values, &mut raw[..data_len])?;
    raw[data_len..].copy_from_slice(&offsets);
    Ok(())
}
