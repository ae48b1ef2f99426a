//! Sines, cosines, their hyperbolic relatives and a few simpler functions for many numbers at once, the same bits on
//! every machine.
//!
//! Additions, multiplications, divisions, square roots and selections only, in the order written here, each rounded as
//! IEEE says: compilers may make vectors of them (and do), but may not fuse or reorder them. Good to about 1e-15;
//! arguments of sines and cosines beyond 2^20 or so and of the others beyond 700 give numbers of no use.

#![allow(clippy::excessive_precision)] // all digits as published

use crate::machine::for_each_set;
use serde::{Deserialize, Serialize};
use std::f64::consts::{FRAC_2_PI, LOG2_E};

/// Adding and subtracting 1.5 * 2^52 rounds to the nearest integer; the sum's low bits are the integer.
const ROUND: f64 = 6755399441055744.0;
/// A half of pi in three parts of 33 bits.
const HALF_PI: [f64; 3] =
    [1.570_796_326_734_125_614_17, 6.077_100_506_303_965_976_60e-11, 2.022_266_248_795_950_631_54e-21];
/// ln 2 in two parts, the first of 33 bits.
const LN2: [f64; 2] = [6.931_471_803_691_238_164_90e-01, 1.908_214_929_270_587_700_02e-10];
/// Coefficients of x^3, x^5, ... on +-pi/4, from Sun's fdlibm.
const SIN: [f64; 6] = [
    -1.666_666_666_666_663_243_48e-01,
    8.333_333_333_322_489_461_24e-03,
    -1.984_126_982_985_794_931_34e-04,
    2.755_731_370_707_006_767_89e-06,
    -2.505_076_025_340_686_341_95e-08,
    1.589_690_995_211_550_102_21e-10,
];
/// Coefficients of x^4, x^6, ...
const COS: [f64; 6] = [
    4.166_666_666_666_660_190_37e-02,
    -1.388_888_888_887_410_957_49e-03,
    2.480_158_728_947_672_941_78e-05,
    -2.755_731_435_139_066_330_35e-07,
    2.087_572_321_298_174_827_90e-09,
    -1.135_964_755_778_819_482_65e-11,
];

/// A function of a value.
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

for_each_set! {
    /// Multiplies each product by a function of a value.
    pub fn multiply(function: Function, values: &[f64], products: &mut [f64]) {
        match function {
            Function::Identity => each(values, products, |x| x),
            Function::Square => each(values, products, |x| x * x),
            Function::Cos => each(values, products, |x| sine(x, 1)),
            Function::Sin => each(values, products, |x| sine(x, 0)),
            Function::Sinh => each(values, products, |x| 0.5 * exp(x) - 0.5 * exp(-x)),
            Function::Cosh => each(values, products, |x| 0.5 * exp(x) + 0.5 * exp(-x)),
            Function::Abs => each(values, products, f64::abs),
            Function::InverseRoot => each(values, products, |x| if x > 0.0 { 1.0 / x.sqrt() } else { 0.0 }),
        }
    }
}

#[inline(always)]
fn each(values: &[f64], products: &mut [f64], function: impl Fn(f64) -> f64) {
    for (product, &x) in products.iter_mut().zip(values) {
        *product *= function(x);
    }
}

/// Horner's scheme, the highest coefficient last.
#[inline(always)]
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

/// sin(x + `quarters` * pi / 2)
#[inline(always)]
fn sine(x: f64, quarters: u64) -> f64 {
    let shifted = x * FRAC_2_PI + ROUND;
    let n = shifted - ROUND;
    let r = ((x - n * HALF_PI[0]) - n * HALF_PI[1]) - n * HALF_PI[2];
    let square = r * r;
    let sin = r + r * square * polynomial(&SIN, square);
    let cos = (1.0 - 0.5 * square) + square * square * polynomial(&COS, square);
    let quadrant = shifted.to_bits().wrapping_add(quarters);
    let value = if quadrant & 1 == 0 { sin } else { cos };
    f64::from_bits(value.to_bits() ^ (quadrant & 2) << 62)
}

/// e^x
#[inline(always)]
fn exp(x: f64) -> f64 {
    /// 1 / k!
    const SERIES: [f64; 14] = {
        let mut series = [1.0; 14];
        let mut k = 1;
        while k < series.len() {
            series[k] = series[k - 1] / k as f64;
            k += 1;
        }
        series
    };
    const FAR: f64 = 700.0;
    let x = if x > FAR { FAR } else { x };
    let x = if x < -FAR { -FAR } else { x };
    let shifted = x * LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = (x - n * LN2[0]) - n * LN2[1];
    let power = f64::from_bits(shifted.to_bits().wrapping_add(1023) << 52);
    polynomial(&SERIES, r) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(function: Function, x: f64) -> f64 {
        let mut product = [1.0];
        multiply(function, &[x], &mut product);
        product[0]
    }

    #[test]
    fn functions_are_what_they_say() {
        for i in -40_000..40_000 {
            let x = f64::from(i) * 7.3e-4;
            for (function, want) in [
                (Function::Cos, x.cos()),
                (Function::Sin, x.sin()),
                (Function::Sinh, x.sinh()),
                (Function::Cosh, x.cosh()),
                (Function::Square, x * x),
                (Function::Identity, x),
                (Function::Abs, x.abs()),
                (Function::InverseRoot, if i > 0 { x.powf(-0.5) } else { 0.0 }),
            ] {
                let got = of(function, x);
                assert!((got - want).abs() <= 2e-15 * want.abs().max(1.0), "{function:?} of {x}: {got}, not {want}");
            }
        }
        assert!(of(Function::Cos, f64::NAN).is_nan());
        assert!(of(Function::Cosh, 1e300).is_finite());
        assert_eq!(of(Function::InverseRoot, f64::NAN), 0.0);
    }

    #[test]
    fn vectors_and_single_numbers_agree() {
        let values: Vec<f64> = (0..1001).map(|i| f64::from(i) * 0.37 - 180.0).collect();
        for function in [Function::Cos, Function::Sin, Function::Sinh, Function::Cosh, Function::InverseRoot] {
            let mut products = vec![1.5; values.len()];
            multiply(function, &values, &mut products);
            for (x, product) in values.iter().zip(products) {
                let mut one = [1.5];
                multiply(function, &[*x], &mut one);
                assert_eq!(product.to_bits(), one[0].to_bits(), "{function:?} of {x}");
            }
        }
    }
}
