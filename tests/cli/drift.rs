//! A model that meets data it was not trained on: the bound holds, and no file is larger than with branches alone.

use crate::world::{Inputs, ROOTBALER, assert_within, run_json, stderr, text, trainer};
use serde_json::Value;
use std::path::Path;
use std::process::Command;
use tempfile::tempdir;

const BOUND: f64 = 0.01;

fn train(input: &Path, model: &Path) {
    let bound = format!("abs={BOUND}");
    let output = Command::new(ROOTBALER)
        .env("ROOTBALER_TRAIN", trainer())
        .args(["train", text(input), "-o", text(model), "--bound", &bound, "--seconds", "6", "--level", "3"])
        .output()
        .expect("started");
    assert!(output.status.success(), "{}", stderr(&output));
}

/// Sizes of `input` with this model, in group and in single mode; and whether all networks were left out.
fn sizes(input: &Path, model: &Path) -> (u64, u64, bool) {
    let folder = tempdir().expect("a folder");
    let write = |mode: &str| -> Value {
        let out = folder.path().join(mode);
        let out = out.with_extension("root");
        let report = run_json(&["compress", text(input), text(&out), "--model", text(model), "--mode", mode]);
        assert_eq!(report["passed"], true);
        // whatever the standard deviation: no branch has one below 0.05
        assert_within(input, &out, BOUND / 0.05);
        for branch in report["branches"].as_array().expect("branches") {
            assert!(branch["worst_error"].as_f64().is_some_and(|error| error <= BOUND), "{branch}");
        }
        report
    };
    let (group, single) = (write("group"), write("single"));
    let bytes = |report: &Value| report["file_bytes_after"].as_u64().expect("a number");
    let models = group["models"].as_array().expect("models");
    (bytes(&group), bytes(&single), models.iter().all(|model| model["has_network"] == false))
}

#[test]
fn other_data_cost_no_more_than_branches_alone() {
    let folder = tempdir().expect("a folder");
    for (known, drifted) in [("rows", "rows_drifted"), ("jagged", "jagged_drifted")] {
        let path = |name: &str| Inputs::get().path(&format!("{name}.root"));
        let model = folder.path().join(known);
        train(&path(known), &model);
        let (group, single, is_bare) = sizes(&path(known), &model);
        assert!(group < single && !is_bare, "{known}: {group} and {single} bytes");
        let (group, single, _) = sizes(&path(drifted), &model);
        assert!(group * 100 <= single * 101, "{drifted}: {group} and {single} bytes");
    }
    // a few rows cannot pay for a network, however well it knows them
    let (group, single, is_bare) = sizes(&Inputs::get().path("rows_few.root"), &folder.path().join("rows"));
    assert!(is_bare && group * 100 <= single * 101, "{group} and {single} bytes");
}
