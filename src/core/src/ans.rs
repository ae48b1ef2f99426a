//! Symbols in and out of the entropy coder: asymmetric numeral systems as `constriction` implements them.
//!
//! Steps go to interleaved lanes (step s to lane s mod lanes), each a stack of its own, so that a decoder can work at
//! several steps at once.

use crate::axis::Axis;
use crate::bytes::{Reader, put_varint};
use crate::error::{Error, Result};
use crate::mixture::{Mixture, PRECISION};
use constriction::stream::model::{DecoderModel, EncoderModel, EntropyModel};
use constriction::stream::stack::{AnsCoder, DefaultAnsCoder};
use constriction::stream::{Decode, Encode};
use std::num::NonZeroU32;

/// Raw bits go out in pieces of at most this many.
const RAW_PIECE: u32 = 16;
/// Fewer steps than this per lane would not pay for a lane's state.
const STEPS_PER_LANE: usize = 1024;
const MAX_LANES: usize = 8;

/// The lanes of one block.
pub struct Lanes(Vec<DefaultAnsCoder>);

impl Lanes {
    /// Empty lanes to encode `steps` symbols.
    pub fn for_steps(steps: usize) -> Self {
        Lanes(vec![DefaultAnsCoder::new(); (steps / STEPS_PER_LANE).clamp(1, MAX_LANES)])
    }

    /// Appends the lanes to a block.
    pub fn write(self, out: &mut Vec<u8>) {
        out.push(self.0.len() as u8);
        let stacks: Vec<Vec<u32>> = self.0.into_iter().map(|c| c.into_compressed().unwrap_or_default()).collect();
        stacks.iter().for_each(|stack| put_varint(out, stack.len() as u64));
        stacks.iter().flatten().for_each(|word| out.extend_from_slice(&word.to_le_bytes()));
    }

    /// Reads what `write` wrote.
    pub fn read(input: &mut Reader) -> Result<Self> {
        let lanes = usize::from(input.u8()?);
        if lanes == 0 || lanes > MAX_LANES {
            return Err(Error::corrupt("impossible number of lanes"));
        }
        let lengths: Vec<u64> = (0..lanes).map(|_| input.varint()).collect::<Result<_>>()?;
        let mut coders = Vec::with_capacity(lanes);
        for length in lengths {
            let bytes = input.take(usize::try_from(length.saturating_mul(4)).unwrap_or(usize::MAX))?;
            let words = bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
            coders.push(AnsCoder::from_compressed(words).map_err(|_| Error::corrupt("a lane ends in zeros"))?);
        }
        Ok(Lanes(coders))
    }

    /// Pushes the symbol of `step`: a bin of the axis and the place in it. Steps are pushed last first.
    pub fn push(&mut self, step: usize, mixture: &Mixture, axis: &Axis, bin: usize, place: u64) {
        let lane = step % self.0.len();
        let coder = &mut self.0[lane];
        let (_, raw_bits) = axis.bin(bin);
        // high piece first, so that it is popped last
        for at in (0..raw_bits).step_by(RAW_PIECE as usize).rev() {
            let piece = RAW_PIECE.min(raw_bits - at);
            let count = 1 << (PRECISION as u32 - piece);
            encode(coder, ((place >> at) as u32 & ((1 << piece) - 1)) * count, count);
        }
        let cumulative = |bin: usize| match bin {
            0 => 0,
            _ if bin == axis.bins() => 1 << PRECISION,
            _ => mixture.cumulative(axis.edges()[bin], bin),
        };
        let left = cumulative(bin);
        encode(coder, left, cumulative(bin + 1) - left);
    }

    /// Pops the symbol of `step` as a lattice integer. Steps are popped first to last.
    pub fn pop(&mut self, step: usize, mixture: &Mixture, axis: &Axis) -> i64 {
        let lane = step % self.0.len();
        let coder = &mut self.0[lane];
        let bin = if axis.bins() == 1 { 0 } else { decode(coder, Search(mixture, axis)) };
        let (start, raw_bits) = axis.bin(bin);
        let mut place = 0;
        for at in (0..raw_bits).step_by(RAW_PIECE as usize) {
            place |= (decode(coder, Uniform(RAW_PIECE.min(raw_bits - at))) as i64) << at;
        }
        start + place
    }
}

fn encode(coder: &mut DefaultAnsCoder, left: u32, count: u32) {
    // a single bin takes all counts and costs nothing
    if count < 1 << PRECISION {
        let pushed = coder.encode_symbol((), Interval(left, count));
        debug_assert!(pushed.is_ok(), "every bin has a count of at least one");
    }
}

fn decode<M>(coder: &mut DefaultAnsCoder, model: M) -> usize
where
    M: DecoderModel<PRECISION> + EntropyModel<PRECISION, Symbol = usize, Probability = u32>,
{
    match coder.decode_symbol(model) {
        Ok(symbol) => symbol,
        Err(never) => match never {},
    }
}

/// A symbol given by its interval of counts.
struct Interval(u32, u32);

impl EntropyModel<PRECISION> for Interval {
    type Symbol = ();
    type Probability = u32;
}

impl EncoderModel<PRECISION> for Interval {
    fn left_cumulative_and_probability(&self, _: impl std::borrow::Borrow<()>) -> Option<(u32, NonZeroU32)> {
        NonZeroU32::new(self.1).map(|p| (self.0, p))
    }
}

/// Finds the bin of a count by bisection.
struct Search<'a>(&'a Mixture, &'a Axis);

impl EntropyModel<PRECISION> for Search<'_> {
    type Symbol = usize;
    type Probability = u32;
}

impl DecoderModel<PRECISION> for Search<'_> {
    #[inline]
    fn quantile_function(&self, quantile: u32) -> (usize, u32, NonZeroU32) {
        let Search(mixture, axis) = self;
        let edges = axis.edges();
        let (mut low, mut high) = (0, axis.bins());
        let (mut left, mut right) = (0, 1 << PRECISION);
        while high - low > 1 {
            let middle = (low + high) / 2;
            let count = mixture.cumulative(edges[middle], middle);
            if count <= quantile {
                (low, left) = (middle, count);
            } else {
                (high, right) = (middle, count);
            }
        }
        (low, left, NonZeroU32::new(right - left).unwrap_or(NonZeroU32::MIN))
    }
}

/// Raw bits: all symbols alike.
struct Uniform(u32);

impl EntropyModel<PRECISION> for Uniform {
    type Symbol = usize;
    type Probability = u32;
}

impl DecoderModel<PRECISION> for Uniform {
    fn quantile_function(&self, quantile: u32) -> (usize, u32, NonZeroU32) {
        let count = 1 << (PRECISION as u32 - self.0);
        let symbol = quantile / count;
        (symbol as usize, symbol * count, NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN))
    }
}
