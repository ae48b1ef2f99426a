//! A sample as tensors: contexts, score edges of each value's bin.

use rootbaler::axis::{Axis, CONTEXT_BITS, SCORE_BITS};
use rootbaler::float::Float;
use rootbaler::model::{Model, ModelSpec};
use rootbaler::quantiser::Quantiser;
use rootbaler::sample::{Sample, Values};
use tch::{Kind, Tensor};

/// Stands for infinity: the sigmoid is 0 or 1 there for any scale that a network may give.
const FAR: f32 = 1e6;

/// Rows of the columns that take part in training, in coding order.
pub struct Data {
    /// [rows, columns]: what later columns see, in units of score.
    pub context: Tensor,
    /// [rows, columns]: lower edge of the value's bin, in units of score.
    pub low: Tensor,
    /// [rows, columns]: upper edge.
    pub high: Tensor,
    /// [1, columns]: bins of each axis.
    pub bins: Tensor,
}

/// Quantises the sample by the model's columns. All columns must have axes.
pub fn tensors(sample: &Sample, model: &Model) -> Data {
    let rows = sample.rows;
    let width = model.columns().len();
    let mut context = vec![0f32; rows * width];
    let mut low = vec![0f32; rows * width];
    let mut high = vec![0f32; rows * width];
    let mut bins = Vec::new();
    for (c, column) in model.columns().iter().enumerate() {
        let Some(axis) = &column.axis else { continue };
        let Some(values) = sample.columns.iter().find(|s| s.name == column.spec.name) else { continue };
        let (contexts, points) = match &values.values {
            Values::F32(v) => (column.contexts(v), lattice(&column.spec.quantiser, v)),
            Values::F64(v) => (column.contexts(v), lattice(&column.spec.quantiser, v)),
        };
        bins.push(axis.bins() as f32);
        for row in 0..rows {
            let at = row * width + c;
            context[at] = f32::from(contexts[row]) / (1 << CONTEXT_BITS) as f32;
            (low[at], high[at]) = edges(axis, points[row]);
        }
    }
    let shape = [rows as i64, width as i64];
    Data {
        context: Tensor::from_slice(&context).view(shape),
        low: Tensor::from_slice(&low).view(shape),
        high: Tensor::from_slice(&high).view(shape),
        bins: Tensor::from_slice(&bins).view([1, width as i64]).to_kind(Kind::Float),
    }
}

fn lattice<F: Float>(quantiser: &Quantiser, values: &[F]) -> Vec<i64> {
    quantiser.nearest(&quantiser.quantise(values).decoded)
}

/// Edges of the bin, the outer ones far away; a value out of range counts as certain, since it is stored elsewhere.
fn edges(axis: &Axis, point: i64) -> (f32, f32) {
    let unit = |score: i32| score as f32 / (1 << SCORE_BITS) as f32;
    match axis.find(point) {
        None => (-FAR, FAR),
        Some(bin) => (
            if bin == 0 { -FAR } else { unit(axis.edges()[bin]) },
            if bin + 1 == axis.bins() { FAR } else { unit(axis.edges()[bin + 1]) },
        ),
    }
}

/// Columns of the model in a new order, without networks.
pub fn reorder(spec: &ModelSpec, order: &[usize]) -> ModelSpec {
    ModelSpec { columns: order.iter().map(|&i| spec.columns[i].clone()).collect(), provenance: spec.provenance.clone() }
}
