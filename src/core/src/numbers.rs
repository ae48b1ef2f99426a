//! Sequences of numbers, losslessly: one value for all, or pcodec's wrapped format.

use crate::bytes::Reader;
use crate::error::{Error, Result};
use crate::value::Value;
use pco::ChunkConfig;
use pco::wrapped::{FileCompressor, FileDecompressor};

const CONSTANT: u8 = 0;
const PCODEC: u8 = 1;

/// Appends the numbers; how many there are is known elsewhere.
pub fn write<V: Value>(numbers: &[V], level: u8, out: &mut Vec<u8>) -> Result<()> {
    let Some(first) = numbers.first() else { return Ok(()) };
    if numbers.iter().all(|n| n.bits() == first.bits()) {
        out.push(CONSTANT);
        out.extend_from_slice(&first.bits().to_le_bytes()[..size_of::<V>()]);
        return Ok(());
    }
    out.push(PCODEC);
    // ROOT's levels 1..=9 on pcodec's 0..=12; 5 becomes pcodec's default
    let config =
        ChunkConfig::default().with_compression_level(usize::from(level.clamp(1, 9)) + 3).with_enable_8_bit(true);
    let config = config.with_paging_spec(pco::PagingSpec::Exact(vec![numbers.len()]));
    let failed = |e: pco::errors::PcoError| Error::BadArgument(format!("pcodec: {e}"));
    let file = FileCompressor::default();
    file.write_header(&mut *out).map_err(failed)?;
    let mut chunk = file.chunk_compressor(numbers, &config).map_err(failed)?;
    chunk.write_meta(&mut *out).map_err(failed)?;
    chunk.write_page(0, &mut *out).map_err(failed)?;
    Ok(())
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
        PCODEC => {
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
        other => Err(Error::Incompatible(format!("numbers coded in unknown way {other}; update RootBaler"))),
    }
}
