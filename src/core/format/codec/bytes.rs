//! The bytes of a codec: `RBCODEC`, a version byte, the mode (0 group, 1 single), the rules, the hashes of models
//! stored elsewhere, the container of models ([`models`]) up to the last eight bytes, and these: the 64-bit XXH3 of all
//! before (little-endian).
//!
//! Rules and hashes begin with their number. A rule is three texts: pattern, bound, request. A text is its length and
//! its UTF-8 bytes. Numbers and lengths are LEB128, hashes 8 bytes, little-endian.

use super::{Codec, Mode, Rule};
use crate::error::{Error, Result};
use crate::format::models;
use crate::wire::bytes::{Reader, put_varint};
use xxhash_rust::xxh3::xxh3_64;

const MAGIC: &[u8; 7] = b"RBCODEC";
const VERSION: u8 = 1;

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_varint(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

fn text<'a>(input: &mut Reader<'a>) -> Result<&'a str> {
    let len = usize::try_from(input.varint()?).map_err(|_| Error::corrupt("a text longer than any memory"))?;
    std::str::from_utf8(input.take(len)?).map_err(|_| Error::corrupt("a text of the codec is not UTF-8"))
}

fn rule(input: &mut Reader) -> Result<Rule> {
    let (pattern, bound, request) = (text(input)?, text(input)?, text(input)?);
    Rule::new(pattern, bound, request).map_err(|e| Error::corrupt(format!("the codec's bound of {pattern}: {e}")))
}

impl Codec {
    /// As it is stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend_from_slice(&[VERSION, self.mode as u8]);
        put_varint(&mut out, self.rules.len() as u64);
        for rule in &self.rules {
            [&rule.pattern, &rule.bound, &rule.request].iter().for_each(|text| put_text(&mut out, text));
        }
        put_varint(&mut out, self.absent.len() as u64);
        for hash in &self.absent {
            out.extend_from_slice(&hash.to_le_bytes());
        }
        out.extend_from_slice(&models::join(self.models.iter().map(|model| model.bytes())));
        out.extend_from_slice(&xxh3_64(&out).to_le_bytes());
        out
    }

    /// Reads the stored form. Models that are in use are not parsed again.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let Some(rest) = bytes.strip_prefix(MAGIC) else { return Err(Error::corrupt("not a RootBaler codec")) };
        let version = Reader::new(rest).u8()?;
        if version != VERSION {
            return Err(Error::Incompatible(format!(
                "codec of version {version}, this RootBaler reads version {VERSION}; update RootBaler"
            )));
        }
        let (checked, checksum) = bytes.split_last_chunk().ok_or_else(|| Error::corrupt("the codec is truncated"))?;
        if xxh3_64(checked) != u64::from_le_bytes(*checksum) {
            return Err(Error::corrupt("the codec's checksum does not match"));
        }
        let mut input = Reader::new(checked);
        input.take(MAGIC.len() + 1)?;
        let mode = match input.u8()? {
            0 => Mode::Group,
            1 => Mode::Single,
            other => {
                return Err(Error::Incompatible(format!(
                    "the codec has the mode {other}, which this RootBaler does not know; update RootBaler"
                )));
            }
        };
        let mut codec = Codec { mode, ..Codec::default() };
        for _ in 0..input.varint()? {
            codec.rules.push(rule(&mut input)?);
        }
        for _ in 0..input.varint()? {
            codec.absent.push(u64::from_le_bytes(input.array()?));
        }
        codec.add_models(input.rest())?;
        Ok(codec)
    }
}
