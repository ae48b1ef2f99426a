//! `rootbaler-train`: trains a model on a sample, in a process of its own.
//!
//! Started by the CLI and by the C++ API. Reports on standard output as JSON, one object a line: `progress`, and at the
//! end `done` or `error`.

mod best;
mod budget;
mod cases;
mod choose;
mod data;
mod determined;
mod export;
mod features;
mod fit;
mod network;
#[cfg(test)]
mod noise;
mod order;
mod predict;
mod train;
mod units;

use budget::Budget;
use clap::Parser;
use network::Size;
use rootbaler::builder;
use rootbaler::model::{Foreign, Input, Model, ModelSpec};
use rootbaler::sample::Sample;
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;
use train::Schedule;

/// Trains RootBaler's masked autoencoder on a sample. Normally started by `rootbaler`.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Sample file, as written by the `rootbaler` command.
    #[arg(long)]
    sample: PathBuf,
    /// Sample of another group, whose elements this one points to. May be given several times.
    #[arg(long)]
    source: Vec<PathBuf>,
    /// Model file to write.
    #[arg(long)]
    out: PathBuf,
    /// Rows that will be coded with the model; a network must save more than its own bytes on them. Default: many.
    #[arg(long, default_value_t = 10_000_000)]
    rows_target: u64,
    /// ROOT's level: 1 trains small, fast networks, 9 large ones.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=9))]
    level: u8,
    /// Seed of all that is random.
    #[arg(long, default_value_t = 1)]
    seed: i64,
    /// Stop training after this many seconds of CPU time on each thread, so that a busy machine makes the same model; at
    /// the latest after four times as many on the clock.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Threads of libtorch.
    #[arg(long, default_value_t = 1)]
    threads: i32,
    /// Units of the first hidden layer of each column, instead of the level's.
    #[arg(long)]
    hidden: Option<i64>,
    /// Steps, instead of the level's.
    #[arg(long)]
    steps: Option<usize>,
    /// Components of the mixture, instead of the level's.
    #[arg(long)]
    components: Option<i64>,
    /// Learning rate.
    #[arg(long, default_value_t = 7e-3)]
    rate: f64,
    /// Bits per row that one unit of an input's influence costs, instead of the level's.
    #[arg(long)]
    sparsity: Option<f64>,
    /// Weight decay.
    #[arg(long, default_value_t = 1e-3)]
    decay: f64,
}

fn main() -> ExitCode {
    let options = Options::parse();
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(json!({"event": "error", "message": error.to_string()}));
            ExitCode::FAILURE
        }
    }
}

fn report(event: serde_json::Value) {
    println!("{event}");
}

/// Rows of a training step: small batches learn more in the same time.
const BATCH: i64 = 512;

/// Sizes by level; few rows cannot pay for large networks nor for fine weights, and a minute is too short for fine ones of
/// hidden units.
fn size(options: &Options) -> Size {
    let by_level = match options.level {
        1 => (8, 1),
        2 => (8, 2),
        3..=6 => (16, 2),
        7 => (32, 3),
        8 => (64, 4),
        _ => (128, 6),
    };
    let (by_rows, limits) = match options.rows_target {
        0..50_000 => ((8, 2), [31.0, 1023.0]),
        50_000..400_000 => ((16, 2), [31.0, 4095.0]),
        _ => ((128, 6), [127.0, 4095.0]),
    };
    let hidden = options.hidden.unwrap_or(by_level.0.min(by_rows.0));
    Size {
        hidden: [hidden, (hidden / 2).max(4)],
        components: options.components.unwrap_or(by_level.1.min(by_rows.1)),
        limits,
    }
}

/// Levels below are for speed: networks see the columns of their own group alone.
const SEE_ALL: u8 = 4;
/// Up to this level networks see few columns and no rows wait for others: reading is faster by a tenth than with all that
/// pays, and files are larger by about a hundredth.
const FAST: u8 = 5;

/// See [`Schedule::own_previous`].
fn own_previous(options: &Options) -> f64 {
    if options.level <= FAST { f64::INFINITY } else { 0.2 }
}

/// See [`Schedule::sparsity`].
fn sparsity(options: &Options) -> f64 {
    options.sparsity.unwrap_or(if options.level <= FAST { 0.03 } else { 0.005 })
}

/// See [`Schedule::halving`].
fn halving(options: &Options) -> f64 {
    if options.level <= FAST { 0.2 } else { 0.05 }
}

/// Bits of a value that a network must save: reading a value with a network takes ten times as long as without.
fn least_saving(options: &Options) -> f64 {
    match options.level {
        0..=FAST => 0.4,
        6 => 0.16,
        _ => 0.0,
    }
}

/// Steps by level; the time limit may end training before.
fn steps(options: &Options) -> usize {
    options.steps.unwrap_or(2000 + 1400 * usize::from(options.level - 1))
}

fn run(options: &Options) -> rootbaler::Result<()> {
    tch::set_num_threads(options.threads);
    let sample = Sample::read(&options.sample)?;
    let start = std::time::Instant::now();
    let provenance = format!(
        "{} rows, level {}, seed {}, rootbaler-train {}",
        sample.rows,
        options.level,
        options.seed,
        env!("CARGO_PKG_VERSION")
    );
    let sources: Vec<Sample> = options.source.iter().map(|path| Sample::read(path)).collect::<Result<_, _>>()?;
    let built = builder::build(&sample, &sources, &provenance);
    let order = order::coding_order(&built.columns);
    // columns without an axis (nothing to learn from, or not on a usable lattice) stand alone, after the others
    let has_axis = |i: usize| built.columns[i].axis.is_some();
    let is_usable = |i: &usize| {
        let may_see = |f: &Foreign| options.level >= SEE_ALL && has_axis(*i) && has_axis(f.index as usize);
        built.columns[*i].foreign.as_ref().is_none_or(may_see)
    };
    let (learned, alone): (Vec<usize>, Vec<usize>) = order.into_iter().filter(is_usable).partition(|&i| has_axis(i));
    let base = data::reorder(&built, &learned);
    let base = data::reorder(&base, &determined::last(&base, &sample)?);
    let (mut spec, measured) = if learned.is_empty() { (base, Vec::new()) } else { learn(options, &sample, base)? };
    spec.columns.extend(alone.iter().map(|&i| built.columns[i].clone()));
    let model = Model::new(&spec)?;
    std::fs::write(&options.out, model.bytes())
        .map_err(|source| rootbaler::Error::Io { path: options.out.display().to_string(), source })?;
    let total = |f: fn(&choose::Measured) -> f64| measured.iter().map(f).sum::<f64>();
    report(json!({
        "event": "done",
        "columns": measured,
        "bits_alone": total(|m| m.bits_alone),
        "bits_given": total(|m| if m.conditioned { m.bits_given } else { m.bits_alone }),
        "model_bytes": model.bytes().len(),
        "seconds": start.elapsed().as_secs_f64(),
    }));
    Ok(())
}

fn learn(
    options: &Options,
    sample: &Sample,
    mut base: ModelSpec,
) -> rootbaler::Result<(ModelSpec, Vec<choose::Measured>)> {
    predict::find(&mut base, sample)?;
    let tensors = data::tensors(sample, &Model::new(&base)?)?;
    let size = size(options);
    let schedule = Schedule {
        steps: steps(options),
        batch: BATCH.min(sample.rows.max(1) as i64),
        rate: options.rate,
        decay: options.decay,
        sparsity: sparsity(options),
        own_previous: own_previous(options),
        halving: halving(options),
        budget: Budget::start(options.seconds, options.threads),
        seed: options.seed,
    };
    let (_store, network) = train::train(&tensors, size, schedule, |fraction, bits| {
        let message = format!("{bits:.1} bits per row on held-out rows");
        report(json!({"event": "progress", "fraction": fraction, "message": message}));
    });
    let seen = network.seen();
    let mut trained = base;
    for ((&c, net), seen) in tensors.coded.iter().zip(export::nets(&network, &seen)).zip(&seen) {
        let column = &mut trained.columns[c];
        column.inputs = seen.iter().map(|&i| tensors.possible[i as usize].input).collect();
        if !column.inputs.contains(&Input::Predicted) {
            column.predictor = None;
        }
        column.net = Some(net);
    }
    report(json!({"event": "progress", "fraction": 0.95, "message": "measuring what each column gains"}));
    choose::keep_what_pays(sample, &trained, options.rows_target, least_saving(options))
}
