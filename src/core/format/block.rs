//! Blocks: what ROOT's `R__zipMultipleAlgorithm` stores for one basket (or one piece of it).
//!
//! A block begins with ROOT's nine header bytes (see `core/zip` in ROOT: magic and method, compressed and uncompressed
//! size), here with the magic `RB` and the format version as method. Then a kind, the CRC-32 of the decoded bytes, and
//! the kind's body.

use crate::coder::conditional;
use crate::coder::waves::Contexts;
use crate::error::{Error, Result};
use crate::format::collections::{self, Elements};
use crate::format::streams::{self, Layout};
use crate::format::tail;
use crate::format::trial::{self, Excerpt};
use crate::machine::Machine;
use crate::model::Model;
use crate::model::context::SeenMut;
use crate::wire::bytes::Reader;

/// ROOT's header.
pub const ROOT_HEADER: usize = 9;
/// ROOT's header, kind and checksum.
pub const HEADER: usize = ROOT_HEADER + 1 + 4;
/// Version of the block format that this crate writes.
pub const VERSION: u8 = 1;
/// Largest size that three header bytes hold.
pub const MAX_SIZE: usize = 0xff_ffff;

pub(crate) const MAGIC: &[u8; 2] = b"RB";

/// How a block's bytes are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any bytes, by zstd.
    Bytes = 0,
    /// Columns standing alone, by [`streams`].
    Column = 1,
    /// A column given earlier ones, by [`conditional`].
    Model = 2,
    /// Streamed collections of values standing alone, by [`collections`].
    Vectors = 3,
    /// Streamed collections of lists standing alone, by [`collections`].
    Lists = 4,
}

/// A block taken apart, not yet decoded.
pub struct Block<'a> {
    /// How the body is coded.
    pub kind: Kind,
    /// Bytes after decoding.
    pub raw_len: usize,
    /// Bytes of the whole block.
    pub len: usize,
    checksum: u32,
    body: &'a [u8],
}

impl<'a> Block<'a> {
    /// Reads the header. `bytes` may go on after the block.
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        if bytes.len() < HEADER || &bytes[..2] != MAGIC {
            return Err(Error::corrupt("no RootBaler block"));
        }
        if bytes[2] != VERSION {
            return Err(Error::Incompatible(format!(
                "block format version {}, this RootBaler reads version {VERSION}; update RootBaler",
                bytes[2]
            )));
        }
        let size =
            |at: usize| usize::from(bytes[at]) | usize::from(bytes[at + 1]) << 8 | usize::from(bytes[at + 2]) << 16;
        let len = ROOT_HEADER + size(3);
        if len < HEADER || len > bytes.len() {
            return Err(Error::corrupt("the block is truncated"));
        }
        let kind = match bytes[ROOT_HEADER] {
            0 => Kind::Bytes,
            1 => Kind::Column,
            2 => Kind::Model,
            3 => Kind::Vectors,
            4 => Kind::Lists,
            other => return Err(Error::Incompatible(format!("block of unknown kind {other}; update RootBaler"))),
        };
        let mut checksum = [0; 4];
        checksum.copy_from_slice(&bytes[ROOT_HEADER + 1..HEADER]);
        Ok(Block { kind, raw_len: size(6), len, checksum: u32::from_le_bytes(checksum), body: &bytes[HEADER..len] })
    }

    /// What a model block needs; None for the other kinds.
    pub fn conditional_header(&self) -> Result<Option<conditional::Header>> {
        if self.kind != Kind::Model {
            return Ok(None);
        }
        conditional::Header::read(&mut Reader::new(self.body)).map(Some)
    }

    /// Whether the counts of the entries are needed for the entry offsets. Model blocks of jagged groups need them in
    /// any case.
    pub fn needs_counts(&self) -> Result<bool> {
        let mut input = Reader::new(self.body);
        match self.kind {
            Kind::Bytes | Kind::Vectors | Kind::Lists => Ok(false),
            Kind::Column => tail::needs_counts(&mut input),
            Kind::Model => {
                conditional::Header::read(&mut input)?;
                tail::needs_counts(&mut input)
            }
        }
    }

    /// Decodes into `raw`, which has `raw_len` bytes. `model` and all of `contexts` but the counts are used by model
    /// blocks only. `seen` receives what later columns see, and is for model blocks only. Returns how many of the bytes
    /// are before the entry offsets.
    pub fn decode(
        &self,
        model: Option<&Model>,
        contexts: Contexts,
        raw: &mut [u8],
        seen: Option<SeenMut>,
    ) -> Result<usize> {
        if raw.len() != self.raw_len {
            return Err(Error::BadArgument(format!("{} bytes of room for {} decoded ones", raw.len(), self.raw_len)));
        }
        if seen.is_some() && self.kind != Kind::Model {
            return Err(Error::BadArgument("only blocks of a model give contexts".into()));
        }
        let mut input = Reader::new(self.body);
        let mut data_len = raw.len();
        match self.kind {
            Kind::Bytes => {
                let n = zstd::bulk::decompress_to_buffer(self.body, raw).map_err(|_| Error::corrupt("zstd"))?;
                if n != raw.len() {
                    return Err(Error::corrupt("shorter than its header says"));
                }
            }
            Kind::Column => {
                let offsets = tail::read(&mut input, contexts.counts, raw.len())?;
                data_len -= offsets.len();
                streams::decode(&mut input, &mut raw[..data_len])?;
                raw[data_len..].copy_from_slice(&offsets);
            }
            Kind::Vectors => collections::decode(Elements::Values, &mut input, raw)?,
            Kind::Lists => collections::decode(Elements::Lists, &mut input, raw)?,
            Kind::Model => {
                let header = conditional::Header::read(&mut input)?;
                let model = model.filter(|m| m.hash() == header.model).ok_or_else(|| {
                    Error::Missing(format!("the model {:016x} that this block was coded with is missing", header.model))
                })?;
                let offsets = tail::read(&mut input, contexts.counts, raw.len())?;
                data_len -= offsets.len();
                let (machine, data) = (Machine::fastest(), &mut raw[..data_len]);
                conditional::decode(machine, model, header, contexts, &mut input, data, seen)?;
                raw[data_len..].copy_from_slice(&offsets);
            }
        }
        if crc32fast::hash(raw) != self.checksum {
            return Err(Error::corrupt(match self.kind {
                Kind::Model => {
                    "the checksum does not match: get an intact copy, unless a branch that it was coded with was \
                     replaced by another of its name"
                }
                _ => "the checksum does not match",
            }));
        }
        Ok(data_len)
    }
}

/// A block that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBlock {
    /// How its body is coded.
    pub kind: Kind,
    /// All of it.
    pub bytes: Vec<u8>,
    /// Whether it decodes to other bytes than it was made of: values moved within their bound.
    pub moves: bool,
}

/// Codes any bytes. None if no smaller than the bytes themselves.
pub fn encode_bytes(level: u8, raw: &[u8]) -> Result<Option<NewBlock>> {
    // ROOT's levels 1..=9 on zstd's 2..=18, as ROOT's own zstd does
    let packed = zstd::bulk::compress(raw, i32::from(level.clamp(1, 9)) * 2)
        .map_err(|e| Error::BadArgument(format!("zstd: {e}")))?;
    finish(Kind::Bytes, raw, raw, packed)
}

/// Codes columns standing alone. The first `data_len` bytes of `raw` are whole rows of the layout (big-endian), the
/// rest is ROOT's entry offsets. `counts` are the elements of each entry, if readers will know them. None if no smaller
/// than the bytes themselves.
pub fn encode_layout(
    layout: &Layout,
    counts: Option<&[u32]>,
    level: u8,
    raw: &[u8],
    data_len: usize,
) -> Result<Option<NewBlock>> {
    check_length(raw, data_len, layout.row_size)?;
    if !layout.is_valid() {
        return Err(Error::BadArgument("the leaves do not tile their row".into()));
    }
    let (data, offsets) = raw.split_at(data_len);
    let mut body = Vec::new();
    tail::write(offsets, counts, data_len, level, &mut body)?;
    let mut decoded = streams::encode(layout, level, data, &mut body)?;
    decoded.extend_from_slice(offsets);
    let columns = finish(Kind::Column, raw, &decoded, body)?;
    if !layout.is_lossless() {
        return Ok(columns);
    }
    // text-like integers and repeated patterns are what zstd is for
    let without = columns.as_ref().map_or(raw.len(), |block| block.bytes.len());
    if data.len() >= ENOUGH_BYTES && trial::zstd(data)? > without {
        return Ok(columns);
    }
    Ok(smaller(columns, encode_bytes(level, raw)?))
}

/// Codes streamed collections of the values of one column, standing alone. `raw` and `data_len` are as for
/// [`encode_layout`]. None if no smaller than the bytes themselves, or if the data are anything else.
pub fn encode_vectors(
    elements: Elements,
    layout: &Layout,
    level: u8,
    raw: &[u8],
    data_len: usize,
) -> Result<Option<NewBlock>> {
    check_length(raw, data_len, 1)?;
    let (data, offsets) = raw.split_at(data_len);
    let mut body = Vec::new();
    let decoded = collections::encode(elements, layout, level, data, offsets, &mut body)?;
    let Some(mut decoded) = decoded else { return Ok(None) };
    decoded.extend_from_slice(offsets);
    let kind = match elements {
        Elements::Values => Kind::Vectors,
        Elements::Lists => Kind::Lists,
    };
    let columns = finish(kind, raw, &decoded, body)?;
    let bytes = if layout.is_lossless() { encode_bytes(level, raw)? } else { None };
    Ok(smaller(columns, bytes))
}

/// A block, or none if it were no smaller than its bytes, and the length that its column would about have standing
/// alone.
pub struct Coded {
    /// The block.
    pub block: Option<NewBlock>,
    /// As coded, or where the block is clearly smaller, by an excerpt of the values.
    pub alone: usize,
}

/// Codes column `index` of a model: given its earlier columns, or standing alone where that is smaller, where the
/// model has no network for it, or where `single` asks for it. `raw` and `data_len` are as for [`encode_layout`].
pub fn encode_model(
    model: &Model,
    index: usize,
    single: bool,
    level: u8,
    contexts: Contexts,
    raw: &[u8],
    data_len: usize,
) -> Result<Coded> {
    let spec = match model.columns().get(index) {
        Some(column) => &column.spec,
        None => return Err(Error::BadArgument(format!("the model has no column {index}"))),
    };
    check_length(raw, data_len, spec.value.size())?;
    let layout = Layout::of_column(spec.value, spec.quantiser.clone());
    let (data, offsets) = raw.split_at(data_len);
    let mut given = None;
    if !single && spec.net.is_some() {
        let mut body = Vec::new();
        conditional::header(model, index, contexts, data.len()).write(&mut body);
        tail::write(offsets, contexts.counts, data_len, level, &mut body)?;
        let mut decoded = conditional::encode(Machine::fastest(), model, index, contexts, data, &mut body)?;
        decoded.extend_from_slice(offsets);
        given = finish(Kind::Model, raw, &decoded, body)?;
    }
    if let Some(block) = &given
        && let Some(alone) = is_clear(&layout, data, block.bytes.len())?
    {
        return Ok(Coded { block: given, alone });
    }
    let alone = encode_layout(&layout, contexts.counts, level, raw, data_len)?;
    let length = alone.as_ref().map_or(raw.len(), |block| block.bytes.len());
    Ok(Coded { block: smaller(alone, given), alone: length })
}

/// About how many bytes values standing alone would need, if by an excerpt of them that is clearly more than `len`.
fn is_clear(layout: &Layout, data: &[u8], len: usize) -> Result<Option<usize>> {
    let Some(excerpt) = Excerpt::of(layout, data) else { return Ok(None) };
    if layout.is_lossless() && trial::zstd(data)? < len {
        return Ok(None);
    }
    let alone = excerpt.columns(layout)?;
    Ok(Some(alone).filter(|_| alone > len + len / ROOM + excerpt.scaled(ROOM_OF_EXCERPT)))
}

/// Fewer bytes zstd codes as fast as it tries.
const ENOUGH_BYTES: usize = 1 << 14;
/// For what the excerpt does not show: a share of all, and bytes of the excerpt, since few values may need most of
/// them.
const ROOM: usize = 64;
const ROOM_OF_EXCERPT: usize = 32;

/// The smaller of two ways to code the same bytes; the first if they are alike.
fn smaller(a: Option<NewBlock>, b: Option<NewBlock>) -> Option<NewBlock> {
    [a, b].into_iter().flatten().min_by_key(|block| block.bytes.len())
}

fn check_length(raw: &[u8], data_len: usize, row_size: usize) -> Result<()> {
    let whole = row_size > 0 && data_len.is_multiple_of(row_size);
    if data_len > raw.len() || raw.len() > MAX_SIZE || !whole {
        return Err(Error::BadArgument(format!("{data_len} of {} bytes are no rows of {row_size} bytes", raw.len())));
    }
    Ok(())
}

fn finish(kind: Kind, raw: &[u8], decoded: &[u8], body: Vec<u8>) -> Result<Option<NewBlock>> {
    let len = HEADER + body.len();
    if len >= decoded.len() || decoded.len() > MAX_SIZE {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(len);
    bytes.extend_from_slice(MAGIC);
    bytes.push(VERSION);
    bytes.extend_from_slice(&((len - ROOT_HEADER) as u32).to_le_bytes()[..3]);
    bytes.extend_from_slice(&(decoded.len() as u32).to_le_bytes()[..3]);
    bytes.push(kind as u8);
    bytes.extend_from_slice(&crc32fast::hash(decoded).to_le_bytes());
    bytes.extend_from_slice(&body);
    Ok(Some(NewBlock { kind, bytes, moves: decoded != raw }))
}
