//! What instructions this processor has, and the one place that chooses among code compiled for each set of them.
//!
//! Results are the same with all: what is different is how many numbers one instruction takes.

/// Instructions that this processor has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Machine(Instructions);

/// The sets of instructions for which there is code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it
pub enum Instructions {
    Portable,
    #[cfg(target_arch = "aarch64")]
    Neon,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX-512 F, BW, DQ and VL.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// The same with VNNI.
    #[cfg(target_arch = "x86_64")]
    Vnni,
}

/// The same sets as types, so that code can be chosen by what traits say of them.
pub mod sets {
    /// What every processor has.
    pub struct Portable;
    /// NEON, which every 64-bit ARM processor has.
    #[cfg(target_arch = "aarch64")]
    pub struct Neon;
    /// AVX2.
    #[cfg(target_arch = "x86_64")]
    pub struct Avx2;
    /// AVX-512 F, BW, DQ and VL.
    #[cfg(target_arch = "x86_64")]
    pub struct Avx512;
    /// The same with VNNI.
    #[cfg(target_arch = "x86_64")]
    pub struct Vnni;
}

impl Machine {
    /// The fastest that this processor has.
    pub fn fastest() -> Machine {
        Self::all().next().unwrap_or(Machine(Instructions::Portable))
    }

    /// All that this processor has, the fastest first and the portable one last.
    pub fn all() -> impl Iterator<Item = Machine> {
        let portable = (Instructions::Portable, true);
        #[cfg(target_arch = "x86_64")]
        let known = {
            let wide = is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl");
            [
                (Instructions::Vnni, wide && is_x86_feature_detected!("avx512vnni")),
                (Instructions::Avx512, wide),
                (Instructions::Avx2, is_x86_feature_detected!("avx2")),
                portable,
            ]
        };
        #[cfg(target_arch = "aarch64")]
        let known = [(Instructions::Neon, true), portable];
        #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
        let known = [portable];
        known.into_iter().filter(|k| k.1).map(|k| Machine(k.0))
    }

    /// What to use.
    pub fn instructions(self) -> Instructions {
        self.0
    }
}

/// Functions compiled for each set of instructions, of which the one that fits is called.
///
/// `fn f<S>(machine: Machine, ...)` runs for a given machine, and `S` is its set in the body, which may use what needs
/// its instructions. `fn f(...)` runs for the fastest there is, in safe code that compilers make vectors of.
macro_rules! for_each_set {
    (
        $(#[$meta:meta])*
        $vis:vis fn $name:ident<$set:ident>($machine:ident: Machine $(, $arg:ident: $type:ty)* $(,)?) $(-> $result:ty)?
        $body:block
    ) => {
        $(#[$meta])*
        #[allow(unsafe_code)] // calls what needs instructions of the processor
        $vis fn $name($machine: $crate::machine::Machine $(, $arg: $type)*) $(-> $result)? {
            use $crate::machine::{Instructions, sets};
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
            fn vnni($($arg: $type),*) $(-> $result)? {
                type $set = sets::Vnni;
                $body
            }
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
            fn avx512($($arg: $type),*) $(-> $result)? {
                type $set = sets::Avx512;
                $body
            }
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2")]
            fn avx2($($arg: $type),*) $(-> $result)? {
                type $set = sets::Avx2;
                $body
            }
            #[cfg(target_arch = "aarch64")]
            fn neon($($arg: $type),*) $(-> $result)? {
                type $set = sets::Neon;
                $body
            }
            fn portable($($arg: $type),*) $(-> $result)? {
                type $set = sets::Portable;
                $body
            }
            match $machine.instructions() {
                // SAFETY: the machine tells what the processor has; so below
                #[cfg(target_arch = "x86_64")]
                Instructions::Vnni => unsafe { vnni($($arg),*) },
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx512 => unsafe { avx512($($arg),*) },
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx2 => unsafe { avx2($($arg),*) },
                #[cfg(target_arch = "aarch64")]
                Instructions::Neon => neon($($arg),*),
                Instructions::Portable => portable($($arg),*),
            }
        }
    };
    (
        $(#[$meta:meta])*
        $vis:vis fn $name:ident$(<$value:ident: $bound:path>)?($($arg:ident: $type:ty),* $(,)?) $(-> $result:ty)?
        $body:block
    ) => {
        $(#[$meta])*
        $vis fn $name$(<$value: $bound>)?($($arg: $type),*) $(-> $result)? {
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
            fn avx512$(<$value: $bound>)?($($arg: $type),*) $(-> $result)? $body
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2")]
            fn avx2$(<$value: $bound>)?($($arg: $type),*) $(-> $result)? $body
            fn portable$(<$value: $bound>)?($($arg: $type),*) $(-> $result)? $body
            #[allow(unsafe_code)] // the machine tells what the processor has
            match $crate::machine::Machine::fastest().instructions() {
                // SAFETY: as above
                #[cfg(target_arch = "x86_64")]
                $crate::machine::Instructions::Vnni | $crate::machine::Instructions::Avx512 => unsafe {
                    avx512($($arg),*)
                },
                #[cfg(target_arch = "x86_64")]
                $crate::machine::Instructions::Avx2 => unsafe { avx2($($arg),*) },
                _ => portable($($arg),*),
            }
        }
    };
}
pub(crate) use for_each_set;
