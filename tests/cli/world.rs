//! What the tests share: a folder with input files, running the command, comparing files with plain ROOT.

use serde_json::Value;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use tempfile::TempDir;

/// The command under test.
pub const ROOTBALER: &str = env!("CARGO_BIN_EXE_rootbaler");

/// Input files, made once for all tests.
pub struct Inputs {
    folder: TempDir,
}

impl Inputs {
    pub fn get() -> &'static Inputs {
        static INPUTS: OnceLock<Inputs> = OnceLock::new();
        INPUTS.get_or_init(|| {
            let folder = tempfile::tempdir().expect("a folder");
            root_macro("make_files.C", &[text(folder.path()).into()]);
            Inputs { folder }
        })
    }

    /// One of the files of `make_files.C`.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// The UCI HIGGS events that ROOT ships.
pub fn higgs() -> PathBuf {
    let root = env::var_os("ROOTSYS").expect("ROOTSYS is set by `make test`");
    let path = PathBuf::from(root).join("tutorials/machine_learning/data/Higgs_data.root");
    assert!(path.is_file(), "{} is missing", path.display());
    path
}

/// The trainer that `make build` put into build/bin.
pub fn trainer() -> PathBuf {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../build/bin/rootbaler-train");
    let path = env::var_os("ROOTBALER_TRAIN").map_or(built, PathBuf::from);
    assert!(path.is_file(), "{} is missing: run `make trainer`", path.display());
    path
}

pub fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// Runs the command.
pub fn run(arguments: &[&str]) -> Output {
    Command::new(ROOTBALER).args(arguments).output().expect("started")
}

/// Runs the command, which must succeed, and parses what `--json` prints.
pub fn run_json(arguments: &[&str]) -> Value {
    let output = run(&[arguments, &["--json"]].concat());
    assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Runs the command, which must fail with this exit code and one message with all these words.
pub fn run_failing(arguments: &[&str], code: i32, words: &[&str]) {
    let output = run(arguments);
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    for word in words {
        assert!(said.contains(word), "{arguments:?}: no '{word}' in: {said}");
    }
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs a macro of this folder in ROOT, and returns what it prints.
pub fn root_macro(name: &str, arguments: &[MacroArgument]) -> String {
    let list: Vec<String> = arguments.iter().map(MacroArgument::literal).collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cli").join(name);
    let call = format!("{}({})", text(&path), list.join(","));
    let output = Command::new("root").args(["-l", "-b", "-q", &call]).output().expect("root is on the PATH");
    assert!(output.status.success(), "{call}: {}", stderr(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub enum MacroArgument {
    Text(String),
    Number(f64),
}

impl MacroArgument {
    fn literal(&self) -> String {
        match self {
            MacroArgument::Text(text) => format!("\"{text}\""),
            MacroArgument::Number(number) => format!("{number:e}"),
        }
    }
}

impl From<f64> for MacroArgument {
    fn from(number: f64) -> Self {
        MacroArgument::Number(number)
    }
}

impl From<&str> for MacroArgument {
    fn from(text: &str) -> Self {
        MacroArgument::Text(text.to_owned())
    }
}

/// Fails unless all values of the top-level trees' branches of numbers agree within `sigmas` standard deviations,
/// as ROOT alone reads them.
pub fn assert_within(before: &Path, after: &Path, sigmas: f64) {
    let said = root_macro("compare.C", &[text(before).into(), text(after).into(), MacroArgument::Number(sigmas)]);
    let line = said.lines().find(|line| line.starts_with("compared")).unwrap_or_default();
    assert!(line.ends_with(" 0 outside") && !line.starts_with("compared 0 "), "{said}");
}

/// Whether a byte may be that of a tree's header, which has no checksum: ROOT itself may crash on a damaged one.
pub fn is_in_tree_header(file: &[u8], at: usize) -> bool {
    const ENOUGH: usize = 8000;
    const NAME_IN_KEY: &[u8] = b"\x05TTree";
    file[at.saturating_sub(ENOUGH)..file.len().min(at + 100)].windows(NAME_IN_KEY.len()).any(|word| word == NAME_IN_KEY)
}

/// The files in a folder, hidden ones too.
pub fn files_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
