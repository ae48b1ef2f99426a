//! Patterns of branch names.

use crate::support::error::{Error, Result};
use rootbaler::format::pattern;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A name in which `*`, `?` and `[...]` stand for other characters.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pattern(String);

impl Pattern {
    /// Fails for what is no pattern.
    pub fn new(text: &str) -> Result<Self> {
        let bad = |error| Error::BadArgument(format!("'{text}' is no branch-name pattern: {error}"));
        pattern::check(text).map(|()| Pattern(text.to_owned())).map_err(bad)
    }

    /// Several of them.
    pub fn list(texts: &[String]) -> Result<Vec<Self>> {
        texts.iter().map(|text| Pattern::new(text)).collect()
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whether it stands for other names than its own.
    pub fn is_glob(&self) -> bool {
        self.text().contains(['*', '?', '['])
    }

    /// Whether a name fits; a pattern fits itself, whatever is in it.
    pub fn matches(&self, name: &str) -> bool {
        pattern::matches(&self.0, name)
    }
}

impl TryFrom<String> for Pattern {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        Pattern::new(&text)
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.0
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}
