//! What goes in comes out, within its bound.

use crate::world::{Inputs, assert_within, higgs, run, run_json, stderr, text};
use serde_json::Value;
use std::fs;
use tempfile::tempdir;

fn branches(report: &Value) -> &Vec<Value> {
    report["branches"].as_array().expect("branches")
}

#[test]
fn higgs_in_single_mode_keeps_its_bound_and_gets_small() {
    let folder = tempdir().expect("a folder");
    let (input, small, plain) = (higgs(), folder.path().join("small.root"), folder.path().join("plain.root"));
    let before = fs::read(&input).expect("readable");
    let report = run_json(&["compress", text(&input), text(&small), "--mode", "single", "--bound", "rel-sigma=1e-3"]);
    assert_eq!(report["passed"], true);
    assert_eq!(branches(&report).len(), 58);
    assert_within(&input, &small, 1e-3);
    let bytes = report["file_bytes_after"].as_u64().expect("a number");
    assert!(bytes * 2 < before.len() as u64, "{bytes} of {}", before.len());

    run_json(&["decompress", text(&small), text(&plain)]);
    assert_within(&small, &plain, 0.0);
    assert_within(&input, &plain, 1e-3);
    assert_eq!(fs::read(&input).expect("readable"), before, "the input was changed");
}

#[test]
fn decompressed_files_hold_nothing_of_ours() {
    let folder = tempdir().expect("a folder");
    let (small, plain) = (folder.path().join("small.root"), folder.path().join("plain.root"));
    run_json(&["compress", text(&higgs()), text(&small), "--mode", "single", "--bound", "rel-sigma=1e-2"]);
    run_json(&["decompress", text(&small), text(&plain)]);
    let bytes = fs::read(&plain).expect("readable");
    assert!(!bytes.windows(9).any(|window| window == b"RootBaler"), "the file still names RootBaler");
    for tree in run_json(&["inspect", text(&plain)])["trees"].as_array().expect("trees") {
        for branch in branches(tree) {
            assert_eq!(branch["setting"], 505, "{branch}");
            assert!(["ZSTD", "raw"].contains(&branch["kinds"].as_str().expect("text")), "{branch}");
        }
    }
}

#[test]
fn nobody_asked_means_lossless() {
    let folder = tempdir().expect("a folder");
    let small = folder.path().join("small.root");
    let report = run_json(&["compress", text(&higgs()), text(&small)]);
    assert!(branches(&report).iter().all(|branch| branch["bound"] == "lossless"));
    assert_within(&higgs(), &small, 0.0);
}

#[test]
fn hard_values_come_back() {
    let folder = tempdir().expect("a folder");
    let input = Inputs::get().path("special.root");
    for (index, bound) in
        ["lossless", "abs=1e-3", "abs=1e-40", "abs=1e300", "bits=0", "bits=7", "rel-sigma=1e-3"].iter().enumerate()
    {
        let small = folder.path().join(format!("{index}.root"));
        let report = run_json(&["compress", text(&input), text(&small), "--mode", "single", "--bound", bound]);
        assert_eq!(report["passed"], true, "{bound}");
        let constant = branches(&report).iter().find(|branch| branch["branch"] == "constant").expect("there");
        // an often-repeated value is kept, except where bits ask for rounding
        let is_kept = !bound.starts_with("bits=");
        assert!(!is_kept || constant["worst_error"] == 0.0, "{bound}: {constant}");
        if *bound == "lossless" {
            assert_within(&input, &small, 0.0);
        }
    }
}

#[test]
fn no_entries_and_one_entry() {
    let folder = tempdir().expect("a folder");
    let small = folder.path().join("small.root");
    let input = Inputs::get().path("few.root");
    let report = run_json(&["compress", text(&input), text(&small), "--mode", "single", "--bound", "rel-sigma=1e-3"]);
    assert_eq!(report["passed"], true);
    let details = run_json(&["inspect", text(&small)]);
    let entries: Vec<(&str, u64)> = details["trees"]
        .as_array()
        .expect("trees")
        .iter()
        .map(|tree| (tree["path"].as_str().expect("text"), tree["entries"].as_u64().expect("a number")))
        .collect();
    assert_eq!(entries, [("empty", 0), ("no_branches", 0), ("one", 1)]);
    assert_within(&input, &small, 0.0);
}

#[test]
fn everything_else_in_the_file_is_copied() {
    let folder = tempdir().expect("a folder");
    let (small, plain) = (folder.path().join("small.root"), folder.path().join("plain.root"));
    let input = Inputs::get().path("kinds.root");
    let report = run_json(&["compress", text(&input), text(&small), "--mode", "single", "--bound", "abs=0.01"]);
    assert_eq!(report["passed"], true);
    for branch in branches(&report).iter().filter(|branch| branch["tree"] == "dir/deep/tree") {
        let (bound, values) = match branch["branch"].as_str().expect("text") {
            "x" | "y" | "rounded" => ("abs=0.01", 3000),
            "array" => ("abs=0.01", 9000),
            "counted" => ("abs=0.01", 13500),
            "pair" => ("abs=0.01, exact", 6000),
            // Double32_t without a range is a float; collections and members of classes are numbers, too
            "floats" => ("abs=0.01", 6000),
            "map" => ("abs=0.01", 9000),
            "clones" => ("exact, abs=0.01", 18000),
            _ => ("exact", 3000),
        };
        assert_eq!(branch["bound"], bound, "{branch}");
        assert_eq!(branch["values"], values, "{branch}");
    }
    run_json(&["decompress", text(&small), text(&plain)]);
    assert_eq!(run_json(&["verify", text(&small), text(&plain)])["passed"], true);
    let list = std::process::Command::new("rootls").arg(&plain).output();
    if let Ok(list) = list {
        let said = String::from_utf8_lossy(&list.stdout).into_owned() + &stderr(&list);
        for name in ["histogram", "numbers", "dir", "ntuple"] {
            assert!(said.contains(name), "{name} is not in: {said}");
        }
    }
}

#[test]
fn several_clusters() {
    let folder = tempdir().expect("a folder");
    let small = folder.path().join("small.root");
    let input = Inputs::get().path("rows.root");
    run_json(&["compress", text(&input), text(&small), "--mode", "single", "--bound", "rel-sigma=1e-2"]);
    let details = run_json(&["inspect", text(&small), "--baskets"]);
    let baskets = details["trees"][0]["branches"][0]["baskets"].as_array().expect("baskets").clone();
    assert_eq!(baskets.len(), 3, "{baskets:?}");
    assert!(baskets.iter().all(|basket| basket["entries"].as_u64().is_some_and(|rows| rows >= 50_000)), "{baskets:?}");
    assert_within(&input, &small, 1e-2);
}

#[test]
fn bounds_by_pattern() {
    let folder = tempdir().expect("a folder");
    let (small, config) = (folder.path().join("small.root"), folder.path().join("bounds.toml"));
    let toml = "[bounds]\n\"*\" = \"abs=0.01\"\n\"jet?_pt\" = \"abs=0.05\"\n\"jet1_pt\" = \"lossless\"\n\
                [trees]\nselect = [\"sig_tree\"]\n[compress]\nmode = \"single\"\nlevel = 1\n";
    fs::write(&config, toml).expect("written");
    let report = run_json(&["compress", text(&higgs()), text(&small), "--config", text(&config)]);
    let bound = |tree: &str, name: &str| {
        let branch = branches(&report).iter().find(|branch| branch["tree"] == tree && branch["branch"] == name);
        branch.expect("there")["bound"].as_str().expect("text").to_owned()
    };
    assert_eq!(bound("sig_tree", "m_bb"), "abs=0.01");
    assert_eq!(bound("sig_tree", "jet2_pt"), "abs=0.05");
    assert_eq!(bound("sig_tree", "jet1_pt"), "lossless");
    assert_eq!(bound("bkg_tree", "m_bb"), "lossless");
}

#[test]
fn compressing_twice() {
    let folder = tempdir().expect("a folder");
    let (once, twice) = (folder.path().join("once.root"), folder.path().join("twice.root"));
    let single = ["--mode", "single", "--bound"];
    run_json(&[&["compress", text(&higgs()), text(&once)], &single[..], &["rel-sigma=1e-3"]].concat());
    run_json(&[&["compress", text(&once), text(&twice)], &single[..], &["rel-sigma=1e-2"]].concat());
    assert_within(&once, &twice, 1e-2);
    assert_eq!(run(&["verify", text(&higgs()), text(&once)]).status.code(), Some(0));
}
