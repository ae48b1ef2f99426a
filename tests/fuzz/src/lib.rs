//! What several fuzz targets need: blocks with their checksum, contexts of any values, the golden models.

#[path = "../../core/common/mod.rs"]
pub mod common;
pub mod contexts;
pub mod forge;
pub mod golden;
pub mod hostile;
