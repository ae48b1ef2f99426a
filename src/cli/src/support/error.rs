//! The one error type of the command, and the exit code that each kind has.

use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;

/// What can end the command other than success.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Values outside their bounds, or missing trees, branches, entries.
    #[error("{0}")]
    NotVerified(String),
    /// What was asked for makes no sense.
    #[error("{0}")]
    BadArgument(String),
    /// A file cannot be read or written.
    #[error("{0}")]
    Io(String),
    /// A file is damaged.
    #[error("{0}")]
    Corrupt(String),
    /// Something that is needed is not there.
    #[error("{0}")]
    Missing(String),
    /// Parts that do not fit together.
    #[error("{0}")]
    Incompatible(String),
    /// Some of many files.
    #[error("{text}")]
    Several {
        /// One line for each.
        text: String,
        /// The exit code of the first.
        code: u8,
    },
    /// Somebody asked the command to stop.
    #[error("interrupted; unfinished files are gone")]
    Interrupted,
    /// What should never happen.
    #[error("{0}; this is a fault of RootBaler, please report it")]
    Internal(String),
}

/// What nearly every function here returns.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The exit codes that `rootbaler --help` promises.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::NotVerified(_) => 1,
            Error::BadArgument(_) => 2,
            Error::Io(_) => 3,
            Error::Corrupt(_) => 4,
            Error::Missing(_) | Error::Incompatible(_) => 5,
            Error::Internal(_) => 6,
            Error::Several { code, .. } => *code,
            Error::Interrupted => 130,
        }
    }

    /// A short name for programs that read `--json`.
    pub fn kind(&self) -> &'static str {
        match self {
            Error::NotVerified(_) => "not-verified",
            Error::BadArgument(_) => "bad-argument",
            Error::Io(_) => "io",
            Error::Corrupt(_) => "corrupt",
            Error::Missing(_) => "missing",
            Error::Incompatible(_) => "incompatible",
            Error::Internal(_) => "internal",
            Error::Several { .. } => "several",
            Error::Interrupted => "interrupted",
        }
    }

    /// The same error in other words.
    pub fn reworded(mut self, reword: impl FnOnce(&str) -> String) -> Self {
        match &mut self {
            Error::NotVerified(text)
            | Error::BadArgument(text)
            | Error::Io(text)
            | Error::Corrupt(text)
            | Error::Missing(text)
            | Error::Incompatible(text)
            | Error::Several { text, .. }
            | Error::Internal(text) => *text = reword(text),
            Error::Interrupted => {}
        }
        self
    }

    /// An operating-system error on a file.
    pub fn io(action: &str, path: &Path, error: &io::Error) -> Self {
        Error::Io(format!("cannot {action} '{}': {error}", path.display()))
    }
}

/// The line that `--json` writes to stderr instead of a message.
#[derive(Debug, Serialize, Deserialize)]
pub struct ErrorDocument {
    /// The only thing in it.
    pub error: ErrorWords,
}

/// An error for programs.
#[derive(Debug, Serialize, Deserialize)]
pub struct ErrorWords {
    /// See [`Error::kind`].
    pub kind: String,
    /// For people.
    pub message: String,
}

impl From<&Error> for ErrorDocument {
    fn from(error: &Error) -> Self {
        ErrorDocument { error: ErrorWords { kind: error.kind().to_owned(), message: error.to_string() } }
    }
}
