//! Contexts of any values, made from a seed: what a column sees need not be likely.

use rootbaler::model::ModelColumn;
use rootbaler::model::context::{ABSENT, ColumnContext};

/// The last steps of splitmix64.
pub fn mix(seed: u64, place: u64) -> u64 {
    let mut z = seed.wrapping_add(place.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn lattice(bits: u64) -> i64 {
    match bits % 16 {
        0 => ABSENT,
        1 => i64::MAX,
        2 => bits as i64,
        3 => (bits >> 4) as i64 % (1 << 51),
        _ => (bits >> 4) as i64 % 100,
    }
}

/// Contexts of all parents of a column.
pub fn of_parents(column: &ModelColumn, rows: usize, seed: u64) -> Vec<ColumnContext> {
    let one = |&parent: &u32| {
        let bits = |row: usize| mix(seed.wrapping_add(u64::from(parent) << 32), row as u64);
        ColumnContext {
            scores: (0..rows).map(|row| bits(row) as i16).collect(),
            lattice: (0..rows).map(|row| lattice(bits(row) >> 16)).collect(),
        }
    };
    column.parents.iter().map(one).collect()
}

/// So many rows in entries; the last one has what is left.
pub fn entries(rows: usize, seed: u64) -> Vec<u32> {
    let (mut counts, mut left) = (Vec::new(), rows as u64);
    while left > 0 {
        let n = (mix(seed, counts.len() as u64) % 9).min(left);
        counts.push(n as u32);
        left -= n;
    }
    counts
}
