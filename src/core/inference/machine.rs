//! What instructions this processor has.

/// Instructions that this processor has. Results are the same with all.
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
    /// AVX-512 F, BW and VL.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// The same with VNNI.
    #[cfg(target_arch = "x86_64")]
    Vnni,
}

impl Machine {
    /// The fastest that this processor has.
    pub fn fastest() -> Machine {
        Self::all()[0]
    }

    /// All that this processor has, the fastest first.
    pub fn all() -> Vec<Machine> {
        let portable = (Instructions::Portable, true);
        #[cfg(target_arch = "x86_64")]
        let known = {
            let avx512 = is_x86_feature_detected!("avx512bw") && is_x86_feature_detected!("avx512vl");
            [
                (Instructions::Vnni, avx512 && is_x86_feature_detected!("avx512vnni")),
                (Instructions::Avx512, avx512),
                (Instructions::Avx2, is_x86_feature_detected!("avx2")),
                portable,
            ]
        };
        #[cfg(target_arch = "aarch64")]
        let known = [(Instructions::Neon, true), portable];
        #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
        let known = [portable];
        known.into_iter().filter(|k| k.1).map(|k| Machine(k.0)).collect()
    }

    /// What to use.
    pub fn instructions(self) -> Instructions {
        self.0
    }
}
