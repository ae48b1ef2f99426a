//! The way to libRootBaler.so, which alone touches ROOT: its file operations and what they tell.

mod ffi;

pub use ffi::calls::*;

use crate::support::error::{Error, Result};
use rootbaler::Bound;
use std::path::Path;

/// ROOT's number of our algorithm: a compression setting is it times 100, and the level.
const ALGORITHM: i32 = 66;

impl BranchInfo {
    /// Whether ROOT wrote the branch with our algorithm.
    pub fn is_ours(&self) -> bool {
        self.setting / 100 == ALGORITHM
    }

    /// Whether it, or a leaf of it, can have a bound.
    pub fn is_float(&self) -> bool {
        !self.bound_names.is_empty()
    }
}

impl GroupColumn {
    /// Whether it can have a bound.
    pub fn is_float(&self) -> bool {
        is_float(&self.type_name)
    }
}

/// Whether values of a type can have a bound.
pub fn is_float(type_name: &str) -> bool {
    type_name == "Float_t" || type_name == "Double_t"
}

impl ModelInfo {
    /// Whether a bound of it was asked for in sigmas.
    pub fn has_sigmas(&self) -> bool {
        let is_in_sigmas =
            |column: &ColumnInfo| matches!(column.request.parse(), Ok(Bound::RelSigma(_) | Bound::RelSigmaDither(_)));
        self.columns.iter().any(is_in_sigmas)
    }
}

impl From<cxx::Exception> for Error {
    /// The C++ side sends "code|message" with the codes of `RootBaler::EStatus`.
    fn from(exception: cxx::Exception) -> Self {
        let text = exception.what();
        let (code, message) = text.split_once('|').unwrap_or(("", text));
        let message = message.to_owned();
        match code {
            "1" => Error::BadArgument(message),
            "2" => Error::Incompatible(message),
            "3" => Error::Corrupt(message),
            "4" => Error::Missing(message),
            "5" => Error::Io(message),
            "7" => Error::Interrupted,
            _ => Error::Internal(message),
        }
    }
}

/// A path as the C++ side takes it.
pub fn path_text(path: &Path) -> Result<&str> {
    path.to_str().ok_or_else(|| Error::BadArgument(format!("the path '{}' is not UTF-8: rename it", path.display())))
}

/// Paths as the C++ side takes them.
pub fn path_texts<'a>(paths: impl IntoIterator<Item = &'a (impl AsRef<Path> + 'a + ?Sized)>) -> Result<Vec<String>> {
    paths.into_iter().map(|path| path_text(path.as_ref()).map(str::to_owned)).collect()
}
