//! Descriptions of the first golden files, which the test `golden` makes and checks.

use crate::case::{Given, Random, describe, golden, path};
use rootbaler::coder::waves::Contexts;
use rootbaler::format::block::Block;
use rootbaler::model::Model;

/// Entries of pseudo-random length, with so many elements together.
fn counts(rows: u64, seed: u64) -> Vec<u32> {
    let (mut random, mut left, mut counts) = (Random(seed), rows, Vec::new());
    while left > 0 {
        let n = random.below(7).min(left);
        counts.push(n as u32);
        left -= n;
    }
    counts
}

#[test]
fn first_golden_files() {
    let bytes = std::fs::read(path("column_lossless.block")).unwrap();
    let block = Block::parse(&bytes).unwrap();
    let mut first = vec![0; block.raw_len];
    block.decode(None, Contexts::default(), &mut first, None).unwrap();
    golden("column_lossless.raw", &first);
    describe("column_lossless", "kind 1, lossless f32", &Given::default(), true);
    describe("column_abs", "kind 1, lattice abs", &Given::default(), false);
    describe("column_bits", "kind 1, lattice bits", &Given::default(), false);
    let of_entries = counts(3000, 5);
    let given = Given { counts: Some(&of_entries), ..Given::default() };
    describe("column_counts", "kind 1, lattice abs, tail from counts", &given, false);
    let of_entries = counts(3000, 3);
    for (name, file, counts) in [("scalar", "scalar.model", None), ("jagged", "jagged.model", Some(&of_entries[..]))] {
        let model = Model::from_bytes(&std::fs::read(path(file)).unwrap()).unwrap();
        let parents = vec![("first", "column_lossless.raw".to_owned())];
        let given = Given { model: Some((file, &model)), parents, counts, ..Given::default() };
        describe(name, "kind 2, a network of any weights, two cases, 3000 rows", &given, false);
    }
}
