//! The file of a model: `RBMODEL`, a version byte, the zstd-packed body, and the 64-bit XXH3 of all before it, which is
//! the content hash by which blocks name their model.

use crate::error::{Error, Result};
use crate::inference::net::{HIDDEN_BIAS_DROPPED, Layer, Net, OUTPUT_BIAS_DROPPED};
use crate::model::spec::ModelSpec;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

const MAGIC: &[u8; 7] = b"RBMODEL";
const VERSION: u8 = 1;
/// No model is larger when unpacked; a hostile file cannot ask for more memory.
const MAX_UNPACKED: usize = 64 << 20;

/// The body of a model file.
#[derive(Serialize, Deserialize)]
struct Stored {
    spec: ModelSpec,
    /// Of all hidden layers, in order.
    hidden: Packed,
    /// Of all output layers, in order; apart, since they are spread more widely.
    output: Packed,
}

/// Numbers of layers, by pcodec.
#[derive(Serialize, Deserialize)]
struct Packed {
    weights: Vec<u8>,
    bias: Vec<u8>,
}

/// The file of a model.
pub fn write(spec: &ModelSpec) -> Result<Vec<u8>> {
    let nets = || spec.columns.iter().filter_map(|c| c.net.as_ref());
    let stored = Stored {
        spec: spec.clone(),
        hidden: pack(nets().flat_map(|net| &net.hidden), HIDDEN_BIAS_DROPPED)?,
        output: pack(nets().map(|net| &net.output), OUTPUT_BIAS_DROPPED)?,
    };
    let plain = postcard::to_stdvec(&stored).map_err(|e| Error::BadArgument(format!("model: {e}")))?;
    let packed = zstd::bulk::compress(&plain, 19).map_err(|e| Error::BadArgument(format!("model: {e}")))?;
    let mut bytes = MAGIC.to_vec();
    bytes.push(VERSION);
    bytes.extend_from_slice(&packed);
    bytes.extend_from_slice(&xxh3_64(&bytes).to_le_bytes());
    Ok(bytes)
}

/// What a file says, not yet checked, and its content hash.
pub fn read(bytes: &[u8]) -> Result<(ModelSpec, u64)> {
    if bytes.len() < MAGIC.len() + 1 + 8 || &bytes[..MAGIC.len()] != MAGIC {
        return Err(Error::corrupt("not a RootBaler model"));
    }
    if bytes[MAGIC.len()] != VERSION {
        return Err(Error::Incompatible(format!(
            "model of version {}, this RootBaler reads version {VERSION}; update RootBaler",
            bytes[MAGIC.len()]
        )));
    }
    let (body, tail) = bytes.split_at(bytes.len() - 8);
    let hash = xxh3_64(body);
    if hash.to_le_bytes() != tail {
        return Err(Error::corrupt("the model's checksum does not match"));
    }
    let plain = zstd::bulk::Decompressor::new()
        .and_then(|mut d| d.decompress(&body[MAGIC.len() + 1..], MAX_UNPACKED))
        .map_err(|_| Error::corrupt("the model does not unpack"))?;
    // the hash is right: a variant without meaning here is one of a later version
    let (stored, left) = postcard::take_from_bytes(&plain).map_err(|e| match e {
        postcard::Error::SerdeDeCustom => {
            Error::Incompatible("the model has parts that this RootBaler does not know; update RootBaler".into())
        }
        e => Error::corrupt(format!("the model does not parse: {e}")),
    })?;
    let Stored { mut spec, hidden, output } = stored;
    if !left.is_empty() {
        return Err(Error::corrupt("the model has bytes left over"));
    }
    fn nets(spec: &mut ModelSpec) -> impl Iterator<Item = &mut Net> {
        spec.columns.iter_mut().filter_map(|c| c.net.as_mut())
    }
    unpack(&hidden, HIDDEN_BIAS_DROPPED, nets(&mut spec).flat_map(|net| &mut net.hidden))?;
    unpack(&output, OUTPUT_BIAS_DROPPED, nets(&mut spec).map(|net| &mut net.output))?;
    Ok((spec, hash))
}

fn pack<'a>(layers: impl Iterator<Item = &'a Layer>, dropped: u32) -> Result<Packed> {
    let (mut weights, mut bias) = (Vec::new(), Vec::new());
    for layer in layers {
        weights.extend_from_slice(&layer.weights);
        bias.extend(layer.coarse_bias(dropped));
    }
    Ok(Packed { weights: pack_numbers(&weights)?, bias: pack_numbers(&bias)? })
}

fn pack_numbers<T: pco::data_types::Number>(numbers: &[T]) -> Result<Vec<u8>> {
    let config = pco::ChunkConfig::default().with_compression_level(12).with_delta_spec(pco::DeltaSpec::NoOp);
    pco::standalone::simple_compress(numbers, &config).map_err(|e| Error::BadArgument(format!("pcodec: {e}")))
}

/// Gives each layer its weights and biases.
fn unpack<'a>(packed: &Packed, dropped: u32, layers: impl Iterator<Item = &'a mut Layer>) -> Result<()> {
    let layers: Vec<&mut Layer> = layers.collect();
    let wanted: usize =
        layers.iter().fold(0usize, |n, l| n.saturating_add(l.units().saturating_mul(l.inputs as usize)));
    let units = layers.iter().map(|l| l.units()).sum();
    if wanted > MAX_UNPACKED / 2 {
        return Err(Error::corrupt("the model's networks are too large"));
    }
    let (weights, biases) = (unpack_numbers::<i16>(&packed.weights, wanted)?, unpack_numbers(&packed.bias, units)?);
    let (mut weights, mut biases) = (&weights[..], &biases[..]);
    for layer in layers {
        let (own, others) = weights.split_at(layer.units() * layer.inputs as usize);
        layer.weights = own.to_vec();
        weights = others;
        let (own, others) = biases.split_at(layer.units());
        layer.set_coarse_bias(own, dropped);
        biases = others;
    }
    Ok(())
}

fn unpack_numbers<T: pco::data_types::Number + Default>(packed: &[u8], wanted: usize) -> Result<Vec<T>> {
    let mut numbers = vec![T::default(); wanted];
    let progress = pco::standalone::simple_decompress_into(packed, &mut numbers)
        .map_err(|e| Error::corrupt(format!("the model's weights: {e}")))?;
    if progress.n_processed != wanted || !progress.finished {
        return Err(Error::corrupt("the model has too few or too many weights"));
    }
    Ok(numbers)
}
