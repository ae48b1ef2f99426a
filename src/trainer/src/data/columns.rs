//! Which columns a model has, and where.

use rootbaler::model::{ColumnSpec, Input, ModelSpec};

/// Columns of the model in a new order, without networks.
pub fn reorder(spec: &ModelSpec, order: &[usize]) -> ModelSpec {
    let mut columns: Vec<ColumnSpec> = order.iter().map(|&i| spec.columns[i].clone()).collect();
    for foreign in columns.iter_mut().filter_map(|c| c.foreign.as_mut()) {
        foreign.index = order.iter().position(|&i| i == foreign.index as usize).unwrap_or_default() as u32;
    }
    ModelSpec { jagged: spec.jagged, columns, provenance: spec.provenance.clone() }
}

/// The model without the foreign columns that no network sees.
pub fn without_unseen(spec: &ModelSpec) -> ModelSpec {
    let mut seen = vec![false; spec.columns.len()];
    for column in spec.columns.iter().filter(|c| c.net.is_some()) {
        let inputs = column.inputs.iter().filter_map(|input| match *input {
            Input::Column(p) | Input::Previous(p) | Input::Present(p) => Some(p),
            Input::Position | Input::Count | Input::Predicted => None,
        });
        inputs.chain(column.predictor.iter().flat_map(|p| p.columns())).for_each(|p| seen[p as usize] = true);
    }
    let kept: Vec<usize> = (0..seen.len()).filter(|&i| seen[i] || spec.columns[i].foreign.is_none()).collect();
    let mut slim = reorder(spec, &kept);
    let place = |p: &mut u32| *p = kept.iter().position(|&i| i == *p as usize).unwrap_or_default() as u32;
    for column in &mut slim.columns {
        for input in &mut column.inputs {
            match input {
                Input::Column(p) | Input::Previous(p) | Input::Present(p) => place(p),
                Input::Position | Input::Count | Input::Predicted => {}
            }
        }
        column.predictor.iter_mut().flat_map(|p| p.columns_mut()).for_each(place);
    }
    slim
}
