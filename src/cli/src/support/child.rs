//! Processes that this one starts: none outlives this one, or this one's interest in it.

use super::error::{Error, Result};
use super::jobs::POLL;
use super::signals;
use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Lines of stderr that are kept: the last ones say why a process ended.
const KEPT_LINES: usize = 20;
/// How long a process may take to remove its unfinished files.
const GRACE: Duration = Duration::from_secs(10);

/// How a process ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code or signal.
    pub status: ExitStatus,
    /// The end of what it wrote to stderr.
    pub words: String,
}

/// Ends the process when dropped: asks it to first, so that it can remove its unfinished files.
struct Guard(Child);

impl Drop for Guard {
    fn drop(&mut self) {
        if matches!(self.0.try_wait(), Ok(Some(_))) {
            return;
        }
        signals::terminate(self.0.id());
        let start = Instant::now();
        while start.elapsed() < GRACE {
            if matches!(self.0.try_wait(), Ok(Some(_))) {
                return;
            }
            thread::sleep(POLL);
        }
        // both fail only for a process that has ended already
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A process at work.
pub struct Running {
    guard: Guard,
    lines: Receiver<String>,
    words: JoinHandle<String>,
}

impl Running {
    /// Starts a process that reads `input` and nothing else.
    pub fn start(command: &mut Command, input: Vec<u8>) -> io::Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        signals::end_with_this_one(command);
        let mut guard = Guard(command.spawn()?);
        let (Some(mut stdin), Some(stdout), Some(stderr)) =
            (guard.0.stdin.take(), guard.0.stdout.take(), guard.0.stderr.take())
        else {
            return Err(io::Error::other("it has no pipes"));
        };
        // a process that does not read all of it says itself what is wrong
        thread::spawn(move || stdin.write_all(&input));
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || read_lines(stdout, |line| sender.send(line).is_ok()));
        let words = thread::spawn(move || last_lines(stderr));
        Ok(Running { guard, lines, words })
    }

    /// Hands on what it writes to stdout until it ends. It is ended if `line` fails or somebody asks to stop.
    pub fn follow(mut self, mut line: impl FnMut(&str) -> Result<()>) -> Result<Ended> {
        let mut is_open = true;
        loop {
            if signals::stop_requested() {
                return Err(Error::Interrupted);
            }
            if is_open {
                match self.lines.recv_timeout(POLL) {
                    Ok(text) => line(&text)?,
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => is_open = false,
                }
                continue;
            }
            let status = self.guard.0.try_wait();
            match status.map_err(|error| Error::Internal(format!("cannot wait for a process: {error}")))? {
                Some(status) => return Ok(Ended { status, words: self.words.join().unwrap_or_default() }),
                None => thread::sleep(POLL),
            }
        }
    }
}

/// Hands on lines, whatever bytes they are of, until the end or until nobody wants more.
fn read_lines(pipe: impl Read, mut hand_on: impl FnMut(String) -> bool) {
    let mut pipe = BufReader::new(pipe);
    let mut line = Vec::new();
    while pipe.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
        if !hand_on(String::from_utf8_lossy(&line).trim_end().to_owned()) {
            return;
        }
        line.clear();
    }
}

/// The end of what a process writes to stderr; reads all of it, so that the process is not held up.
fn last_lines(pipe: impl Read) -> String {
    let mut kept = VecDeque::new();
    read_lines(pipe, |line| {
        kept.push_back(line);
        if kept.len() > KEPT_LINES {
            kept.pop_front();
        }
        true
    });
    Vec::from(kept).join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Running {
        let mut command = Command::new("sh");
        Running::start(command.args(["-c", script]), b"hello\n".to_vec()).expect("started")
    }

    #[test]
    fn a_process_reads_and_writes() {
        let mut said = Vec::new();
        let ended = shell("cat; echo why >&2; exit 3").follow(|line| {
            said.push(line.to_owned());
            Ok(())
        });
        let ended = ended.expect("not interrupted");
        assert_eq!((ended.status.code(), ended.words.as_str()), (Some(3), "why"));
        assert_eq!(said, ["hello"]);
    }

    #[test]
    fn a_process_that_says_nonsense_is_ended() {
        let start = Instant::now();
        let result = shell("echo $$; exec sleep 60").follow(|line| Err(Error::BadArgument(line.to_owned())));
        let id = result.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(!id.is_empty() && !std::path::Path::new("/proc").join(id).exists());
        assert!(start.elapsed() < GRACE);
    }

    #[test]
    fn the_end_of_stderr_is_kept() {
        let text: String = (0..100).map(|i| format!("{i}\n")).collect();
        let kept = last_lines([b"\xff\n", text.as_bytes()].concat().as_slice());
        assert_eq!(kept.lines().count(), KEPT_LINES);
        assert!(kept.ends_with("99"));
    }
}
