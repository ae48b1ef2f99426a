//! The kernel of NEON: it multiplies one number of each pair for four rows, widens and adds, in one instruction. So the
//! two of a pair are taken apart first, once for all units.

use super::{Kernel, UNITS, Weights};
use crate::inference::sizes::{TILE, Tile};
use crate::machine::sets::Neon;
use std::arch::aarch64::*;

/// Rows in a vector of sums.
const LANES: usize = 4;
/// Vectors of rows that are summed at once: sums of all units and inputs fit in 32 registers.
const VECTORS: usize = 4;

impl Kernel for Neon {
    #[inline(always)]
    unsafe fn add(weights: &[Weights], inputs: &[Tile], sums: &mut [Tile; UNITS]) {
        for first in (0..TILE).step_by(LANES * VECTORS) {
            // SAFETY: every processor of the target has NEON; all places are within tiles
            unsafe {
                let mut total = [[vdupq_n_s32(0); VECTORS]; UNITS];
                for (total, sums) in total.iter_mut().zip(sums.iter()) {
                    for (v, total) in total.iter_mut().enumerate() {
                        *total = vld1q_s32(sums.as_ptr().add(first + v * LANES));
                    }
                }
                for (weights, inputs) in weights.iter().zip(inputs) {
                    let w = vreinterpretq_s16_s32(vld1q_s32(weights.as_ptr()));
                    for v in (0..VECTORS).step_by(2) {
                        let pairs = inputs.as_ptr().add(first + v * LANES);
                        let a = vreinterpretq_s16_s32(vld1q_s32(pairs));
                        let b = vreinterpretq_s16_s32(vld1q_s32(pairs.add(LANES)));
                        let x = [vuzp1q_s16(a, b), vuzp2q_s16(a, b)];
                        unit::<0, 1>(&mut total[0][v..], x, w);
                        unit::<2, 3>(&mut total[1][v..], x, w);
                        unit::<4, 5>(&mut total[2][v..], x, w);
                        unit::<6, 7>(&mut total[3][v..], x, w);
                    }
                }
                for (total, sums) in total.iter().zip(sums.iter_mut()) {
                    for (v, &total) in total.iter().enumerate() {
                        vst1q_s32(sums.as_mut_ptr().add(first + v * LANES), total);
                    }
                }
            }
        }
    }
}

/// Adds the products of one unit, for the eight rows of two vectors of sums: the numbers of their pairs are in `x`,
/// apart, and the unit's weights for them in two places of `w`.
#[inline(always)]
fn unit<const FIRST: i32, const SECOND: i32>(total: &mut [int32x4_t], x: [int16x8_t; 2], w: int16x8_t) {
    // SAFETY: every processor of the target has NEON
    #[allow(unused_unsafe)]
    unsafe {
        total[0] = vmlal_laneq_s16::<FIRST>(total[0], vget_low_s16(x[0]), w);
        total[1] = vmlal_high_laneq_s16::<FIRST>(total[1], x[0], w);
        total[0] = vmlal_laneq_s16::<SECOND>(total[0], vget_low_s16(x[1]), w);
        total[1] = vmlal_high_laneq_s16::<SECOND>(total[1], x[1], w);
    }
}
