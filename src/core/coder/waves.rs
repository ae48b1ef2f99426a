//! The order in which rows are coded: waves.
//!
//! Rows of a jagged group whose network sees the element before it *in its own column* are coded in waves: first the
//! first elements of all entries, then the second ones, and so on, so that each wave's inputs are known when it is
//! decoded. Long entries come first: then the element before has the same place in the wave before, and all that a wave
//! sees lies side by side. All other rows are one wave, in their natural order.

use crate::error::{Error, Result};
use crate::inference::axis::CONTEXT_BITS;
use crate::model::context::Seen;
use crate::model::{Input, ModelColumn};
use std::borrow::Cow;

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
pub struct Waves {
    /// Steps at which each wave begins, and the end.
    pub waves: Vec<usize>,
    /// Step at which each row is coded; empty if they are coded in their natural order.
    steps: Vec<u32>,
}

impl Waves {
    /// Rows in their natural order, as one wave; fails if the counts of a jagged group do not add up to them.
    pub fn natural(jagged: bool, contexts: Contexts, rows: usize) -> Result<Self> {
        if jagged {
            let counts =
                contexts.counts.ok_or_else(|| Error::Missing("the counts of the entries are missing".into()))?;
            if counts.iter().map(|&n| u64::from(n)).sum::<u64>() != rows as u64 {
                return Err(Error::corrupt("the counts of the entries do not add up to the number of values"));
            }
        }
        Ok(Waves { waves: vec![0, rows], steps: Vec::new() })
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
    pub fn positions(&self) -> Vec<i16> {
        let mut all = Vec::with_capacity(self.steps.len());
        (0..).zip(&self.waves[1..]).for_each(|(wave, &end)| all.resize(end, scaled(wave)));
        all
    }

    /// Elements of their entries, in the order of steps of several waves: the longest entries come first in each.
    pub fn counts(&self) -> Vec<i16> {
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

fn scaled(n: u32) -> i16 {
    (n.min(MOST) << (CONTEXT_BITS - 1)) as i16
}
