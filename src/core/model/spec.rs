//! What a model says, as it is stored: columns in coding order, and what each sees.

use crate::inference::axis::AxisSpec;
use crate::inference::net::Net;
use crate::model::predictor::Predictor;
use crate::values::bound::Bound;
use crate::values::quantiser::Quantiser;
use crate::values::value::ValueType;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

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
    /// What a value is multiplied by where formulas use it, 1 if None: an angle in units of its own spread becomes
    /// radians.
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

/// The columns whose lattice integers a column needs, or its own: what formulas are made of, where foreign columns
/// point, and whether they have a value.
pub fn lattices(column: &ColumnSpec) -> impl Iterator<Item = u32> + '_ {
    let present = column.inputs.iter().filter_map(|input| match *input {
        Input::Present(p) => Some(p),
        _ => None,
    });
    present.chain(index(column)).chain(column.predictor.iter().flat_map(Predictor::columns))
}

/// The column that says which elements a foreign one has.
pub fn index(column: &ColumnSpec) -> Option<u32> {
    column.foreign.as_ref().map(|foreign| foreign.index)
}
