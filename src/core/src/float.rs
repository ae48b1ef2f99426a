//! What the codec needs to know of `f32` and `f64`: their bits, and ROOT's big-endian basket bytes.

use serde::{Deserialize, Serialize};

/// Value type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FloatType {
    /// IEEE 754 binary32 (`Float_t`, leaf type `F`).
    F32,
    /// IEEE 754 binary64 (`Double_t`, leaf type `D`).
    F64,
}

impl FloatType {
    /// Bytes of one value.
    pub fn size(self) -> usize {
        match self {
            FloatType::F32 => 4,
            FloatType::F64 => 8,
        }
    }
}

/// `f32` or `f64`, with bits widened to `u64` so that one piece of code serves both.
pub trait Float: Copy + PartialEq + pco::data_types::Number + 'static {
    /// The type as data.
    const TYPE: FloatType;
    /// Explicit mantissa bits.
    const MANTISSA: u32;
    /// Bit of the sign.
    const SIGN: u64;
    /// IEEE bits.
    fn bits(self) -> u64;
    /// From IEEE bits (upper half ignored for f32).
    fn from_bits64(bits: u64) -> Self;
    /// Exact widening.
    fn to_f64(self) -> f64;
    /// Rounding to nearest even.
    fn from_f64(v: f64) -> Self;
    /// One value of a ROOT basket. `bytes` has exactly `size` bytes.
    fn from_be(bytes: &[u8]) -> Self;
    /// Inverse of `from_be`.
    fn write_be(self, bytes: &mut [u8]);
}

macro_rules! float {
    ($t:ty, $ty:expr, $mantissa:expr, $bits:ty) => {
        impl Float for $t {
            const TYPE: FloatType = $ty;
            const MANTISSA: u32 = $mantissa;
            const SIGN: u64 = 1 << (<$bits>::BITS - 1);
            #[inline(always)]
            fn bits(self) -> u64 {
                u64::from(self.to_bits())
            }
            #[inline(always)]
            fn from_bits64(bits: u64) -> Self {
                Self::from_bits(bits as $bits)
            }
            #[inline(always)]
            fn to_f64(self) -> f64 {
                f64::from(self)
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
float!(f32, FloatType::F32, 23, u32);
float!(f64, FloatType::F64, 52, u64);

/// Basket bytes to values; trailing bytes that make no whole value are ignored.
pub fn values_from_be<F: Float>(bytes: &[u8]) -> Vec<F> {
    bytes.chunks_exact(size_of::<F>()).map(F::from_be).collect()
}

/// Values to basket bytes; `out` has `values.len()` times the size of a value.
pub fn write_be<F: Float>(values: &[F], out: &mut [u8]) {
    for (v, b) in values.iter().zip(out.chunks_exact_mut(size_of::<F>())) {
        v.write_be(b);
    }
}

/// Values to basket bytes.
pub fn values_to_be<F: Float>(values: &[F]) -> Vec<u8> {
    let mut out = vec![0; size_of_val(values)];
    write_be(values, &mut out);
    out
}
