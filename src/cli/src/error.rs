//! The one error type of the command, and the exit code that each kind has.

use std::io;
use std::path::Path;

/// What can end the command other than success.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Values outside their bounds, or missing trees, branches, entries.
    #[error("{0}")]
    NotVerified(String),
    #[error("{0}")]
    BadArgument(String),
    #[error("{0}")]
    Io(String),
    #[error("{0}")]
    Corrupt(String),
    #[error("{0}")]
    Missing(String),
    #[error("{0}")]
    Incompatible(String),
    /// Some of many files.
    #[error("{text}")]
    Several { text: String, code: u8 },
    #[error("interrupted; unfinished files are gone")]
    Interrupted,
    #[error("{0}; this is a fault of RootBaler, please report it")]
    Internal(String),
}

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

    /// An operating-system error on a file.
    pub fn io(action: &str, path: &Path, error: &io::Error) -> Self {
        Error::Io(format!("cannot {action} '{}': {error}", path.display()))
    }
}

impl From<cxx::Exception> for Error {
    /// The C++ side sends "code|message" with the codes of `RootBaler::EStatus`.
    fn from(exception: cxx::Exception) -> Self {
        let text = exception.what();
        let (code, message) = text.split_once('|').unwrap_or(("", text));
        let message = message.to_owned();
        match code {
            "1" => Error::BadArgument(message),
            "2" => Error::Incompatible(message),
            "3" => Error::Corrupt(message),
            "4" => Error::Missing(message),
            "5" => Error::Io(message),
            "7" => Error::Interrupted,
            _ => Error::Internal(message),
        }
    }
}

/// A path as the C++ side takes it.
pub fn path_text(path: &Path) -> Result<&str> {
    path.to_str().ok_or_else(|| Error::BadArgument(format!("the path '{}' is not UTF-8: rename it", path.display())))
}
