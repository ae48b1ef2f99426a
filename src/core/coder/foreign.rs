//! Elements of another group as contexts: an index column says which one (`Jet_genJetIdx` points into `GenJet_pt`).

use crate::error::{Error, Result};
use crate::model::Model;
use crate::model::context::{ABSENT, ColumnContext, Seen};

/// Contexts of a branch, entry after entry.
#[derive(Clone, Copy)]
pub struct Elements<'a> {
    /// Contexts of all elements.
    pub seen: Seen<'a>,
    /// Elements of each entry.
    pub counts: &'a [u32],
}

/// Contexts of the foreign column at `column` for the rows of `index`, whose contexts are those of its index column.
/// `elements` are those of its branch, for the same entries. Where the index points nowhere the value is absent.
pub fn gather(model: &Model, column: usize, index: Elements, elements: Elements) -> Result<ColumnContext> {
    let is_foreign = |c: &crate::model::ModelColumn| c.spec.foreign.is_some();
    if !model.columns().get(column).is_some_and(is_foreign) || index.counts.len() != elements.counts.len() {
        return Err(Error::BadArgument(format!("column {column} is not foreign, or its entries are others")));
    }
    let total = |counts: &[u32]| counts.iter().map(|&n| n as usize).sum::<usize>();
    let (rows, all) = (total(index.counts), total(elements.counts));
    let Seen { scores, lattice } = elements.seen;
    let with_lattice = model.columns()[column].lattice_seen;
    if index.seen.lattice.len() < rows || scores.len() < all || (with_lattice && lattice.len() < all) {
        return Err(Error::Missing("fewer contexts than the counts of the entries say".into()));
    }
    let mut gathered = ColumnContext::default();
    gathered.scores.reserve_exact(rows);
    gathered.lattice.reserve_exact(if with_lattice { rows } else { 0 });
    let (mut row, mut first) = (0, 0);
    for (&rows, &n) in index.counts.iter().zip(elements.counts) {
        for &place in &index.seen.lattice[row..row + rows as usize] {
            let element = usize::try_from(place).ok().filter(|&place| place < n as usize).map(|place| first + place);
            gathered.scores.push(element.map_or(0, |element| scores[element]));
            if with_lattice {
                gathered.lattice.push(element.map_or(ABSENT, |element| lattice[element]));
            }
        }
        row += rows as usize;
        first += n as usize;
    }
    Ok(gathered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::builder;
    use crate::model::sample::Sample;
    use crate::values::bound::Bound;

    #[test]
    fn follows_the_index_and_marks_what_is_not_there() {
        let mut source = Sample::jagged(&[2, 0, 3]);
        source.add("Gen_pt", Bound::Abs(0.1), &[1.0f32, 2.0, 3.0, 4.0, 5.0]).unwrap();
        let mut sample = Sample::jagged(&[3, 1, 2]);
        let index = [1, -1, 2, 0, 2, 0];
        sample.add("Jet_genIdx", Bound::Lossless, &index).unwrap();
        let (values, present) = ([2.0f32, 0.0, 0.0, 0.0, 5.0, 3.0], [true, false, false, false, true, true]);
        sample.add_foreign("Gen_pt", "Jet_genIdx", &values, &present).unwrap();
        let model = Model::new(&builder::build(&sample, &[source], "test")).unwrap();

        let context = model.columns()[0].context(&index);
        let index = Elements { seen: context.view(), counts: &[3, 1, 2] };
        let elements = model.columns()[1].context(&[1.0f32, 2.0, 3.0, 4.0, 5.0]);
        let gathered = gather(&model, 1, index, Elements { seen: elements.view(), counts: &[2, 0, 3] }).unwrap();
        let expected = [Some(1), None, None, None, Some(4), Some(2)];
        assert_eq!(gathered.scores, expected.map(|e: Option<usize>| e.map_or(0, |e| elements.scores[e])));
        assert_eq!(gathered.scores, model.sample_contexts(&sample)[1].scores);
        assert!(gathered.lattice.is_empty(), "no formula needs them");

        let short = Elements { seen: elements.view().rows(0..4), counts: &[2, 0, 3] };
        assert!(gather(&model, 1, index, short).is_err());
        assert!(gather(&model, 1, index, Elements { seen: elements.view(), counts: &[2, 3] }).is_err());
        assert!(gather(&model, 0, index, Elements { seen: elements.view(), counts: &[2, 0, 3] }).is_err());
    }
}
