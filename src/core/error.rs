//! The few ways in which this crate can fail.

/// Result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Why an operation failed. The C ABI reports each variant as its own status code.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller passed something that no data could make valid: a bound of 0, a wrong length.
    #[error("{0}")]
    BadArgument(String),
    /// Written by a version of RootBaler that this one does not know.
    #[error("{0}")]
    Incompatible(String),
    /// The bytes are damaged, truncated or hostile.
    #[error("corrupt data: {0}")]
    Corrupt(String),
    /// A model (or a column of it) that the data need is not there.
    #[error("{0}")]
    Missing(String),
    /// A container could not give what it has.
    #[error("{0}")]
    Unreadable(String),
    /// The operating system refused to read or write.
    #[error("{path}: {source}")]
    Io {
        /// File that was being read or written.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
}

impl Error {
    pub(crate) fn corrupt(what: impl Into<String>) -> Self {
        Error::Corrupt(what.into())
    }

    /// The same error, with words before its own.
    pub(crate) fn within(self, what: &str) -> Self {
        let text = |own: String| format!("{what}{own}");
        match self {
            Error::BadArgument(own) => Error::BadArgument(text(own)),
            Error::Incompatible(own) => Error::Incompatible(text(own)),
            Error::Corrupt(own) => Error::Corrupt(text(own)),
            Error::Missing(own) => Error::Missing(text(own)),
            Error::Unreadable(own) => Error::Unreadable(text(own)),
            Error::Io { path, source } => Error::Io { path: text(path), source },
        }
    }

    pub(crate) fn io(path: &std::path::Path, source: std::io::Error) -> Self {
        Error::Io { path: path.display().to_string(), source }
    }
}
