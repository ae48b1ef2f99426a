//! Progress bars on stderr, if that is a terminal and nobody asked for quiet.

use super::signals;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::cell::RefCell;
use std::io::{IsTerminal, stderr};

/// Receives progress from the C++ side and from the trainer, and tells them when to stop.
pub struct ProgressSink {
    enabled: bool,
    bar: RefCell<Option<(String, ProgressBar)>>,
}

impl ProgressSink {
    /// Draws nothing if somebody asked for quiet.
    pub fn new(quiet: bool) -> Self {
        ProgressSink { enabled: !quiet && stderr().is_terminal(), bar: RefCell::new(None) }
    }

    /// Shows progress; `false` asks the caller to stop.
    pub fn report(&self, stage: &str, done: u64, total: u64) -> bool {
        if self.enabled {
            self.draw(stage, done, total);
        }
        !signals::stop_requested()
    }

    fn draw(&self, stage: &str, done: u64, total: u64) {
        let mut slot = self.bar.borrow_mut();
        if slot.as_ref().is_none_or(|(current, _)| current != stage) {
            let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{prefix:>14} {bar:30} {percent:>3}% {elapsed_precise}")
                .unwrap_or_else(|_| ProgressStyle::default_bar());
            bar.set_style(style);
            bar.set_prefix(stage.to_owned());
            *slot = Some((stage.to_owned(), bar));
        }
        if let Some((_, bar)) = slot.as_ref() {
            bar.set_length(total);
            bar.set_position(done);
            if done >= total {
                bar.finish();
            }
        }
    }
}
