//! How far the work is, on stderr, unless somebody asked for quiet: a bar on a terminal, else a line now and then.

use super::signals;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::cell::{Cell, RefCell};
use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

/// Between two lines where there is no terminal.
const PAUSE: Duration = Duration::from_secs(10);

/// Receives progress from the C++ side and from the trainer, and tells them when to stop.
pub struct ProgressSink {
    way: Way,
    bar: RefCell<Option<(String, ProgressBar)>>,
    begun: Instant,
    said: Cell<Instant>,
}

/// How it is told.
enum Way {
    Nothing,
    Bars,
    Lines,
}

impl ProgressSink {
    /// Tells nothing if somebody asked for quiet.
    pub fn new(quiet: bool) -> Self {
        let way = match (quiet, stderr().is_terminal()) {
            (true, _) => Way::Nothing,
            (false, true) => Way::Bars,
            (false, false) => Way::Lines,
        };
        let begun = Instant::now();
        ProgressSink { way, bar: RefCell::new(None), begun, said: Cell::new(begun) }
    }

    /// Shows progress; `false` asks the caller to stop.
    pub fn report(&self, stage: &str, done: u64, total: u64) -> bool {
        match self.way {
            Way::Nothing => {}
            Way::Bars => self.draw(stage, done, total),
            Way::Lines => self.say(stage, done, total),
        }
        !signals::stop_requested()
    }

    fn say(&self, stage: &str, done: u64, total: u64) {
        if self.said.get().elapsed() < PAUSE {
            return;
        }
        self.said.set(Instant::now());
        let percent = 100.0 * done as f64 / total.max(1) as f64;
        log::info!("{stage}: {percent:.0} % after {} s", self.begun.elapsed().as_secs());
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
