//! A column coded given earlier columns: lattice integers under the model's conditional distribution.

use crate::coder::ans::{Decoder, Encoder};
use crate::coder::inputs::Inputs;
use crate::coder::waves::{Contexts, Waves};
use crate::error::{Error, Result};
use crate::inference::axis::{Axis, NO_BIN};
use crate::inference::mixture::{self, Given, OUTPUTS};
use crate::inference::sizes::{TILE, Tile};
use crate::inference::tiles::{TiledNet, Work};
use crate::machine::Machine;
use crate::model::context::{Seen, SeenMut};
use crate::model::{Model, ModelColumn};
use crate::values::quantiser::{Exception, Quantised};
use crate::values::value::{Value, values_from_be, values_to_be, write_be};
use crate::wire::bytes::{Reader, put_varint};
use crate::wire::exceptions;
use crate::with_type;
use std::ops::Range;

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

/// What later waves and later columns see of an exception.
struct SeenException {
    step: usize,
    lattice: i64,
    score: i16,
}

/// A column with all that its coder uses.
struct Coder<'a> {
    machine: Machine,
    model: &'a Model,
    column: &'a ModelColumn,
    index: usize,
    net: &'a TiledNet,
    axis: &'a Axis,
    contexts: Contexts<'a>,
    rows: Waves,
}

impl<'a> Coder<'a> {
    fn new(machine: Machine, model: &'a Model, index: usize, contexts: Contexts<'a>, rows: usize) -> Result<Self> {
        let column = model
            .columns()
            .get(index)
            .ok_or_else(|| Error::corrupt("the block names a column that its model does not have"))?;
        let (Some(net), Some(axis)) = (&column.tiled, &column.axis) else {
            return Err(Error::corrupt(format!("column {} has no network in its model", column.spec.name)));
        };
        let parents = column.parents.len();
        let is_short = |(&p, seen): (&u32, &Seen)| {
            let with_lattice = model.columns()[p as usize].lattice_seen;
            seen.scores.len() < contexts.rows || (with_lattice && seen.lattice.len() < contexts.rows)
        };
        if contexts.columns.len() != parents || column.parents.iter().zip(contexts.columns).any(is_short) {
            return Err(Error::Missing(format!(
                "column {} needs the values of {parents} earlier columns for {} rows",
                column.spec.name, contexts.rows
            )));
        }
        let rows = Waves::new(column, index, model.jagged(), contexts, rows)?;
        Ok(Coder { machine, model, column, index, net, axis, contexts, rows })
    }

    fn encode<V: Value>(&self, values: &[V], out: &mut Vec<u8>) -> Vec<V> {
        let Quantised { lattice, exceptions, decoded } = self.column.spec.quantiser.quantise(values);
        let mut bins = self.axis.find_all(&lattice);
        for &(row, _) in &exceptions {
            bins[row as usize] = NO_BIN;
        }
        // lattice points outside the axis are exceptions too
        let outside = bins.iter().enumerate().filter(|(_, bin)| **bin == NO_BIN);
        let list: Vec<_> = outside.map(|(row, _)| (row as u32, decoded[row].bits())).collect();
        exceptions::write::<V>(&list, out);

        let mut inputs = Inputs::new(self.model, self.index, self.contexts, &self.rows);
        let (lattice, bins) = (self.rows.in_steps(lattice), self.rows.in_steps(bins));
        if self.rows.in_waves() {
            let own = lattice.iter().zip(bins.iter()).map(|(&q, &bin)| match bin {
                NO_BIN => self.axis.context(q),
                bin => self.axis.context_within(bin as usize, (q - self.axis.bin(bin as usize).0) as u64),
            });
            inputs.set_own(0, &own.collect::<Vec<_>>());
        }
        let components = self.net.outputs() / OUTPUTS;
        let mut work = self.net.work(self.machine);
        let mut coded = Encoder::new(values.len());
        for (number, wave) in self.rows.waves.windows(2).enumerate() {
            coded.begin_wave();
            for tile in tiles(wave[0]..wave[1], TILE) {
                inputs.fill(number, tile.clone(), self.net.inputs(&mut work));
                self.net.infer(&mut work);
                let given = self.given(&work);
                let mut wanted: Tile = [0; TILE];
                for (r, (wanted, &bin)) in wanted.iter_mut().zip(&bins[tile.clone()]).enumerate() {
                    // an exception's place costs least where the distribution expects it
                    *wanted =
                        if bin == NO_BIN { self.expected(given.outputs[components][r]) as i32 } else { bin as i32 };
                }
                let symbols = mixture::intervals(work.machine, given, &wanted);
                coded.push(tile.len(), &symbols);
                for (&bin, (&known, &q)) in wanted.iter().zip(bins[tile.clone()].iter().zip(&lattice[tile])) {
                    let (start, raw_bits) = self.axis.bin(bin as usize);
                    coded.push_raw(if known == NO_BIN { 0 } else { (q - start) as u64 }, raw_bits);
                }
            }
        }
        coded.write(out);
        decoded
    }

    fn decode<V: Value>(&self, input: &mut Reader, raw: &mut [u8], seen: Option<SeenMut>) -> Result<()> {
        let rows = raw.len() / size_of::<V>();
        let list = exceptions::read::<V>(input, rows)?;
        let mut coded = Decoder::read(input)?;
        input.end()?;
        let mut inputs = Inputs::new(self.model, self.index, self.contexts, &self.rows);
        let mut work = self.net.work(self.machine);
        let mut lattice: Vec<i64> = Vec::with_capacity(rows); // of bins at first
        let wants_scores = self.rows.in_waves() || seen.is_some();
        let mut scores = vec![0i16; if wants_scores { rows } else { 0 }];
        let exceptions = if wants_scores { self.exceptions_seen::<V>(&list) } else { Vec::new() };
        for (number, wave) in self.rows.waves.windows(2).enumerate() {
            let steps = wave[0]..wave[1];
            // first the bins of all rows, as many at once as there are lanes
            for tile in tiles(steps.clone(), coded.lanes()) {
                inputs.fill(number, tile.clone(), self.net.inputs(&mut work));
                self.net.infer(&mut work);
                let symbols = mixture::find(work.machine, self.given(&work), &coded.quantiles());
                coded.pop(work.machine, tile.len(), &symbols);
                lattice.extend(symbols.bin[..tile.len()].iter().map(|&bin| i64::from(bin)));
            }
            if steps.end == rows {
                coded.end_symbols();
            }
            let mut within = |q: &mut i64| {
                let bin = *q as usize;
                let (start, raw_bits) = self.axis.bin(bin);
                let place = coded.raw(raw_bits);
                *q = start + place as i64;
                (bin, place)
            };
            if wants_scores {
                for (q, score) in lattice[steps.clone()].iter_mut().zip(&mut scores[steps.clone()]) {
                    let (bin, place) = within(q);
                    *score = self.axis.context_within(bin, place);
                }
            } else {
                lattice[steps.clone()].iter_mut().for_each(|q| _ = within(q));
            }
            if self.rows.in_waves() {
                let from = exceptions.partition_point(|e| e.step < steps.start);
                let here = exceptions[from..].iter().take_while(|e| e.step < steps.end);
                here.for_each(|e| scores[e.step] = e.score);
                inputs.set_own(steps.start, &scores[steps]);
            }
        }
        let mut values = vec![V::default(); rows];
        self.column.spec.quantiser.reconstruct(&lattice, &mut values);
        if self.rows.in_waves() {
            self.rows.in_rows(&values.clone(), &mut values);
        }
        self.column.spec.quantiser.dither(0, &mut values);
        exceptions::apply(&list, &mut values);
        write_be(&values, raw);
        if let Some(seen) = seen {
            exceptions.iter().for_each(|e| scores[e.step] = e.score);
            self.rows.in_rows(&scores, seen.scores);
            if !seen.lattice.is_empty() {
                exceptions.iter().for_each(|e| lattice[e.step] = e.lattice);
                self.rows.in_rows(&lattice, seen.lattice);
            }
        }
        Ok(())
    }

    /// What others see of exceptions, in the order of steps.
    fn exceptions_seen<V: Value>(&self, list: &[Exception]) -> Vec<SeenException> {
        let one = |&(row, bits): &Exception| {
            let lattice = self.column.spec.quantiser.nearest(&[V::from_bits64(bits)])[0];
            SeenException { step: self.rows.step(row as usize), lattice, score: self.axis.context(lattice) }
        };
        let mut seen: Vec<_> = list.iter().map(one).collect();
        seen.sort_unstable_by_key(|e| e.step);
        seen
    }

    /// The distributions of the rows of a tile.
    fn given<'b>(&'b self, work: &'b Work) -> Given<'b> {
        Given { outputs: &work.outputs[..self.net.outputs()], axis: self.axis }
    }

    /// The bin at a mean.
    fn expected(&self, mean: i32) -> usize {
        self.axis.edges()[1..self.axis.bins()].partition_point(|&e| e <= mean)
    }
}

/// Cuts a range into pieces of `size`, and what is left.
fn tiles(all: Range<usize>, size: usize) -> impl Iterator<Item = Range<usize>> {
    let end = all.end;
    all.step_by(size).map(move |first| first..end.min(first + size))
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
pub fn encode(
    machine: Machine,
    model: &Model,
    index: usize,
    contexts: Contexts,
    data: &[u8],
    out: &mut Vec<u8>,
) -> Result<Vec<u8>> {
    let column = &model.columns()[index];
    let rows = data.len() / column.spec.value.size();
    let contexts = Contexts { rows: rows_with_context(column, contexts, rows), ..contexts };
    let coder = Coder::new(machine, model, index, contexts, rows)?;
    Ok(with_type!(column.spec.value, T => values_to_be(&coder.encode::<T>(&values_from_be(data), out))))
}

/// Decodes the values of a model block into `raw`, and what later columns see of them into `seen`.
pub fn decode(
    machine: Machine,
    model: &Model,
    header: Header,
    contexts: Contexts,
    input: &mut Reader,
    raw: &mut [u8],
    seen: Option<SeenMut>,
) -> Result<()> {
    let Some(column) = model.columns().get(header.column) else {
        return Err(Error::corrupt("the block names a column that its model does not have"));
    };
    let size = column.spec.value.size();
    let rows = raw.len() / size;
    let rows_fit = header.rows_without == 0 || (header.rows_without <= rows && !column.parents.is_empty());
    if !raw.len().is_multiple_of(size) || !rows_fit {
        return Err(Error::corrupt("the block's length does not fit its column"));
    }
    let wanted = |seen: &SeenMut| seen.scores.len() == rows && [0, rows].contains(&seen.lattice.len());
    if !seen.as_ref().is_none_or(wanted) {
        return Err(Error::BadArgument(format!("there is no room for the contexts of {rows} rows")));
    }
    let contexts = Contexts { rows: rows - header.rows_without, ..contexts };
    let coder = Coder::new(machine, model, header.column, contexts, rows)?;
    with_type!(column.spec.value, T => coder.decode::<T>(input, raw, seen))
}
