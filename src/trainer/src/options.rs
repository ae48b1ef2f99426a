//! What the command line asks, and what ROOT's levels mean for training.

use crate::train::{Budget, Schedule, Size};
use clap::Parser;
use std::path::PathBuf;

/// Trains RootBaler's masked autoencoder on a sample. Normally started by `rootbaler`.
#[derive(Parser)]
#[command(version)]
pub struct Options {
    /// Sample file, as written by the `rootbaler` command.
    #[arg(long)]
    pub sample: PathBuf,
    /// Sample of another group, whose elements this one points to. May be given several times.
    #[arg(long)]
    pub source: Vec<PathBuf>,
    /// Model file to write.
    #[arg(long)]
    pub out: PathBuf,
    /// Rows that will be coded with the model; a network must save more than its own bytes on them. Default: many.
    #[arg(long, default_value_t = 10_000_000)]
    pub rows_target: u64,
    /// ROOT's level: 1 trains small, fast networks, 9 large ones.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=9))]
    pub level: u8,
    /// Seed of all that is random.
    #[arg(long, default_value_t = 1)]
    pub seed: i64,
    /// Stop training after this many seconds of CPU time on each thread, so that a busy machine makes the same model;
    /// at the latest after four times as many on the clock.
    #[arg(long, default_value_t = 60)]
    pub seconds: u64,
    /// Threads of libtorch.
    #[arg(long, default_value_t = 1)]
    pub threads: i32,
    /// Units of the first hidden layer of each column, instead of the level's.
    #[arg(long)]
    pub hidden: Option<i64>,
    /// Steps, instead of the level's.
    #[arg(long)]
    pub steps: Option<usize>,
    /// Components of the mixture, instead of the level's.
    #[arg(long)]
    pub components: Option<i64>,
    /// Learning rate.
    #[arg(long, default_value_t = 7e-3)]
    pub rate: f64,
    /// Bits per row that one unit of an input's influence costs, instead of the level's.
    #[arg(long)]
    pub sparsity: Option<f64>,
    /// Weight decay.
    #[arg(long, default_value_t = 1e-3)]
    pub decay: f64,
    /// What to say on standard error: off, error, warn, info or debug.
    #[arg(long, default_value = "warn")]
    pub log: log::LevelFilter,
}

/// Rows of a training step: small batches learn more in the same time.
const BATCH: i64 = 512;
/// Levels below this one are for speed: networks see the columns of their own group alone.
const SEE_ALL: u8 = 4;
/// Up to this level networks see few columns and no rows wait for others: reading is faster by a tenth than with all
/// that pays, and files are larger by about a hundredth.
const FAST: u8 = 5;

impl Options {
    /// Sizes by level; few rows cannot pay for large networks nor for fine weights, and a minute is too short for fine
    /// ones of hidden units.
    pub fn size(&self) -> Size {
        let by_level = match self.level {
            1 => (8, 1),
            2 => (8, 2),
            3..=6 => (16, 2),
            7 => (32, 3),
            8 => (64, 4),
            _ => (128, 6),
        };
        let (by_rows, limits) = match self.rows_target {
            0..50_000 => ((8, 2), [31.0, 1023.0]),
            50_000..400_000 => ((16, 2), [31.0, 4095.0]),
            _ => ((128, 6), [127.0, 4095.0]),
        };
        let hidden = self.hidden.unwrap_or(by_level.0.min(by_rows.0));
        Size {
            hidden: [hidden, (hidden / 2).max(4)],
            components: self.components.unwrap_or(by_level.1.min(by_rows.1)),
            limits,
        }
    }

    /// How to train on a sample of so many rows, from now on.
    pub fn schedule(&self, rows: usize) -> Schedule {
        Schedule {
            steps: self.steps(),
            batch: BATCH.min(rows.max(1) as i64),
            rate: self.rate,
            decay: self.decay,
            sparsity: self.sparsity(),
            own_previous: self.own_previous(),
            halving: self.halving(),
            budget: Budget::start(self.seconds, self.threads),
            seed: self.seed,
        }
    }

    /// See [`Schedule::own_previous`].
    fn own_previous(&self) -> f64 {
        if self.level <= FAST { f64::INFINITY } else { 0.2 }
    }

    /// See [`Schedule::sparsity`].
    fn sparsity(&self) -> f64 {
        self.sparsity.unwrap_or(if self.level <= FAST { 0.03 } else { 0.005 })
    }

    /// See [`Schedule::halving`].
    fn halving(&self) -> f64 {
        if self.level <= FAST { 0.2 } else { 0.05 }
    }

    /// Bits of a value that a network must save: reading a value with a network takes ten times as long as without.
    pub fn least_saving(&self) -> f64 {
        match self.level {
            0..=FAST => 0.4,
            6 => 0.16,
            _ => 0.0,
        }
    }

    /// Steps by level; the time limit may end training before.
    fn steps(&self) -> usize {
        self.steps.unwrap_or(2000 + 1400 * usize::from(self.level - 1))
    }

    /// Whether networks see the columns of other groups.
    pub fn sees_all(&self) -> bool {
        self.level >= SEE_ALL
    }
}
