//! RootBaler core: columns <-> bytes. No ROOT, no torch.
//!
//! Data flows one way:
//! basket bytes -> values ([`float`]) -> lattice integers ([`quantiser`]) -> conditional
//! distribution ([`axis`], [`net`], [`mixture`]) -> entropy coder ([`conditional`]) -> block ([`block`]).
//! The quantiser is the only lossy step. `docs/FORMAT.md` is the byte-exact description.
#![deny(unsafe_code)]
#![warn(missing_docs)]

pub mod axis;
pub mod block;
pub mod bound;
pub mod builder;
pub mod bytes;
#[allow(unsafe_code)] // the C boundary
pub mod capi;
pub mod column;
pub mod conditional;
pub mod error;
pub mod exceptions;
pub mod float;
pub mod mixture;
pub mod model;
pub mod net;
pub mod quantiser;
pub mod sample;
pub mod tables;

pub use bound::Bound;
pub use error::{Error, Result};
pub use model::Model;
