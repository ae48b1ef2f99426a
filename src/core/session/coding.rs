//! How a column is coded: what the codec of its table says of it.

use super::table::TableColumn;
use crate::error::{Error, Result};
use crate::format::codec::Codec;
use crate::format::collections::Elements;
use crate::format::streams::{Layout, Stream};
use std::sync::Arc;

/// How a column is coded.
#[derive(Clone, Debug)]
pub enum Coding {
    /// As a column of a model.
    Model {
        /// Index of the model.
        model: usize,
        /// Index of the column in it.
        column: usize,
    },
    /// Standing alone.
    Rows(Layout),
    /// Streamed collections, standing alone.
    Collections(Elements, Layout),
}

impl Coding {
    /// By the first model that has a column of its name, type and jaggedness, else with the bound of the last pattern
    /// that matches, else without loss.
    pub fn of(column: &TableColumn, codec: &Codec) -> Result<Self> {
        let info = &column.info;
        let found = info.value.and_then(|value| codec.column_for(&info.name, value, info.jagged));
        if let Some((its, column)) = found
            && let Some(model) = codec.models().iter().position(|model| Arc::ptr_eq(model, its))
        {
            return Ok(Coding::Model { model, column });
        }
        if info.value.is_some() && codec.column_named(&info.name).is_some() && codec.rule_of(&info.name, "").is_none() {
            log::warn!(
                "column {} has another type here than in its model, or other numbers of elements: it is coded without \
                 the model, and without loss",
                info.name
            );
        }
        let mut layout = Layout { row_size: 0, streams: Vec::new() };
        for leaf in &column.leaves {
            let name = if column.leaves.len() > 1 { &leaf.name } else { "" };
            let quantiser = codec.quantiser_of(&info.name, name, leaf.value)?;
            let offset = layout.row_size;
            layout.streams.push(Stream { value: leaf.value, quantiser, offset, count: leaf.count });
            layout.row_size = layout.row_size.saturating_add(leaf.count.saturating_mul(leaf.value.size()));
        }
        match (column.streamed, &layout.streams[..]) {
            (None, _) => Ok(Coding::Rows(layout)),
            (Some(elements), [only]) => {
                Ok(Coding::Collections(elements, Layout::of_column(only.value, only.quantiser.clone())))
            }
            (Some(_), _) => Err(Error::BadArgument(format!("column {} streams several leaves", info.name))),
        }
    }
}
