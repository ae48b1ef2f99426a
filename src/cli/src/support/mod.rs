//! What every room stands on: errors, messages, signals, processes, files in the making.

pub mod child;
pub mod claimed;
pub mod error;
pub mod jobs;
pub mod log;
pub mod output;
pub mod progress;
pub mod scratch;
pub mod signals;
