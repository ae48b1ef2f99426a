//! Columns standing alone: the data of a basket taken apart into streams of one type, each quantised by its own bound
//! and coded by itself. Self-contained, no model needed to read it.
//!
//! A basket's data are rows of `row_size` bytes; a leaf list puts its leaves into each row one after the other, and
//! each leaf is a stream. A branch with one leaf, fixed-size array or not, is a single stream.

use crate::error::{Error, Result};
use crate::values::quantiser::{CHUNK, Lattice, Pin, Quantised, Quantiser};
use crate::values::value::{Value, ValueType, values_from_be, values_to_be, write_be};
use crate::wire::bytes::{Reader, put_varint, put_zigzag};
use crate::wire::exceptions;
use crate::wire::numbers;
use crate::with_type;

/// One leaf: where its values are in a row, and how they are quantised.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    /// Value type.
    pub value: ValueType,
    /// How its values are quantised; integers are lossless.
    pub quantiser: Quantiser,
    /// First byte in the row.
    pub offset: usize,
    /// Values per row.
    pub count: usize,
}

/// The rows of a basket.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Bytes of a row.
    pub row_size: usize,
    /// They cover the row, in order, without gaps.
    pub streams: Vec<Stream>,
}

impl Layout {
    /// One column of values, one after the other.
    pub fn of_column(value: ValueType, quantiser: Quantiser) -> Self {
        Layout { row_size: value.size(), streams: vec![Stream { value, quantiser, offset: 0, count: 1 }] }
    }

    /// Whether the streams tile the row.
    pub fn is_valid(&self) -> bool {
        let mut at = 0;
        let tiled = self.streams.iter().all(|s| {
            let here = s.offset == at;
            at = at.saturating_add(s.count.saturating_mul(s.value.size()));
            here && s.count > 0
        });
        tiled && at == self.row_size && !self.streams.is_empty()
    }

    /// Whether no stream can lose anything.
    pub fn is_lossless(&self) -> bool {
        self.streams.iter().all(|s| matches!(s.quantiser.lattice, Lattice::Lossless | Lattice::Truncated(_)))
    }
}

const LATTICE_ABS: u8 = 1;
const LATTICE_BITS: u8 = 2;
const LATTICE_TRUNCATED: u8 = 3;
const LATTICE_MASK: u8 = 3;
const PINS: u8 = 1 << 2;
const RESERVED: u8 = 1 << 3;
const TYPE_SHIFT: u32 = 4;

/// Appends the streams of `data` (whole rows) and returns what they decode to.
pub fn encode(layout: &Layout, level: u8, data: &[u8], out: &mut Vec<u8>) -> Result<Vec<u8>> {
    let simple = layout.streams.len() == 1;
    put_varint(out, if simple { 0 } else { layout.streams.len() as u64 });
    if !simple {
        put_varint(out, layout.row_size as u64);
        layout.streams.iter().for_each(|s| put_varint(out, s.count as u64));
    }
    if let [stream] = &layout.streams[..] {
        return with_type!(stream.value, T => write_stream::<T>(&stream.quantiser, level, &values_from_be(data), out));
    }
    let mut decoded = vec![0; data.len()];
    for stream in &layout.streams {
        let quantiser = &stream.quantiser;
        let mut gathered = gather(layout.row_size, stream, data);
        gathered = with_type!(stream.value, T => write_stream::<T>(quantiser, level, &values_from_be(&gathered), out))?;
        scatter(layout.row_size, stream, &gathered, &mut decoded);
    }
    Ok(decoded)
}

/// Bytes that the streams of some rows need.
#[derive(Clone, Copy, Default)]
pub struct Length {
    /// However many rows there are.
    pub fixed: usize,
    /// For these.
    pub by_rows: usize,
}

/// About the length of what [`encode`] would write, with pcodec's level `effort`.
pub fn length(layout: &Layout, effort: usize, data: &[u8]) -> Result<Length> {
    fn of<V: Value>(stream: &Stream, effort: usize, values: &[V], out: &mut Vec<u8>) -> Result<usize> {
        if stream.quantiser.lattice == Lattice::Lossless && V::TYPE.is_float() {
            numbers::write(values, effort, out)
        } else {
            numbers::write_integers(&stream.quantiser.nearest(values), effort, out)
        }
    }
    let mut length = Length::default();
    let mut out = Vec::new();
    for stream in &layout.streams {
        let gathered = gather(layout.row_size, stream, data);
        out.clear();
        let fixed = with_type!(stream.value, T => of::<T>(stream, effort, &values_from_be(&gathered), &mut out))?;
        length.fixed += fixed;
        length.by_rows += out.len() - fixed;
    }
    Ok(length)
}

/// Decodes what [`encode`] writes of one stream into `data`; several are an error.
pub fn decode_one(input: &mut Reader, data: &mut [u8]) -> Result<()> {
    if input.varint()? != 0 {
        return Err(Error::corrupt("several streams where there is one"));
    }
    decode_single(input, data)
}

fn decode_single(input: &mut Reader, data: &mut [u8]) -> Result<()> {
    let tag = input.u8()?;
    with_type!(type_of(tag)?, T => read_stream::<T>(tag, input, data))?;
    input.end()
}

/// Decodes streams into `data`.
pub fn decode(input: &mut Reader, data: &mut [u8]) -> Result<()> {
    let streams = input.varint()?;
    if streams == 0 {
        return decode_single(input, data);
    }
    let row_size = usize::try_from(input.varint()?).unwrap_or(0);
    if streams > 4096 || row_size == 0 || !data.len().is_multiple_of(row_size) {
        return Err(Error::corrupt("impossible leaf list"));
    }
    let counts: Vec<u64> = (0..streams).map(|_| input.varint()).collect::<Result<_>>()?;
    let rows = data.len() / row_size;
    let mut offset = 0usize;
    for count in counts {
        let tag = input.u8()?;
        let value = type_of(tag)?;
        let count = usize::try_from(count).ok().filter(|&n| n > 0);
        let count = count.ok_or_else(|| Error::corrupt("impossible leaf"))?;
        let stream =
            Stream { value, quantiser: Quantiser { lattice: Lattice::Lossless, pins: Vec::new() }, offset, count };
        // where there are no rows, their size may be anything
        let end = count.checked_mul(value.size()).and_then(|len| offset.checked_add(len));
        offset = end.filter(|&end| end <= row_size).ok_or_else(|| Error::corrupt("leaves longer than their row"))?;
        let mut values = vec![0; rows * count * value.size()];
        with_type!(value, T => read_stream::<T>(tag, input, &mut values))?;
        scatter(row_size, &stream, &values, data);
    }
    if offset != row_size {
        return Err(Error::corrupt("leaves shorter than their row"));
    }
    input.end()
}

fn gather(row_size: usize, stream: &Stream, data: &[u8]) -> Vec<u8> {
    let len = stream.count * stream.value.size();
    if len == row_size {
        return data.to_vec();
    }
    data.chunks_exact(row_size).flat_map(|row| &row[stream.offset..stream.offset + len]).copied().collect()
}

fn scatter(row_size: usize, stream: &Stream, values: &[u8], data: &mut [u8]) {
    let len = stream.count * stream.value.size();
    for (row, values) in data.chunks_exact_mut(row_size).zip(values.chunks_exact(len)) {
        row[stream.offset..stream.offset + len].copy_from_slice(values);
    }
}

fn type_of(tag: u8) -> Result<ValueType> {
    let code = usize::from(tag >> TYPE_SHIFT);
    ValueType::ALL.get(code).copied().ok_or_else(|| Error::Incompatible("unknown value type; update RootBaler".into()))
}

fn write_stream<V: Value>(quantiser: &Quantiser, level: u8, values: &[V], out: &mut Vec<u8>) -> Result<Vec<u8>> {
    let code = ValueType::ALL.iter().position(|&t| t == V::TYPE).unwrap_or_default() as u8;
    let tag = code << TYPE_SHIFT;
    if quantiser.lattice == Lattice::Lossless {
        out.push(tag);
        if V::TYPE.is_float() {
            numbers::write(values, numbers::effort(level, values.len()), out)?;
        } else {
            numbers::write_integers(&quantiser.nearest(values), numbers::effort(level, values.len()), out)?;
        }
        return Ok(values_to_be(values));
    }
    let Quantised { mut lattice, exceptions: list, decoded } = quantiser.quantise(values);
    // the neighbour's integer costs the coder least where the value is stored elsewhere anyway
    for &(row, _) in &list {
        let row = row as usize;
        lattice[row] = if row > 0 { lattice[row - 1] } else { 0 };
    }
    // pins of other baskets are of no use here
    let mut pins = quantiser.pins.clone();
    pins.retain(|pin| lattice.contains(&pin.lattice));
    let tag = tag | if pins.is_empty() { 0 } else { PINS };
    match quantiser.lattice {
        Lattice::Abs { step, .. } => {
            out.push(tag | LATTICE_ABS);
            put_varint(out, step.to_bits().reverse_bits());
        }
        // a negative step says that values are dithered
        Lattice::Dithered { step, .. } => {
            out.push(tag | LATTICE_ABS);
            put_varint(out, (-step).to_bits().reverse_bits());
        }
        Lattice::Bits(k) => out.extend_from_slice(&[tag | LATTICE_BITS, k]),
        Lattice::Truncated(k) => out.extend_from_slice(&[tag | LATTICE_TRUNCATED, k]),
        Lattice::Lossless => {}
    }
    if !pins.is_empty() {
        put_varint(out, pins.len() as u64);
        for pin in &pins {
            put_zigzag(out, pin.lattice);
            out.extend_from_slice(&pin.bits.to_le_bytes()[..size_of::<V>()]);
        }
    }
    exceptions::write::<V>(&list, out);
    numbers::write_integers(&lattice, numbers::effort(level, lattice.len()), out)?;
    Ok(values_to_be(&decoded))
}

/// Reads a stream of `out.len()` bytes.
fn read_stream<V: Value>(tag: u8, input: &mut Reader, out: &mut [u8]) -> Result<()> {
    if !out.len().is_multiple_of(size_of::<V>()) {
        return Err(Error::corrupt("the block's length is no multiple of its value size"));
    }
    if tag & RESERVED != 0 {
        return Err(Error::Incompatible("values coded in an unknown way; update RootBaler".into()));
    }
    let rows = out.len() / size_of::<V>();
    let lattice = match tag & LATTICE_MASK {
        0 if tag & PINS != 0 => return Err(Error::corrupt("pins of values that are lossless")),
        0 if V::TYPE.is_float() => {
            write_be(&numbers::read::<V>(input, rows)?, out);
            return Ok(());
        }
        0 => Lattice::Lossless,
        LATTICE_ABS => {
            // the bound is kept already; a negative step says that values are dithered
            let step = f64::from_bits(input.varint()?.reverse_bits());
            if step < 0.0 {
                Lattice::Dithered { bound: -step, step: -step }
            } else {
                Lattice::Abs { bound: step, step }
            }
        }
        LATTICE_BITS => Lattice::Bits(input.u8()?),
        _ => Lattice::Truncated(input.u8()?),
    };
    let mut pins = Vec::new();
    if tag & PINS != 0 {
        for _ in 0..input.varint()?.min(65) {
            let lattice = input.zigzag()?;
            let mut bits = [0; 8];
            bits[..size_of::<V>()].copy_from_slice(input.take(size_of::<V>())?);
            pins.push(Pin { lattice, bits: u64::from_le_bytes(bits) });
        }
    }
    let quantiser = Quantiser { lattice, pins };
    if !quantiser.is_valid() {
        return Err(Error::corrupt("invalid quantiser"));
    }
    let list = match quantiser.lattice {
        Lattice::Lossless => Vec::new(),
        _ => exceptions::read::<V>(input, rows)?,
    };
    let integers = numbers::read_integers(input, rows)?;
    let (mut lattice, mut values) = ([0; CHUNK], [V::default(); CHUNK]);
    for (i, out) in out.chunks_mut(CHUNK * size_of::<V>()).enumerate() {
        let rows = out.len() / size_of::<V>();
        let (lattice, values) = (&mut lattice[..rows], &mut values[..rows]);
        integers.get(i * CHUNK, lattice);
        quantiser.reconstruct(lattice, values);
        quantiser.dither(i * CHUNK, values);
        write_be(values, out);
    }
    for &(row, bits) in &list {
        V::from_bits64(bits).write_be(&mut out[row as usize * size_of::<V>()..][..size_of::<V>()]);
    }
    Ok(())
}
