//! Sessions over containers that say what no honest one would: an error, or a value, but no panic and no endless work.

mod common;

use common::table::{BOUND, info, model, smooth};
use rootbaler::error::{Error, Result};
use rootbaler::format::codec::Codec;
use rootbaler::model::sample::Sample;
use rootbaler::model::{Input, Model};
use rootbaler::session::{
    ColumnId, ColumnInfo, Container, Leaf, Live, Order, Piece, ReadSession, Source, Stored, Table, TableColumn, Unit,
    WriteSession,
};
use rootbaler::values::value::{ValueType, values_to_be};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A container whose pieces are computed.
struct Computed {
    names: Vec<&'static str>,
    models: Vec<Arc<Model>>,
    asked: Arc<AtomicUsize>,
    counter: Option<ColumnId>,
    piece_with: fn(ColumnId, u64) -> Option<Piece>,
    stored: fn(ColumnId, u64) -> Vec<u8>,
}

impl Container for Computed {
    fn find(&self, name: &str) -> Result<Option<ColumnId>> {
        Ok(self.names.iter().position(|own| *own == name).map(|id| id as ColumnId))
    }
    fn describe(&self, column: ColumnId) -> Result<ColumnInfo> {
        let value = if Some(column) == self.counter { ValueType::U8 } else { ValueType::F32 };
        let counter = self.counter.filter(|&counter| counter != column);
        Ok(info(self.names[column as usize], value, counter, Unit::Entries))
    }
    fn piece(&self, _: ColumnId, _: u64) -> Result<Option<Piece>> {
        Ok(None)
    }
    fn piece_with(&self, column: ColumnId, position: u64) -> Result<Option<Piece>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Ok((self.piece_with)(column, position))
    }
    fn stored(&self, column: ColumnId, number: u64) -> Result<Stored> {
        Ok(Stored::Plain((self.stored)(column, number)))
    }
    fn unpack(&self, _: &[u8], _: &mut [u8]) -> Result<()> {
        Err(Error::Unreadable("nothing is packed here".into()))
    }
    fn model(&self, _: u64) -> Result<Option<Arc<Model>>> {
        Ok(None)
    }
    fn models(&self) -> Result<Vec<Arc<Model>>> {
        Ok(self.models.clone())
    }
}

/// `second` given `first`.
fn pair(first: &str, second: &str) -> Arc<Model> {
    let mut sample = Sample::scalar(100);
    sample.add(first, BOUND, &smooth(100, 0)).unwrap();
    sample.add(second, BOUND, &smooth(100, 1)).unwrap();
    model(&sample, &[], &[(0, vec![]), (1, vec![Input::Column(0)])], 3)
}

#[test]
fn circles_of_models_are_gone_round_once() {
    const PIECES: u64 = 20_000;
    let asked = Arc::new(AtomicUsize::new(0));
    let container = Computed {
        names: vec!["a", "b"],
        models: vec![pair("a", "b"), pair("b", "a")],
        asked: Arc::clone(&asked),
        counter: None,
        // borders of one column are within pieces of the other
        piece_with: |column, position| {
            let number = (position + 5 * column) / 10;
            let first = (10 * number).saturating_sub(5 * column);
            let end = 10 * (number + 1) - 5 * column;
            (number < PIECES).then_some(Piece { number, first, end, place: Some(number) })
        },
        stored: |_, _| Vec::new(),
    };
    let session = ReadSession::new(container);
    let needs = session.needs(0, 0..1).unwrap();
    assert_eq!(needs.len() as u64, 2 * PIECES);
    assert!(needs.is_sorted());
    let asked = asked.load(Ordering::Relaxed) as u64;
    assert!(asked < 8 * PIECES, "{asked} questions for {} pieces", 2 * PIECES);
}

#[test]
fn pieces_of_a_counter_may_overlap() {
    let session = ReadSession::new(Computed {
        names: vec!["x", "n"],
        models: Vec::new(),
        asked: Arc::default(),
        counter: Some(1),
        piece_with: |column, position| {
            let number = if column == 1 { position / 5 } else { 0 };
            (position < 10).then_some(Piece { number, first: 5 * number, end: 10, place: None })
        },
        // the second piece says otherwise than the first one
        stored: |column, number| match (column, number) {
            (0, _) => values_to_be(&smooth(10, 0)),
            (_, 0) => vec![1; 10],
            _ => vec![9; 5],
        },
    });
    for first in 0..10 {
        let mut values = Vec::new();
        let read = session.read(0, first..10, Order::BigEndian, &mut values).unwrap();
        assert_eq!((read, values), (10 - first, values_to_be(&smooth(10, 0)[first as usize..])));
    }
}

/// A table of one column.
struct One {
    leaves: Vec<Leaf>,
    rows_per_entry: Option<usize>,
}

impl Table for One {
    fn find(&self, name: &str) -> Option<ColumnId> {
        (name == "x").then_some(0)
    }
    fn describe(&self, _: ColumnId) -> Option<TableColumn> {
        let info = info("x", ValueType::F32, None, Unit::Entries);
        let (leaves, rows_per_entry) = (self.leaves.clone(), self.rows_per_entry);
        Some(TableColumn { info, leaves, rows_per_entry, streamed: None })
    }
    fn is_written(&self, _: ColumnId) -> bool {
        true
    }
    fn counted_by(&self, _: ColumnId) -> Vec<ColumnId> {
        Vec::new()
    }
    fn live(&self, _: ColumnId) -> Option<Live<'_>> {
        None
    }
}

fn writing(count: usize, rows_per_entry: Option<usize>) -> WriteSession<One> {
    let leaf = Leaf { name: "x".into(), value: ValueType::F32, count };
    WriteSession::new(Codec::default(), One { leaves: vec![leaf], rows_per_entry })
}

#[test]
fn rows_of_no_or_too_many_values_are_refused() {
    let source = Source { raw: &[0; 24], data_len: 24, entries: 6, first: Some(0) };
    for count in [0, usize::MAX / 2] {
        for rows in [None, Some(1)] {
            let session = writing(count, rows);
            assert!(matches!(session.begin(0, &Live::default()), Err(Error::BadArgument(_))), "{count} {rows:?}");
            assert!(matches!(session.encode(0, 5, source), Err(Error::BadArgument(_))), "{count} {rows:?}");
        }
    }
}

#[test]
fn entries_that_cannot_be_counted_are_refused() {
    let session = writing(1, Some(1));
    let raw = [0; 24];
    for (entries, first) in [(1 << 61, None), (usize::MAX - 1, None), (6, Some(u64::MAX - 2)), (usize::MAX, Some(7))] {
        let made = session.encode(0, 5, Source { raw: &raw, data_len: 24, entries, first });
        assert!(matches!(made, Ok(None)), "{entries} {first:?}");
    }
    let live = Live { first: u64::MAX - 2, entries: 6, values: &raw, ..Live::default() };
    assert!(matches!(session.begin(0, &live), Err(Error::BadArgument(_))));
    let session = writing(1, Some(usize::MAX / 4));
    assert!(matches!(session.encode(0, 5, Source { raw: &raw, data_len: 24, entries: 6, first: None }), Ok(None)));
}
