//! What a model says: its columns, networks and formulas, its file, and how one is made from a sample. A model that is
//! loaded has been checked.

pub mod builder;
mod checks;
pub mod context;
mod file;
mod knots;
mod loaded;
mod pins;
pub mod predictor;
pub mod registry;
pub mod sample;
mod spec;

pub use checks::check_column;
pub use loaded::{Model, ModelColumn};
pub use spec::{ColumnSpec, Foreign, Input, ModelSpec, parents};
