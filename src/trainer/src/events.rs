//! What the trainer tells whoever started it: JSON on standard output, one object a line.

use crate::search::Measured;
use serde::Serialize;

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum Event<'a> {
    /// Which part of the work is done.
    Progress { fraction: f64, message: String },
    /// Something that whoever started it should know.
    Warning { message: String },
    /// The model is written.
    Done {
        columns: &'a [Measured],
        /// Of a row, each column alone.
        bits_alone: f64,
        /// Of a row, with the networks that the model keeps.
        bits_given: f64,
        model_bytes: usize,
        seconds: f64,
    },
    /// There is no model.
    Error { message: String },
}

impl Event<'_> {
    /// Writes the line.
    pub fn report(&self) {
        // numbers and text can always be written
        println!("{}", serde_json::to_string(self).unwrap_or_default());
    }
}
