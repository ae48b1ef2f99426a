//! Nasty values of every type.

use proptest::prelude::*;
use rootbaler::values::value::Value;

/// Columns that mix smooth numbers, repeated values and every kind of special bit pattern.
pub fn adversarial<V: Value + std::fmt::Debug>() -> impl Strategy<Value = Vec<V>> {
    let special = prop_oneof![
        Just(0.0),
        Just(-0.0),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
        Just(f64::NAN),
        Just(1e-310),
        Just(-1e-42),
        Just(f64::MAX),
        Just(f64::from(f32::MAX)),
        Just(-999.0),
        Just(1.0),
        Just(f64::from(f32::MIN_POSITIVE)),
        Just(16777216.0),
        Just(0.1),
    ];
    let value = prop_oneof![
        6 => (-10.0..10.0f64).prop_map(|x| V::from_f64(x).bits()),
        2 => special.prop_map(|x| V::from_f64(x).bits()),
        1 => any::<u64>(),
        1 => (-1e6..1e6f64).prop_map(|x| V::from_f64(x).bits()),
    ];
    prop::collection::vec(value.prop_map(V::from_bits64), 1..300)
}
