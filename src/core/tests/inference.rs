//! Inference gives the same bits with and without SIMD.

mod common;

use common::{Random, assert_held, random_net_model};
use rootbaler::block::{self, Block};
use rootbaler::bound::Bound;
use rootbaler::inputs::Contexts;
use rootbaler::kernel::portable;
use rootbaler::mixture;
use rootbaler::value::{values_from_be, values_to_be};

#[test]
fn vector_and_scalar_inference_agree() {
    for seed in 0..50 {
        let mut random = Random(seed);
        let inputs = 1 + random.next() as usize % 30;
        let rows = 1 + random.next() as usize % 500;
        let net = random.net(inputs);
        net.validate(inputs).unwrap();
        let x: Vec<Vec<i16>> = (0..inputs).map(|_| (0..rows).map(|_| random.next() as i16).collect()).collect();
        assert_eq!(net.infer(&x, rows), net.infer_by(portable, &x, rows), "seed {seed}");
    }
}

#[test]
fn vector_and_scalar_search_agree() {
    let values: Vec<f32> = (0..5000).map(|i| (i as f32 * 0.37).sin() * 12.3).collect();
    for seed in 0..50 {
        let mut random = Random(seed);
        let model = random_net_model(&values, &values, None, Bound::Abs(0.001), seed);
        let axis = model.columns()[1].axis.as_ref().unwrap();
        let used = 1 + random.next() as usize % mixture::MAX_COMPONENTS;
        let shift = random.next() % 20;
        let outputs: Vec<i32> = (0..3 * used * mixture::ROWS).map(|_| (random.next() as i32) >> shift).collect();
        let quantiles = std::array::from_fn(|_| random.next() as u32 & 0xff_ffff);
        let fast = mixture::find(&outputs, mixture::ROWS, mixture::ROWS, used, axis, &quantiles);
        let plain = mixture::find_baseline(&outputs, mixture::ROWS, mixture::ROWS, used, axis, &quantiles);
        assert_eq!(fast, plain, "seed {seed}");
        // what was found holds the quantile, and the encoder sees the same interval
        for (symbol, &quantile) in fast.iter().zip(&quantiles) {
            assert!(symbol.left <= quantile && quantile - symbol.left < symbol.count);
        }
        let again = mixture::intervals(&outputs, mixture::ROWS, mixture::ROWS, used, axis, &fast.map(|s| s.bin));
        assert_eq!(fast, again, "seed {seed}");
    }
}

#[test]
fn blocks_with_many_lanes_come_back() {
    let mut random = Random(5);
    for rows in [2048, 5000, 40_001, 70_000] {
        let mut noise = || (random.next() % 10_000) as f64 / 10_000.0;
        let first: Vec<f64> = (0..rows).map(|_| noise() * noise()).collect();
        let second: Vec<f64> = first.iter().map(|x| x.sqrt() + 0.01 * noise()).collect();
        let bound = Bound::Abs(0.0005);
        let model = random_net_model(&first, &second, None, bound, rows as u64);
        let contexts = model.columns()[0].contexts(&first);
        let columns = [&contexts[..]];
        let given = Contexts { columns: &columns, rows, counts: None };
        let raw = values_to_be(&second);
        let mut body = Vec::new();
        // the conditional coder itself, whichever way would be smaller
        rootbaler::conditional::encode(&model, 1, given, &raw, &mut body).unwrap();
        let header = rootbaler::conditional::header(&model, 1, given, raw.len());
        let mut back = vec![0; raw.len()];
        let mut reader = rootbaler::bytes::Reader::new(&body);
        rootbaler::conditional::decode(&model, header, given, &mut reader, &mut back).unwrap();
        assert_held(&second, &values_from_be(&back), bound);
        let smallest = block::encode_model(&model, 1, false, 5, given, &raw, raw.len()).unwrap().unwrap();
        Block::parse(&smallest).unwrap().decode(Some(&model), given, &mut back).unwrap();
        assert_held(&second, &values_from_be(&back), bound);
    }
}
