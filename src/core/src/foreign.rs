//! Elements of another group as contexts: an index column says which one (`Jet_genJetIdx` points into `GenJet_pt`).

use crate::error::{Error, Result};
use crate::model::{Context, Model};

/// Contexts of a branch, entry after entry.
#[derive(Clone, Copy)]
pub struct Elements<'a> {
    /// Contexts of all elements.
    pub contexts: &'a [Context],
    /// Elements of each entry.
    pub counts: &'a [u32],
}

impl<'a> Elements<'a> {
    /// The elements entry by entry; fails if there are fewer than the counts say.
    fn entries(self) -> Result<Vec<&'a [Context]>> {
        let mut rest = self.contexts;
        let take = |&n: &u32| {
            let (entry, others) = rest.split_at_checked(n as usize)?;
            rest = others;
            Some(entry)
        };
        let entries: Option<Vec<_>> = self.counts.iter().map(take).collect();
        entries.ok_or_else(|| Error::Missing("fewer contexts than the counts of the entries say".into()))
    }
}

/// Contexts of the foreign column at `column` for the rows of `index`, whose contexts are those of its index column.
/// `elements` are those of its branch, for the same entries. Where the index points nowhere: [`Context::ABSENT`].
pub fn gather(model: &Model, column: usize, index: Elements, elements: Elements) -> Result<Vec<Context>> {
    let is_foreign = |c: &crate::model::ModelColumn| c.spec.foreign.is_some();
    if !model.columns().get(column).is_some_and(is_foreign) || index.counts.len() != elements.counts.len() {
        return Err(Error::BadArgument(format!("column {column} is not foreign, or its entries are others")));
    }
    let mut gathered = Vec::with_capacity(index.contexts.len());
    for (rows, elements) in index.entries()?.into_iter().zip(elements.entries()?) {
        let element = |row: &Context| usize::try_from(row.lattice()).ok().and_then(|place| elements.get(place));
        gathered.extend(rows.iter().map(|row| element(row).copied().unwrap_or(Context::ABSENT)));
    }
    Ok(gathered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bound::Bound;
    use crate::builder;
    use crate::sample::Sample;

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

        let index = Elements { contexts: &model.columns()[0].contexts(&index), counts: &[3, 1, 2] };
        let elements = model.columns()[1].contexts(&[1.0f32, 2.0, 3.0, 4.0, 5.0]);
        let gathered = gather(&model, 1, index, Elements { contexts: &elements, counts: &[2, 0, 3] }).unwrap();
        let expected = [Some(1), None, None, None, Some(4), Some(2)];
        assert_eq!(gathered, expected.map(|e: Option<usize>| e.map_or(Context::ABSENT, |e| elements[e])));
        assert_eq!(gathered, model.sample_contexts(&sample)[1]);

        let short = Elements { contexts: &elements[..4], counts: &[2, 0, 3] };
        assert!(gather(&model, 1, index, short).is_err());
        assert!(gather(&model, 1, index, Elements { contexts: &elements, counts: &[2, 3] }).is_err());
        assert!(gather(&model, 0, index, Elements { contexts: &elements, counts: &[2, 0, 3] }).is_err());
    }
}
