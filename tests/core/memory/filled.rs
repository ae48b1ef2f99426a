//! What a filled table became: its blocks, read back as a reader would.

use super::{Column, Filling, Fixture, Lent, MORE, Memory, NAMES, Order, id_of};
use crate::common::{assert_held, offsets};
use rootbaler::coder::foreign::{self, Elements};
use rootbaler::coder::waves::Contexts;
use rootbaler::format::block::{Block, Kind};
use rootbaler::model::Model;
use rootbaler::model::context::{ColumnContext, Seen};
use rootbaler::session::{ColumnId, Source, WriteSession};
use rootbaler::values::bound::Bound;
use rootbaler::values::value::{ValueType, values_from_be};
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

/// By column and number of the piece.
pub(super) type Blocks = HashMap<(ColumnId, usize), Vec<u8>>;

/// Writes the piece of a column that is full.
pub(super) fn write(session: &WriteSession<Lent>, filling: &Filling, blocks: &Mutex<Blocks>) {
    let (column, id, live) = (&filling.column, id_of(filling.column.name), filling.live());
    let is_begun = session.begin(id, &live).unwrap();
    let first = live.first as usize;
    let mut raw = live.values.to_vec();
    if column.counter.is_some() {
        raw.extend(offsets(&column.counts[first..first + live.entries], column.value.size()));
    }
    let source =
        Source { raw: &raw, data_len: live.values.len(), entries: live.entries, first: is_begun.then_some(live.first) };
    let encoded = session.encode(id, 5, source).unwrap();
    let bytes = encoded.as_ref().map_or(Vec::new(), |encoded| encoded.block.bytes.clone());
    encoded.iter().for_each(|encoded| session.add_saved(encoded));
    blocks.lock().unwrap().insert((id, live.number as usize), bytes);
    filling.piece.fetch_add(1, Ordering::SeqCst);
    if is_begun {
        session.end(id);
    }
}

/// A block and what its header says; nothing if the bytes are stored as they are.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    pub kind: Option<Kind>,
    pub rows_without: usize,
    bytes: Vec<u8>,
}

/// A table that was filled.
pub struct Filled {
    pub session: Arc<WriteSession<Lent>>,
    pub(super) memory: Arc<Memory>,
    pub(super) table: usize,
    pub(super) blocks: Blocks,
    pub(super) models: Vec<Arc<Model>>,
    pub(super) bound: Bound,
}

impl Filled {
    fn columns(&self) -> &HashMap<ColumnId, Filling> {
        self.memory.tables[self.table].get().unwrap()
    }

    /// Fills the table anew, with the same session.
    pub fn fill_anew(&self, fixture: &Fixture, sizes: &[usize], order: Order) -> Filled {
        fixture.fill_into(1, Arc::clone(&self.session), Arc::clone(&self.memory), sizes, order, |_, _| ())
    }

    /// Blocks of a column, piece by piece.
    pub fn blocks_of(&self, name: &str) -> Vec<Made> {
        let id = id_of(name);
        let made = |bytes: &Vec<u8>| {
            let block = Block::parse(bytes).ok();
            let header = block.as_ref().and_then(|block| block.conditional_header().unwrap());
            let rows_without = header.map_or(0, |header| header.rows_without);
            Made { kind: block.map(|block| block.kind), rows_without, bytes: bytes.clone() }
        };
        (0..).map_while(|piece| self.blocks.get(&(id, piece))).map(made).collect()
    }

    pub fn all_blocks(&self) -> Vec<Made> {
        NAMES.iter().chain(&MORE).flat_map(|name| self.blocks_of(name)).collect()
    }

    /// Decodes everything from blocks and checks every value.
    pub fn read_back(&self) {
        for (id, filling) in self.decode() {
            let original = &self.columns()[&id].column;
            match original.value {
                ValueType::F32 => {
                    assert_held(&values_from_be::<f32>(&original.raw), &values_from_be(&filling), self.bound)
                }
                _ => assert_eq!(original.raw, filling, "{}", original.name),
            }
        }
    }

    /// The largest error of a column.
    pub fn worst(&self, name: &str) -> f64 {
        let original = &self.columns()[&id_of(name)].column;
        let decoded = &self.decode()[&id_of(name)];
        assert_eq!(decoded.len(), original.raw.len());
        if original.value != ValueType::F32 {
            return f64::from(u8::from(*decoded != original.raw));
        }
        let (from, to) = (values_from_be::<f32>(&original.raw), values_from_be::<f32>(decoded));
        from.iter().zip(to).map(|(x, y)| (f64::from(*x) - f64::from(y)).abs()).fold(0.0, f64::max)
    }

    /// All values of all columns as a reader sees them, in the order in which it needs them.
    fn decode(&self) -> HashMap<ColumnId, Vec<u8>> {
        let mut decoded: HashMap<ColumnId, Vec<u8>> = HashMap::new();
        for name in ["n", "m", "g", "x", "i", "k", "y", "z", "w", "a", "b", "c"] {
            let filling = &self.columns()[&id_of(name)];
            let mut all = Vec::new();
            for (number, border) in filling.borders.windows(2).enumerate() {
                let values = filling.column.bytes(border[0]..border[1]);
                match self.blocks.get(&(id_of(name), number)).filter(|bytes| !bytes.is_empty()) {
                    Some(bytes) => {
                        all.extend(self.decode_piece(&filling.column, bytes, border[0]..border[1], &decoded))
                    }
                    None => all.extend(values),
                }
            }
            decoded.insert(id_of(name), all);
        }
        decoded
    }

    fn decode_piece(
        &self,
        column: &Column,
        bytes: &[u8],
        entries: std::ops::Range<usize>,
        decoded: &HashMap<ColumnId, Vec<u8>>,
    ) -> Vec<u8> {
        let counts_of = |counter: &str| -> Vec<u32> {
            let all = values_from_be::<i32>(&decoded[&id_of(counter)]);
            all[entries.clone()].iter().map(|&n| n as u32).collect()
        };
        let block = Block::parse(bytes).unwrap();
        let mut raw = vec![0; block.raw_len];
        let counts = column.counter.map(counts_of);
        let header = block.conditional_header().unwrap();
        let model = header.map(|header| self.models.iter().find(|m| m.hash() == header.model).unwrap());
        let context = |model: &Model, index: usize, name: &str| -> ColumnContext {
            let column = &self.columns()[&id_of(name)].column;
            let (first, end) = (column.begin(entries.start), column.begin(entries.end));
            let bytes = &decoded[&id_of(name)][first * column.value.size()..end * column.value.size()];
            match column.value {
                ValueType::F32 => model.columns()[index].context(&values_from_be::<f32>(bytes)),
                _ => model.columns()[index].context(&values_from_be::<i32>(bytes)),
            }
        };
        let mut parents = Vec::new();
        if let (Some(model), Some(header)) = (model, header) {
            for &parent in &model.columns()[header.column].parents {
                let spec = &model.columns()[parent as usize].spec;
                parents.push(match &spec.foreign {
                    None => context(model, parent as usize, &spec.name),
                    Some(source) => {
                        let index = &model.columns()[source.index as usize].spec.name;
                        let index = context(model, source.index as usize, index);
                        let values = context(model, parent as usize, &source.branch);
                        let index = Elements { seen: index.view(), counts: &counts_of("n") };
                        let elements = Elements { seen: values.view(), counts: &counts_of("m") };
                        foreign::gather(model, parent as usize, index, elements).unwrap()
                    }
                });
            }
        }
        let seen: Vec<Seen> = parents.iter().map(ColumnContext::view).collect();
        let rows = parents.iter().map(|context| context.scores.len()).min().unwrap_or_default();
        let contexts = Contexts { columns: &seen, rows, counts: counts.as_deref() };
        block.decode(model.map(|model| &**model), contexts, &mut raw, None).unwrap();
        raw.truncate(column.bytes(entries.clone()).len());
        raw
    }
}
