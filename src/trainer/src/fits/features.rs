//! What formulas are made of: values of columns, and what kinematics makes of columns named pt, eta, phi.

use rootbaler::inference::functions::Function;
use rootbaler::model::predictor::{Factor, Formula, Term};

/// Systems that are tried, small ones first.
const MOST_SYSTEMS: usize = 64;

/// A sum of terms with common coefficient, and its values.
pub struct Feature {
    pub sum: Formula,
    /// The last column that it needs.
    pub last: usize,
    pub values: Vec<f64>,
}

impl Feature {
    /// The terms, times a coefficient.
    pub fn times(&self, coefficient: f64) -> impl Iterator<Item = Term> + '_ {
        let scaled = move |t: &Term| Term { coefficient: t.coefficient * coefficient, factors: t.factors.clone() };
        self.sum.terms.iter().map(scaled)
    }
}

/// Columns of one particle: pt, eta, phi, and all that have the same name around that.
pub struct Particle {
    pub pt: usize,
    pub eta: usize,
    pub phi: usize,
    all: Vec<usize>,
}

fn factor(column: usize, function: Function) -> Factor {
    Factor { column: column as u32, minus: None, function }
}

fn feature(columns: &[Vec<f64>], terms: Vec<(f64, Vec<Factor>)>) -> Feature {
    let terms: Vec<Term> = terms.into_iter().map(|(coefficient, factors)| Term { coefficient, factors }).collect();
    let sum = Formula { terms, root: false };
    let values = sum.predict(columns.first().map_or(0, Vec::len), |c| &columns[c as usize]);
    let last = sum.columns().max().unwrap_or(0) as usize;
    Feature { sum, last, values }
}

impl Particle {
    /// Whether a column is its pt, eta or phi.
    pub fn has(&self, column: usize) -> bool {
        [self.pt, self.eta, self.phi].contains(&column)
    }
}

/// What sums of columns and momenta are made of; and resolutions and calibrations (1/sqrt(pt), 1/pt, each times |eta|
/// or another column of the same particle).
pub fn direct(columns: &[Vec<f64>], particles: &[Particle]) -> Vec<Feature> {
    use Function::*;
    let mut features: Vec<Feature> =
        (0..columns.len()).map(|c| feature(columns, vec![(1.0, vec![factor(c, Identity)])])).collect();
    for p in particles {
        for (angle, function) in [(p.phi, Cos), (p.phi, Sin), (p.eta, Sinh), (p.eta, Cosh)] {
            features.push(feature(columns, vec![(1.0, vec![factor(p.pt, Identity), factor(angle, function)])]));
        }
        let root = [factor(p.pt, InverseRoot)];
        for falling in [&root[..], &root.repeat(2)] {
            let mut push = |others: &[Factor]| features.push(feature(columns, vec![(1.0, [falling, others].concat())]));
            push(&[]);
            push(&[factor(p.eta, Abs)]);
            p.all.iter().filter(|&&c| c != p.pt).for_each(|&c| push(&[factor(c, Identity)]));
        }
    }
    features
}

/// What squares of energies and masses are made of.
pub fn squares(columns: &[Vec<f64>], particles: &[Particle]) -> Vec<Feature> {
    use Function::*;
    let mut features: Vec<Feature> =
        (0..columns.len()).map(|c| feature(columns, vec![(1.0, vec![factor(c, Square)])])).collect();
    for (i, a) in particles.iter().enumerate() {
        features
            .push(feature(columns, vec![(1.0, vec![factor(a.pt, Square), factor(a.eta, Cosh), factor(a.eta, Cosh)])]));
        for b in &particles[..i] {
            features.push(feature(columns, pair(a, b)));
        }
    }
    features
}

/// Squared masses of systems of two up to `most` massless particles.
pub fn systems(columns: &[Vec<f64>], particles: &[Particle], most: usize) -> Vec<Feature> {
    let mut systems: Vec<Vec<usize>> = (0..particles.len()).map(|p| vec![p]).collect();
    let mut features = Vec::new();
    for _ in 2..=most {
        let longer = |system: &Vec<usize>| {
            let first = system.last().map_or(0, |last| last + 1);
            (first..particles.len()).map(|next| [&system[..], &[next]].concat()).collect::<Vec<_>>()
        };
        systems = systems.iter().flat_map(longer).take(MOST_SYSTEMS - features.len()).collect();
        features.extend(systems.iter().map(|system| {
            let pairs = system.iter().enumerate().flat_map(|(i, &a)| system[..i].iter().map(move |&b| (a, b)));
            feature(columns, pairs.flat_map(|(a, b)| pair(&particles[a], &particles[b])).collect())
        }));
    }
    features
}

/// Squared mass of two massless particles: 2 pt pt' (cosh(eta - eta') - cos(phi - phi')).
fn pair(a: &Particle, b: &Particle) -> Vec<(f64, Vec<Factor>)> {
    let of_difference = |x: usize, y: usize, function| Factor { column: x as u32, minus: Some(y as u32), function };
    let product = |sign: f64, last: Factor| {
        (2.0 * sign, vec![factor(a.pt, Function::Identity), factor(b.pt, Function::Identity), last])
    };
    vec![
        product(1.0, of_difference(a.eta, b.eta, Function::Cosh)),
        product(-1.0, of_difference(a.phi, b.phi, Function::Cos)),
    ]
}

/// Columns whose names differ only in pt, eta and phi.
pub fn particles(names: &[&str]) -> Vec<Particle> {
    let lower: Vec<String> = names.iter().map(|n| n.to_lowercase()).collect();
    let place = |name: String| lower.iter().position(|n| *n == name);
    let mut found = Vec::new();
    for (pt, name) in lower.iter().enumerate() {
        let Some(at) = name.rfind("pt") else { continue };
        let (before, after) = (&name[..at], &name[at + 2..]);
        let with = |what: &str| format!("{before}{what}{after}");
        if let (Some(eta), Some(phi)) = (place(with("eta")), place(with("phi"))) {
            let is_own = |name: &str| {
                name.len() >= before.len() + after.len() && name.starts_with(before) && name.ends_with(after)
            };
            let all = (0..lower.len()).filter(|&c| is_own(&lower[c])).collect();
            found.push(Particle { pt, eta, phi, all });
        }
    }
    found
}
