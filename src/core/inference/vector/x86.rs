//! Vectors of AVX-512 and AVX2.

use super::Vector;
use crate::inference::sizes::{TILE, Tile};
use std::arch::x86_64::*;

vectors! {
    /// AVX-512.
    Of512Bits, 16, __m512i, __m512, __mmask16,
    load _mm512_loadu_si512, store _mm512_storeu_si512, splat _mm512_set1_epi32, min_unsigned _mm512_min_epu32,
    gather |table, index| _mm512_i32gather_epi32::<4>(index, table.as_ptr().cast()),
    any |m| m != 0,
    add(a: I, b: I) -> I = _mm512_add_epi32(a, b);
    sub(a: I, b: I) -> I = _mm512_sub_epi32(a, b);
    mul(a: I, b: I) -> I = _mm512_mullo_epi32(a, b);
    min(a: I, b: I) -> I = _mm512_min_epi32(a, b);
    max(a: I, b: I) -> I = _mm512_max_epi32(a, b);
    and(a: I, b: I) -> I = _mm512_and_si512(a, b);
    shl<N>(a: I) -> I = _mm512_slli_epi32::<N>(a);
    shr<N>(a: I) -> I = _mm512_srli_epi32::<N>(a);
    sar<N>(a: I) -> I = _mm512_srai_epi32::<N>(a);
    shl_by(a: I, b: I) -> I = _mm512_sllv_epi32(a, b);
    shr_by(a: I, b: I) -> I = _mm512_srlv_epi32(a, b);
    sar_by(a: I, b: I) -> I = _mm512_srav_epi32(a, b);
    gt(a: I, b: I) -> M = _mm512_cmpgt_epi32_mask(a, b);
    select(m: M, yes: I, no: I) -> I = _mm512_mask_blend_epi32(m, no, yes);
    to_float(a: I) -> F = _mm512_cvtepi32_ps(a);
    to_int(a: F) -> I = _mm512_cvttps_epi32(a);
    bits(a: F) -> I = _mm512_castps_si512(a);
    of_bits(a: I) -> F = _mm512_castsi512_ps(a);
    fadd(a: F, b: F) -> F = _mm512_add_ps(a, b);
    fsub(a: F, b: F) -> F = _mm512_sub_ps(a, b);
    fmul(a: F, b: F) -> F = _mm512_mul_ps(a, b);
    fdiv(a: F, b: F) -> F = _mm512_div_ps(a, b);
    fgt(a: F, b: F) -> M = _mm512_cmp_ps_mask::<_CMP_GT_OQ>(a, b);
    fselect(m: M, yes: F, no: F) -> F = _mm512_mask_blend_ps(m, no, yes);
    about_fma(a: F, b: F, c: F) -> F = _mm512_fmadd_ps(a, b, c);
    about_inverse(a: F) -> F = {
        let x = _mm512_rcp14_ps(a);
        _mm512_mul_ps(x, _mm512_fnmadd_ps(a, x, _mm512_set1_ps(2.0)))
    };
}

vectors! {
    /// AVX2.
    Of256Bits, 8, __m256i, __m256, __m256i,
    load _mm256_loadu_si256, store _mm256_storeu_si256, splat _mm256_set1_epi32, min_unsigned _mm256_min_epu32,
    gather |table, index| _mm256_i32gather_epi32::<4>(table.as_ptr(), index),
    any |m| _mm256_movemask_epi8(m) != 0,
    add(a: I, b: I) -> I = _mm256_add_epi32(a, b);
    sub(a: I, b: I) -> I = _mm256_sub_epi32(a, b);
    mul(a: I, b: I) -> I = _mm256_mullo_epi32(a, b);
    min(a: I, b: I) -> I = _mm256_min_epi32(a, b);
    max(a: I, b: I) -> I = _mm256_max_epi32(a, b);
    and(a: I, b: I) -> I = _mm256_and_si256(a, b);
    shl<N>(a: I) -> I = _mm256_sllv_epi32(a, _mm256_set1_epi32(N as i32));
    shr<N>(a: I) -> I = _mm256_srlv_epi32(a, _mm256_set1_epi32(N as i32));
    sar<N>(a: I) -> I = _mm256_srav_epi32(a, _mm256_set1_epi32(N as i32));
    shl_by(a: I, b: I) -> I = _mm256_sllv_epi32(a, b);
    shr_by(a: I, b: I) -> I = _mm256_srlv_epi32(a, b);
    sar_by(a: I, b: I) -> I = _mm256_srav_epi32(a, b);
    gt(a: I, b: I) -> M = _mm256_cmpgt_epi32(a, b);
    select(m: M, yes: I, no: I) -> I = _mm256_blendv_epi8(no, yes, m);
    to_float(a: I) -> F = _mm256_cvtepi32_ps(a);
    to_int(a: F) -> I = _mm256_cvttps_epi32(a);
    bits(a: F) -> I = _mm256_castps_si256(a);
    of_bits(a: I) -> F = _mm256_castsi256_ps(a);
    fadd(a: F, b: F) -> F = _mm256_add_ps(a, b);
    fsub(a: F, b: F) -> F = _mm256_sub_ps(a, b);
    fmul(a: F, b: F) -> F = _mm256_mul_ps(a, b);
    fdiv(a: F, b: F) -> F = _mm256_div_ps(a, b);
    fgt(a: F, b: F) -> M = _mm256_castps_si256(_mm256_cmp_ps::<_CMP_GT_OQ>(a, b));
    fselect(m: M, yes: F, no: F) -> F = _mm256_blendv_ps(no, yes, _mm256_castsi256_ps(m));
    about_fma(a: F, b: F, c: F) -> F = _mm256_add_ps(_mm256_mul_ps(a, b), c);
    about_inverse(a: F) -> F = {
        let x = _mm256_rcp_ps(a);
        _mm256_mul_ps(x, _mm256_sub_ps(_mm256_set1_ps(2.0), _mm256_mul_ps(a, x)))
    };
}
