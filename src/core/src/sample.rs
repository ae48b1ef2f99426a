//! Samples: whole columns with names, types and bounds, as a file. What the model builder and the trainer read.
//!
//! An exchange format between processes of one version, not an archive: postcard, not versioned beyond its magic.

use crate::bound::Bound;
use crate::error::{Error, Result};
use crate::float::FloatType;
use serde::{Deserialize, Serialize};
use std::path::Path;

const MAGIC: &[u8; 8] = b"RBSAMPL1";

/// Values of a column in its own type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Values {
    /// `Float_t`
    F32(Vec<f32>),
    /// `Double_t`
    F64(Vec<f64>),
}

impl Values {
    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Values::F32(v) => v.len(),
            Values::F64(v) => v.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The type.
    pub fn float(&self) -> FloatType {
        match self {
            Values::F32(_) => FloatType::F32,
            Values::F64(_) => FloatType::F64,
        }
    }
}

/// One column of a sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SampleColumn {
    /// Branch name.
    pub name: String,
    /// What the user asked for.
    pub bound: Bound,
    /// As many as the sample has rows.
    pub values: Values,
}

/// Rows of a tree, sampled.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// Number of rows.
    pub rows: usize,
    /// All of the same length.
    pub columns: Vec<SampleColumn>,
}

impl Sample {
    /// Adds a column; its length must be `rows`, its name new.
    pub fn add(&mut self, name: &str, bound: Bound, values: Values) -> Result<()> {
        if values.len() != self.rows || self.columns.iter().any(|c| c.name == name) {
            return Err(Error::BadArgument(format!(
                "column {name}: wrong length, or there is one of that name already"
            )));
        }
        self.columns.push(SampleColumn { name: name.to_owned(), bound, values });
        Ok(())
    }

    /// Writes the sample to a file.
    pub fn write(&self, path: &Path) -> Result<()> {
        let body = postcard::to_stdvec(self).map_err(|e| Error::BadArgument(format!("sample: {e}")))?;
        std::fs::write(path, [MAGIC.as_slice(), &body].concat()).map_err(|e| Error::io(path, e))
    }

    /// Reads a sample from a file.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(|e| Error::io(path, e))?;
        let body = bytes.strip_prefix(MAGIC).ok_or_else(|| Error::corrupt("not a RootBaler sample"))?;
        let sample: Sample = postcard::from_bytes(body).map_err(|e| Error::corrupt(format!("sample: {e}")))?;
        if sample.columns.iter().any(|c| c.values.len() != sample.rows) {
            return Err(Error::corrupt("sample with columns of different lengths"));
        }
        Ok(sample)
    }
}
