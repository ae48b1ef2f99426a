//! What the search is made of: features, least squares by libtorch, masses of systems of particles, and what is left
//! over by a fit in bits. Knows no model and no sample.

pub mod costs;
pub mod features;
pub mod least_squares;
pub mod masses;
