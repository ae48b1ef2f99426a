//! The bound holds for every value, whatever the values, the bound and the way of coding.

mod common;

use common::{adversarial, assert_held, random_net_model};
use proptest::prelude::*;
use rootbaler::block::{self, Block};
use rootbaler::bound::Bound;
use rootbaler::column::Column;
use rootbaler::conditional::Contexts;
use rootbaler::float::{Float, values_from_be, values_to_be};
use rootbaler::quantiser::Quantiser;

fn column_round_trip<F: Float + std::fmt::Debug>(values: &[F], bound: Bound, level: u8) {
    let quantiser = Quantiser::of(bound).unwrap();
    let column = Column { float: F::TYPE, quantiser };
    let raw = values_to_be(values);
    let Some(bytes) = block::encode_column(&column, level, &raw).unwrap() else { return };
    assert!(bytes.len() < raw.len());
    let parsed = Block::parse(&bytes).unwrap();
    let mut back = vec![0; parsed.raw_len];
    parsed.decode(None, Contexts::default(), &mut back).unwrap();
    assert_held(values, &values_from_be(&back), bound);
}

fn model_round_trip<F: Float + std::fmt::Debug>(first: &[F], second: &[F], bound: Bound, seed: u64) {
    let model = random_net_model(first, second, bound, seed);
    let rows = second.len();
    let contexts = model.columns()[0].contexts(first);
    let known = rows / 2;
    let raw = values_to_be(second);
    let columns = [&contexts[..known]];
    let given = Contexts { columns: &columns, rows: known };
    let Some(bytes) = block::encode_model(&model, 1, false, 5, given, &raw).unwrap() else { return };
    // the reader has only reconstructed values of the first column
    let mut decoded = first.to_vec();
    let quantiser = &model.columns()[0].spec.quantiser;
    decoded.copy_from_slice(&quantiser.quantise(first).decoded);
    let contexts = model.columns()[0].contexts(&decoded);
    let columns = [&contexts[..]];
    let parsed = Block::parse(&bytes).unwrap();
    let mut back = vec![0; parsed.raw_len];
    parsed.decode(Some(&model), Contexts { columns: &columns, rows }, &mut back).unwrap();
    assert_held(second, &values_from_be(&back), model.columns()[1].spec.quantiser.bound());
}

fn bounds() -> impl Strategy<Value = Bound> {
    prop_oneof![
        Just(Bound::Lossless),
        (-300.0..300.0f64).prop_map(|e| Bound::Abs(10f64.powf(e))),
        (-6.0..3.0f64).prop_map(|e| Bound::Abs(10f64.powf(e))),
        (0u8..=52).prop_map(Bound::Bits),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn f32_columns(values in adversarial::<f32>(), bound in bounds(), level in 1u8..=9) {
        column_round_trip(&values, bound, level);
    }

    #[test]
    fn f64_columns(values in adversarial::<f64>(), bound in bounds(), level in 1u8..=9) {
        column_round_trip(&values, bound, level);
    }

    #[test]
    fn reconstruction_is_idempotent(values in adversarial::<f32>(), bound in bounds()) {
        let quantiser = Quantiser::of(bound).unwrap();
        let once = quantiser.quantise(&values).decoded;
        let twice = quantiser.quantise(&once).decoded;
        for (a, b) in once.iter().zip(&twice) {
            prop_assert_eq!(a.to_bits(), b.to_bits());
        }
    }

    #[test]
    fn f32_models(a in adversarial::<f32>(), b in adversarial::<f32>(), bound in bounds(), seed in any::<u64>()) {
        let n = a.len().min(b.len());
        model_round_trip(&a[..n], &b[..n], bound, seed);
    }

    #[test]
    fn f64_models(a in adversarial::<f64>(), b in adversarial::<f64>(), bound in bounds(), seed in any::<u64>()) {
        let n = a.len().min(b.len());
        model_round_trip(&a[..n], &b[..n], bound, seed);
    }

    #[test]
    fn hostile_blocks_do_no_harm(
        values in adversarial::<f32>(), seed in any::<u64>(), flips in prop::collection::vec((any::<u32>(), any::<u8>()), 1..6), cut in any::<u32>()
    ) {
        let n = values.len();
        let model = random_net_model(&values, &values, Bound::Abs(0.01), seed);
        let contexts = model.columns()[0].contexts(&values);
        let columns = [&contexts[..]];
        let raw = values_to_be(&values);
        let column = Column { float: f32::TYPE, quantiser: Quantiser::of(Bound::Abs(0.01)).unwrap() };
        let given = Contexts { columns: &columns, rows: n };
        let blocks = [block::encode_model(&model, 1, false, 5, given, &raw), block::encode_column(&column, 5, &raw), block::encode_bytes(5, &raw)];
        for bytes in blocks.into_iter().filter_map(|b| b.unwrap()) {
            let mut bad = bytes.clone();
            for &(at, x) in &flips {
                let at = at as usize % bad.len();
                bad[at] ^= x;
            }
            bad.truncate(1 + cut as usize % bad.len());
            let Ok(parsed) = Block::parse(&bad) else { continue };
            let mut back = vec![0; parsed.raw_len];
            let mut good = vec![0; raw.len()];
            if parsed.decode(Some(&model), given, &mut back).is_ok() {
                // a flip that does no harm must do no harm
                Block::parse(&bytes).unwrap().decode(Some(&model), given, &mut good).unwrap();
                prop_assert_eq!(back, good);
            }
        }
    }
}

#[test]
fn repeated_values_come_back_exactly() {
    use rootbaler::builder;
    use rootbaler::sample::{Sample, Values};
    let values: Vec<f32> = (0..4000)
        .map(|i| match i % 5 {
            0 => -999.0,
            1 => 0.0,
            2 => 1.0,
            _ => (i as f32 * 0.37).sin() * 12.3,
        })
        .collect();
    let mut sample = Sample { rows: values.len(), columns: vec![] };
    sample.add("x", Bound::Abs(0.037), Values::F32(values.clone())).unwrap();
    let spec = builder::build(&sample, "test");
    let decoded = spec.columns[0].quantiser.quantise(&values).decoded;
    assert_held(&values, &decoded, Bound::Abs(0.037));
    for (x, y) in values.iter().zip(&decoded).filter(|(x, _)| [-999.0, 0.0, 1.0].contains(*x)) {
        assert_eq!(x.to_bits(), y.to_bits());
    }
}
