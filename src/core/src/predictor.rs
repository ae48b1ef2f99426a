//! Predictors: formulas over the values of earlier columns, for columns that these determine.
//!
//! Kinematics ties branches together (px = pt cos phi), and so do sums (energy fractions add up to one). The formula's
//! value, on the column's own axis, becomes an input of the column's network, which learns how far to trust it. Only
//! IEEE additions, multiplications, divisions and square roots take part, and functions built from these
//! ([`crate::functions`]), so every machine computes the same bits.

use crate::functions;
use serde::{Deserialize, Serialize};

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

/// A column of the model, through a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Factor {
    /// Index of an earlier column.
    pub column: u32,
    /// Applied to its value.
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
pub struct Predictor {
    /// Added in this order.
    pub terms: Vec<Term>,
    /// Whether the prediction is the square root of the sum (0 where that is negative).
    pub root: bool,
}

impl Predictor {
    /// Columns that it needs.
    pub fn columns(&self) -> impl Iterator<Item = u32> + '_ {
        self.terms.iter().flat_map(|t| t.factors.iter().map(|f| f.column))
    }

    /// Whether a stored predictor is of reasonable size.
    pub fn is_valid(&self) -> bool {
        self.terms.len() <= 64 && self.terms.iter().all(|t| t.factors.len() <= 8 && t.coefficient.is_finite())
    }

    /// Predictions for `rows` rows; `values(column)` gives a column's values.
    pub fn predict<'a>(&self, rows: usize, values: impl Fn(u32) -> &'a [f64]) -> Vec<f64> {
        let mut sums = vec![0.0; rows];
        let mut products = vec![0.0; rows];
        for term in &self.terms {
            products.fill(term.coefficient);
            for factor in &term.factors {
                functions::multiply(factor.function, values(factor.column), &mut products);
            }
            sums.iter_mut().zip(&products).for_each(|(sum, product)| *sum += product);
        }
        if self.root {
            sums.iter_mut().for_each(|sum| *sum = if *sum > 0.0 { sum.sqrt() } else { 0.0 });
        }
        sums
    }
}
