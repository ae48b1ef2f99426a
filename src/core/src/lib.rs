//! RootBaler core: columns <-> bytes. No ROOT, no torch.
//!
//! Data flows one way:
//! basket bytes -> values ([`value`]) -> lattice integers ([`quantiser`]) -> conditional
//! distribution ([`axis`], [`inputs`], [`net`], [`mixture`]) -> entropy coder ([`ans`], [`numbers`]) -> block ([`block`]).
//! The quantiser is the only lossy step. `docs/FORMAT.md` is the byte-exact description.
#![deny(unsafe_code)]
#![warn(missing_docs)]

pub mod ans;
pub mod axis;
pub mod block;
pub mod bound;
pub mod builder;
pub mod bytes;
#[allow(unsafe_code)] // the C boundary
pub mod capi;
pub mod conditional;
pub mod context;
pub mod error;
pub mod exceptions;
pub mod foreign;
pub mod functions;
pub mod guess;
pub mod inputs;
pub mod kernel;
pub mod lanes;
pub mod layout;
pub mod machine;
pub mod mixture;
pub mod model;
pub mod net;
pub mod numbers;
pub mod plan;
pub mod predictor;
pub mod quantiser;
pub mod sample;
pub mod sentinels;
pub mod session;
pub mod tables;
pub mod tail;
pub mod trial;
pub mod value;
pub mod vector;
pub mod vectors;

pub use bound::Bound;
pub use error::{Error, Result};
pub use model::Model;
