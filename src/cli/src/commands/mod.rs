//! One module for each sub-command.

pub mod compress;
pub mod decompress;
pub mod evaluate;
pub mod inspect;
pub mod train;
pub mod verify;
