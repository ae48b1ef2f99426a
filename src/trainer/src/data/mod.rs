//! What is learned from: a sample as tensors, and a model's columns in the order in which they are coded. Knows nothing
//! of how networks are trained or formulas found.

mod columns;
mod tensors;

pub use columns::{reorder, without_unseen};
pub use tensors::{Tensors, tensors};
