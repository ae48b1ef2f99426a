//! From a sample to a model: an order of the columns, formulas, training, and of the networks those that pay.

use crate::data;
use crate::events::Event;
use crate::options::Options;
use crate::search::{self, Measured};
use crate::train;
use rootbaler::model::builder;
use rootbaler::model::sample::Sample;
use rootbaler::model::{Foreign, Input, Model, ModelSpec};
use std::path::PathBuf;

/// Makes the model that the options ask for, writes it and reports what it gains.
pub fn learn(options: &Options) -> rootbaler::Result<()> {
    let start = std::time::Instant::now();
    let sample = Sample::read(&options.sample)?;
    let read = |path: &PathBuf| Sample::read(path);
    let sources: Vec<Sample> = options.source.iter().map(read).collect::<Result<_, _>>()?;
    let built = builder::build(&sample, &sources, &provenance(options, &sample));
    let (learned, alone) = coding_order(&built, options.sees_all());
    let base = data::reorder(&built, &learned);
    let base = data::reorder(&base, &search::determined_last(&base, &sample)?);
    let (mut spec, measured) =
        if learned.is_empty() { (base, Vec::new()) } else { with_networks(options, &sample, base)? };
    spec.columns.extend(alone.iter().map(|&i| built.columns[i].clone()));
    let model = Model::new(&spec)?;
    std::fs::write(&options.out, model.bytes())
        .map_err(|source| rootbaler::Error::Io { path: options.out.display().to_string(), source })?;
    let total = |bits: fn(&Measured) -> f64| measured.iter().map(bits).sum::<f64>();
    Event::Done {
        bits_alone: total(|m| m.bits_alone),
        bits_given: total(|m| if m.conditioned { m.bits_given } else { m.bits_alone }),
        columns: &measured,
        model_bytes: model.bytes().len(),
        seconds: start.elapsed().as_secs_f64(),
    }
    .report();
    Ok(())
}

/// What the model says about its making.
fn provenance(options: &Options, sample: &Sample) -> String {
    let Options { level, seed, .. } = options;
    format!("{} rows, level {level}, seed {seed}, rootbaler-train {}", sample.rows, env!("CARGO_PKG_VERSION"))
}

/// The columns that are learned, in their order, and those that stand alone after them: without an axis there is
/// nothing to learn from, or no usable lattice. Columns of other groups are left out if networks do not see these.
fn coding_order(built: &ModelSpec, sees_all: bool) -> (Vec<usize>, Vec<usize>) {
    let has_axis = |i: usize| built.columns[i].axis.is_some();
    let is_usable = |i: &usize| {
        let may_see = |f: &Foreign| sees_all && has_axis(*i) && has_axis(f.index as usize);
        built.columns[*i].foreign.as_ref().is_none_or(may_see)
    };
    search::coding_order(&built.columns).into_iter().filter(is_usable).partition(|&i| has_axis(i))
}

/// The model with a network for each column where one pays, and what was measured to tell.
fn with_networks(
    options: &Options,
    sample: &Sample,
    mut spec: ModelSpec,
) -> rootbaler::Result<(ModelSpec, Vec<Measured>)> {
    search::find_formulas(&mut spec, sample)?;
    warn(search::let_refused_stand_alone(&mut spec));
    for column in spec.columns.iter().filter(|c| c.predictor.is_some()) {
        log::info!("{}: earlier columns nearly determine it", column.name);
    }
    let tensors = data::tensors(sample, &Model::new(&spec)?)?;
    let schedule = options.schedule(sample.rows);
    let (_store, network) = train::train(&tensors, options.size(), schedule, |fraction, bits| {
        Event::Progress { fraction, message: format!("{bits:.1} bits per row on held-out rows") }.report();
    });
    let seen = network.seen();
    for ((&c, net), seen) in tensors.coded.iter().zip(train::nets(&network, &seen)).zip(&seen) {
        let column = &mut spec.columns[c];
        column.inputs = seen.iter().map(|&i| tensors.possible[i as usize].input).collect();
        if !column.inputs.contains(&Input::Predicted) {
            column.predictor = None;
        }
        column.net = Some(net);
    }
    warn(search::let_refused_stand_alone(&mut spec));
    Event::Progress { fraction: 0.95, message: "measuring what each column gains".to_owned() }.report();
    search::keep_what_pays(sample, &spec, options.rows_target, options.least_saving())
}

fn warn(messages: Vec<String>) {
    messages.into_iter().for_each(|message| Event::Warning { message }.report());
}
