//! The lanes of the entropy decoder (rANS): their states, and the words that they share.

#![allow(unsafe_code)] // vectors of the processor: popping lane by lane took a tenth of the decoding time

use crate::inference::mixture::Symbols;
use crate::inference::sizes::{PRECISION, TILE, Tile};
use crate::machine::{Machine, for_each_set, sets};

/// Lanes are at least this; 32-bit words keep them so.
pub const LOW: u64 = 1 << 32;
/// Lanes in a vector, which takes its words from as many.
const VECTOR: usize = 8;

/// States and words.
pub struct Lanes {
    states: [u64; TILE],
    /// In the order in which they are taken, and zeros: damaged blocks read beyond the end.
    words: Vec<u32>,
    taken: usize,
}

impl Lanes {
    /// States of at least [`LOW`], and words in the order in which they are taken.
    pub fn new(states: [u64; TILE], words: impl Iterator<Item = u32>) -> Self {
        Lanes { states, words: words.chain([0; VECTOR]).collect(), taken: 0 }
    }

    /// The states.
    pub fn states(&self) -> &[u64; TILE] {
        &self.states
    }

    /// The quantiles that the next symbols of all lanes hold.
    #[inline(always)]
    pub fn quantiles(&self) -> Tile {
        self.states.map(|x| (x & ((1 << PRECISION) - 1)) as i32)
    }

    /// Pops one symbol each from the first `rows` lanes, found by [`Self::quantiles`].
    #[inline(always)]
    pub fn pop(&mut self, machine: Machine, rows: usize, symbols: &Symbols) {
        pop(machine, self, rows, symbols);
    }

    #[inline(always)]
    fn pop_each(&mut self, rows: usize, symbols: &Symbols) {
        let intervals = symbols.left.iter().zip(&symbols.count);
        for (x, (&left, &count)) in self.states[..rows.min(TILE)].iter_mut().zip(intervals) {
            let quantile = *x & ((1 << PRECISION) - 1);
            let y = (count as u64).wrapping_mul(*x >> PRECISION).wrapping_add(quantile.wrapping_sub(left as u64));
            // without a branch, which could not be predicted
            let low = y < LOW;
            let refilled = y << 32 | u64::from(self.words[self.taken.min(self.words.len() - VECTOR)]);
            *x = if low { refilled } else { y };
            self.taken += usize::from(low);
        }
    }

    /// # Safety
    /// The processor has AVX-512.
    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    unsafe fn pop_avx512(&mut self, rows: usize, symbols: &Symbols) {
        use std::arch::x86_64::*;
        for first in (0..rows.min(TILE)).step_by(VECTOR) {
            let used = ((1u32 << (rows - first).min(VECTOR)) - 1) as __mmask8;
            // SAFETY: the processor has these instructions; all arrays have `VECTOR` places from `first`, as TILE is a
            // multiple of it, and the words from wherever they are taken
            unsafe {
                let x = _mm512_loadu_si512(self.states[first..].as_ptr().cast());
                let left = _mm512_cvtepi32_epi64(_mm256_loadu_si256(symbols.left[first..].as_ptr().cast()));
                let count = _mm512_cvtepi32_epi64(_mm256_loadu_si256(symbols.count[first..].as_ptr().cast()));
                let quantile = _mm512_and_si512(x, _mm512_set1_epi64((1 << PRECISION) - 1));
                // the lower 64 bits of a product of 32 and 64 bits
                let whole = _mm512_srli_epi64::<{ PRECISION as u32 }>(x);
                let upper = _mm512_mul_epu32(count, _mm512_srli_epi64::<32>(whole));
                let product = _mm512_add_epi64(_mm512_mul_epu32(count, whole), _mm512_slli_epi64::<32>(upper));
                let y = _mm512_add_epi64(product, _mm512_sub_epi64(quantile, left));
                let low = _mm512_mask_cmplt_epu64_mask(used, y, _mm512_set1_epi64(LOW as i64));
                let next = self.taken.min(self.words.len() - VECTOR);
                let words = _mm256_loadu_si256(self.words[next..next + VECTOR].as_ptr().cast());
                let words = _mm512_maskz_expand_epi64(low, _mm512_cvtepu32_epi64(words));
                let refilled = _mm512_or_si512(_mm512_slli_epi64::<32>(y), words);
                let y = _mm512_mask_blend_epi64(low, y, refilled);
                _mm512_mask_storeu_epi64(self.states[first..].as_mut_ptr().cast(), used, y);
                self.taken += low.count_ones() as usize;
            }
        }
    }
}

for_each_set! {
    fn pop<S>(machine: Machine, lanes: &mut Lanes, rows: usize, symbols: &Symbols) {
        // SAFETY: the processor has the set
        unsafe { S::pop(lanes, rows, symbols) }
    }
}

/// How symbols are popped by the instructions of a set: one by one, if not otherwise.
trait Pop {
    /// # Safety
    /// The processor has the set.
    #[inline(always)]
    unsafe fn pop(lanes: &mut Lanes, rows: usize, symbols: &Symbols) {
        lanes.pop_each(rows, symbols);
    }
}

impl Pop for sets::Portable {}

#[cfg(target_arch = "aarch64")]
impl Pop for sets::Neon {}

#[cfg(target_arch = "x86_64")]
impl Pop for sets::Avx2 {}

#[cfg(target_arch = "x86_64")]
impl Pop for sets::Avx512 {
    #[inline(always)]
    unsafe fn pop(lanes: &mut Lanes, rows: usize, symbols: &Symbols) {
        // SAFETY: as the caller vouches
        unsafe { lanes.pop_avx512(rows, symbols) }
    }
}

#[cfg(target_arch = "x86_64")]
impl Pop for sets::Vnni {
    #[inline(always)]
    unsafe fn pop(lanes: &mut Lanes, rows: usize, symbols: &Symbols) {
        // SAFETY: as the caller vouches
        unsafe { lanes.pop_avx512(rows, symbols) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_machines_pop_the_same() {
        let mut random = 1u64;
        let mut next = move || {
            random = random.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            random >> 20
        };
        // few words: the last steps read beyond them, as those of a damaged block do
        let words: Vec<u32> = (0..300).map(|_| next() as u32).collect();
        let mut states = [0; TILE];
        states.iter_mut().for_each(|x| *x = LOW | next());
        let mut lanes: Vec<(Machine, Lanes)> =
            Machine::all().map(|m| (m, Lanes::new(states, words.iter().copied()))).collect();
        for step in 0..100 {
            let quantiles = lanes[0].1.quantiles();
            let mut symbols = Symbols::default();
            for (r, quantile) in quantiles.into_iter().enumerate() {
                let wide = 1 << (next() % 24);
                symbols.left[r] = quantile / wide * wide;
                symbols.count[r] = wide.min((1 << PRECISION) - symbols.left[r]);
            }
            let rows = if step % 3 == 0 { TILE } else { 1 + next() as usize % TILE };
            lanes.iter_mut().for_each(|(machine, lanes)| lanes.pop(*machine, rows, &symbols));
            for (machine, other) in &lanes[1..] {
                assert_eq!(lanes[0].1.states, other.states, "{machine:?}, step {step}");
                assert_eq!(lanes[0].1.taken, other.taken, "{machine:?}, step {step}");
            }
        }
        assert!(lanes[0].1.taken > words.len());
    }
}
