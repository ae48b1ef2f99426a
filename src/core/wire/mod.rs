//! Bytes: integers of few bytes, sequences of numbers, exceptions. What is written is read back; what cannot be is an
//! error, never a panic.

pub mod bytes;
pub(crate) mod exceptions;
pub(crate) mod numbers;
