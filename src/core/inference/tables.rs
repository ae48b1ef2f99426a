//! Integer tables of the logistic function and of powers of two, the same on every machine.
//!
//! Built at compile time from one constant each by integer multiplication: no libm takes part, so encoder and
//! decoder agree wherever they run.

use crate::inference::vector::Vector;

/// Fraction bits of the argument of [`sigmoid`].
pub const SIGMOID_ARG_BITS: u32 = 16;
/// Fraction bits of the result of [`sigmoid`].
pub const SIGMOID_BITS: u32 = 19;
/// The argument is clamped to +-16.
const SIGMOID_LIMIT: i32 = 16 << SIGMOID_ARG_BITS;
/// One entry for each 1/64 of the argument; linear in between.
const SIGMOID_STEP_BITS: u32 = SIGMOID_ARG_BITS - 6;
const SIGMOID_ENTRIES: usize = (2 * SIGMOID_LIMIT as usize) >> SIGMOID_STEP_BITS;
/// Bits of an entry that hold the rise to the next one.
const RISE_BITS: u32 = 12;

/// exp(-1/64) * 2^62
const EXP_STEP: u64 = 4540188453729421604;
/// 2^(1/256) * 2^61
const POW2_STEP: u64 = 2312094783834258860;

const ONE_62: u128 = 1 << 62;

/// Value and rise to the next entry, packed so that one load gives both.
static SIGMOID: [i32; SIGMOID_ENTRIES] = {
    let middle = SIGMOID_ENTRIES / 2;
    let limit = (1u32 << SIGMOID_BITS) - 1;
    let mut value = [0u32; SIGMOID_ENTRIES + 1];
    let mut exp = ONE_62; // exp(-i/64)
    let mut i = 0;
    while i <= middle {
        // sigmoid(i/64) = 1 / (1 + exp(-i/64))
        let s = ((ONE_62 << SIGMOID_BITS) / (ONE_62 + exp)) as u32;
        value[middle + i] = if s > limit { limit } else { s };
        value[middle - i] = (1 << SIGMOID_BITS) - s;
        exp = (exp * EXP_STEP as u128) >> 62;
        i += 1;
    }
    let mut table = [0i32; SIGMOID_ENTRIES];
    let mut i = 0;
    while i < SIGMOID_ENTRIES {
        table[i] = (value[i] << RISE_BITS | (value[i + 1] - value[i])) as i32;
        i += 1;
    }
    table
};

/// 1 / (1 + exp(-x)) for x = `arg` / 2^16, as an integer in `0..2^19`; monotone in `arg`.
///
/// # Safety
/// The processor has the vectors.
#[inline(always)]
#[allow(unsafe_code)] // vectors of the processor
pub unsafe fn sigmoids<V: Vector>(arg: V::I) -> V::I {
    // SAFETY: as the caller vouches
    unsafe {
        let arg = V::min(V::max(arg, V::splat(-SIGMOID_LIMIT)), V::splat(SIGMOID_LIMIT - 1));
        let arg = V::add(arg, V::splat(SIGMOID_LIMIT));
        let entry = V::gather(&SIGMOID, V::shr::<SIGMOID_STEP_BITS>(arg));
        let fraction = V::and(arg, V::splat((1 << SIGMOID_STEP_BITS) - 1));
        let rise = V::and(entry, V::splat((1 << RISE_BITS) - 1));
        V::add(V::shr::<RISE_BITS>(entry), V::shr::<SIGMOID_STEP_BITS>(V::mul(rise, fraction)))
    }
}

/// Fraction bits of [`POW2`].
pub const POW2_BITS: u32 = 15;

/// 2^(i/256), in `2^15..2^16`.
pub static POW2: [i32; 256] = {
    let mut table = [0i32; 256];
    let mut p = 1u128 << 61; // 2^(i/256) * 2^61
    let mut i = 0;
    while i < 256 {
        table[i] = (p >> (61 - POW2_BITS)) as i32;
        p = (p * POW2_STEP as u128) >> 61;
        i += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::sizes::TILE;
    use crate::inference::vector::Arrays;

    #[allow(unsafe_code)]
    fn sigmoid(arg: i32) -> i32 {
        // SAFETY: arrays need nothing of the processor
        unsafe { sigmoids::<Arrays>([arg; TILE])[0] }
    }

    #[test]
    fn sigmoid_is_the_logistic_function() {
        let mut last = 0;
        for arg in (-1_200_000..1_200_000).step_by(37) {
            let x = f64::from(arg) / f64::from(1 << SIGMOID_ARG_BITS);
            let want = 1.0 / (1.0 + (-x).exp());
            let value = sigmoid(arg);
            let got = f64::from(value) / f64::from(1 << SIGMOID_BITS);
            assert!((want - got).abs() < 1e-5, "{x}: {want} {got}");
            assert!(value >= last);
            last = value;
        }
        assert!(last < 1 << SIGMOID_BITS);
    }

    #[test]
    fn pow2_is_the_power() {
        for i in 0..256 {
            let want = (f64::from(i) / 256.0).exp2() * 32768.0;
            assert!((f64::from(POW2[i as usize]) - want).abs() <= 1.0);
        }
    }
}
