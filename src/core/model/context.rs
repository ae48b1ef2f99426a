//! What later columns see of a column's values: its scores, and its lattice integers.

use crate::inference::axis::Axis;
use std::ops::Range;

/// Stands for the lattice integer where there is no value: in a row of a foreign column whose index points nowhere.
pub const ABSENT: i64 = i64::MIN;

/// What is seen of a column's values, row by row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnContext {
    /// Scores with [`crate::inference::axis::CONTEXT_BITS`] fraction bits; 0 where there is no value.
    pub scores: Vec<i16>,
    /// Lattice integers. Empty if nobody needs them ([`crate::model::ModelColumn::lattice_seen`]).
    pub lattice: Vec<i64>,
}

impl ColumnContext {
    /// What `axis` makes of lattice integers.
    pub fn of(mut lattice: Vec<i64>, axis: &Axis) -> Self {
        // an integer that far out has no use, but must not look absent
        lattice.iter_mut().for_each(|q| *q = (*q).max(ABSENT + 1));
        ColumnContext { scores: axis.contexts(&lattice), lattice }
    }

    /// Marks a row as one without a value.
    pub fn set_absent(&mut self, row: usize) {
        self.scores[row] = 0;
        self.lattice[row] = ABSENT;
    }

    /// Adds rows of the same column.
    pub fn append(&mut self, more: Seen) {
        self.scores.extend_from_slice(more.scores);
        self.lattice.extend_from_slice(more.lattice);
    }

    /// All rows.
    pub fn view(&self) -> Seen<'_> {
        Seen { scores: &self.scores, lattice: &self.lattice }
    }
}

/// A [`ColumnContext`] that is somewhere else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen<'a> {
    /// As there.
    pub scores: &'a [i16],
    /// As there.
    pub lattice: &'a [i64],
}

impl<'a> Seen<'a> {
    /// Some of the rows.
    pub fn rows(self, rows: Range<usize>) -> Self {
        let lattice = if self.lattice.is_empty() { self.lattice } else { &self.lattice[rows.clone()] };
        Seen { scores: &self.scores[rows], lattice }
    }

    /// Which rows have a value.
    pub fn present(self) -> impl Iterator<Item = bool> + 'a {
        self.lattice.iter().map(|&q| q != ABSENT)
    }
}

/// Where the context of decoded rows goes.
pub struct SeenMut<'a> {
    /// One for each row.
    pub scores: &'a mut [i16],
    /// One for each row, or none if nobody needs them.
    pub lattice: &'a mut [i64],
}
