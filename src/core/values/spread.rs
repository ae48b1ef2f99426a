//! How far the values of a column spread: their standard deviation without sentinels ([`crate::values::sentinels`]), in
//! one pass over as many values as there are, which need not be kept.

use crate::values::sentinels::{AT_EACH_END, ENOUGH, Run, at_ends};
use crate::values::value::Value;

/// Values that are added up together, twice: first for their mean.
const CHUNK: usize = 1024;
/// Sums side by side.
const LANES: usize = 8;

/// Gathers values. What may turn out to be a sentinel is kept apart with its count: added to the moments, 1e30 would
/// leave nothing of the others' digits.
#[derive(Clone, Debug, Default)]
pub struct Spread {
    /// Ascending: all different values while these are few; later the lowest and the highest.
    apart: Vec<Run>,
    /// Whether there were more than a few.
    are_many: bool,
    /// Of all that is not kept apart, as distances from `origin`.
    rest: Moments,
    /// An ordinary value: of 1e9 and a few, squares of the few are to count.
    origin: f64,
}

impl Spread {
    /// Adds values; those that are not finite count for nothing.
    pub fn add<V: Value>(&mut self, values: &[V]) {
        let mut between = [0.0; CHUNK];
        let (mut low, mut high) = self.limits();
        for chunk in values.chunks(CHUNK) {
            let mut n = 0;
            for value in chunk.iter().map(|v| v.to_f64()) {
                if value > low && value < high {
                    between[n] = value - self.origin;
                    n += 1;
                } else if value.is_finite() {
                    self.add_apart(value);
                    (low, high) = self.limits();
                }
            }
            self.rest.add(&Moments::of(&between[..n]));
        }
    }

    /// The standard deviation of the values so far that are no sentinels; infinite if it is beyond all floats, None if
    /// there are no finite values.
    pub fn sigma(&self) -> Option<f64> {
        let ends = at_ends(&self.apart, &self.apart, if self.are_many { ENOUGH } else { self.apart.len() });
        let (below, above) = ends.unwrap_or_default();
        let origin = if self.are_many { self.origin } else { self.middle() };
        let mut all = self.rest;
        for &(value, n) in &self.apart[below..self.apart.len() - above] {
            all.add(&Moments { n: n as f64, mean: value - origin, squares: 0.0 });
        }
        let sigma = (all.squares / all.n).sqrt();
        (all.n > 0.0).then_some(if sigma.is_nan() { f64::INFINITY } else { sigma })
    }

    /// Only values between these are not kept apart.
    fn limits(&self) -> (f64, f64) {
        if self.are_many {
            (self.apart[AT_EACH_END - 1].0, self.apart[AT_EACH_END].0)
        } else {
            (f64::INFINITY, f64::NEG_INFINITY)
        }
    }

    fn add_apart(&mut self, value: f64) {
        let place = self.apart.partition_point(|&(v, _)| v < value);
        match self.apart.get_mut(place) {
            Some((v, n)) if *v == value => *n += 1,
            _ => self.apart.insert(place, (value, 1)),
        }
        let most = if self.are_many { 2 * AT_EACH_END } else { ENOUGH };
        if self.apart.len() > most {
            if !self.are_many {
                (self.are_many, self.origin) = (true, self.middle());
            }
            for (value, n) in self.apart.drain(AT_EACH_END..self.apart.len() - AT_EACH_END) {
                self.rest.add(&Moments { n: n as f64, mean: value - self.origin, squares: 0.0 });
            }
        }
    }

    fn middle(&self) -> f64 {
        self.apart.get(self.apart.len() / 2).map_or(0.0, |run| run.0)
    }
}

/// Count, mean and sum of the squared distances to it.
#[derive(Clone, Copy, Debug, Default)]
struct Moments {
    n: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    fn of(values: &[f64]) -> Self {
        if values.is_empty() {
            return Moments::default();
        }
        let n = values.len() as f64;
        let mean = sum(values, |v| v) / n;
        Moments { n, mean, squares: sum(values, |v| (v - mean) * (v - mean)) }
    }

    /// Chan, Golub and LeVeque: squares of small distances only, so no digits cancel.
    fn add(&mut self, other: &Moments) {
        if self.n == 0.0 || other.n == 0.0 {
            *self = if self.n == 0.0 { *other } else { *self };
            return;
        }
        let n = self.n + other.n;
        let distance = other.mean - self.mean;
        self.mean += distance * (other.n / n);
        self.squares += other.squares + distance * distance * (self.n / n * other.n);
        self.n = n;
    }
}

fn sum(values: &[f64], term: impl Fn(f64) -> f64) -> f64 {
    let (chunks, rest) = values.as_chunks::<LANES>();
    let mut lanes = [0.0; LANES];
    for chunk in chunks {
        lanes.iter_mut().zip(chunk).for_each(|(lane, &v)| *lane += term(v));
    }
    lanes.iter().sum::<f64>() + rest.iter().map(|&v| term(v)).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::sentinels::ordinary;
    use proptest::collection::vec;
    use proptest::prelude::*;

    /// In as many parts as wanted.
    fn in_one_pass(values: &[f64], parts: usize) -> Option<f64> {
        let mut spread = Spread::default();
        values.chunks(values.len().div_ceil(parts).max(1)).for_each(|part| spread.add(part));
        spread.sigma()
    }

    fn in_two_passes(values: &[f64]) -> Option<f64> {
        let mut values: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
        let ordinary = ordinary(&values);
        values.retain(|v| ordinary.contains(v));
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        (n > 0.0).then(|| (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt())
    }

    fn is_close(one: Option<f64>, other: Option<f64>) -> bool {
        match (one, other) {
            (Some(one), Some(other)) => (one - other).abs() <= 1e-12 * other,
            (one, other) => one == other,
        }
    }

    /// Values of a few kinds, each of which may be there often.
    fn values() -> impl Strategy<Value = Vec<f64>> {
        let sentinels = prop::sample::select(vec![-9.9e9, -999.0, -99.0, -1.0, 0.0, -0.0, 1e30, 9999.0, f64::NAN]);
        let repeated = vec((sentinels, 1usize..9), 0..12);
        let few = (vec(-3i32..40, 0..200), 0usize..60);
        let many = (vec(-1.0..1.0f64, 0..3000), -1e3..1e3f64);
        (repeated, few, many).prop_map(|(repeated, (few, scale), (many, shift))| {
            let mut values: Vec<f64> = repeated.into_iter().flat_map(|(v, n)| std::iter::repeat_n(v, n)).collect();
            values.extend(few.into_iter().map(|i| f64::from(i % (scale as i32 + 1))));
            values.extend(many.into_iter().map(|v| v + shift));
            values
        })
    }

    proptest! {
        #[test]
        fn one_pass_gives_what_two_give(values in values().prop_shuffle(), parts in 1usize..5) {
            let (one, two) = (in_one_pass(&values, parts), in_two_passes(&values));
            prop_assert!(is_close(one, two), "{one:?} and {two:?}");
        }
    }

    #[test]
    fn sentinels_cost_no_digits() {
        let core = |i: usize| 5.0 + (i as f64 * 0.7).sin();
        for sentinel in [-9.9e9, -999.0, 1e30] {
            let values: Vec<f64> = (0..100_000).map(|i| if i % 7 == 0 { sentinel } else { core(i) }).collect();
            let core: Vec<f64> = values.iter().copied().filter(|&v| v != sentinel).collect();
            assert!(is_close(in_one_pass(&values, 3), in_two_passes(&core)), "{sentinel}");
        }
    }

    #[test]
    fn ends_of_the_scale() {
        assert_eq!(in_one_pass(&[], 1), None);
        assert_eq!(in_one_pass(&[f64::NAN, f64::INFINITY], 1), None);
        assert_eq!(in_one_pass(&[7.0; 5000], 2), Some(0.0));
        let huge: Vec<f64> = (0..1000).map(|i| f64::from(i) * 1e305).collect();
        assert_eq!(in_one_pass(&huge, 2), Some(f64::INFINITY));
        let near: Vec<f64> = (0..100_000).map(|i| f64::from(i % 100)).collect();
        let far: Vec<f64> = near.iter().map(|v| v + 1e9).collect();
        assert!(is_close(in_one_pass(&far, 2), in_two_passes(&near)));
    }
}
