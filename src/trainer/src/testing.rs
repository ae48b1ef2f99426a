//! What tests of several rooms learn from, the same in every run.

/// Numbers that look random, between 0 and 1, one after the other.
pub fn noise() -> impl FnMut() -> f64 {
    let mut state = 1u64;
    move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as f64 / (1u64 << 31) as f64
    }
}

/// Columns of [`four_jets`].
pub const NAMES: [&str; 17] = [
    "jet1_pt", "jet2_pt", "jet3_pt", "jet4_pt", "jet1_eta", "jet2_eta", "jet3_eta", "jet4_eta", "jet1_phi", "jet2_phi",
    "jet3_phi", "jet4_phi", "tag1", "tag2", "tag3", "tag4", "m_jj",
];

/// Four jets, two of them tagged, and in nine of ten rows the mass of the others; angles are multiplied by `scale`.
pub fn four_jets(rows: usize, scale: f64) -> Vec<Vec<f64>> {
    let mut noise = noise();
    let mut columns = vec![Vec::new(); NAMES.len()];
    for _ in 0..rows {
        let jets: [[f64; 3]; 4] = std::array::from_fn(|_| {
            [-20.0 * noise().max(1e-9).ln(), 5.0 * noise() - 2.5, std::f64::consts::PI * (2.0 * noise() - 1.0)]
        });
        let [a, b] = [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]][(6.0 * noise()) as usize];
        for (j, jet) in jets.iter().enumerate() {
            columns[j].push(jet[0]);
            columns[4 + j].push(jet[1] * scale);
            columns[8 + j].push(jet[2] * scale);
            columns[12 + j].push(if j == a || j == b { 0.0 } else { 2.2 });
        }
        let difference = [jets[a][1] - jets[b][1], jets[a][2] - jets[b][2]];
        let square = 2.0 * jets[a][0] * jets[b][0] * (difference[0].cosh() - difference[1].cos());
        columns[16].push(if noise() < 0.9 { square.sqrt() / 80.0 } else { 0.1 + noise() });
    }
    columns
}
