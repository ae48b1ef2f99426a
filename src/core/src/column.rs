//! A column standing alone: quantised, then coded by pcodec. Self-contained, no model needed to read it.

use crate::bytes::{Reader, put_varint};
use crate::error::{Error, Result};
use crate::exceptions;
use crate::float::{Float, FloatType, values_from_be, values_to_be, write_be};
use crate::quantiser::{Lattice, Pin, Quantised, Quantiser};
use pco::ChunkConfig;
use pco::data_types::Number;
use pco::standalone::{simple_compress, simple_decompress_into};

/// Type and quantiser: all that a stand-alone block needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Value type.
    pub float: FloatType,
    /// How its values are quantised.
    pub quantiser: Quantiser,
}

const WIDE: u8 = 1; // f64
const LATTICE_ABS: u8 = 1 << 1;
const LATTICE_BITS: u8 = 2 << 1;
const LATTICE_MASK: u8 = 3 << 1;
const PINS: u8 = 1 << 3;
const LONG: u8 = 1 << 4; // lattice integers as i64, else i32

/// Appends the body of a column block and returns what it decodes to. `raw` holds whole big-endian values.
pub fn encode(column: &Column, level: u8, raw: &[u8], out: &mut Vec<u8>) -> Result<Vec<u8>> {
    match column.float {
        FloatType::F32 => encode_values(&column.quantiser, level, &values_from_be::<f32>(raw), out),
        FloatType::F64 => encode_values(&column.quantiser, level, &values_from_be::<f64>(raw), out),
    }
}

/// Decodes the body of a column block into big-endian values.
pub fn decode(input: &mut Reader, raw: &mut [u8]) -> Result<()> {
    let tag = input.u8()?;
    if tag & WIDE == 0 { decode_values::<f32>(tag, input, raw) } else { decode_values::<f64>(tag, input, raw) }
}

fn encode_values<F: Float>(quantiser: &Quantiser, level: u8, values: &[F], out: &mut Vec<u8>) -> Result<Vec<u8>> {
    let wide = if F::TYPE == FloatType::F64 { WIDE } else { 0 };
    if quantiser.lattice == Lattice::Lossless {
        out.push(wide);
        compress(values, level, out)?;
        return Ok(values_to_be(values));
    }
    let Quantised { mut lattice, exceptions: list, decoded } = quantiser.quantise(values);
    // the neighbour's integer costs the coder least where the value is stored elsewhere anyway
    for &(row, _) in &list {
        let row = row as usize;
        lattice[row] = if row > 0 { lattice[row - 1] } else { 0 };
    }
    let long = lattice.iter().any(|&q| i32::try_from(q).is_err());
    let mut tag = wide | if long { LONG } else { 0 };
    tag |= if quantiser.pins.is_empty() { 0 } else { PINS };
    match quantiser.lattice {
        Lattice::Abs { bound, step } => {
            out.push(tag | LATTICE_ABS);
            out.extend_from_slice(&bound.to_le_bytes());
            out.extend_from_slice(&step.to_le_bytes());
        }
        Lattice::Bits(k) => out.extend_from_slice(&[tag | LATTICE_BITS, k]),
        Lattice::Lossless => {}
    }
    if !quantiser.pins.is_empty() {
        put_varint(out, quantiser.pins.len() as u64);
        for pin in &quantiser.pins {
            out.extend_from_slice(&pin.lattice.to_le_bytes());
            out.extend_from_slice(&pin.bits.to_le_bytes());
        }
    }
    exceptions::write::<F>(&list, out);
    if long {
        compress(&lattice, level, out)?;
    } else {
        let narrow: Vec<i32> = lattice.iter().map(|&q| q as i32).collect();
        compress(&narrow, level, out)?;
    }
    Ok(values_to_be(&decoded))
}

fn decode_values<F: Float>(tag: u8, input: &mut Reader, raw: &mut [u8]) -> Result<()> {
    if !raw.len().is_multiple_of(size_of::<F>()) {
        return Err(Error::corrupt("the block's length is no multiple of its value size"));
    }
    let rows = raw.len() / size_of::<F>();
    let lattice = match tag & LATTICE_MASK {
        0 => {
            let values = decompress::<F>(input, rows)?;
            write_be(&values, raw);
            return Ok(());
        }
        LATTICE_ABS => {
            Lattice::Abs { bound: f64::from_le_bytes(input.array()?), step: f64::from_le_bytes(input.array()?) }
        }
        LATTICE_BITS => Lattice::Bits(input.u8()?),
        _ => return Err(Error::Incompatible("unknown lattice; update RootBaler".into())),
    };
    let mut pins = Vec::new();
    if tag & PINS != 0 {
        for _ in 0..input.varint()?.min(65) {
            pins.push(Pin { lattice: i64::from_le_bytes(input.array()?), bits: u64::from_le_bytes(input.array()?) });
        }
    }
    let quantiser = Quantiser { lattice, pins };
    if !quantiser.is_valid() {
        return Err(Error::corrupt("invalid quantiser"));
    }
    let list = exceptions::read::<F>(input, rows)?;
    let lattice: Vec<i64> = if tag & LONG != 0 {
        decompress::<i64>(input, rows)?
    } else {
        decompress::<i32>(input, rows)?.into_iter().map(i64::from).collect()
    };
    let mut values = vec![F::from_bits64(0); rows];
    quantiser.reconstruct(&lattice, &mut values);
    exceptions::apply(&list, &mut values);
    write_be(&values, raw);
    Ok(())
}

fn compress<T: Number>(numbers: &[T], level: u8, out: &mut Vec<u8>) -> Result<()> {
    // ROOT's levels 1..=9 on pcodec's 0..=12; 5 becomes pcodec's default
    let config = ChunkConfig::default().with_compression_level(usize::from(level.clamp(1, 9)) + 3);
    let packed = simple_compress(numbers, &config).map_err(|e| Error::BadArgument(format!("pcodec: {e}")))?;
    out.extend_from_slice(&packed);
    Ok(())
}

fn decompress<T: Number + Default>(input: &mut Reader, rows: usize) -> Result<Vec<T>> {
    let mut numbers = vec![T::default(); rows];
    let progress =
        simple_decompress_into(input.rest(), &mut numbers).map_err(|e| Error::corrupt(format!("pcodec: {e}")))?;
    if progress.n_processed != rows || !progress.finished {
        return Err(Error::corrupt("number of values differs from the header"));
    }
    Ok(numbers)
}
