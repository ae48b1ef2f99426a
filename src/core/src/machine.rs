//! What instructions this processor has.

/// Instructions that this processor has. Results are the same with all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Machine(Instructions);

/// The sets of instructions for which there is code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it
pub enum Instructions {
    Portable,
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
        let mut all = vec![Machine(Instructions::Portable)];
        #[cfg(target_arch = "x86_64")]
        {
            let avx512 = is_x86_feature_detected!("avx512bw") && is_x86_feature_detected!("avx512vl");
            let found = [
                (Instructions::Avx2, is_x86_feature_detected!("avx2")),
                (Instructions::Avx512, avx512),
                (Instructions::Vnni, avx512 && is_x86_feature_detected!("avx512vnni")),
            ];
            found.into_iter().filter(|f| f.1).for_each(|f| all.insert(0, Machine(f.0)));
        }
        all
    }

    /// What to use.
    pub fn instructions(self) -> Instructions {
        self.0
    }
}
