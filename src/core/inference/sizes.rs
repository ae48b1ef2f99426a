//! Sizes that all of inference agrees on.

/// Rows of a tile: as many are computed side by side.
pub const TILE: usize = 32;
/// A number for each row of a tile.
pub type Tile = [i32; TILE];
/// Bits of the entropy coder's probabilities.
pub const PRECISION: usize = 24;
