//! A container in memory, with columns coded by models of random networks.

use super::{Random, offsets};
use rootbaler::coder::conditional;
use rootbaler::coder::foreign::{self, Elements};
use rootbaler::coder::waves::Contexts;
use rootbaler::error::{Error, Result};
use rootbaler::format::{block, tail};
use rootbaler::machine::Machine;
use rootbaler::model::builder;
use rootbaler::model::context::ColumnContext;
use rootbaler::model::sample::Sample;
use rootbaler::model::{Input, Model};
use rootbaler::session::{ColumnId, ColumnInfo, Container, Piece, Stored, Unit};
use rootbaler::values::bound::Bound;
use rootbaler::values::value::{Value, values_from_be, values_to_be};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

pub const BOUND: Bound = Bound::Abs(0.01);

/// A stored piece.
#[derive(Clone)]
pub struct Part {
    pub piece: Piece,
    pub bytes: Vec<u8>,
    pub raw_len: usize,
}

#[derive(Clone)]
pub struct Stub {
    pub info: ColumnInfo,
    pub parts: Vec<Part>,
    /// What reading gives, as big-endian values.
    pub values: Vec<u8>,
}

type OnStored = Box<dyn Fn(ColumnId, u64) + Send + Sync>;

/// Shared with the session, so that tests see what was asked for.
#[derive(Default)]
pub struct Table {
    pub columns: Vec<Stub>,
    pub models: Vec<Arc<Model>>,
    pub fetched: Mutex<Vec<(ColumnId, u64)>>,
    pub unpacked: AtomicUsize,
    pub on_stored: Option<OnStored>,
}

pub struct Shared(pub Arc<Table>);

impl Table {
    pub fn id(&self, name: &str) -> ColumnId {
        self.columns.iter().position(|c| c.info.name == name).unwrap() as ColumnId
    }

    pub fn column(&self, name: &str) -> &Stub {
        &self.columns[self.id(name) as usize]
    }

    /// Stored pieces that were asked for, in order.
    pub fn take_fetched(&self) -> Vec<(ColumnId, u64)> {
        let mut fetched = std::mem::take(&mut *self.fetched.lock().unwrap());
        fetched.sort_unstable();
        fetched
    }

    pub fn add(&mut self, info: ColumnInfo, values: Vec<u8>, parts: Vec<Part>) {
        self.columns.push(Stub { info, parts, values });
    }

    /// A column that is stored as it is.
    pub fn add_plain<V: Value>(&mut self, name: &str, values: &[V], ends: &[u64]) {
        let info = info(name, V::TYPE, None, Unit::Entries);
        let bytes = values_to_be(values);
        let part = |(piece, range): (Piece, Range<u64>)| {
            let bytes = bytes[range.start as usize * size_of::<V>()..range.end as usize * size_of::<V>()].to_vec();
            Part { piece, raw_len: bytes.len(), bytes }
        };
        let parts = pieces(ends).map(part).collect();
        self.add(info, bytes, parts);
    }

    /// Adds a column of a model, coded by it. `contexts` are those of all its columns; `counts` and `counter` belong to
    /// the entries of a jagged one. `ends` are of entries, or elements.
    pub fn add_coded(
        &mut self,
        model: &Arc<Model>,
        index: usize,
        contexts: &[ColumnContext],
        rows: &Rows,
        ends: &[u64],
    ) {
        let column = &model.columns()[index];
        let values = rows.values[&column.spec.name].clone();
        let mut info = info(&column.spec.name, f32::TYPE, rows.counter.map(|name| self.id(name)), rows.unit);
        info.jagged = model.jagged();
        let mut parts = Vec::new();
        let mut all = Vec::new();
        for (piece, range) in pieces(ends) {
            let counts = rows.counts.as_ref().map(|counts| match rows.unit {
                Unit::Entries => counts[range.start as usize..range.end as usize].to_vec(),
                Unit::Elements => clipped(counts, range.clone()),
            });
            let elements = match (&rows.counts, rows.unit) {
                (Some(counts), Unit::Entries) => before(counts, range.start)..before(counts, range.end),
                _ => range.start as usize..range.end as usize,
            };
            let parents: Vec<_> =
                column.parents.iter().map(|&p| contexts[p as usize].view().rows(elements.clone())).collect();
            let given = Contexts { columns: &parents, rows: elements.len(), counts: counts.as_deref() };
            let raw = values_to_be(&values[elements]);
            let tail = match (&counts, rows.unit) {
                (Some(counts), Unit::Entries) => offsets(counts, 4),
                _ => Vec::new(),
            };
            let (block, decoded) = forced(model, index, given, &raw, &tail);
            all.extend_from_slice(&decoded[..raw.len()]);
            parts.push(Part { piece, bytes: block, raw_len: decoded.len() });
        }
        self.add(info, all, parts);
    }
}

/// Rows of a group.
pub struct Rows {
    pub values: HashMap<String, Vec<f32>>,
    pub counts: Option<Vec<u32>>,
    pub counter: Option<&'static str>,
    pub unit: Unit,
}

/// A block of a model, whether it is smaller than its values or not, and what it decodes to.
pub fn forced(model: &Model, index: usize, given: Contexts, raw: &[u8], tail: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut body = Vec::new();
    conditional::header(model, index, given, raw.len()).write(&mut body);
    tail::write(tail, given.counts, raw.len(), 5, &mut body).unwrap();
    let mut decoded = conditional::encode(Machine::fastest(), model, index, given, raw, &mut body).unwrap();
    decoded.extend_from_slice(tail);
    let mut bytes = b"RB\x01".to_vec();
    bytes.extend_from_slice(&(body.len() as u32 + 5).to_le_bytes()[..3]);
    bytes.extend_from_slice(&(decoded.len() as u32).to_le_bytes()[..3]);
    bytes.push(2);
    bytes.extend_from_slice(&crc32fast::hash(&decoded).to_le_bytes());
    bytes.extend_from_slice(&body);
    assert!(bytes.len() < decoded.len(), "{} bytes for {} of values: give it easier ones", bytes.len(), decoded.len());
    (bytes, decoded)
}

pub fn info(
    name: &str,
    value: rootbaler::values::value::ValueType,
    counter: Option<ColumnId>,
    unit: Unit,
) -> ColumnInfo {
    let count = (!value.is_float()).then_some(value);
    ColumnInfo { name: name.into(), value: Some(value), count, jagged: counter.is_some(), counter, per_count: 1, unit }
}

pub fn pieces(ends: &[u64]) -> impl Iterator<Item = (Piece, Range<u64>)> + '_ {
    let firsts = [0].into_iter().chain(ends.iter().copied());
    (0..)
        .zip(firsts.zip(ends))
        .map(|(number, (first, &end))| (Piece { number, first, end, place: Some(1000 + number) }, first..end))
}

/// Elements before an entry.
pub fn before(counts: &[u32], entry: u64) -> usize {
    counts[..entry as usize].iter().map(|&n| n as usize).sum()
}

/// Elements of each entry that are in a range of elements.
pub fn clipped(counts: &[u32], elements: Range<u64>) -> Vec<u32> {
    let mut at = 0;
    let mut all = Vec::new();
    for &n in counts {
        let (first, end) = (at, at + u64::from(n));
        at = end;
        let mine = end.min(elements.end).saturating_sub(first.max(elements.start));
        if mine > 0 {
            all.push(mine as u32);
        }
    }
    all
}

impl Container for Shared {
    fn find(&self, name: &str) -> Result<Option<ColumnId>> {
        Ok(self.0.columns.iter().position(|c| c.info.name == name).map(|id| id as ColumnId))
    }

    fn describe(&self, column: ColumnId) -> Result<ColumnInfo> {
        Ok(self.0.columns[column as usize].info.clone())
    }

    fn piece(&self, column: ColumnId, number: u64) -> Result<Option<Piece>> {
        Ok(self.0.columns[column as usize].parts.get(number as usize).map(|part| part.piece))
    }

    fn piece_with(&self, column: ColumnId, position: u64) -> Result<Option<Piece>> {
        let mut pieces = self.0.columns[column as usize].parts.iter().map(|part| part.piece);
        Ok(pieces.find(|piece| (piece.first..piece.end).contains(&position)))
    }

    fn stored(&self, column: ColumnId, number: u64) -> Result<Stored> {
        self.0.fetched.lock().unwrap().push((column, number));
        if let Some(on_stored) = &self.0.on_stored {
            on_stored(column, number);
        }
        let Part { bytes, raw_len, .. } = self.0.columns[column as usize].parts[number as usize].clone();
        Ok(Stored::Blocks { bytes, raw_len })
    }

    /// The other compression: every byte twice.
    fn unpack(&self, block: &[u8], out: &mut [u8]) -> Result<()> {
        self.0.unpacked.fetch_add(1, Ordering::Relaxed);
        if block.len() != 9 + out.len() / 2 {
            return Err(Error::Unreadable("not by halves".into()));
        }
        block[9..].iter().zip(out.chunks_mut(2)).for_each(|(&byte, two)| two.fill(byte));
        Ok(())
    }

    fn model(&self, hash: u64) -> Result<Option<Arc<Model>>> {
        Ok(self.0.models.iter().find(|model| model.hash() == hash).cloned())
    }

    fn models(&self) -> Result<Vec<Arc<Model>>> {
        Ok(self.0.models.clone())
    }
}

/// Smooth values, some repeated, each column near to the one before.
pub fn smooth(rows: usize, column: usize) -> Vec<f32> {
    (0..rows).map(|row| if row % 17 == column { -999.0 } else { ((row / 3 % 50) + column) as f32 * 0.25 }).collect()
}

/// A model of columns of which each sees the inputs given for it.
pub fn model(sample: &Sample, sources: &[Sample], inputs: &[(usize, Vec<Input>)], seed: u64) -> Arc<Model> {
    let mut spec = builder::build(sample, sources, "test");
    // foreign columns come last; here the last of the others sees them
    let others = spec.columns.iter().filter(|column| column.foreign.is_none()).count();
    spec.columns[others - 1..].rotate_left(1);
    for (column, inputs) in inputs {
        spec.columns[*column].inputs = inputs.clone();
        spec.columns[*column].net = Some(Random(seed + *column as u64).net(inputs.len()));
    }
    Arc::new(Model::new(&spec).unwrap())
}

/// Contexts of all columns of a model, of which foreign ones follow the indexes given.
pub fn contexts_of(model: &Model, values: &HashMap<String, Vec<f32>>) -> Vec<ColumnContext> {
    let own = |c: &rootbaler::model::ModelColumn| values.get(&c.spec.name).map(|v| c.context(v)).unwrap_or_default();
    model.columns().iter().map(own).collect()
}

/// Contexts of a foreign column.
pub fn gathered(
    model: &Model,
    column: usize,
    index: (&ColumnContext, &[u32]),
    elements: (&ColumnContext, &[u32]),
) -> ColumnContext {
    let from = Elements { seen: index.0.view(), counts: index.1 };
    foreign::gather(model, column, from, Elements { seen: elements.0.view(), counts: elements.1 }).unwrap()
}

/// Values of a column as read.
pub fn values(bytes: &[u8]) -> Vec<f32> {
    values_from_be(bytes)
}

/// A block of [`Shared::unpack`].
pub fn doubled(bytes: &[u8]) -> Vec<u8> {
    let mut block = b"XX\x01".to_vec();
    block.extend_from_slice(&(bytes.len() as u32 / 2).to_le_bytes()[..3]);
    block.extend_from_slice(&(bytes.len() as u32).to_le_bytes()[..3]);
    block.extend(bytes.iter().step_by(2));
    block
}

/// A block of a column standing alone.
pub fn alone(values: &[f32]) -> Vec<u8> {
    let layout = rootbaler::format::streams::Layout::of_column(
        f32::TYPE,
        rootbaler::values::quantiser::Quantiser::of(BOUND).unwrap(),
    );
    let raw = values_to_be(values);
    block::encode_layout(&layout, None, 5, &raw, raw.len()).unwrap().unwrap().bytes
}
