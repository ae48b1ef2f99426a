//! Models put together by hand: no sample, no fit, so that all machines make the same bytes.

use crate::case::Random;
use rootbaler::inference::axis::{AxisSpec, Knot};
use rootbaler::inference::functions::Function;
use rootbaler::inference::net::{Layer, Net};
use rootbaler::model::predictor::{Case, Condition, Factor, Formula, Predictor, Term};
use rootbaler::model::{ColumnSpec, Foreign, Input, Model, ModelSpec};
use rootbaler::values::quantiser::{Lattice, Pin, Quantiser};
use rootbaler::values::value::ValueType;

/// Knots (lattice integer, score).
pub fn axis(knots: &[(i64, i32)], resolution: u32) -> Option<AxisSpec> {
    let knots = knots.iter().map(|&(lattice, score)| Knot { lattice, score }).collect();
    Some(AxisSpec { knots, resolution })
}

pub fn column(name: &str, value: ValueType, lattice: Lattice, axis: Option<AxisSpec>) -> ColumnSpec {
    let quantiser = Quantiser { lattice, pins: Vec::new() };
    ColumnSpec {
        name: name.to_owned(),
        foreign: None,
        value,
        request: quantiser.bound(),
        quantiser,
        unit: None,
        axis,
        inputs: Vec::new(),
        predictor: None,
        net: None,
    }
}

fn layer(random: &mut Random, inputs: usize, units: usize, bias: impl Fn(&mut Random, usize) -> i64) -> Layer {
    Layer {
        inputs: inputs as u32,
        weights: (0..inputs * units).map(|_| random.around(400) as i16).collect(),
        bias: (0..units).map(|unit| (bias(random, unit) << 10) as i32).collect(),
        shift: vec![10; units],
    }
}

/// A network whose outputs are mostly within their limits.
pub fn net(random: &mut Random, inputs: usize, hidden: &[usize], components: usize) -> Net {
    let mut width = inputs;
    let mut layers = Vec::new();
    for &units in hidden {
        layers.push(layer(random, width, units, |random, _| random.around(8000)));
        width = units;
    }
    let inputs = if hidden.is_empty() { inputs } else { width + inputs };
    let output = layer(random, inputs, 3 * components, |random, unit| match unit / components {
        0 => random.around(500),
        1 => random.around(1 << 17),
        _ => random.around(900),
    });
    Net { components: components as u8, hidden: layers, output }
}

/// A network of any weights and shifts, also to the left.
pub fn wild(random: &mut Random, inputs: usize, hidden: &[usize], components: usize) -> Net {
    let mut wild = net(random, inputs, hidden, components);
    for layer in wild.hidden.iter_mut().chain([&mut wild.output]) {
        layer.weights.iter_mut().for_each(|weight| *weight = random.bits() as i16);
        layer.bias.iter_mut().for_each(|bias| *bias = (random.bits() << 1) as i32);
        layer.shift.iter_mut().for_each(|shift| *shift = random.below(26) as i8 - 4);
    }
    wild
}

/// A column of each value type; each sees the one before.
pub fn types() -> Model {
    use ValueType::*;
    let unit = Lattice::Abs { bound: 0.01, step: 0.0195 };
    let dithered = Lattice::Dithered { bound: 0.01, step: 0.0095 };
    let around = |n: i64| axis(&[(-n, -600), (-n / 3, -100), (n / 7, 90), (n, 700)], 64);
    let wide = 1i64 << 49;
    let mut columns = vec![
        column("c_f32", F32, unit, around(900)),
        // bits 10 of 0.5 to 8 and of -8 to -0.5
        column(
            "c_f64",
            F64,
            Lattice::Bits(10),
            axis(&[(-1_050_700, -500), (-1_047_000, -20), (1_046_500, 20), (1_050_600, 640)], 64),
        ),
        // beyond the last knot a context would not fit 16 bits
        column("c_i8", I8, Lattice::Lossless, axis(&[(-100, -600), (-33, -100), (14, 90), (100, 2048)], 64)),
        // each stretch is one bin
        column("c_u8", U8, Lattice::Lossless, axis(&[(0, -300), (4, 0), (200, 500)], 1 << 18)),
        column("c_i16", I16, Lattice::Lossless, around(20_000)),
        column("c_u16", U16, Lattice::Lossless, axis(&[(7, -300), (30_000, 0), (65_536, 500)], 4096)),
        column("c_i32", I32, Lattice::Lossless, around(1 << 30)),
        column("c_u32", U32, Lattice::Lossless, axis(&[(0, -2048), (1 << 20, -1000), (1 << 32, 2048)], 64)),
        // bins of 2^46 and of 2^43 integers
        column("c_i64", I64, Lattice::Lossless, axis(&[(-wide, -900), (-12345, 0), (wide, 900)], 1 << 24)),
        column("c_u64", U64, Lattice::Lossless, axis(&[(5, -900), (1 << 51, 900)], 3000)),
        column("c_dither", F32, dithered, around(1700)),
        column("c_cut", F64, Lattice::Truncated(8), axis(&[(261_000, -400), (262_700, 600)], 64)),
    ];
    columns[0].quantiser.pins = vec![Pin { lattice: -40, bits: u64::from((-0.78125f32).to_bits()) }];
    columns[10].quantiser.pins = vec![Pin { lattice: 0, bits: 0 }];
    let mut random = Random(21);
    let shapes: [&[usize]; 12] =
        [&[], &[7], &[5, 9], &[], &[4, 4, 4, 4], &[3], &[8, 2], &[1], &[6], &[5, 5], &[12], &[4]];
    for (i, hidden) in shapes.into_iter().enumerate() {
        if i > 0 {
            columns[i].inputs.push(Input::Column(i as u32 - 1));
        }
        let inputs = columns[i].inputs.len();
        columns[i].net = Some(if i == 6 {
            wild(&mut random, inputs, hidden, 5)
        } else {
            net(&mut random, inputs, hidden, 1 + i % 8)
        });
    }
    if let Some(net) = &mut columns[4].net {
        // a shift to the left, and a bias whose shift is the largest
        (net.hidden[1].shift[0], net.hidden[1].bias[0]) = (-2, 300);
        net.hidden[1].weights[..4].copy_from_slice(&[1, -1, 2, 1]);
        (net.output.shift[0], net.output.bias[0]) = (30, i32::MIN);
    }
    if let Some(net) = &mut columns[5].net {
        // log2 weights whose difference overflows
        net.output.shift[..2].fill(0);
        net.output.bias[..2].copy_from_slice(&[0x7000_0000, -0x7000_0000]);
    }
    Model::new(&ModelSpec { jagged: false, columns, provenance: "golden: types".into() }).unwrap()
}

pub fn factor(column: u32, function: Function) -> Factor {
    Factor { column, minus: None, function }
}

pub fn term(coefficient: f64, factors: &[Factor]) -> Term {
    Term { coefficient, factors: factors.to_vec() }
}

pub fn sum(terms: Vec<Term>) -> Formula {
    Formula { terms, root: false }
}

/// Columns that formulas determine.
pub fn formulas() -> Model {
    use Function::*;
    use ValueType::*;
    let step = Lattice::Abs { bound: 0.001, step: 0.0019 };
    let around = |n: i64| axis(&[(-n, -600), (-n / 5, -100), (n / 4, 90), (n, 700)], 64);
    let mut angle = column("angle", F32, step, around(4000));
    angle.unit = Some(0.75);
    let size = column("size", F64, Lattice::Bits(12), axis(&[(0, -600), (4_190_000, 0), (4_204_000, 700)], 64));
    let whole = column("whole", I16, Lattice::Lossless, around(200));
    let difference = Factor { column: 0, minus: Some(2), function: Cos };
    let each = [Identity, Square, Cos, Sin, Sinh, Cosh, Abs, InverseRoot];
    let when = |column, above, limit| Condition { column, above, limit };
    let condition = |when: Vec<Condition>, formula| Case { when, formula };
    let cases = vec![
        condition(vec![when(2, true, 20.0), when(0, true, 0.5)], sum(vec![term(2.0, &[factor(0, Identity)])])),
        condition(vec![when(2, false, -30.0)], sum(vec![term(-0.5, &[]), term(0.25, &[factor(1, Abs)])])),
        condition(vec![when(2, true, 20.0)], Formula { terms: vec![term(1.0, &[factor(1, Square)])], root: true }),
    ];
    let root = Formula { terms: vec![term(1.5, &[factor(0, Square)]), term(-1.0, &[factor(2, Abs)])], root: true };
    let products = sum(vec![
        term(0.5, &[factor(1, Identity), difference, factor(0, Sinh)]),
        term(-1e-3, &[factor(2, Square)]),
        term(0.125, &[]),
    ]);
    let every =
        sum(each.iter().map(|&f| term(0.1, &[factor(if f == Sinh || f == Cosh { 0 } else { 1 }, f)])).collect());
    let large = sum(vec![term(1e3, &[factor(2, Identity), factor(0, Cosh)])]);
    let bits = axis(&[(-4_300, -500), (-4_100, -20), (4_000, 20), (4_300, 640)], 64);
    let mut columns = vec![angle, size, whole];
    let targets = [
        (column("every", F32, step, around(5000)), Predictor::always(every)),
        (column("products", F64, step, around(20_000)), Predictor::always(products)),
        (column("root", F32, Lattice::Truncated(5), bits), Predictor::always(root)),
        (column("cases", F32, step, around(8000)), Predictor { cases }),
        (column("large", I16, Lattice::Lossless, around(30_000)), Predictor::always(large)),
    ];
    let mut random = Random(22);
    for (i, (mut column, predictor)) in targets.into_iter().enumerate() {
        column.predictor = Some(predictor);
        column.inputs = vec![Input::Predicted, Input::Column(2), Input::Predicted];
        let hidden: &[usize] = if i % 2 == 0 { &[6, 5] } else { &[] };
        column.net = Some(net(&mut random, 3, hidden, 2));
        columns.push(column);
    }
    Model::new(&ModelSpec { jagged: false, columns, provenance: "golden: formulas".into() }).unwrap()
}

/// Elements that see those before them.
pub fn waves() -> Model {
    use ValueType::*;
    let step = Lattice::Abs { bound: 0.01, step: 0.0195 };
    let dithered = Lattice::Dithered { bound: 0.02, step: 0.019 };
    let around = |n: i64| axis(&[(-n, -600), (-n / 5, -100), (n / 4, 90), (n, 700)], 64);
    let mut columns = vec![
        column("first", F32, step, around(900)),
        column("before", F32, step, around(900)),
        column("own", F64, dithered, around(850)),
        column("place", U8, Lattice::Lossless, axis(&[(0, -300), (3, 0), (200, 500)], 64)),
    ];
    columns[1].inputs = vec![Input::Column(0), Input::Previous(0)];
    columns[2].inputs =
        vec![Input::Previous(2), Input::Column(0), Input::Previous(1), Input::Position, Input::Count, Input::Column(1)];
    columns[3].inputs = vec![Input::Position, Input::Count];
    let mut random = Random(23);
    for (column, hidden) in columns.iter_mut().skip(1).zip([&[6][..], &[9, 5], &[]]) {
        column.net = Some(net(&mut random, column.inputs.len(), hidden, 3));
    }
    Model::new(&ModelSpec { jagged: true, columns, provenance: "golden: waves".into() }).unwrap()
}

/// Elements that see those of another branch.
pub fn foreign() -> Model {
    use ValueType::*;
    let step = Lattice::Abs { bound: 0.01, step: 0.0195 };
    let around = |n: i64| axis(&[(-n, -600), (-n / 5, -100), (n / 4, 90), (n, 700)], 64);
    let mut columns = vec![
        column("Jet_genIdx", I32, Lattice::Lossless, axis(&[(-1, -200), (0, 0), (8, 300)], 64)),
        column("Gen_pt@Jet_genIdx", F32, step, around(900)),
        column("Gen_id@Jet_genIdx", I8, Lattice::Lossless, around(100)),
        column("Jet_pt", F32, step, around(900)),
        column("Jet_id", I8, Lattice::Lossless, around(100)),
    ];
    columns[1].foreign = Some(Foreign { branch: "Gen_pt".into(), index: 0 });
    columns[2].foreign = Some(Foreign { branch: "Gen_id".into(), index: 0 });
    columns[3].inputs =
        vec![Input::Predicted, Input::Column(1), Input::Present(1), Input::Column(0), Input::Previous(1)];
    let when = vec![Condition { column: 2, above: true, limit: 50.0 }];
    let chosen = sum(vec![term(1.25, &[factor(1, Function::Identity)]), term(0.5, &[])]);
    let cases = vec![
        Case { when, formula: chosen },
        Case { when: Vec::new(), formula: sum(vec![term(0.75, &[factor(0, Function::Identity)]), term(2.0, &[])]) },
    ];
    columns[3].predictor = Some(Predictor { cases });
    columns[4].inputs =
        vec![Input::Column(2), Input::Present(2), Input::Previous(4), Input::Previous(2), Input::Column(3)];
    let mut random = Random(24);
    columns[3].net = Some(net(&mut random, 5, &[8], 2));
    columns[4].net = Some(net(&mut random, 5, &[], 4));
    Model::new(&ModelSpec { jagged: true, columns, provenance: "golden: foreign".into() }).unwrap()
}

/// Columns without inputs, of which one has many raw bits.
pub fn lanes() -> Model {
    let mut columns = vec![
        column("fine", ValueType::U16, Lattice::Lossless, axis(&[(0, -1000), (65_536, 1000)], 1 << 11)),
        column("coarse", ValueType::I8, Lattice::Lossless, axis(&[(-8, -400), (8, 400)], 1)),
    ];
    let mut random = Random(25);
    columns.iter_mut().for_each(|column| column.net = Some(net(&mut random, 0, &[], 2)));
    Model::new(&ModelSpec { jagged: false, columns, provenance: "golden: lanes".into() }).unwrap()
}

/// As small as can be, for the document.
pub fn example() -> Model {
    let mut small = column("n", ValueType::U8, Lattice::Lossless, axis(&[(0, -256), (2, 128), (6, 512)], 50_000));
    // log2 weight 0, mean 1/2 of a score, scale 1
    let output = Layer { inputs: 0, weights: Vec::new(), bias: vec![0, 16384, 0], shift: vec![0; 3] };
    small.net = Some(Net { components: 1, hidden: Vec::new(), output });
    Model::new(&ModelSpec { jagged: false, columns: vec![small], provenance: "example".into() }).unwrap()
}
