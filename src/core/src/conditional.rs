//! A column coded given earlier columns: lattice integers under the model's conditional distribution.

use crate::ans::Lanes;
use crate::axis::Axis;
use crate::bytes::{Reader, put_varint};
use crate::error::{Error, Result};
use crate::exceptions;
use crate::inputs::{self, Contexts, Rows};
use crate::mixture::{self, Each, ROWS};
use crate::model::{Context, Model, ModelColumn};
use crate::net::Net;
use crate::quantiser::Quantised;
use crate::value::{Value, values_from_be, values_to_be, write_be};
use crate::with_type;

/// What a block says of its model, at the start of its body.
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

    /// Appends the header.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.model.to_le_bytes());
        put_varint(out, self.column as u64);
        put_varint(out, self.rows_without as u64);
    }
}

/// A column with all that its coder uses.
struct Coder<'a> {
    column: &'a ModelColumn,
    index: usize,
    net: &'a Net,
    axis: &'a Axis,
    contexts: Contexts<'a>,
    predicted: Vec<i16>,
    rows: Rows,
}

impl<'a> Coder<'a> {
    fn new(model: &'a Model, index: usize, contexts: Contexts<'a>, rows: usize) -> Result<Self> {
        let column = model
            .columns()
            .get(index)
            .ok_or_else(|| Error::corrupt("the block names a column that its model does not have"))?;
        let (Some(net), Some(axis)) = (&column.spec.net, &column.axis) else {
            return Err(Error::corrupt(format!("column {} has no network in its model", column.spec.name)));
        };
        let parents = column.parents.len();
        if contexts.columns.len() != parents || contexts.columns.iter().any(|c| c.len() < contexts.rows) {
            return Err(Error::Missing(format!(
                "column {} needs the values of {parents} earlier columns for {} rows",
                column.spec.name, contexts.rows
            )));
        }
        let predicted = inputs::predicted_scores(model, column, contexts, rows);
        let rows = Rows::new(column, index, model.jagged(), contexts, rows)?;
        Ok(Coder { column, index, net, axis, contexts, predicted, rows })
    }

    /// Network outputs of some steps.
    fn infer(&self, own: &[Context], steps: std::ops::Range<usize>) -> Vec<i32> {
        let count = steps.len();
        let inputs = self.rows.inputs(self.column, self.index, self.contexts, own, &self.predicted, steps);
        self.net.infer(&inputs, count)
    }

    fn encode<V: Value>(&self, values: &[V], out: &mut Vec<u8>) -> Vec<u8> {
        let Quantised { lattice, exceptions, decoded } = self.column.spec.quantiser.quantise(values);
        let mut bins: Vec<Option<usize>> = lattice.iter().map(|&q| self.axis.find(q)).collect();
        for &(row, _) in &exceptions {
            bins[row as usize] = None;
        }
        // lattice points outside the axis are exceptions too
        let outside = (0..values.len()).filter(|&row| bins[row].is_none());
        let list: Vec<_> = outside.map(|row| (row as u32, decoded[row].bits())).collect();
        exceptions::write::<V>(&list, out);

        let own = self.column.contexts(&decoded);
        let components = usize::from(self.net.components);
        let mut lanes = Lanes::for_steps(values.len());
        for wave in self.rows.waves.windows(2).rev() {
            let outputs = self.infer(&own, wave[0]..wave[1]);
            let stride = wave[1] - wave[0];
            for first in (0..stride).step_by(ROWS).rev() {
                let here = ROWS.min(stride - first);
                let row = |r: usize| self.rows.order[wave[0] + first + r] as usize;
                let mut symbols: Each<u32> = [0; ROWS];
                for (r, symbol) in symbols[..here].iter_mut().enumerate() {
                    // an exception's place costs least where the distribution expects it
                    let expected = || self.expected(outputs[components * stride + first + r]);
                    *symbol = bins[row(r)].unwrap_or_else(expected) as u32;
                }
                let symbols = mixture::intervals(&outputs[first..], stride, here, components, self.axis, &symbols);
                for r in (0..here).rev() {
                    let (start, raw_bits) = self.axis.bin(symbols[r].bin as usize);
                    let place = if bins[row(r)].is_some() { (lattice[row(r)] - start) as u64 } else { 0 };
                    lanes.push_raw(wave[0] + first + r, place, raw_bits);
                    lanes.push(wave[0] + first + r, symbols[r]);
                }
            }
        }
        lanes.write(out);
        values_to_be(&decoded)
    }

    fn decode<V: Value>(&self, input: &mut Reader, raw: &mut [u8]) -> Result<()> {
        let rows = raw.len() / size_of::<V>();
        let list = exceptions::read::<V>(input, rows)?;
        let mut lanes = Lanes::read(input)?;
        input.end()?;
        let components = usize::from(self.net.components);
        let mut values = vec![V::default(); rows];
        let mut own = vec![Context::default(); rows];
        for wave in self.rows.waves.windows(2) {
            let steps = wave[0]..wave[1];
            let outputs = self.infer(&own, steps.clone());
            let stride = steps.len();
            let mut lattice = vec![0i64; stride];
            for first in (0..stride).step_by(lanes.count()) {
                let here = lanes.count().min(stride - first);
                let mut quantiles: Each<u32> = [0; ROWS];
                for (r, quantile) in quantiles[..here].iter_mut().enumerate() {
                    *quantile = lanes.quantile(wave[0] + first + r);
                }
                let symbols = mixture::find(&outputs[first..], stride, here, components, self.axis, &quantiles);
                for r in 0..here {
                    let step = wave[0] + first + r;
                    lanes.pop(step, symbols[r]);
                    let (start, raw_bits) = self.axis.bin(symbols[r].bin as usize);
                    lattice[first + r] = start + lanes.pop_raw(step, raw_bits) as i64;
                }
            }
            let mut decoded = vec![V::default(); steps.len()];
            self.column.spec.quantiser.reconstruct(&lattice, &mut decoded);
            for (step, v) in steps.clone().zip(decoded) {
                values[self.rows.order[step] as usize] = v;
            }
            if self.rows.waves.len() > 2 {
                let order = &self.rows.order[steps];
                exceptions::apply_to(&list, order, &mut values);
                let seen: Vec<V> = order.iter().map(|&row| values[row as usize]).collect();
                for (&row, context) in order.iter().zip(self.column.contexts(&seen)) {
                    own[row as usize] = context;
                }
            }
        }
        self.column.spec.quantiser.dither(&mut values);
        exceptions::apply(&list, &mut values);
        write_be(&values, raw);
        Ok(())
    }

    /// The bin at a mean.
    fn expected(&self, mean: i32) -> usize {
        self.axis.edges()[1..self.axis.bins()].partition_point(|&e| e <= mean)
    }
}

/// Rows of a block that have context.
fn rows_with_context(column: &ModelColumn, contexts: Contexts, rows: usize) -> usize {
    if column.parents.is_empty() { rows } else { contexts.rows.min(rows) }
}

/// The header of a block of `data_len` bytes of column `index`, which the model has.
pub fn header(model: &Model, index: usize, contexts: Contexts, data_len: usize) -> Header {
    let column = &model.columns()[index];
    let rows = data_len / column.spec.value.size();
    Header { model: model.hash(), column: index, rows_without: rows - rows_with_context(column, contexts, rows) }
}

/// Appends the values of column `index`, which must have a network, and returns what they decode to. `data` holds
/// whole big-endian values.
pub fn encode(model: &Model, index: usize, contexts: Contexts, data: &[u8], out: &mut Vec<u8>) -> Result<Vec<u8>> {
    let column = &model.columns()[index];
    let rows = data.len() / column.spec.value.size();
    let contexts = Contexts { rows: rows_with_context(column, contexts, rows), ..contexts };
    let coder = Coder::new(model, index, contexts, rows)?;
    Ok(with_type!(column.spec.value, T => coder.encode::<T>(&values_from_be(data), out)))
}

/// Decodes the values of a model block into `raw`.
pub fn decode(model: &Model, header: Header, contexts: Contexts, input: &mut Reader, raw: &mut [u8]) -> Result<()> {
    let Some(column) = model.columns().get(header.column) else {
        return Err(Error::corrupt("the block names a column that its model does not have"));
    };
    let size = column.spec.value.size();
    let rows = raw.len() / size;
    if !raw.len().is_multiple_of(size) || header.rows_without > rows {
        return Err(Error::corrupt("the block's length does not fit its column"));
    }
    let contexts = Contexts { rows: rows - header.rows_without, ..contexts };
    let coder = Coder::new(model, header.column, contexts, rows)?;
    with_type!(column.spec.value, T => coder.decode::<T>(input, raw))
}
