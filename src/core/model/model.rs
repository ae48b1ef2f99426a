//! A model: an ordered group of columns with their quantisers and the masked autoencoder.
//!
//! The file form is `RBMODEL`, a version byte, the zstd-packed body, and the 64-bit XXH3 of all before it, which is
//! the content hash by which blocks name their model. Everything is checked on load.

use crate::error::{Error, Result};
use crate::inference::axis::{Axis, AxisSpec};
use crate::inference::net::{HIDDEN_BIAS_DROPPED, Layer, Net, OUTPUT_BIAS_DROPPED};
use crate::inference::tiles::Plan;
use crate::model::context::ColumnContext;
use crate::model::predictor::Predictor;
use crate::model::sample::Sample;
use crate::values::bound::Bound;
use crate::values::quantiser::Quantiser;
use crate::values::value::{Value, ValueType, values_from_be};
use crate::with_type;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use xxhash_rust::xxh3::xxh3_64;

const MAGIC: &[u8; 7] = b"RBMODEL";
const VERSION: u8 = 1;
/// No model is larger when unpacked; a hostile file cannot ask for more memory.
const MAX_UNPACKED: usize = 64 << 20;
/// Most columns of a group.
const MAX_COLUMNS: usize = 4096;

/// One input of a column's network. Columns are named by their index in the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Input {
    /// An earlier column, in the same row.
    Column(u32),
    /// An earlier column or this one, one element earlier in the same entry; jagged groups only.
    Previous(u32),
    /// The place of the element in its entry; jagged groups only.
    Position,
    /// The number of elements of the entry; jagged groups only.
    Count,
    /// What the column's predictor says, on the column's own axis.
    Predicted,
    /// Whether a foreign column has an element for this row.
    Present(u32),
}

/// Where the values of a foreign column come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Foreign {
    /// A branch of the same tree with another counter.
    pub branch: String,
    /// The earlier column whose integers are places in the entries of that branch.
    pub index: u32,
}

/// One column of the group, as stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnSpec {
    /// Branch name; of foreign columns a name that no branch has.
    pub name: String,
    /// Elements of another group that an index points to: seen by other columns, never coded itself. Its quantiser is
    /// that of the branch.
    pub foreign: Option<Foreign>,
    /// Value type.
    pub value: ValueType,
    /// The bound as the user asked for it; the quantiser has it resolved.
    pub request: Bound,
    /// How values become lattice integers.
    pub quantiser: Quantiser,
    /// What a value is multiplied by where formulas use it, 1 if None: an angle in units of its own spread becomes radians.
    pub unit: Option<f32>,
    /// Scores of lattice integers; needed by a column that is coded by the model or seen by others.
    pub axis: Option<AxisSpec>,
    /// What the network sees.
    pub inputs: Vec<Input>,
    /// A formula for columns that earlier ones determine.
    pub predictor: Option<Predictor>,
    /// The network; None: the column stands alone.
    pub net: Option<Net>,
}

/// The stored form of a model.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ModelSpec {
    /// Whether rows are elements of entries (a branch with a counter), not entries.
    pub jagged: bool,
    /// In coding order: each column sees only columns before it.
    pub columns: Vec<ColumnSpec>,
    /// Where it came from: one line for people (trees, rows, trainer version, seed).
    pub provenance: String,
}

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

/// A column ready to use.
#[derive(Debug)]
pub struct ModelColumn {
    /// As stored.
    pub spec: ColumnSpec,
    /// The axis laid out, if the column has one.
    pub axis: Option<Axis>,
    /// The network laid out for inference, if the column has one.
    pub plan: Option<Plan>,
    /// Earlier columns whose contexts the inputs need, ascending.
    pub parents: Vec<u32>,
    /// Whether others need its contexts.
    pub seen: bool,
    /// Whether others need its lattice integers, not its scores alone.
    pub lattice_seen: bool,
}

/// A loaded, checked, immutable model.
#[derive(Debug)]
pub struct Model {
    jagged: bool,
    columns: Vec<ModelColumn>,
    provenance: String,
    by_name: HashMap<String, usize>,
    bytes: Vec<u8>,
    hash: u64,
}

impl Model {
    /// Serialises and checks a model.
    pub fn new(spec: &ModelSpec) -> Result<Self> {
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
        unpack(&hidden, HIDDEN_BIAS_DROPPED, nets(&mut spec).flat_map(|net| &mut net.hidden))?;
        unpack(&output, OUTPUT_BIAS_DROPPED, nets(&mut spec).map(|net| &mut net.output))?;
        if spec.columns.len() > MAX_COLUMNS {
            return Err(Error::corrupt("the model has too many columns"));
        }
        let mut columns: Vec<ModelColumn> = Vec::with_capacity(spec.columns.len());
        let mut by_name = HashMap::new();
        for (i, column) in spec.columns.into_iter().enumerate() {
            let axis = column.axis.clone().map(Axis::new).transpose()?;
            let has_axis = |p: u32| columns.get(p as usize).is_some_and(|c| c.axis.is_some());
            let inputs_ok = column.inputs.iter().all(|&input| match input {
                Input::Column(p) => has_axis(p),
                Input::Previous(p) if p as usize == i => spec.jagged && axis.is_some(),
                Input::Previous(p) => spec.jagged && has_axis(p),
                Input::Position | Input::Count => spec.jagged,
                Input::Predicted => column.predictor.is_some() && axis.is_some(),
                Input::Present(p) => columns.get(p as usize).is_some_and(|c| c.spec.foreign.is_some()),
            });
            let foreign_ok = column.foreign.as_ref().is_none_or(|foreign| {
                let is_index =
                    |c: &ModelColumn| !c.spec.value.is_float() && c.spec.foreign.is_none() && c.axis.is_some();
                let index_ok = columns.get(foreign.index as usize).is_some_and(is_index);
                index_ok && spec.jagged && axis.is_some() && column.net.is_none() && column.inputs.is_empty()
            });
            let predictor_ok = column.predictor.iter().all(|p| p.is_valid() && p.columns().all(has_axis));
            let net_ok = column.net.is_none() || axis.is_some();
            let unit_ok = column.unit.is_none_or(f32::is_normal);
            if !column.quantiser.is_valid() || !unit_ok || !inputs_ok || !predictor_ok || !foreign_ok || !net_ok {
                return Err(Error::corrupt(format!("the model's column {} is invalid", column.name)));
            }
            if let Some(net) = &column.net {
                net.validate(column.inputs.len())?;
            }
            if by_name.insert(column.name.clone(), i).is_some() {
                return Err(Error::corrupt(format!("the model has two columns {}", column.name)));
            }
            let parents = parents(i as u32, &column);
            let plan = column.net.as_ref().map(|net| Plan::new(net, column.inputs.len()));
            columns.push(ModelColumn { spec: column, axis, plan, parents, seen: false, lattice_seen: false });
        }
        let indexes = columns.iter().filter_map(|c| Some(c.spec.foreign.as_ref()?.index));
        let seen: Vec<u32> = columns.iter().flat_map(|c| c.parents.iter().copied()).chain(indexes).collect();
        seen.into_iter().for_each(|p| columns[p as usize].seen = true);
        let seen: Vec<u32> = columns.iter().flat_map(|c| lattices(&c.spec)).collect();
        seen.into_iter().for_each(|p| columns[p as usize].lattice_seen = true);
        Ok(Model { jagged: spec.jagged, columns, provenance: spec.provenance, by_name, bytes: bytes.to_vec(), hash })
    }

    /// Reads a model file.
    pub fn from_file(path: &Path) -> Result<Self> {
        Self::from_bytes(&std::fs::read(path).map_err(|e| Error::io(path, e))?)
    }

    /// The stored form, to build a changed model from.
    pub fn spec(&self) -> ModelSpec {
        ModelSpec {
            jagged: self.jagged,
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

    /// Whether rows are elements of entries, not entries.
    pub fn jagged(&self) -> bool {
        self.jagged
    }

    /// Whether any column has a network. If none has, no block needs the model for decoding.
    pub fn has_network(&self) -> bool {
        self.columns.iter().any(|column| column.spec.net.is_some())
    }

    /// Columns in coding order.
    pub fn columns(&self) -> &[ModelColumn] {
        &self.columns
    }

    /// One line on where the model came from.
    pub fn provenance(&self) -> &str {
        &self.provenance
    }

    /// Contexts of all columns of a sample; empty for columns that the sample does not have.
    pub fn sample_contexts(&self, sample: &Sample) -> Vec<ColumnContext> {
        let contexts = |c: &ModelColumn| match sample.column(&c.spec.name) {
            Some(values) if values.value == c.spec.value => {
                let mut context = with_type!(c.spec.value, T => c.context(&values_from_be::<T>(&values.raw)));
                if let Some(foreign) = &values.foreign {
                    let absent = foreign.present.iter().enumerate().filter(|(_, present)| !**present);
                    absent.for_each(|(row, _)| context.set_absent(row));
                }
                context
            }
            _ => ColumnContext::default(),
        };
        self.columns.iter().map(contexts).collect()
    }

    /// The model reduced to what quantising needs: no networks, no axes. Values written anew with it stay as they are.
    pub fn quantisers_only(&self) -> Result<Self> {
        let mut spec = self.spec();
        spec.columns.retain(|column| column.foreign.is_none());
        for column in &mut spec.columns {
            (column.unit, column.axis) = (None, None);
            column.inputs.clear();
            column.predictor = None;
            column.net = None;
        }
        Self::new(&spec)
    }

    /// Index of the column of a branch.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }
}

/// The other columns that the network of column `own` needs.
pub fn parents(own: u32, column: &ColumnSpec) -> Vec<u32> {
    let mut set = BTreeSet::new();
    for input in &column.inputs {
        match *input {
            Input::Column(p) | Input::Previous(p) | Input::Present(p) => {
                set.insert(p);
            }
            Input::Predicted => set.extend(column.predictor.iter().flat_map(Predictor::columns)),
            Input::Position | Input::Count => {}
        }
    }
    set.remove(&own);
    set.into_iter().collect()
}

/// The columns whose lattice integers a column needs, or its own: what formulas are made of, where foreign columns point,
/// and whether they have a value.
fn lattices(column: &ColumnSpec) -> impl Iterator<Item = u32> + '_ {
    let present = column.inputs.iter().filter_map(|input| match *input {
        Input::Present(p) => Some(p),
        _ => None,
    });
    let index = column.foreign.iter().map(|foreign| foreign.index);
    present.chain(index).chain(column.predictor.iter().flat_map(Predictor::columns))
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

impl ModelColumn {
    /// What later columns see of values of this column, original or reconstructed. Zeros if it has no axis.
    pub fn context<V: Value>(&self, values: &[V]) -> ColumnContext {
        let Some(axis) = &self.axis else {
            return ColumnContext { scores: vec![0; values.len()], lattice: vec![0; values.len()] };
        };
        // the quantiser stores as exceptions all values whose reconstruction would have another nearest point
        ColumnContext::of(self.spec.quantiser.nearest(values), axis)
    }

    /// The values that lattice integers stand for (special bit patterns excepted).
    pub fn lattice_values(&self, lattice: &[i64]) -> Vec<f64> {
        with_type!(self.spec.value, T => {
            let mut values = vec![T::default(); lattice.len()];
            self.spec.quantiser.reconstruct(lattice, &mut values);
            values.into_iter().map(|v| v.to_f64()).collect()
        })
    }

    /// The same in the column's unit, as formulas need them.
    pub fn values_in_units(&self, lattice: &[i64]) -> Vec<f64> {
        let unit = f64::from(self.spec.unit.unwrap_or(1.0));
        self.lattice_values(lattice).into_iter().map(|value| value * unit).collect()
    }

    /// Scores of predicted values on this column's axis.
    pub fn predicted_scores(&self, predicted: &[f64]) -> Vec<i16> {
        let Some(axis) = &self.axis else { return vec![0; predicted.len()] };
        let lattice = with_type!(self.spec.value, T => {
            let values: Vec<T> = predicted.iter().map(|&v| T::from_f64(v)).collect();
            self.spec.quantiser.nearest(&values)
        });
        axis.contexts(&lattice)
    }
}
