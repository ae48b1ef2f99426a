//! Kernels of AVX2 and AVX-512: they multiply pairs and add them in one or two instructions.

use super::{Kernel, UNITS, Weights};
use crate::inference::sizes::{TILE, Tile};
use crate::machine::sets::{Avx2, Avx512, Vnni};
use std::arch::x86_64::*;

macro_rules! kernel {
    (
        $set:ident, $lanes:literal, $half:literal, $load:ident, $store:ident, $splat:ident,
        |$s:ident, $x:ident, $w:ident| $add:expr
    ) => {
        impl Kernel for $set {
            #[inline(always)]
            unsafe fn add(weights: &[Weights], inputs: &[Tile], sums: &mut [Tile; UNITS]) {
                const LANES: usize = $lanes;
                // vectors of rows that are summed at once, such that registers suffice
                const VECTORS: usize = $half / LANES;
                for first in (0..TILE).step_by($half) {
                    // SAFETY: the caller vouches for the processor; all places are within tiles
                    unsafe {
                        let mut total = [[$splat(0); VECTORS]; UNITS];
                        for (total, sums) in total.iter_mut().zip(sums.iter()) {
                            for (v, total) in total.iter_mut().enumerate() {
                                *total = $load(sums.as_ptr().add(first + v * LANES).cast());
                            }
                        }
                        for (weights, inputs) in weights.iter().zip(inputs) {
                            let mut x = [$splat(0); VECTORS];
                            for (v, x) in x.iter_mut().enumerate() {
                                *x = $load(inputs.as_ptr().add(first + v * LANES).cast());
                            }
                            for (total, &w) in total.iter_mut().zip(weights) {
                                let $w = $splat(w);
                                for (total, &$x) in total.iter_mut().zip(&x) {
                                    let $s = *total;
                                    *total = $add;
                                }
                            }
                        }
                        for (total, sums) in total.iter().zip(sums.iter_mut()) {
                            for (v, &total) in total.iter().enumerate() {
                                $store(sums.as_mut_ptr().add(first + v * LANES).cast(), total);
                            }
                        }
                    }
                }
            }
        }
    };
}

kernel!(Vnni, 16, 32, _mm512_loadu_si512, _mm512_storeu_si512, _mm512_set1_epi32, |s, x, w| {
    _mm512_dpwssd_epi32(s, x, w)
});
kernel!(Avx512, 16, 32, _mm512_loadu_si512, _mm512_storeu_si512, _mm512_set1_epi32, |s, x, w| {
    _mm512_add_epi32(s, _mm512_madd_epi16(x, w))
});
kernel!(Avx2, 8, 16, _mm256_loadu_si256, _mm256_storeu_si256, _mm256_set1_epi32, |s, x, w| {
    _mm256_add_epi32(s, _mm256_madd_epi16(x, w))
});
