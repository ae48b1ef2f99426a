//! What each column gains from its network, measured by real coding; networks that do not pay are dropped.

use rootbaler::block;
use rootbaler::column::Column;
use rootbaler::conditional::Contexts;
use rootbaler::float::{FloatType, values_to_be};
use rootbaler::model::{Model, ModelSpec};
use rootbaler::sample::{Sample, Values};
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
const BLOCK_BYTES: usize = 1 << 20;

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
    let contexts: Vec<Vec<i16>> = model
        .columns()
        .iter()
        .map(|column| match values(sample, &column.spec.name) {
            Some(Values::F32(v)) => column.contexts(v),
            Some(Values::F64(v)) => column.contexts(v),
            None => Vec::new(),
        })
        .collect();
    for (i, column) in model.columns().iter().enumerate() {
        let Some(raw) = values(sample, &column.spec.name).map(big_endian) else { continue };
        let alone = coded_bits(&model, i, true, &contexts, &raw)?;
        let given = coded_bits(&model, i, false, &contexts, &raw)?;
        let mut without = trained.clone();
        without.columns[i].net = None;
        without.columns[i].parents.clear();
        let cost = full.saturating_sub(Model::new(&without)?.bytes().len()) as f64 * 8.0;
        let conditioned = column.spec.net.is_some() && (alone - given) * rows as f64 > cost;
        if !conditioned {
            kept.columns[i].net = None;
            kept.columns[i].parents.clear();
        }
        report.push(Measured { name: column.spec.name.clone(), bits_alone: alone, bits_given: given, conditioned });
    }
    Ok((kept, report))
}

fn values<'a>(sample: &'a Sample, name: &str) -> Option<&'a Values> {
    sample.columns.iter().find(|c| c.name == name).map(|c| &c.values)
}

fn big_endian(values: &Values) -> Vec<u8> {
    match values {
        Values::F32(v) => values_to_be(v),
        Values::F64(v) => values_to_be(v),
    }
}

/// Bits per value over the sample, block by block.
fn coded_bits(model: &Model, index: usize, alone: bool, contexts: &[Vec<i16>], raw: &[u8]) -> rootbaler::Result<f64> {
    let spec = &model.columns()[index].spec;
    let size = spec.float.size();
    let per_block = BLOCK_BYTES / size;
    let mut bytes = 0;
    for (b, chunk) in raw.chunks(per_block * size).enumerate() {
        let rows = chunk.len() / size;
        let block = if alone {
            let column = Column { float: spec.float, quantiser: spec.quantiser.clone() };
            block::encode_column(&column, 5, chunk)?
        } else {
            let first = b * per_block;
            let parents: Vec<&[i16]> =
                spec.parents.iter().map(|&p| &contexts[p as usize][first..first + rows]).collect();
            block::encode_model(model, index, false, 5, Contexts { columns: &parents, rows }, chunk)?
        };
        bytes += block.map_or(chunk.len(), |b| b.len());
    }
    debug_assert!(matches!(spec.float, FloatType::F32 | FloatType::F64));
    Ok(bytes as f64 * 8.0 / (raw.len() / size).max(1) as f64)
}
