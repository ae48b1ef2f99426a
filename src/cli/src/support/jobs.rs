//! The queue of jobs: a few at a time, in their order.

use super::error::{Error, Result};
use super::signals;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// Most jobs at a time: each has a process with memory of its own.
const WORKERS: usize = 2;
/// Between two looks at what has become of something.
pub const POLL: Duration = Duration::from_millis(50);

/// How many of so many jobs are worked on at a time.
pub fn workers(jobs: usize) -> usize {
    thread::available_parallelism().map_or(1, usize::from).min(WORKERS).min(jobs)
}

/// Does the jobs 0 to `count` - 1, and calls `watch` now and then and once at the end. After a job that breaks no other
/// is begun: None stands for those. Fails if somebody asked the command to stop.
pub fn run<T: Send>(
    count: usize,
    job: impl Fn(usize) -> ControlFlow<T, T> + Sync,
    mut watch: impl FnMut(),
) -> Result<Vec<Option<T>>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut made = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count || signals::stop_requested() {
                return made;
            }
            match job(index) {
                ControlFlow::Continue(result) => made.push((index, result)),
                ControlFlow::Break(result) => {
                    next.store(count, Ordering::Relaxed);
                    made.push((index, result));
                }
            }
        }
    };
    let mut results: Vec<Option<T>> = (0..count).map(|_| None).collect();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..workers(count)).map(|_| scope.spawn(worker)).collect();
        while threads.iter().any(|thread| !thread.is_finished()) {
            watch();
            thread::sleep(POLL);
        }
        for (index, result) in threads.into_iter().filter_map(|thread| thread.join().ok()).flatten() {
            results[index] = Some(result);
        }
    });
    watch();
    if signals::stop_requested() { Err(Error::Interrupted) } else { Ok(results) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[test]
    fn every_job_is_done_once() {
        let done = Mutex::new(Vec::new());
        let results = run(
            20,
            |index| {
                done.lock().expect("no panic").push(index);
                ControlFlow::Continue(index * 2)
            },
            || {},
        )
        .expect("not interrupted");
        let mut done = done.into_inner().expect("no panic");
        done.sort_unstable();
        assert_eq!(done, (0..20).collect::<Vec<_>>());
        assert_eq!(results, (0..20).map(|index| Some(index * 2)).collect::<Vec<_>>());
        assert!(run(0, ControlFlow::Continue, || {}).expect("nothing to do").is_empty());
    }

    #[test]
    fn nothing_is_begun_after_a_break() {
        let results = run(100, ControlFlow::<usize, usize>::Break, || {}).expect("not interrupted");
        let begun = results.iter().flatten().count();
        assert!((1..=WORKERS).contains(&begun), "{begun}");
    }
}
