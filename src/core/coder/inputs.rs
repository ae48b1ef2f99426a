//! The inputs of a column's network, row by row.

use crate::coder::waves::{Contexts, Waves};
use crate::inference::sizes::{TILE, Tile};
use crate::machine::for_each_set;
use crate::model::context::ABSENT;
use crate::model::{Input, Model, ModelColumn};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

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
    rows: &'a Waves,
    sources: Vec<Source<'a>>,
    /// Scores of the column's own values at each step, as far as they are decoded.
    own: Vec<i16>,
}

impl<'a> Inputs<'a> {
    /// Finds the inputs of the column at `index`.
    pub fn new(model: &Model, index: usize, contexts: Contexts<'a>, rows: &'a Waves) -> Self {
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

for_each_set! {
    /// Inputs of some steps; `before` are those of the elements before, if there are any.
    fn fill_pairs(
        sources: &[Source],
        own: &[i16],
        steps: Range<usize>,
        before: Option<Range<usize>>,
        pairs: &mut [Tile],
    ) {
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
}

/// Copies scores; most tiles are full, and then that is one instruction.
#[inline(always)]
fn copy(from: &[i16], to: &mut [i16]) {
    match (from.first_chunk::<TILE>(), to.first_chunk_mut::<TILE>()) {
        (Some(from), Some(to)) => *to = *from,
        _ => to.copy_from_slice(from),
    }
}

/// Scores of a column's predictions for `rows` rows, of which `lattice` gives the lattice integers of other columns;
/// zeros where a value that the formula needs is absent, empty without predictor.
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
