//! What `rootbaler inspect` says, and `rootbaler verify` with bounds from elsewhere.

use crate::world::{Inputs, ROOTBALER, higgs, run, run_failing, run_json, stderr, text, trainer};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use tempfile::tempdir;

fn compress_in_groups(input: &Path, output: &Path) {
    let output = Command::new(ROOTBALER)
        .env("ROOTBALER_TRAIN", trainer())
        .args(["compress", text(input), text(output), "--bound", "rel-sigma=1e-2", "--seconds", "6", "--level", "2"])
        .output()
        .expect("started");
    assert!(output.status.success(), "{}", stderr(&output));
}

fn models(file: &Path) -> BTreeSet<String> {
    let details = run_json(&["inspect", text(file)]);
    let models = details["models"].as_array().expect("models").clone();
    models.iter().map(|model| model["hash"].as_str().expect("text").to_owned()).collect()
}

#[test]
fn groups_rows_and_models() {
    let folder = tempdir().expect("a folder");
    let (one, two, both) =
        (folder.path().join("one.root"), folder.path().join("two.root"), folder.path().join("both.root"));
    compress_in_groups(&Inputs::get().path("jagged.root"), &one);
    compress_in_groups(&Inputs::get().path("jagged2.root"), &two);

    let details = run_json(&["inspect", text(&one), "--baskets"]);
    let branches = details["trees"][0]["branches"].as_array().expect("branches").clone();
    let jets: Vec<&Value> = branches.iter().filter(|branch| branch["columns"][0]["counter"] == "nJet").collect();
    let baskets = |branch: &Value| branch["baskets"].as_array().expect("baskets").clone();
    let sum = |branch: &Value, key: &str| -> u64 { baskets(branch).iter().filter_map(|one| one[key].as_u64()).sum() };
    let rows: BTreeSet<u64> = jets.iter().map(|branch| sum(branch, "rows")).collect();
    // a Poisson number with mean 2.5 in 20 000 entries, and 20 times 50
    assert!(rows.len() == 1 && rows.iter().all(|rows| (49_000..53_000).contains(rows)), "{rows:?}");
    let helped: Vec<&&Value> = jets.iter().filter(|branch| branch["kinds"] == "model").collect();
    assert!(!helped.is_empty(), "{jets:?}");
    assert!(helped.iter().all(|branch| sum(branch, "context_rows") == sum(branch, "rows")), "{helped:?}");

    let said = String::from_utf8_lossy(&run(&["inspect", text(&one)]).stdout).into_owned();
    for model in details["models"].as_array().expect("models") {
        let (hash, columns) = (model["hash"].as_str().expect("text"), model["columns"].as_array().expect("columns"));
        let line = said.lines().find(|line| line.contains(hash)).expect("a line");
        assert!(columns.iter().all(|column| line.contains(column["name"].as_str().expect("text"))), "{line}");
    }

    let hadd = Command::new("hadd").args(["-ff", text(&both), text(&one), text(&two)]).output().expect("started");
    assert!(hadd.status.success(), "{}", stderr(&hadd));
    let used = |file: &Path| -> BTreeSet<String> {
        let details = run_json(&["inspect", text(file), "--baskets"]);
        let branches = details["trees"][0]["branches"].as_array().expect("branches").clone();
        let models = branches.iter().flat_map(baskets).filter_map(|basket| basket["model"].as_str().map(str::to_owned));
        models.filter(|hash| !hash.is_empty()).collect()
    };
    let (needed, shown) = (used(&both), models(&both));
    assert_eq!(needed, &used(&one) | &used(&two));
    assert!(needed.len() >= 2 && needed.is_subset(&shown), "{needed:?} and {shown:?}");
}

#[test]
fn bounds_from_elsewhere() {
    let folder = tempdir().expect("a folder");
    let (small, plain) = (folder.path().join("small.root"), folder.path().join("plain.root"));
    run_json(&["compress", text(&higgs()), text(&small), "--mode", "single", "--bound", "abs=0.01"]);
    run_json(&["decompress", text(&small), text(&plain)]);
    let original = higgs();
    let files = ["verify", text(&original), text(&plain)];
    for more in [["--bounds-of", text(&small)], ["--bound", "abs=0.01"], ["--bound", "abs=1"]] {
        assert_eq!(run_json(&[&files[..], &more].concat())["passed"], true, "{more:?}");
    }
    let cases: [(&[&str], &str); 3] = [
        (&[], "bit by bit, as"),
        (&["--bound", "lossless"], "was compared bit by bit"),
        (&["--bound", "abs=0.009"], "within abs=0.009"),
    ];
    for (more, word) in cases {
        let output = run(&[&files[..], more].concat());
        assert_eq!(output.status.code(), Some(1), "{more:?}");
        assert!(String::from_utf8_lossy(&output.stdout).contains(word), "{more:?}");
    }
    run_failing(&[&files[..], &["--bound", "rel-sigma=1"]].concat(), 2, &["--bounds-of"]);
    let report = run_json(&["verify", text(&small), text(&plain)]);
    assert_eq!(report["passed"], true, "decompressed values are those of the compressed file");
}
