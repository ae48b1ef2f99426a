//! What is stored: blocks of every kind in the place of baskets, each with a checksum and what it needs; the codec of a
//! tree; models in one container. Bytes may come from any file: damage is an error of its kind, never a panic.

pub mod block;
pub mod codec;
pub mod collections;
pub mod models;
pub mod pattern;
pub mod streams;
pub mod tail;
mod trial;
