//! Models for groups: trained where that pays, else made of a sample alone.

use crate::Session;
use crate::args::Training;
use crate::error::{Error, Result, path_text};
use crate::ffi::bridge::{self, ModelInfo};
use crate::plan::{ForeignColumn, Group};
use crate::trainer::{self, Order, Outcome};
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

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
/// Trainers at a time.
const WORKERS: usize = 2;

/// How much is put into learning.
#[derive(Debug)]
pub struct Effort<'a> {
    pub training: &'a Training,
    pub level: u8,
    /// How many times the rows of the files learned from the models will code; None: nobody knows, many.
    pub reuse: Option<f64>,
}

/// A group with its model.
#[derive(Debug)]
pub struct Learned {
    pub group: Group,
    pub path: PathBuf,
    pub model: ModelInfo,
    pub outcome: Option<Outcome>,
    /// Rows in the sample.
    pub rows: u64,
}

/// A group whose sample is written.
struct Task {
    group: Group,
    sample: PathBuf,
    /// Samples of the groups that this one points to.
    sources: Vec<PathBuf>,
    model: PathBuf,
    rows: u64,
    rows_target: Option<u64>,
    seconds: u64,
}

impl Task {
    /// What training costs time for.
    fn weight(&self) -> f64 {
        self.rows as f64 * self.group.columns.len() as f64
    }
}

/// Makes a model of each group, in files in `scratch`.
pub fn learn(
    files: &[String],
    groups: Vec<Group>,
    effort: &Effort,
    scratch: &Path,
    session: &Session,
) -> Result<Vec<Learned>> {
    let mut learned = Vec::new();
    let mut tasks = Vec::new();
    for (index, group) in groups.into_iter().enumerate() {
        let model = scratch.join(format!("{index}.rbm"));
        let request = group.sample(files, effort.training.sample_rows, effort.training.seed);
        if group.is_trained {
            let sample = scratch.join(format!("{index}.sample"));
            let info = bridge::write_sample(&request, path_text(&sample)?, &session.progress)?;
            let rows_target = effort.reuse.map(|times| (info.total_rows as f64 * times) as u64);
            let (rows, sources) = (info.rows, Vec::new());
            tasks.push(Task { group, sample, sources, model, rows, rows_target, seconds: 0 });
        } else {
            let info = bridge::build_model(&request, path_text(&model)?, &session.progress)?;
            learned.push(finish(group, model, None, info.rows)?);
        }
    }
    for own in 0..tasks.len() {
        let is_source = |task: &&Task| {
            let points_to = |column: &ForeignColumn| column.counter == task.group.counter;
            task.group.trees == tasks[own].group.trees && tasks[own].group.foreign.iter().any(points_to)
        };
        tasks[own].sources = tasks.iter().filter(is_source).map(|task| task.sample.clone()).collect();
    }
    learned.extend(train_all(tasks, effort, session)?);
    Ok(learned)
}

fn finish(group: Group, path: PathBuf, outcome: Option<Outcome>, rows: u64) -> Result<Learned> {
    let models = bridge::describe_models(path_text(&path)?)?;
    let Some(model) = models.into_iter().next() else {
        return Err(Error::Internal(format!("'{}' holds no model", path.display())));
    };
    group.require_kept(&model)?;
    Ok(Learned { group, path, model, outcome, rows })
}

/// Shares the time out by the size of the samples.
fn share_time(tasks: &mut [Task], total: u64, workers: usize) {
    let weight: f64 = tasks.iter().map(Task::weight).sum();
    for task in tasks {
        let share = task.weight() / weight.max(1.0) * total as f64 * workers as f64;
        task.seconds = (share.ceil() as u64).clamp(1, total);
    }
}

fn train_all(mut tasks: Vec<Task>, effort: &Effort, session: &Session) -> Result<Vec<Learned>> {
    let workers = thread::available_parallelism().map_or(1, usize::from).min(WORKERS).min(tasks.len());
    share_time(&mut tasks, effort.training.seconds.unwrap_or(default_seconds(effort.level)), workers);
    // the longest first, so that no worker is left alone with it at the end
    tasks.sort_by(|a, b| b.weight().total_cmp(&a.weight()));
    let done: Vec<AtomicU64> = tasks.iter().map(|_| AtomicU64::new(0)).collect();
    let queue: Mutex<VecDeque<usize>> = Mutex::new((0..tasks.len()).collect());
    let work = || {
        let mut made: Vec<(usize, Result<Outcome>)> = Vec::new();
        while let Some(index) = queue.lock().ok().and_then(|mut queue| queue.pop_front()) {
            let watch = |fraction: f64| done[index].store((fraction * STEPS as f64) as u64, Ordering::Relaxed);
            let outcome = trainer::train(&order(&tasks[index], effort), &watch);
            watch(1.0);
            if let (Err(_), Ok(mut queue)) = (&outcome, queue.lock()) {
                queue.clear(); // the others would be for nothing
            }
            made.push((index, outcome));
        }
        made
    };
    let mut outcomes: Vec<Option<Result<Outcome>>> = tasks.iter().map(|_| None).collect();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        while threads.iter().any(|thread| !thread.is_finished()) {
            let sum: u64 = done.iter().map(|one| one.load(Ordering::Relaxed)).sum();
            // the answer, whether to go on, is known to the trainers themselves
            session.progress.report(STAGE, sum, STEPS * tasks.len() as u64);
            thread::sleep(Duration::from_millis(100));
        }
        for (index, outcome) in threads.into_iter().filter_map(|thread| thread.join().ok()).flatten() {
            outcomes[index] = Some(outcome);
        }
    });
    // before those that were not started because of it
    let failed = outcomes.iter().position(|outcome| matches!(outcome, Some(Err(_))));
    if let Some(Some(Err(error))) = failed.map(|position| outcomes.swap_remove(position)) {
        return Err(error);
    }
    let finished = tasks.into_iter().zip(outcomes).map(|(task, outcome)| match outcome {
        Some(outcome) => finish(task.group, task.model, Some(outcome?), task.rows),
        None => Err(Error::Internal("a group was not trained".to_owned())),
    });
    finished.collect()
}

fn order<'a>(task: &'a Task, effort: &Effort) -> Order<'a> {
    Order {
        sample: &task.sample,
        sources: &task.sources,
        model: &task.model,
        rows_target: task.rows_target,
        level: effort.level,
        seed: effort.training.seed,
        seconds: task.seconds,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ffi::bridge::ColumnSpec;

    fn task(rows: u64, columns: usize) -> Task {
        let column = ColumnSpec { name: String::new(), bound: String::new(), index: String::new() };
        let (trees, columns) = (Vec::new(), vec![column; columns]);
        let (counter, foreign) = (String::new(), Vec::new());
        let group = Group { trees, counter, columns, foreign, is_trained: true, rows };
        let (sample, sources, model) = (PathBuf::new(), Vec::new(), PathBuf::new());
        Task { group, sample, sources, model, rows, rows_target: None, seconds: 0 }
    }

    #[test]
    fn time_is_shared_out_by_size() {
        let mut tasks = [task(1000, 3), task(1000, 1), task(0, 1)];
        share_time(&mut tasks, 40, 2);
        let seconds: Vec<u64> = tasks.iter().map(|task| task.seconds).collect();
        assert_eq!(seconds, [40, 20, 1]);
    }
}
