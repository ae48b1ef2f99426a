//! What a model says: its columns, networks and formulas, its file, and how one is made from a sample. A model that is
//! loaded has been checked.

pub mod builder;
pub mod context;
#[allow(clippy::module_inception)]
mod model;
pub mod predictor;
pub mod registry;
pub mod sample;

pub use model::*;
