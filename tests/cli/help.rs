//! The help teaches.

use crate::world::{run, run_failing};

#[test]
fn every_command_explains_itself_with_an_example() {
    for command in ["compress", "decompress", "train", "inspect", "verify", "evaluate"] {
        let output = run(&[command, "--help"]);
        assert_eq!(output.status.code(), Some(0));
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.contains("Example") && text.contains(&format!("rootbaler {command}")), "{text}");
        assert!(!text.lines().any(|line| line.contains("XX")), "{text}");
    }
    let output = run(&["--help"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("Exit codes") && text.contains("rel-sigma="), "{text}");
    assert!(!text.contains("assigned"), "what a batch starts is nobody's command: {text}");
}

#[test]
fn unknown_words_are_usage_errors() {
    run_failing(&["comprss"], 2, &["compress"]);
    run_failing(&[], 2, &["Usage"]);
    run_failing(&["compress", "only_one"], 2, &["name one file to compress and one to write", "-o"]);
    run_failing(&["train", "-o", "model"], 2, &["Usage"]);
}
