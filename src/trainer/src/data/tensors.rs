//! A sample as tensors: inputs, and the score edges of each value's bin.

use rootbaler::coder::inputs::predicted_scores;
use rootbaler::coder::waves::{Contexts, Waves};
use rootbaler::inference::axis::{Axis, CONTEXT_BITS, SCORE_BITS};
use rootbaler::model::context::{ColumnContext, Seen};
use rootbaler::model::sample::Sample;
use rootbaler::model::{Input, Model, ModelColumn};
use rootbaler::values::quantiser::Quantiser;
use rootbaler::values::value::{Value, values_from_be};
use rootbaler::with_type;
use tch::{Kind, Tensor};

/// Stands for infinity: the sigmoid is 0 or 1 there for any scale that a network may give.
const FAR: f32 = 1e6;

/// Rows of the columns that take part in training, in coding order. Foreign columns are inputs only.
pub struct Tensors {
    /// Indexes of the coded columns in the model.
    pub coded: Vec<usize>,
    /// [rows, inputs]: what networks see, in units of score. See [`possible_inputs`].
    pub inputs: Tensor,
    /// What the inputs are.
    pub possible: Vec<PossibleInput>,
    /// For each coded column with a predictor: index of that input, and how far predictions are off, in units of score,
    /// ascending.
    pub predicted: Vec<Option<(i64, Vec<f64>)>>,
    /// [coded columns, inputs]: 1 where a column may see an input.
    pub mask: Tensor,
    /// [rows, columns]: lower edge of the value's bin, in units of score.
    pub low: Tensor,
    /// [rows, columns]: upper edge.
    pub high: Tensor,
    /// [1, columns]: bins of each axis.
    pub bins: Tensor,
}

/// An input, and the column that it belongs to if it is of no use to others.
#[derive(Clone, Copy)]
pub struct PossibleInput {
    pub input: Input,
    owner: Option<usize>,
}

impl PossibleInput {
    /// Whether column `own` may see it: only what is decoded before it.
    fn may_see(&self, own: usize) -> bool {
        match self.input {
            Input::Column(p) | Input::Present(p) => (p as usize) < own,
            Input::Previous(p) => p as usize <= own,
            Input::Position | Input::Count => true,
            Input::Predicted => self.owner == Some(own),
        }
    }
}

/// All inputs that some column of a group may have, in the order of [`Tensors::inputs`].
fn possible_inputs(model: &Model) -> Vec<PossibleInput> {
    let columns = 0..model.columns().len() as u32;
    let mut inputs: Vec<Input> = columns.clone().map(Input::Column).collect();
    if model.jagged() {
        inputs.extend(columns.map(Input::Previous));
        inputs.extend([Input::Position, Input::Count]);
    }
    let foreign = |c: &ModelColumn| c.spec.foreign.as_ref().map(|f| f.index);
    let mut indexes: Vec<Option<u32>> = vec![None];
    for (p, column) in model.columns().iter().enumerate() {
        // one is enough for all that the index points to
        if !indexes.contains(&foreign(column)) {
            indexes.push(foreign(column));
            inputs.push(Input::Present(p as u32));
        }
    }
    let mut possible: Vec<PossibleInput> =
        inputs.into_iter().map(|input| PossibleInput { input, owner: None }).collect();
    for (own, column) in model.columns().iter().enumerate() {
        if column.spec.predictor.is_some() {
            possible.push(PossibleInput { input: Input::Predicted, owner: Some(own) });
        }
    }
    possible
}

/// Quantises the sample by the model's columns. All columns must have axes.
pub fn tensors(sample: &Sample, model: &Model) -> rootbaler::Result<Tensors> {
    let coded: Vec<usize> = (0..model.columns().len()).filter(|&c| model.columns()[c].spec.foreign.is_none()).collect();
    let (rows, width) = (sample.rows, coded.len());
    let possible = possible_inputs(model);
    let unit = 1.0 / (1 << CONTEXT_BITS) as f32;
    let contexts = model.sample_contexts(sample);
    let parents: Vec<Seen> = contexts.iter().map(ColumnContext::view).collect();
    let known = Contexts { columns: &parents, rows, counts: sample.counts.as_deref() };
    let places = Waves::natural(model.jagged(), known, rows)?;
    let mut inputs = vec![0f32; rows * possible.len()];
    let mut predicted = vec![None; model.columns().len()];
    for (i, PossibleInput { input, owner }) in possible.iter().enumerate() {
        let scores = match owner {
            Some(own) => {
                let lattice = |c: u32| &contexts[c as usize].lattice[..];
                let scores = predicted_scores(model, &model.columns()[*own], rows, lattice);
                let off = scores.iter().zip(&contexts[*own].scores).map(|(p, c)| (f64::from(*p) - f64::from(*c)).abs());
                let mut off: Vec<f64> = off.map(|off| off * f64::from(unit)).collect();
                off.sort_unstable_by(f64::total_cmp);
                predicted[*own] = Some((i as i64, off));
                scores
            }
            None => places.input(*input, known).into_owned(),
        };
        for (row, score) in scores.into_iter().enumerate() {
            inputs[row * possible.len() + i] = f32::from(score) * unit;
        }
    }
    let mask: Vec<f32> =
        coded.iter().flat_map(|&own| possible.iter().map(move |p| f32::from(u8::from(p.may_see(own))))).collect();
    let mut low = vec![0f32; rows * width];
    let mut high = vec![0f32; rows * width];
    let mut bins = Vec::new();
    for (c, column) in coded.iter().map(|&c| &model.columns()[c]).enumerate() {
        let (Some(axis), Some(values)) = (&column.axis, sample.column(&column.spec.name)) else { continue };
        let points = with_type!(column.spec.value, T => lattice_points::<T>(&column.spec.quantiser, &values.raw));
        bins.push(axis.bins() as f32);
        for row in 0..rows {
            (low[row * width + c], high[row * width + c]) = edges(axis, points[row]);
        }
    }
    let (n, w, i) = (rows as i64, width as i64, possible.len() as i64);
    Ok(Tensors {
        inputs: Tensor::from_slice(&inputs).view([n, i]),
        possible,
        predicted: coded.iter().map(|&c| predicted[c].take()).collect(),
        coded,
        mask: Tensor::from_slice(&mask).view([w, i]),
        low: Tensor::from_slice(&low).view([n, w]),
        high: Tensor::from_slice(&high).view([n, w]),
        bins: Tensor::from_slice(&bins).view([1, w]).to_kind(Kind::Float),
    })
}

fn lattice_points<V: Value>(quantiser: &Quantiser, raw: &[u8]) -> Vec<i64> {
    quantiser.nearest(&quantiser.quantise::<V>(&values_from_be(raw)).decoded)
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
