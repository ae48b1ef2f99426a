//! What a model may hold is known to the core alone, which is asked before the model is written: one column that it
//! refuses is no reason to have no model.

use super::choose::stand_alone;
use rootbaler::model::{ModelSpec, check_column};

/// Lets every column stand alone that the core refuses, and says which and why.
pub fn let_refused_stand_alone(spec: &mut ModelSpec) -> Vec<String> {
    let mut said = Vec::new();
    for i in 0..spec.columns.len() {
        if let Err(why) = check_column(spec, i) {
            stand_alone(spec, i);
            spec.columns[i].unit = None;
            said.push(format!("branch '{}' is coded by itself: {why}", spec.columns[i].name));
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use rootbaler::model::builder;
    use rootbaler::model::predictor::{Formula, Predictor, Term};
    use rootbaler::model::sample::Sample;
    use rootbaler::model::{Input, Model};
    use rootbaler::values::bound::Bound;

    #[test]
    fn others_keep_their_networks() {
        let values: Vec<f64> = (0..100).map(|i| f64::from(i).sin()).collect();
        let mut sample = Sample::scalar(values.len());
        ["a", "b", "c"].iter().for_each(|name| sample.add(name, Bound::Abs(0.1), &values).unwrap());
        let mut spec = builder::build(&sample, &[], "test");
        let formula = |coefficient| Formula { terms: vec![Term { coefficient, factors: Vec::new() }], root: false };
        for (i, coefficient) in [(1, f64::INFINITY), (2, 1.0)] {
            spec.columns[i].predictor = Some(Predictor::always(formula(coefficient)));
            spec.columns[i].inputs = vec![Input::Column(0), Input::Predicted];
        }
        let said = let_refused_stand_alone(&mut spec);
        assert!(said.len() == 1 && said[0].contains("'b'"), "{said:?}");
        assert!(spec.columns[1].inputs.is_empty() && spec.columns[2].predictor.is_some());
        assert!(Model::new(&spec).is_ok() && let_refused_stand_alone(&mut spec).is_empty());
    }
}
