//! Rows side by side: integers and floats in the processor's vectors, or in arrays where it has none that we use.
//!
//! Two vectors of AVX-512 are enough that one's instructions fill the time in which the other's results are not there
//! yet.
//!
//! Compilers vectorise the mixtures badly by themselves (measured: four times slower than this).

#![allow(unsafe_code)] // measured SIMD code

use crate::inference::sizes::{TILE, Tile};
use crate::machine::sets;

macro_rules! operations {
    ($($(#[$doc:meta])* fn $name:ident$(<const $n:ident: u32>)?($($arg:ident: $type:ty),*) -> $result:ty;)*) => {
        /// Operations on [`TILE`] rows at once.
        ///
        /// # Safety
        /// All need a processor that has the vectors.
        #[allow(missing_docs, clippy::missing_safety_doc)] // the names say it
        pub trait Vector: Copy {
            type I: Copy;
            type F: Copy;
            type M: Copy;
            $($(#[$doc])* unsafe fn $name$(<const $n: u32>)?($($arg: $type),*) -> $result;)*
        }
    };
}

operations! {
    fn load(a: &Tile) -> Self::I;
    fn store(a: Self::I) -> Tile;
    fn splat(a: i32) -> Self::I;
    /// All integer arithmetic wraps around.
    fn add(a: Self::I, b: Self::I) -> Self::I;
    fn sub(a: Self::I, b: Self::I) -> Self::I;
    fn mul(a: Self::I, b: Self::I) -> Self::I;
    fn min(a: Self::I, b: Self::I) -> Self::I;
    fn max(a: Self::I, b: Self::I) -> Self::I;
    fn and(a: Self::I, b: Self::I) -> Self::I;
    fn shl<const N: u32>(a: Self::I) -> Self::I;
    /// Fills with zeros.
    fn shr<const N: u32>(a: Self::I) -> Self::I;
    /// Keeps the sign.
    fn sar<const N: u32>(a: Self::I) -> Self::I;
    fn shl_by(a: Self::I, b: Self::I) -> Self::I;
    fn shr_by(a: Self::I, b: Self::I) -> Self::I;
    fn sar_by(a: Self::I, b: Self::I) -> Self::I;
    fn gt(a: Self::I, b: Self::I) -> Self::M;
    fn select(m: Self::M, yes: Self::I, no: Self::I) -> Self::I;
    fn any(m: Self::M) -> bool;
    /// Entries of a table; the last one for indexes beyond it.
    fn gather(table: &[i32], index: Self::I) -> Self::I;
    fn to_float(a: Self::I) -> Self::F;
    /// Towards zero; anything where an `i32` cannot hold it.
    fn to_int(a: Self::F) -> Self::I;
    fn bits(a: Self::F) -> Self::I;
    fn of_bits(a: Self::I) -> Self::F;
    fn fadd(a: Self::F, b: Self::F) -> Self::F;
    fn fsub(a: Self::F, b: Self::F) -> Self::F;
    fn fmul(a: Self::F, b: Self::F) -> Self::F;
    fn fdiv(a: Self::F, b: Self::F) -> Self::F;
    fn fgt(a: Self::F, b: Self::F) -> Self::M;
    fn fselect(m: Self::M, yes: Self::F, no: Self::F) -> Self::F;
    /// a * b + c, rounded once or twice.
    fn about_fma(a: Self::F, b: Self::F, c: Self::F) -> Self::F;
    /// Nearly 1 / a.
    fn about_inverse(a: Self::F) -> Self::F;
}

/// A float in all rows.
///
/// # Safety
/// The processor has the vectors.
#[inline(always)]
pub unsafe fn float<V: Vector>(a: f32) -> V::F {
    // SAFETY: as the caller vouches
    unsafe { V::of_bits(V::splat(a.to_bits() as i32)) }
}

/// Arrays.
#[derive(Clone, Copy)]
pub struct Arrays;

macro_rules! arrays {
    ($($name:ident$(<$n:ident>)?($($arg:ident: $type:ty),*) -> $result:ty = |$r:ident| $one:expr;)*) => {
        $(#[inline(always)]
        unsafe fn $name$(<const $n: u32>)?($($arg: [$type; TILE]),*) -> [$result; TILE] {
            std::array::from_fn(|$r| $one)
        })*
    };
}

impl Vector for Arrays {
    type I = Tile;
    type F = [f32; TILE];
    type M = [bool; TILE];

    #[inline(always)]
    unsafe fn load(a: &Tile) -> Tile {
        *a
    }
    #[inline(always)]
    unsafe fn store(a: Tile) -> Tile {
        a
    }
    #[inline(always)]
    unsafe fn splat(a: i32) -> Tile {
        [a; TILE]
    }
    #[inline(always)]
    unsafe fn any(m: [bool; TILE]) -> bool {
        m.contains(&true)
    }
    #[inline(always)]
    unsafe fn gather(table: &[i32], index: Tile) -> Tile {
        index.map(|i| table[(i as u32 as usize).min(table.len() - 1)])
    }
    arrays! {
        add(a: i32, b: i32) -> i32 = |r| a[r].wrapping_add(b[r]);
        sub(a: i32, b: i32) -> i32 = |r| a[r].wrapping_sub(b[r]);
        mul(a: i32, b: i32) -> i32 = |r| a[r].wrapping_mul(b[r]);
        min(a: i32, b: i32) -> i32 = |r| a[r].min(b[r]);
        max(a: i32, b: i32) -> i32 = |r| a[r].max(b[r]);
        and(a: i32, b: i32) -> i32 = |r| a[r] & b[r];
        shl<N>(a: i32) -> i32 = |r| a[r] << N;
        shr<N>(a: i32) -> i32 = |r| (a[r] as u32 >> N) as i32;
        sar<N>(a: i32) -> i32 = |r| a[r] >> N;
        shl_by(a: i32, b: i32) -> i32 = |r| a[r] << b[r];
        shr_by(a: i32, b: i32) -> i32 = |r| (a[r] as u32 >> b[r]) as i32;
        sar_by(a: i32, b: i32) -> i32 = |r| a[r] >> b[r];
        gt(a: i32, b: i32) -> bool = |r| a[r] > b[r];
        select(m: bool, yes: i32, no: i32) -> i32 = |r| if m[r] { yes[r] } else { no[r] };
        to_float(a: i32) -> f32 = |r| a[r] as f32;
        to_int(a: f32) -> i32 = |r| a[r] as i32;
        bits(a: f32) -> i32 = |r| a[r].to_bits() as i32;
        of_bits(a: i32) -> f32 = |r| f32::from_bits(a[r] as u32);
        fadd(a: f32, b: f32) -> f32 = |r| a[r] + b[r];
        fsub(a: f32, b: f32) -> f32 = |r| a[r] - b[r];
        fmul(a: f32, b: f32) -> f32 = |r| a[r] * b[r];
        fdiv(a: f32, b: f32) -> f32 = |r| a[r] / b[r];
        fgt(a: f32, b: f32) -> bool = |r| a[r] > b[r];
        fselect(m: bool, yes: f32, no: f32) -> f32 = |r| if m[r] { yes[r] } else { no[r] };
        about_fma(a: f32, b: f32, c: f32) -> f32 = |r| a[r] * b[r] + c[r];
        about_inverse(a: f32) -> f32 = |r| 1.0 / a[r];
    }
}

/// Implements [`Vector`] by arrays of a processor's vectors.
macro_rules! vectors {
    (
        $(#[$doc:meta])* $name:ident, $lanes:literal, $i:ident, $f:ident, $m:ident,
        load $load:ident, store $store:ident, splat $splat:ident, min_unsigned $min:ident,
        gather |$table:ident, $index:ident| $gather:expr,
        any |$mask:ident| $any:expr,
        $($fn:ident$(<$n:ident>)?($($arg:ident: $type:ident),*) -> $result:ident = $one:expr;)*
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $name;

        impl Vector for $name {
            type I = [$i; TILE / $lanes];
            type F = [$f; TILE / $lanes];
            type M = [$m; TILE / $lanes];

            #[inline(always)]
            unsafe fn load(a: &Tile) -> Self::I {
                // SAFETY: the caller vouches for the processor; `a` has as many places as the vectors
                unsafe {
                    let mut out = [$splat(0); TILE / $lanes];
                    for (v, out) in out.iter_mut().enumerate() {
                        *out = $load(a.as_ptr().add(v * $lanes).cast());
                    }
                    out
                }
            }
            #[inline(always)]
            unsafe fn store(a: Self::I) -> Tile {
                let mut out = [0i32; TILE];
                for (v, &a) in a.iter().enumerate() {
                    // SAFETY: the caller vouches for the processor; `out` has as many places as the vectors
                    unsafe { $store(out.as_mut_ptr().add(v * $lanes).cast(), a) };
                }
                out
            }
            #[inline(always)]
            unsafe fn splat(a: i32) -> Self::I {
                // SAFETY: the caller vouches for the processor
                #[allow(unused_unsafe)] // where all processors have the vectors
                unsafe {
                    [$splat(a); TILE / $lanes]
                }
            }
            #[inline(always)]
            unsafe fn gather($table: &[i32], index: Self::I) -> Self::I {
                assert!(!$table.is_empty() && $table.len() <= i32::MAX as usize);
                let mut out = index;
                for out in &mut out {
                    // SAFETY: the caller vouches for the processor; no index is beyond the last
                    unsafe {
                        let $index = $min(*out, $splat($table.len() as i32 - 1));
                        *out = $gather;
                    }
                }
                out
            }
            #[inline(always)]
            unsafe fn any(m: Self::M) -> bool {
                let mut any = false;
                for $mask in m {
                    // SAFETY: the caller vouches for the processor
                    #[allow(unused_unsafe)]
                    unsafe {
                        any |= $any;
                    }
                }
                any
            }
            $(#[inline(always)]
            unsafe fn $fn$(<const $n: u32>)?($($arg: Self::$type),*) -> Self::$result {
                // SAFETY: the caller vouches for the processor
                #[allow(unused_unsafe)]
                unsafe {
                    let mut out = vectors!(@empty $result, $i, $f, $m, $splat, $lanes);
                    for (v, out) in out.iter_mut().enumerate() {
                        $(let $arg = $arg[v];)*
                        *out = $one;
                    }
                    out
                }
            })*
        }
    };
    (@empty I, $i:ident, $f:ident, $m:ident, $splat:ident, $lanes:literal) => { [$splat(0); TILE / $lanes] };
    (@empty F, $i:ident, $f:ident, $m:ident, $splat:ident, $lanes:literal) => {
        [std::mem::zeroed::<$f>(); TILE / $lanes]
    };
    (@empty M, $i:ident, $f:ident, $m:ident, $splat:ident, $lanes:literal) => {
        [std::mem::zeroed::<$m>(); TILE / $lanes]
    };
}

#[cfg(target_arch = "aarch64")]
mod neon;
#[cfg(target_arch = "x86_64")]
mod x86;

/// The vectors of a set of instructions.
pub trait Vectors {
    /// What has the operations.
    type Vector: Vector;
}

impl Vectors for sets::Portable {
    type Vector = Arrays;
}

#[cfg(target_arch = "aarch64")]
impl Vectors for sets::Neon {
    type Vector = neon::Of128Bits;
}

#[cfg(target_arch = "x86_64")]
impl Vectors for sets::Avx2 {
    type Vector = x86::Of256Bits;
}

#[cfg(target_arch = "x86_64")]
impl Vectors for sets::Avx512 {
    type Vector = x86::Of512Bits;
}

#[cfg(target_arch = "x86_64")]
impl Vectors for sets::Vnni {
    type Vector = x86::Of512Bits;
}
