//! Sequences of numbers, losslessly: one value for all, or pcodec's wrapped format.
//!
//! Integers are coded as differences to the smallest, in the narrowest type that holds them: pcodec's tables have
//! numbers of that width, and weigh in small baskets.

use crate::error::{Error, Result};
use crate::machine::for_each_set;
use crate::values::value::Value;
use crate::wire::bytes::{Reader, put_zigzag};
use pco::ChunkConfig;
use pco::wrapped::{FileCompressor, FileDecompressor};

const CONSTANT: u8 = 0;
const PCODEC: u8 = 1;

/// Appends the numbers, with pcodec's level `effort`; how many there are is known elsewhere. Returns how many of the
/// bytes are needed for any number of such numbers.
pub fn write<V: Value>(numbers: &[V], effort: usize, out: &mut Vec<u8>) -> Result<usize> {
    let Some(first) = numbers.first() else { return Ok(0) };
    if numbers.iter().all(|n| n.bits() == first.bits()) {
        out.push(CONSTANT);
        out.extend_from_slice(&first.bits().to_le_bytes()[..size_of::<V>()]);
        return Ok(1 + size_of::<V>());
    }
    out.push(PCODEC);
    Ok(1 + write_pcodec(numbers, effort, out)?)
}

/// Appends integers; how many there are is known elsewhere. Returns the same.
pub fn write_integers(integers: &[i64], effort: usize, out: &mut Vec<u8>) -> Result<usize> {
    let Some((least, most)) = range(integers) else { return Ok(0) };
    let bytes = most.abs_diff(least).checked_ilog2().map_or(0, |bits| (bits / 8 + 1).next_power_of_two());
    let before = out.len();
    out.push(bytes as u8);
    put_zigzag(out, least);
    let head = out.len() - before;
    let tables = match bytes {
        0 => Ok(0),
        1 => write_pcodec(&above(integers, least, |n| n as u8), effort, out),
        2 => write_pcodec(&above(integers, least, |n| n as u16), effort, out),
        4 => write_pcodec(&above(integers, least, |n| n as u32), effort, out),
        _ => write_pcodec(&above(integers, least, |n| n), effort, out),
    };
    Ok(head + tables?)
}

fn above<T>(integers: &[i64], least: i64, narrow: impl Fn(u64) -> T) -> Vec<T> {
    integers.iter().map(|q| narrow(q.wrapping_sub(least) as u64)).collect()
}

for_each_set! {
    /// The smallest and the largest.
    fn range(integers: &[i64]) -> Option<(i64, i64)> {
        let &first = integers.first()?;
        Some(integers.iter().fold((first, first), |(least, most), &q| (least.min(q), most.max(q))))
    }
}

/// Pages shorter than this are worth pcodec's longest search.
const SHORT: usize = 1 << 13;

/// pcodec's level for so many numbers at one of ROOT's levels: 1..=9 become 4..=12, and 5 its default.
pub fn effort(level: u8, count: usize) -> usize {
    (usize::from(level.clamp(1, 9)) + if count < SHORT { 7 } else { 3 }).min(12)
}

/// Returns how many of the bytes are tables, not numbers.
fn write_pcodec<V: Value>(numbers: &[V], effort: usize, out: &mut Vec<u8>) -> Result<usize> {
    let before = out.len();
    let config = ChunkConfig::default().with_compression_level(effort).with_enable_8_bit(true);
    let config = config.with_paging_spec(pco::PagingSpec::Exact(vec![numbers.len()]));
    let failed = |e: pco::errors::PcoError| Error::BadArgument(format!("pcodec: {e}"));
    let file = FileCompressor::default();
    file.write_header(&mut *out).map_err(failed)?;
    let mut chunk = file.chunk_compressor(numbers, &config).map_err(failed)?;
    chunk.write_meta(&mut *out).map_err(failed)?;
    let tables = out.len() - before;
    chunk.write_page(0, &mut *out).map_err(failed)?;
    Ok(tables)
}

/// Reads `count` numbers and returns them with what follows.
pub fn read<V: Value>(input: &mut Reader, count: usize) -> Result<Vec<V>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    match input.u8()? {
        CONSTANT => {
            let mut bits = [0; 8];
            bits[..size_of::<V>()].copy_from_slice(input.take(size_of::<V>())?);
            Ok(vec![V::from_bits64(u64::from_le_bytes(bits)); count])
        }
        PCODEC => read_pcodec(input, count),
        other => Err(unknown(other)),
    }
}

/// Integers as they are stored: above the smallest, in the narrowest type.
pub struct Integers {
    least: i64,
    above: Above,
}

enum Above {
    Nothing,
    Bytes(Vec<u8>),
    Words(Vec<u16>),
    Long(Vec<u32>),
    Longest(Vec<u64>),
}

impl Integers {
    /// Those from the integer `first`, which must be there.
    pub fn get(&self, first: usize, out: &mut [i64]) {
        get(self, first, out);
    }
}

for_each_set! {
    fn get(integers: &Integers, first: usize, out: &mut [i64]) {
        #[inline(always)]
        fn each<T: Copy>(least: i64, above: &[T], out: &mut [i64], wide: impl Fn(T) -> i64) {
            out.iter_mut().zip(above).for_each(|(out, &above)| *out = least.wrapping_add(wide(above)));
        }
        let least = integers.least;
        match &integers.above {
            Above::Nothing => out.fill(least),
            Above::Bytes(above) => each(least, &above[first..], out, i64::from),
            Above::Words(above) => each(least, &above[first..], out, i64::from),
            Above::Long(above) => each(least, &above[first..], out, i64::from),
            Above::Longest(above) => each(least, &above[first..], out, |n| n as i64),
        }
    }
}

/// Reads `count` integers.
pub fn read_integers(input: &mut Reader, count: usize) -> Result<Integers> {
    if count == 0 {
        return Ok(Integers { least: 0, above: Above::Nothing });
    }
    let bytes = input.u8()?;
    let least = input.zigzag()?;
    let above = match bytes {
        0 => Above::Nothing,
        1 => Above::Bytes(read_pcodec(input, count)?),
        2 => Above::Words(read_pcodec(input, count)?),
        4 => Above::Long(read_pcodec(input, count)?),
        8 => Above::Longest(read_pcodec(input, count)?),
        other => return Err(unknown(other)),
    };
    Ok(Integers { least, above })
}

fn unknown(way: u8) -> Error {
    Error::Incompatible(format!("numbers coded in unknown way {way}; update RootBaler"))
}

fn read_pcodec<V: Value>(input: &mut Reader, count: usize) -> Result<Vec<V>> {
    let failed = |e: pco::errors::PcoError| Error::corrupt(format!("pcodec: {e}"));
    let (file, rest) = FileDecompressor::new(input.rest()).map_err(failed)?;
    let (mut chunk, rest) = file.chunk_decompressor::<V, _>(rest).map_err(failed)?;
    let mut numbers = vec![V::default(); count];
    let mut page = chunk.page_decompressor(rest, count).map_err(failed)?;
    let progress = page.read(&mut numbers).map_err(failed)?;
    if progress.n_processed != count || !progress.finished {
        return Err(Error::corrupt("number of values differs from the header"));
    }
    *input = Reader::new(page.into_src());
    Ok(numbers)
}
