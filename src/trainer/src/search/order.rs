//! Coding order: what analyses read first comes first, so that common reads need no other branches.

use rootbaler::model::ColumnSpec;

/// Indexes into other groups first, then what they point to. Kinematic base (pt, eta, phi, mass), the rest, energies
/// and Cartesian components last: the base determines them.
pub fn coding_order(columns: &[ColumnSpec]) -> Vec<usize> {
    let is_index = |i: usize| columns.iter().filter_map(|c| c.foreign.as_ref()).any(|f| f.index as usize == i);
    let place = |i: usize| match &columns[i].foreign {
        Some(_) => (1, 0),
        None if is_index(i) => (0, 0),
        None => (2, rank(&columns[i].name)),
    };
    let mut order: Vec<usize> = (0..columns.len()).collect();
    order.sort_by_key(|&i| place(i));
    order
}

/// Whether analyses read the column of that name first: pt, eta, phi, mass.
pub fn is_base(name: &str) -> bool {
    rank(name) < 5
}

fn rank(name: &str) -> u32 {
    let lower = name.to_lowercase();
    let stem = lower.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
    let last = stem.rsplit(['_', '.']).next().unwrap_or(stem);
    match last {
        "pt" => 0,
        "eta" => 1,
        "phi" => 2,
        "m" | "mass" => 3,
        "e" | "energy" | "px" | "py" | "pz" | "p" => 9,
        _ if last.ends_with("pt") => 0,
        _ if last.ends_with("eta") => 1,
        _ if last.ends_with("phi") => 2,
        _ if ["px", "py", "pz"].iter().any(|s| last.ends_with(s)) => 9,
        _ => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rootbaler::model::builder;
    use rootbaler::model::sample::Sample;
    use rootbaler::values::bound::Bound;

    #[test]
    fn base_before_derived() {
        let names = ["E1", "px1", "pt1", "eta1", "phi1", "M", "Jet_pt", "weight"];
        let mut sample = Sample::scalar(1);
        names.iter().for_each(|name| sample.add(name, Bound::Lossless, &[1.0f32]).unwrap());
        let columns = builder::build(&sample, &[], "test").columns;
        let sorted: Vec<&str> = coding_order(&columns).into_iter().map(|i| names[i]).collect();
        assert_eq!(sorted, ["pt1", "Jet_pt", "eta1", "phi1", "M", "weight", "E1", "px1"]);
    }
}
