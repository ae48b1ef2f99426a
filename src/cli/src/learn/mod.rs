//! From a choice and the branches of a file to models: which branches help each other, and what they learn of that.

mod group;
mod groups;
mod kept;
mod links;
mod models;
mod senseless;
mod serving;
mod sigmas;
mod trainer;

pub use group::Sharing;
pub use groups::groups;
pub use kept::require_kept;
pub use models::{Learned, learn};
pub use senseless::{moved_before, senseless};
pub use serving::{is_column, misfit};
pub use sigmas::Sigmas;
pub use trainer::Trained;
