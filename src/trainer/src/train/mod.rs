//! Networks in floating point, from random numbers to the integer networks of a model, within a budget of time.

mod best;
mod budget;
mod descent;
mod export;
mod network;

pub use budget::Budget;
pub use descent::{Schedule, train};
pub use export::nets;
pub use network::Size;
