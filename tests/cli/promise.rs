//! What a file promises: a bound in sigmas is one of all values of the branch in that tree, and zeros keep their sign.

use crate::world::{Inputs, root_macro, run, run_failing, run_json, stderr, text, trainer};
use serde_json::Value;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use tempfile::{TempDir, tempdir};

fn input(name: &str) -> PathBuf {
    static INPUTS: OnceLock<TempDir> = OnceLock::new();
    let folder = INPUTS.get_or_init(|| {
        let folder = tempdir().expect("a folder");
        root_macro("kept.C", &[text(folder.path()).into()]);
        folder
    });
    folder.path().join(name)
}

/// All values within so many sigmas of their branch in their tree; zeros, -999 and 9.9e9 as they were.
fn assert_kept(before: &Path, after: &Path, sigmas: f64) {
    let said = root_macro("kept.C", &[text(before).into(), text(after).into(), sigmas.into()]);
    let line = said.lines().find(|line| line.starts_with("compared")).unwrap_or_default();
    assert!(line.ends_with(" 0 outside") && !line.starts_with("compared 0 "), "{said}");
}

/// The number of the bound `abs=E` of a branch.
fn bound(report: &Value, tree: &str, branch: &str) -> f64 {
    let branches = report["branches"].as_array().expect("branches");
    let found = branches.iter().find(|one| one["tree"] == tree && one["branch"] == branch).expect("the branch");
    let text = found["bound"].as_str().and_then(|bound| bound.strip_prefix("abs=")).expect("abs");
    text.parse().expect("a number")
}

#[test]
fn every_tree_has_its_own_sigma() {
    let folder = tempdir().expect("a folder");
    let (input, small) = (input("scales.root"), folder.path().join("small.root"));
    for options in [&["--mode", "single"][..], &["--seconds", "3"]] {
        let compress = ["compress", text(&input), text(&small), "--force", "--bound", "rel-sigma=1e-3"];
        let report = with_trainer(&[&compress, options].concat());
        assert_kept(&input, &small, 1e-3);
        for (tree, x, y) in [("near/hits", 1.0, 1e3), ("far/hits", 1e6, 1.0)] {
            for (branch, sigma) in [("x", x), ("y", y)] {
                let ratio = bound(&report, tree, branch) / (1e-3 * sigma);
                assert!((0.95..1.05).contains(&ratio), "{tree}/{branch}: {ratio}");
            }
        }
    }
}

fn with_trainer(arguments: &[&str]) -> Value {
    let arguments = [arguments, &["--json"]].concat();
    let mut command = Command::new(crate::world::ROOTBALER);
    let output = command.env("ROOTBALER_TRAIN", trainer()).args(&arguments).output().expect("started");
    assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn sigma_is_that_of_all_values() {
    let folder = tempdir().expect("a folder");
    let (input, small) = (input("heavy.root"), folder.path().join("small.root"));
    let mut bounds = Vec::new();
    for seed in 1..=8 {
        let seed = seed.to_string();
        let options = ["--force", "--mode", "single", "--bound", "rel-sigma=1e-3", "--seed", &seed];
        let report = run_json(&[&["compress", text(&input), text(&small)], &options[..]].concat());
        bounds.push((bound(&report, "t", "x"), bound(&report, "t", "y")));
    }
    assert_kept(&input, &small, 1e-3);
    assert!(bounds.iter().all(|bound| *bound == bounds[0]), "{bounds:?}");
    // 1e6 once in half a million, among normal values
    assert!((1.41..1.415).contains(&bounds[0].0), "{bounds:?}");
    assert!((0.99e-3..1.01e-3).contains(&bounds[0].1), "{bounds:?}");
}

#[test]
fn zeros_keep_their_sign() {
    let folder = tempdir().expect("a folder");
    let (input, small, other) =
        (input("zeros.root"), folder.path().join("small.root"), folder.path().join("other.root"));
    // five bits move a value by up to 1/64 of it, and some are four sigmas
    for (spec, sigmas) in [("abs=0.01", 0.03), ("rel-sigma=1e-2", 0.01), ("bits=5", 0.15)] {
        run_json(&["compress", text(&input), text(&small), "--force", "--mode", "single", "--bound", spec]);
        assert_kept(&input, &small, sigmas);
    }
    root_macro("flip_zeros.C", &[text(&input).into(), text(&other).into()]);
    for [one, two] in [[&input, &other], [&other, &input]] {
        run_failing(&["verify", text(one), text(two), "--bound", "abs=0.01"], 1, &["outside"]);
    }
}

#[test]
fn a_model_brings_its_own_bounds() {
    let folder = tempdir().expect("a folder");
    let (input, model, small) = (input("zeros.root"), folder.path().join("m.rbm"), folder.path().join("small.root"));
    let train = ["train", text(&input), "-o", text(&model), "--bound", "rel-sigma=1e-2", "--seconds", "2"];
    with_trainer(&train);
    let output = run(&["compress", text(&input), text(&small), "--model", text(&model)]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("bounds in sigmas are those of the model"), "{said}");
    let with = |bound| ["compress", text(&input), text(&small), "--force", "--model", text(&model), "--bound", bound];
    for kept in ["rel-sigma=1e-2", "rel-sigma=2e-2"] {
        assert_eq!(run_json(&with(kept))["passed"], true);
        assert_kept(&input, &small, 1e-2);
    }
    for other in ["rel-sigma=9e-3", "bits=20", "lossless"] {
        run_failing(&with(other), 2, &["the model keeps branch", "train a model for it"]);
    }
}

#[test]
fn bounds_that_make_no_sense_are_said() {
    let folder = tempdir().expect("a folder");
    let (input, small) = (Inputs::get().path("numbers.root"), folder.path().join("small.root"));
    let compress = ["compress", text(&input), text(&small), "--force", "--mode", "single", "--bound"];
    let output = run(&[&compress[..], &["rel-sigma=1e-3"]].concat());
    let said = stderr(&output);
    let line = |words: &str| said.lines().find(|line| line.contains(words)).unwrap_or_default();
    assert!(line("whole numbers become others").contains("'event'"), "{said}");
    assert!(line("only grow").contains("'time'") && !said.contains("'x'"), "{said}");
    let output = run(&[&compress[..], &["abs=0.1"]].concat());
    assert!(stderr(&output).is_empty(), "{}", stderr(&output));
}

#[test]
fn how_much_bounds_reach_is_said() {
    let folder = tempdir().expect("a folder");
    let small = folder.path().join("small.root");
    for (name, words) in
        [("numbers.root", "bounds reach 100.0 % of the bytes of floats"), ("kinds.root", "; the others are exact")]
    {
        let input = Inputs::get().path(name);
        let compress = ["compress", text(&input), text(&small), "--force", "--mode", "single", "--bound", "abs=0.1"];
        let output = run(&compress);
        assert!(String::from_utf8_lossy(&output.stdout).contains(words), "{output:?}");
    }
}

#[test]
fn what_no_model_may_hold_ends_no_run() {
    let folder = tempdir().expect("a folder");
    let (input, small) = (input("jets.root"), folder.path().join("small.root"));
    with_trainer(&["compress", text(&input), text(&small), "--bound", "rel-sigma=1e-3", "--seconds", "3"]);
    assert_kept(&input, &small, 1e-3);
    let data =
        env::var_os("DATA").map_or(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let input = data.join("../cases/29_trainer_writes_what_the_core_refuses/higgs_small.root");
    if !input.is_file() {
        return println!("SKIPPED: there is no '{}' (set DATA)", input.display());
    }
    let options = ["--mode", "group", "--bound", "rel-sigma=1e-3", "--seconds", "3", "--force"];
    let report = with_trainer(&[&["compress", text(&input), text(&small)], &options[..]].concat());
    assert_eq!(report["passed"], true);
}
