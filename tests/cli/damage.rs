//! Damaged files: an error, never a crash, a hang or a wrong value.

use crate::world::{Inputs, higgs, run, run_failing, run_json, stderr, text};
use std::fs;
use std::path::PathBuf;
use tempfile::{TempDir, tempdir};

fn compressed() -> (TempDir, PathBuf, Vec<u8>) {
    let folder = tempdir().expect("a folder");
    let path = folder.path().join("small.root");
    run_json(&["compress", text(&higgs()), text(&path), "--mode", "single", "--bound", "rel-sigma=1e-3"]);
    let bytes = fs::read(&path).expect("there");
    (folder, path, bytes)
}

#[test]
fn truncated_files() {
    let (folder, _, bytes) = compressed();
    let cut = folder.path().join("cut.root");
    let out = folder.path().join("out.root");
    for length in [4, 63, 100, 300, bytes.len() / 3, bytes.len() / 2, bytes.len() - 1000, bytes.len() - 1] {
        fs::write(&cut, &bytes[..length]).expect("written");
        for command in [
            &["verify", text(&higgs()), text(&cut)][..],
            &["inspect", text(&cut)],
            &["decompress", text(&cut), text(&out)],
        ] {
            let output = run(command);
            assert_eq!(output.status.code(), Some(4), "{length} bytes, {command:?}: {}", stderr(&output));
        }
    }
}

#[test]
fn flipped_bits() {
    let (folder, path, bytes) = compressed();
    let bad = folder.path().join("bad.root");
    let mut caught = 0;
    let tries = 40;
    for index in 0..tries {
        let mut copy = bytes.clone();
        let at = bytes.len() * (2 * index + 1) / (2 * tries);
        copy[at] ^= 1 << (index % 8);
        fs::write(&bad, &copy).expect("written");
        // against the intact file, where every value must be the same to the last bit if nothing is reported
        let output = run(&["verify", text(&higgs()), text(&bad), "--json"]);
        match output.status.code() {
            Some(0) => {
                let plain = folder.path().join(format!("{index}.root"));
                run_json(&["decompress", text(&bad), text(&plain)]);
                run_json(&["verify", text(&path), text(&plain)]);
                fs::remove_file(plain).expect("removed");
            }
            Some(1..=5) => caught += 1,
            code => panic!("bit {} of byte {at}: exit code {code:?}: {}", index % 8, stderr(&output)),
        }
    }
    assert!(caught * 10 >= tries * 9, "only {caught} of {tries} flipped bits were noticed");
}

/// Who opens a histogram with another ROOT needs the descriptions of its classes; a tree's own are its writer's.
#[test]
fn classes_that_nothing_describes() {
    let (whole, bare) = (Inputs::get().path("histogram.root"), Inputs::get().path("histogram_alone.root"));
    let output = run(&["verify", text(&whole), text(&bare)]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stdout);
    for class in ["TH1F version 3", "TAttMarker version"] {
        assert!(said.contains(&format!("the description (StreamerInfo) of class {class}")), "{said}");
    }
    assert!(!said.contains("class TBranch") && !said.contains("class TTree"), "{said}");
}

#[test]
fn another_file() {
    let (folder, path, _) = compressed();
    let other = folder.path().join("other.root");
    run_json(&["compress", text(&higgs()), text(&other), "--tree", "sig_tree", "--mode", "single", "--bound", "abs=1"]);
    // the errors of `other` are far outside the bounds that `path` promises
    run_failing(&["verify", text(&other), text(&path)], 1, &["verification failed", "outside its bound"]);
}

/// ROOT finds the entries of a basket by what its header says of their number and length, which no checksum covers.
#[test]
fn entries_of_another_number_or_length() {
    const CLASS: &[u8] = b"\x07TBasket";
    let (folder, _, bytes) = compressed();
    let bad = folder.path().join("bad.root");
    let middle = bytes.len() / 2;
    let class = middle + bytes[middle..].windows(CLASS.len()).position(|w| w == CLASS).expect("a basket");
    let name = class + CLASS.len();
    let title = name + 1 + usize::from(bytes[name]);
    let basket = title + 1 + usize::from(bytes[title]);
    let (length, entries) = (basket + 6, basket + 10);
    for at in [length + 1, length + 3, entries + 1, entries + 3] {
        let mut copy = bytes.clone();
        copy[at] ^= 4;
        fs::write(&bad, &copy).expect("written");
        for command in [&["verify", text(&higgs()), text(&bad)][..], &["inspect", text(&bad)]] {
            let output = run(command);
            assert_eq!(output.status.code(), Some(4), "byte {at}, {command:?}: {}", stderr(&output));
        }
    }
}

/// ROOT takes the entries of a basket from the table of its branch, and would read behind its end.
#[test]
fn tables_of_baskets_that_are_not_true() {
    let folder = tempdir().expect("a folder");
    let (out, plots) = (folder.path().join("out.root"), folder.path().join("plots"));
    let true_one = Inputs::get().path("true_x.root");
    run_json(&["compress", text(&true_one), text(&out), "--mode", "single", "--bound", "abs=0.1"]);
    fs::remove_file(&out).expect("removed");
    for victim in ["x", "n", "v", "long"] {
        for many in ["few", "many"] {
            let bad = Inputs::get().path(&format!("false_{victim}_{many}.root"));
            let mut commands = vec![vec!["verify", text(&bad), text(&bad)], vec!["decompress", text(&bad), text(&out)]];
            if victim == "x" {
                commands.push(vec!["verify", text(&true_one), text(&bad)]);
                commands.push(vec!["inspect", text(&bad)]);
                commands.push(vec!["compress", text(&bad), text(&out), "--mode", "single", "--bound", "abs=0.1"]);
                commands.push(vec!["train", text(&bad), "-o", text(&out), "--bound", "abs=0.1"]);
                commands.push(vec!["evaluate", text(&true_one), text(&bad), "-o", text(&plots)]);
            }
            for command in &commands {
                let output = run(command);
                assert_eq!(output.status.code(), Some(4), "{command:?}: {}", stderr(&output));
            }
        }
    }
}

#[test]
fn older_cycles_are_compared() {
    let many = Inputs::get().path("many_baskets.root");
    let folder = tempdir().expect("a folder");
    let small = folder.path().join("small.root");
    run_json(&["compress", text(&many), text(&small), "--mode", "single", "--bound", "abs=0.1"]);
    assert_eq!(run_json(&["verify", text(&many), text(&small)])["passed"], true);
    fs::remove_file(&small).expect("removed");
    let [one, other] = ["cycles.root", "other_cycles.root"].map(|name| Inputs::get().path(name));
    run_failing(&["verify", text(&one), text(&other)], 1, &["'t;1' has 1499 entries instead of 1500"]);
    run_json(&["compress", text(&one), text(&small), "--mode", "single", "--bound", "abs=0.1"]);
    run_failing(&["verify", text(&one), text(&small), "--bound", "abs=0.01"], 1, &["of 't;1' has"]);
    assert_eq!(run_json(&["verify", text(&one), text(&small)])["passed"], true);
}
