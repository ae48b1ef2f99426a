//! RootBaler core: columns <-> bytes. No ROOT, no torch.
//!
//! Data flows one way, from room to room:
//! basket bytes -> values and lattice integers ([`values`]) -> conditional distribution ([`model`], [`inference`]) ->
//! entropy coder ([`coder`], [`wire`]) -> block ([`format`]). The quantiser is the only lossy step. A [`session`] knows
//! what a column needs. `docs/FORMAT.md` is the byte-exact description.
#![deny(unsafe_code)]
#![warn(missing_docs)]

#[allow(unsafe_code)] // the C boundary
pub mod capi;
pub mod coder;
pub mod error;
pub mod format;
pub mod inference;
pub mod machine;
pub mod model;
pub mod session;
pub mod values;
pub mod wire;

pub use error::{Error, Result};
pub use model::Model;
pub use values::bound::Bound;
