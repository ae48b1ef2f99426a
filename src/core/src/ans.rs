//! Symbols in and out of the entropy coder: asymmetric numeral systems as `constriction` implements them.
//!
//! Steps go to interleaved lanes (step s to lane s mod lanes), each a stack of its own, so that a decoder can look for
//! the symbols of all lanes at once.

use crate::bytes::{Reader, put_varint};
use crate::error::{Error, Result};
use crate::mixture::{PRECISION, ROWS, Symbol};
use constriction::stream::model::{DecoderModel, EncoderModel, EntropyModel};
use constriction::stream::stack::{AnsCoder, DefaultAnsCoder};
use constriction::stream::{Code, Decode, Encode};
use std::num::NonZeroU32;

/// Raw bits go out in pieces of at most this many.
const RAW_PIECE: u32 = 16;
/// Fewer steps than this per lane would not pay for a lane's state.
const STEPS_PER_LANE: usize = 2048;
/// As many as there are rows side by side.
const MAX_LANES: usize = ROWS;

/// The lanes of one block.
pub struct Lanes(Vec<DefaultAnsCoder>);

impl Lanes {
    /// Empty lanes to encode `steps` symbols.
    pub fn for_steps(steps: usize) -> Self {
        Lanes(vec![DefaultAnsCoder::new(); (steps / STEPS_PER_LANE).clamp(1, MAX_LANES)])
    }

    /// Number of lanes.
    pub fn count(&self) -> usize {
        self.0.len()
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

    /// Pushes a symbol to the lane of `step`. Steps are pushed last first.
    pub fn push(&mut self, step: usize, symbol: Symbol) {
        let lane = step % self.0.len();
        // a symbol with all counts costs nothing
        if symbol.count < 1 << PRECISION {
            let pushed = self.0[lane].encode_symbol((), Known(symbol));
            debug_assert!(pushed.is_ok(), "every symbol has a count of at least one");
        }
    }

    /// The quantile that the next symbol of the lane of `step` holds.
    pub fn quantile(&self, step: usize) -> u32 {
        (self.0[step % self.0.len()].state() & ((1 << PRECISION) - 1)) as u32
    }

    /// Pops a symbol that was found by its quantile. Steps are popped first to last.
    pub fn pop(&mut self, step: usize, symbol: Symbol) {
        let lane = step % self.0.len();
        if symbol.count < 1 << PRECISION {
            match self.0[lane].decode_symbol(Known(symbol)) {
                Ok(()) => {}
                Err(never) => match never {},
            }
        }
    }

    /// Pushes `bits` raw bits; popped after the symbol that is pushed next.
    pub fn push_raw(&mut self, step: usize, value: u64, bits: u32) {
        // high piece first, so that it is popped last
        for at in (0..bits).step_by(RAW_PIECE as usize).rev() {
            let piece = RAW_PIECE.min(bits - at);
            let count = 1 << (PRECISION as u32 - piece);
            let bin = (value >> at) as u32 & ((1 << piece) - 1);
            self.push(step, Symbol { bin, left: bin * count, count });
        }
    }

    /// Pops raw bits.
    pub fn pop_raw(&mut self, step: usize, bits: u32) -> u64 {
        let mut value = 0;
        for at in (0..bits).step_by(RAW_PIECE as usize) {
            let count = 1 << (PRECISION as u32 - RAW_PIECE.min(bits - at));
            let bin = self.quantile(step) / count;
            self.pop(step, Symbol { bin, left: bin * count, count });
            value |= u64::from(bin) << at;
        }
        value
    }
}

/// A symbol whose interval is known, both ways.
struct Known(Symbol);

impl EntropyModel<PRECISION> for Known {
    type Symbol = ();
    type Probability = u32;
}

impl EncoderModel<PRECISION> for Known {
    fn left_cumulative_and_probability(&self, _: impl std::borrow::Borrow<()>) -> Option<(u32, NonZeroU32)> {
        NonZeroU32::new(self.0.count).map(|count| (self.0.left, count))
    }
}

impl DecoderModel<PRECISION> for Known {
    fn quantile_function(&self, _: u32) -> ((), u32, NonZeroU32) {
        ((), self.0.left, NonZeroU32::new(self.0.count).unwrap_or(NonZeroU32::MIN))
    }
}
