//! Coding order: what analyses read first comes first, so that common reads need no other branches.

/// Kinematic base first (pt, eta, phi, mass), then the rest, energies and Cartesian components last: the base
/// determines them.
pub fn coding_order(names: &[&str]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(|&i| rank(names[i]));
    order
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

    #[test]
    fn base_before_derived() {
        let names = ["E1", "px1", "pt1", "eta1", "phi1", "M", "Jet_pt", "weight"];
        let sorted: Vec<&str> = coding_order(&names).into_iter().map(|i| names[i]).collect();
        assert_eq!(sorted, ["pt1", "Jet_pt", "eta1", "phi1", "M", "weight", "E1", "px1"]);
    }
}
