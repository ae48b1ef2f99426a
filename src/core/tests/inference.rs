//! Inference gives the same bits with and without SIMD.

mod common;

use common::Random;

#[test]
fn vector_and_scalar_inference_agree() {
    for seed in 0..50 {
        let mut random = Random(seed);
        let inputs = 1 + random.next() as usize % 30;
        let rows = 1 + random.next() as usize % 500;
        let net = random.net(inputs);
        net.validate(inputs).unwrap();
        let x: Vec<Vec<i16>> = (0..inputs).map(|_| (0..rows).map(|_| random.next() as i16).collect()).collect();
        assert_eq!(net.infer(&x, rows), net.infer_baseline(&x, rows), "seed {seed}");
    }
}
