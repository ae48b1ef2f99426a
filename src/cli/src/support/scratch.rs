//! A folder for what is needed only while the command runs.

use super::error::{Error, Result};
use tempfile::TempDir;

/// Makes the folder, in `TMPDIR`; it is removed when dropped.
pub fn folder() -> Result<TempDir> {
    tempfile::tempdir().map_err(|error| Error::Io(format!("cannot make a temporary folder: {error}")))
}
