//! Outputs are complete or not there; inputs are never touched.

use crate::world::{ROOTBALER, assert_within, files_in, higgs, root_macro, run_failing, run_json, stderr, text};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::{TempDir, tempdir};

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
        assert!(said.contains(word) && !report.to_string().contains("rootbaler-part"), "{report}");
    };
    says(&report, &format!("'{}' promises", text(&out)));
    says(&run_json(&["repack", text(&out), text(&kept), "--keep", "jet*"]), "compared");
    let line =
        format!("ulimit -f 100; exec '{ROOTBALER}' decompress '{}' '{}/plain.root'", text(&out), text(folder.path()));
    let output = Command::new("sh").args(["-c", &line]).output().expect("started");
    assert!(
        stderr(&output).contains("/plain.root") && !stderr(&output).contains("rootbaler-part"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn names_that_mean_something_to_root() {
    let folder = tempdir().expect("a folder");
    for name in ["o#1.root", "o?1.root", "$HOME.root", "o*.root", "http:o.root"] {
        let out = folder.path().join(name);
        run_json(&["compress", text(&higgs()), text(&out), "--mode", "single", "--bound", "abs=0.01"]);
        assert_eq!(files_in(folder.path()), [name]);
        fs::rename(&out, folder.path().join("plain.root")).expect("renamed");
        assert_within(&higgs(), &folder.path().join("plain.root"), 0.1);
        fs::rename(folder.path().join("plain.root"), &out).expect("renamed");
        if name.contains(['#', '?', '$']) {
            run_failing(&["decompress", text(&out), "plain.root"], 2, &["rename the file"]);
        }
        fs::remove_file(&out).expect("removed");
    }
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

/// What the names of folders end with in which outputs are made.
const PART: &str = ".rootbaler-part";

fn send(process: &Child, signal: i32) {
    let id = libc::pid_t::try_from(process.id()).expect("a number of a process");
    // SAFETY: kill has no memory of ours to touch.
    assert_eq!(unsafe { libc::kill(id, signal) }, 0);
}

/// Asks a process to end.
fn terminate(process: &Child) {
    send(process, libc::SIGTERM);
}

/// Waits for something that must happen within a minute.
fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < Duration::from_secs(60), "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// A trainer that says its number in a file, and then does nothing for long.
fn sleeping_trainer(folder: &Path, started: &Path) -> std::path::PathBuf {
    // exec: the shell itself would not pass a signal on
    fake_trainer(folder, &format!("echo $$ > '{}'; exec sleep 60", text(started)))
}

/// The number of that trainer, once it runs.
fn number_in(started: &Path) -> String {
    wait_for("the trainer was not started", || {
        let id = fs::read_to_string(started).unwrap_or_default();
        id.ends_with('\n').then(|| id.trim().to_owned())
    })
}

fn is_running(id: &str) -> bool {
    // one that has ended and that nobody waits for is a zombie
    let state = fs::read_to_string(Path::new("/proc").join(id).join("stat")).unwrap_or_default();
    state.rsplit(')').next().is_some_and(|rest| !rest.trim().is_empty() && !rest.trim_start().starts_with('Z'))
}

fn compress_with(trainer: &Path, out: &Path) -> Command {
    let mut command = Command::new(ROOTBALER);
    command.env("ROOTBALER_TRAIN", trainer).args(["compress", text(&higgs()), text(out), "--bound", "rel-sigma=1e-3"]);
    command
}

/// A command in the middle of its training, and the folders that it writes to.
struct Training {
    _folder: TempDir,
    out: TempDir,
    scratch: TempDir,
    child: Child,
    trainer_id: String,
}

impl Training {
    fn start() -> Self {
        let (folder, out, scratch) =
            (tempdir().expect("a folder"), tempdir().expect("a folder"), tempdir().expect("a folder"));
        let started = folder.path().join("started");
        let trainer = sleeping_trainer(folder.path(), &started);
        let mut command = compress_with(&trainer, &out.path().join("out.root"));
        let child = command.env("TMPDIR", scratch.path()).stderr(Stdio::null()).spawn().expect("started");
        let trainer_id = number_in(&started);
        Training { _folder: folder, out, scratch, child, trainer_id }
    }
}

#[test]
fn termination_leaves_nothing() {
    for signals in [&[libc::SIGTERM][..], &[libc::SIGINT], &[libc::SIGHUP, libc::SIGHUP, libc::SIGTERM]] {
        let Training { _folder, out, scratch, mut child, trainer_id } = Training::start();
        let start = Instant::now();
        for &signal in signals {
            send(&child, signal);
        }
        let status = child.wait().expect("ended");
        assert_eq!(status.code(), Some(130), "{signals:?}");
        assert!(start.elapsed() < Duration::from_secs(50), "it waited for the trainer");
        assert!(files_in(out.path()).is_empty() && files_in(scratch.path()).is_empty(), "{signals:?}");
        assert!(!is_running(&trainer_id), "the trainer lives on");
    }
}

#[test]
fn nohup_is_respected() {
    let (folder, out) = (tempdir().expect("a folder"), tempdir().expect("a folder"));
    let started = folder.path().join("started");
    let trainer = sleeping_trainer(folder.path(), &started);
    let line = format!(
        "trap '' HUP; exec '{ROOTBALER}' compress '{}' '{}/out.root' --bound rel-sigma=1e-3",
        text(&higgs()),
        text(out.path())
    );
    let mut command = Command::new("sh");
    command.env("ROOTBALER_TRAIN", &trainer).args(["-c", &line]).stderr(Stdio::null());
    let mut child = command.spawn().expect("started");
    let trainer_id = number_in(&started);
    send(&child, libc::SIGHUP);
    thread::sleep(Duration::from_millis(500));
    assert!(child.try_wait().expect("known").is_none() && is_running(&trainer_id));
    terminate(&child);
    assert_eq!(child.wait().expect("ended").code(), Some(130));
}

#[test]
fn what_a_killed_one_leaves_is_private_and_the_next_one_removes_it() {
    let Training { _folder, out, scratch, mut child, trainer_id } = Training::start();
    send(&child, libc::SIGKILL);
    child.wait().expect("ended");
    wait_for("the trainer lives on", || (!is_running(&trainer_id)).then_some(()));
    for parent in [out.path(), scratch.path()] {
        let left = files_in(parent);
        assert_eq!(left.len(), 1, "{left:?}");
        let mode = fs::metadata(parent.join(&left[0])).expect("there").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{left:?} is for others, too: {mode:o}");
    }
    let single = ["--mode", "single", "--bound", "abs=0.01"];
    let small = out.path().join("other.root");
    let mut command = Command::new(ROOTBALER);
    command.env("TMPDIR", scratch.path()).args(["compress", text(&higgs()), text(&small)]).args(single);
    let output = command.output().expect("started");
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(files_in(out.path()), ["other.root"]);
    assert!(files_in(scratch.path()).is_empty(), "{:?}", files_in(scratch.path()));
}

#[test]
fn what_cannot_be_written_is_refused_before_work_begins() {
    let folder = tempdir().expect("a folder");
    let started = folder.path().join("started");
    let trainer = sleeping_trainer(folder.path(), &started);
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).expect("made");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).expect("closed");
    let (input, model) = (higgs(), closed.join("a.model"));
    let out = closed.join("out.root");
    let is_root = fs::write(closed.join("probe"), "").is_ok(); // nothing is closed to root
    let mut cases = vec![(vec!["compress", text(&input), "/dev/null", "--force"], "", 2, "no ordinary file")];
    cases.push((vec!["compress", text(&input), text(&started)], "/no/such/folder", 3, "TMPDIR"));
    if is_root {
        eprintln!("SKIPPED: rights, as this user may write everywhere");
    } else {
        cases.push((vec!["compress", text(&input), text(&out)], "", 3, "Permission denied"));
        cases.push((vec!["compress", text(&input), "-o", text(&closed)], "", 3, "Permission denied"));
        cases.push((vec!["train", text(&input), "-o", text(&model)], "", 3, "Permission denied"));
        cases.push((vec!["decompress", text(&input), text(&out)], "", 3, "Permission denied"));
        cases.push((vec!["evaluate", text(&input), text(&input), "-o", text(&closed)], "", 3, "Permission denied"));
    }
    for (arguments, scratch, code, words) in cases {
        let mut command = Command::new(ROOTBALER);
        command.env("ROOTBALER_TRAIN", &trainer).args(&arguments);
        if arguments[0] == "compress" || arguments[0] == "train" {
            command.args(["--bound", "rel-sigma=1e-3"]);
        }
        if !scratch.is_empty() {
            command.env("TMPDIR", scratch);
        }
        let output = command.output().expect("started");
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(words), "{arguments:?}: {}", stderr(&output));
        assert!(!started.exists(), "{arguments:?}: the trainer was started");
    }
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).expect("open");
}

#[test]
fn long_work_says_how_far_it_is() {
    let folder = tempdir().expect("a folder");
    let script = "for i in 1 2 3 4 5 6; do\n\
                  echo '{\"event\":\"progress\",\"fraction\":0.5,\"message\":\"\"}'; sleep 2; done\n\
                  echo '{\"event\":\"error\",\"message\":\"enough\"}'";
    let trainer = fake_trainer(folder.path(), script);
    for (more, is_said) in [(None, true), (Some("--quiet"), false)] {
        let mut command = compress_with(&trainer, &folder.path().join("out.root"));
        let output = command.args(more).output().expect("started");
        let lines = stderr(&output).lines().filter(|line| line.contains("training: ")).count();
        assert_eq!(lines > 0, is_said, "{}", stderr(&output));
        assert!(lines <= 2, "{}", stderr(&output));
    }
}

#[test]
fn who_has_read_enough_is_no_error() {
    let folder = tempdir().expect("a folder");
    let none = folder.path().join("none.root");
    let input = higgs();
    for (line, code) in [
        (format!("'{ROOTBALER}' inspect '{}' --baskets | true", text(&input)), 0),
        (format!("'{ROOTBALER}' inspect '{}' --baskets --json | head -n 1", text(&input)), 0),
        (format!("'{ROOTBALER}' verify '{0}' '{0}' | true", text(&input)), 0),
        // nobody reads what is wrong, either
        (format!("'{ROOTBALER}' inspect '{}' 2>&1 | true", text(&none)), 3),
    ] {
        let output = Command::new("bash").args(["-c", &format!("{line}; exit ${{PIPESTATUS[0]}}")]).output();
        let output = output.expect("started");
        assert_eq!(output.status.code(), Some(code), "{line}: {}", stderr(&output));
    }
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
    while !files_in(out.path()).iter().any(|name| name.ends_with(PART)) {
        assert!(start.elapsed() < Duration::from_secs(120), "nothing was written");
        thread::sleep(Duration::from_millis(10));
    }
    terminate(&child);
    assert_eq!(child.wait().expect("ended").code(), Some(130));
    assert!(files_in(out.path()).iter().all(|name| !name.ends_with(PART)), "{:?}", files_in(out.path()));
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
