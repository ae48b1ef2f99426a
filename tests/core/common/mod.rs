//! What several tests need: nasty values, the check of the bound, models with random networks.
#![allow(dead_code)] // each test uses a part

#[cfg(not(fuzzing))] // fuzzers have other sources of values
pub mod adversarial;
pub mod groups;
pub mod table;

use rootbaler::inference::functions::Function;
use rootbaler::inference::net::{Layer, Net};
use rootbaler::model::builder;
use rootbaler::model::predictor::{Case, Condition, Factor, Formula, Predictor, Term};
use rootbaler::model::sample::Sample;
use rootbaler::model::{Input, Model};
use rootbaler::values::bound::Bound;
use rootbaler::values::value::{Value, values_to_be};

/// Every value within the bound; NaN, infinities and zeros bit-exact.
pub fn assert_held<V: Value + std::fmt::Debug>(original: &[V], decoded: &[V], bound: Bound) {
    assert_eq!(original.len(), decoded.len());
    for (row, (x, y)) in original.iter().zip(decoded).enumerate() {
        assert!(x.to_f64() != 0.0 || x.bits() == y.bits(), "row {row}: {x:?} became {y:?}");
        assert!(
            bound.holds(x.to_f64(), x.bits(), y.to_f64(), y.bits()),
            "row {row}: {x:?} became {y:?}, bound {bound}"
        );
    }
}

/// Entry offsets as ROOT appends them.
pub fn offsets(counts: &[u32], size: usize) -> Vec<u8> {
    let mut words = vec![counts.len() as u32 + 1];
    let mut at = 77;
    for n in counts {
        words.push(at);
        at += n * size as u32;
    }
    words.push(0);
    values_to_be(&words)
}

/// Splits `rows` into entries of pseudo-random length.
pub fn counts_of(rows: usize, seed: u64) -> Vec<u32> {
    let mut random = Random(seed);
    let mut left = rows as u64;
    let mut counts = Vec::new();
    while left > 0 {
        let n = (random.next() % 7).min(left);
        counts.push(n as u32);
        left -= n;
    }
    counts
}

/// A small generator; the tests want variety, not quality.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        self.0 >> 33
    }

    pub fn layer(&mut self, inputs: usize, units: usize) -> Layer {
        Layer {
            inputs: inputs as u32,
            weights: (0..inputs * units).map(|_| self.next() as i16).collect(),
            bias: (0..units).map(|_| self.next() as i32).collect(),
            shift: (0..units).map(|_| (self.next() % 24) as i8).collect(),
        }
    }

    /// A network of random weights: any network must code correctly.
    pub fn net(&mut self, inputs: usize) -> Net {
        let (a, b) = (1 + self.next() as usize % 40, 1 + self.next() as usize % 20);
        let components = 1 + self.next() as usize % 8;
        Net {
            components: components as u8,
            hidden: vec![self.layer(inputs, a), self.layer(a, b)],
            output: self.layer(b + inputs, 3 * components),
        }
    }
}

/// Twice the first column where that is small, else the root of its square.
fn predictor() -> Predictor {
    let factor = |function| Factor { column: 0, minus: None, function };
    let term = |coefficient, factors| Term { coefficient, factors };
    let small = Condition { column: 0, above: false, limit: 1.5 };
    let twice = Formula { terms: vec![term(2.0, vec![factor(Function::Identity)])], root: false };
    let size = Formula { terms: vec![term(1.0, vec![factor(Function::Square)])], root: true };
    Predictor { cases: vec![Case { when: vec![small], formula: twice }, Case { when: Vec::new(), formula: size }] }
}

/// Two columns, the second given the first by a random network (if the values allow an axis). With `counts` the group
/// is jagged, and the network also sees the elements before it, the place and the count.
pub fn random_net_model<V: Value>(first: &[V], second: &[V], counts: Option<&[u32]>, bound: Bound, seed: u64) -> Model {
    let mut sample = match counts {
        Some(counts) => Sample::jagged(counts),
        None => Sample::scalar(first.len()),
    };
    sample.add("first", bound, first).unwrap();
    sample.add("second", bound, second).unwrap();
    let mut spec = builder::build(&sample, &[], "test");
    if spec.columns.iter().all(|c| c.axis.is_some()) {
        spec.columns[1].inputs = match counts {
            Some(_) => vec![Input::Column(0), Input::Previous(0), Input::Previous(1), Input::Position, Input::Count],
            None => vec![Input::Column(0)],
        };
        spec.columns[0].unit = Some(0.5);
        spec.columns[1].predictor = Some(predictor());
        spec.columns[1].inputs.push(Input::Predicted);
        spec.columns[1].net = Some(Random(seed).net(spec.columns[1].inputs.len()));
    }
    Model::new(&spec).unwrap()
}
