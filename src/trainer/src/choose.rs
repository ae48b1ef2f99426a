//! What each column gains from its network, measured by real coding; networks that do not pay are dropped.

use rootbaler::block;
use rootbaler::inputs::Contexts;
use rootbaler::model::{Context, Model, ModelSpec};
use rootbaler::sample::Sample;
use serde::Serialize;

/// Measured bits per value of a column.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    pub name: String,
    /// Standing alone.
    pub bits_alone: f64,
    /// Given the earlier columns.
    pub bits_given: f64,
    /// Whether the model keeps a network for it.
    pub conditioned: bool,
}

/// Rows per block when measuring, as baskets would have.
const ROWS_PER_BLOCK: usize = 1 << 16;

/// Codes every column of the sample both ways and keeps the networks that save more than their own bytes when `rows`
/// rows are to be coded with them.
pub fn keep_what_pays(
    sample: &Sample,
    trained: &ModelSpec,
    rows: u64,
) -> rootbaler::Result<(ModelSpec, Vec<Measured>)> {
    let model = Model::new(trained)?;
    let full = model.bytes().len();
    let mut kept = trained.clone();
    let mut report = Vec::new();
    let contexts = model.sample_contexts(sample);
    for (i, column) in model.columns().iter().enumerate() {
        if sample.column(&column.spec.name).is_none() || column.spec.foreign.is_some() {
            continue;
        }
        let alone = coded_bits(&model, i, true, &contexts, sample)?;
        let given = coded_bits(&model, i, false, &contexts, sample)?;
        let mut without = trained.clone();
        stand_alone(&mut without, i);
        let cost = full.saturating_sub(Model::new(&without)?.bytes().len()) as f64 * 8.0;
        let conditioned = column.spec.net.is_some() && (alone - given) * rows as f64 > cost;
        if !conditioned {
            stand_alone(&mut kept, i);
        }
        report.push(Measured { name: column.spec.name.clone(), bits_alone: alone, bits_given: given, conditioned });
    }
    Ok((kept, report))
}

fn stand_alone(spec: &mut ModelSpec, index: usize) {
    let column = &mut spec.columns[index];
    column.net = None;
    column.inputs.clear();
    column.predictor = None;
}

/// Bits per value over the sample, block by block.
fn coded_bits(
    model: &Model,
    index: usize,
    alone: bool,
    contexts: &[Vec<Context>],
    sample: &Sample,
) -> rootbaler::Result<f64> {
    let column = &model.columns()[index];
    let size = column.spec.value.size();
    let Some(values) = sample.column(&column.spec.name) else { return Ok(0.0) };
    let mut bytes = 0;
    for part in sample.blocks(ROWS_PER_BLOCK) {
        let raw = &values.raw[part.rows.start * size..part.rows.end * size];
        let parents: Vec<&[Context]> =
            column.parents.iter().map(|&p| &contexts[p as usize][part.rows.clone()]).collect();
        let contexts = Contexts { columns: &parents, rows: part.rows.len(), counts: part.counts };
        let block = block::encode_model(model, index, alone, 5, contexts, raw, raw.len())?;
        bytes += block.map_or(raw.len(), |b| b.len());
    }
    Ok(bytes as f64 * 8.0 / sample.rows.max(1) as f64)
}
