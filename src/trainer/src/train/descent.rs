//! The training loop: Adam on random batches, early stopping on held-out rows, integer rounding towards the end.

use super::best::Best;
use super::budget::Budget;
use super::network::{Network, Size};
use crate::data::Tensors;
use rootbaler::model::Input;
use tch::nn::{self, OptimizerConfig};
use tch::{Device, Kind, Tensor};

/// How to train.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    pub steps: usize,
    pub batch: i64,
    pub rate: f64,
    pub decay: f64,
    /// Bits per row that one unit of an input's influence costs: drives useless inputs to zero.
    pub sparsity: f64,
    /// The element before in the column itself is dropped if it is weaker than this share of the column's strongest
    /// input: rows are then decoded in waves, more slowly.
    pub own_previous: f64,
    /// A column does with half of its hidden units if it loses no more bits of a value by that, before they are trained
    /// on.
    pub halving: f64,
    /// The schedule is that of the steps or of this, whichever is further.
    pub budget: Budget,
    pub seed: i64,
}

/// The last part of the training has rounded weights.
const ROUNDED_FROM: f64 = 0.7;
/// When networks may become narrower: after they learned what matters, and with time to make up for it.
const HALVED: std::ops::Range<f64> = 0.2..0.6;
/// At least as many steps have, even if the time is up.
const ROUNDED_AT_LEAST: usize = 20;
/// Inputs weaker than this share of a column's strongest are dropped before that.
const USELESS: f64 = 0.02;
const HELD_OUT: f64 = 0.1;
const CHECKS: f64 = 20.0;
/// Checks are no more frequent than this many steps, as each costs more than ten.
const STEPS_BETWEEN_CHECKS: usize = 30;

/// Trains and returns the parameters that were best on held-out rows, column by column.
pub fn train(
    data: &Tensors,
    size: Size,
    schedule: Schedule,
    mut progress: impl FnMut(f64, f64),
) -> (nn::VarStore, Network) {
    tch::manual_seed(schedule.seed);
    let rows = data.inputs.size()[0];
    let columns = data.mask.size()[0];
    let mut store = nn::VarStore::new(Device::Cpu);
    let mut network = Network::new(&store.root(), &data.mask, &data.predicted, size);
    let shuffled = Tensor::randperm(rows, (Kind::Int64, Device::Cpu));
    let held = ((rows as f64 * HELD_OUT) as i64).clamp(1, 20_000);
    let pick = |from: &Tensor, index: &Tensor| from.index_select(0, index);
    let batch_of = |index: &Tensor| [pick(&data.inputs, index), pick(&data.low, index), pick(&data.high, index)];
    let held_out = batch_of(&shuffled.narrow(0, 0, held));
    let training = shuffled.narrow(0, held.min(rows - 1), (rows - held).max(1));
    let mut adam = match (nn::AdamW { wd: schedule.decay, ..nn::AdamW::default() }).build(&store, schedule.rate) {
        Ok(adam) => adam,
        // building an optimiser cannot fail for parameters of one store
        Err(error) => unreachable!("{error}"),
    };
    let evaluate = |network: &Network, rounded: bool| {
        let _frozen = tch::no_grad_guard();
        let [x, low, high] = &held_out;
        let bits = network.bits(x, low, high, &data.bins, rounded).mean_dim(1, false, Kind::Double);
        Vec::<f64>::try_from(bits).unwrap_or_default()
    };
    let mut best = Best::new(&store, columns as usize);
    let mut rounded_steps = 0;
    let (mut checked_at, mut checked_step) = (0.0, 0);
    for step in 1.. {
        let done = schedule.budget.used().max(step as f64 / schedule.steps as f64).min(1.0);
        let rounded = done >= ROUNDED_FROM;
        if rounded && rounded_steps == 0 {
            network.prune(USELESS, &own_previous(data, schedule.own_previous));
        }
        rounded_steps += usize::from(rounded);
        let warm = (step as f64 / 100.0).min(1.0);
        adam.set_lr(schedule.rate * warm * (0.02 + 0.98 * 0.5 * (1.0 + (std::f64::consts::PI * done).cos())));
        let index = Tensor::randint(training.size()[0], [schedule.batch], (Kind::Int64, Device::Cpu));
        let [x, low, high] = batch_of(&training.index_select(0, &index));
        let bits = network.bits(&x, &low, &high, &data.bins, rounded);
        let loss = bits.mean_dim(1, false, Kind::Float).sum(Kind::Float);
        let loss = if rounded { loss } else { loss + network.influence().sum(Kind::Float) * schedule.sparsity };
        adam.backward_step_clip_norm(&loss, 5.0 * (columns as f64).sqrt());
        let last = done >= 1.0 && rounded_steps >= ROUNDED_AT_LEAST;
        if last || (done >= checked_at + 1.0 / CHECKS && step >= checked_step + STEPS_BETWEEN_CHECKS) {
            (checked_at, checked_step) = (done, step);
            let held_bits = evaluate(&network, rounded);
            progress(done, held_bits.iter().sum());
            if HALVED.contains(&done) {
                let units = network.halve();
                let lost = evaluate(&network, false).into_iter().zip(&held_bits).map(|(bits, before)| bits - before);
                for (column, _) in lost.enumerate().filter(|(_, lost)| *lost > schedule.halving) {
                    network.widen(column as i64, &units);
                }
            }
            // only what the integer network can express counts
            if rounded {
                best.update(&store, &held_bits);
            }
        }
        if last {
            break;
        }
    }
    best.restore(&store);
    store.freeze();
    (store, network)
}

/// [columns, inputs]: the least influence of inputs that make decoding slow, else 0.
fn own_previous(data: &Tensors, share: f64) -> Tensor {
    let least = |own: usize, input: Input| match input {
        Input::Previous(p) if p as usize == own => share as f32,
        _ => 0.0,
    };
    let columns = data.mask.size()[0];
    let shares: Vec<f32> =
        (0..columns as usize).flat_map(|own| data.possible.iter().map(move |p| least(own, p.input))).collect();
    Tensor::from_slice(&shares).view([columns, data.possible.len() as i64])
}
