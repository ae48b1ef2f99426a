//! Vectors of NEON, which every 64-bit ARM processor has.

use super::Vector;
use crate::inference::sizes::{TILE, Tile};
use std::arch::aarch64::*;

vectors! {
    /// NEON.
    Of128Bits, 4, int32x4_t, float32x4_t, uint32x4_t,
    load vld1q_s32, store vst1q_s32, splat vdupq_n_s32, min_unsigned min_unsigned,
    gather |table, index| lookup(table, index),
    any |m| vmaxvq_u32(m) != 0,
    add(a: I, b: I) -> I = vaddq_s32(a, b);
    sub(a: I, b: I) -> I = vsubq_s32(a, b);
    mul(a: I, b: I) -> I = vmulq_s32(a, b);
    min(a: I, b: I) -> I = vminq_s32(a, b);
    max(a: I, b: I) -> I = vmaxq_s32(a, b);
    and(a: I, b: I) -> I = vandq_s32(a, b);
    shl<N>(a: I) -> I = vshlq_s32(a, vdupq_n_s32(N as i32));
    // there are only shifts to the left, by negative numbers too
    shr<N>(a: I) -> I = vreinterpretq_s32_u32(vshlq_u32(vreinterpretq_u32_s32(a), vdupq_n_s32(-(N as i32))));
    sar<N>(a: I) -> I = vshlq_s32(a, vdupq_n_s32(-(N as i32)));
    shl_by(a: I, b: I) -> I = vshlq_s32(a, b);
    shr_by(a: I, b: I) -> I = vreinterpretq_s32_u32(vshlq_u32(vreinterpretq_u32_s32(a), vnegq_s32(b)));
    sar_by(a: I, b: I) -> I = vshlq_s32(a, vnegq_s32(b));
    gt(a: I, b: I) -> M = vcgtq_s32(a, b);
    select(m: M, yes: I, no: I) -> I = vbslq_s32(m, yes, no);
    to_float(a: I) -> F = vcvtq_f32_s32(a);
    to_int(a: F) -> I = vcvtq_s32_f32(a);
    bits(a: F) -> I = vreinterpretq_s32_f32(a);
    of_bits(a: I) -> F = vreinterpretq_f32_s32(a);
    fadd(a: F, b: F) -> F = vaddq_f32(a, b);
    fsub(a: F, b: F) -> F = vsubq_f32(a, b);
    fmul(a: F, b: F) -> F = vmulq_f32(a, b);
    fdiv(a: F, b: F) -> F = vdivq_f32(a, b);
    fgt(a: F, b: F) -> M = vcgtq_f32(a, b);
    fselect(m: M, yes: F, no: F) -> F = vbslq_f32(m, yes, no);
    about_fma(a: F, b: F, c: F) -> F = vfmaq_f32(c, a, b);
    about_inverse(a: F) -> F = {
        // 8 bits, and two steps of Newton's
        let x = vrecpeq_f32(a);
        let x = vmulq_f32(x, vrecpsq_f32(a, x));
        vmulq_f32(x, vrecpsq_f32(a, x))
    };
}

#[inline(always)]
fn min_unsigned(a: int32x4_t, b: int32x4_t) -> int32x4_t {
    // SAFETY: every processor of the target has NEON
    #[allow(unused_unsafe)]
    unsafe {
        vreinterpretq_s32_u32(vminq_u32(vreinterpretq_u32_s32(a), vreinterpretq_u32_s32(b)))
    }
}

/// NEON has no gather. No index is beyond the table.
#[inline(always)]
fn lookup(table: &[i32], index: int32x4_t) -> int32x4_t {
    let mut places = [0; 4];
    // SAFETY: every processor of the target has NEON; there are as many places as the vector has
    unsafe {
        vst1q_s32(places.as_mut_ptr(), index);
        let found = places.map(|place| table[place as usize]);
        vld1q_s32(found.as_ptr())
    }
}
