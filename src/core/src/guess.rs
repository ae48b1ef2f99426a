//! A guess in which bin of a mixture a quantile lies, in floating point.
//!
//! Whatever it says, [`crate::mixture`] checks by its counts, so machines and compilers may differ here; a good guess
//! saves the bisection over all bins, which took more time than everything else in decoding.

#![allow(unsafe_code)] // vectors of the processor

use crate::axis::Axis;
use crate::mixture::PRECISION;
use crate::vector::{Vector, float};

/// Component of a mixture.
#[derive(Clone, Copy)]
pub struct Logistic<V: Vector> {
    /// Sum to 1.
    pub weight: V::F,
    /// In units of score.
    pub mean: V::F,
    /// Per unit of score.
    pub inverse: V::F,
}

/// After that many steps the search by counts is faster.
const STEPS: usize = 6;
/// The last step moves by less, in units of score; the next one would move by far less than a bin.
const CLOSE: f32 = 6.0;
/// Far from any component, exponents are of no use but could overflow.
const FAR: f32 = 60.0;

/// A bin for each quantile, with luck the right one.
///
/// # Safety
/// The processor has the vectors; so below.
#[inline(always)]
pub unsafe fn bins<V: Vector>(mixture: &[Logistic<V>], axis: &Axis, quantile: V::I) -> V::I {
    // SAFETY: as the caller vouches, here and below
    unsafe {
        let total = (1u32 << PRECISION) as f32;
        let aim = V::fmul(V::fadd(V::to_float(quantile), float::<V>(0.5)), float::<V>(1.0 / total));
        let mut state = start::<V>(mixture, aim);
        let mut aim = corrected::<V>(axis, quantile, state.x);
        if mixture.len() == 1 {
            state = start::<V>(mixture, aim);
        } else {
            for step in 0..STEPS {
                let before = state.x;
                state = newton::<V>(mixture, aim, state);
                let moved = V::fsub(state.x, before);
                let far = V::fgt(V::fmul(moved, moved), float::<V>(CLOSE * CLOSE));
                if !V::any(far) {
                    break;
                }
                if step == 0 {
                    aim = corrected::<V>(axis, quantile, state.x);
                }
            }
        }
        axis.at::<V>(V::to_int(state.x))
    }
}

/// The mixture's share of a quantile: every bin below has a count of its own.
#[inline(always)]
unsafe fn corrected<V: Vector>(axis: &Axis, quantile: V::I, x: V::F) -> V::F {
    unsafe {
        let shared = ((1u32 << PRECISION) - axis.bins() as u32) as f32;
        let rest = V::max(V::sub(quantile, axis.near::<V>(V::to_int(x))), V::splat(0));
        V::fmul(V::fadd(V::to_float(rest), float::<V>(0.5)), float::<V>(1.0 / shared))
    }
}

/// Where a quantile is looked for, and between what.
struct State<V: Vector> {
    x: V::F,
    low: V::F,
    high: V::F,
}

/// The quantile lies between those of the components: their mean, and the outermost.
#[inline(always)]
unsafe fn start<V: Vector>(mixture: &[Logistic<V>], aim: V::F) -> State<V> {
    unsafe {
        let rest = V::fsub(float::<V>(1.0), aim);
        let least = float::<V>(1e-8);
        let rest = V::fselect(V::fgt(rest, least), rest, least);
        let logit = ln::<V>(V::fmul(aim, V::about_inverse(rest)));
        let zero = float::<V>(0.0);
        let mut state = State::<V> { x: zero, low: float::<V>(f32::MAX), high: float::<V>(f32::MIN) };
        for c in mixture {
            let own = V::about_fma(logit, V::about_inverse(c.inverse), c.mean);
            state.x = V::about_fma(c.weight, own, state.x);
            state.low = V::fselect(V::fgt(state.low, own), own, state.low);
            state.high = V::fselect(V::fgt(own, state.high), own, state.high);
        }
        state
    }
}

/// A step towards the quantile.
#[inline(always)]
unsafe fn newton<V: Vector>(mixture: &[Logistic<V>], aim: V::F, state: State<V>) -> State<V> {
    unsafe {
        let (one, far, near) = (float::<V>(1.0), float::<V>(FAR), float::<V>(-FAR));
        let State { x, low, high } = state;
        let mut sum = float::<V>(0.0);
        let mut density = sum;
        for c in mixture {
            let t = V::fmul(V::fsub(c.mean, x), c.inverse);
            let t = V::fselect(V::fgt(t, far), far, t);
            let t = V::fselect(V::fgt(near, t), near, t);
            let e = exp::<V>(t);
            let s = V::about_inverse(V::fadd(one, e));
            let part = V::fmul(c.weight, s);
            sum = V::fadd(sum, part);
            density = V::about_fma(V::fmul(part, c.inverse), V::fmul(e, s), density);
        }
        // Newton's step for the logit of the sum, which is nearly linear, with ln(a/b) near 2 (a - b) / (a + b)
        let rest = V::fsub(one, sum);
        let a = V::fmul(sum, V::fsub(one, aim));
        let b = V::fmul(aim, rest);
        let difference = V::fsub(b, a);
        let slope = V::fmul(V::fadd(a, b), density);
        let step = V::fmul(V::fadd(difference, difference), V::fmul(V::fmul(sum, rest), V::about_inverse(slope)));
        let next = V::fadd(x, step);
        let up = V::fgt(aim, sum);
        let low = V::fselect(up, x, low);
        let high = V::fselect(up, high, x);
        let middle = V::fmul(V::fadd(low, high), float::<V>(0.5));
        // not a number is not inside either
        let next = V::fselect(V::fgt(high, next), next, middle);
        State { x: V::fselect(V::fgt(next, low), next, middle), low, high }
    }
}

/// e^x for |x| up to [`FAR`].
#[inline(always)]
unsafe fn exp<V: Vector>(x: V::F) -> V::F {
    const ROUND: f32 = 12_582_912.0; // 1.5 * 2^23
    const SERIES: [f32; 6] = [0.001_339_887, 0.009_618_437, 0.055_503_324, 0.240_226_46, std::f32::consts::LN_2, 1.0];
    unsafe {
        let t = V::fmul(x, float::<V>(std::f32::consts::LOG2_E));
        let shifted = V::fadd(t, float::<V>(ROUND));
        let f = V::fsub(t, V::fsub(shifted, float::<V>(ROUND)));
        // 2^f for |f| up to a half
        let mut p = float::<V>(SERIES[0]);
        for &term in &SERIES[1..] {
            p = V::about_fma(p, f, float::<V>(term));
        }
        V::of_bits(V::add(V::bits(p), V::shl::<23>(V::bits(shifted))))
    }
}

/// Natural logarithm of positive normal numbers.
#[inline(always)]
unsafe fn ln<V: Vector>(x: V::F) -> V::F {
    const ROOT_HALF: i32 = 0x3f35_04f3;
    const SERIES: [f32; 4] = [2.0 / 7.0, 2.0 / 5.0, 2.0 / 3.0, 2.0];
    unsafe {
        let bits = V::sub(V::bits(x), V::splat(ROOT_HALF));
        let exponent = V::sar::<23>(bits);
        let m = V::of_bits(V::add(V::and(bits, V::splat(0x7f_ffff)), V::splat(ROOT_HALF)));
        let one = float::<V>(1.0);
        let s = V::fmul(V::fsub(m, one), V::about_inverse(V::fadd(m, one)));
        let square = V::fmul(s, s);
        let mut p = float::<V>(SERIES[0]);
        for &term in &SERIES[1..] {
            p = V::about_fma(p, square, float::<V>(term));
        }
        V::about_fma(V::to_float(exponent), float::<V>(std::f32::consts::LN_2), V::fmul(p, s))
    }
}
