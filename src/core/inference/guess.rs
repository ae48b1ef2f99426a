//! A guess in which bin of a mixture a quantile lies, in floating point.
//!
//! Whatever it says, the mixture checks by its counts, so machines and compilers may differ here; a good guess saves
//! the bisection over all bins, which took more time than everything else in decoding.

#![allow(unsafe_code)] // vectors of the processor

use crate::inference::axis::Axis;
use crate::inference::sizes::PRECISION;
use crate::inference::vector::{Vector, float};

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

/// Counts are rounded down on their way, by about that much together (half a count of which is the quantile's own).
const ROUNDED_DOWN: f32 = 32.0;
/// After that many steps the search by counts is faster.
const STEPS: usize = 6;
/// Steps end when the square of the last one, in units of score and of the narrowest component's scale, is less: the
/// next one would move by about that, far less than a bin. (Newton's steps shrink with their squares.)
const CLOSE: f32 = 12.0;
/// Means further apart than that many times the sum of the scales hardly overlap.
const APART: f32 = 2.0;
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
        let mut aim = V::fmul(V::fadd(V::to_float(quantile), float::<V>(0.5)), float::<V>(1.0 / total));
        let mut state = start::<V>(mixture, aim);
        if mixture.len() == 1 {
            state = start::<V>(mixture, corrected::<V>(axis, quantile, state.x));
        } else {
            if let [a, b] = mixture {
                state.x = separated::<V>(a, b, aim, &state);
            }
            let mut narrowest = mixture[0].inverse;
            for c in &mixture[1..] {
                narrowest = V::fselect(V::fgt(c.inverse, narrowest), c.inverse, narrowest);
            }
            for step in 0..STEPS {
                let before = state.x;
                state = newton::<V>(mixture, narrowest, aim, state);
                if !V::any(V::fgt(distance::<V>(state.x, before, narrowest), float::<V>(CLOSE))) {
                    break;
                }
                if step == 0 {
                    aim = corrected::<V>(axis, quantile, state.x);
                }
            }
        }
        axis.at::<V>(floor::<V>(state.x))
    }
}

/// The mixture's share of a quantile: every bin below has a count of its own.
#[inline(always)]
unsafe fn corrected<V: Vector>(axis: &Axis, quantile: V::I, x: V::F) -> V::F {
    unsafe {
        let shared = ((1u32 << PRECISION) - axis.bins() as u32) as f32;
        let rest = V::max(V::sub(quantile, axis.near::<V>(floor::<V>(x))), V::splat(0));
        V::fmul(V::fadd(V::to_float(rest), float::<V>(ROUNDED_DOWN)), float::<V>(1.0 / shared))
    }
}

/// The score below, for scores within +-2^20.
#[inline(always)]
unsafe fn floor<V: Vector>(x: V::F) -> V::I {
    const ABOVE: i32 = 1 << 20;
    unsafe { V::sub(V::to_int(V::fadd(x, float::<V>(ABOVE as f32))), V::splat(ABOVE)) }
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

/// A better start where two components hardly overlap: the quantile within its component. Elsewhere that of `state`.
#[inline(always)]
unsafe fn separated<V: Vector>(a: &Logistic<V>, b: &Logistic<V>, aim: V::F, state: &State<V>) -> V::F {
    unsafe {
        let apart = V::fsub(a.mean, b.mean);
        let both = V::fmul(a.inverse, b.inverse);
        let sum = V::fmul(V::fadd(a.inverse, b.inverse), float::<V>(APART));
        let apart = V::fgt(V::fmul(V::fmul(apart, apart), V::fmul(both, both)), V::fmul(sum, sum));
        if !V::any(apart) {
            return state.x;
        }
        let swap = V::fgt(a.mean, b.mean);
        let share = V::fselect(swap, b.weight, a.weight); // of the lower component
        let in_lower = V::fgt(share, aim);
        let over = V::fsub(aim, share);
        let least = float::<V>(1e-8);
        let below = V::fselect(in_lower, aim, over);
        let above = V::fsub(V::fselect(in_lower, share, float::<V>(1.0)), aim);
        let below = V::fselect(V::fgt(below, least), below, least);
        let above = V::fselect(V::fgt(above, least), above, least);
        let logit = ln::<V>(V::fmul(below, V::about_inverse(above)));
        let of = |of_a: V::F, of_b: V::F| {
            let lower = V::fselect(swap, of_b, of_a);
            V::fselect(in_lower, lower, V::fselect(swap, of_a, of_b))
        };
        let x = V::about_fma(logit, V::about_inverse(of(a.inverse, b.inverse)), of(a.mean, b.mean));
        let x = V::fselect(V::fgt(x, state.low), x, state.low);
        let x = V::fselect(V::fgt(state.high, x), x, state.high);
        V::fselect(apart, x, state.x)
    }
}

/// Square of the distance of two scores, in units of score and of the narrowest component's scale.
#[inline(always)]
unsafe fn distance<V: Vector>(a: V::F, b: V::F, narrowest: V::F) -> V::F {
    unsafe {
        let distance = V::fsub(a, b);
        V::fmul(V::fmul(distance, distance), narrowest)
    }
}

/// A step towards the quantile.
#[inline(always)]
unsafe fn newton<V: Vector>(mixture: &[Logistic<V>], narrowest: V::F, aim: V::F, state: State<V>) -> State<V> {
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
        // not a number is not inside either; the last steps may leave what they came from by a rounding error
        let close = V::fgt(float::<V>(CLOSE), distance::<V>(next, x, narrowest));
        let inside = V::fselect(V::fgt(high, next), next, middle);
        let inside = V::fselect(V::fgt(inside, low), inside, middle);
        State { x: V::fselect(close, next, inside), low, high }
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
