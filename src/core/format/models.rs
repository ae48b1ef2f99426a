//! The container of models: what a model file has, and a codec.
//!
//! One model is just its own bytes. Several, or none, are `RBGROUPS` and then for each model its length (8 bytes,
//! little-endian) and its bytes, up to the end.

use crate::error::{Error, Result};
use crate::wire::bytes::Reader;

const MAGIC: &[u8; 8] = b"RBGROUPS";

/// The bytes of each model; they are not looked into.
pub fn split(container: &[u8]) -> Result<Vec<&[u8]>> {
    let Some(rest) = container.strip_prefix(MAGIC) else { return Ok(vec![container]) };
    let mut input = Reader::new(rest);
    let mut models = Vec::new();
    while input.end().is_err() {
        let len = u64::from_le_bytes(input.array()?);
        let len = usize::try_from(len).map_err(|_| Error::corrupt("a model longer than any memory"))?;
        models.push(input.take(len)?);
    }
    Ok(models)
}

/// Puts models into one container.
pub fn join<'a>(models: impl ExactSizeIterator<Item = &'a [u8]>) -> Vec<u8> {
    let alone = models.len() == 1;
    let mut container = if alone { Vec::new() } else { MAGIC.to_vec() };
    for model in models {
        if !alone {
            container.extend_from_slice(&(model.len() as u64).to_le_bytes());
        }
        container.extend_from_slice(model);
    }
    container
}
