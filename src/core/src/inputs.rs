//! The inputs of a column's network, row by row, and the order in which rows are coded.
//!
//! Rows of a jagged group whose network sees the element before it *in its own column* are coded in waves: first the
//! first elements of all entries, then the second ones, and so on, so that each wave's inputs are known when it is
//! decoded. All other rows are one wave, in their natural order.

use crate::axis::CONTEXT_BITS;
use crate::error::{Error, Result};
use crate::kernel::{TILE, Tile};
use crate::model::{Context, Input, Model, ModelColumn};
use std::ops::Range;

/// What is known about the rows of a block before it is decoded.
#[derive(Clone, Copy, Default)]
pub struct Contexts<'a> {
    /// `columns[k]` are the contexts of the k-th parent, at least `rows` of them.
    pub columns: &'a [&'a [Context]],
    /// Leading rows that have context; later ones see zeros.
    pub rows: usize,
    /// Elements of each entry; jagged groups only.
    pub counts: Option<&'a [u32]>,
}

/// Places and counts beyond this look the same to a network.
const MOST: u32 = 15;

/// The rows of a block: their entries, places and waves.
pub struct Rows {
    /// Row (in natural order) coded at each step.
    pub order: Vec<u32>,
    /// Steps at which each wave begins, and the end.
    pub waves: Vec<usize>,
    place: Vec<u32>,
    count: Vec<u32>,
}

impl Rows {
    /// Rows in their natural order, as one wave; fails if the counts of a jagged group do not add up to them.
    pub fn natural(jagged: bool, contexts: Contexts, rows: usize) -> Result<Self> {
        let mut place = Vec::new();
        let mut count = Vec::new();
        if jagged {
            let counts =
                contexts.counts.ok_or_else(|| Error::Missing("the counts of the entries are missing".into()))?;
            if counts.iter().map(|&n| u64::from(n)).sum::<u64>() != rows as u64 {
                return Err(Error::corrupt("the counts of the entries do not add up to the number of values"));
            }
            for &n in counts {
                place.extend(0..n);
                count.extend(std::iter::repeat_n(n, n as usize));
            }
        }
        Ok(Rows { order: (0..rows as u32).collect(), waves: vec![0, rows], place, count })
    }

    /// Rows in the order in which the column at `index` is coded.
    pub fn new(column: &ModelColumn, index: usize, jagged: bool, contexts: Contexts, rows: usize) -> Result<Self> {
        let mut laid = Self::natural(jagged, contexts, rows)?;
        if column.spec.inputs.contains(&Input::Previous(index as u32)) {
            // a wave has as many rows as entries have more elements than its number
            let longest = laid.count.iter().copied().max().unwrap_or(0) as usize;
            let mut next = vec![0; longest + 1];
            laid.place.iter().for_each(|&place| next[place as usize + 1] += 1);
            (0..longest).for_each(|wave| next[wave + 1] += next[wave]);
            laid.waves = if rows == 0 { vec![0, 0] } else { next.clone() };
            for (row, &place) in laid.place.iter().enumerate() {
                laid.order[next[place as usize]] = row as u32;
                next[place as usize] += 1;
            }
        }
        Ok(laid)
    }

    /// One input of the steps `steps`; here columns are named by their place in `contexts.columns`. Zeros where it is
    /// not known.
    pub fn input(&self, input: Input, contexts: Contexts, steps: Range<usize>) -> Vec<i16> {
        let order = &self.order[steps.clone()];
        match input {
            Input::Predicted => vec![0; order.len()],
            Input::Position => order.iter().map(|&row| scaled(self.place[row as usize])).collect(),
            Input::Count => order.iter().map(|&row| scaled(self.count[row as usize])).collect(),
            Input::Column(p) => {
                let Some(seen) = contexts.columns.get(p as usize) else { return vec![0; order.len()] };
                let seen = &seen[..contexts.rows.min(seen.len())];
                if self.waves.len() == 2 {
                    // natural order
                    let known = &seen[steps.start.min(seen.len())..steps.end.min(seen.len())];
                    let mut rows: Vec<i16> = known.iter().map(|c| c.score()).collect();
                    rows.resize(steps.len(), 0);
                    return rows;
                }
                order.iter().map(|&row| seen.get(row as usize).map_or(0, |c| c.score())).collect()
            }
            Input::Present(p) => {
                let Some(seen) = contexts.columns.get(p as usize) else { return vec![0; order.len()] };
                let seen = &seen[..contexts.rows.min(seen.len())];
                order.iter().map(|&row| seen.get(row as usize).map_or(0, |&c| presence(c))).collect()
            }
            Input::Previous(p) => {
                let Some(seen) = contexts.columns.get(p as usize) else { return vec![0; order.len()] };
                let known = |row: usize| row < contexts.rows && self.place[row] > 0;
                let before = |&row: &u32| if known(row as usize) { seen[row as usize - 1].score() } else { 0 };
                order.iter().map(before).collect()
            }
        }
    }
}

/// An input of a column's network, found among what is known.
enum Source<'a> {
    /// Contexts of the rows themselves.
    Row(&'a [Context]),
    /// Contexts of the elements before.
    Previous(&'a [Context]),
    /// The same, of the column itself.
    Own,
    /// Whether the rows have a value in these contexts.
    Present(&'a [Context]),
    /// Known for all rows.
    Scores(Vec<i16>),
}

/// The inputs of a column's network, tile by tile.
pub struct Inputs<'a> {
    rows: &'a Rows,
    sources: Vec<Source<'a>>,
    /// Scores of the column's own values, as far as they are decoded.
    own: Vec<i16>,
}

impl<'a> Inputs<'a> {
    /// Finds the inputs of the column at `index`.
    pub fn new(model: &Model, index: usize, contexts: Contexts<'a>, rows: &'a Rows) -> Self {
        let column = &model.columns()[index];
        let total = rows.order.len();
        let known = |p: u32| {
            let seen = column.parents.binary_search(&p).ok().and_then(|k| contexts.columns.get(k));
            seen.map_or(&[][..], |seen| &seen[..contexts.rows.min(seen.len())])
        };
        let find = |input: &Input| match *input {
            Input::Previous(p) if p as usize == index => Source::Own,
            Input::Previous(p) => Source::Previous(known(p)),
            Input::Column(p) => Source::Row(known(p)),
            Input::Present(p) => Source::Present(known(p)),
            Input::Predicted => Source::Scores(predicted_scores(model, column, contexts, total)),
            Input::Position => Source::Scores(rows.place.iter().copied().map(scaled).collect()),
            Input::Count => Source::Scores(rows.count.iter().copied().map(scaled).collect()),
        };
        let sources: Vec<Source> = column.spec.inputs.iter().map(find).collect();
        let own = if rows.waves.len() > 2 { vec![0; total] } else { Vec::new() };
        Inputs { rows, sources, own }
    }

    /// Tells the scores of decoded values: the row of each step of `steps`.
    pub fn set_own(&mut self, steps: Range<usize>, scores: &[i16]) {
        if !self.own.is_empty() {
            for (&row, &score) in self.rows.order[steps].iter().zip(scores) {
                self.own[row as usize] = score;
            }
        }
    }

    /// Puts the inputs of the steps `steps`, at most [`TILE`], into pairs.
    pub fn fill(&self, steps: Range<usize>, pairs: &mut [Tile]) {
        if self.rows.waves.len() > 2 {
            let order = &self.rows.order[steps];
            fill_pairs(&self.sources, pairs, order.len(), |source, scores| self.gather(source, order, scores));
        } else {
            fill_in_order(&self.sources, &self.rows.place, steps, pairs);
        }
    }

    /// Scores of some rows in any order.
    fn gather(&self, source: &Source, order: &[u32], scores: &mut [i16]) {
        let place = &self.rows.place;
        let before = |row: usize| if place[row] > 0 { Some(row - 1) } else { None };
        match source {
            Source::Row(seen) => each(scores, order, |row| seen.get(row).map_or(0, |c| c.score())),
            Source::Previous(seen) => {
                // the element before may be known where this one is not, but then this row has no context
                let score = |row| if row < seen.len() { before(row).map_or(0, |b| seen[b].score()) } else { 0 };
                each(scores, order, score);
            }
            Source::Own => each(scores, order, |row| before(row).map_or(0, |b| self.own[b])),
            Source::Present(seen) => each(scores, order, |row| seen.get(row).map_or(0, |&c| presence(c))),
            Source::Scores(all) => each(scores, order, |row| all[row]),
        }
    }
}

/// Puts scores of `rows` rows into pairs.
#[inline(always)]
fn fill_pairs(sources: &[Source], pairs: &mut [Tile], rows: usize, scores_of: impl Fn(&Source, &mut [i16])) {
    for (pair, sources) in pairs.iter_mut().zip(sources.chunks(2)) {
        let mut scores = [[0i16; TILE]; 2];
        for (scores, source) in scores.iter_mut().zip(sources) {
            scores_of(source, &mut scores[..rows]);
        }
        let [low, high] = scores;
        for r in 0..TILE {
            pair[r] = i32::from(low[r] as u16) | i32::from(high[r]) << 16;
        }
    }
}

/// Inputs of rows in their natural order; `place` are their places in the entry.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512vl+avx512dq", "x86_64+avx2"))]
fn fill_in_order(sources: &[Source], place: &[u32], steps: Range<usize>, pairs: &mut [Tile]) {
    fill_pairs(sources, pairs, steps.len(), |source, scores| match source {
        Source::Row(seen) => {
            let known = &seen[steps.start.min(seen.len())..steps.end.min(seen.len())];
            scores.iter_mut().zip(known).for_each(|(s, c)| *s = c.score());
        }
        Source::Present(seen) => {
            let known = &seen[steps.start.min(seen.len())..steps.end.min(seen.len())];
            scores.iter_mut().zip(known).for_each(|(s, &c)| *s = presence(c));
        }
        Source::Previous(seen) => {
            let known = steps.start.min(seen.len())..steps.end.min(seen.len());
            // nothing is before the first row
            let skip = usize::from(known.start == 0);
            let first = known.start.saturating_sub(1);
            let before = &seen[first..known.end.saturating_sub(1).max(first)];
            let rows = scores.iter_mut().zip(&place[steps.clone()]).skip(skip).zip(before);
            rows.for_each(|((s, &place), before)| *s = if place > 0 { before.score() } else { 0 });
        }
        // one wave: no element has another before it
        Source::Own => {}
        Source::Scores(all) => scores.copy_from_slice(&all[steps.clone()]),
    });
}

/// Sets the score of each row of `order`.
#[inline(always)]
fn each(scores: &mut [i16], order: &[u32], score: impl Fn(usize) -> i16) {
    scores.iter_mut().zip(order).for_each(|(s, &row)| *s = score(row as usize));
}

/// One where there is a value.
fn presence(context: Context) -> i16 {
    i16::from(context.is_present()) << CONTEXT_BITS
}

fn scaled(n: u32) -> i16 {
    (n.min(MOST) << (CONTEXT_BITS - 1)) as i16
}

/// Scores of a column's predictions for all rows of a block; zeros for rows without context or where a value that the
/// formula needs is absent, empty without predictor.
pub fn predicted_scores(model: &Model, column: &ModelColumn, contexts: Contexts, rows: usize) -> Vec<i16> {
    let Some(predictor) = column.spec.predictor.as_ref().filter(|_| column.spec.inputs.contains(&Input::Predicted))
    else {
        return Vec::new();
    };
    let known = contexts.rows.min(rows);
    let values: Vec<Vec<f64>> = column
        .parents
        .iter()
        .zip(contexts.columns)
        .map(|(&p, seen)| model.columns()[p as usize].context_values(&seen[..known]))
        .collect();
    let of = |p: u32| column.parents.binary_search(&p).ok().and_then(|k| values.get(k)).map_or(&[][..], Vec::as_slice);
    let mut scores = column.predicted_scores(&predictor.predict(known, of));
    for p in predictor.columns().filter(|&p| model.columns()[p as usize].spec.foreign.is_some()) {
        let seen = column.parents.binary_search(&p).ok().and_then(|k| contexts.columns.get(k));
        let rows = scores.iter_mut().zip(seen.into_iter().copied().flatten());
        rows.filter(|(_, context)| !context.is_present()).for_each(|(score, _)| *score = 0);
    }
    scores.resize(rows, 0);
    scores
}
