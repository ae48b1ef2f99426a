//! What the codec needs to know of a value type: its bits, its order, and ROOT's big-endian basket bytes.

use crate::machine::for_each_set;
use serde::{Deserialize, Serialize};

/// Value type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // the names say it: kind and width
pub enum ValueType {
    F32,
    F64,
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    I64,
    U64,
}

impl ValueType {
    /// All types; a type's place in this list is its code in blocks and in the C ABI (counted from 1 there).
    pub const ALL: [ValueType; 10] = {
        use ValueType::*;
        [F32, F64, I8, U8, I16, U16, I32, U32, I64, U64]
    };

    /// Bytes of one value.
    pub fn size(self) -> usize {
        use ValueType::*;
        match self {
            I8 | U8 => 1,
            I16 | U16 => 2,
            F32 | I32 | U32 => 4,
            F64 | I64 | U64 => 8,
        }
    }

    /// Whether values are floating point: only these are ever changed by a bound.
    pub fn is_float(self) -> bool {
        matches!(self, ValueType::F32 | ValueType::F64)
    }
}

/// Calls a generic function with the Rust type of a [`ValueType`]: `with_type!(t, T => f::<T>(x))`.
#[macro_export]
macro_rules! with_type {
    ($type:expr, $t:ident => $body:expr) => {
        match $type {
            $crate::values::value::ValueType::F32 => {
                type $t = f32;
                $body
            }
            $crate::values::value::ValueType::F64 => {
                type $t = f64;
                $body
            }
            $crate::values::value::ValueType::I8 => {
                type $t = i8;
                $body
            }
            $crate::values::value::ValueType::U8 => {
                type $t = u8;
                $body
            }
            $crate::values::value::ValueType::I16 => {
                type $t = i16;
                $body
            }
            $crate::values::value::ValueType::U16 => {
                type $t = u16;
                $body
            }
            $crate::values::value::ValueType::I32 => {
                type $t = i32;
                $body
            }
            $crate::values::value::ValueType::U32 => {
                type $t = u32;
                $body
            }
            $crate::values::value::ValueType::I64 => {
                type $t = i64;
                $body
            }
            $crate::values::value::ValueType::U64 => {
                type $t = u64;
                $body
            }
        }
    };
}

/// A number of a basket, its bits widened to `u64` so that one piece of code serves all types.
pub trait Value: Copy + Default + PartialEq + pco::data_types::Number + 'static {
    /// The type as data.
    const TYPE: ValueType;
    /// Explicit mantissa bits; 0 for integers.
    const MANTISSA: u32;
    /// The raw bits.
    fn bits(self) -> u64;
    /// From raw bits; those above the type's width are ignored.
    fn from_bits64(bits: u64) -> Self;
    /// An integer that is monotone in the value, one for each bit pattern. (Integers above 2^63 wrap around.)
    fn ordered(self) -> i64;
    /// Inverse of `ordered`; total.
    fn from_ordered(q: i64) -> Self;
    /// Exact for floats and for integers up to 2^53.
    fn to_f64(self) -> f64;
    /// Rounding to nearest even for floats, truncating for integers.
    fn from_f64(v: f64) -> Self;
    /// The one NaN of predictions: quiet, with the sign set, as x86 makes it of two infinities. Which bits a NaN has is
    /// up to the processor and the compiler, and they decide where it lies on an axis. Integers have 0.
    const PREDICTED_NAN: Self;
    /// One value of a ROOT basket. `bytes` has exactly the type's size.
    fn from_be(bytes: &[u8]) -> Self;
    /// Inverse of `from_be`.
    fn write_be(self, bytes: &mut [u8]);
}

macro_rules! value {
    ($t:ty, $type:ident, $mantissa:expr, $nan:expr, $bits:expr, $from_bits:expr, $ordered:expr, $from_ordered:expr) => {
        impl Value for $t {
            const TYPE: ValueType = ValueType::$type;
            const MANTISSA: u32 = $mantissa;
            const PREDICTED_NAN: Self = $nan;
            #[inline(always)]
            fn bits(self) -> u64 {
                $bits(self)
            }
            #[inline(always)]
            fn from_bits64(bits: u64) -> Self {
                $from_bits(bits)
            }
            #[inline(always)]
            fn ordered(self) -> i64 {
                $ordered(self)
            }
            #[inline(always)]
            fn from_ordered(q: i64) -> Self {
                $from_ordered(q)
            }
            #[inline(always)]
            fn to_f64(self) -> f64 {
                self as f64
            }
            #[inline(always)]
            fn from_f64(v: f64) -> Self {
                v as Self
            }
            #[inline(always)]
            fn from_be(bytes: &[u8]) -> Self {
                let mut b = [0; size_of::<$t>()];
                b.copy_from_slice(bytes);
                Self::from_be_bytes(b)
            }
            #[inline(always)]
            fn write_be(self, bytes: &mut [u8]) {
                bytes.copy_from_slice(&self.to_be_bytes());
            }
        }
    };
}

// Floats: sign and magnitude become an integer; negative values are -1 - magnitude, so that -0.0 and 0.0 differ.
macro_rules! float {
    ($t:ty, $type:ident, $mantissa:expr, $nan:expr, $bits:ty, $signed:ty) => {
        value!(
            $t,
            $type,
            $mantissa,
            <$t>::from_bits($nan),
            |v: $t| u64::from(v.to_bits()),
            |bits: u64| <$t>::from_bits(bits as $bits),
            |v: $t| {
                let bits = v.to_bits() as $signed;
                i64::from(if bits < 0 { !(bits & <$signed>::MAX) } else { bits })
            },
            |q: i64| {
                let magnitude = (if q < 0 { !q } else { q }) as $signed & <$signed>::MAX;
                <$t>::from_bits((if q < 0 { magnitude | <$signed>::MIN } else { magnitude }) as $bits)
            }
        );
    };
}
float!(f32, F32, 23, 0xffc0_0000, u32, i32);
float!(f64, F64, 52, 0xfff8_0000_0000_0000, u64, i64);

macro_rules! integer {
    ($($t:ty, $type:ident;)*) => {
        $(value!($t, $type, 0, 0, |v: $t| v as u64, |bits: u64| bits as $t, |v: $t| v as i64, |q: i64| q as $t);)*
    };
}
integer! { i8, I8; u8, U8; i16, I16; u16, U16; i32, I32; u32, U32; i64, I64; u64, U64; }

for_each_set! {
    /// Basket bytes to values; trailing bytes that make no whole value are ignored.
    pub fn values_from_be<V: Value>(bytes: &[u8]) -> Vec<V> {
        bytes.chunks_exact(size_of::<V>()).map(V::from_be).collect()
    }
}

for_each_set! {
    /// Values to basket bytes; `out` has `values.len()` times the size of a value.
    pub fn write_be<V: Value>(values: &[V], out: &mut [u8]) {
        for (v, b) in values.iter().zip(out.chunks_exact_mut(size_of::<V>())) {
            v.write_be(b);
        }
    }
}

/// Values to basket bytes.
pub fn values_to_be<V: Value>(values: &[V]) -> Vec<u8> {
    let mut out = vec![0; size_of_val(values)];
    write_be(values, &mut out);
    out
}

for_each_set! {
    /// Native values to basket bytes or back, in place: the same as reversing each of them on little-endian machines.
    /// `bytes` are values of `size` bytes; trailing bytes that make no whole value stay as they are.
    pub fn swap(bytes: &mut [u8], size: usize) {
        if cfg!(target_endian = "big") {
            return;
        }
        match size {
            2 => reverse::<2>(bytes),
            4 => reverse::<4>(bytes),
            8 => reverse::<8>(bytes),
            _ => {}
        }
    }
}

#[inline(always)]
fn reverse<const N: usize>(bytes: &mut [u8]) {
    for value in bytes.as_chunks_mut::<N>().0 {
        value.reverse();
    }
}
