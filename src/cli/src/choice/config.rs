//! The TOML file of `--config`.

use super::args::Mode;
use super::pattern::Pattern;
use crate::support::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What a configuration file may say. Options on the command line go before it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Branch-name patterns and their bounds, in the order of the file.
    #[serde(default)]
    pub bounds: toml::Table,
    /// `[trees]`
    #[serde(default)]
    pub trees: Trees,
    /// `[groups]`
    #[serde(default)]
    pub groups: Groups,
    /// `[compress]`
    #[serde(default)]
    pub compress: Compress,
}

/// `[trees]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trees {
    /// Paths of the trees to compress; all if empty.
    #[serde(default)]
    pub select: Vec<String>,
}

/// The name in `[groups]` of branches without a counter.
pub const ENTRY: &str = "entry";

/// `[groups]`
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Groups {
    /// Patterns of branches that are in no group.
    #[serde(default)]
    pub exclude: Vec<Pattern>,
    /// Patterns of the columns of a group, by its counter; `entry` for branches without one.
    #[serde(flatten)]
    pub columns: BTreeMap<String, Vec<Pattern>>,
}

/// `[compress]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compress {
    /// As `--mode`.
    pub mode: Option<Mode>,
    /// As `--level`.
    pub level: Option<u8>,
}

impl Config {
    /// Reads and checks a file.
    pub fn load(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).map_err(|error| Error::io("read", path, &error))?;
        Self::parse(&text)
            .map_err(|message| Error::BadArgument(format!("configuration file '{}': {message}", path.display())))
    }

    /// Checks the text of a file.
    pub fn parse(text: &str) -> std::result::Result<Self, String> {
        let config: Config = toml::from_str(text).map_err(|error| error.to_string())?;
        if let Some(level) = config.compress.level.filter(|level| !(1..=9).contains(level)) {
            return Err(format!("level {level} is not between 1 and 9"));
        }
        config.bound_rules()?;
        Ok(config)
    }

    /// Patterns and bounds as text.
    pub fn bound_rules(&self) -> std::result::Result<Vec<(&str, &str)>, String> {
        let as_text = |(pattern, value): (&'_ String, &'_ toml::Value)| match value.as_str() {
            Some(_) => Ok(()),
            None => Err(format!("the bound of '{pattern}' must be text, e.g. \"{pattern}\" = \"abs=0.01\"")),
        };
        self.bounds.iter().try_for_each(as_text)?;
        Ok(self.bounds.iter().filter_map(|(pattern, value)| Some((pattern.as_str(), value.as_str()?))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_keep_their_order() {
        let config =
            Config::parse("[bounds]\n\"z*\" = \"abs=1\"\n\"a\" = \"bits=7\"\n\"*\" = \"lossless\"").expect("good");
        let rules = config.bound_rules().expect("texts");
        assert_eq!(rules, [("z*", "abs=1"), ("a", "bits=7"), ("*", "lossless")]);
    }

    #[test]
    fn all_of_it() {
        let text = "[trees]\nselect = [\"a\", \"d/b\"]\n[groups]\nexclude = [\"w\"]\nnJet = [\"Jet_*\"]\n\
                    [compress]\nmode = \"single\"\nlevel = 3";
        let config = Config::parse(text).expect("good");
        assert_eq!(config.trees.select, ["a", "d/b"]);
        assert_eq!(config.compress.mode, Some(Mode::Single));
        assert_eq!(config.compress.level, Some(3));
        assert_eq!(config.groups.exclude[0].text(), "w");
        assert_eq!(config.groups.columns["nJet"][0].text(), "Jet_*");
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for text in [
            "[bound]\n\"*\" = \"abs=1\"",
            "[bounds]\nx = 1",
            "[compress]\nlevel = 10",
            "[compress]\nlevel = 0",
            "[compress]\nmode = \"both\"",
            "[trees]\nskip = []",
            "[groups]\nnJet = 1",
            "[groups]\nnJet = [\"a[\"]",
            "not toml",
        ] {
            assert!(Config::parse(text).is_err(), "{text}");
        }
    }
}
