//! A folder for what is needed only while the command runs.

use super::claimed::ClaimedFolder;
use super::error::{Error, Result};
use std::env;

/// Makes the folder, in `TMPDIR`; it is removed when dropped.
pub fn folder() -> Result<ClaimedFolder> {
    let parent = env::temp_dir();
    ClaimedFolder::new(&parent, "rootbaler-", ".scratch").map_err(|error| {
        let parent = parent.display();
        Error::Io(format!("cannot make a temporary folder in '{parent}': {error}; set TMPDIR to another folder"))
    })
}
