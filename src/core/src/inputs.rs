//! The inputs of a column's network, row by row, and the order in which rows are coded.
//!
//! Rows of a jagged group whose network sees the element before it *in its own column* are coded in waves: first the
//! first elements of all entries, then the second ones, and so on, so that each wave's inputs are known when it is
//! decoded. All other rows are one wave, in their natural order.

use crate::axis::CONTEXT_BITS;
use crate::error::{Error, Result};
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
            let place = &laid.place;
            laid.order.sort_by_key(|&row| place[row as usize]);
            let same = |step: usize| place[laid.order[step] as usize] == place[laid.order[step - 1] as usize];
            let inner: Vec<usize> = (1..rows).filter(|&step| !same(step)).collect();
            laid.waves = [vec![0], inner, vec![rows]].concat();
        }
        Ok(laid)
    }

    /// Inputs of the steps `steps`. `own` are the contexts of the column itself, known for earlier waves; `predicted`
    /// are the scores of its predictions, if it has any.
    pub fn inputs(
        &self,
        column: &ModelColumn,
        index: usize,
        contexts: Contexts,
        own: &[Context],
        predicted: &[i16],
        steps: Range<usize>,
    ) -> Vec<Vec<i16>> {
        let index = index as u32;
        // as if the parents and the column itself were all there is
        let place_of = |p: u32| column.parents.binary_search(&p).unwrap_or(usize::MAX) as u32;
        let all = |input: &Input| match *input {
            Input::Previous(p) if p == index => {
                let own = Contexts { columns: &[own], rows: own.len(), ..contexts };
                self.input(Input::Previous(0), own, steps.clone())
            }
            Input::Previous(p) => self.input(Input::Previous(place_of(p)), contexts, steps.clone()),
            Input::Column(p) => self.input(Input::Column(place_of(p)), contexts, steps.clone()),
            Input::Present(p) => self.input(Input::Present(place_of(p)), contexts, steps.clone()),
            Input::Predicted => self.order[steps.clone()].iter().map(|&row| predicted[row as usize]).collect(),
            other => self.input(other, contexts, steps.clone()),
        };
        column.spec.inputs.iter().map(all).collect()
    }

    /// One input of the steps `steps`; here columns are named by their place in `contexts.columns`. Zeros where it is
    /// not known.
    pub fn input(&self, input: Input, contexts: Contexts, steps: Range<usize>) -> Vec<i16> {
        let order = &self.order[steps.clone()];
        let scaled = |n: u32| (n.min(MOST) << (CONTEXT_BITS - 1)) as i16;
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
                let is_present = |row: &u32| seen.get(*row as usize).is_some_and(|c| c.is_present());
                order.iter().map(|row| i16::from(is_present(row)) << CONTEXT_BITS).collect()
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
