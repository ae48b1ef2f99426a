//! Values: their types, the bounds that users set, and the quantiser, the only lossy step.

pub mod bound;
pub mod habits;
pub mod quantiser;
pub(crate) mod sentinels;
pub mod spread;
pub mod value;
