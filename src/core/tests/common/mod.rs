//! What several tests need: nasty values, the check of the bound, models with random networks.
#![allow(dead_code)] // each test uses a part

use proptest::prelude::*;
use rootbaler::bound::Bound;
use rootbaler::builder;
use rootbaler::float::{Float, FloatType};
use rootbaler::model::Model;
use rootbaler::net::{Layer, Net};
use rootbaler::sample::{Sample, Values};

/// Columns that mix smooth numbers, repeated values and every kind of special bit pattern.
pub fn adversarial<F: Float + std::fmt::Debug>() -> impl Strategy<Value = Vec<F>> {
    let special = prop_oneof![
        Just(0.0),
        Just(-0.0),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
        Just(f64::NAN),
        Just(1e-310),
        Just(-1e-42),
        Just(f64::MAX),
        Just(f64::from(f32::MAX)),
        Just(-999.0),
        Just(1.0),
        Just(f64::from(f32::MIN_POSITIVE)),
        Just(16777216.0),
        Just(0.1),
    ];
    let value = prop_oneof![
        6 => (-10.0..10.0f64).prop_map(|x| F::from_f64(x).bits()),
        2 => special.prop_map(|x| F::from_f64(x).bits()),
        1 => any::<u64>(),
        1 => (-1e6..1e6f64).prop_map(|x| F::from_f64(x).bits()),
    ];
    prop::collection::vec(value.prop_map(F::from_bits64), 1..300)
}

/// Every value within the bound; NaN, infinities and -0.0 bit-exact.
pub fn assert_held<F: Float + std::fmt::Debug>(original: &[F], decoded: &[F], bound: Bound) {
    assert_eq!(original.len(), decoded.len());
    for (row, (x, y)) in original.iter().zip(decoded).enumerate() {
        assert!(
            bound.holds(x.to_f64(), x.bits(), y.to_f64(), y.bits()),
            "row {row}: {x:?} became {y:?}, bound {bound}"
        );
    }
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
    pub fn net(&mut self, parents: usize) -> Net {
        let (a, b) = (1 + self.next() as usize % 40, 1 + self.next() as usize % 20);
        let components = 1 + self.next() as usize % 8;
        Net {
            components: components as u8,
            hidden: vec![self.layer(parents, a), self.layer(a, b)],
            output: self.layer(b + parents, 3 * components),
        }
    }
}

fn values<F: Float>(v: &[F]) -> Values {
    match F::TYPE {
        FloatType::F32 => Values::F32(v.iter().map(|x| f32::from_bits(x.bits() as u32)).collect()),
        FloatType::F64 => Values::F64(v.iter().map(|x| f64::from_bits(x.bits())).collect()),
    }
}

/// Two columns, the second given the first by a random network (if the values allow an axis).
pub fn random_net_model<F: Float>(first: &[F], second: &[F], bound: Bound, seed: u64) -> Model {
    let mut sample = Sample { rows: first.len(), columns: vec![] };
    sample.add("first", bound, values(first)).unwrap();
    sample.add("second", bound, values(second)).unwrap();
    let mut spec = builder::build(&sample, "test");
    if spec.columns.iter().all(|c| c.axis.is_some()) {
        spec.columns[1].parents = vec![0];
        spec.columns[1].net = Some(Random(seed).net(1));
    }
    Model::new(&spec).unwrap()
}
