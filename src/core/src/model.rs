//! A model: an ordered group of columns with their quantisers and the masked autoencoder.
//!
//! The file form is `RBMODEL`, a version byte, the zstd-packed body, and the 64-bit XXH3 of all before it, which is
//! the content hash by which blocks name their model. Everything is checked on load.

use crate::axis::{Axis, AxisSpec};
use crate::bound::Bound;
use crate::error::{Error, Result};
use crate::float::{Float, FloatType};
use crate::net::{Layer, Net};
use crate::quantiser::Quantiser;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::path::Path;
use xxhash_rust::xxh3::xxh3_64;

const MAGIC: &[u8; 7] = b"RBMODEL";
const VERSION: u8 = 1;
/// No model is larger when unpacked; a hostile file cannot ask for more memory.
const MAX_UNPACKED: usize = 64 << 20;
/// Most columns of a group.
const MAX_COLUMNS: usize = 4096;

/// One column of the group, as stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnSpec {
    /// Branch name.
    pub name: String,
    /// Value type.
    pub float: FloatType,
    /// The bound as the user asked for it; the quantiser has it resolved.
    pub request: Bound,
    /// How values become lattice integers.
    pub quantiser: Quantiser,
    /// Scores of lattice integers; needed by a column that is coded by the model or seen by others.
    pub axis: Option<AxisSpec>,
    /// Earlier columns that the network sees, ascending.
    pub parents: Vec<u32>,
    /// The network; None: the column stands alone.
    pub net: Option<Net>,
}

/// The stored form of a model.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ModelSpec {
    /// In coding order: each column sees only columns before it.
    pub columns: Vec<ColumnSpec>,
    /// Where it came from: one line for people (trees, rows, trainer version, seed).
    pub provenance: String,
}

/// The body of a model file.
#[derive(Serialize, Deserialize)]
struct Stored {
    spec: ModelSpec,
    /// pcodec of all hidden layers' weights, in order.
    hidden: Vec<u8>,
    /// pcodec of all output layers' weights, in order; apart, since they are spread more widely.
    output: Vec<u8>,
}

/// A column ready to use.
#[derive(Debug)]
pub struct ModelColumn {
    /// As stored.
    pub spec: ColumnSpec,
    /// The axis laid out, if the column has one.
    pub axis: Option<Axis>,
}

/// A loaded, checked, immutable model.
#[derive(Debug)]
pub struct Model {
    columns: Vec<ModelColumn>,
    provenance: String,
    by_name: HashMap<String, usize>,
    bytes: Vec<u8>,
    hash: u64,
}

impl Model {
    /// Serialises and checks a model.
    pub fn new(spec: &ModelSpec) -> Result<Self> {
        let (mut hidden, mut output) = (Vec::new(), Vec::new());
        for net in spec.columns.iter().filter_map(|c| c.net.as_ref()) {
            net.hidden.iter().for_each(|layer| hidden.extend_from_slice(&layer.weights));
            output.extend_from_slice(&net.output.weights);
        }
        let stored = Stored { spec: spec.clone(), hidden: pack(&hidden)?, output: pack(&output)? };
        let plain = postcard::to_stdvec(&stored).map_err(|e| Error::BadArgument(format!("model: {e}")))?;
        let packed = zstd::bulk::compress(&plain, 19).map_err(|e| Error::BadArgument(format!("model: {e}")))?;
        let mut bytes = MAGIC.to_vec();
        bytes.push(VERSION);
        bytes.extend_from_slice(&packed);
        bytes.extend_from_slice(&xxh3_64(&bytes).to_le_bytes());
        Self::from_bytes(&bytes)
    }

    /// Reads the file form.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
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
        let Stored { mut spec, hidden, output } =
            postcard::from_bytes(&plain).map_err(|e| Error::corrupt(format!("the model does not parse: {e}")))?;
        fn nets(spec: &mut ModelSpec) -> impl Iterator<Item = &mut Net> {
            spec.columns.iter_mut().filter_map(|c| c.net.as_mut())
        }
        unpack(&hidden, nets(&mut spec).flat_map(|net| &mut net.hidden))?;
        unpack(&output, nets(&mut spec).map(|net| &mut net.output))?;
        if spec.columns.len() > MAX_COLUMNS {
            return Err(Error::corrupt("the model has too many columns"));
        }
        let mut columns: Vec<ModelColumn> = Vec::with_capacity(spec.columns.len());
        let mut by_name = HashMap::new();
        for (i, column) in spec.columns.into_iter().enumerate() {
            let axis = column.axis.clone().map(Axis::new).transpose()?;
            let parents_ok = column.parents.windows(2).all(|w| w[0] < w[1])
                && column.parents.iter().all(|&p| columns.get(p as usize).is_some_and(|c| c.axis.is_some()));
            if !column.quantiser.is_valid() || !parents_ok || (column.net.is_some() && axis.is_none()) {
                return Err(Error::corrupt(format!("the model's column {} is invalid", column.name)));
            }
            if let Some(net) = &column.net {
                net.validate(column.parents.len())?;
            }
            if by_name.insert(column.name.clone(), i).is_some() {
                return Err(Error::corrupt(format!("the model has two columns {}", column.name)));
            }
            columns.push(ModelColumn { spec: column, axis });
        }
        Ok(Model { columns, provenance: spec.provenance, by_name, bytes: bytes.to_vec(), hash })
    }

    /// Reads a model file.
    pub fn from_file(path: &Path) -> Result<Self> {
        Self::from_bytes(&std::fs::read(path).map_err(|e| Error::io(path, e))?)
    }

    /// The stored form, to build a changed model from.
    pub fn spec(&self) -> ModelSpec {
        ModelSpec {
            columns: self.columns.iter().map(|c| c.spec.clone()).collect(),
            provenance: self.provenance.clone(),
        }
    }

    /// The file form.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Content hash.
    pub fn hash(&self) -> u64 {
        self.hash
    }

    /// Columns in coding order.
    pub fn columns(&self) -> &[ModelColumn] {
        &self.columns
    }

    /// One line on where the model came from.
    pub fn provenance(&self) -> &str {
        &self.provenance
    }

    /// Index of the column of a branch.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }
}

fn pack(weights: &[i16]) -> Result<Vec<u8>> {
    let config = pco::ChunkConfig::default().with_compression_level(12).with_delta_spec(pco::DeltaSpec::NoOp);
    pco::standalone::simple_compress(weights, &config).map_err(|e| Error::BadArgument(format!("pcodec: {e}")))
}

/// Gives each layer its weights.
fn unpack<'a>(packed: &[u8], layers: impl Iterator<Item = &'a mut Layer>) -> Result<()> {
    let layers: Vec<&mut Layer> = layers.collect();
    let wanted: usize =
        layers.iter().fold(0usize, |n, l| n.saturating_add(l.units().saturating_mul(l.inputs as usize)));
    if wanted > MAX_UNPACKED / 2 {
        return Err(Error::corrupt("the model's networks are too large"));
    }
    let mut weights = vec![0i16; wanted];
    let progress = pco::standalone::simple_decompress_into(packed, &mut weights)
        .map_err(|e| Error::corrupt(format!("the model's weights: {e}")))?;
    if progress.n_processed != wanted || !progress.finished {
        return Err(Error::corrupt("the model has too few or too many weights"));
    }
    let mut rest = &weights[..];
    for layer in layers {
        let (own, others) = rest.split_at(layer.units() * layer.inputs as usize);
        layer.weights = own.to_vec();
        rest = others;
    }
    Ok(())
}

impl ModelColumn {
    /// What later columns see of values of this column, original or reconstructed. Zeros if it has no axis.
    pub fn contexts<F: Float>(&self, values: &[F]) -> Vec<i16> {
        let Some(axis) = &self.axis else { return vec![0; values.len()] };
        // reconstruct first: the original and its reconstruction must give the same, pins and exceptions included
        let decoded = self.spec.quantiser.quantise(values).decoded;
        self.spec.quantiser.nearest(&decoded).into_iter().map(|q| axis.context(q)).collect()
    }
}
