//! The inner product at the heart of inference, for a tile of rows: portable, and with the processor's own instruction
//! for pairs of 16-bit products, which compilers do not find by themselves (measured: four times the portable speed).
//!
//! All variants compute the same wrapping 32-bit sums.

/// Rows of a tile.
pub const TILE: usize = 64;

/// Computes `sums[r] = bias + sum over i of weights[i] * input i of row r`.
///
/// `x` holds the inputs in pairs: input `i` of row `r` is at `((i / 2) * TILE + r) * 2 + i % 2`. `weights` has an even
/// length, and `x` has `TILE` values for each of them.
pub type Kernel = fn(weights: &[i16], x: &[i16], bias: i32, sums: &mut [i32; TILE]);

/// The fastest kernel of this processor.
pub fn fastest() -> Kernel {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512bw") {
            return x86::avx512;
        }
        if is_x86_feature_detected!("avx2") {
            return x86::avx2;
        }
    }
    portable
}

/// The kernel that every processor has.
pub fn portable(weights: &[i16], x: &[i16], bias: i32, sums: &mut [i32; TILE]) {
    sums.fill(bias);
    for (pair, x) in weights.chunks_exact(2).zip(x.chunks_exact(2 * TILE)) {
        let (a, b) = (i32::from(pair[0]), i32::from(pair[1]));
        for (sum, x) in sums.iter_mut().zip(x.chunks_exact(2)) {
            let products = a.wrapping_mul(i32::from(x[0])).wrapping_add(b.wrapping_mul(i32::from(x[1])));
            *sum = sum.wrapping_add(products);
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)] // a measured SIMD kernel
mod x86 {
    use super::TILE;
    use std::arch::x86_64::*;

    pub fn avx512(weights: &[i16], x: &[i16], bias: i32, sums: &mut [i32; TILE]) {
        assert!(x.len() >= weights.len() * TILE);
        // SAFETY: `fastest` checked the feature, the assertion the lengths
        unsafe { sums_avx512(weights, x, bias, sums) }
    }

    pub fn avx2(weights: &[i16], x: &[i16], bias: i32, sums: &mut [i32; TILE]) {
        assert!(x.len() >= weights.len() * TILE);
        // SAFETY: `fastest` checked the feature, the assertion the lengths
        unsafe { sums_avx2(weights, x, bias, sums) }
    }

    fn broadcast(pair: &[i16]) -> i32 {
        i32::from(pair[0]) & 0xffff | i32::from(pair[1]) << 16
    }

    /// # Safety
    /// `x` has TILE values for each weight.
    #[target_feature(enable = "avx512f,avx512bw")]
    unsafe fn sums_avx512(weights: &[i16], x: &[i16], bias: i32, sums: &mut [i32; TILE]) {
        const LANES: usize = 16;
        let mut total = [_mm512_set1_epi32(bias); TILE / LANES];
        for (i, pair) in weights.chunks_exact(2).enumerate() {
            let w = _mm512_set1_epi32(broadcast(pair));
            for (v, total) in total.iter_mut().enumerate() {
                // SAFETY: within `x`, as the caller vouches
                let x = unsafe { _mm512_loadu_si512(x.as_ptr().add((i * TILE + v * LANES) * 2).cast()) };
                *total = _mm512_add_epi32(*total, _mm512_madd_epi16(x, w));
            }
        }
        for (part, total) in sums.chunks_exact_mut(LANES).zip(total) {
            // SAFETY: `part` has LANES places
            unsafe { _mm512_storeu_si512(part.as_mut_ptr().cast(), total) };
        }
    }

    /// # Safety
    /// `x` has TILE values for each weight.
    #[target_feature(enable = "avx2")]
    unsafe fn sums_avx2(weights: &[i16], x: &[i16], bias: i32, sums: &mut [i32; TILE]) {
        const LANES: usize = 8;
        let mut total = [_mm256_set1_epi32(bias); TILE / LANES];
        for (i, pair) in weights.chunks_exact(2).enumerate() {
            let w = _mm256_set1_epi32(broadcast(pair));
            for (v, total) in total.iter_mut().enumerate() {
                // SAFETY: within `x`, as the caller vouches
                let x = unsafe { _mm256_loadu_si256(x.as_ptr().add((i * TILE + v * LANES) * 2).cast()) };
                *total = _mm256_add_epi32(*total, _mm256_madd_epi16(x, w));
            }
        }
        for (part, total) in sums.chunks_exact_mut(LANES).zip(total) {
            // SAFETY: `part` has LANES places
            unsafe { _mm256_storeu_si256(part.as_mut_ptr().cast(), total) };
        }
    }
}
