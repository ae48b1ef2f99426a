//! What reading and writing ask of a container about its columns and their pieces.

use crate::values::value::ValueType;

/// A number that the container gives a column, the column's own as long as the session lives.
pub type ColumnId = u64;

/// What positions of a column's pieces count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Entries: a piece begins and ends with an entry (baskets of a TTree).
    Entries,
    /// Elements: a piece may begin and end within an entry (pages of an RNTuple).
    Elements,
}

/// A column as its container describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnInfo {
    /// The name by which models know it.
    pub name: String,
    /// Type of its values if it can be a column of a model, None for all others (leaf lists, streamed collections).
    pub value: Option<ValueType>,
    /// Type of its integers, one per entry, if it can be the counter of other columns.
    pub count: Option<ValueType>,
    /// Whether its entries have as many elements as a counter says, wherever that is.
    pub jagged: bool,
    /// Its counter; None if it has none or the container does not have it.
    pub counter: Option<ColumnId>,
    /// Elements for each count of the counter: 3 in `x[n][3]`.
    pub per_count: u32,
    /// What the positions of its pieces count.
    pub unit: Unit,
}

/// A stored part of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its number in the column.
    pub number: u64,
    /// Position of its first entry or element.
    pub first: u64,
    /// Position behind its last one; greater than `first`.
    pub end: u64,
    /// Where it is stored, so that a piece that is stored anew under its number is told from the old one. None: its
    /// bytes may still change, nothing of it is kept.
    pub place: Option<u64>,
}
