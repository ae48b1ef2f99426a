//! Samples: whole columns with names, types and bounds, as a file. What the model builder and the trainer read.
//!
//! An exchange format between processes of one version, not an archive: postcard, not versioned beyond its magic.

use crate::error::{Error, Result};
use crate::values::bound::Bound;
use crate::values::value::{Value, ValueType, values_to_be};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::path::Path;

const MAGIC: &[u8; 8] = b"RBSAMPL4";

/// A column of a sample that belongs to another group: for each row the element that an index column points to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForeignSample {
    /// Branch with the elements.
    pub branch: String,
    /// Name of the index column.
    pub index: String,
    /// Whether the index of a row points to an element.
    pub present: Vec<bool>,
}

/// One column of a sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SampleColumn {
    /// Branch name.
    pub name: String,
    /// Value type.
    pub value: ValueType,
    /// What the user asked for.
    pub bound: Bound,
    /// What a bound in sigmas is a multiple of: the standard deviation of all values, of which the sample has but some.
    /// None: that of the sample.
    pub sigma: Option<f64>,
    /// Set if these are elements of another group; such columns are seen by others and not coded.
    pub foreign: Option<ForeignSample>,
    /// As many values as the sample has rows, big-endian as in a basket.
    pub raw: Vec<u8>,
}

/// Some consecutive rows of a sample, as one block would hold them.
pub struct SampleBlock<'a> {
    /// The rows.
    pub rows: Range<usize>,
    /// Elements of each of their entries; jagged samples only.
    pub counts: Option<&'a [u32]>,
}

/// Rows of a tree, sampled. The rows of a jagged group are elements, entry after entry.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// Number of rows.
    pub rows: usize,
    /// Elements of each sampled entry, if the group is jagged; their sum is `rows`.
    pub counts: Option<Vec<u32>>,
    /// All of the same length.
    pub columns: Vec<SampleColumn>,
}

impl Sample {
    /// An empty sample of scalar rows.
    pub fn scalar(rows: usize) -> Self {
        Sample { rows, ..Sample::default() }
    }

    /// An empty sample of elements; one count for each entry.
    pub fn jagged(counts: &[u32]) -> Self {
        Sample { rows: counts.iter().map(|&n| n as usize).sum(), counts: Some(counts.to_vec()), columns: Vec::new() }
    }

    /// Adds a column; its length must be `rows`, its name new. Integers take no bound but lossless.
    pub fn add<V: Value>(&mut self, name: &str, bound: Bound, values: &[V]) -> Result<()> {
        if values.len() != self.rows || self.column(name).is_some() {
            return Err(Error::BadArgument(format!(
                "column {name}: wrong length, or there is one of that name already"
            )));
        }
        let bound = if V::TYPE.is_float() { bound } else { Bound::Lossless };
        let raw = values_to_be(values);
        self.columns.push(SampleColumn {
            name: name.to_owned(),
            value: V::TYPE,
            bound,
            sigma: None,
            foreign: None,
            raw,
        });
        Ok(())
    }

    /// Adds a foreign column: `values[i]` is the element of `branch` that column `index` of row i points to, anything
    /// where `present[i]` is false.
    pub fn add_foreign<V: Value>(&mut self, branch: &str, index: &str, values: &[V], present: &[bool]) -> Result<()> {
        if present.len() != self.rows || self.column(index).is_none_or(|c| c.value.is_float()) {
            return Err(Error::BadArgument(format!("column {index} is no index of {} rows", present.len())));
        }
        self.add(&format!("{branch}@{index}"), Bound::Lossless, values)?;
        if let Some(column) = self.columns.last_mut() {
            let (branch, index) = (branch.to_owned(), index.to_owned());
            column.foreign = Some(ForeignSample { branch, index, present: present.to_vec() });
        }
        Ok(())
    }

    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&SampleColumn> {
        self.columns.iter().find(|c| c.name == name)
    }

    /// The rows in blocks of about `rows_per_block`, entries kept whole.
    pub fn blocks(&self, rows_per_block: usize) -> Vec<SampleBlock<'_>> {
        let mut blocks = Vec::new();
        let Some(counts) = &self.counts else {
            for first in (0..self.rows).step_by(rows_per_block.max(1)) {
                blocks.push(SampleBlock { rows: first..self.rows.min(first + rows_per_block), counts: None });
            }
            return blocks;
        };
        let (mut row, mut first_row, mut first_entry) = (0, 0, 0);
        for (entry, &n) in counts.iter().enumerate() {
            row += n as usize;
            if row - first_row >= rows_per_block || entry + 1 == counts.len() {
                blocks.push(SampleBlock { rows: first_row..row, counts: Some(&counts[first_entry..=entry]) });
                (first_row, first_entry) = (row, entry + 1);
            }
        }
        blocks
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
        let total = |counts: &Vec<u32>| counts.iter().map(|&n| n as usize).sum::<usize>();
        let is_short = |c: &SampleColumn| {
            c.raw.len() != sample.rows * c.value.size()
                || c.foreign.as_ref().is_some_and(|foreign| foreign.present.len() != sample.rows)
        };
        let is_short = sample.columns.iter().any(is_short);
        if is_short || sample.counts.as_ref().is_some_and(|counts| total(counts) != sample.rows) {
            return Err(Error::corrupt("sample with columns of different lengths"));
        }
        Ok(sample)
    }
}
