//! The inputs of a column's network, row by row, and the order in which rows are coded.
//!
//! Rows of a jagged group whose network sees the element before it *in its own column* are coded in waves: first the
//! first elements of all entries, then the second ones, and so on, so that each wave's inputs are known when it is
//! decoded. All other rows are one wave, in their natural order.

use crate::axis::CONTEXT_BITS;
use crate::error::{Error, Result};
use crate::model::{Input, ModelColumn};

/// What is known about the rows of a block before it is decoded.
#[derive(Clone, Copy, Default)]
pub struct Contexts<'a> {
    /// `columns[k]` are the contexts of the k-th parent, at least `rows` of them.
    pub columns: &'a [&'a [i16]],
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
    /// Lays out `rows` rows for the column at `index`; fails if a jagged column's counts do not add up to them.
    pub fn new(column: &ModelColumn, index: usize, jagged: bool, contexts: Contexts, rows: usize) -> Result<Self> {
        let natural = |place, count| Rows { order: (0..rows as u32).collect(), waves: vec![0, rows], place, count };
        if !jagged {
            return Ok(natural(Vec::new(), Vec::new()));
        }
        let counts = contexts.counts.ok_or_else(|| {
            Error::Missing(format!("column {} needs the counts of its entries", column.spec.name))
        })?;
        if counts.iter().map(|&n| u64::from(n)).sum::<u64>() != rows as u64 {
            return Err(Error::corrupt(format!("the counts of column {} do not add up to its values", column.spec.name)));
        }
        let mut place = Vec::with_capacity(rows);
        let mut count = Vec::with_capacity(rows);
        for &n in counts {
            place.extend(0..n);
            count.extend(std::iter::repeat_n(n, n as usize));
        }
        if !column.spec.inputs.contains(&Input::Previous(index as u32)) {
            return Ok(natural(place, count));
        }
        let mut order: Vec<u32> = (0..rows as u32).collect();
        order.sort_by_key(|&row| place[row as usize]);
        let mut waves = vec![0];
        waves.extend((1..rows).filter(|&step| place[order[step] as usize] != place[order[step - 1] as usize]));
        waves.push(rows);
        Ok(Rows { order, waves, place, count })
    }

    /// Inputs of the steps `steps`. `own` are the contexts of the column itself, known for earlier waves.
    pub fn inputs(
        &self,
        column: &ModelColumn,
        index: usize,
        contexts: Contexts,
        own: &[i16],
        steps: std::ops::Range<usize>,
    ) -> Vec<Vec<i16>> {
        let order = &self.order[steps];
        let scaled = |n: u32| (n.min(MOST) << (CONTEXT_BITS - 1)) as i16;
        let of_parent = |p: u32| column.parents.binary_search(&p).ok().and_then(|k| contexts.columns.get(k));
        column
            .spec
            .inputs
            .iter()
            .map(|&input| match input {
                Input::Position => order.iter().map(|&row| scaled(self.place[row as usize])).collect(),
                Input::Count => order.iter().map(|&row| scaled(self.count[row as usize])).collect(),
                Input::Previous(p) if p as usize == index => {
                    order.iter().map(|&row| if self.place[row as usize] > 0 { own[row as usize - 1] } else { 0 }).collect()
                }
                Input::Column(p) | Input::Previous(p) => {
                    let Some(parent) = of_parent(p) else { return vec![0; order.len()] };
                    let back = u32::from(matches!(input, Input::Previous(_)));
                    let known = |row: u32| (row as usize) < contexts.rows && (back == 0 || self.place[row as usize] > 0);
                    order.iter().map(|&row| if known(row) { parent[(row - back) as usize] } else { 0 }).collect()
                }
            })
            .collect()
    }
}
