//! Outputs are complete or not there; inputs are never touched.

use crate::world::{ROOTBALER, files_in, higgs, root_macro, run_failing, run_json, stderr, text};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::tempdir;

#[test]
fn existing_files_are_kept_unless_forced() {
    let folder = tempdir().expect("a folder");
    let out = folder.path().join("out.root");
    fs::write(&out, "precious").expect("written");
    run_failing(&["compress", text(&higgs()), text(&out)], 2, &["exists", "--force"]);
    assert_eq!(fs::read(&out).expect("there"), b"precious");
    run_json(&["compress", text(&higgs()), text(&out), "--force"]);
    assert_eq!(run_json(&["verify", text(&higgs()), text(&out)])["passed"], true);
    assert_eq!(files_in(folder.path()), ["out.root"]);
}

#[test]
fn words_name_the_output_and_not_its_temporary_file() {
    let folder = tempdir().expect("a folder");
    let (out, kept) = (folder.path().join("out.root"), folder.path().join("kept.root"));
    let single = ["--mode", "single", "--bound", "abs=0.01"];
    let report = run_json(&[&["compress", text(&higgs()), text(&out)], &single[..]].concat());
    let says = |report: &serde_json::Value, word: &str| {
        let said = report["comparison"].as_str().expect("text").to_owned();
        assert!(said.contains(word) && !report.to_string().contains(".part"), "{report}");
    };
    says(&report, &format!("'{}' promises", text(&out)));
    says(&run_json(&["repack", text(&out), text(&kept), "--keep", "jet*"]), "compared");
    let line =
        format!("ulimit -f 100; exec '{ROOTBALER}' decompress '{}' '{}/plain.root'", text(&out), text(folder.path()));
    let output = Command::new("sh").args(["-c", &line]).output().expect("started");
    assert!(stderr(&output).contains("/plain.root") && !stderr(&output).contains(".part"), "{}", stderr(&output));
}

#[test]
fn the_input_is_never_the_output() {
    let folder = tempdir().expect("a folder");
    let (input, link) = (folder.path().join("in.root"), folder.path().join("link.root"));
    fs::copy(higgs(), &input).expect("copied");
    fs::hard_link(&input, &link).expect("linked");
    let before = fs::read(&input).expect("there");
    for output in [&input, &link] {
        for command in ["compress", "decompress"] {
            run_failing(&[command, text(&input), text(output), "--force"], 2, &["is the input itself"]);
        }
    }
    assert_eq!(fs::read(&input).expect("there"), before);
}

#[test]
fn a_full_disk() {
    let folder = tempdir().expect("a folder");
    for blocks in [1, 100, 1000] {
        for command in ["compress", "decompress"] {
            let line = format!(
                "ulimit -f {blocks}; exec '{ROOTBALER}' {command} '{}' '{}'",
                text(&higgs()),
                text(&folder.path().join("out.root"))
            );
            let output = Command::new("sh").args(["-c", &line]).output().expect("started");
            assert_eq!(output.status.code(), Some(3), "{line}: {}", stderr(&output));
            assert!(stderr(&output).contains("is the disk full?"), "{line}: {}", stderr(&output));
            assert!(files_in(folder.path()).is_empty(), "{line}: {:?}", files_in(folder.path()));
        }
    }
}

#[test]
fn a_folder_that_is_not_there() {
    run_failing(&["compress", text(&higgs()), "/no/such/folder/out.root"], 3, &["/no/such/folder"]);
}

/// Puts a shell script in the place of the trainer.
fn fake_trainer(folder: &Path, script: &str) -> std::path::PathBuf {
    let path = folder.join("fake-train");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("executable");
    path
}

/// Asks a process to end.
fn terminate(process: &Child) {
    let id = libc::pid_t::try_from(process.id()).expect("a number of a process");
    // SAFETY: kill has no memory of ours to touch.
    assert_eq!(unsafe { libc::kill(id, libc::SIGTERM) }, 0);
}

fn compress_with(trainer: &Path, out: &Path) -> Command {
    let mut command = Command::new(ROOTBALER);
    command.env("ROOTBALER_TRAIN", trainer).args(["compress", text(&higgs()), text(out), "--bound", "rel-sigma=1e-3"]);
    command
}

#[test]
fn termination_leaves_nothing() {
    let folder = tempdir().expect("a folder");
    let out = tempdir().expect("a folder");
    let started = folder.path().join("started");
    // exec: the shell itself would not pass the signal on
    let trainer = fake_trainer(folder.path(), &format!("echo $$ > '{}'; exec sleep 60", text(&started)));
    let mut command = compress_with(&trainer, &out.path().join("out.root"));
    let mut child = command.stderr(Stdio::null()).spawn().expect("started");
    let start = Instant::now();
    let trainer_id = loop {
        let id = fs::read_to_string(&started).unwrap_or_default();
        if id.ends_with('\n') {
            break id.trim().to_owned();
        }
        assert!(start.elapsed() < Duration::from_secs(60), "the trainer was not started");
        thread::sleep(Duration::from_millis(20));
    };
    terminate(&child);
    let status = child.wait().expect("ended");
    assert_eq!(status.code(), Some(130));
    assert!(start.elapsed() < Duration::from_secs(50), "it waited for the trainer");
    assert!(files_in(out.path()).is_empty());
    assert!(!Path::new("/proc").join(trainer_id).exists(), "the trainer lives on");
}

#[test]
fn termination_of_a_batch_leaves_nothing() {
    let (folder, out) = (tempdir().expect("a folder"), tempdir().expect("a folder"));
    let (one, two) = (folder.path().join("one.root"), folder.path().join("two.root"));
    root_macro("../../benches/large.C", &[text(&higgs()).into(), "sig_tree".into(), text(&one).into(), 40e6.into()]);
    fs::copy(&one, &two).expect("copied");
    let mut command = Command::new(ROOTBALER);
    command.args(["compress", text(&one), text(&two), "-o", text(out.path()), "--mode", "single", "--bound", "abs=1"]);
    // scratch folders of all processes
    let scratch = tempdir().expect("a folder");
    let mut child = command.env("TMPDIR", scratch.path()).stderr(Stdio::null()).spawn().expect("started");
    let start = Instant::now();
    while !files_in(out.path()).iter().any(|name| name.ends_with(".part.root")) {
        assert!(start.elapsed() < Duration::from_secs(120), "nothing was written");
        thread::sleep(Duration::from_millis(10));
    }
    terminate(&child);
    assert_eq!(child.wait().expect("ended").code(), Some(130));
    assert!(files_in(out.path()).iter().all(|name| !name.ends_with(".part.root")), "{:?}", files_in(out.path()));
    assert!(files_in(scratch.path()).is_empty(), "{:?}", files_in(scratch.path()));
}

#[test]
fn a_trainer_that_fails() {
    let folder = tempdir().expect("a folder");
    let out = tempdir().expect("a folder");
    for (script, words) in [
        ("echo '{\"event\":\"error\",\"message\":\"too warm\"}'; exit 1", "too warm"),
        ("echo 'libtorch.so: not found' >&2; exit 127", "libtorch.so: not found"),
        ("exit 0", "the trainer failed"),
        ("echo hello", "does not understand"),
    ] {
        let trainer = fake_trainer(folder.path(), script);
        let output = compress_with(&trainer, &out.path().join("out.root")).output().expect("started");
        assert_eq!(output.status.code(), Some(5), "{script}: {}", stderr(&output));
        assert!(stderr(&output).contains(words), "{script}: {}", stderr(&output));
        assert!(files_in(out.path()).is_empty());
    }
    let output = compress_with(Path::new("/no/such/trainer"), &out.path().join("out.root")).output().expect("started");
    assert_eq!(output.status.code(), Some(5));
    assert!(stderr(&output).contains("make trainer"), "{}", stderr(&output));
}
