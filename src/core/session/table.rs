//! What the writing session asks of the container that is being written.

use super::column::{ColumnId, ColumnInfo};
use crate::format::collections::Elements;
use crate::values::value::ValueType;

/// The values of one leaf in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Its name.
    pub name: String,
    /// Its type.
    pub value: ValueType,
    /// How many there are in a row.
    pub count: usize,
}

/// A column that is being written.
#[derive(Clone, Debug, PartialEq)]
pub struct TableColumn {
    /// What models and other columns see of it.
    pub info: ColumnInfo,
    /// What its rows are made of: at least one leaf.
    pub leaves: Vec<Leaf>,
    /// Rows that each entry has; None if entries differ, so that a row is an element.
    pub rows_per_entry: Option<usize>,
    /// What the elements of entries are, if these are collections as ROOT streams them: headers, then the elements.
    pub streamed: Option<Elements>,
}

impl TableColumn {
    /// Bytes of a row.
    pub fn row_size(&self) -> usize {
        self.leaves.iter().map(|leaf| leaf.count.saturating_mul(leaf.value.size())).fold(0, usize::saturating_add)
    }
}

/// The part of a piece that is in memory.
#[derive(Clone, Copy, Debug, Default)]
pub struct Live<'a> {
    /// Number of the piece in its column.
    pub number: u64,
    /// Its first entry.
    pub first: u64,
    /// Entries that are complete.
    pub entries: usize,
    /// Their values, big-endian.
    pub values: &'a [u8],
    /// Jagged columns: where each entry begins, in bytes; if there are fewer than entries, nobody can see them.
    pub begins: &'a [i32],
    /// What `begins` counts from: where the values begin, on the same scale.
    pub base: i32,
}

impl Live<'_> {
    /// Behind its last entry; None if there is no such number.
    pub fn end(&self) -> Option<u64> {
        self.first.checked_add(self.entries as u64)
    }
}

/// A container that is being written: it holds columns, and of each the piece that is filled.
///
/// The session calls it from the threads that call the session, one at a time. From [`begin`] to [`end`] of a column
/// nobody may change its piece; what [`Table::live`] lends must stay as it is while the session holds its lock, so no
/// column may be changed while another thread is in the session.
///
/// [`begin`]: super::WriteSession::begin
/// [`end`]: super::WriteSession::end
pub trait Table: Send + Sync {
    /// The column that models know by this name.
    fn find(&self, name: &str) -> Option<ColumnId>;
    /// What a column is; None if there is none. It never changes: a column that is made anew has another id.
    fn describe(&self, column: ColumnId) -> Option<TableColumn>;
    /// Whether a column is filled, and its pieces go through the session.
    fn is_written(&self, column: ColumnId) -> bool;
    /// Columns of which this one is the counter.
    fn counted_by(&self, counter: ColumnId) -> Vec<ColumnId>;
    /// The piece of a column that is being filled, with no entries if there is none in memory. None: not known.
    fn live(&self, column: ColumnId) -> Option<Live<'_>>;
}
