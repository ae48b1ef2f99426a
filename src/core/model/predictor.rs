//! Predictors: formulas over the values of earlier columns, for columns that these determine.
//!
//! Kinematics ties branches together (px = pt cos phi), and so do sums (energy fractions add up to one). Which formula
//! holds may depend on other columns: the jets without b tag make the W. The formula's
//! value, on the column's own axis, becomes an input of the column's network, which learns how far to trust it. Only
//! IEEE additions, multiplications, divisions and square roots take part, and functions built from these
//! ([`crate::inference::functions`]), so every machine computes the same bits.

use crate::inference::functions::{self, Function};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A column of the model, or its difference to another, through a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Factor {
    /// Index of an earlier column.
    pub column: u32,
    /// Index of the column whose value is subtracted.
    pub minus: Option<u32>,
    /// Applied to the value or the difference.
    pub function: Function,
}

/// A coefficient times a product of factors; without factors, a constant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// The coefficient.
    pub coefficient: f64,
    /// The factors.
    pub factors: Vec<Factor>,
}

/// A sum of terms, or the square root of one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Formula {
    /// Added in this order.
    pub terms: Vec<Term>,
    /// Whether the prediction is the square root of the sum (0 where that is negative).
    pub root: bool,
}

/// What a column's value must be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// Index of an earlier column.
    pub column: u32,
    /// Whether its value must be above the limit, or not above it.
    pub above: bool,
    /// The limit.
    pub limit: f32,
}

/// A formula, and for which rows it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// All must hold.
    pub when: Vec<Condition>,
    /// What is predicted then.
    pub formula: Formula,
}

/// Cases, of which the first counts whose conditions hold; 0 is predicted where there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Predictor {
    /// In the order in which they are tried.
    pub cases: Vec<Case>,
}

/// Largest number of cases.
pub const MAX_CASES: usize = 32;
/// Largest number of conditions of all cases, those with the same column and limit counted once.
pub const MAX_CONDITIONS: usize = 64;

impl Formula {
    /// Columns that it needs.
    pub fn columns(&self) -> impl Iterator<Item = u32> + '_ {
        let of = |f: &Factor| std::iter::once(f.column).chain(f.minus);
        self.terms.iter().flat_map(move |t| t.factors.iter().flat_map(of))
    }

    /// Predictions for `rows` rows; `values(column)` gives a column's values.
    pub fn predict<'a>(&self, rows: usize, values: impl Fn(u32) -> &'a [f64]) -> Vec<f64> {
        let mut sums = vec![0.0; rows];
        let mut products = vec![0.0; rows];
        let mut differences = Vec::new();
        for term in &self.terms {
            products.fill(term.coefficient);
            for factor in &term.factors {
                let own = values(factor.column);
                match factor.minus {
                    None => functions::multiply(factor.function, own, &mut products),
                    Some(other) => {
                        differences.clear();
                        differences.extend(own.iter().zip(values(other)).map(|(x, y)| x - y));
                        functions::multiply(factor.function, &differences, &mut products);
                    }
                }
            }
            sums.iter_mut().zip(&products).for_each(|(sum, product)| *sum += product);
        }
        if self.root {
            sums.iter_mut().for_each(|sum| *sum = if *sum > 0.0 { sum.sqrt() } else { 0.0 });
        }
        sums
    }

    fn is_valid(&self) -> bool {
        self.terms.len() <= 64 && self.terms.iter().all(|t| t.factors.len() <= 8 && t.coefficient.is_finite())
    }
}

impl Predictor {
    /// One formula for all rows.
    pub fn always(formula: Formula) -> Self {
        Predictor { cases: vec![Case { when: Vec::new(), formula }] }
    }

    /// Columns that it needs, some perhaps several times.
    pub fn columns(&self) -> impl Iterator<Item = u32> + '_ {
        self.cases.iter().flat_map(|case| case.when.iter().map(|c| c.column).chain(case.formula.columns()))
    }

    /// [`Predictor::columns`], to be changed.
    pub fn columns_mut(&mut self) -> impl Iterator<Item = &mut u32> + '_ {
        self.cases.iter_mut().flat_map(|case| {
            let factors = case.formula.terms.iter_mut().flat_map(|term| &mut term.factors);
            let factors = factors.flat_map(|factor| std::iter::once(&mut factor.column).chain(&mut factor.minus));
            case.when.iter_mut().map(|condition| &mut condition.column).chain(factors)
        })
    }

    /// Whether a stored predictor is of reasonable size.
    pub fn is_valid(&self) -> bool {
        let are_few = self.cases.len() <= MAX_CASES && self.cases.iter().all(|case| case.when.len() <= MAX_CONDITIONS);
        are_few && self.limits().len() <= MAX_CONDITIONS && self.cases.iter().all(|case| case.formula.is_valid())
    }

    /// Predictions for `rows` rows; `values(column)` gives a column's values.
    pub fn predict<'a>(&self, rows: usize, values: impl Fn(u32) -> &'a [f64]) -> Vec<f64> {
        if let Some(first) = self.cases.first().filter(|case| case.when.is_empty()) {
            return first.formula.predict(rows, values);
        }
        let mut predictions = vec![0.0; rows];
        for (case, own) in self.cases.iter().zip(self.rows_of_cases(rows, &values)) {
            let columns: BTreeSet<u32> = case.formula.columns().collect();
            let gather = |c: u32| {
                let seen = values(c);
                own.iter().map(|&row| seen.get(row as usize).copied().unwrap_or(0.0)).collect()
            };
            let gathered: BTreeMap<u32, Vec<f64>> = columns.into_iter().map(|c| (c, gather(c))).collect();
            let found = case.formula.predict(own.len(), |c| gathered.get(&c).map_or(&[][..], Vec::as_slice));
            own.iter().zip(found).for_each(|(&row, value)| predictions[row as usize] = value);
        }
        predictions
    }

    /// For each case the rows for which it counts.
    fn rows_of_cases<'a>(&self, rows: usize, values: &impl Fn(u32) -> &'a [f64]) -> Vec<Vec<u32>> {
        // one bit for each limit: whether the row's value is above it
        let limits = self.limits();
        let mut above = vec![0u64; rows];
        for (bit, &(column, limit)) in limits.iter().enumerate() {
            let limit = f64::from(f32::from_bits(limit));
            above.iter_mut().zip(values(column)).for_each(|(bits, &value)| *bits |= u64::from(value > limit) << bit);
        }
        let bits_of = |case: &Case, side: bool| {
            let keys = case.when.iter().filter(|condition| condition.above == side).map(Condition::key);
            keys.fold(0u64, |bits, key| bits | 1 << limits.binary_search(&key).unwrap_or_default())
        };
        let sides: Vec<[u64; 2]> = self.cases.iter().map(|case| [bits_of(case, true), bits_of(case, false)]).collect();
        let mut own = vec![Vec::new(); self.cases.len()];
        for (row, bits) in (0u32..).zip(above) {
            if let Some(case) = sides.iter().position(|[set, unset]| bits & set == *set && bits & unset == 0) {
                own[case].push(row);
            }
        }
        own
    }

    /// Columns and limits (their bits) of all conditions, each once, ascending.
    fn limits(&self) -> Vec<(u32, u32)> {
        let all: BTreeSet<_> = self.cases.iter().flat_map(|case| case.when.iter().map(Condition::key)).collect();
        all.into_iter().collect()
    }
}

impl Condition {
    fn key(&self) -> (u32, u32) {
        (self.column, self.limit.to_bits())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_case_that_holds_counts() {
        let factor = |column, minus| Factor { column, minus, function: Function::Identity };
        let formula = |coefficient, factors| Formula { terms: vec![Term { coefficient, factors }], root: false };
        let when = |above| vec![Condition { column: 0, above, limit: 0.5 }];
        let mut cases = vec![
            Case { when: when(true), formula: formula(2.0, vec![factor(1, None)]) },
            Case { when: when(false), formula: formula(1.0, vec![factor(1, Some(2))]) },
        ];
        let columns = [vec![1.0, 0.0, 0.5, 7.0], vec![1.0, 2.0, 3.0, 4.0], vec![10.0, 20.0, 30.0, 40.0]];
        let predict = |cases: &[Case]| {
            Predictor { cases: cases.to_vec() }.predict(4, |c| columns.get(c as usize).map_or(&[][..], Vec::as_slice))
        };
        assert_eq!(predict(&cases), [2.0, -18.0, -27.0, 8.0]);
        cases.insert(1, Case { when: Vec::new(), formula: formula(5.0, Vec::new()) });
        assert_eq!(predict(&cases), [2.0, 5.0, 5.0, 8.0]);
        cases.remove(0);
        assert_eq!(predict(&cases), [5.0; 4]);
        assert_eq!(predict(&[]), [0.0; 4]);
    }
}
