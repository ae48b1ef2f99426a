//! Ctrl-C, termination and the end of a terminal end the command cleanly: the work stops at its next progress report
//! and temporary files go.

use super::error::{Error, Result};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::{self, Command};
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

static STOP: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// Installs the handlers. Another Ctrl-C ends the process at once. The other signals do not: a terminal that ends may
/// send several, and who starts this process sends one on top of the terminal's.
pub fn install() -> Result<()> {
    let stop = STOP.get_or_init(|| Arc::new(AtomicBool::new(false)));
    let failed = |error: io::Error| Error::Internal(format!("cannot install a signal handler: {error}"));
    flag::register_conditional_shutdown(SIGINT, 130, Arc::clone(stop)).map_err(failed)?;
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        // nohup means it
        if signal != SIGHUP || !is_ignored(signal) {
            flag::register(signal, Arc::clone(stop)).map_err(failed)?;
        }
    }
    // SAFETY: ignoring a signal has no handler that could run. A full quota then is an error of write(), as a full
    // disk is, and not the end of the process with a half-written file.
    unsafe {
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
    }
    Ok(())
}

/// Whether somebody asked the command to stop.
pub fn stop_requested() -> bool {
    STOP.get().is_some_and(|stop| stop.load(Ordering::Relaxed))
}

fn is_ignored(signal: i32) -> bool {
    // SAFETY: nothing is changed, and a sigaction of zeroes is one
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        libc::sigaction(signal, ptr::null(), &mut action) == 0 && action.sa_sigaction == libc::SIG_IGN
    }
}

/// The process will be asked to end when this one does, however that ends; strictly, when the thread does that starts
/// it.
pub fn end_with_this_one(command: &mut Command) {
    let parent = process::id();
    let prepare = move || {
        // SAFETY: prctl and getppid have no memory of ours to touch.
        let (is_set, now) = unsafe { (libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGTERM) == 0, libc::getppid()) };
        match u32::try_from(now) {
            Ok(now) if is_set && now == parent => Ok(()),
            Ok(_) if is_set => Err(io::ErrorKind::Interrupted.into()), // it ended before this was asked for
            _ => Err(io::Error::last_os_error()),
        }
    };
    // SAFETY: between fork and exec only what is allowed there is done: no lock, no memory.
    unsafe {
        command.pre_exec(prepare);
    }
}

/// Asks a process to end; nothing happens if it has ended already.
pub fn terminate(process: u32) {
    if let Ok(id) = libc::pid_t::try_from(process) {
        // SAFETY: kill has no memory of ours to touch.
        unsafe {
            libc::kill(id, libc::SIGTERM);
        }
    }
}
