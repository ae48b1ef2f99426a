//! RootBaler core: columns <-> bytes. No ROOT, no torch.
//!
//! Data flows one way, from room to room:
//! basket bytes -> values and lattice integers ([`values`]) -> conditional distribution ([`model`], [`inference`]) ->
//! entropy coder ([`coder`], `wire`) -> block ([`format`]). The quantiser is the only lossy step. A `session` knows
//! what a column needs. `docs/FORMAT.md` is the byte-exact description.
#![deny(unsafe_code)]
#![warn(missing_docs)]

#[allow(unsafe_code)] // the C boundary
pub mod capi;
pub mod coder;
pub mod error;
pub mod format;
pub mod inference;
pub mod model;
pub mod values;

// The command and the trainer need none of these; the project's own tests and benches do, which are crates of their
// own.
#[doc(hidden)]
pub mod machine;
#[doc(hidden)]
pub mod session;
#[doc(hidden)]
pub mod wire;

pub use error::{Error, Result};
pub use model::Model;
pub use values::bound::Bound;
