//! A column with all that it needs, for reading and for writing, behind the callbacks of a container.
//!
//! A container (a TTree, an RNTuple, uproot) knows files: which pieces (baskets, pages) a column has, and their stored
//! bytes. The session knows columns: what else a piece needs to be decoded, in which order, and what of it is known
//! already. No container has a copy of that.

mod cache;
mod coding;
mod column;
mod container;
mod counts;
mod decode;
mod flights;
mod gather;
mod history;
mod needs;
mod parents;
mod read;
mod seen;
mod store;
mod supply;
mod table;
mod work;
mod write;
mod written;

pub use column::{ColumnId, ColumnInfo, Piece, Unit};
pub use container::{Container, Stored};
pub use read::{Order, ReadSession};
pub use table::{Leaf, Live, Table, TableColumn};
pub use write::{Encoded, Source, WriteSession};
