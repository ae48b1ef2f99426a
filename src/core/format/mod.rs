//! Blocks of every kind: what is stored in the place of a basket. Every block has a checksum and says what it needs.

pub mod block;
pub mod collections;
pub mod streams;
pub mod tail;
pub mod trial;
