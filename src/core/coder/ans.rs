//! Symbols in and out of the entropy coder: asymmetric numeral systems (rANS), and the raw bits beside it.
//!
//! Row r of each group of rows goes to lane r, so that a decoder can look for the symbols of all lanes at once. The
//! lanes share one stream of words; a lane that runs low takes the next. (The stacks of the library `constriction` were
//! used before: one stream for each lane, a branch for each symbol, and raw bits coded like symbols took as long as the
//! search for the symbols themselves.)

use crate::coder::lanes::{LOW, Lanes};
use crate::error::{Error, Result};
use crate::inference::mixture::Symbols;
use crate::inference::sizes::{PRECISION, TILE, Tile};
use crate::machine::Machine;
use crate::wire::bytes::{Reader, put_varint};

/// What a lane costs beyond its symbols pays for at least this many rows.
const ROWS_PER_LANE: usize = 1024;
/// The same where the lane begins with raw bits.
const ROWS_PER_SEEDED_LANE: usize = 128;
/// Bytes of a seed.
const SEED: usize = 4;
/// Flag beside the number of lanes: they begin with the last of the raw bits.
const SEEDED: u8 = 0x80;

/// The coded steps of a block, to be written.
pub struct Encoder {
    /// Symbols in the order of steps: counts below, and of the symbol.
    symbols: Vec<(u32, u32)>,
    raw: BitWriter,
    /// Symbols and bytes of raw bits before the last wave.
    before_last: (usize, usize),
    /// Where waves begin.
    waves: Vec<usize>,
}

impl Encoder {
    /// For so many rows.
    pub fn new(rows: usize) -> Self {
        Encoder { symbols: Vec::with_capacity(rows), raw: BitWriter::default(), before_last: (0, 0), waves: Vec::new() }
    }

    /// A wave begins: it starts with the first lane, and its raw bits are read after all its symbols.
    pub fn begin_wave(&mut self) {
        self.waves.push(self.symbols.len());
        self.before_last = (self.symbols.len(), self.raw.len());
    }

    /// The next symbols, of the first `rows`.
    #[inline(always)]
    pub fn push(&mut self, rows: usize, symbols: &Symbols) {
        let intervals = symbols.left[..rows].iter().zip(&symbols.count[..rows]);
        self.symbols.extend(intervals.map(|(&left, &count)| (left as u32, count as u32)));
    }

    /// The next raw bits, at most 48.
    #[inline(always)]
    pub fn push_raw(&mut self, value: u64, bits: u32) {
        self.raw.push(value, bits);
    }

    /// Appends everything to a block.
    pub fn write(self, out: &mut Vec<u8>) {
        let mut raw = self.raw.finish();
        let rows = self.symbols.len();
        let of_last_wave = raw.len().saturating_sub(self.before_last.1);
        let seeded = (rows / ROWS_PER_SEEDED_LANE).clamp(1, TILE);
        let is_seeded = of_last_wave >= SEED * seeded;
        let lanes = if is_seeded { seeded } else { (rows / ROWS_PER_LANE).clamp(1, TILE) };
        let seeds = if is_seeded { raw.split_off(raw.len() - SEED * lanes) } else { Vec::new() };
        let mut states = [LOW; TILE];
        for (state, seed) in states.iter_mut().zip(seeds.chunks_exact(SEED)) {
            *state |= u64::from(word(seed));
        }
        let mut words = Vec::new();
        let mut end = rows;
        for &first in self.waves.iter().rev() {
            for step in (first..end).rev() {
                let (x, (left, count)) = (&mut states[(step - first) % lanes], self.symbols[step]);
                let count = u64::from(count);
                if *x >> (64 - PRECISION) >= count {
                    words.push(*x as u32);
                    *x >>= 32;
                }
                *x = (*x / count) << PRECISION | (u64::from(left) + *x % count);
            }
            end = first;
        }
        out.push(lanes as u8 | if is_seeded { SEEDED } else { 0 });
        put_varint(out, words.len() as u64);
        put_varint(out, raw.len() as u64);
        // 5 to 8 bytes of each lane
        let length = |x: u64| x.ilog2() as usize / 8 + 1;
        for four in states[..lanes].chunks(4) {
            out.push(four.iter().enumerate().fold(0, |byte, (i, &x)| byte | ((length(x) - 5) << (2 * i)) as u8));
        }
        states[..lanes].iter().for_each(|&x| out.extend_from_slice(&x.to_le_bytes()[..length(x)]));
        words.iter().rev().for_each(|word| out.extend_from_slice(&word.to_le_bytes()));
        out.extend_from_slice(&raw);
    }
}

/// Reads what [`Encoder`] wrote.
pub struct Decoder {
    lanes: Lanes,
    /// How many of them are used.
    used: usize,
    is_seeded: bool,
    raw: BitReader,
}

impl Decoder {
    /// Reads to the end of a block.
    pub fn read(input: &mut Reader) -> Result<Self> {
        let tag = input.u8()?;
        let used = usize::from(tag & !SEEDED);
        if used == 0 || used > TILE {
            return Err(Error::corrupt("impossible number of lanes"));
        }
        let words = usize::try_from(input.varint()?.saturating_mul(4)).unwrap_or(usize::MAX);
        let raw = usize::try_from(input.varint()?).unwrap_or(usize::MAX);
        let lengths = input.take(used.div_ceil(4))?.to_vec();
        // unused lanes ask for the middle of the distribution, which is found at once
        let mut states = [LOW | 1 << (PRECISION - 1); TILE];
        for (lane, state) in states[..used].iter_mut().enumerate() {
            let length = usize::from(lengths[lane / 4] >> (2 * (lane % 4)) & 3) + 5;
            let mut bytes = [0; 8];
            bytes[..length].copy_from_slice(input.take(length)?);
            *state = u64::from_le_bytes(bytes).max(LOW);
        }
        let lanes = Lanes::new(states, input.take(words)?.chunks_exact(4).map(word));
        let raw = BitReader::new(input.take(raw)?);
        Ok(Decoder { lanes, used, is_seeded: tag & SEEDED != 0, raw })
    }

    /// Rows whose symbols can be looked for at once.
    pub fn lanes(&self) -> usize {
        self.used
    }

    /// The quantiles that the next symbols of all lanes hold.
    #[inline(always)]
    pub fn quantiles(&self) -> Tile {
        self.lanes.quantiles()
    }

    /// Pops one symbol each from the first `rows` lanes, found by [`Self::quantiles`].
    #[inline(always)]
    pub fn pop(&mut self, machine: Machine, rows: usize, symbols: &Symbols) {
        self.lanes.pop(machine, rows, symbols);
    }

    /// All symbols are popped: what the lanes began with are the last raw bits.
    pub fn end_symbols(&mut self) {
        if self.is_seeded {
            let seeds: Vec<u8> =
                self.lanes.states()[..self.used].iter().flat_map(|&x| (x as u32).to_le_bytes()).collect();
            self.raw.append(&seeds);
        }
    }

    /// The next raw bits, at most 48.
    #[inline(always)]
    pub fn raw(&mut self, bits: u32) -> u64 {
        self.raw.take(bits)
    }
}

fn word(bytes: &[u8]) -> u32 {
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

/// Bits one after the other, lowest first.
#[derive(Default)]
struct BitWriter {
    /// With room for what is not yet whole bytes.
    bytes: Vec<u8>,
    whole: usize,
    pending: u64,
    filled: u32,
}

impl BitWriter {
    /// Of a pending number.
    const ROOM: usize = 8;

    fn len(&self) -> usize {
        self.whole + usize::from(self.filled > 0)
    }

    /// At most 56 bits.
    #[inline(always)]
    fn push(&mut self, value: u64, bits: u32) {
        if self.bytes.len() < self.whole + Self::ROOM {
            self.bytes.resize(2 * self.whole + 1024, 0);
        }
        self.pending |= value << self.filled;
        self.filled += bits;
        self.bytes[self.whole..self.whole + Self::ROOM].copy_from_slice(&self.pending.to_le_bytes());
        self.whole += (self.filled / 8) as usize;
        self.pending >>= self.filled & !7;
        self.filled &= 7;
    }

    fn finish(mut self) -> Vec<u8> {
        self.bytes.truncate(self.len());
        self.bytes
    }
}

/// Zeros after the end.
struct BitReader {
    /// With [`Self::PADDING`] zeros at the end.
    bytes: Vec<u8>,
    at: usize,
}

impl BitReader {
    const PADDING: usize = 8;

    fn new(bytes: &[u8]) -> Self {
        let mut padded = bytes.to_vec();
        padded.resize(bytes.len() + Self::PADDING, 0);
        BitReader { bytes: padded, at: 0 }
    }

    fn append(&mut self, bytes: &[u8]) {
        self.bytes.truncate(self.bytes.len() - Self::PADDING);
        self.bytes.extend_from_slice(bytes);
        self.bytes.resize(self.bytes.len() + Self::PADDING, 0);
    }

    #[inline(always)]
    fn take(&mut self, bits: u32) -> u64 {
        let first = (self.at / 8).min(self.bytes.len() - Self::PADDING);
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&self.bytes[first..first + Self::PADDING]);
        let value = u64::from_le_bytes(bytes) >> (self.at % 8) & ((1 << bits) - 1);
        self.at += bits as usize;
        value
    }
}
