//! What a session asks of its container.

use super::column::{ColumnId, ColumnInfo, Piece};
use crate::error::Result;
use crate::model::Model;
use std::sync::Arc;

/// What a container has stored for a piece.
pub enum Stored {
    /// Blocks with ROOT's nine header bytes, one after the other, ours or of another compression; the bytes themselves
    /// if these are no more than `raw_len`.
    Blocks {
        /// All blocks.
        bytes: Vec<u8>,
        /// Bytes of the piece after decoding.
        raw_len: usize,
    },
    /// The values themselves, big-endian, and what may follow them: the piece is not compressed, or only in memory so
    /// far.
    Plain(Vec<u8>),
}

/// Columns in pieces: a TTree with its baskets, the pages of a cluster.
///
/// A session calls from all threads that call it, and several at once. What is said here comes from files, and is
/// checked by the session. Errors need not name the column; the session does.
pub trait Container: Send + Sync {
    /// The column that models know by this name.
    fn find(&self, name: &str) -> Result<Option<ColumnId>>;

    /// What kind of column it is.
    fn describe(&self, column: ColumnId) -> Result<ColumnInfo>;

    /// The piece of this number; pieces are counted from 0. None: there is none.
    fn piece(&self, column: ColumnId, number: u64) -> Result<Option<Piece>>;

    /// The piece that holds a position. None: there is none.
    fn piece_with(&self, column: ColumnId, position: u64) -> Result<Option<Piece>>;

    /// The stored bytes of a piece.
    fn stored(&self, column: ColumnId, number: u64) -> Result<Stored>;

    /// Decodes one block of another compression, nine header bytes first, into all of `out`.
    fn unpack(&self, block: &[u8], out: &mut [u8]) -> Result<()>;

    /// The model with this hash. None: it is not there; an error may say better where to get it.
    fn model(&self, hash: u64) -> Result<Option<Arc<Model>>>;

    /// All models that the container knows: those by which its pieces may be coded.
    fn models(&self) -> Result<Vec<Arc<Model>>>;
}
