//! A compressed file with fewer branches: `rootbaler repack`.

use crate::world::{Inputs, ROOTBALER, assert_within, higgs, run, run_failing, run_json, stderr, text, trainer};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::tempdir;

fn names(file: &Path) -> Vec<(String, Vec<String>)> {
    let details = run_json(&["inspect", text(file)]);
    let name = |branch: &Value| branch["name"].as_str().expect("text").to_owned();
    let tree = |tree: &Value| {
        let branches = tree["branches"].as_array().expect("branches").iter().map(name).collect();
        (tree["path"].as_str().expect("text").to_owned(), branches)
    };
    details["trees"].as_array().expect("trees").iter().map(tree).collect()
}

fn kinds(file: &Path, name: &str) -> String {
    let details = run_json(&["inspect", text(file)]);
    let branches = details["trees"][0]["branches"].as_array().expect("branches");
    let branch = branches.iter().find(|branch| branch["name"] == name).expect("the branch");
    branch["kinds"].as_str().expect("text").to_owned()
}

fn train(arguments: &[&str]) {
    let output = Command::new(ROOTBALER).env("ROOTBALER_TRAIN", trainer()).args(arguments).output().expect("started");
    assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
}

/// The repacked file has the values of the compressed one, bit by bit, which are within the bound of the original.
fn assert_kept(original: &Path, compressed: &Path, repacked: &Path, sigmas: f64) {
    assert_within(repacked, compressed, 0.0);
    assert_within(repacked, original, sigmas);
}

#[test]
fn no_value_moves_twice() {
    let folder = tempdir().expect("a folder");
    let (small, out) = (folder.path().join("small.root"), folder.path().join("out.root"));
    let cases = [
        (Inputs::get().path("jagged.root"), "rel-sigma=1e-2", 1e-2),
        (higgs(), "bits=9", 2e-2), // 2^-10 of values of some sigmas
    ];
    for (original, bound, sigmas) in cases {
        let single = ["--mode", "single", "--bound", bound, "--force"];
        run_json(&[&["compress", text(&original), text(&small)], &single[..]].concat());
        for choice in [["--drop", "*eta*"], ["--keep", "*_pt"]] {
            let before = fs::read(&small).expect("there");
            let report = run_json(&[&["repack", text(&small), text(&out), "--force"], &choice[..]].concat());
            assert_eq!(report["passed"], true, "{bound}");
            assert_kept(&original, &small, &out, sigmas);
            assert!(fs::metadata(&out).expect("there").len() < before.len() as u64);
            assert_eq!(fs::read(&small).expect("there"), before, "the input was changed");
        }
    }
}

#[test]
fn branches_without_those_that_helped_them() {
    let folder = tempdir().expect("a folder");
    let (small, out) = (folder.path().join("small.root"), folder.path().join("out.root"));
    let input = Inputs::get().path("rows.root");
    train(&["compress", text(&input), text(&small), "--bound", "rel-sigma=1e-3", "--seconds", "6", "--level", "3"]);
    assert_eq!(kinds(&small, "pz"), "model");
    let parents = run_json(&["inspect", text(&small)])["trees"][0]["branches"][2]["parents"].clone();
    assert!(parents.as_array().is_some_and(|list| !list.is_empty()), "{parents}");

    run_json(&["repack", text(&small), text(&out), "--drop", "run"]);
    assert_eq!(names(&out)[0].1, ["pt", "eta", "pz"]);
    assert_kept(&input, &small, &out, 1e-3);
    run_json(&["repack", text(&small), text(&out), "--keep", "pz", "--force"]);
    assert_eq!(names(&out)[0].1, ["pz"]);
    assert_eq!(kinds(&out, "pz"), "column");
    assert_kept(&input, &small, &out, 1e-3);
    // nobody needs the network any more
    let models = run_json(&["inspect", text(&out)])["models"].clone();
    let bytes: u64 = models.as_array().expect("models").iter().filter_map(|model| model["bytes"].as_u64()).sum();
    assert!(bytes < 1000, "{models}");

    // with all branches it is what it was: the same size and codec, but for times and places
    run_json(&["repack", text(&small), text(&out), "--force"]);
    let size = |path: &Path| fs::metadata(path).expect("there").len();
    assert!(size(&out).abs_diff(size(&small)) < 200, "{} and {}", size(&out), size(&small));
    assert_eq!(kinds(&out, "pz"), "model");
    assert_kept(&input, &small, &out, 1e-3);
}

#[test]
fn values_of_several_models_stay() {
    let folder = tempdir().expect("a folder");
    let (one, two) = (folder.path().join("one.root"), folder.path().join("two.root"));
    let (both, out) = (folder.path().join("both.root"), folder.path().join("out.root"));
    let (first, second) = (Inputs::get().path("jagged.root"), Inputs::get().path("jagged2.root"));
    for (input, small, bound) in [(&first, &one, "rel-sigma=1e-2"), (&second, &two, "rel-sigma=3e-3")] {
        run_json(&["compress", text(input), text(small), "--mode", "single", "--bound", bound]);
    }
    let hadd = Command::new("hadd").args(["-ff", text(&both), text(&one), text(&two)]).output().expect("started");
    assert!(hadd.status.success(), "{}", stderr(&hadd));
    let report = run_json(&["repack", text(&both), text(&out), "--drop", "Jet_eta"]);
    assert_eq!(report["passed"], true);
    assert_within(&out, &both, 0.0);
    // the lattices of both could not be kept: from now on every bit counts
    let details = run_json(&["inspect", text(&out)]);
    assert_eq!(details["trees"][0]["branches"][1]["bound"], "lossless", "{details}");
    assert!(report["comparison"].as_str().is_some_and(|text| text.contains("several models")), "{report}");
}

#[test]
fn counters_come_along_and_whole_trees_stay() {
    let folder = tempdir().expect("a folder");
    let (small, out) = (folder.path().join("small.root"), folder.path().join("out.root"));
    let single = ["--mode", "single", "--bound", "abs=0.01"];
    run_json(&[&["compress", text(&Inputs::get().path("jagged.root")), text(&small)], &single[..]].concat());
    run_json(&["repack", text(&small), text(&out), "--keep", "Jet_p?", "--keep", "hit", "--drop", "n*"]);
    assert_eq!(names(&out)[0].1, ["nJet", "Jet_pt", "Jet_pz", "nHit", "hit"]);

    let kinds = Inputs::get().path("kinds.root");
    run_json(&[&["compress", text(&kinds), text(&small), "--force"], &single[..]].concat());
    let drop = ["--drop", "dir/deep/tree/clones", "--drop", "vector.", "--drop", "x", "--drop", "map", "--force"];
    run_json(&[&["repack", text(&small), text(&out)], &drop[..]].concat());
    let (before, after) = (names(&small), names(&out));
    assert_eq!(after[0].1.len() + 4, before[0].1.len(), "{after:?}");
    assert_eq!(after[1], before[1]);
    run_json(&["repack", text(&small), text(&out), "--keep", "counted", "--force"]);
    assert_eq!(names(&out)[0].1, ["n", "counted"]);
    assert_eq!(names(&out)[1], before[1], "trees in which nothing matches are kept");
}

#[test]
fn what_cannot_be_repacked() {
    let folder = tempdir().expect("a folder");
    let (small, out) = (folder.path().join("small.root"), folder.path().join("out.root"));
    run_failing(&["repack", text(&higgs()), text(&out)], 2, &["no branch compressed by RootBaler", "rootslimtree"]);
    run_json(&["compress", text(&higgs()), text(&small), "--mode", "single", "--bound", "abs=0.01"]);
    run_failing(&["repack", text(&small), text(&out), "--keep", "jet9*"], 5, &["no branch 'jet9*'", "inspect"]);
    run_failing(&["repack", text(&small), text(&out), "--drop", "sig_tree/*"], 2, &["nothing would be left"]);
    run_failing(&["repack", text(&small), text(&small), "--force"], 2, &["is the input itself"]);
    fs::write(&out, "precious").expect("written");
    run_failing(&["repack", text(&small), text(&out)], 2, &["exists", "--force"]);
    assert_eq!(fs::read(&out).expect("there"), b"precious");
    assert_eq!(run(&["verify", text(&higgs()), text(&small)]).status.code(), Some(0));
}
