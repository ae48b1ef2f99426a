//! Predictors: formulas over the values of earlier columns, for columns that these determine.
//!
//! Kinematics ties branches together (px = pt cos phi), and so do sums (energy fractions add up to one). Which formula holds
//! may depend on other columns: the jets without b tag make the W. The formula's
//! value, on the column's own axis, becomes an input of the column's network, which learns how far to trust it. Only
//! IEEE additions, multiplications, divisions and square roots take part, and functions built from these
//! ([`crate::functions`]), so every machine computes the same bits.

use crate::functions;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A function of one column's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // the names say it
pub enum Function {
    Identity,
    Square,
    Cos,
    Sin,
    Sinh,
    Cosh,
    Abs,
    /// 1 / sqrt(x); 0 where x is not positive. Twice: 1 / x.
    InverseRoot,
}

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
/// Largest number of conditions of one case.
pub const MAX_CONDITIONS: usize = 8;

impl Condition {
    fn holds(&self, value: f64) -> bool {
        (value > f64::from(self.limit)) == self.above
    }
}

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
        let is_valid = |case: &Case| case.when.len() <= MAX_CONDITIONS && case.formula.is_valid();
        self.cases.len() <= MAX_CASES && self.cases.iter().all(is_valid)
    }

    /// Predictions for `rows` rows; `values(column)` gives a column's values.
    pub fn predict<'a>(&self, rows: usize, values: impl Fn(u32) -> &'a [f64]) -> Vec<f64> {
        let mut predictions = vec![0.0; rows];
        let mut left: Vec<usize> = (0..rows).collect();
        for case in &self.cases {
            if case.when.is_empty() && left.len() == rows {
                return case.formula.predict(rows, values);
            }
            let mut own = left.clone();
            for condition in &case.when {
                let seen = values(condition.column);
                own.retain(|&row| seen.get(row).is_some_and(|&value| condition.holds(value)));
            }
            let gathered: BTreeMap<u32, Vec<f64>> = case
                .formula
                .columns()
                .map(|c| (c, own.iter().map(|&row| values(c).get(row).copied().unwrap_or(0.0)).collect()))
                .collect();
            let found = case.formula.predict(own.len(), |c| gathered.get(&c).map_or(&[][..], Vec::as_slice));
            own.iter().zip(found).for_each(|(&row, value)| predictions[row] = value);
            let mut taken = own.into_iter().peekable();
            left.retain(|row| taken.next_if_eq(row).is_none());
        }
        predictions
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
