//! A table in memory, filled entry by entry as ROOT fills a tree, and read back from its blocks alone.

mod filled;
mod fixture;

pub use filled::Filled;
pub use fixture::Fixture;

use rootbaler::session::{ColumnId, ColumnInfo, Leaf, Live, Table, TableColumn, Unit};
use rootbaler::values::value::{Value, ValueType, values_to_be};
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

/// Of all floats that a model or a rule bounds.
pub const BOUND: f64 = 0.01;

/// Two counters; columns of elements of `n` and of `m`; columns of entries. A column is coded given those that its
/// comment names.
const NAMES: [&str; 10] = [
    "n", "m", "g", // elements of m
    "y", // x
    "x", "i", "k", // i and k point to elements of g
    "z", // g at i
    "w", // g at i and at k
    "a",
];
/// And two more: b (a), c (a and b).
const MORE: [&str; 2] = ["b", "c"];

pub fn id_of(name: &str) -> ColumnId {
    let all = NAMES.iter().chain(&MORE);
    all.into_iter().position(|&n| n == name).unwrap() as ColumnId + 10
}

/// In which order columns that flush at the same entry do.
#[derive(Clone, Copy, Debug)]
pub enum Order {
    ParentsFirst,
    ParentsLast,
    Shuffled(u64),
    Threads,
}

/// A column and all its values, filled or not.
#[derive(Clone)]
pub struct Column {
    name: &'static str,
    value: ValueType,
    counter: Option<&'static str>,
    raw: Vec<u8>,
    /// Elements of each entry.
    counts: Vec<u32>,
    pub is_written: bool,
}

impl Column {
    fn new<V: Value>(name: &'static str, counter: Option<&'static str>, counts: &[u32], values: &[V]) -> Self {
        let (raw, counts) = (values_to_be(values), counts.to_vec());
        Column { name, value: V::TYPE, counter, raw, counts, is_written: true }
    }

    /// Elements before an entry.
    fn begin(&self, entry: usize) -> usize {
        self.counts[..entry].iter().map(|&n| n as usize).sum()
    }

    fn bytes(&self, entries: std::ops::Range<usize>) -> &[u8] {
        let size = self.value.size();
        &self.raw[self.begin(entries.start) * size..self.begin(entries.end) * size]
    }
}

/// A column while it is filled.
struct Filling {
    column: Column,
    /// First entries of the pieces, and the end.
    borders: Vec<usize>,
    /// For each piece where its entries begin.
    begins: Vec<Vec<i32>>,
    piece: AtomicUsize,
    filled: AtomicUsize,
}

impl Filling {
    fn new(column: Column, entries_per_piece: usize) -> Self {
        let entries = column.counts.len();
        let mut borders: Vec<usize> = (0..entries).step_by(entries_per_piece).collect();
        borders.push(entries);
        let size = column.value.size();
        let begins = |b: &[usize]| {
            let first = column.begin(b[0]);
            (b[0]..b[1]).map(|entry| 77 + ((column.begin(entry) - first) * size) as i32).collect()
        };
        let begins = borders.windows(2).map(begins).collect();
        Filling { column, borders, begins, piece: AtomicUsize::new(0), filled: AtomicUsize::new(0) }
    }

    fn live(&self) -> Live<'_> {
        let number = self.piece.load(Ordering::SeqCst);
        let (first, filled) = (self.borders[number], self.filled.load(Ordering::SeqCst));
        let entries = filled.max(first) - first;
        let begins = match (self.column.counter, self.begins.get(number)) {
            (Some(_), Some(begins)) => &begins[..entries],
            _ => &[],
        };
        let values = self.column.bytes(first..first + entries);
        Live { number: number as u64, first: first as u64, entries, values, begins, base: 77 }
    }
}

/// Columns while they are filled, by id; and those that they are filled anew with, later.
#[derive(Default)]
pub struct Memory {
    tables: [OnceLock<HashMap<ColumnId, Filling>>; 2],
    now: AtomicUsize,
}

impl Memory {
    fn columns(&self) -> &HashMap<ColumnId, Filling> {
        self.tables[self.now.load(Ordering::SeqCst)].get().unwrap()
    }
}

/// What the session sees of them.
pub struct Lent(Arc<Memory>);

impl Table for Lent {
    fn find(&self, name: &str) -> Option<ColumnId> {
        NAMES.iter().chain(&MORE).any(|&n| n == name).then(|| id_of(name))
    }

    fn describe(&self, id: ColumnId) -> Option<TableColumn> {
        let columns = self.0.columns();
        let column = &columns.get(&id)?.column;
        let info = ColumnInfo {
            name: column.name.to_owned(),
            value: Some(column.value),
            count: (column.counter.is_none() && !column.value.is_float()).then_some(column.value),
            jagged: column.counter.is_some(),
            counter: column.counter.map(id_of),
            per_count: 1,
            unit: Unit::Entries,
        };
        let leaves = vec![Leaf { name: column.name.to_owned(), value: column.value, count: 1 }];
        Some(TableColumn { info, leaves, rows_per_entry: column.counter.is_none().then_some(1), streamed: None })
    }

    fn is_written(&self, id: ColumnId) -> bool {
        self.0.columns().get(&id).is_some_and(|c| c.column.is_written)
    }

    fn counted_by(&self, counter: ColumnId) -> Vec<ColumnId> {
        let columns = self.0.columns();
        let is_child = |(_, c): &(&ColumnId, &Filling)| c.column.counter.map(id_of) == Some(counter);
        columns.iter().filter(is_child).map(|(&id, _)| id).collect()
    }

    fn live(&self, id: ColumnId) -> Option<Live<'_>> {
        Some(self.0.columns().get(&id)?.live())
    }
}
