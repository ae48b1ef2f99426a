//! How long training may take, in CPU time: other work on the machine shall not make worse models.

use std::time::Instant;

/// On the clock, training may take this many times as long.
const PATIENCE: f64 = 4.0;

/// CPU seconds for each thread, from now on.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    seconds: f64,
    threads: f64,
    cpu_start: f64,
    start: Instant,
}

impl Budget {
    /// Starts the clocks.
    pub fn start(seconds: u64, threads: i32) -> Self {
        Budget {
            seconds: seconds.max(1) as f64,
            threads: f64::from(threads.max(1)),
            cpu_start: cpu_seconds(),
            start: Instant::now(),
        }
    }

    /// The share that is used; 1 or more: time is up.
    pub fn used(&self) -> f64 {
        let cpu = (cpu_seconds() - self.cpu_start) / self.threads;
        cpu.max(self.start.elapsed().as_secs_f64() / PATIENCE) / self.seconds
    }
}

/// Of all threads of this process.
fn cpu_seconds() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a value that lives during the call
    let failed = unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    debug_assert_eq!(failed, 0, "the clock is in every Linux");
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;
    use std::time::Duration;

    #[test]
    fn waiting_costs_less_than_work() {
        // in a process of its own: the clock also counts the tests beside this one
        const ALONE: &str = "ROOTBALER_TEST_ALONE";
        if std::env::var_os(ALONE).is_none() {
            let mut own = Command::new(std::env::current_exe().unwrap());
            own.args(["--exact", "train::budget::tests::waiting_costs_less_than_work"]).env(ALONE, "1");
            assert!(own.status().unwrap().success());
            return;
        }
        let budget = Budget::start(1, 1);
        std::thread::sleep(Duration::from_millis(400));
        let waited = budget.used();
        assert!((0.1..0.3).contains(&waited), "{waited}");
        let work = Budget::start(1, 1);
        let threads = Budget { threads: 2.0, ..work };
        while work.used() < 0.2 {}
        assert!(threads.used() < 0.9 * work.used());
    }
}
