//! Reading columns with all that they need, from a container in memory.

mod common;

use common::groups::{jagged, scalar};
use common::table::*;
use common::{Random, assert_held};
use rootbaler::error::Error;
use rootbaler::inference::net::Net;
use rootbaler::model::builder;
use rootbaler::model::sample::Sample;
use rootbaler::model::{Input, Model};
use rootbaler::session::{Container, Order, ReadSession, Stored, Unit};
use rootbaler::values::value::{ValueType, values_from_be};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::time::{Duration, Instant};

fn session(table: Table) -> (Arc<Table>, ReadSession) {
    let table = Arc::new(table);
    (Arc::clone(&table), ReadSession::new(Shared(table)))
}

const ROWS: u64 = 3000;
const ENDS: [&[u64]; 3] = [&[1000, 2000, ROWS], &[600, 1000, 2900, ROWS], &[1500, ROWS]];

fn jagged_entries() -> Table {
    jagged(Unit::Entries, [&[400, 700], &[250, 600, 700], &[333, 700]], &[10, 555, 700])
}

fn read(session: &ReadSession, table: &Table, name: &str, entries: std::ops::Range<u64>) -> Vec<u8> {
    let mut out = Vec::new();
    let n = session.read(table.id(name), entries, Order::BigEndian, &mut out).unwrap();
    assert_eq!(n * 4, out.len() as u64);
    out
}

#[test]
fn values_are_those_that_were_coded() {
    let (table, session) = session(scalar(ENDS));
    for (k, name) in ["a", "b", "c"].into_iter().enumerate() {
        let all = read(&session, &table, name, 0..ROWS);
        assert!(all == table.column(name).values, "{name}");
        assert_held(&smooth(ROWS as usize, k), &values(&all), BOUND);
        for range in [0..1, 599..601, 2999..3000, 10..2950, 5..5] {
            let some = read(&session, &table, name, range.clone());
            assert!(some == all[range.start as usize * 4..range.end as usize * 4], "{name} {range:?}");
        }
        let mut native = Vec::new();
        session.read(table.id(name), 7..2000, Order::Native, &mut native).unwrap();
        let back: Vec<f32> = native.chunks(4).map(|v| f32::from_ne_bytes(v.try_into().unwrap())).collect();
        assert_eq!(back, values(&all)[7..2000]);
        let beyond = session.read(table.id(name), ROWS - 1..ROWS + 1, Order::Native, &mut native).unwrap_err();
        assert!(
            matches!(&beyond, Error::Missing(text) if text.contains(&format!("branch {name} has no entry {ROWS}")))
        );
    }
}

#[test]
fn a_block_at_hand_is_decoded() {
    let (table, session) = session(scalar(ENDS));
    for name in ["c", "a", "b"] {
        let id = table.id(name);
        let mut all = Vec::new();
        for (number, part) in table.column(name).parts.iter().enumerate() {
            let mut out = vec![0; part.raw_len];
            session.decode_block(Some((id, number as u64)), &part.bytes, &mut out).unwrap();
            all.extend(out);
            let short = session.decode_block(Some((id, number as u64)), &part.bytes, &mut all[1..9]).unwrap_err();
            assert!(matches!(short, Error::Corrupt(_)));
        }
        assert!(all == table.column(name).values, "{name}");
    }
    let own: Vec<_> = table.take_fetched().into_iter().filter(|(id, _)| *id == table.id("c")).collect();
    assert!(own.is_empty(), "blocks at hand are not fetched");
    let mut out = vec![0; 4 * smooth(500, 0).len()];
    session.decode_block(None, &alone(&smooth(500, 0)), &mut out).unwrap();
    assert_held(&smooth(500, 0), &values(&out), BOUND);
    let part = &table.column("b").parts[0];
    let error = session.decode_block(None, &part.bytes, &mut vec![0; part.raw_len]).unwrap_err();
    assert!(matches!(&error, Error::Missing(text) if text.contains("not read as part of a tree")), "{error}");
}

#[test]
fn each_piece_is_fetched_once() {
    let (table, session) = session(scalar(ENDS));
    read(&session, &table, "c", 0..ROWS);
    let fetched = table.take_fetched();
    let unique: HashSet<_> = fetched.iter().collect();
    assert_eq!(unique.len(), fetched.len(), "{fetched:?}");
    assert_eq!(fetched.len(), 9);
    // kept for who asks for them
    read(&session, &table, "b", 0..ROWS);
    assert!(table.take_fetched().is_empty());
    // and then forgotten
    read(&session, &table, "b", 0..ROWS);
    assert!(table.take_fetched().iter().all(|(id, _)| *id == table.id("b")));
}

#[test]
fn needs_are_what_is_fetched() {
    for (range, name) in [(0..1, "c"), (1600..1601, "c"), (0..ROWS, "b"), (700..800, "b"), (0..1, "a")] {
        let (table, session) = session(scalar(ENDS));
        let needs = session.needs(table.id(name), range.clone()).unwrap();
        assert!(table.take_fetched().is_empty());
        read(&session, &table, name, range.clone());
        assert_eq!(needs, table.take_fetched(), "{name} {range:?}");
    }
    for (range, name) in [(0..700, "c"), (0..700, "b"), (0..10, "i")] {
        let (table, session) = session(jagged_entries());
        let needs = session.needs(table.id(name), range.clone()).unwrap();
        let n = session.read(table.id(name), range.clone(), Order::Native, &mut Vec::new()).unwrap();
        assert!(n > 0);
        assert_eq!(needs, table.take_fetched(), "{name} {range:?}");
    }
    // a part: the first piece of c has entries to 333, for which the index has 400 and b 600; the others follow
    let (table, session) = session(jagged_entries());
    let needs = session.needs(table.id("c"), 5..6).unwrap();
    read(&session, &table, "c", 5..6);
    let fetched = table.take_fetched();
    assert!(fetched.iter().all(|piece| needs.contains(piece)), "{fetched:?} of {needs:?}");
    assert!(
        !needs.contains(&(table.id("c"), 1))
            && !needs.contains(&(table.id("b"), 2))
            && !needs.contains(&(table.id("i"), 1))
    );
}

#[test]
fn jagged_columns_and_what_they_point_to() {
    let (table, session) = session(jagged_entries());
    for name in ["c", "b", "g", "i"] {
        let all = read(&session, &table, name, 0..700);
        assert!(all == table.column(name).values, "{name}");
        let counts = session.counts(table.id(name), 0..700).unwrap();
        assert_eq!(counts.iter().sum::<u32>() as usize * 4, all.len());
        for range in [0..7, 332..334, 599..700, 699..700] {
            let some = read(&session, &table, name, range.clone());
            let place = |entry| before(&counts, entry) * 4;
            assert!(some == all[place(range.start)..place(range.end)], "{name} {range:?}");
            let own = session.counts(table.id(name), range.clone()).unwrap();
            assert_eq!(own, counts[range.start as usize..range.end as usize]);
        }
    }
    for (number, part) in table.column("c").parts.iter().enumerate() {
        let mut out = vec![0; part.raw_len];
        session.decode_block(Some((table.id("c"), number as u64)), &part.bytes, &mut out).unwrap();
        let entries = (part.piece.end - part.piece.first) as usize;
        let tail: Vec<u32> = values_from_be(&out[out.len() - 4 * (entries + 2)..]);
        assert_eq!(tail[0], entries as u32 + 1, "the entry offsets are made anew");
    }
}

#[test]
fn pieces_may_begin_within_an_entry() {
    let elements = jagged_entries().column("b").values.len() as u64 / 4;
    let ends = [&[301, 1499, elements][..], &[500, 1000, elements], &[299, 1500, elements]];
    let (table, session) = session(jagged(Unit::Elements, ends, &[10, 555, 700]));
    for name in ["c", "b", "g", "i"] {
        let all = read(&session, &table, name, 0..700);
        assert!(all == table.column(name).values, "{name}");
        let counts = session.counts(table.id(name), 0..700).unwrap();
        for range in [100..101, 0..350, 698..700] {
            let place = |entry| before(&counts, entry) * 4;
            assert!(read(&session, &table, name, range.clone()) == all[place(range.start)..place(range.end)]);
        }
    }
    let needs = session.needs(table.id("c"), 0..elements).unwrap();
    let (table, session) = self::session(jagged(Unit::Elements, ends, &[10, 555, 700]));
    read(&session, &table, "c", 0..700);
    assert_eq!(needs, table.take_fetched());
}

#[test]
fn many_threads_decode_each_piece_once() {
    for (make, last, end) in [(&scalar as &dyn Fn([&[u64]; 3]) -> Table, "c", ROWS)] {
        for _ in 0..20 {
            let mut made = make(ENDS);
            made.on_stored = Some(Box::new(|_, _| std::thread::sleep(Duration::from_millis(1))));
            let (table, session) = session(made);
            let begin = Barrier::new(6);
            std::thread::scope(|scope| {
                for k in 0..6 {
                    let (table, session, begin) = (&table, &session, &begin);
                    scope.spawn(move || {
                        begin.wait();
                        let name = if k % 2 == 0 { last } else { "b" };
                        assert!(read(session, table, name, 0..end) == table.column(name).values);
                    });
                }
            });
            let fetched = table.take_fetched();
            let parents = fetched.iter().filter(|(id, _)| *id == table.id("a")).count();
            assert_eq!(parents, 3, "{fetched:?}");
        }
    }
}

#[test]
fn blocks_at_hand_of_many_threads() {
    let (table, session) = session(scalar(ENDS));
    let begin = Barrier::new(4);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let (table, session, begin) = (&table, &session, &begin);
            scope.spawn(move || {
                begin.wait();
                for name in ["c", "b", "a", "c"] {
                    let mut all = Vec::new();
                    for (number, part) in table.column(name).parts.iter().enumerate() {
                        let mut out = vec![0; part.raw_len];
                        session.decode_block(Some((table.id(name), number as u64)), &part.bytes, &mut out).unwrap();
                        all.extend(out);
                    }
                    assert!(all == table.column(name).values);
                }
            });
        }
    });
}

#[test]
fn a_circle_is_an_error() {
    // what is stored as a piece of a is one of c, which needs a
    let mut made = scalar([&[ROWS]; 3]);
    made.columns[0].parts = made.columns[2].parts.clone();
    let (table, session) = session(made);
    let of_b = &table.column("b").parts[0];
    for _ in 0..2 {
        let error = session.decode_block(Some((1, 0)), &of_b.bytes, &mut vec![0; of_b.raw_len]).unwrap_err();
        assert!(matches!(&error, Error::Corrupt(text) if text.contains("needs itself")), "{error}");
        let error = session.read(0, 0..1, Order::Native, &mut Vec::new()).unwrap_err();
        assert!(error.to_string().contains("needs itself"), "{error}");
    }
    // two threads that enter the circle at two places
    let begin = Barrier::new(2);
    std::thread::scope(|scope| {
        for column in 0..2 {
            let (session, begin) = (&session, &begin);
            scope.spawn(move || {
                for _ in 0..50 {
                    begin.wait();
                    assert!(session.read(column, 0..1, Order::Native, &mut Vec::new()).is_err());
                }
            });
        }
    });
}

#[test]
fn who_waits_may_hold_what_the_other_needs() {
    let lock = Arc::new(Mutex::new(()));
    let began = Arc::new(AtomicBool::new(false));
    let mut made = scalar(ENDS);
    let (own, seen) = (Arc::clone(&lock), Arc::clone(&began));
    made.on_stored = Some(Box::new(move |_, _| {
        if std::thread::current().name() == Some("callback") {
            seen.store(true, Ordering::Release);
            drop(own.lock());
        }
    }));
    let (table, session) = session(made);
    let start = Instant::now();
    std::thread::scope(|scope| {
        let held = lock.lock().unwrap();
        let first = std::thread::Builder::new().name("callback".into());
        let (table, session) = (&table, &session);
        first.spawn_scoped(scope, move || read(session, table, "a", 0..1)).unwrap();
        while !began.load(Ordering::Acquire) {
            std::thread::yield_now();
        }
        assert!(read(session, table, "b", 0..ROWS) == table.column("b").values);
        drop(held);
    });
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[test]
fn what_is_missing_is_named() {
    let without = |name: &str| {
        let mut made = scalar(ENDS);
        let id = made.id(name) as usize;
        made.columns[id].info.name = "gone".into();
        session(made)
    };
    let (_, session) = without("a");
    let error = session.read(2, 0..1, Order::Native, &mut Vec::new()).unwrap_err();
    assert!(matches!(&error, Error::Missing(text) if text.contains("help of branch a, which this tree does not have")));
    let mut made = scalar(ENDS);
    made.columns[0].info.value = Some(rootbaler::values::value::ValueType::F64);
    let (_, session) = self::session(made);
    let error = session.read(2, 0..1, Order::Native, &mut Vec::new()).unwrap_err();
    assert!(matches!(&error, Error::Incompatible(text) if text.contains("branch a, which has another type")));
    let mut made = scalar(ENDS);
    let hash = made.models.remove(0).hash();
    let (_, session) = self::session(made);
    let error = session.read(1, 0..1, Order::Native, &mut Vec::new()).unwrap_err();
    assert!(matches!(&error, Error::Missing(text) if text.contains(&format!("{hash:016x}"))), "{error}");
    let mut made = scalar(ENDS);
    made.columns[0].parts.pop();
    let (_, session) = self::session(made);
    let error = session.read(1, 2950..3000, Order::Native, &mut Vec::new()).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("has no entry 2900") || text.contains("has no entry 2000"), "{text}");
    assert!(matches!(error, Error::Missing(_)));
    let mut made = jagged_entries();
    let id = made.id("c") as usize;
    made.columns[id].info.counter = None;
    let (_, session) = self::session(made);
    let error = session.read(id as u64, 0..700, Order::Native, &mut Vec::new()).unwrap_err();
    assert!(matches!(&error, Error::Missing(text) if text.contains("the number of elements")), "{error}");
    let mut made = jagged_entries();
    let id = made.id("b") as usize;
    made.columns[id].info.counter = Some(made.id("m"));
    let (table, session) = self::session(made);
    let error = session.read(table.id("c"), 0..700, Order::Native, &mut Vec::new()).unwrap_err();
    assert!(
        matches!(&error, Error::Incompatible(text) if text.contains("branch b, which has another counter")),
        "{error}"
    );
}

#[test]
fn damaged_pieces_are_named() {
    let mut made = scalar(ENDS);
    let bytes = &mut made.columns[0].parts[1].bytes;
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    let (table, session) = session(made);
    let error = session.read(table.id("c"), 0..ROWS, Order::Native, &mut Vec::new()).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("basket 1 of branch a, which it is coded with: "), "{text}");
    for damage in 0..6 {
        let mut made = scalar(ENDS);
        let part = &mut made.columns[0].parts[0];
        match damage {
            0 => part.raw_len -= 1,
            1 => part.raw_len += 1 << 20,
            2 => part.bytes.truncate(8),
            3 => part.bytes[6] ^= 1,
            4 => part.piece.end += 5,
            _ => part.piece.end = 0,
        }
        let (table, session) = self::session(made);
        assert!(session.read(table.id("c"), 0..ROWS, Order::Native, &mut Vec::new()).is_err(), "{damage}");
    }
}

#[test]
fn impossible_numbers_of_elements() {
    let elements = jagged_entries().column("b").values.len() as u64 / 4;
    let ends = [&[301, 1499, elements][..], &[500, 1000, elements], &[299, 1500, elements]];
    for unit in [Unit::Entries, Unit::Elements] {
        let mut made = if unit == Unit::Entries { jagged_entries() } else { jagged(unit, ends, &[10, 555, 700]) };
        // as many as a counter can say, for each of as many as a column can have
        let counter = made.id("n") as usize;
        made.columns[counter].info.count = Some(ValueType::U64);
        for part in &mut made.columns[counter].parts {
            part.bytes = vec![0xff; (part.piece.end - part.piece.first) as usize * 8];
            part.raw_len = part.bytes.len();
        }
        made.columns.iter_mut().for_each(|column| column.info.per_count = u32::MAX);
        let (table, session) = session(made);
        for (name, entries) in [("c", 0..700), ("c", 699..700), ("b", 600..700), ("i", 11..12)] {
            let read = session.read(table.id(name), entries.clone(), Order::Native, &mut Vec::new());
            assert!(read.is_err(), "{name} {entries:?}");
        }
    }
}

#[test]
fn other_compressions_and_several_blocks() {
    let mut made = scalar(ENDS);
    // a and b of one value throughout would not be found by their contexts, so the values stay and only the form
    // changes
    let values_of_a: Vec<f32> = values(&made.column("a").values);
    let mut blocks = alone(&values_of_a[..300]);
    blocks.extend(alone(&values_of_a[300..1000]));
    made.columns[0].parts[0].bytes = blocks;
    let (table, session) = session(made);
    assert!(read(&session, &table, "c", 0..ROWS) == table.column("c").values);
    assert_held(&values_of_a, &values(&read(&session, &table, "a", 0..ROWS)), BOUND);

    let mut made = Table::default();
    made.add_plain("n", &[257u16; 900], &[400, 900]);
    made.columns[0].parts[0].bytes = [doubled(&[1; 300]), doubled(&[1; 500])].concat();
    let (table, session) = self::session(made);
    let mut out = Vec::new();
    assert_eq!(session.read(0, 0..900, Order::Native, &mut out).unwrap(), 900);
    assert_eq!((out, table.unpacked.load(Ordering::Relaxed)), (vec![1; 1800], 2));
}

#[test]
fn sessions_are_not_confused() {
    // the same names, pieces and places, and other values
    let (first, one) = session(scalar([&[ROWS]; 3]));
    let mut other = scalar([&[ROWS]; 3]);
    let shifted: Vec<f32> = smooth(ROWS as usize, 0).iter().map(|x| x + 2.0).collect();
    let contexts = vec![other.models[0].columns()[0].context(&shifted)];
    let model = Arc::clone(&other.models[0]);
    let rows =
        Rows { values: HashMap::from([("a".into(), shifted)]), counts: None, counter: None, unit: Unit::Entries };
    other.add_coded(&model, 0, &contexts, &rows, &[ROWS]);
    other.columns.swap_remove(0);
    let (second, two) = session(other);
    read(&one, &first, "c", 0..ROWS);
    assert!(read(&two, &second, "a", 0..ROWS) == second.column("a").values);
    assert!(read(&one, &first, "a", 0..ROWS) == first.column("a").values);
}

#[test]
fn pieces_that_may_change_are_not_kept() {
    let mut made = scalar(ENDS);
    made.columns.iter_mut().flat_map(|c| &mut c.parts).for_each(|part| part.piece.place = None);
    let (table, session) = session(made);
    for _ in 0..2 {
        assert!(read(&session, &table, "c", 0..10) == table.column("c").values[..40]);
        assert!(table.take_fetched().len() >= 4);
    }
}

/// Thousands of columns, each given the one before.
#[test]
fn chains_do_not_fill_the_stack() {
    const COLUMNS: usize = 3000;
    let rows = 150;
    let mut sample = Sample::scalar(rows);
    let names: Vec<String> = (0..COLUMNS).map(|k| format!("x{k}")).collect();
    let values: HashMap<String, Vec<f32>> = names.iter().map(|name| (name.clone(), smooth(rows, 0))).collect();
    sample.add(&names[0], BOUND, &values[&names[0]]).unwrap();
    let first = builder::build(&sample, &[], "test").columns.remove(0);
    let mut random = Random(3);
    let net = Net { components: 1, hidden: vec![random.layer(1, 1), random.layer(1, 1)], output: random.layer(2, 3) };
    let mut spec = builder::build(&sample, &[], "test");
    spec.columns = names
        .iter()
        .enumerate()
        .map(|(k, name)| {
            let mut column = first.clone();
            column.name = name.clone();
            column.inputs = if k > 0 { vec![Input::Column(k as u32 - 1)] } else { vec![Input::Position; 0] };
            column.net = (k > 0).then(|| net.clone());
            column
        })
        .collect();
    let model = Arc::new(Model::new(&spec).unwrap());
    let contexts = contexts_of(&model, &values);
    let group = Rows { values, counts: None, counter: None, unit: Unit::Entries };
    let mut table = Table { models: vec![Arc::clone(&model)], ..Table::default() };
    table.add_plain("x0", &smooth(rows, 0), &[rows as u64]);
    (1..COLUMNS).for_each(|k| table.add_coded(&model, k, &contexts, &group, &[rows as u64]));
    let (table, session) = session(table);
    std::thread::scope(|scope| {
        let small = std::thread::Builder::new().stack_size(256 << 10);
        let (table, session) = (&table, &session);
        let last = move || assert!(read(session, table, &format!("x{}", COLUMNS - 1), 0..150).len() == 600);
        small.spawn_scoped(scope, last).unwrap().join().unwrap();
    });
    assert_eq!(table.take_fetched().len(), COLUMNS);
    assert_eq!(session.needs(COLUMNS as u64 - 1, 0..1).unwrap().len(), COLUMNS);
}

/// A container that calls the session itself, as ROOT may while it reads.
#[test]
fn a_callback_may_read() {
    struct Again(Arc<Table>, Mutex<std::sync::Weak<ReadSession>>);
    impl Container for Again {
        fn find(&self, name: &str) -> rootbaler::Result<Option<u64>> {
            Shared(Arc::clone(&self.0)).find(name)
        }
        fn describe(&self, column: u64) -> rootbaler::Result<rootbaler::session::ColumnInfo> {
            Shared(Arc::clone(&self.0)).describe(column)
        }
        fn piece(&self, column: u64, number: u64) -> rootbaler::Result<Option<rootbaler::session::Piece>> {
            Shared(Arc::clone(&self.0)).piece(column, number)
        }
        fn piece_with(&self, column: u64, position: u64) -> rootbaler::Result<Option<rootbaler::session::Piece>> {
            Shared(Arc::clone(&self.0)).piece_with(column, position)
        }
        fn stored(&self, column: u64, number: u64) -> rootbaler::Result<Stored> {
            let session = std::mem::take(&mut *self.1.lock().unwrap()).upgrade();
            if let Some(session) = session {
                session.read(column, 0..1, Order::Native, &mut Vec::new())?;
            }
            Shared(Arc::clone(&self.0)).stored(column, number)
        }
        fn unpack(&self, block: &[u8], out: &mut [u8]) -> rootbaler::Result<()> {
            Shared(Arc::clone(&self.0)).unpack(block, out)
        }
        fn model(&self, hash: u64) -> rootbaler::Result<Option<Arc<Model>>> {
            Shared(Arc::clone(&self.0)).model(hash)
        }
        fn models(&self) -> rootbaler::Result<Vec<Arc<Model>>> {
            Shared(Arc::clone(&self.0)).models()
        }
    }
    let table = Arc::new(scalar(ENDS));
    let session = Arc::new_cyclic(|own: &std::sync::Weak<ReadSession>| {
        ReadSession::new(Again(Arc::clone(&table), Mutex::new(own.clone())))
    });
    assert!(read(&session, &table, "c", 0..ROWS) == table.column("c").values);
}
