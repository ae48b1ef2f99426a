//! Branches with a counter, arrays, and groups of them.

use crate::world::{Inputs, ROOTBALER, assert_within, higgs, run, run_failing, run_json, stderr, text, trainer};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::tempdir;

fn train_json(arguments: &[&str]) -> Value {
    let output = Command::new(ROOTBALER)
        .env("ROOTBALER_TRAIN", trainer())
        .args(arguments)
        .arg("--json")
        .output()
        .expect("started");
    assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn branch<'a>(report: &'a Value, name: &str) -> &'a Value {
    let all = report["branches"].as_array().expect("branches");
    all.iter().find(|branch| branch["branch"] == name || branch["name"] == name).expect("the branch")
}

#[test]
fn every_element_keeps_its_bound() {
    let folder = tempdir().expect("a folder");
    let input = Inputs::get().path("jagged.root");
    for bound in ["lossless", "rel-sigma=1e-2", "bits=9"] {
        let small = folder.path().join(format!("{bound}.root"));
        let report = run_json(&["compress", text(&input), text(&small), "--mode", "single", "--bound", bound]);
        assert_eq!(report["passed"], true, "{bound}");
        for exact in ["nJet", "Jet_id", "Jet_good", "Jet_time", "nHit"] {
            assert_eq!(branch(&report, exact)["bound"], "exact", "{bound}");
        }
        for name in ["Jet_pt", "Jet_mass", "hit", "met", "axis"] {
            let found = branch(&report, name);
            assert_eq!(found["violations"], 0);
            assert_eq!(found["bound"] == "lossless", bound == "lossless", "{found}");
            let (before, after) = (found["raw_bytes"].as_u64(), found["bytes_after"].as_u64());
            assert!(after < before, "{bound}: {found}");
        }
        match bound {
            "lossless" => assert_within(&input, &small, 0.0),
            "rel-sigma=1e-2" => assert_within(&input, &small, 1e-2),
            _ => {}
        }
    }
}

#[test]
fn entry_offsets_that_are_not_stored() {
    let folder = tempdir().expect("a folder");
    let input = Inputs::get().path("no_offsets.root");
    let small = folder.path().join("small.root");
    let report = run_json(&["compress", text(&input), text(&small), "--mode", "single", "--bound", "abs=0.01"]);
    assert_eq!((&report["passed"], &branch(&report, "x")["bound"]), (&Value::from(true), &Value::from("abs=0.01")));
    let x = branch(&report, "x");
    assert!(x["bytes_after"].as_u64() < x["bytes_before"].as_u64(), "{x}");
}

#[test]
fn elements_help_each_other() {
    let folder = tempdir().expect("a folder");
    let input = Inputs::get().path("jagged.root");
    let (group, single) = (folder.path().join("group.root"), folder.path().join("single.root"));
    let bound = ["--bound", "rel-sigma=1e-3"];
    let one = train_json(&[&["compress", text(&input), text(&group), "--seconds", "16"], &bound[..]].concat());
    let other = run_json(&[&["compress", text(&input), text(&single), "--mode", "single"], &bound[..]].concat());
    assert_within(&input, &group, 1e-3);
    let bytes = |report: &Value| branch(report, "Jet_pz")["bytes_after"].as_u64().expect("a number");
    // pz follows from pt and eta
    assert!(bytes(&one) * 100 < bytes(&other) * 90, "{} and {} bytes", bytes(&one), bytes(&other));
    let details = run_json(&["inspect", text(&group)]);
    let pz = branch(&details["trees"][0], "Jet_pz");
    assert_eq!(pz["columns"][0]["counter"], "nJet");
    assert!(pz["kinds"].as_str().expect("text").contains("model"), "{pz}");
    assert!(!pz["parents"].as_array().expect("parents").is_empty(), "{pz}");
    assert_eq!(run_json(&["verify", text(&input), text(&group)])["passed"], true);
}

#[test]
fn the_configuration_keeps_branches_apart() {
    let folder = tempdir().expect("a folder");
    let (small, config) = (folder.path().join("small.root"), folder.path().join("groups.toml"));
    fs::write(&config, "[bounds]\n\"*\" = \"abs=0.01\"\n[groups]\nexclude = [\"Jet_pz\"]\nentry = []\n")
        .expect("written");
    let input = Inputs::get().path("jagged.root");
    let report = train_json(&["compress", text(&input), text(&small), "--config", text(&config), "--seconds", "2"]);
    assert_eq!(report["passed"], true);
    let trained: Vec<&Value> =
        report["models"].as_array().expect("models").iter().filter(|model| !model["training"].is_null()).collect();
    assert_eq!(trained.len(), 1, "{trained:?}");
    let columns = trained[0]["training"]["columns"].as_array().expect("columns");
    assert!(columns.iter().all(|column| column["name"] != "Jet_pz" && column["name"] != "met"), "{columns:?}");
}

#[test]
fn one_file_of_models_for_all_groups() {
    let folder = tempdir().expect("a folder");
    let (model, small) = (folder.path().join("jets.rbm"), folder.path().join("small.root"));
    let (one, two) = (Inputs::get().path("jagged.root"), Inputs::get().path("jagged2.root"));
    let bound = ["--bound", "rel-sigma=1e-2", "--seconds", "4"];
    let report = train_json(&[&["train", text(&one), text(&two), "-o", text(&model)], &bound[..]].concat());
    let groups: Vec<&Value> = report["models"].as_array().expect("models").iter().map(|one| &one["group"]).collect();
    assert!(groups.contains(&&Value::from("nJet")) && groups.contains(&&Value::from("entry")), "{groups:?}");
    run_json(&["compress", text(&two), text(&small), "--model", text(&model)]);
    assert_within(&two, &small, 1.05e-2);

    let bytes = fs::read(&model).expect("there");
    for length in [4, 9, 20, bytes.len() / 2, bytes.len() - 1] {
        fs::write(&model, &bytes[..length]).expect("written");
        run_failing(&["compress", text(&two), text(&small), "--model", text(&model), "--force"], 4, &["jets.rbm"]);
    }
}

#[test]
fn damaged_jagged_files() {
    let folder = tempdir().expect("a folder");
    let input = Inputs::get().path("jagged.root");
    let (small, bad) = (folder.path().join("small.root"), folder.path().join("bad.root"));
    run_json(&["compress", text(&input), text(&small), "--mode", "single", "--bound", "rel-sigma=1e-2"]);
    let bytes = fs::read(&small).expect("there");
    for index in 0..24 {
        let at = bytes.len() / 20 + index * bytes.len() / 26;
        let mut copy = bytes.clone();
        copy[at] ^= 1 << (index % 8);
        fs::write(&bad, &copy).expect("written");
        let code = run(&["verify", text(&input), text(&bad)]).status.code();
        assert!(matches!(code, Some(0..=5)), "byte {at}: {code:?}");
        if code == Some(0) {
            assert_within(&input, &bad, 1e-2);
        }
    }
    for part in [3, 2] {
        fs::write(&bad, &bytes[..bytes.len() * (part - 1) / part]).expect("written");
        run_failing(&["inspect", text(&bad)], 4, &["bad.root"]);
    }
}

fn batch(inputs: &[&Path], out: &Path, more: &[&str]) -> std::process::Output {
    let files: Vec<&str> = inputs.iter().map(|path| text(path)).collect();
    run(&[&["compress"], &files[..], &["-o", text(out), "--mode", "single", "--json"], more].concat())
}

#[test]
fn many_files_at_a_time() {
    let (folder, out) = (tempdir().expect("a folder"), tempdir().expect("a folder"));
    let (one, two) = (Inputs::get().path("jagged.root"), Inputs::get().path("jagged2.root"));
    let bad = folder.path().join("bad.root");
    fs::write(&bad, "no ROOT file").expect("written");
    let bound = ["--bound", "rel-sigma=1e-2"];
    let output = batch(&[&one, &bad, &two], out.path(), &bound);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("1 of 3 files failed") && stderr(&output).contains("bad.root"),
        "{}",
        stderr(&output)
    );
    let statuses = |output: &std::process::Output| -> Vec<String> {
        let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let files = report["files"].as_array().expect("files").clone();
        files.iter().map(|file| file["status"].as_str().expect("text").to_owned()).collect()
    };
    assert_eq!(statuses(&output), ["done", "failed", "done"]);
    assert_within(&one, &out.path().join("jagged.root"), 1.05e-2);
    assert_within(&two, &out.path().join("jagged2.root"), 1.05e-2);
    assert_eq!(crate::world::files_in(out.path()), ["jagged.root", "jagged2.root"]);

    // again: what is there is kept, what is of another file is not taken for ours
    fs::remove_file(out.path().join("jagged2.root")).expect("removed");
    let output = batch(&[&one, &two], out.path(), &bound);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(statuses(&output), ["skipped", "done"]);
    fs::copy(Inputs::get().path("few.root"), out.path().join("jagged2.root")).expect("copied");
    let output = batch(&[&one, &two], out.path(), &bound);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("is of another file"), "{}", stderr(&output));
}

#[test]
fn each_file_of_many_gets_the_whole_choice() {
    let (folder, out) = (tempdir().expect("a folder"), tempdir().expect("a folder"));
    let input = higgs();
    let name = input.file_name().expect("a file");
    let config = folder.path().join("choice.toml");
    let toml = "[bounds]\n\"*\" = \"abs=0.01\"\n\"jet1_pt\" = \"lossless\"\n[trees]\nselect = [\"sig_tree\"]\n";
    fs::write(&config, toml).expect("written");
    let statuses = |more: &[&str]| {
        let output = batch(&[&input], out.path(), &[&["--config", text(&config)], more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        report["files"][0]["status"].as_str().expect("text").to_owned()
    };
    assert_eq!(statuses(&[]), "done");
    let report = run_json(&["verify", text(&input), text(&out.path().join(name))]);
    for branch in report["branches"].as_array().expect("branches") {
        let is_lossy = branch["tree"] == "sig_tree" && branch["branch"] != "jet1_pt";
        let is_moved = branch["bound"] != "lossless" && branch["bound"] != "exact";
        assert_eq!(is_moved, is_lossy, "{branch}");
    }
    assert_eq!(statuses(&["--recheck"]), "skipped");
}

#[test]
fn what_is_there_already_is_looked_at() {
    let out = tempdir().expect("a folder");
    let (one, two) = (Inputs::get().path("jagged.root"), Inputs::get().path("jagged2.root"));
    let (small, bound) = (out.path().join("jagged.root"), ["--bound", "abs=0.01"]);
    let status = |inputs: &[&Path], more: &[&str], code: i32, word: &str| {
        let output = batch(inputs, out.path(), &[&bound, more].concat());
        let said = stderr(&output) + &String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.contains(word), "no '{word}' in: {said}");
    };
    status(&[&one], &[], 0, "done");
    status(&[&one], &["--recheck"], 0, "skipped");

    let bytes = fs::read(&small).expect("there");
    fs::write(&small, &bytes[..bytes.len() / 2]).expect("written");
    status(&[&one], &[], 2, "cannot be read");
    fs::copy(&one, &small).expect("copied");
    status(&[&one], &[], 2, "not compressed by RootBaler");
    // the same entries and branches, but other values
    let other = tempdir().expect("a folder");
    let name = other.path().join("jagged.root");
    fs::copy(&two, &name).expect("copied");
    fs::remove_file(&small).expect("removed");
    status(&[&name], &[], 0, "done");
    status(&[&one], &["--recheck"], 2, "--force");
    status(&[&one], &["--force"], 0, "done");
    assert_within(&one, &small, 0.1);
}

#[test]
fn other_bounds_are_written_anew() {
    let (folder, out) = (tempdir().expect("a folder"), tempdir().expect("a folder"));
    let input = Inputs::get().path("kinds.root");
    let small = out.path().join("kinds.root");
    let config = folder.path().join("config.toml");
    let run = |options: &[&str], toml: &str| -> Value {
        fs::write(&config, toml).expect("written");
        let output = batch(&[&input], out.path(), &[options, &["--config", text(&config)]].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        report["files"][0].clone()
    };
    let skips =
        |options: &[&str], toml: &str| assert_eq!(run(options, toml)["status"], "skipped", "{options:?} {toml}");
    let redoes = |options: &[&str], toml: &str, words: &str| {
        let file = run(options, toml);
        assert_eq!(file["status"], "done", "{options:?} {toml}");
        assert!(file["redone"].as_str().is_some_and(|why| why.contains(words)), "{file}");
        assert_eq!(run_json(&["verify", text(&input), text(&small)])["passed"], true);
        skips(options, toml);
    };
    assert!(run(&["--bound", "rel-sigma=1e-3"], "")["redone"].is_null());
    skips(&["--bound", "rel-sigma=0.001"], "");
    redoes(&["--bound", "rel-sigma=1e-2"], "", "has rel-sigma=0.001, not rel-sigma=1e-2");
    // of an array, and of a leaf of a leaf list, which are no columns of models
    redoes(&["--bound", "rel-sigma=1e-2"], "[bounds]\narray = \"rel-sigma=2e-2\"\n", "branch 'array'");
    redoes(&["--bound", "rel-sigma=1e-2"], "[bounds]\npair = \"abs=0.5\"\n", "branch 'array'");
    redoes(&["--bound", "rel-sigma=1e-2"], "[bounds]\npair = \"abs=0.25\"\n", "branch 'pair.a'");
    redoes(&[], "", "not lossless");
    assert_within(&input, &small, 0.0);
    redoes(&["--bound", "abs=0.1"], "", "not abs=0.1");

    let model = folder.path().join("kinds.rbm");
    train_json(&["train", text(&input), "-o", text(&model), "--bound", "rel-sigma=1e-2", "--seconds", "2"]);
    redoes(&["--model", text(&model)], "", "branch");
}
