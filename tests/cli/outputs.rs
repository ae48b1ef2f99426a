//! Outputs are complete or not there; inputs are never touched.

use crate::world::{ROOTBALER, files_in, higgs, run_failing, run_json, stderr, text};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
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
    let killed = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("started");
    assert!(killed.success());
    let status = child.wait().expect("ended");
    assert_eq!(status.code(), Some(130));
    assert!(start.elapsed() < Duration::from_secs(50), "it waited for the trainer");
    assert!(files_in(out.path()).is_empty());
    assert!(!Path::new("/proc").join(trainer_id).exists(), "the trainer lives on");
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
