//! A column coded given earlier columns: lattice integers under the model's conditional distribution, by rANS.
//!
//! Rows go to interleaved lanes (row r to lane r mod lanes), each an ANS stack of its own, so that a decoder can
//! search the symbols of several rows at once.

use crate::axis::Axis;
use crate::bytes::{Reader, put_varint};
use crate::error::{Error, Result};
use crate::exceptions;
use crate::float::{Float, FloatType, values_from_be, values_to_be, write_be};
use crate::mixture::{Mixture, PRECISION};
use crate::model::{Model, ModelColumn};
use crate::net::Net;
use crate::quantiser::Quantised;
use constriction::stream::model::{DecoderModel, EncoderModel, EntropyModel};
use constriction::stream::stack::{AnsCoder, DefaultAnsCoder};
use constriction::stream::{Decode, Encode};
use std::num::NonZeroU32;

/// Raw bits go out in pieces of at most this many.
const RAW_PIECE: u32 = 16;
/// Fewer rows than this per lane would not pay for a lane's state.
const ROWS_PER_LANE: usize = 1024;
const MAX_LANES: usize = 8;

/// Contexts of the earlier columns for the rows of a block.
#[derive(Clone, Copy, Default)]
pub struct Contexts<'a> {
    /// `columns[k]` belongs to the k-th parent, with at least `rows` values.
    pub columns: &'a [&'a [i16]],
    /// Leading rows that have context; later ones are coded with zeros.
    pub rows: usize,
}

/// Part of a block's header that the conditional coder owns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Header {
    /// Content hash of the model.
    pub model: u64,
    /// Index of the column in the model.
    pub column: usize,
    /// Rows at the end of the block that were coded without context.
    pub rows_without: usize,
}

impl Header {
    /// Reads the header at the start of a block's body.
    pub fn read(input: &mut Reader) -> Result<Self> {
        let model = u64::from_le_bytes(input.array()?);
        let column = input.varint()?.min(u64::from(u32::MAX)) as usize;
        let rows_without = input.varint()?.min(u64::from(u32::MAX)) as usize;
        Ok(Header { model, column, rows_without })
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.model.to_le_bytes());
        put_varint(out, self.column as u64);
        put_varint(out, self.rows_without as u64);
    }
}

/// Appends the body of a model block and returns what it decodes to. `raw` holds whole big-endian values. The column
/// must have a network.
pub fn encode(model: &Model, index: usize, contexts: Contexts, raw: &[u8], out: &mut Vec<u8>) -> Result<Vec<u8>> {
    let column = &model.columns()[index];
    let rows = raw.len() / column.spec.float.size();
    let context_rows = if column.spec.parents.is_empty() { rows } else { contexts.rows.min(rows) };
    check(column, contexts, context_rows)?;
    Header { model: model.hash(), column: index, rows_without: rows - context_rows }.write(out);
    let (net, axis) = coder_of(column)?;
    let outputs = net.infer(contexts.columns, context_rows, rows);
    Ok(match column.spec.float {
        FloatType::F32 => encode_values(column, net, axis, &outputs, &values_from_be::<f32>(raw), out),
        FloatType::F64 => encode_values(column, net, axis, &outputs, &values_from_be::<f64>(raw), out),
    })
}

/// Decodes what follows the header of a model block.
pub fn decode(model: &Model, header: Header, contexts: Contexts, input: &mut Reader, raw: &mut [u8]) -> Result<()> {
    let column = model
        .columns()
        .get(header.column)
        .ok_or_else(|| Error::corrupt("the block names a column that its model does not have"))?;
    let size = column.spec.float.size();
    let rows = raw.len() / size;
    if !raw.len().is_multiple_of(size) || header.rows_without > rows {
        return Err(Error::corrupt("the block's length does not fit its column"));
    }
    let context_rows = rows - header.rows_without;
    check(column, contexts, context_rows)?;
    let (net, axis) = coder_of(column)?;
    let outputs = net.infer(contexts.columns, context_rows, rows);
    match column.spec.float {
        FloatType::F32 => decode_values::<f32>(column, net, axis, &outputs, input, raw),
        FloatType::F64 => decode_values::<f64>(column, net, axis, &outputs, input, raw),
    }
}

fn check(column: &ModelColumn, contexts: Contexts, context_rows: usize) -> Result<()> {
    let parents = column.spec.parents.len();
    if contexts.columns.len() != parents || contexts.columns.iter().any(|c| c.len() < context_rows) {
        return Err(Error::Missing(format!(
            "column {} needs the values of {parents} earlier columns for {context_rows} rows",
            column.spec.name
        )));
    }
    Ok(())
}

fn coder_of(column: &ModelColumn) -> Result<(&Net, &Axis)> {
    match (&column.spec.net, &column.axis) {
        (Some(net), Some(axis)) => Ok((net, axis)),
        _ => Err(Error::corrupt(format!("column {} has no network in its model", column.spec.name))),
    }
}

fn encode_values<F: Float>(
    column: &ModelColumn,
    net: &Net,
    axis: &Axis,
    outputs: &[i32],
    values: &[F],
    out: &mut Vec<u8>,
) -> Vec<u8> {
    let Quantised { lattice, exceptions, decoded } = column.spec.quantiser.quantise(values);
    let mut bins: Vec<Option<usize>> = lattice.iter().map(|&q| axis.find(q)).collect();
    for &(row, _) in &exceptions {
        bins[row as usize] = None;
    }
    // lattice points outside the axis are exceptions too
    let mut list = Vec::new();
    for row in (0..values.len()).filter(|&row| bins[row].is_none()) {
        list.push((row as u32, decoded[row].bits()));
    }
    exceptions::write::<F>(&list, out);

    let lanes = (values.len() / ROWS_PER_LANE).clamp(1, MAX_LANES);
    let mut coders = vec![DefaultAnsCoder::new(); lanes];
    let (components, width) = (usize::from(net.components), net.outputs());
    for row in (0..values.len()).rev() {
        let coder = &mut coders[row % lanes];
        let outputs = &outputs[row * width..(row + 1) * width];
        let mixture = Mixture::new(outputs, components, axis.bins());
        // an exception's place costs least where the distribution expects it
        let bin = bins[row].unwrap_or_else(|| expected(axis, outputs, components));
        let (start, raw_bits) = axis.bin(bin);
        let place = if bins[row].is_some() { (lattice[row] - start) as u64 } else { 0 };
        push_raw(coder, place, raw_bits);
        let (left, end) = interval(&mixture, axis, bin);
        push(coder, left, end - left);
    }
    out.push(lanes as u8);
    let stacks: Vec<Vec<u32>> = coders.into_iter().map(|c| c.into_compressed().unwrap_or_default()).collect();
    for stack in &stacks {
        put_varint(out, stack.len() as u64);
    }
    for word in stacks.iter().flatten() {
        out.extend_from_slice(&word.to_le_bytes());
    }
    values_to_be(&decoded)
}

fn decode_values<F: Float>(
    column: &ModelColumn,
    net: &Net,
    axis: &Axis,
    outputs: &[i32],
    input: &mut Reader,
    raw: &mut [u8],
) -> Result<()> {
    let rows = raw.len() / size_of::<F>();
    let list = exceptions::read::<F>(input, rows)?;
    let lanes = usize::from(input.u8()?);
    if lanes == 0 || lanes > MAX_LANES {
        return Err(Error::corrupt("impossible number of lanes"));
    }
    let lengths: Vec<u64> = (0..lanes).map(|_| input.varint()).collect::<Result<_>>()?;
    let mut coders = Vec::with_capacity(lanes);
    for length in lengths {
        let bytes = input.take(usize::try_from(length.saturating_mul(4)).unwrap_or(usize::MAX))?;
        let words: Vec<u32> = bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        coders.push(AnsCoder::from_compressed(words).map_err(|_| Error::corrupt("a lane ends in zeros"))?);
    }
    input.end()?;
    let (components, width) = (usize::from(net.components), net.outputs());
    let mut lattice = vec![0i64; rows];
    for (row, q) in lattice.iter_mut().enumerate() {
        let coder = &mut coders[row % lanes];
        let mixture = Mixture::new(&outputs[row * width..(row + 1) * width], components, axis.bins());
        let bin = pop(coder, &mixture, axis);
        let (start, raw_bits) = axis.bin(bin);
        *q = start + pop_raw(coder, raw_bits) as i64;
    }
    let mut values = vec![F::from_bits64(0); rows];
    column.spec.quantiser.reconstruct(&lattice, &mut values);
    exceptions::apply(&list, &mut values);
    write_be(&values, raw);
    Ok(())
}

/// The bin at the mean of the first component.
fn expected(axis: &Axis, outputs: &[i32], components: usize) -> usize {
    let inner = &axis.edges()[1..axis.bins()];
    inner.partition_point(|&e| e <= outputs[components])
}

/// Cumulative counts at both edges of a bin.
fn interval(mixture: &Mixture, axis: &Axis, bin: usize) -> (u32, u32) {
    let at = |bin: usize| {
        if bin == 0 {
            0
        } else if bin == axis.bins() {
            1 << PRECISION
        } else {
            mixture.cumulative(axis.edges()[bin], bin)
        }
    };
    (at(bin), at(bin + 1))
}

/// A symbol by its interval of counts.
struct Interval(u32, u32);

impl EntropyModel<PRECISION> for Interval {
    type Symbol = ();
    type Probability = u32;
}

impl EncoderModel<PRECISION> for Interval {
    fn left_cumulative_and_probability(&self, _: impl std::borrow::Borrow<()>) -> Option<(u32, NonZeroU32)> {
        NonZeroU32::new(self.1).map(|p| (self.0, p))
    }
}

fn push(coder: &mut DefaultAnsCoder, left: u32, count: u32) {
    // a single bin takes all counts and costs nothing
    if count < 1 << PRECISION {
        let pushed = coder.encode_symbol((), Interval(left, count));
        debug_assert!(pushed.is_ok(), "every bin has a count of at least one");
    }
}

struct Search<'a>(&'a Mixture, &'a Axis);

impl EntropyModel<PRECISION> for Search<'_> {
    type Symbol = usize;
    type Probability = u32;
}

impl DecoderModel<PRECISION> for Search<'_> {
    #[inline]
    fn quantile_function(&self, quantile: u32) -> (usize, u32, NonZeroU32) {
        let Search(mixture, axis) = self;
        let edges = axis.edges();
        let (mut low, mut high) = (0, axis.bins());
        let (mut left, mut right) = (0, 1 << PRECISION);
        while high - low > 1 {
            let middle = (low + high) / 2;
            let count = mixture.cumulative(edges[middle], middle);
            if count <= quantile {
                (low, left) = (middle, count);
            } else {
                (high, right) = (middle, count);
            }
        }
        (low, left, NonZeroU32::new(right - left).unwrap_or(NonZeroU32::MIN))
    }
}

fn pop(coder: &mut DefaultAnsCoder, mixture: &Mixture, axis: &Axis) -> usize {
    if axis.bins() == 1 {
        return 0;
    }
    match coder.decode_symbol(Search(mixture, axis)) {
        Ok(bin) => bin,
        Err(never) => match never {},
    }
}

struct Uniform(u32);

impl EntropyModel<PRECISION> for Uniform {
    type Symbol = u32;
    type Probability = u32;
}

impl DecoderModel<PRECISION> for Uniform {
    fn quantile_function(&self, quantile: u32) -> (u32, u32, NonZeroU32) {
        let count = 1 << (PRECISION as u32 - self.0);
        let symbol = quantile / count;
        (symbol, symbol * count, NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN))
    }
}

fn push_raw(coder: &mut DefaultAnsCoder, value: u64, bits: u32) {
    // pushed high piece first, so that it is popped last
    for at in (0..bits).step_by(RAW_PIECE as usize).rev() {
        let piece = RAW_PIECE.min(bits - at);
        let count = 1 << (PRECISION as u32 - piece);
        push(coder, ((value >> at) as u32 & ((1 << piece) - 1)) * count, count);
    }
}

fn pop_raw(coder: &mut DefaultAnsCoder, bits: u32) -> u64 {
    let mut value = 0;
    for at in (0..bits).step_by(RAW_PIECE as usize) {
        let piece = RAW_PIECE.min(bits - at);
        match coder.decode_symbol(Uniform(piece)) {
            Ok(v) => value |= u64::from(v) << at,
            Err(never) => match never {},
        }
    }
    value
}
