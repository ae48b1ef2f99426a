//! Models for groups: trained where that pays, else made of a sample alone.

use super::group::{ForeignColumn, Group};
use super::trainer::{self, Order, Trained};
use crate::bridge::{self, ModelInfo, SampleInfo, SampleOrder, path_text};
use crate::choice::Choice;
use crate::support::error::{Error, Result};
use crate::support::jobs;
use crate::support::progress::ProgressSink;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

const STAGE: &str = "training";
const STEPS: u64 = 1000;

/// Seconds of training where nobody says how many: low levels are for speed, and high ones for bytes.
fn default_seconds(level: u8) -> u64 {
    match level {
        1..=3 => 30,
        4..=6 => 60,
        _ => 240,
    }
}

/// A group with its model.
#[derive(Debug)]
pub struct Learned {
    /// The branches that it is for.
    pub group: Group,
    /// The model's file.
    pub path: PathBuf,
    /// What the model says about itself.
    pub model: ModelInfo,
    /// What training found; None if it was made of a sample alone.
    pub trained: Option<Trained>,
    /// Rows in the sample.
    pub rows: u64,
}

/// A group whose sample is written.
struct Sampled {
    group: Group,
    sample: PathBuf,
    /// Samples of the groups that this one points to.
    sources: Vec<PathBuf>,
    model: PathBuf,
    rows: u64,
    rows_target: Option<u64>,
    seconds: u64,
}

impl Sampled {
    /// What training costs time for.
    fn weight(&self) -> f64 {
        self.rows as f64 * self.group.columns.len() as f64
    }
}

/// Makes models of the groups, in files in `scratch`. The models will code the rows of the files learned from `reuse`
/// times; None: nobody knows, many.
pub fn learn(
    files: &[String],
    groups: Vec<Group>,
    choice: &Choice,
    reuse: Option<f64>,
    scratch: &Path,
    progress: &ProgressSink,
) -> Result<Vec<Learned>> {
    let mut learned = Vec::new();
    let mut sampled = Vec::new();
    for (group, order, info) in take_samples(files, groups, choice, scratch, progress)? {
        let path = PathBuf::from(order.path);
        if order.is_model {
            learned.push(finish(group, path, None, info.rows)?);
            continue;
        }
        sampled.push(Sampled {
            group,
            model: path.with_extension("rbm"),
            sample: path,
            sources: Vec::new(),
            rows: info.rows,
            rows_target: reuse.map(|times| (info.total_rows as f64 * times) as u64),
            seconds: 0,
        });
    }
    for own in 0..sampled.len() {
        let is_source = |other: &&Sampled| {
            let points_to = |column: &ForeignColumn| column.counter == other.group.counter;
            other.group.serves(&sampled[own].group) && sampled[own].group.foreign.iter().any(points_to)
        };
        sampled[own].sources = sampled.iter().filter(is_source).map(|other| other.sample.clone()).collect();
    }
    learned.extend(train_all(sampled, choice, progress)?);
    Ok(learned)
}

/// Samples of all groups. What turns out to have other numbers of elements than the rest of its group becomes another.
fn take_samples(
    files: &[String],
    mut groups: Vec<Group>,
    choice: &Choice,
    scratch: &Path,
    progress: &ProgressSink,
) -> Result<Vec<(Group, SampleOrder, SampleInfo)>> {
    let (mut taken, mut ordered) = (Vec::new(), 0);
    while !groups.is_empty() {
        let order = |(index, group): (usize, &Group)| -> Result<SampleOrder> {
            let (number, kind) = (ordered + index, if group.is_trained { "sample" } else { "rbm" });
            Ok(SampleOrder {
                request: group.sample(files, choice.training.sample_rows, choice.training.seed),
                path: path_text(&scratch.join(format!("{number}.{kind}")))?.to_owned(),
                is_model: !group.is_trained,
            })
        };
        let orders = groups.iter().enumerate().map(order).collect::<Result<Vec<_>>>()?;
        let infos = bridge::take_samples(&orders, progress)?;
        ordered += orders.len();
        let mut again = Vec::new();
        for ((group, order), info) in groups.into_iter().zip(orders).zip(infos) {
            let (group, others) = group.without(&info.left_out);
            again.extend(others);
            match group.is_trained && group.columns.len() < 2 {
                true => again.push(Group { is_trained: false, ..group }), // nobody is left to learn from
                false => taken.push((group, order, info)),
            }
        }
        groups = again;
    }
    Ok(taken)
}

fn finish(group: Group, path: PathBuf, trained: Option<Trained>, rows: u64) -> Result<Learned> {
    let models = bridge::describe_models(path_text(&path)?)?;
    let Some(model) = models.into_iter().next() else {
        return Err(Error::Internal(format!("'{}' holds no model", path.display())));
    };
    group.require_kept(&model)?;
    Ok(Learned { group, path, model, trained, rows })
}

/// Shares the time out by the size of the samples.
fn share_time(groups: &mut [Sampled], total: u64, workers: usize) {
    let weight: f64 = groups.iter().map(Sampled::weight).sum();
    for group in groups {
        let share = group.weight() / weight.max(1.0) * total as f64 * workers as f64;
        group.seconds = (share.ceil() as u64).clamp(1, total);
    }
}

fn train_all(mut groups: Vec<Sampled>, choice: &Choice, progress: &ProgressSink) -> Result<Vec<Learned>> {
    let seconds = choice.training.seconds.unwrap_or(default_seconds(choice.level));
    let workers = jobs::workers(groups.len());
    share_time(&mut groups, seconds, workers);
    // the longest first, so that no worker is left alone with it at the end
    groups.sort_by(|a, b| b.weight().total_cmp(&a.weight()));
    let done: Vec<AtomicU64> = groups.iter().map(|_| AtomicU64::new(0)).collect();
    let train = |index: usize| {
        let watch = |fraction: f64| done[index].store((fraction * STEPS as f64) as u64, Ordering::Relaxed);
        let result = trainer::train(&order(&groups[index], choice), watch);
        watch(1.0);
        // after a failure the others would be for nothing
        if result.is_err() { ControlFlow::Break(result) } else { ControlFlow::Continue(result) }
    };
    let watch = || {
        let sum = done.iter().map(|one| one.load(Ordering::Relaxed)).sum();
        // the answer, whether to go on, is known to the queue itself
        progress.report(STAGE, sum, STEPS * groups.len() as u64);
    };
    let mut results = jobs::run(groups.len(), train, watch)?;
    // before those that were not started because of it
    let failed = results.iter().position(|result| matches!(result, Some(Err(_))));
    if let Some(Some(Err(error))) = failed.map(|position| results.swap_remove(position)) {
        return Err(error);
    }
    let finished = groups.into_iter().zip(results).map(|(sampled, result)| match result {
        Some(trained) => finish(sampled.group, sampled.model, Some(trained?), sampled.rows),
        None => Err(Error::Internal("a group was not trained".to_owned())),
    });
    finished.collect()
}

fn order<'a>(sampled: &'a Sampled, choice: &Choice) -> Order<'a> {
    Order {
        sample: &sampled.sample,
        sources: &sampled.sources,
        model: &sampled.model,
        rows_target: sampled.rows_target,
        level: choice.level,
        seed: choice.training.seed,
        seconds: sampled.seconds,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bridge::SampleColumn;

    fn sampled(rows: u64, columns: usize) -> Sampled {
        let column = SampleColumn { name: String::new(), bound: String::new(), index: String::new(), sigma: 0.0 };
        let (trees, columns) = (Vec::new(), vec![column; columns]);
        let (counter, foreign) = (String::new(), Vec::new());
        let group = Group { trees, counter, columns, foreign, is_trained: true, rows };
        let (sample, sources, model) = (PathBuf::new(), Vec::new(), PathBuf::new());
        Sampled { group, sample, sources, model, rows, rows_target: None, seconds: 0 }
    }

    #[test]
    fn time_is_shared_out_by_size() {
        let mut groups = [sampled(1000, 3), sampled(1000, 1), sampled(0, 1)];
        share_time(&mut groups, 40, 2);
        let seconds: Vec<u64> = groups.iter().map(|group| group.seconds).collect();
        assert_eq!(seconds, [40, 20, 1]);
    }
}
