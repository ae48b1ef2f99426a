//! What values standing alone would about need, by an excerpt of them: coding whole blocks in every way takes longer
//! than the network.

use crate::error::{Error, Result};
use crate::format::streams::{self, Layout};

/// Rows from which an excerpt tells what all would need.
const ENOUGH_ROWS: usize = 1 << 14;
/// Stretches that it is made of, from all over the block, and the rows of each.
const STRETCHES: usize = 8;
const STRETCH: usize = 512;
/// Level of pcodec that is fast.
const EFFORT: usize = 6;
/// The fastest that still finds repeats over long distances.
const ZSTD_LEVEL: i32 = 1;
/// Slower levels could save a third.
const ZSTD_SAVES: usize = 3;

/// Some rows of a block, and how many it has.
pub struct Excerpt {
    data: Vec<u8>,
    rows: usize,
}

impl Excerpt {
    /// Some whole rows of a layout; None if there are so few that they would not tell.
    pub fn of(layout: &Layout, data: &[u8]) -> Option<Self> {
        let rows = data.len() / layout.row_size.max(1);
        if rows < ENOUGH_ROWS {
            return None;
        }
        let (distance, stretch) = (rows / STRETCHES * layout.row_size, STRETCH * layout.row_size);
        let data = (0..STRETCHES).flat_map(|i| &data[i * distance..][..stretch]).copied().collect();
        Some(Excerpt { data, rows })
    }

    /// Bytes for all rows where these need so many.
    pub fn scaled(&self, bytes: usize) -> usize {
        (bytes as u64 * self.rows as u64 / (STRETCHES * STRETCH) as u64) as usize
    }

    /// Bytes that all rows would about need as columns.
    pub fn columns(&self, layout: &Layout) -> Result<usize> {
        let length = streams::length(layout, EFFORT, &self.data)?;
        Ok(length.fixed + self.scaled(length.by_rows))
    }
}

/// About the bytes that zstd needs for all of these, and rather less. An excerpt would not show repeats over long
/// distances.
pub fn zstd(data: &[u8]) -> Result<usize> {
    let packed = zstd::bulk::compress(data, ZSTD_LEVEL).map_err(|e| Error::BadArgument(format!("zstd: {e}")))?;
    Ok(packed.len() - packed.len() / ZSTD_SAVES)
}
