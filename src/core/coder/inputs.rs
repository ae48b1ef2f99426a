//! The inputs of a column's network, row by row, and the order in which rows are coded.
//!
//! Rows of a jagged group whose network sees the element before it *in its own column* are coded in waves: first the
//! first elements of all entries, then the second ones, and so on, so that each wave's inputs are known when it is
//! decoded. Long entries come first: then the element before has the same place in the wave before, and all that a wave
//! sees lies side by side. All other rows are one wave, in their natural order.

use crate::error::{Error, Result};
use crate::inference::axis::CONTEXT_BITS;
use crate::inference::kernel::{TILE, Tile};
use crate::model::context::{ABSENT, Seen};
use crate::model::{Input, Model, ModelColumn};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

/// What is known about the rows of a block before it is decoded.
#[derive(Clone, Copy, Default)]
pub struct Contexts<'a> {
    /// `columns[k]` are the contexts of the k-th parent, at least `rows` of them.
    pub columns: &'a [Seen<'a>],
    /// Leading rows that have context; later ones see zeros.
    pub rows: usize,
    /// Elements of each entry; jagged groups only.
    pub counts: Option<&'a [u32]>,
}

/// Places and counts beyond this look the same to a network.
const MOST: u32 = 15;

/// The rows of a block and their waves.
pub struct Rows {
    /// Steps at which each wave begins, and the end.
    pub waves: Vec<usize>,
    /// Step at which each row is coded; empty if they are coded in their natural order.
    steps: Vec<u32>,
}

impl Rows {
    /// Rows in their natural order, as one wave; fails if the counts of a jagged group do not add up to them.
    pub fn natural(jagged: bool, contexts: Contexts, rows: usize) -> Result<Self> {
        if jagged {
            let counts =
                contexts.counts.ok_or_else(|| Error::Missing("the counts of the entries are missing".into()))?;
            if counts.iter().map(|&n| u64::from(n)).sum::<u64>() != rows as u64 {
                return Err(Error::corrupt("the counts of the entries do not add up to the number of values"));
            }
        }
        Ok(Rows { waves: vec![0, rows], steps: Vec::new() })
    }

    /// Rows in the order in which the column at `index` is coded.
    pub fn new(column: &ModelColumn, index: usize, jagged: bool, contexts: Contexts, rows: usize) -> Result<Self> {
        let mut laid = Self::natural(jagged, contexts, rows)?;
        let counts = contexts.counts.filter(|_| column.spec.inputs.contains(&Input::Previous(index as u32)));
        let longest = counts.and_then(|counts| counts.iter().copied().max()).unwrap_or(0) as usize;
        if let (Some(counts), 2..) = (counts, longest) {
            // entries with more elements than its number are in a wave, those with most elements first
            let mut longer = vec![0; longest + 1];
            counts.iter().filter(|&&n| n > 0).for_each(|&n| longer[n as usize - 1] += 1);
            (0..longest).rev().for_each(|n| longer[n] += longer[n + 1]);
            laid.waves = vec![0];
            (0..longest).for_each(|wave| laid.waves.push(laid.waves[wave] + longer[wave]));
            let mut next = longer;
            laid.steps.reserve_exact(rows);
            for &n in counts {
                let rank = &mut next[n as usize];
                laid.steps.extend(laid.waves[..n as usize].iter().map(|&wave| (wave + *rank) as u32));
                *rank += 1;
            }
        }
        Ok(laid)
    }

    /// Whether there are several waves.
    pub fn in_waves(&self) -> bool {
        !self.steps.is_empty()
    }

    /// The step at which a row is coded.
    pub fn step(&self, row: usize) -> usize {
        self.steps.get(row).map_or(row, |&step| step as usize)
    }

    /// What is known of leading rows, in the order of steps; defaults for the others.
    pub fn in_steps<'a, T: Copy + Default>(&self, known: impl Into<Cow<'a, [T]>>) -> Cow<'a, [T]> {
        let mut known = known.into();
        let total = self.waves[self.waves.len() - 1];
        if self.in_waves() {
            let mut all = vec![T::default(); total];
            self.steps.iter().zip(known.iter()).for_each(|(&step, &value)| all[step as usize] = value);
            return all.into();
        }
        if known.len() != total {
            known.to_mut().resize(total, T::default());
        }
        known
    }

    /// Writes what is known of all steps, in the order of rows.
    pub fn in_rows<T: Copy>(&self, steps: &[T], rows: &mut [T]) {
        if self.in_waves() {
            rows.iter_mut().zip(&self.steps).for_each(|(value, &step)| *value = steps[step as usize]);
        } else {
            rows.copy_from_slice(steps);
        }
    }

    /// Positions of the elements in their entries, in the order of steps of several waves: each has its own.
    fn positions(&self) -> Vec<i16> {
        let mut all = Vec::with_capacity(self.steps.len());
        (0..).zip(&self.waves[1..]).for_each(|(wave, &end)| all.resize(end, scaled(wave)));
        all
    }

    /// Elements of their entries, in the order of steps of several waves: the longest entries come first in each.
    fn counts(&self) -> Vec<i16> {
        let mut all = Vec::with_capacity(self.steps.len());
        for (wave, &first) in self.waves[..self.waves.len() - 1].iter().enumerate() {
            // entries with more elements than `n` are as many as the rows of the n-th wave
            for n in (wave + 1..self.waves.len()).rev() {
                all.resize(first + self.waves[n] - self.waves[n - 1], scaled(n as u32));
            }
        }
        all
    }

    /// One input of all rows, in their natural order; here columns are named by their place in `contexts.columns`.
    /// Zeros where it is not known.
    pub fn input<'a>(&self, input: Input, contexts: Contexts<'a>) -> Cow<'a, [i16]> {
        let rows = self.waves[self.waves.len() - 1];
        let known = contexts.rows.min(rows);
        let of = |p: u32| contexts.columns.get(p as usize).map_or(Seen::default(), |seen| seen.rows(0..known));
        let counts = contexts.counts.unwrap_or_default();
        let mut scores: Cow<[i16]> = match input {
            Input::Predicted => Vec::new().into(),
            Input::Position => {
                let mut places = Vec::with_capacity(rows);
                counts.iter().for_each(|&n| places.extend((0..n).map(scaled)));
                places.into()
            }
            Input::Count => {
                let mut all = Vec::with_capacity(rows);
                counts.iter().for_each(|&n| all.resize(all.len() + n as usize, scaled(n)));
                all.into()
            }
            Input::Column(p) => of(p).scores.into(),
            Input::Present(p) => of(p).present().map(|is_present| i16::from(is_present) << CONTEXT_BITS).collect(),
            Input::Previous(p) => {
                let seen = of(p).scores;
                let mut before = Vec::with_capacity(rows);
                before.push(0);
                before.extend_from_slice(&seen[..seen.len().min(rows.saturating_sub(1))]);
                // nothing is before the first element of an entry
                let mut first = 0;
                for &n in counts {
                    if let (1.., Some(score)) = (n, before.get_mut(first)) {
                        *score = 0;
                    }
                    first += n as usize;
                }
                before.into()
            }
        };
        if scores.len() != rows {
            scores.to_mut().resize(rows, 0);
        }
        scores
    }
}

/// An input of a column's network: scores of all steps.
enum Source<'a> {
    /// Those of the steps themselves.
    Here(Rc<Cow<'a, [i16]>>),
    /// Those of the elements before, in the wave before.
    Before(Rc<Cow<'a, [i16]>>),
    /// The same, of the column itself.
    Own,
}

/// The inputs of a column's network, tile by tile.
pub struct Inputs<'a> {
    rows: &'a Rows,
    sources: Vec<Source<'a>>,
    /// Scores of the column's own values at each step, as far as they are decoded.
    own: Vec<i16>,
}

impl<'a> Inputs<'a> {
    /// Finds the inputs of the column at `index`.
    pub fn new(model: &Model, index: usize, contexts: Contexts<'a>, rows: &'a Rows) -> Self {
        let column = &model.columns()[index];
        let total = rows.waves[rows.waves.len() - 1];
        let lay = |input: Input| Rc::new(rows.in_steps(rows.input(input, contexts)));
        let place_of = |p: u32| column.parents.binary_search(&p).map_or(u32::MAX, |place| place as u32);
        // often a network sees a column's value and the one before
        let mut laid: BTreeMap<u32, Rc<Cow<[i16]>>> = BTreeMap::new();
        let mut column_of = |p: u32| Rc::clone(laid.entry(p).or_insert_with(|| lay(Input::Column(place_of(p)))));
        let find = |input: &Input| match *input {
            Input::Previous(p) if p as usize == index => Source::Own,
            Input::Previous(p) if rows.in_waves() => Source::Before(column_of(p)),
            Input::Previous(p) => Source::Here(lay(Input::Previous(place_of(p)))),
            Input::Column(p) => Source::Here(column_of(p)),
            Input::Present(p) => Source::Here(lay(Input::Present(place_of(p)))),
            Input::Predicted => {
                let seen = |p: u32| contexts.columns.get(place_of(p) as usize).map_or(&[][..], |seen| seen.lattice);
                let scores = predicted_scores(model, column, contexts.rows.min(total), seen);
                Source::Here(Rc::new(rows.in_steps(scores)))
            }
            Input::Position if rows.in_waves() => Source::Here(Rc::new(rows.positions().into())),
            Input::Count if rows.in_waves() => Source::Here(Rc::new(rows.counts().into())),
            Input::Position | Input::Count => Source::Here(lay(*input)),
        };
        let sources: Vec<Source> = column.spec.inputs.iter().map(find).collect();
        let own = if rows.in_waves() { vec![0; total] } else { Vec::new() };
        Inputs { rows, sources, own }
    }

    /// Tells the scores of decoded values: those of the steps from `first`. Only for rows in waves.
    pub fn set_own(&mut self, first: usize, scores: &[i16]) {
        self.own[first..first + scores.len()].copy_from_slice(scores);
    }

    /// Puts the inputs of the steps `steps`, at most [`TILE`] and all of one wave, into pairs.
    pub fn fill(&self, wave: usize, steps: Range<usize>, pairs: &mut [Tile]) {
        let shift = match wave {
            0 => None,
            wave => Some(self.rows.waves[wave] - self.rows.waves[wave - 1]),
        };
        let before = shift.map(|shift| steps.start - shift..steps.end - shift);
        fill_pairs(&self.sources, &self.own, steps, before, pairs);
    }
}

/// Inputs of some steps; `before` are those of the elements before, if there are any.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512vl+avx512dq", "x86_64+avx2"))]
fn fill_pairs(sources: &[Source], own: &[i16], steps: Range<usize>, before: Option<Range<usize>>, pairs: &mut [Tile]) {
    for (pair, sources) in pairs.iter_mut().zip(sources.chunks(2)) {
        let mut scores = [[0i16; TILE]; 2];
        for (scores, source) in scores.iter_mut().zip(sources) {
            let scores = &mut scores[..steps.len()];
            match (source, &before) {
                (Source::Here(all), _) => copy(&all[steps.clone()], scores),
                (Source::Before(all), Some(before)) => copy(&all[before.clone()], scores),
                (Source::Own, Some(before)) => copy(&own[before.clone()], scores),
                (Source::Before(_) | Source::Own, None) => {}
            }
        }
        let [low, high] = scores;
        for r in 0..TILE {
            pair[r] = i32::from(low[r] as u16) | i32::from(high[r]) << 16;
        }
    }
}

/// Copies scores; most tiles are full, and then that is one instruction.
#[inline(always)]
fn copy(from: &[i16], to: &mut [i16]) {
    match (from.first_chunk::<TILE>(), to.first_chunk_mut::<TILE>()) {
        (Some(from), Some(to)) => *to = *from,
        _ => to.copy_from_slice(from),
    }
}

fn scaled(n: u32) -> i16 {
    (n.min(MOST) << (CONTEXT_BITS - 1)) as i16
}

/// Scores of a column's predictions for `rows` rows, of which `lattice` gives the lattice integers of other columns; zeros
/// where a value that the formula needs is absent, empty without predictor.
pub fn predicted_scores<'a>(
    model: &Model,
    column: &ModelColumn,
    rows: usize,
    lattice: impl Fn(u32) -> &'a [i64],
) -> Vec<i16> {
    let Some(predictor) = &column.spec.predictor else { return Vec::new() };
    let seen = |p: u32| &lattice(p)[..rows.min(lattice(p).len())];
    let mut values: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    for p in predictor.columns() {
        values.entry(p).or_insert_with(|| model.columns()[p as usize].values_in_units(seen(p)));
    }
    let predicted = predictor.predict(rows, |p| values.get(&p).map_or(&[][..], Vec::as_slice));
    let mut scores = column.predicted_scores(&predicted);
    for &p in values.keys().filter(|&&p| model.columns()[p as usize].spec.foreign.is_some()) {
        scores.iter_mut().zip(seen(p)).filter(|(_, q)| **q == ABSENT).for_each(|(score, _)| *score = 0);
    }
    scores
}
