//! Wrong arguments and wrong files: one clear error, the right exit code, nothing left behind.

use crate::world::{Inputs, files_in, higgs, run_failing, text};
use std::fs;
use std::path::PathBuf;
use tempfile::tempdir;

/// Compressing `input` with these options must fail, and leave no file.
fn compress_fails(input: &str, options: &[&str], code: i32, words: &[&str]) {
    let folder = tempdir().expect("a folder");
    let out = folder.path().join("out.root");
    run_failing(&[&["compress", input, text(&out)], options].concat(), code, words);
    assert!(files_in(folder.path()).is_empty(), "{:?}", files_in(folder.path()));
}

#[test]
fn files_that_are_no_root_files() {
    let folder = tempdir().expect("a folder");
    let (words, empty) = (folder.path().join("words.root"), folder.path().join("empty.root"));
    fs::write(&words, "this is no ROOT file").expect("written");
    fs::write(&empty, "").expect("written");
    compress_fails(text(&words), &[], 2, &["words.root", "is not a ROOT file"]);
    compress_fails(text(&empty), &[], 2, &["is not a ROOT file"]);
    compress_fails(text(folder.path()), &[], 2, &["is a directory"]);
    compress_fails("/no/such/file.root", &[], 3, &["No such file"]);
    for command in ["inspect", "decompress", "verify"] {
        let out = folder.path().join("out.root");
        let more = if command == "inspect" { vec![] } else { vec![text(&out)] };
        run_failing(&[&[command, text(&words)], &more[..]].concat(), 2, &["is not a ROOT file"]);
    }
    let magic = folder.path().join("magic.root");
    fs::write(&magic, [b"root".as_slice(), &[0xff; 300]].concat()).expect("written");
    compress_fails(text(&magic), &[], 4, &["damaged"]);
}

#[test]
fn trees_and_branches_that_are_not_there() {
    let folder = tempdir().expect("a folder");
    let config = |toml: &str| -> PathBuf {
        let path = folder.path().join("config.toml");
        fs::write(&path, toml).expect("written");
        path
    };
    let input = higgs();
    compress_fails(text(&input), &["--tree", "nope"], 5, &["no tree 'nope'", "sig_tree, bkg_tree"]);
    let missing = config("[bounds]\nnope = \"abs=1\"\n");
    compress_fails(text(&input), &["--config", text(&missing)], 5, &["no branch 'nope'"]);
    let kinds = Inputs::get().path("kinds.root");
    let other_kind = config("[bounds]\nn = \"abs=1\"\n");
    compress_fails(text(&kinds), &["--config", text(&other_kind)], 2, &["branch 'n' of type Int_t"]);
    let pattern = config("[bounds]\n\"z*\" = \"abs=1\"\n");
    compress_fails(text(&input), &["--config", text(&pattern)], 5, &["the pattern 'z*' matches no branch"]);
    let unknown = config("[bound]\nx = \"abs=1\"\n");
    compress_fails(text(&input), &["--config", text(&unknown)], 2, &["config.toml", "bound"]);
    compress_fails(text(&input), &["--config", "/no/such.toml"], 3, &["/no/such.toml"]);
}

#[test]
fn ntuples_are_refused_by_name() {
    let alone = Inputs::get().path("ntuple.root");
    compress_fails(text(&alone), &[], 5, &["'Events'", "is an RNTuple"]);
    let beside = Inputs::get().path("ntuple_and_tree.root");
    compress_fails(text(&beside), &[], 5, &["'Events'", "is an RNTuple", "move the trees"]);
}

#[test]
fn bounds_that_are_none() {
    let input = higgs();
    for bound in [
        "0",
        "abs=0",
        "abs=-1",
        "abs=nan",
        "abs=NaN",
        "abs=inf",
        "rel-sigma=0",
        "rel-sigma=-1e-3",
        "bits=-1",
        "bits=99",
        "abs=",
        "",
        "lossy",
    ] {
        compress_fails(text(&input), &["--bound", bound], 2, &["bound"]);
    }
    compress_fails(text(&input), &["--level", "0"], 2, &["--level"]);
    compress_fails(text(&input), &["--level", "10"], 2, &["--level"]);
    compress_fails(text(&input), &["--mode", "both"], 2, &["--mode"]);
}

#[test]
fn models_that_are_none() {
    let folder = tempdir().expect("a folder");
    let model = folder.path().join("model.rbm");
    fs::write(&model, "no model").expect("written");
    compress_fails(text(&higgs()), &["--model", text(&model)], 4, &["model.rbm"]);
    compress_fails(text(&higgs()), &["--model", "/no/such.rbm"], 3, &["/no/such.rbm"]);
}
