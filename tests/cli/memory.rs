//! Memory does not grow with the file.

use crate::world::{ROOTBALER, higgs, root_macro, text};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;
use tempfile::tempdir;

/// Highest memory in MB of compressing and verifying this file.
fn peak_of_compressing(input: &Path, output: &Path) -> u64 {
    let mut child = Command::new(ROOTBALER)
        .args(["compress", text(input), text(output), "--mode", "single", "--bound", "abs=0.001", "--force", "--json"])
        .stdout(Stdio::null())
        .spawn()
        .expect("started");
    let mut peak = 0;
    loop {
        let ended = child.try_wait().expect("a child");
        // it is the highest so far, so nothing is missed between two looks but the very end
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = line.and_then(|text| text.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(peak);
        if let Some(status) = ended {
            assert!(status.success());
            return peak / 1024;
        }
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn long_files_take_no_more_than_short_ones() {
    let folder = tempdir().expect("a folder");
    let (input, output) = (folder.path().join("in.root"), folder.path().join("out.root"));
    let mut peaks = [0; 2];
    for (peak, bytes) in peaks.iter_mut().zip([40e6, 160e6]) {
        let arguments = [text(&higgs()).into(), "sig_tree".into(), text(&input).into(), bytes.into()];
        root_macro("../../benches/large.C", &arguments);
        *peak = peak_of_compressing(&input, &output);
    }
    // 120 MB more of input
    assert!(peaks[0] > 50 && peaks[1] < peaks[0] + 60, "{peaks:?} MB");
}
