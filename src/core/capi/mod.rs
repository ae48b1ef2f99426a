//! The C ABI. `include/rootbaler/rootbaler.h` is generated from here.
//!
//! Every function returns a status (or a plain value that cannot fail); no panic crosses the boundary. Handles are
//! opaque, immutable once made (codecs, samples, spreads and sinks excepted) and may be used by any thread.

mod blocks;
mod codecs;
mod columns;
mod containers;
mod log;
mod models;
mod rules;
mod samples;
mod seen;
mod sessions;
mod spreads;
mod status;
mod values;
mod writing;

pub use self::log::*;
pub use blocks::*;
pub use codecs::*;
pub use columns::*;
pub use containers::*;
pub use models::*;
pub use rules::*;
pub use samples::*;
pub use seen::*;
pub use sessions::*;
pub use spreads::*;
pub use status::*;
pub use values::*;
pub use writing::*;
