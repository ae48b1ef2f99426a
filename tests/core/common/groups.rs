//! Tables of groups whose columns are coded given each other.

use super::counts_of;
use super::table::*;
use rootbaler::model::Input;
use rootbaler::model::sample::Sample;
use rootbaler::session::Unit;
use rootbaler::values::bound::Bound;
use rootbaler::values::value::values_to_be;
use std::collections::HashMap;
use std::sync::Arc;

/// Three columns, `b` given `a`, and `c` given both; pieces end as given.
pub fn scalar(ends: [&[u64]; 3]) -> Table {
    let rows = *ends[0].last().unwrap() as usize;
    let names = ["a", "b", "c"];
    let values: HashMap<String, Vec<f32>> =
        names.iter().zip(0..).map(|(n, k)| (n.to_string(), smooth(rows, k))).collect();
    let mut sample = Sample::scalar(rows);
    names.iter().for_each(|name| sample.add(name, BOUND, &values[*name]).unwrap());
    let (a, b) = (Input::Column(0), Input::Column(1));
    let model = model(&sample, &[], &[(0, vec![]), (1, vec![a]), (2, vec![a, b])], 5);
    let contexts = contexts_of(&model, &values);
    let rows = Rows { values, counts: None, counter: None, unit: Unit::Entries };
    let mut table = Table { models: vec![Arc::clone(&model)], ..Table::default() };
    (0..3).for_each(|k| table.add_coded(&model, k, &contexts, &rows, ends[k]));
    table
}

/// A jagged group `b`, `c` of which `c` sees `b` and, by its index `i`, elements of `g`, which another counter counts.
pub fn jagged(unit: Unit, ends: [&[u64]; 3], counter_ends: &[u64]) -> Table {
    let entries = *counter_ends.last().unwrap() as usize;
    let mut counts = counts_of(3000, 9);
    counts.resize(entries, 3);
    let source_counts: Vec<u32> = (0..entries as u32).map(|entry| entry * 7 % 5).collect();
    let sum = |counts: &[u32]| counts.iter().map(|&n| n as usize).sum::<usize>();
    let (rows, elements) = (sum(&counts), sum(&source_counts));
    let index: Vec<i32> = (0..rows as i32).map(|row| row % 5 - 1).collect();
    let values = HashMap::from([("b".to_owned(), smooth(rows, 1)), ("c".to_owned(), smooth(rows, 2))]);
    let source_values = smooth(elements, 3);
    let mut source = Sample::jagged(&source_counts);
    source.add("g", BOUND, &source_values).unwrap();
    let mut sample = Sample::jagged(&counts);
    sample.add("i", Bound::Lossless, &index).unwrap();
    sample.add("b", BOUND, &values["b"]).unwrap();
    let present: Vec<bool> = index.iter().map(|&place| place >= 0).collect();
    sample.add_foreign("g", "i", &smooth(rows, 3), &present).unwrap();
    sample.add("c", BOUND, &values["c"]).unwrap();
    let sees_b = vec![Input::Column(1), Input::Previous(1), Input::Previous(3), Input::Count, Input::Column(2)];
    let sees = [(1, vec![Input::Previous(1), Input::Position]), (3, [sees_b, vec![Input::Present(2)]].concat())];
    let model = model(&sample, &[source], &sees, 8);
    let mut contexts = contexts_of(&model, &values);
    contexts[0] = model.columns()[0].context(&index);
    let pointed_to = model.columns()[2].context(&source_values);
    contexts[2] = gathered(&model, 2, (&contexts[0], &counts), (&pointed_to, &source_counts));

    let mut table = Table { models: vec![Arc::clone(&model)], ..Table::default() };
    table.add_plain("n", &counts.iter().map(|&n| n as u8).collect::<Vec<_>>(), counter_ends);
    table.add_plain(
        "m",
        &source_counts.iter().map(|&n| n as i32).collect::<Vec<_>>(),
        &[entries as u64 / 7, entries as u64],
    );
    // columns without model, whose pieces are stored as they are, or by another compression
    let group = Rows { values, counts: Some(counts.clone()), counter: Some("n"), unit };
    let source_ends: &[u64] =
        if unit == Unit::Entries { &[entries as u64 * 43 / 100, entries as u64] } else { &[50, elements as u64] };
    let plain = |table: &mut Table, name: &str, bytes: Vec<u8>, counts: &[u32], counter: &str, ends: &[u64]| {
        let mut info = info(
            name,
            if name == "i" {
                rootbaler::values::value::ValueType::I32
            } else {
                rootbaler::values::value::ValueType::F32
            },
            Some(table.id(counter)),
            unit,
        );
        info.count = None;
        let parts = pieces(ends).map(|(piece, range)| {
            let place = |at: u64| 4 * if unit == Unit::Entries { before(counts, at) } else { at as usize };
            let bytes = bytes[place(range.start)..place(range.end)].to_vec();
            Part { piece, raw_len: bytes.len(), bytes }
        });
        let parts = parts.collect();
        table.add(info, bytes, parts);
    };
    plain(&mut table, "i", values_to_be(&index), &counts, "n", ends[0]);
    plain(&mut table, "g", values_to_be(&source_values), &source_counts, "m", source_ends);
    table.add_coded(&model, 1, &contexts, &group, ends[1]);
    table.add_coded(&model, 3, &contexts, &group, ends[2]);
    table
}
