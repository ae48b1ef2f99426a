//! Models of the golden files: every kind of network, input, formula and lattice.

use rootbaler::Model;
use std::sync::LazyLock;

macro_rules! golden {
    ($($name:literal),* $(,)?) => {
        [$(include_bytes!(concat!("../../golden/v1/", $name, ".model")) as &[u8]),*]
    };
}

/// The files.
pub const FILES: [&[u8]; 12] = golden![
    "example",
    "foreign",
    "formulas",
    "functions",
    "jagged",
    "lanes",
    "nan",
    "networks",
    "scores",
    "types",
    "values",
    "waves",
];

/// The same, loaded.
pub static MODELS: LazyLock<Vec<Model>> = LazyLock::new(|| {
    let load = |file: &&[u8]| Model::from_bytes(file).unwrap_or_else(|e| panic!("a golden model: {e}"));
    FILES.iter().map(load).collect()
});
