//! Blocks of kind 2.

use crate::case::{ForeignBranch, Given, Random, block, check, golden};
use crate::specs;
use rootbaler::coder::conditional;
use rootbaler::coder::foreign::{Elements, gather};
use rootbaler::coder::waves::Contexts;
use rootbaler::format::tail;
use rootbaler::machine::Machine;
use rootbaler::model::Model;
use rootbaler::model::context::{ColumnContext, Seen};
use rootbaler::values::value::{Value, values_from_be, values_to_be};
use rootbaler::with_type;

/// A model with its file and what was decoded of its columns, by name.
pub struct Decoded<'a> {
    file: &'a str,
    pub model: Model,
    /// Name, file, values.
    columns: Vec<(String, String, Vec<u8>)>,
    counts: Option<&'a [u32]>,
    foreign: Vec<ForeignBranch>,
}

impl<'a> Decoded<'a> {
    pub fn new(file: &'a str, model: Model, counts: Option<&'a [u32]>) -> Self {
        golden(file, model.bytes());
        Decoded { file, model, columns: Vec::new(), counts, foreign: Vec::new() }
    }

    /// Values of a column that stands alone.
    pub fn alone(&mut self, name: &str, raw: Vec<u8>) {
        let file = format!("{}.{name}.raw", self.file.trim_end_matches(".model"));
        golden(&file, &raw);
        self.columns.push((name.into(), file, raw));
    }

    fn raw(&self, name: &str) -> &(String, String, Vec<u8>) {
        self.columns.iter().find(|c| c.0 == name).unwrap_or_else(|| panic!("no values of {name}"))
    }

    fn context(&self, column: usize, raw: &[u8]) -> ColumnContext {
        let column = &self.model.columns()[column];
        with_type!(column.spec.value, T => column.context(&values_from_be::<T>(raw)))
    }

    /// What is seen of a parent.
    fn parent(&self, column: usize) -> ColumnContext {
        let spec = &self.model.columns()[column].spec;
        let Some(foreign) = &spec.foreign else { return self.context(column, &self.raw(&spec.name).2) };
        let index = foreign.index as usize;
        let seen = self.context(index, &self.raw(&self.model.columns()[index].spec.name).2);
        let branch = self.foreign.iter().find(|f| f.name == foreign.branch).unwrap();
        let elements = self.context(column, &branch.raw);
        let own = Elements { seen: seen.view(), counts: self.counts.unwrap() };
        gather(&self.model, column, own, Elements { seen: elements.view(), counts: &branch.counts }).unwrap()
    }

    /// A block of values of a column, of which the last rows are coded without context.
    pub fn check<V: Value>(
        &mut self,
        name: &str,
        what: &str,
        column: &str,
        without: usize,
        values: &[V],
        offsets: &[u8],
    ) {
        let index = self.model.find(column).unwrap();
        let parents = &self.model.columns()[index].parents;
        let seen: Vec<ColumnContext> = parents.iter().map(|&p| self.parent(p as usize)).collect();
        let seen: Vec<Seen> = seen.iter().map(ColumnContext::view).collect();
        let contexts = Contexts { columns: &seen, rows: values.len() - without, counts: self.counts };
        let data = values_to_be(values);
        let mut body = Vec::new();
        conditional::header(&self.model, index, contexts, data.len()).write(&mut body);
        tail::write(offsets, self.counts, data.len(), 5, &mut body).unwrap();
        let coded = conditional::encode(Machine::fastest(), &self.model, index, contexts, &data, &mut body);
        let mut decoded = coded.unwrap();
        decoded.extend_from_slice(offsets);
        let mut given = Given { model: Some((self.file, &self.model)), counts: self.counts, ..Given::default() };
        for &p in parents {
            let spec = &self.model.columns()[p as usize].spec;
            let own = spec.foreign.as_ref().map_or(p, |foreign| foreign.index) as usize;
            let (name, file, _) = self.raw(&self.model.columns()[own].spec.name);
            if !given.parents.iter().any(|(known, _)| known == name) {
                given.parents.push((name, file.clone()));
            }
            if let Some(foreign) = &spec.foreign {
                given.foreign.extend(self.foreign.iter().filter(|f| f.name == foreign.branch));
            }
        }
        let made = block(2, &decoded, &body);
        check(name, what, &made, &decoded, &given, contexts);
        decoded.truncate(data.len());
        self.columns.push((column.into(), format!("{name}.raw"), decoded));
    }
}

/// Values in -12 ..= 12 with all bits of a mantissa.
pub fn float(random: &mut Random) -> f64 {
    random.around(3 << 28) as f64 / f64::from(1 << 26)
}

pub fn many<V>(n: usize, seed: u64, one: impl Fn(&mut Random) -> V) -> Vec<V> {
    let mut random = Random(seed);
    (0..n).map(|_| one(&mut random)).collect()
}

const ROWS: usize = 60;

#[test]
fn value_types() {
    let mut all = Decoded::new("types.model", specs::types(), None);
    let mut first: Vec<f32> = many(ROWS, 1, |r| float(r) as f32);
    first[5..15].fill(-0.78125);
    (first[20], first[21], first[22]) = (f32::NAN, 100.0, -0.0);
    all.check("model_f32", "abs, a pin, exceptions; no inputs, no hidden layer", "c_f32", 0, &first, &[]);
    all.check("model_f64", "bits of f64, one hidden layer", "c_f64", 0, &many(ROWS, 2, float), &[]);
    let values = many(ROWS, 3, |r| r.around(127) as i8);
    all.check("model_i8", "i8, some outside the axis; two hidden layers", "c_i8", 0, &values, &[]);
    all.check("model_u8", "u8, no hidden layer", "c_u8", 0, &many(ROWS, 4, |r| r.below(210) as u8), &[]);
    let values = many(ROWS, 5, |r| r.around(20_500) as i16);
    all.check("model_i16", "i16, four hidden layers", "c_i16", 0, &values, &[]);
    all.check("model_u16", "u16", "c_u16", 0, &many(ROWS, 6, |r| r.below(65_536) as u16), &[]);
    let values = many(ROWS, 7, |r| r.around(1 << 30) as i32);
    all.check("model_i32", "i32, a network of any weights", "c_i32", 0, &values, &[]);
    let values = many(ROWS, 8, |r| (r.bits() << 1) as u32 >> r.below(20));
    all.check("model_u32", "u32", "c_u32", 0, &values, &[]);
    let wide = |r: &mut Random| ((r.bits() << 31 | r.bits()) & ((1 << 50) - 1)) as i64;
    let mut values = many(ROWS, 9, |r| wide(r) - (1 << 49));
    (values[9], values[10]) = (i64::MIN, i64::MAX);
    all.check("model_i64", "i64, bins of 2^46 integers", "c_i64", 0, &values, &[]);
    let mut values = many(ROWS, 10, |r| wide(r) as u64 * 2);
    (values[9], values[10]) = (0, u64::MAX);
    all.check("model_u64", "u64, bins of more than 2^40 integers", "c_u64", 0, &values, &[]);
    let mut values = many(ROWS, 11, |r| float(r) as f32);
    values[3..9].fill(0.0);
    values[30] = f32::INFINITY;
    all.check("model_dither", "dithered, a pin, an exception", "c_dither", 0, &values, &[]);
    let mut values = many(ROWS, 12, |r| f64::from_bits(float(r).abs().to_bits() >> 44 << 44));
    values[44] = 1.2345;
    all.check("model_truncated", "truncated f64, exceptions", "c_cut", 0, &values, &[]);
    let mut without = Decoded::new("types.model", specs::types(), None);
    // not decoded of a block of this model: rounded here, some half-way
    let mut values = many(ROWS - 23, 13, float);
    values.iter_mut().take(12).for_each(|v| *v = f64::from_bits(v.to_bits() >> 42 << 42 | 1 << 41));
    without.alone("c_f64", values_to_be(&values));
    let values = many(ROWS, 14, |r| r.around(100) as i8);
    without.check("rows_without_context", "the last 23 rows have no context", "c_i8", 23, &values, &[]);
}

#[test]
fn predictors() {
    let mut all = Decoded::new("formulas.model", specs::formulas(), None);
    let mut angles = many(ROWS, 31, |r| (float(r) / 3.0) as f32);
    (angles[11], angles[12]) = (2000.0, -3000.0);
    all.alone("angle", values_to_be(&angles));
    let mut sizes = many(ROWS, 32, |r| float(r).abs());
    (sizes[7], sizes[8]) = (0.0, 1e6);
    all.alone("size", values_to_be(&sizes));
    all.alone("whole", values_to_be(&many(ROWS, 33, |r| r.around(60) as i16)));
    all.check("every", "all functions, unit", "every", 0, &many(ROWS, 34, |r| float(r) as f32 / 2.0), &[]);
    all.check("products", "differences and products", "products", 0, &many(ROWS, 35, float), &[]);
    let cut = |r: &mut Random| f32::from_bits((float(r) as f32).to_bits() >> 18 << 18);
    all.check("root", "a root, of negative sums too; truncated", "root", 0, &many(ROWS, 36, cut), &[]);
    all.check("cases", "cases, and rows with none", "cases", 0, &many(ROWS, 37, |r| float(r) as f32), &[]);
    let values = many(ROWS, 38, |r| r.around(30_000) as i16);
    all.check("large", "predictions beyond an i16; the last rows have none", "large", 9, &values, &[]);
}

/// Entries with none, one and more than 15 elements.
const COUNTS: [u32; 12] = [3, 0, 1, 20, 5, 0, 2, 5, 17, 1, 3, 3];

fn offsets(size: u32) -> Vec<u8> {
    let mut words = vec![COUNTS.len() as u32 + 1];
    COUNTS.iter().fold(80, |at, n| {
        words.push(at);
        at + n * size
    });
    words.push(0);
    values_to_be(&words)
}

#[test]
fn elements_before() {
    let mut all = Decoded::new("waves.model", specs::waves(), Some(&COUNTS));
    let rows = COUNTS.iter().sum::<u32>() as usize;
    all.alone("first", values_to_be(&many(rows, 41, |r| float(r) as f32)));
    let values = many(rows, 42, |r| float(r) as f32);
    all.check("before", "the element before in another column; tail from counts", "before", 0, &values, &offsets(4));
    let mut own = many(rows, 43, float);
    (own[4], own[5], own[30]) = (f64::NAN, 1e9, -1e9);
    all.check("waves", "waves, dithered, exceptions that the next element sees", "own", 0, &own, &offsets(8));
    let values = many(rows, 44, |r| r.below(10) as u8);
    all.check("place", "position and count", "place", 0, &values, &offsets(1));
    all.columns.retain(|c| c.0 == "first");
    let values = many(rows, 45, |r| float(r) as f32);
    all.check("before_without", "the last 21 elements have no context", "before", 21, &values, &[]);
    all.check("waves_without", "waves whose last 30 elements have no context", "own", 30, &own, &offsets(8));
}

#[test]
fn foreign_columns() {
    let mut all = Decoded::new("foreign.model", specs::foreign(), Some(&COUNTS));
    let rows = COUNTS.iter().sum::<u32>() as usize;
    let counts = vec![4, 2, 0, 3, 7, 1, 2, 2, 5, 1, 0, 3];
    let n = counts.iter().sum::<u32>() as usize;
    let ids = many(n, 51, |r| r.around(100) as i8);
    let mut pts = many(n, 52, |r| float(r) as f32);
    pts[2] = f32::NAN;
    all.foreign = vec![
        ForeignBranch { name: "Gen_pt", raw: values_to_be(&pts), counts: counts.clone() },
        ForeignBranch { name: "Gen_id", raw: values_to_be(&ids), counts },
    ];
    all.alone("Jet_genIdx", values_to_be(&many(rows, 53, |r| r.below(6) as i32 - 1)));
    let what = "foreign columns, absent ones, present, a formula of them with cases";
    all.check("foreign", what, "Jet_pt", 0, &many(rows, 54, |r| float(r) as f32), &offsets(4));
    let values = many(rows, 55, |r| r.around(100) as i8);
    all.check("foreign_waves", "foreign columns in waves, no hidden layer", "Jet_id", 11, &values, &offsets(1));
}

#[test]
fn lanes() {
    let mut all = Decoded::new("lanes.model", specs::lanes(), None);
    let fine = |n, seed| many(n, seed, |r| r.below(65_536) as u16);
    all.check("lanes_seeded_3", "three lanes, seeded", "fine", 0, &fine(400, 61), &[]);
    all.check("lanes_seeded_32", "32 lanes, seeded", "fine", 0, &fine(4200, 62), &[]);
    let coarse = many(2100, 63, |r| r.around(7) as i8);
    all.check("lanes_2", "two lanes, not seeded, no raw bits", "coarse", 0, &coarse, &[]);
    all.check::<u16>("model_no_rows", "kind 2 without rows", "fine", 0, &[], &[]);
}

#[test]
fn several_models() {
    let mut file = b"RBGROUPS".to_vec();
    for model in [specs::lanes(), specs::types(), specs::waves()] {
        file.extend((model.bytes().len() as u64).to_le_bytes());
        file.extend(model.bytes());
    }
    golden("several.models", &file);
    let mut all = Decoded::new("types.model", specs::types(), None);
    all.file = "several.models";
    let what = "the model is the second of a file";
    all.check("several", what, "c_f32", 0, &many(20, 71, |r| float(r) as f32), &[]);
}

#[test]
fn example() {
    let mut all = Decoded::new("example.model", specs::example(), None);
    all.check("example_model", "example of kind 2", "n", 0, &[1u8, 4, 5, 0, 9, 3], &[]);
}
