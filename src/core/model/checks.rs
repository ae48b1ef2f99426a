//! What must hold of a model before it is used, wherever it came from. Whoever makes one asks here, too.

use crate::error::{Error, Result};
use crate::model::spec::{ColumnSpec, Input, ModelSpec};
use std::collections::BTreeSet;

/// Most columns of a group.
const MAX_COLUMNS: usize = 4096;

/// Fails unless every column is valid and sees only what is there. (Axes are checked where they are laid out.)
pub fn check(spec: &ModelSpec) -> Result<()> {
    if spec.columns.len() > MAX_COLUMNS {
        return Err(Error::corrupt("the model has too many columns"));
    }
    let mut names = BTreeSet::new();
    for (i, column) in spec.columns.iter().enumerate() {
        check_column(spec, i)?;
        if !names.insert(&column.name) {
            return Err(Error::corrupt(format!("the model has two columns {}", column.name)));
        }
    }
    Ok(())
}

/// Fails unless the column at this index is valid, given those before it.
pub fn check_column(spec: &ModelSpec, index: usize) -> Result<()> {
    let column = &spec.columns[index];
    if !is_valid(column, index, spec) {
        return Err(Error::corrupt(format!("the model's column {} is invalid", column.name)));
    }
    column.net.as_ref().map_or(Ok(()), |net| net.validate(column.inputs.len()))
}

fn is_valid(column: &ColumnSpec, index: usize, spec: &ModelSpec) -> bool {
    let earlier = |p: u32| spec.columns[..index].get(p as usize);
    let has_axis = |p: u32| earlier(p).is_some_and(|c| c.axis.is_some());
    let on_axis = column.axis.is_some();
    let inputs_ok = column.inputs.iter().all(|&input| match input {
        Input::Column(p) => has_axis(p),
        Input::Previous(p) if p as usize == index => spec.jagged && on_axis,
        Input::Previous(p) => spec.jagged && has_axis(p),
        Input::Position | Input::Count => spec.jagged,
        Input::Predicted => column.predictor.is_some() && on_axis,
        Input::Present(p) => earlier(p).is_some_and(|c| c.foreign.is_some()),
    });
    let foreign_ok = column.foreign.as_ref().is_none_or(|foreign| {
        let is_index = |c: &ColumnSpec| !c.value.is_float() && c.foreign.is_none() && c.axis.is_some();
        let index_ok = earlier(foreign.index).is_some_and(is_index);
        index_ok && spec.jagged && on_axis && column.net.is_none() && column.inputs.is_empty()
    });
    let predictor_ok = column.predictor.iter().all(|p| p.is_valid() && p.columns().all(has_axis));
    let net_ok = column.net.is_none() || on_axis;
    let unit_ok = column.unit.is_none_or(f32::is_normal);
    column.quantiser.is_valid() && unit_ok && inputs_ok && predictor_ok && foreign_ok && net_ok
}
