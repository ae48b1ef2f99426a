//! Ctrl-C and termination end the command cleanly: the work stops at its next progress report and temporary files go.

use super::error::{Error, Result};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

static STOP: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// Installs the handlers. A second signal ends the process at once.
pub fn install() -> Result<()> {
    let stop = STOP.get_or_init(|| Arc::new(AtomicBool::new(false)));
    for signal in [SIGINT, SIGTERM] {
        flag::register_conditional_shutdown(signal, 130, Arc::clone(stop))
            .and_then(|_| flag::register(signal, Arc::clone(stop)))
            .map_err(|error| Error::Internal(format!("cannot install a signal handler: {error}")))?;
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

/// Asks a process to end; nothing happens if it has ended already.
pub fn terminate(process: u32) {
    if let Ok(id) = libc::pid_t::try_from(process) {
        // SAFETY: kill has no memory of ours to touch.
        unsafe {
            libc::kill(id, libc::SIGTERM);
        }
    }
}
