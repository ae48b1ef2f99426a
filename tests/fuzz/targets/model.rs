//! Models with hostile bodies under a valid hash, and models of any shape: what is loaded codes and decodes whatever it
//! is given, within its bounds, the same on every machine.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rootbaler::Model;
use rootbaler::coder::conditional;
use rootbaler::coder::waves::Contexts;
use rootbaler::inference::net::Layer;
use rootbaler::machine::Machine;
use rootbaler::model::context::Seen;
use rootbaler::model::{ModelColumn, ModelSpec};
use rootbaler::values::value::{Value, values_from_be, values_to_be};
use rootbaler::wire::bytes::Reader;
use rootbaler::with_type;
use rootbaler_fuzz::{contexts, forge};

/// More weights take seconds.
const MOST_WEIGHTS: usize = 50_000;
const ROWS: usize = 40;
/// Columns of a model that are tried.
const COLUMNS: usize = 4;

fuzz_target!(|data: &[u8]| {
    let Some((&way, data)) = data.split_first() else { return };
    if way % 2 == 0 {
        let loaded = Model::from_bytes(&forge::model(data));
        loaded.iter().for_each(|model| try_model(model, data));
    } else if let Some((spec, rest)) = spec(data) {
        let loaded = Model::new(&spec);
        loaded.iter().for_each(|model| try_model(model, rest));
    }
});

/// What the bytes say, with weights of the rest of them.
fn spec(data: &[u8]) -> Option<(ModelSpec, &[u8])> {
    let (mut spec, rest) = postcard::take_from_bytes::<ModelSpec>(data).ok()?;
    let nets = || spec.columns.iter().filter_map(|column| column.net.as_ref());
    let layers = nets().flat_map(|net| net.hidden.iter().chain([&net.output]));
    let weights = layers.map(|layer| layer.units().saturating_mul(layer.inputs as usize));
    if weights.fold(0, usize::saturating_add) > MOST_WEIGHTS {
        return None;
    }
    let mut bytes = rest.iter().copied().chain([1]).cycle();
    for net in spec.columns.iter_mut().filter_map(|column| column.net.as_mut()) {
        net.hidden.iter_mut().chain([&mut net.output]).for_each(|layer| fill(layer, &mut bytes));
    }
    Some((spec, rest))
}

fn fill(layer: &mut Layer, bytes: &mut impl Iterator<Item = u8>) {
    let mut next = || bytes.next().unwrap_or_default() as i8;
    layer.weights = (0..layer.units() * layer.inputs as usize).map(|_| i16::from(next()) << (next() & 7)).collect();
    layer.bias = (0..layer.units()).map(|_| i32::from(next()) << (next() & 23)).collect();
}

fn try_model(model: &Model, data: &[u8]) {
    assert!(Model::from_bytes(model.bytes()).is_ok_and(|again| again.hash() == model.hash()));
    assert!(model.quantisers_only().is_ok_and(|bare| !bare.has_network()));
    let few = |net: &rootbaler::inference::net::Net| {
        let weights: usize = net.hidden.iter().chain([&net.output]).map(|layer| layer.weights.len()).sum();
        weights <= MOST_WEIGHTS
    };
    let coded = model.columns().iter().enumerate().filter(|(_, column)| column.spec.net.as_ref().is_some_and(few));
    for (index, column) in coded.take(COLUMNS) {
        with_type!(column.spec.value, T => try_column::<T>(model, index, column, data));
    }
}

/// Codes a column of values from the data and near its lattice, given any contexts.
fn try_column<V: Value>(model: &Model, index: usize, column: &ModelColumn, data: &[u8]) {
    let mut values: Vec<V> = values_from_be(data);
    values.truncate(ROWS / 2);
    let near: Vec<i64> = (0..(ROWS - values.len()) as u64).map(|row| contexts::mix(7, row) as i64 % 50).collect();
    let mut others = vec![V::default(); near.len()];
    column.spec.quantiser.reconstruct(&near, &mut others);
    values.append(&mut others);
    let seed = u64::from(data.first().copied().unwrap_or_default());
    let parents = contexts::of_parents(column, ROWS, seed);
    let seen: Vec<Seen> = parents.iter().map(|parent| parent.view()).collect();
    let counts = contexts::entries(ROWS, seed);
    let contexts = Contexts { columns: &seen, rows: ROWS, counts: Some(&counts) };

    let raw = values_to_be(&values);
    let mut coded: Option<(Vec<u8>, Vec<u8>)> = None;
    for machine in Machine::all() {
        let mut body = Vec::new();
        let decoded = match conditional::encode(machine, model, index, contexts, &raw, &mut body) {
            Ok(decoded) => decoded,
            Err(error) => panic!("{machine:?}: {error}"),
        };
        let mut again = vec![0; raw.len()];
        let header = conditional::header(model, index, contexts, raw.len());
        let mut input = Reader::new(&body);
        let done = conditional::decode(machine, model, header, contexts, &mut input, &mut again, None);
        assert!(done.is_ok() && again == decoded, "{machine:?}: {done:?}");
        match &coded {
            None => coded = Some((body, decoded)),
            Some(first) => assert!(*first == (body, decoded), "{machine:?}"),
        }
    }
    let decoded: Vec<V> = coded.map(|(_, decoded)| values_from_be(&decoded)).unwrap_or_default();
    let bound = column.spec.quantiser.bound();
    for (x, y) in values.iter().zip(&decoded) {
        assert!(bound.holds(x.to_f64(), x.bits(), y.to_f64(), y.bits()), "{:x} {:x} {bound}", x.bits(), y.bits());
    }
}
