//! Least squares with few features out of many: forward selection.

/// A fit with some features.
pub struct Fit {
    /// Index and coefficient of each feature.
    pub chosen: Vec<(usize, f64)>,
    /// Added to the sum.
    pub constant: f64,
}

/// Of a feature that the chosen ones nearly make up, less than this share is its own: it is not chosen.
const OWN_SHARE: f64 = 1e-8;

/// Fits with 1, 2, ... `most` features, each adding the one that then leaves least.
pub fn forward_selection(features: &[&[f64]], target: &[f64], most: usize) -> Vec<Fit> {
    let centred: Vec<Vec<f64>> = features.iter().map(|f| centre(f).0).collect();
    let norms: Vec<f64> = centred.iter().map(|f| dot(f, f)).collect();
    let (target_centred, target_mean) = centre(target);
    let mut residual = target_centred.clone();
    let mut chosen: Vec<usize> = Vec::new();
    // orthonormal, spanned by the chosen features; and squares of what the others have beyond it
    let mut basis: Vec<Vec<f64>> = Vec::new();
    let mut beyond = norms.clone();
    let mut fits = Vec::new();
    for _ in 0..most.min(features.len()) {
        // the residual is orthogonal to the basis
        let strength = |i: usize| dot(&centred[i], &residual).powi(2) / beyond[i];
        let candidates = (0..features.len()).filter(|&i| beyond[i] > OWN_SHARE * norms[i]);
        let strengths = candidates.map(|i| (i, strength(i)));
        let Some((next, _)) = strengths.max_by(|a, b| a.1.total_cmp(&b.1)) else { break };
        chosen.push(next);
        let mut direction = centred[next].clone();
        for other in &basis {
            let share = dot(&direction, other);
            direction.iter_mut().zip(other).for_each(|(x, y)| *x -= share * y);
        }
        let length = dot(&direction, &direction).sqrt();
        direction.iter_mut().for_each(|x| *x /= length);
        beyond.iter_mut().zip(&centred).for_each(|(left, feature)| *left -= dot(feature, &direction).powi(2));
        beyond[next] = 0.0;
        basis.push(direction);
        let Some(coefficients) = solve(&chosen, &centred, &norms, &target_centred) else { break };
        residual.copy_from_slice(&target_centred);
        for (&i, &c) in chosen.iter().zip(&coefficients) {
            residual.iter_mut().zip(&centred[i]).for_each(|(r, x)| *r -= c * x);
        }
        let means = chosen.iter().zip(&coefficients).map(|(&i, c)| c * mean(features[i]));
        fits.push(Fit {
            constant: target_mean - means.sum::<f64>(),
            chosen: chosen.iter().copied().zip(coefficients).collect(),
        });
    }
    fits
}

fn mean(x: &[f64]) -> f64 {
    x.iter().sum::<f64>() / x.len().max(1) as f64
}

fn centre(x: &[f64]) -> (Vec<f64>, f64) {
    let m = mean(x);
    (x.iter().map(|v| if v.is_finite() { v - m } else { 0.0 }).collect(), m)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Normal equations of the chosen features, scaled to unit norm, by Gaussian elimination; None if they are singular.
fn solve(chosen: &[usize], features: &[Vec<f64>], norms: &[f64], target: &[f64]) -> Option<Vec<f64>> {
    let n = chosen.len();
    let scale: Vec<f64> = chosen.iter().map(|&i| norms[i].sqrt()).collect();
    let mut rows: Vec<Vec<f64>> = (0..n)
        .map(|a| {
            let x = &features[chosen[a]];
            let mut row: Vec<f64> = (0..n).map(|b| dot(x, &features[chosen[b]]) / (scale[a] * scale[b])).collect();
            row.push(dot(x, target) / scale[a]);
            row
        })
        .collect();
    for i in 0..n {
        let pivot = (i..n).max_by(|&a, &b| rows[a][i].abs().total_cmp(&rows[b][i].abs()))?;
        rows.swap(i, pivot);
        if rows[i][i].abs() < 1e-9 {
            return None;
        }
        let row = rows[i].clone();
        for other in (0..n).filter(|&o| o != i) {
            let factor = rows[other][i] / row[i];
            rows[other].iter_mut().zip(&row).for_each(|(x, y)| *x -= factor * y);
        }
    }
    Some((0..n).map(|i| rows[i][n] / rows[i][i] / scale[i]).collect())
}
