//! Group mode with the real trainer.

use crate::world::{Inputs, ROOTBALER, assert_within, higgs, is_in_tree_header, stderr, text, trainer};
use serde_json::Value;
use std::fs;
use std::process::{Command, Output};
use tempfile::tempdir;

fn run(arguments: &[&str]) -> Output {
    Command::new(ROOTBALER).env("ROOTBALER_TRAIN", trainer()).args(arguments).output().expect("started")
}

fn succeed(arguments: &[&str]) -> Value {
    let output = run(&[arguments, &["--json"]].concat());
    assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn columns_help_each_other() {
    let folder = tempdir().expect("a folder");
    let (group, single) = (folder.path().join("group.root"), folder.path().join("single.root"));
    let input = Inputs::get().path("rows.root");
    let bound = ["--bound", "rel-sigma=1e-3"];
    let one = succeed(&[&["compress", text(&input), text(&group), "--seconds", "20"], &bound[..]].concat());
    let other = succeed(&[&["compress", text(&input), text(&single), "--mode", "single"], &bound[..]].concat());
    assert_within(&input, &group, 1e-3);
    let bytes = |report: &Value| report["file_bytes_after"].as_u64().expect("a number");
    // pz follows from pt and eta
    assert!(bytes(&one) * 100 < bytes(&other) * 95, "{} and {} bytes", bytes(&one), bytes(&other));
    let columns = one["models"][0]["training"]["columns"].as_array().expect("columns");
    // pt, eta, pz, and run, which is an integer
    assert_eq!(columns.len(), 4);
}

/// Members of a split collection are columns of a group, as are arrays with one counter and one width.
#[test]
fn members_of_collections_help_each_other() {
    let folder = tempdir().expect("a folder");
    let (group, single) = (folder.path().join("group.root"), folder.path().join("single.root"));
    let plain = folder.path().join("plain.root");
    let input = Inputs::get().path("members.root");
    let bound = ["--bound", "rel-sigma=1e-3"];
    let one = succeed(&[&["compress", text(&input), text(&group), "--seconds", "20"], &bound[..]].concat());
    let other = succeed(&[&["compress", text(&input), text(&single), "--mode", "single"], &bound[..]].concat());
    assert_within(&input, &group, 1e-3);
    assert_within(&input, &single, 1e-3);
    let bytes = |report: &Value| report["file_bytes_after"].as_u64().expect("a number");
    assert!(bytes(&one) * 100 < bytes(&other) * 88, "{} and {} bytes", bytes(&one), bytes(&other));

    let found = succeed(&["inspect", text(&group), "--baskets"]);
    let branches = found["trees"][0]["branches"].as_array().expect("branches");
    let helped = |name: &str| {
        let branch = branches.iter().find(|branch| branch["name"] == name).expect("the branch");
        let baskets = branch["baskets"].as_array().expect("baskets");
        baskets.iter().filter(|basket| basket["context_rows"].as_u64() > Some(0)).count()
    };
    assert!(helped("particles") >= 4, "{found:#}");

    succeed(&["decompress", text(&group), text(&plain)]);
    succeed(&["verify", text(&group), text(&plain)]);
    let repacked = folder.path().join("repacked.root");
    succeed(&["repack", text(&group), text(&repacked), "--keep", "particles"]);
    let kept = succeed(&["inspect", text(&repacked)]);
    assert_eq!(kept["models"].as_array().map(Vec::len), Some(1), "that of the particles: {kept:#}");
}

/// HIGGS, whose columns are nearly independent but for the masses of chosen jets, beside what quantising and pcodec
/// need for its floats at the bounds that the file promises (whole columns, no keys).
#[test]
fn masses_follow_from_jets_and_tags() {
    let folder = tempdir().expect("a folder");
    for (bound, pcodec, sigmas) in [("rel-sigma=1e-3", 661_125, 1e-3), ("rel-sigma=1e-2", 461_481, 1e-2)] {
        let small = folder.path().join("small.root");
        let report =
            succeed(&["compress", text(&higgs()), text(&small), "--force", "--bound", bound, "--seconds", "30"]);
        assert_within(&higgs(), &small, sigmas);
        let sum = |list: &str, key: &str, counts: fn(&Value) -> bool| -> u64 {
            let items = report[list].as_array().expect("a list").iter().filter(|item| counts(item));
            items.map(|item| item[key].as_u64().expect("a number")).sum()
        };
        let floats = sum("branches", "bytes_after", |branch| branch["bound"] != "exact");
        let models = sum("models", "bytes", |_| true);
        assert!((floats + models) * 100 < pcodec * 97, "{bound}: {floats} and {models} bytes");
        assert!(floats * 100 < pcodec * 95, "{bound}: {floats} bytes");
    }
}

#[test]
fn group_mode_that_was_asked_for_trains_lossless_branches_too() {
    let folder = tempdir().expect("a folder");
    let input = Inputs::get().path("rows.root");
    let trained = |name: &str, options: &[&str]| {
        let small = folder.path().join(name);
        let report = succeed(&[&["compress", text(&input), text(&small), "--seconds", "3"], options].concat());
        assert_within(&input, &small, 0.0);
        report["models"].as_array().expect("models").iter().any(|model| !model["training"].is_null())
    };
    assert!(!trained("default.root", &[]), "it takes time that nobody asked for");
    assert!(trained("group.root", &["--mode", "group"]));
    let config = folder.path().join("config.toml");
    fs::write(&config, "[compress]\nmode = \"group\"\n").expect("written");
    assert!(trained("config.root", &["--config", text(&config)]));

    let small = folder.path().join("single.root");
    let output = run(&["compress", text(&input), text(&small), "--train", "--mode", "single"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("leave out --train"), "{}", stderr(&output));
}

#[test]
fn damage_in_group_mode_is_noticed() {
    let folder = tempdir().expect("a folder");
    let (small, bad) = (folder.path().join("small.root"), folder.path().join("bad.root"));
    succeed(&["compress", text(&higgs()), text(&small), "--bound", "rel-sigma=1e-2", "--seconds", "3"]);
    let bytes = fs::read(&small).expect("there");
    for index in 1..20 {
        // away from both ends, where nearly all is baskets
        let at = bytes.len() / 10 + index * bytes.len() / 25;
        if is_in_tree_header(&bytes, at) {
            continue;
        }
        let mut copy = bytes.clone();
        copy[at] ^= 1 << (index % 8);
        fs::write(&bad, &copy).expect("written");
        let code = run(&["verify", text(&higgs()), text(&bad)]).status.code();
        assert!(matches!(code, Some(0..=5)), "byte {at}: {code:?}");
        if code == Some(0) {
            assert_within(&higgs(), &bad, 1e-2);
        }
    }
}

#[test]
fn one_model_for_many_files() {
    let folder = tempdir().expect("a folder");
    let (model, small) = (folder.path().join("higgs.rbm"), folder.path().join("small.root"));
    let bound = ["--bound", "rel-sigma=1e-2"];
    succeed(&[&["train", text(&higgs()), "-o", text(&model), "--seconds", "3"], &bound[..]].concat());
    let report = succeed(&["compress", text(&higgs()), text(&small), "--model", text(&model)]);
    assert_eq!(report["models"][0]["trees"], serde_json::json!(["sig_tree", "bkg_tree"]));
    assert_within(&higgs(), &small, 1e-2);

    let other = Inputs::get().path("rows.root");
    let out = folder.path().join("out.root");
    let output = run(&["compress", text(&other), text(&out), "--model", text(&model)]);
    assert_eq!(output.status.code(), Some(5), "{}", stderr(&output));
    assert!(stderr(&output).contains("for other branches"), "{}", stderr(&output));
    assert!(!out.exists());
}
