//! What later columns see of a column, given and received.

use super::status::{slice, slice_mut};
use crate::error::Result;
use crate::model::context::{Seen, SeenMut};

/// What later columns see of some rows of a column.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct RbSeen {
    /// A score for each row.
    pub scores: *const i16,
    /// A lattice integer for each row; NULL if rb_model_lattice_seen() says that nobody needs them.
    pub lattice: *const i64,
}

impl RbSeen {
    /// # Safety
    /// As described, with `rows` rows.
    pub(super) unsafe fn read<'a>(&self, rows: usize) -> Result<Seen<'a>> {
        // SAFETY: as documented, here and below
        let scores = unsafe { slice(self.scores, rows, "scores") }?;
        let of_lattice = if self.lattice.is_null() { 0 } else { rows };
        Ok(Seen { scores, lattice: unsafe { slice(self.lattice, of_lattice, "lattice") }? })
    }
}

/// Where contexts go.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct RbSeenOut {
    /// Room for a score for each row.
    pub scores: *mut i16,
    /// Room for a lattice integer for each row; NULL if they are not wanted.
    pub lattice: *mut i64,
}

impl RbSeenOut {
    /// # Safety
    /// As described, with `rows` rows.
    pub(super) unsafe fn write<'a>(&self, rows: usize) -> Result<SeenMut<'a>> {
        // SAFETY: as documented, here and below
        let scores = unsafe { slice_mut(self.scores, rows, "scores") }?;
        let of_lattice = if self.lattice.is_null() { 0 } else { rows };
        Ok(SeenMut { scores, lattice: unsafe { slice_mut(self.lattice, of_lattice, "lattice") }? })
    }
}
