//! A model that is loaded and checked, and its columns ready to run.

use crate::error::{Error, Result};
use crate::inference::axis::Axis;
use crate::inference::tiles::TiledNet;
use crate::model::context::ColumnContext;
use crate::model::sample::Sample;
use crate::model::spec::{self, ColumnSpec, ModelSpec};
use crate::model::{checks, file};
use crate::values::value::{Value, values_from_be};
use crate::with_type;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

/// A column ready to use.
#[derive(Debug)]
pub struct ModelColumn {
    /// As stored.
    pub spec: ColumnSpec,
    /// The axis laid out, if the column has one.
    pub axis: Option<Axis>,
    /// The network laid out for inference, if the column has one.
    pub tiled: Option<TiledNet>,
    /// Earlier columns whose contexts the inputs need, ascending.
    pub parents: Vec<u32>,
    /// Whether others need its contexts.
    pub seen: bool,
    /// Whether others need its lattice integers, not its scores alone.
    pub lattice_seen: bool,
}

impl ModelColumn {
    /// Lays out the column at `index`, which has been checked.
    fn new(index: u32, spec: ColumnSpec, seen: bool, lattice_seen: bool) -> Result<Self> {
        let axis = spec.axis.clone().map(Axis::new).transpose()?;
        let tiled = spec.net.as_ref().map(|net| TiledNet::new(net, spec.inputs.len()));
        let parents = spec::parents(index, &spec);
        Ok(ModelColumn { spec, axis, tiled, parents, seen, lattice_seen })
    }

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
            let value = |&v: &f64| if v.is_nan() { T::PREDICTED_NAN } else { T::from_f64(v) };
            let values: Vec<T> = predicted.iter().map(value).collect();
            self.spec.quantiser.nearest(&values)
        });
        axis.contexts(&lattice)
    }
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
        Self::from_bytes(&file::write(spec)?)
    }

    /// Reads the file form.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let (spec, hash) = file::read(bytes)?;
        checks::check(&spec)?;
        let needed = |(own, column)| spec::parents(own, column).into_iter().chain(spec::index(column));
        let seen: BTreeSet<u32> = (0..).zip(&spec.columns).flat_map(needed).collect();
        let lattices: BTreeSet<u32> = spec.columns.iter().flat_map(spec::lattices).collect();
        let by_name = spec.columns.iter().enumerate().map(|(i, column)| (column.name.clone(), i)).collect();
        let lay = |(i, column)| ModelColumn::new(i, column, seen.contains(&i), lattices.contains(&i));
        let columns = (0..).zip(spec.columns).map(lay).collect::<Result<_>>()?;
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
