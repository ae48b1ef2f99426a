//! A codec as ROOT streams the class `RootBaler::Codec`: a TNamed and a `std::vector<char>` that holds the bytes.
//!
//! All numbers are big-endian. Byte counts have bit 30 set, and count what follows them.

use super::Codec;
use crate::error::{Error, Result};
use crate::wire::bytes::Reader;

/// Version of the class.
const CLASS_VERSION: u16 = 4;
const NAMED_VERSION: u16 = 1;
const OBJECT_VERSION: u16 = 1;
/// What ROOT writes for each collection: the version of its own TStreamerInfo.
const COLLECTION_VERSION: u16 = 9;
const BYTE_COUNT: u32 = 0x4000_0000;
/// Of TObject's bits: the number of a process follows them.
const IS_REFERENCED: u32 = 1 << 4;
/// A TString this long or longer has its length in four more bytes.
const LONG: u8 = 255;

/// The part that a byte count announces.
fn counted<'a>(input: &mut Reader<'a>) -> Result<Reader<'a>> {
    let count = u32::from_be_bytes(input.array()?);
    if count & BYTE_COUNT == 0 {
        return Err(Error::corrupt("no byte count where the codec needs one"));
    }
    Ok(Reader::new(input.take((count & !BYTE_COUNT) as usize)?))
}

fn version(input: &mut Reader) -> Result<u16> {
    Ok(u16::from_be_bytes(input.array()?))
}

/// A TString.
fn string<'a>(input: &mut Reader<'a>) -> Result<&'a [u8]> {
    let len = match input.u8()? {
        LONG => u32::from_be_bytes(input.array()?) as usize,
        len => usize::from(len),
    };
    input.take(len)
}

fn put_counted(out: &mut Vec<u8>, version: u16, body: &[u8]) {
    let count = (body.len() + size_of::<u16>()) as u32;
    out.extend_from_slice(&(count | BYTE_COUNT).to_be_bytes());
    out.extend_from_slice(&version.to_be_bytes());
    out.extend_from_slice(body);
}

fn put_string(out: &mut Vec<u8>, text: &str) {
    match u8::try_from(text.len()) {
        Ok(len) if len < LONG => out.push(len),
        _ => {
            out.push(LONG);
            out.extend_from_slice(&(text.len() as u32).to_be_bytes());
        }
    }
    out.extend_from_slice(text.as_bytes());
}

/// The bytes of the codec in an object of the class, such as a key has it after decompression.
fn payload(object: &[u8]) -> Result<&[u8]> {
    let mut input = counted(&mut Reader::new(object))?;
    let class = version(&mut input)?;
    if class != CLASS_VERSION {
        return Err(Error::Incompatible(format!(
            "class RootBaler::Codec of version {class}, this RootBaler reads version {CLASS_VERSION}; update RootBaler"
        )));
    }
    let mut named = counted(&mut input)?;
    version(&mut named)?;
    version(&mut named)?; // of TObject, which has no byte count
    let _unique_id: [u8; 4] = named.array()?;
    let bits = u32::from_be_bytes(named.array()?);
    if bits & IS_REFERENCED != 0 {
        version(&mut named)?;
    }
    let (_name, _title) = (string(&mut named)?, string(&mut named)?); // ROOT trusts their lengths
    let mut vector = counted(&mut input)?;
    version(&mut vector)?;
    let len = u32::from_be_bytes(vector.array()?);
    let bytes = vector.take(len as usize)?;
    vector.end()?;
    input.end()?;
    Ok(bytes)
}

impl Codec {
    /// Reads an object of the class `RootBaler::Codec`, as a key has it after decompression.
    pub fn from_streamed(object: &[u8]) -> Result<Self> {
        Self::from_bytes(payload(object)?)
    }

    /// The object that ROOT would write, with this name.
    pub fn to_streamed(&self, name: &str) -> Vec<u8> {
        let mut named = OBJECT_VERSION.to_be_bytes().to_vec();
        named.extend_from_slice(&[0; 8]); // unique id, bits
        put_string(&mut named, name);
        put_string(&mut named, TITLE);
        let bytes = self.to_bytes();
        let mut vector = (bytes.len() as u32).to_be_bytes().to_vec();
        vector.extend_from_slice(&bytes);
        let mut body = Vec::new();
        put_counted(&mut body, NAMED_VERSION, &named);
        put_counted(&mut body, COLLECTION_VERSION, &vector);
        let mut object = Vec::new();
        put_counted(&mut object, CLASS_VERSION, &body);
        object
    }
}

const TITLE: &str = "RootBaler models and bounds";
