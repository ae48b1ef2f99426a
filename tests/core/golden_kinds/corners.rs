//! Corners of the arithmetic that ordinary columns do not come to: each is decoded wrongly by a reader that does there
//! what comes to mind first.

use crate::case::{Given, block, check, golden};
use crate::models::{Decoded, float, many};
use crate::specs::{axis, column, factor, net, sum, term};
use rootbaler::coder::conditional;
use rootbaler::coder::waves::Contexts;
use rootbaler::inference::functions::{self, Function};
use rootbaler::inference::net::{Layer, Net};
use rootbaler::machine::Machine;
use rootbaler::model::predictor::{Case, Condition, Factor, Predictor};
use rootbaler::model::{ColumnSpec, Input, Model, ModelSpec};
use rootbaler::values::quantiser::{Lattice, Pin};
use rootbaler::values::value::{ValueType, values_to_be};

const ROWS: usize = 60;

fn model(jagged: bool, columns: Vec<ColumnSpec>) -> Model {
    Model::new(&ModelSpec { jagged, columns, provenance: "golden: corners".into() }).unwrap()
}

/// Components with these log2 weights, means and log2 inverse scales, whatever the inputs.
fn fixed(outputs: &[i32]) -> Net {
    let output = Layer { inputs: 0, weights: Vec::new(), bias: outputs.to_vec(), shift: vec![0; outputs.len()] };
    Net { components: outputs.len() as u8 / 3, hidden: Vec::new(), output }
}

/// One component whose mean is the score of the input, wide enough that a neighbouring context score gives all values
/// other counts.
fn follow(target: &mut ColumnSpec, input: Input) {
    target.inputs = vec![input];
    let output = Layer { inputs: 1, weights: vec![0, 16, 0], bias: vec![0, 0, -2 << 8], shift: vec![0; 3] };
    target.net = Some(Net { components: 1, hidden: Vec::new(), output });
}

fn predicted(mut target: ColumnSpec, cases: Vec<Case>) -> ColumnSpec {
    target.predictor = Some(Predictor { cases });
    follow(&mut target, Input::Predicted);
    target
}

fn case(when: &[(u32, bool, f32)], formula: rootbaler::model::predictor::Formula) -> Case {
    let when = when.iter().map(|&(column, above, limit)| Condition { column, above, limit }).collect();
    Case { when, formula }
}

/// A lattice with one integer to each step of a knot's score.
fn plain(name: &str, step: f64) -> ColumnSpec {
    column(name, ValueType::F64, Lattice::Abs { bound: step, step }, axis(&[(-2000, -2000), (2000, 2000)], 64))
}

fn lossless(name: &str, value: ValueType) -> ColumnSpec {
    column(name, value, Lattice::Lossless, axis(&[(-100, -600), (100, 600)], 64))
}

#[test]
fn functions_to_the_last_bit() {
    use Function::*;
    // twice the difference of a function and what a column says, far above the last bit
    let large = f64::from(1 << 25) * f64::from(1 << 25);
    let difference = |f| sum(vec![term(large, &[factor(1, f)]), term(-large, &[factor(2, Identity)])]);
    let of = [Cos, Sin, Sinh, Cosh];
    let mut cases: Vec<Case> =
        (0u8..).zip(of).map(|(i, f)| case(&[(0, false, f32::from(i) + 0.5)], difference(f))).collect();
    cases.push(case(&[], sum(vec![term(1e-304, &[factor(1, Sinh)])])));
    let columns = vec![
        lossless("which", ValueType::U8),
        lossless("x", ValueType::F64),
        lossless("y", ValueType::F64),
        predicted(plain("exact", 0.01), cases),
    ];
    let mut all = Decoded::new("functions.model", model(false, columns), None);
    let which: Vec<u8> = (0..ROWS).map(|row| (row % 5) as u8).collect();
    let x: Vec<f64> = many(ROWS, 81, |r| float(r) / 3.0);
    let x: Vec<f64> = x.iter().zip(&which).map(|(&x, &which)| if which == 4 { 705.0 } else { x }).collect();
    let y = x.iter().zip(&which).enumerate().map(|(row, (&x, &which))| {
        let mut y = [1.0];
        functions::multiply(of[which as usize % 4], &[x], &mut y);
        f64::from_bits(y[0].to_bits() + row as u64 % 3)
    });
    let y: Vec<f64> = y.collect();
    all.alone("which", values_to_be(&which));
    all.alone("x", values_to_be(&x));
    all.alone("y", values_to_be(&y));
    let what = "functions that differ from other libraries in the last bit; arguments beyond 700";
    all.check("exact", what, "exact", 0, &many(ROWS, 82, float), &[]);
}

#[test]
fn values_in_formulas() {
    use Function::Identity;
    const STEP: f64 = 0.37;
    let mut pinned = plain("pinned", 1.5);
    pinned.quantiser.pins =
        vec![Pin { lattice: -3, bits: f64::NAN.to_bits() }, Pin { lattice: 2, bits: 3.6875f64.to_bits() }];
    let of = |column, coefficient| term(coefficient, &[factor(column, Identity)]);
    let columns = vec![
        pinned,
        plain("half", 0.5),
        plain("steps", STEP),
        predicted(
            plain("pins_seen", 0.01),
            vec![
                case(&[(0, true, 3.125)], sum(vec![of(0, 1.0)])),
                // NaN is not above anything
                case(&[(0, false, -100.0)], sum(vec![term(7.25, &[])])),
                case(&[(0, false, 3.125)], sum(vec![of(0, 0.5)])),
            ],
        ),
        predicted(
            plain("nearest", 0.25),
            vec![case(&[(2, true, 1e5)], sum(vec![of(2, 1e-13)])), case(&[], sum(vec![of(1, 1.0), of(2, 1.0)]))],
        ),
    ];
    let mut all = Decoded::new("values.model", model(false, columns), None);
    let mut values: Vec<f64> = many(ROWS, 83, |r| r.around(6) as f64 * 1.5);
    // what the pins stand for; the NaN itself is as far from -3 as it could be
    values.iter_mut().filter(|v| **v == 3.0).for_each(|v| *v = 3.6875);
    values[..4].fill(-4.5);
    all.alone("pinned", values_to_be(&values));
    all.alone("half", values_to_be(&many(ROWS, 84, |r| r.around(30) as f64 / 2.0 + 0.25)));
    let other_by_division = |&x: &f64| (x * (1.0 / STEP)).round_ties_even() != (x / STEP).round_ties_even();
    let mut steps: Vec<f64> =
        (0..1600).map(|n| (f64::from(n) + 0.5) * STEP).filter(other_by_division).take(ROWS - 4).collect();
    steps.extend([1e30, f64::INFINITY]);
    assert!(steps.len() == ROWS - 2);
    steps.resize(ROWS, STEP);
    all.alone("steps", values_to_be(&steps));
    let what = "formulas and conditions see values of pins, one of them NaN";
    all.check("pins_seen", what, "pins_seen", 0, &many(ROWS, 85, float), &[]);
    let what = "values half-way; 1 / step comes first; integers beyond 2^50";
    all.check("nearest", what, "nearest", 0, &many(ROWS, 86, float), &[]);
}

#[test]
fn predictions_that_are_no_numbers() {
    use Function::{Abs, Identity};
    let around = |n: i64| axis(&[(-n, -800), (-n / 2, -100), (n / 2, 100), (n, 900)], 64);
    // infinities less infinities
    let minus = |function| Factor { column: 0, minus: None, function };
    let formula = sum(vec![term(1.0, &[minus(Abs)]), term(-1.0, &[minus(Identity)])]);
    let targets = [
        ("nan_f32", ValueType::F32, Lattice::Lossless, i64::from(i32::MAX)),
        ("nan_f64", ValueType::F64, Lattice::Bits(10), 2_097_000),
        ("nan_cut", ValueType::F32, Lattice::Truncated(5), 8190),
        ("nan_abs", ValueType::F32, Lattice::Abs { bound: 0.01, step: 0.0195 }, 3000),
        ("nan_i16", ValueType::I16, Lattice::Lossless, 30_000),
    ];
    let mut columns = vec![column("seen", ValueType::F32, Lattice::Lossless, around(i64::from(i32::MAX)))];
    for (name, value, lattice, n) in targets {
        columns.push(predicted(column(name, value, lattice, around(n)), vec![case(&[], formula.clone())]));
    }
    let mut all = Decoded::new("nan.model", model(false, columns), None);
    let mut seen: Vec<f32> = many(ROWS, 87, |r| float(r) as f32);
    seen[..8].copy_from_slice(&[f32::INFINITY, f32::NEG_INFINITY].repeat(4));
    seen[8..12].copy_from_slice(&[0x7fc0_0000, 0xffc0_0000, 0x7fa0_1234, 0xffff_ffff].map(f32::from_bits));
    all.alone("seen", values_to_be(&seen));
    let singles: Vec<f32> = many(ROWS, 88, |r| float(r) as f32);
    let cut: Vec<f32> = singles.iter().map(|v| f32::from_bits(v.to_bits() >> 18 << 18)).collect();
    let what = "predictions that are NaN";
    all.check("nan_f32", what, "nan_f32", 0, &singles, &[]);
    all.check("nan_f64", what, "nan_f64", 0, &many(ROWS, 89, float), &[]);
    all.check("nan_cut", what, "nan_cut", 0, &cut, &[]);
    all.check("nan_abs", what, "nan_abs", 0, &singles, &[]);
    all.check("nan_i16", what, "nan_i16", 0, &many(ROWS, 90, |r| r.around(50) as i16), &[]);
}

/// Places in the bin of 2^46 integers that begins at 0, with a score of 300 steps of a knot: of all integers with the
/// same upper bits the score is that of the one in their middle, and for these it is another than their own.
fn places() -> Vec<i64> {
    const RISE: u128 = 300 * 256;
    let own = |p: u128| (RISE * (2 * p + 1)) >> 47 >> 4;
    let middle = |p: u128| (RISE * (2 * (p >> 6) + 1)) >> 41 >> 4;
    let near = (1..RISE / 16).map(|score| (score << 50) / RISE);
    let places = near.flat_map(|twice| (0..4).map(move |i| ((twice / 2) & !63) + 63 - i * 21));
    places.filter(|&p| own(p) != middle(p)).map(|p| p as i64).take(ROWS).collect()
}

#[test]
fn scores() {
    let edge = axis(&[(-100, -600), (0, 2000), (100, 2048)], 64);
    let mut columns = vec![
        column("wide", ValueType::I64, Lattice::Lossless, axis(&[(0, 0), (1 << 46, 300)], 1 << 30)),
        column("top", ValueType::U8, Lattice::Lossless, axis(&[(0, 0), (100, 2048)], 64)),
        plain("wide_seen", 0.01),
        column("top_seen", ValueType::I8, Lattice::Lossless, edge),
        column("wide_bins", ValueType::I64, Lattice::Lossless, axis(&[(-1 << 50, -1), (1 << 50, 1)], u32::MAX)),
    ];
    follow(&mut columns[2], Input::Column(0));
    follow(&mut columns[3], Input::Column(1));
    columns[4].net = Some(fixed(&[0, 64, 0]));
    let mut all = Decoded::new("scores.model", model(false, columns), None);
    let places = places();
    assert_eq!(places.len(), ROWS);
    all.alone("wide", values_to_be(&places));
    all.alone("top", values_to_be(&many(ROWS, 91, |r| 90 + r.below(20) as u8)));
    let what = "the context scores of large bins leave out the lowest bits of places";
    all.check("wide_seen", what, "wide_seen", 0, &many(ROWS, 92, float), &[]);
    let what = "the largest context score is 32767";
    all.check("top_seen", what, "top_seen", 0, &many(ROWS, 93, |r| 50 + r.below(50) as i8), &[]);
    let wide = |r: &mut crate::case::Random| ((r.bits() << 31 | r.bits()) & ((1 << 50) - 1)) as i64;
    all.check("wide_bins", "bins of 2^48 integers", "wide_bins", 0, &many(ROWS, 94, wide), &[]);
}

#[test]
fn networks() {
    let fine = || axis(&[(0, 0), (128, 2)], 0);
    let mut columns = vec![
        lossless("seen", ValueType::I8),
        column("scale", ValueType::U8, Lattice::Lossless, fine()),
        column("share", ValueType::U8, Lattice::Lossless, fine()),
        lossless("shifts", ValueType::I8),
        column("one_bin", ValueType::U8, Lattice::Lossless, axis(&[(0, 0), (16, 1)], 1 << 20)),
    ];
    columns[1].net = Some(fixed(&[0, 256, 5000]));
    columns[2].net = Some(fixed(&[1000, 968, 864, 100, 240, 420, 3000, 3100, 3200]));
    columns[3].inputs = vec![Input::Column(0)];
    let hidden = Layer { inputs: 1, weights: vec![0, 1], bias: vec![37, -9], shift: vec![-9, -16] };
    let weights = [&[0; 3][..], &[4, 1, 3], &[0; 3]].concat();
    let output = Layer { inputs: 3, weights, bias: vec![0, -60_001, 33], shift: vec![0, 0, -4] };
    columns[3].net = Some(Net { components: 1, hidden: vec![hidden], output });
    columns[4].net = Some(fixed(&[0, 0, 0]));
    let mut all = Decoded::new("networks.model", model(false, columns), None);
    all.alone("seen", values_to_be(&many(ROWS, 95, |r| r.around(90) as i8)));
    let near = |r: &mut crate::case::Random| 50 + r.below(28) as u8;
    all.check("scale", "log2 inverse scales beyond the largest", "scale", 0, &many(ROWS, 96, near), &[]);
    let what = "weights that only f32 rounds up to the next integer";
    all.check("share", what, "share", 0, &many(ROWS, 97, |r| r.below(128) as u8), &[]);
    let what = "shifts to the left by more than biases are shifted";
    all.check("shifts", what, "shifts", 0, &many(ROWS, 98, |r| r.around(90) as i8), &[]);
    low_state(&all.model);
}

/// A lane whose state is stored as less than 2^32. With one bin only it stays at 2^32.
fn low_state(model: &Model) {
    let values = [3u8, 14, 0, 9, 7];
    let index = model.find("one_bin").unwrap();
    let mut body = Vec::new();
    conditional::header(model, index, Contexts::default(), values.len()).write(&mut body);
    body.push(0);
    let state = body.len() + 5;
    let rows = Contexts { rows: values.len(), ..Contexts::default() };
    let decoded = conditional::encode(Machine::fastest(), model, index, rows, &values, &mut body).unwrap();
    assert_eq!(body[state..state + 5], [0, 0, 0, 0, 1]);
    body[state..state + 5].copy_from_slice(&[0x12, 0x34, 0x56, 0x78, 0]);
    let given = Given { model: Some(("networks.model", model)), ..Given::default() };
    check("low_state", "one bin; a state below 2^32", &block(2, &decoded, &body), &decoded, &given, rows);
}

#[test]
fn raw_bits_in_waves() {
    let fine = axis(&[(0, -1000), (30_000, 0), (65_536, 1000)], 1 << 11);
    let mut own = column("own", ValueType::U16, Lattice::Lossless, fine);
    own.inputs = vec![Input::Previous(0), Input::Position];
    own.net = Some(net(&mut crate::case::Random(99), 2, &[4], 2));
    let model = model(true, vec![own]);
    golden("waves_raw.model", model.bytes());
    // the last wave has raw bits enough for seeds, or has not
    let many_long: Vec<u32> = (0..90).map(|entry| if entry % 7 == 3 { entry % 4 } else { 5 }).collect();
    let few_long = [2u32, 0, 6, 1, 3, 3, 1];
    for (name, counts) in [("waves_seeded", &many_long[..]), ("waves_raw", &few_long)] {
        let mut all = Decoded::new("waves_raw.model", Model::from_bytes(model.bytes()).unwrap(), Some(counts));
        let rows = counts.iter().sum::<u32>() as usize;
        let values = many(rows, 100, |r| r.below(65_536) as u16);
        let seeded = if name == "waves_seeded" { "seeded" } else { "not seeded" };
        all.check(name, &format!("waves with raw bits, {seeded}"), "own", 0, &values, &[]);
    }
}

#[test]
fn dithering_near_zero() {
    let lattice = Lattice::Dithered { bound: 0.01, step: 0.0095 };
    let values = many(ROWS, 101, |r| float(r) / 4096.0);
    crate::alone::column("dither_zero", "dithered f64 that are nearly 0", crate::alone::of(lattice), &values);
}
