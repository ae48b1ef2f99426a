//! Integer arithmetic that gives the same bits on every machine: networks, axes, mixtures, functions of formulas. All
//! vector instructions but those of the lanes are here; whichever the processor has, the results are the same.

pub mod axis;
pub mod functions;
mod guess;
mod kernel;
pub mod mixture;
pub mod net;
pub mod sizes;
pub mod tables;
pub mod tiles;
mod vector;
