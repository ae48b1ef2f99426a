//! Inference gives the same bits with and without SIMD.

mod common;

use common::Random;

#[test]
fn vector_and_scalar_inference_agree() {
    for seed in 0..50 {
        let mut random = Random(seed);
        let parents = 1 + random.next() as usize % 30;
        let rows = 1 + random.next() as usize % 500;
        let net = random.net(parents);
        net.validate(parents).unwrap();
        let columns: Vec<Vec<i16>> = (0..parents).map(|_| (0..rows).map(|_| random.next() as i16).collect()).collect();
        let columns: Vec<&[i16]> = columns.iter().map(Vec::as_slice).collect();
        let context_rows = random.next() as usize % (rows + 1);
        let fast = net.infer(&columns, context_rows, rows);
        let plain = net.infer_baseline(&columns, context_rows, rows);
        assert_eq!(fast, plain, "seed {seed}");
    }
}
