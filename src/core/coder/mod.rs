//! Symbols in and out of the entropy coder, each under the distribution that the columns before it give. Decoding gives
//! back what was coded; damaged input gives other values or an error, never a panic.

mod ans;
pub mod conditional;
pub mod foreign;
pub mod inputs;
mod lanes;
pub mod waves;
