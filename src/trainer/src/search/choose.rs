//! What each column gains from its network, measured by real coding; networks that do not pay are dropped.

use crate::data;
use rootbaler::coder::waves::Contexts;
use rootbaler::format::block;
use rootbaler::model::context::{ColumnContext, Seen};
use rootbaler::model::predictor::Predictor;
use rootbaler::model::sample::Sample;
use rootbaler::model::{self, Model, ModelSpec};
use serde::Serialize;
use std::collections::BTreeSet;

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

/// Codes every column of the sample both ways and keeps the networks that save more than their own bytes, those of the
/// axes that only they use included, when `rows` rows are to be coded with them. A network must also save `least` bits
/// of a value on average: what it takes to read one is the same for all.
pub fn keep_what_pays(
    sample: &Sample,
    trained: &ModelSpec,
    rows: u64,
    least: f64,
) -> rootbaler::Result<(ModelSpec, Vec<Measured>)> {
    let model = Model::new(trained)?;
    let mut report = Vec::new();
    let contexts = model.sample_contexts(sample);
    let mut gains = vec![0.0; model.columns().len()];
    for (i, column) in model.columns().iter().enumerate() {
        if sample.column(&column.spec.name).is_none() || column.spec.foreign.is_some() {
            continue;
        }
        let bits_alone = coded_bits(&model, i, true, &contexts, sample)?;
        let bits_given = coded_bits(&model, i, false, &contexts, sample)?;
        let saved = bits_alone - bits_given;
        gains[i] = if saved < least { 0.0 } else { saved * rows as f64 / 8.0 };
        report.push(Measured { name: column.spec.name.clone(), bits_alone, bits_given, conditioned: false });
    }
    let kept = worth_their_bytes(trained, &gains)?;
    for measured in &mut report {
        let column = kept.columns.iter().find(|c| c.name == measured.name);
        measured.conditioned = column.is_some_and(|c| c.net.is_some());
    }
    Ok((kept, report))
}

/// The model without the networks whose bytes are more than they gain: one after the other, the worst first, as an axis
/// goes with the last network that uses it; and all of them if the model as a whole does not pay.
fn worth_their_bytes(trained: &ModelSpec, gains: &[f64]) -> rootbaler::Result<ModelSpec> {
    let bytes = |spec: &ModelSpec| Ok::<_, rootbaler::Error>(Model::new(&without_unused(spec))?.bytes().len() as f64);
    let mut kept = trained.clone();
    let mut order: Vec<usize> = (0..gains.len()).collect();
    order.sort_by(|&a, &b| gains[a].total_cmp(&gains[b]));
    let mut full = bytes(&kept)?;
    for _ in 0..2 {
        for &i in &order {
            if gains[i] >= full {
                break; // in ascending order
            }
            let Some(net) = kept.columns[i].net.clone() else { continue };
            let (inputs, predictor) = (kept.columns[i].inputs.clone(), kept.columns[i].predictor.clone());
            stand_alone(&mut kept, i);
            let without = bytes(&kept)?;
            if full - without < gains[i] {
                let column = &mut kept.columns[i];
                (column.net, column.inputs, column.predictor) = (Some(net), inputs, predictor);
            } else {
                full = without;
            }
        }
    }
    let gain: f64 = gains.iter().zip(&kept.columns).filter(|(_, c)| c.net.is_some()).map(|(gain, _)| gain).sum();
    let mut none = kept.clone();
    (0..gains.len()).for_each(|i| stand_alone(&mut none, i));
    Ok(without_unused(if gain > full - bytes(&none)? { &kept } else { &none }))
}

/// The model without foreign columns that no network sees, and without axes that are of no use.
fn without_unused(spec: &ModelSpec) -> ModelSpec {
    let mut spec = data::without_unseen(spec);
    let mut used = vec![false; spec.columns.len()];
    for (i, column) in spec.columns.iter().enumerate().filter(|(_, c)| c.net.is_some()) {
        used[i] = true;
        model::parents(i as u32, column).into_iter().for_each(|p| used[p as usize] = true);
    }
    for (own, foreign) in spec.columns.iter().enumerate().filter_map(|(i, c)| Some((i, c.foreign.as_ref()?))) {
        (used[own], used[foreign.index as usize]) = (true, true);
    }
    for (column, _) in spec.columns.iter_mut().zip(used).filter(|(_, used)| !used) {
        column.axis = None;
    }
    let in_formulas: BTreeSet<u32> =
        spec.columns.iter().filter_map(|c| c.predictor.as_ref()).flat_map(Predictor::columns).collect();
    for (_, column) in (0u32..).zip(&mut spec.columns).filter(|(i, _)| !in_formulas.contains(i)) {
        column.unit = None;
    }
    spec
}

pub(super) fn stand_alone(spec: &mut ModelSpec, index: usize) {
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
    contexts: &[ColumnContext],
    sample: &Sample,
) -> rootbaler::Result<f64> {
    let column = &model.columns()[index];
    let size = column.spec.value.size();
    let Some(values) = sample.column(&column.spec.name) else { return Ok(0.0) };
    let mut bytes = 0;
    for part in sample.blocks(ROWS_PER_BLOCK) {
        let raw = &values.raw[part.rows.start * size..part.rows.end * size];
        let parents: Vec<Seen> =
            column.parents.iter().map(|&p| contexts[p as usize].view().rows(part.rows.clone())).collect();
        let contexts = Contexts { columns: &parents, rows: part.rows.len(), counts: part.counts };
        let block = block::encode_model(model, index, alone, 5, contexts, raw, raw.len())?.block;
        bytes += block.map_or(raw.len(), |block| block.bytes.len());
    }
    Ok(bytes as f64 * 8.0 / sample.rows.max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rootbaler::model::builder;
    use rootbaler::values::bound::Bound;

    #[test]
    fn foreign_columns_that_nobody_sees_go() {
        let mut sample = Sample::jagged(&[2; 100]);
        let index: Vec<i32> = (0..200).map(|i| i % 2).collect();
        let values: Vec<f32> = (0..200).map(|i| i as f32).collect();
        sample.add("Jet_genJetIdx", Bound::Lossless, &index).unwrap();
        sample.add("Jet_pt", Bound::Abs(0.1), &values).unwrap();
        sample.add_foreign("GenJet_pt", "Jet_genJetIdx", &values, &[true; 200]).unwrap();
        let mut source = Sample::jagged(&[2; 100]);
        source.add("GenJet_pt", Bound::Abs(0.1), &values).unwrap();
        let built = builder::build(&sample, &[source], "test");
        assert_eq!(built.columns.len(), 3);
        let base = data::reorder(&built, &crate::search::order::coding_order(&built.columns));
        let (kept, _) = keep_what_pays(&sample, &base, 1000, 0.0).unwrap();
        assert_eq!(kept.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["Jet_genJetIdx", "Jet_pt"]);
        assert!(kept.columns.iter().all(|c| c.axis.is_none()));
    }
}
