//! Golden files of every kind, small, each with a description for readers that are not ours: `tests/golden/README.md`.
//!
//! What is committed must decode to what is committed, and encoding must still give the same bytes.
//! `UPDATE_GOLDEN=1 cargo test --test golden_kinds` writes them anew; only to be done when the format version changes.

mod alone;
mod case;
mod codecs;
mod corners;
mod document;
mod earlier;
mod models;
mod refused;
mod specs;
