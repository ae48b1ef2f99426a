//! One module for each sub-command.

mod batch;
pub mod compress;
pub mod decompress;
pub mod evaluate;
pub mod inspect;
pub mod repack;
mod resume;
pub mod train;
pub mod verify;
