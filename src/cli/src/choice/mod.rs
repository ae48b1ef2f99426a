//! What a user chose, from the command line and the configuration file together, in one type that can be handed on.

pub mod args;
mod config;
mod pattern;
mod rules;

pub use config::{ENTRY, Groups};
pub use pattern::Pattern;
pub use rules::{BoundRules, LOSSLESS, is_same};

use crate::bridge::TreeInfo;
use crate::support::error::{Error, Result};
use args::{CompressArgs, Mode, Selection, TrainArgs, Training};
use config::Config;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

const DEFAULT_LEVEL: u8 = 5;

/// How files are compressed, or models trained for that.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Choice {
    /// Paths of trees; all if empty.
    pub trees: Vec<String>,
    /// Bounds of branches.
    pub rules: BoundRules,
    /// Which branches may form groups.
    pub groups: Groups,
    /// Whether branches help each other.
    pub mode: Mode,
    /// ROOT's level, 1 to 9.
    pub level: u8,
    /// How long and on what to train.
    pub training: Training,
    /// Train where every branch is lossless, too: it takes time, so somebody must have asked for it.
    pub trains_lossless: bool,
    /// A file of models that were made before; they bring their own bounds, which must keep those of the rules.
    pub model: Option<PathBuf>,
    /// Outputs that exist are replaced.
    pub force: bool,
}

/// What a process for one file of a batch reads from stdin.
#[derive(Debug, Serialize, Deserialize)]
pub struct Assignment {
    /// File to compress.
    pub input: PathBuf,
    /// File to write.
    pub output: PathBuf,
    /// How.
    pub choice: Choice,
}

impl Choice {
    /// Of `rootbaler compress`.
    pub fn of_compress(args: &CompressArgs) -> Result<Self> {
        let mut choice = Choice::new(&args.selection, &args.training, args.level, args.mode)?;
        if args.train && choice.mode == Mode::Single {
            return Err(Error::BadArgument(
                "mode single trains nothing: leave out --train, or use mode group".to_owned(),
            ));
        }
        choice.trains_lossless |= args.train;
        choice.model.clone_from(&args.model);
        choice.force = args.force;
        Ok(choice)
    }

    /// Of `rootbaler train`.
    pub fn of_train(args: &TrainArgs) -> Result<Self> {
        let choice = Choice::new(&args.selection, &args.training, args.level, Some(Mode::Group))?;
        Ok(Choice { trains_lossless: false, force: args.force, ..choice })
    }

    fn new(selection: &Selection, training: &Training, level: Option<u8>, mode: Option<Mode>) -> Result<Self> {
        let config = selection.config.as_deref().map(Config::load).transpose()?.unwrap_or_default();
        let mut rules = BoundRules::default();
        if let Some(bound) = &selection.bound {
            rules.add("*", bound)?;
        }
        for (pattern, bound) in config.bound_rules().map_err(Error::BadArgument)? {
            rules.add(pattern, bound)?;
        }
        let trees = if selection.tree.is_empty() { config.trees.select } else { selection.tree.clone() };
        let asked = mode.or(config.compress.mode);
        Ok(Choice {
            trees,
            rules,
            groups: config.groups,
            mode: asked.unwrap_or(Mode::Group),
            level: level.or(config.compress.level).unwrap_or(DEFAULT_LEVEL),
            training: training.clone(),
            trains_lossless: asked == Some(Mode::Group),
            model: None,
            force: false,
        })
    }

    /// The same with models, whose bounds count from now on.
    pub fn with_model(&self, model: PathBuf) -> Self {
        Choice { model: Some(model), rules: BoundRules::default(), ..self.clone() }
    }

    /// The trees asked for; fails if one is not there.
    pub fn select<'a>(&self, file: &str, trees: &'a [TreeInfo]) -> Result<Vec<&'a TreeInfo>> {
        if self.trees.is_empty() {
            if trees.is_empty() {
                return Err(Error::Missing(format!("'{file}' has no trees")));
            }
            return Ok(trees.iter().collect());
        }
        let names: Vec<&str> = trees.iter().map(|tree| tree.path.as_str()).collect();
        let listed = if names.is_empty() { "no trees".to_owned() } else { names.join(", ") };
        let find = |path: &String| {
            let found = trees.iter().find(|tree| tree.path == *path);
            found.ok_or_else(|| Error::Missing(format!("'{file}' has no tree '{path}'; it has {listed}")))
        };
        self.trees.iter().map(find).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use args::{Cli, Command};
    use clap::Parser;
    use std::fs;

    fn choice(options: &[&str]) -> Result<Choice> {
        match Cli::parse_from([&["rootbaler", "compress", "in", "out"], options].concat()).command {
            Command::Compress(args) => Choice::of_compress(&args),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_process_gets_all_that_was_chosen() {
        let folder = tempfile::tempdir().expect("a folder");
        let config = folder.path().join("c.toml");
        let toml = "[bounds]\n\"x*\" = \"abs=1\"\n[trees]\nselect = [\"a\"]\n[compress]\nlevel = 3\n\
                    [groups]\nexclude = [\"w?\"]\nnJet = [\"J*\"]\n";
        fs::write(&config, toml).expect("written");
        let options = ["--bound", "bits=9", "--config", config.to_str().expect("UTF-8"), "--seed", "7", "--force"];
        let choice = choice(&options).expect("good");
        let text = serde_json::to_string(&choice).expect("JSON");
        let again: Choice = serde_json::from_str(&text).expect("the same");
        assert_eq!(format!("{again:?}"), format!("{choice:?}"));
        assert_eq!((again.trees.as_slice(), again.level, again.training.seed), (&["a".to_owned()][..], 3, 7));
        assert_eq!((again.rules.of_part("xy", "xy"), again.rules.of_part("y", "y")), ("abs=1", "bits=9"));
        assert!(again.force && again.groups.exclude[0].matches("w1") && again.groups.columns["nJet"][0].matches("Jet"));
        let with_model = again.with_model("m".into());
        assert!(with_model.rules.is_empty() && with_model.trees == ["a"]);
    }

    #[test]
    fn what_contradicts_itself() {
        for options in [&["--train", "--mode", "single"][..], &["--bound", "abs=0"]] {
            assert!(matches!(choice(options), Err(Error::BadArgument(_))), "{options:?}");
        }
    }
}
