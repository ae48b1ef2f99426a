//! Sentinels: repeated values far away from all others, such as -999 or 9.9e9 for "not there". They say nothing about
//! how far the values of a column spread.

use std::ops::RangeInclusive;

/// A sentinel is repeated so many times.
const REPEATED: usize = 5;
/// It is so many times as far away from the others as these are from each other.
const FAR: f64 = 50.0;
/// The others are at least so many different values: two or three far from each other are ordinary flags.
const DIFFERENT: usize = 32;
/// On either side.
const MAX_SENTINELS: usize = 4;

/// A value and how many rows have it.
pub type Run = (f64, usize);

/// So many runs at each end tell which are sentinels, and more different values than that tell nothing more.
pub const AT_EACH_END: usize = MAX_SENTINELS + 1;
/// See [`AT_EACH_END`].
pub const ENOUGH: usize = 2 * MAX_SENTINELS + DIFFERENT;

/// The range of the values that are no sentinels; everything if there is none.
pub fn ordinary(values: &[f64]) -> RangeInclusive<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let runs: Vec<Run> = sorted.chunk_by(|a, b| a == b).map(|run| (run[0], run.len())).collect();
    match at_ends(&runs, &runs, runs.len()) {
        Some((below, above)) => runs[below].0..=runs[runs.len() - 1 - above].0,
        None => f64::NEG_INFINITY..=f64::INFINITY,
    }
}

/// How many of the lowest and of the highest runs are sentinels; None if there are too few `different` values to tell.
/// `low` begins with the lowest run and `high` ends with the highest, both ascending.
pub fn at_ends(low: &[Run], high: &[Run], different: usize) -> Option<(usize, usize)> {
    // the most that can be taken off: -9e9 may hide that -999 is one as well
    let ends = (0..=MAX_SENTINELS).flat_map(|below| (0..=MAX_SENTINELS).map(move |above| (below, above)));
    let enough = ends.filter(|&(below, above)| different >= below + above + DIFFERENT);
    let fitting = enough.filter(|&(below, above)| is_core(low.split_at(below), high.split_at(high.len() - above)));
    fitting.max_by_key(|(below, above)| below + above)
}

/// Whether what is split off at both ends are sentinels beside the rest.
fn is_core((low, from): (&[Run], &[Run]), (to, high): (&[Run], &[Run])) -> bool {
    let (Some(&(first, _)), Some(&(last, _))) = (from.first(), to.last()) else { return false };
    let far = FAR * (last - first);
    low.iter().all(|&(v, n)| n >= REPEATED && first - v > far)
        && high.iter().all(|&(v, n)| n >= REPEATED && v - last > far)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(n: usize) -> Vec<f64> {
        (0..n).map(|i| (i as f64 * 0.7).sin() * 5.0).collect()
    }

    fn with(mut values: Vec<f64>, more: &[(f64, usize)]) -> Vec<f64> {
        more.iter().for_each(|&(v, n)| values.extend(vec![v; n]));
        values
    }

    #[test]
    fn repeated_and_far_away() {
        for more in [&[(-999.0, 5)][..], &[(1e30, 900)], &[(-9.9e9, 7), (-999.0, 7), (9.9e9, 7)]] {
            let range = ordinary(&with(spread(1000), more));
            assert!((-5.0..-4.99).contains(range.start()) && range.contains(&4.99), "{more:?}: {range:?}");
            assert!(!range.contains(&5.01), "{more:?}: {range:?}");
        }
    }

    #[test]
    fn all_others_are_ordinary() {
        // once, or near, or beside nothing that spreads
        for values in [
            with(spread(1000), &[(1e9, 4)]),
            with(spread(1000), &[(-99.0, 400)]),
            with(Vec::new(), &[(0.0, 500), (1e-9, 1), (1.0, 500)]),
            with(Vec::new(), &[(7.0, 500)]),
            Vec::new(),
        ] {
            let range = ordinary(&values);
            assert!(values.iter().all(|v| range.contains(v)), "{range:?}");
        }
    }
}
