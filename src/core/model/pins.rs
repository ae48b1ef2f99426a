//! Pins: often-repeated values that are no lattice points and must come back bit-exact.

use crate::values::bound::Bound;
use crate::values::quantiser::{Lattice, Pin, Quantiser};
use crate::values::value::Value;
use std::ops::RangeInclusive;

/// A value is often repeated if this share of the rows has it, at least so many of them.
const REPEATED: f64 = 0.002;
const LEAST: usize = 5;
const MAX_PINS: usize = 16;
/// What a pin may cost, in bits for each repetition: of any value, of an integer, as such are compared with, and of a
/// value that is an exception without.
const PIN_BITS: f64 = 0.25;
const PIN_BITS_INTEGER: f64 = 16.0;
const PIN_BITS_EXCEPTION: f64 = 48.0;

/// Often-repeated values that shall come back exactly; those that are not `ordinary` among them.
pub fn find<V: Value>(lattice: Lattice, values: &[V], ordinary: &RangeInclusive<f64>) -> Vec<Pin> {
    if !matches!(lattice, Lattice::Abs { .. } | Lattice::Dithered { .. } | Lattice::Bits(_)) {
        return Vec::new();
    }
    let bare = Quantiser { lattice, pins: Vec::new() };
    // what the lattice cannot hold is an exception without a pin, however seldom it is, and so is a zero that would be
    // dithered; and sentinels are compared with
    let held = |bits: u64| {
        let value = [V::from_bits64(bits)];
        let point = bare.nearest(&value)[0];
        let mut plain = value;
        bare.reconstruct(&[point], &mut plain);
        let exact = value[0].to_f64();
        let is_held = bare.bound().holds(exact, bits, plain[0].to_f64(), plain[0].bits());
        let is_moved = exact == 0.0 && matches!(lattice, Lattice::Dithered { .. });
        (point, plain, is_held && !is_moved && ordinary.contains(&exact))
    };
    let mut repeated: Vec<(bool, usize, u64)> = Vec::new();
    let mut bits: Vec<u64> = values.iter().map(|v| v.bits()).collect();
    bits.sort_unstable();
    let often = LEAST.max((values.len() as f64 * REPEATED) as usize);
    for run in bits.chunk_by(|a, b| a == b).filter(|run| run.len() >= LEAST) {
        let is_finite = V::from_bits64(run[0]).to_f64().is_finite();
        let is_held = held(run[0]).2;
        if is_finite && (!is_held || run.len() >= often) {
            repeated.push((is_held, run.len(), run[0]));
        }
    }
    let points = bare.nearest(values);
    repeated.sort_by_key(|&(is_held, n, _)| (is_held, std::cmp::Reverse(n)));
    let mut pins: Vec<Pin> = Vec::new();
    for (is_held, repetitions, bits) in repeated.into_iter().take(4 * MAX_PINS) {
        if pins.len() == MAX_PINS {
            break;
        }
        let value = [V::from_bits64(bits)];
        let (point, plain, _) = held(bits);
        // dithering would move a value that is a lattice point, too
        let is_point = plain[0].bits() == bits && !matches!(lattice, Lattice::Dithered { .. });
        if is_point || pins.iter().any(|p| p.lattice == point) {
            continue;
        }
        let lost = lost_to(bare.bound(), value[0], point, values, &points);
        let cost = (8 * (size_of::<V>() + 3 + lost * (size_of::<V>() + 2))) as f64;
        let allowed = match is_held {
            false => PIN_BITS_EXCEPTION,
            true if value[0].to_f64().fract() == 0.0 => PIN_BITS_INTEGER,
            true => PIN_BITS,
        };
        if cost <= repetitions as f64 * allowed {
            pins.push(Pin { lattice: point, bits });
        }
    }
    pins.sort_by_key(|p| p.lattice);
    pins
}

/// Values that a pin at `point` would make exceptions.
fn lost_to<V: Value>(bound: Bound, pin: V, point: i64, values: &[V], points: &[i64]) -> usize {
    let near = points.iter().zip(values).filter(|&(&q, _)| q == point);
    near.filter(|&(_, v)| !bound.holds(v.to_f64(), v.bits(), pin.to_f64(), pin.bits())).count()
}
