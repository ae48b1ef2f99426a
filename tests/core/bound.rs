//! The bound holds for every value, whatever the values, the bound and the way of coding.

mod common;

use common::adversarial::adversarial;
use common::{assert_held, counts_of, offsets, random_net_model};
use proptest::prelude::*;
use rootbaler::coder::waves::Contexts;
use rootbaler::format::block::{self, Block};
use rootbaler::format::streams::{Layout, Stream};
use rootbaler::model::Model;
use rootbaler::model::builder;
use rootbaler::model::sample::Sample;
use rootbaler::values::bound::Bound;
use rootbaler::values::quantiser::Quantiser;
use rootbaler::values::value::{Value, values_from_be, values_to_be};

fn layout<V: Value>(bound: Bound) -> Layout {
    let bound = if V::TYPE.is_float() { bound } else { Bound::Lossless };
    Layout::of_column(V::TYPE, Quantiser::of(bound).unwrap())
}

fn decode(bytes: &[u8], model: Option<&Model>, contexts: Contexts) -> Vec<u8> {
    let parsed = Block::parse(bytes).unwrap();
    assert_eq!(parsed.len, bytes.len());
    let mut back = vec![0; parsed.raw_len];
    parsed.decode(model, contexts, &mut back, None).unwrap();
    back
}

fn column_round_trip<V: Value + std::fmt::Debug>(values: &[V], bound: Bound, level: u8) {
    let layout = layout::<V>(bound);
    let raw = values_to_be(values);
    let Some(block) = block::encode_layout(&layout, None, level, &raw, raw.len()).unwrap() else { return };
    let bytes = block.bytes;
    assert!(bytes.len() < raw.len());
    let back = decode(&bytes, None, Contexts::default());
    assert_held(values, &values_from_be(&back), layout.streams[0].quantiser.bound());
}

fn model_round_trip<V: Value + std::fmt::Debug>(first: &[V], second: &[V], bound: Bound, jagged: bool, seed: u64) {
    let rows = second.len();
    let counts = counts_of(rows, seed);
    let counts = jagged.then_some(&counts[..]);
    let model = random_net_model(first, second, counts, bound, seed);
    let tail = counts.map_or(Vec::new(), |c| offsets(c, size_of::<V>()));
    let contexts = model.columns()[0].context(first);
    let known = rows / 2;
    let data = values_to_be(second);
    let data_len = data.len();
    let raw = [data, tail.clone()].concat();
    let columns = [contexts.view().rows(0..known)];
    let given = if model.columns()[1].parents.is_empty() { &[][..] } else { &columns[..] };
    let given = Contexts { columns: given, rows: known, counts };
    let Some(block) = block::encode_model(&model, 1, false, 5, given, &raw, data_len).unwrap().block else {
        return;
    };
    // the reader has only reconstructed values of the first column
    let decoded = model.columns()[0].spec.quantiser.quantise(first).decoded;
    let contexts = model.columns()[0].context(&decoded);
    let columns = [contexts.view()];
    let given = if model.columns()[1].parents.is_empty() { &[][..] } else { &columns[..] };
    let back = decode(&block.bytes, Some(&model), Contexts { columns: given, rows, counts });
    let (values, back_tail) = back.split_at(data_len);
    assert_eq!(back_tail, tail);
    assert_held(second, &values_from_be(values), model.columns()[1].spec.quantiser.bound());
}

fn bounds() -> impl Strategy<Value = Bound> {
    prop_oneof![
        Just(Bound::Lossless),
        (-300.0..300.0f64).prop_map(|e| Bound::Abs(10f64.powf(e))),
        (-6.0..3.0f64).prop_map(|e| Bound::Abs(10f64.powf(e))),
        (-6.0..3.0f64).prop_map(|e| Bound::AbsDither(10f64.powf(e))),
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
    fn integer_columns(values in adversarial::<u64>(), bound in bounds(), level in 1u8..=9) {
        column_round_trip(&values, bound, level);
        column_round_trip(&values.iter().map(|&v| v as i64).collect::<Vec<_>>(), bound, level);
        column_round_trip(&values.iter().map(|&v| v as i32).collect::<Vec<_>>(), bound, level);
        column_round_trip(&values.iter().map(|&v| v as u16).collect::<Vec<_>>(), bound, level);
        column_round_trip(&values.iter().map(|&v| v as i8).collect::<Vec<_>>(), bound, level);
        column_round_trip(&values.iter().map(|&v| (v & 1) as u8).collect::<Vec<_>>(), bound, level);
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
    fn f32_models(
        a in adversarial::<f32>(), b in adversarial::<f32>(),
        bound in bounds(), jagged in any::<bool>(), seed in any::<u64>()
    ) {
        let n = a.len().min(b.len());
        model_round_trip(&a[..n], &b[..n], bound, jagged, seed);
    }

    #[test]
    fn f64_models(
        a in adversarial::<f64>(), b in adversarial::<f64>(),
        bound in bounds(), jagged in any::<bool>(), seed in any::<u64>()
    ) {
        let n = a.len().min(b.len());
        model_round_trip(&a[..n], &b[..n], bound, jagged, seed);
    }

    #[test]
    fn integer_models(
        a in adversarial::<i32>(), b in adversarial::<i32>(), jagged in any::<bool>(), seed in any::<u64>()
    ) {
        let n = a.len().min(b.len());
        model_round_trip(&a[..n], &b[..n], Bound::Lossless, jagged, seed);
    }

    #[test]
    fn leaf_lists(a in adversarial::<f32>(), b in adversarial::<f64>(), c in adversarial::<u8>(), bound in bounds()) {
        // leaves F[2], D, b in each row
        let rows = (a.len() / 2).min(b.len()).min(c.len());
        let stream = |value, bound, offset, count| {
            Stream { value, quantiser: Quantiser::of(bound).unwrap(), offset, count }
        };
        let layout = Layout { row_size: 17, streams: vec![
            stream(f32::TYPE, bound, 0, 2), stream(f64::TYPE, Bound::Lossless, 8, 1),
            stream(u8::TYPE, Bound::Lossless, 16, 1),
        ] };
        let raw: Vec<u8> = (0..rows).flat_map(|r| {
            [values_to_be(&a[2 * r..2 * r + 2]), values_to_be(&b[r..=r]), values_to_be(&c[r..=r])].concat()
        }).collect();
        if let Some(block) = block::encode_layout(&layout, None, 5, &raw, raw.len()).unwrap() {
            let bytes = block.bytes;
            let back = decode(&bytes, None, Contexts::default());
            for (x, y) in raw.chunks(17).zip(back.chunks(17)) {
                assert_held::<f32>(&values_from_be(&x[..8]), &values_from_be(&y[..8]), bound);
                prop_assert_eq!(&x[8..], &y[8..]);
            }
        }
    }

    #[test]
    fn hostile_blocks_do_no_harm(
        values in adversarial::<f32>(), jagged in any::<bool>(), seed in any::<u64>(),
        flips in prop::collection::vec((any::<u32>(), any::<u8>()), 1..6), cut in any::<u32>()
    ) {
        let n = values.len();
        let counts = counts_of(n, seed);
        let counts = jagged.then_some(&counts[..]);
        let model = random_net_model(&values, &values, counts, Bound::Abs(0.01), seed);
        let contexts = model.columns()[0].context(&values);
        let columns = [contexts.view()];
        let parents = if model.columns()[1].parents.is_empty() { &[][..] } else { &columns[..] };
        let given = Contexts { columns: parents, rows: n, counts };
        let mut raw = values_to_be(&values);
        let data_len = raw.len();
        raw.extend(counts.map_or(Vec::new(), |c| offsets(c, 4)));
        let layout = layout::<f32>(Bound::Abs(0.01));
        let blocks = [
            block::encode_model(&model, 1, false, 5, given, &raw, data_len).map(|coded| coded.block),
            block::encode_layout(&layout, None, 5, &raw, data_len),
            block::encode_layout(&layout, counts, 5, &raw, data_len),
            block::encode_bytes(5, &raw),
        ];
        for bytes in blocks.into_iter().filter_map(|b| b.unwrap()).map(|block| block.bytes) {
            let mut bad = bytes.clone();
            for &(at, x) in &flips {
                let at = at as usize % bad.len();
                bad[at] ^= x;
            }
            bad.truncate(1 + cut as usize % bad.len());
            let Ok(parsed) = Block::parse(&bad) else { continue };
            let mut back = vec![0; parsed.raw_len];
            if parsed.decode(Some(&model), given, &mut back, None).is_ok() {
                // a flip that goes unnoticed must do no harm
                prop_assert_eq!(back, decode(&bytes, Some(&model), given));
            }
        }
    }
}

#[test]
fn repeated_values_come_back_exactly() {
    let values: Vec<f32> = (0..4000)
        .map(|i| match i % 5 {
            0 => -999.0,
            1 => 0.0,
            2 => 1.0,
            _ => (i as f32 * 0.37).sin() * 12.3,
        })
        .collect();
    for bound in [Bound::Abs(0.037), Bound::AbsDither(0.037)] {
        let mut sample = Sample::scalar(values.len());
        sample.add("x", bound, &values).unwrap();
        let spec = builder::build(&sample, &[], "test");
        let decoded = spec.columns[0].quantiser.quantise(&values).decoded;
        assert_held(&values, &decoded, bound);
        for (x, y) in values.iter().zip(&decoded).filter(|(x, _)| [-999.0, 0.0, 1.0].contains(*x)) {
            assert_eq!(x.to_bits(), y.to_bits());
        }
    }
}

#[test]
fn zeros_keep_their_sign() {
    // of either sign more often, so that its value is pinned
    for often in [0.0f32, -0.0] {
        let values: Vec<f32> = (0..4000)
            .map(|i| if i % 7 == 0 { i as f32 } else { often * [1.0, -1.0][usize::from(i % 5 == 0)] })
            .collect();
        for bound in [Bound::Abs(0.037), Bound::AbsDither(0.037), Bound::AbsDither(1e-146), Bound::Bits(5)] {
            let mut sample = Sample::scalar(values.len());
            sample.add("x", bound, &values).unwrap();
            let made = builder::build(&sample, &[], "test").columns[0].quantiser.clone();
            for quantiser in [made, Quantiser::of(bound).unwrap()] {
                let decoded = quantiser.quantise(&values).decoded;
                assert_held(&values, &decoded, bound);
                let zeros = values.iter().zip(&decoded).filter(|(x, y)| **x == 0.0 && **y == 0.0);
                zeros.for_each(|(x, y)| assert_eq!(x.to_bits(), y.to_bits(), "{quantiser:?}"));
            }
        }
    }
}

#[test]
fn dithered_values_fill_their_cells_and_are_the_same_context_in_any_row() {
    let values: Vec<f32> = (0..20_000).map(|i| (i as f32 * 0.37).sin() * 12.3).collect();
    let bound = Bound::AbsDither(0.1);
    let mut sample = Sample::scalar(values.len());
    sample.add("x", bound, &values).unwrap();
    let quantiser = builder::build(&sample, &[], "test").columns[0].quantiser.clone();
    let decoded = quantiser.quantise(&values).decoded;
    assert_held(&values, &decoded, bound);
    // a reader may begin anywhere, and the writer has the original values
    for first in [0, 1, 777] {
        assert_eq!(quantiser.nearest(&values)[first..], quantiser.nearest(&decoded[first..]));
        let again = quantiser.quantise(&decoded[first..]).decoded;
        assert_eq!(quantiser.nearest(&values)[first..], quantiser.nearest(&again));
    }
    // positions in the cells are flat: tenths of 20 000 values within five statistical errors of 2 000
    let mut tenths = [0i32; 10];
    for y in &decoded {
        let place = f64::from(*y) / 0.1;
        tenths[((place - place.round() + 0.5) * 10.0).clamp(0.0, 9.0) as usize] += 1;
    }
    assert!(tenths.iter().all(|n| (n - 2000).abs() < 5 * 45), "{tenths:?}");
}

#[test]
fn only_pins_that_pay() {
    // as in tables of pairs: each value several times, none at the expense of its neighbours
    let values: Vec<f32> = (0..4000).map(|i| ((i / 8) as f32 * 0.37).sin() * 12.3).collect();
    let quantiser = quantiser_of(Bound::Abs(0.05), &values);
    assert!(quantiser.pins.is_empty());
    assert!(quantiser.quantise(&values).exceptions.is_empty());
    // an integer is likely to be compared with
    let mut with_sentinel = values.clone();
    (0..4000).step_by(100).for_each(|i| with_sentinel[i] = -999.0);
    let quantiser = quantiser_of(Bound::Abs(0.05), &with_sentinel);
    let quantised = quantiser.quantise(&with_sentinel);
    assert!(quantiser.pins.len() == 1 && quantised.exceptions.is_empty() && quantised.decoded[0] == -999.0);
    assert_held(&with_sentinel, &quantised.decoded, Bound::Abs(0.05));
}

#[test]
fn far_sentinels_come_back_and_do_not_spoil_their_column() {
    let plain: Vec<f32> = (0..20_000).map(|i| (i as f32 * 0.37).sin() * 12.3).collect();
    for sentinels in [&[9.9e9f32][..], &[1e30], &[-99999.0], &[1e30, -99999.0]] {
        for share in [1000, 300, 10, 2] {
            let mut values = plain.clone();
            let rows = (0..values.len()).step_by(share);
            rows.for_each(|i| values[i] = sentinels[i / share % sentinels.len()]);
            for (bound, allowed) in
                [(Bound::Abs(0.01), 0.01), (Bound::RelSigma(1e-3), 0.01), (Bound::AbsDither(0.01), 0.01)]
            {
                let quantiser = quantiser_of(bound, &values);
                let quantised = quantiser.quantise(&values);
                let what = format!("{sentinels:?}, one in {share}, {bound}: {quantiser:?}");
                assert!(quantised.exceptions.is_empty(), "{what}");
                assert_held(&values, &quantised.decoded, Bound::Abs(allowed));
                for (x, y) in values.iter().zip(&quantised.decoded).filter(|(x, _)| sentinels.contains(x)) {
                    assert_eq!(x.to_bits(), y.to_bits(), "{what}");
                }
                // as many points as without sentinels
                let points = quantiser.nearest(&plain);
                let range = points.iter().max().unwrap() - points.iter().min().unwrap();
                assert!((1000..6000).contains(&range), "{range} lattice points: {what}");
            }
        }
    }
}

#[test]
fn values_on_a_grid_stay_exact() {
    let values: Vec<f32> = (0..4000).map(|i| ((i as f32 * 0.37).sin() * 200.0).round() / 4.0).collect();
    let quantiser = quantiser_of(Bound::Abs(0.01), &values);
    let quantised = quantiser.quantise(&values);
    assert!(quantised.decoded == values);
    let (least, most) = (quantised.lattice.iter().min().unwrap(), quantised.lattice.iter().max().unwrap());
    assert_eq!(most - least, 400, "no lattice points between those of the grid");
}

#[test]
fn short_columns_need_little_beside_their_numbers() {
    let values: Vec<f32> = (0..1000).map(|i| ((i * i) as f32 * 0.37).sin() * 12.3).collect();
    let layout = layout::<f32>(Bound::Abs(0.05));
    let raw = values_to_be(&values);
    let bytes = block::encode_layout(&layout, None, 5, &raw, raw.len()).unwrap().unwrap().bytes;
    let lattice = layout.streams[0].quantiser.nearest(&values);
    let peer = pco::standalone::simple_compress(&lattice, &pco::ChunkConfig::default()).unwrap();
    assert!(bytes.len() < peer.len(), "{} bytes, pcodec alone {}", bytes.len(), peer.len());
    // all values the same: headers and one number
    let raw = values_to_be(&[1.25f32; 1000]);
    let bytes = block::encode_layout(&layout, None, 5, &raw, raw.len()).unwrap().unwrap().bytes;
    assert!(bytes.len() < 32);
    assert_held(&[1.25f32; 1000], &values_from_be(&decode(&bytes, None, Contexts::default())), Bound::Abs(0.05));
}

fn quantiser_of(bound: Bound, values: &[f32]) -> Quantiser {
    let mut sample = Sample::scalar(values.len());
    sample.add("x", bound, values).unwrap();
    builder::build(&sample, &[], "test").columns[0].quantiser.clone()
}

#[test]
fn truncated_values_are_found_and_lossless() {
    let mut values: Vec<f32> = (0..4000).map(|i| f32::from_bits((i as f32 * 0.37).sin().to_bits() & !0x1fff)).collect();
    values[17] = 0.1; // one that was not truncated
    let mut sample = Sample::scalar(values.len());
    sample.add("x", Bound::Lossless, &values).unwrap();
    let quantiser = &builder::build(&sample, &[], "test").columns[0].quantiser;
    assert_eq!(quantiser.lattice, rootbaler::values::quantiser::Lattice::Truncated(10));
    assert_held(&values, &quantiser.quantise(&values).decoded, Bound::Lossless);
}

/// Each sign often enough for a pin, or too seldom.
#[test]
fn zeros_keep_their_sign_however_often() {
    fn check<V: Value + std::fmt::Debug>(bound: Bound, share: [usize; 2]) {
        let value = |i: usize| match i % 1000 {
            k if k < share[0] => 0.0,
            k if k < share[0] + share[1] => -0.0,
            _ => (i as f64 * 0.7).sin(),
        };
        let values: Vec<V> = (0..5000).map(|i| V::from_f64(value(i))).collect();
        let mut sample = Sample::scalar(values.len());
        sample.add("x", bound, &values).unwrap();
        let model = Model::new(&builder::build(&sample, &[], "test")).unwrap();
        let quantiser = &model.columns()[0].spec.quantiser;
        assert_held(&values, &quantiser.quantise(&values).decoded, quantiser.bound());
    }
    for share in [[250, 500], [500, 250], [0, 900], [900, 0], [1, 1], [1, 500], [500, 1]] {
        for bound in [
            Bound::Abs(0.01),
            Bound::Abs(2.0),
            Bound::AbsDither(0.01),
            Bound::Bits(4),
            Bound::RelSigma(1e-3),
            Bound::RelSigmaDither(0.1),
        ] {
            check::<f32>(bound, share);
            check::<f64>(bound, share);
        }
    }
}

/// An often repeated value near zero is pinned to no zero's place.
#[test]
fn zeros_stay_zeros_beside_others() {
    let values: Vec<f32> = (0..4000)
        .map(|i| {
            if i % 2 == 0 {
                1e-4
            } else if i % 4 == 1 {
                0.0
            } else {
                (i as f32).sin()
            }
        })
        .collect();
    let mut sample = Sample::scalar(values.len());
    sample.add("x", Bound::Abs(0.01), &values).unwrap();
    let model = Model::new(&builder::build(&sample, &[], "test")).unwrap();
    let quantiser = &model.columns()[0].spec.quantiser;
    assert_held(&values, &quantiser.quantise(&values).decoded, quantiser.bound());
}

/// The sample has a sigma of about 0.7; all values, it says, one of 100.
#[test]
fn sigma_is_that_of_all_values() {
    let values: Vec<f64> = (0..1000).map(|i| f64::from(i).sin()).collect();
    let bound = |sigma| {
        let mut sample = Sample::scalar(values.len());
        sample.add("x", Bound::RelSigma(1e-3), &values).unwrap();
        sample.columns[0].sigma = sigma;
        builder::build(&sample, &[], "test").columns[0].quantiser.bound()
    };
    let Bound::Abs(own) = bound(None) else { panic!("no bound") };
    assert!((0.7e-3..0.71e-3).contains(&own), "{own}");
    for sigma in [1.0, 2.0, 1.0 / 3.0, 100.0, 1e-3] {
        let Bound::Abs(given) = bound(Some(sigma)) else { panic!("no bound") };
        assert!(given <= 1e-3 * sigma && given > 0.9999e-3 * sigma, "{given} of {sigma}");
    }
    assert_eq!(bound(Some(0.0)), Bound::Lossless);
    assert_eq!(bound(Some(f64::INFINITY)), Bound::Lossless);
}
