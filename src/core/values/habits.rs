//! What values are like for which a bound in sigmas makes no sense: numbers of runs and events, and times.

use crate::values::value::Value;

/// So often values must have grown to be a series: by chance they do not.
const SERIES: u64 = 32;

/// What holds for all finite values so far.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    is_whole: bool,
    never_falls: bool,
    last: f64,
    growths: u64,
}

impl Default for Habits {
    fn default() -> Self {
        Habits { is_whole: true, never_falls: true, last: f64::NEG_INFINITY, growths: 0 }
    }
}

impl Habits {
    /// Adds values, in their order.
    pub fn add<V: Value>(&mut self, values: &[V]) {
        if !self.is_whole && !self.never_falls {
            return;
        }
        for value in values.iter().map(|v| v.to_f64()).filter(|v| v.is_finite()) {
            self.is_whole &= value == value.trunc();
            self.never_falls &= value >= self.last;
            self.growths += u64::from(value > self.last);
            self.last = value;
        }
    }

    /// Whether there are several values, all of them whole numbers.
    pub fn are_whole(&self) -> bool {
        self.is_whole && self.growths > 1
    }

    /// Whether each value is as large as the one before it, and many are larger.
    pub fn only_grow(&self) -> bool {
        self.never_falls && self.growths >= SERIES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn habits(values: impl Iterator<Item = f64>) -> (bool, bool) {
        let mut habits = Habits::default();
        values.for_each(|value| habits.add(&[value]));
        (habits.are_whole(), habits.only_grow())
    }

    #[test]
    fn numbers_and_times() {
        let many = || (0..100).map(f64::from);
        assert_eq!(habits(many()), (true, true));
        assert_eq!(habits(many().map(|v| v * 0.1)), (false, true));
        assert_eq!(habits(many().map(|v| (v * 0.1).floor())), (true, false), "few different ones");
        assert_eq!(habits(many().map(|v| 37.0 * v % 100.0)), (true, false));
        assert_eq!(habits(many().map(|v| (v * 0.7).sin())), (false, false));
    }

    #[test]
    fn what_counts_for_nothing() {
        assert_eq!(habits([f64::NAN, f64::INFINITY].into_iter()), (false, false));
        assert_eq!(habits([7.0; 100].into_iter()), (false, false));
        let gaps = (0..100).map(|i| if i % 3 == 0 { f64::NAN } else { f64::from(i) });
        assert_eq!(habits(gaps), (true, true));
    }
}
