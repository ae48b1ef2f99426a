//! What is decided without training, before it and after: the order of the columns, which of them others determine and
//! by what formula, and which networks pay.

mod cases;
mod choose;
mod determined;
mod formulas;
mod order;
mod refused;
mod units;

pub use choose::{Measured, keep_what_pays};
pub use determined::determined_last;
pub use formulas::find_formulas;
pub use order::coding_order;
pub use refused::let_refused_stand_alone;
