//! The error bound that a user chooses for a branch.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How far a value may move. The text form is what users write: `lossless`, `abs=0.01`, `bits=10`, `rel-sigma=1e-3`,
/// `abs=0.01,dither`, `rel-sigma=1e-3,dither`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Bound {
    /// Every bit comes back.
    Lossless,
    /// |x - x'| <= e, in the units of the branch.
    Abs(f64),
    /// k explicit mantissa bits are kept, rounded to nearest even: |x - x'| <= |x| * 2^-(k+1).
    Bits(u8),
    /// `Abs(r * standard deviation)`; resolved once, when a model is made.
    RelSigma(f64),
    /// `Abs`, and decoded values are spread over their lattice cells: no combs in fine histograms, for one bit a value.
    AbsDither(f64),
    /// `AbsDither(r * standard deviation)`.
    RelSigmaDither(f64),
}

const DITHER: &str = ",dither";
const BEYOND: &str = "the number is too large or too small for the arithmetic; abs=E can be 1e-308 to 8e307";

/// A step hardly smaller, of which blocks store half the bytes.
pub fn short(step: f64) -> f64 {
    const MANTISSA_LEFT_OUT: u32 = 36;
    f64::from_bits(step.to_bits() >> MANTISSA_LEFT_OUT << MANTISSA_LEFT_OUT)
}

/// Whether values can be counted in such steps: both directions are multiplications.
pub fn is_step(step: f64) -> bool {
    step > 0.0 && step.is_finite() && (1.0 / step).is_finite()
}

impl Bound {
    /// Whether `decoded` is close enough to `original` (both given as f64 and as their raw bits).
    ///
    /// Bit-identical values always hold; NaN, infinities and zeros of either sign hold only if bit-identical.
    /// Multiples of sigma must be resolved first and never hold for a changed value.
    pub fn holds(&self, original: f64, original_bits: u64, decoded: f64, decoded_bits: u64) -> bool {
        if original_bits == decoded_bits {
            return true;
        }
        if !original.is_finite() || !decoded.is_finite() || original == 0.0 {
            return false;
        }
        let error = (original - decoded).abs();
        !matches!(self, Bound::Lossless | Bound::RelSigma(_) | Bound::RelSigmaDither(_))
            && error <= self.allowed(original)
    }

    /// Distance of the lattice points that keep it where no sample is at hand; None if it has no such lattice.
    pub fn step(&self) -> Option<f64> {
        match *self {
            // a little below 2 * bound: room for the rounding of the reconstruction to f32 up to 2^13 lattice points
            Bound::Abs(e) => Some(short(2.0 * e * (1.0 - 1.0 / 1024.0))),
            Bound::AbsDither(e) => Some(short(e * (1.0 - 1.0 / 1024.0))),
            _ => None,
        }
    }

    /// Fails with `BadArgument` where readers would refuse the lattice.
    pub fn check(&self) -> Result<()> {
        match self.step() {
            Some(step) if !is_step(step) => Err(Error::BadArgument(format!("bound {self}: {BEYOND}"))),
            _ => Ok(()),
        }
    }

    /// How far this value may move; 0 for multiples of sigma, which must be resolved first.
    pub fn allowed(&self, original: f64) -> f64 {
        match *self {
            Bound::Lossless | Bound::RelSigma(_) | Bound::RelSigmaDither(_) => 0.0,
            Bound::Abs(e) | Bound::AbsDither(e) => e,
            Bound::Bits(k) => original.abs() * 0.5f64.powi(i32::from(k) + 1),
        }
    }
}

impl FromStr for Bound {
    type Err = Error;

    /// Fails with `BadArgument` for anything but a positive finite number (or 0..=52 bits), and for one whose lattice
    /// cannot be counted in.
    fn from_str(spec: &str) -> Result<Self> {
        let bad = |why: &str| {
            Error::BadArgument(format!(
                "bound '{spec}': {why}; use lossless, abs=E, bits=K or rel-sigma=R, for example rel-sigma=1e-3"
            ))
        };
        if spec == "lossless" {
            return Ok(Bound::Lossless);
        }
        let (kind, number) = spec.split_once('=').ok_or_else(|| bad("not a bound"))?;
        let (number, dither) = number.strip_suffix(DITHER).map_or((number, false), |number| (number, true));
        let positive = || match number.parse::<f64>() {
            Ok(v) if v.is_finite() && v > 0.0 => Ok(v),
            Ok(_) => Err(bad("the number must be finite and greater than 0")),
            Err(_) => Err(bad("not a number")),
        };
        let bound = match kind {
            "abs" if dither => Ok(Bound::AbsDither(positive()?)),
            "rel-sigma" if dither => Ok(Bound::RelSigmaDither(positive()?)),
            _ if dither => Err(bad("only abs=E and rel-sigma=R can be dithered")),
            "abs" => Ok(Bound::Abs(positive()?)),
            "rel-sigma" => Ok(Bound::RelSigma(positive()?)),
            "bits" => match number.parse::<u8>() {
                Ok(k) if k <= 52 => Ok(Bound::Bits(k)),
                _ => Err(bad("the number of mantissa bits must be 0 to 52")),
            },
            _ => Err(bad("unknown kind")),
        }?;
        bound.check().map(|()| bound)
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Bound::Lossless => write!(f, "lossless"),
            Bound::Abs(e) => write!(f, "abs={e}"),
            Bound::Bits(k) => write!(f, "bits={k}"),
            Bound::RelSigma(r) => write!(f, "rel-sigma={r}"),
            Bound::AbsDither(e) => write!(f, "abs={e}{DITHER}"),
            Bound::RelSigmaDither(r) => write!(f, "rel-sigma={r}{DITHER}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trips() {
        for text in ["lossless", "abs=0.25", "bits=10", "rel-sigma=0.001", "abs=0.25,dither", "rel-sigma=0.001,dither"]
        {
            assert_eq!(text.parse::<Bound>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "abs",
            "abs=",
            "abs=0",
            "abs=-1",
            "abs=nan",
            "abs=inf",
            "bits=53",
            "bits=-1",
            "bits=1.5",
            "rel-sigma=0",
            "rel-sigma=-0",
            "sigma=1",
            "Lossless",
            "bits=10,dither",
            "abs=,dither",
            "abs=0,dither",
            "abs=1,dithered",
        ] {
            assert!(matches!(text.parse::<Bound>(), Err(Error::BadArgument(_))), "{text}");
        }
    }

    #[test]
    fn steps_that_cannot_be_counted_in_are_refused() {
        for text in
            ["abs=1e-320", "abs=2.7e-309", "abs=9.1e307", "abs=1.7e308", "abs=5e-309,dither", "abs=5e-324,dither"]
        {
            let Err(Error::BadArgument(why)) = text.parse::<Bound>() else { panic!("{text}") };
            assert!(why.contains("1e-308 to 8e307"), "{why}");
        }
        for text in ["abs=1e-308", "abs=8e307", "abs=1e-308,dither", "abs=8e307,dither", "rel-sigma=1e-320"] {
            assert!(text.parse::<Bound>().is_ok(), "{text}");
        }
    }
}
