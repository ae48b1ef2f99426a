//! Least squares, by libtorch's linear algebra: few features out of many by forward selection, and what others leave of
//! each of many columns.

use tch::{Kind, Tensor};

/// A fit with some features.
pub struct LinearFit {
    /// Index and coefficient of each feature.
    pub chosen: Vec<(usize, f64)>,
    /// Added to the sum.
    pub constant: f64,
}

/// Of a feature that the chosen ones nearly make up, less than this share is its own: it is not chosen.
const OWN_SHARE: f64 = 1e-8;
/// Works with features that others nearly make up, too.
const SOLVER: &str = "gelsy";

/// Fits with 1, 2, ... `most` features, each adding the one that then leaves least. None with a feature or for a target
/// whose squares are not finite.
pub fn forward_selection(features: &[&[f64]], target: &[f64], most: usize) -> Vec<LinearFit> {
    if features.is_empty() || target.is_empty() {
        return Vec::new();
    }
    let (target, target_mean) = centred(&[target]);
    if !target_mean[0].is_finite() {
        return Vec::new();
    }
    let target = target.get(0);
    // what the chosen features do not make up: of the target, and of each feature
    let mut residual = target.shallow_clone();
    let (mut beyond, means) = centred(features);
    let norms = to_vec(&squares(&beyond));
    let mut chosen: Vec<usize> = Vec::new();
    // the chosen features, one a row and scaled to unit norm
    let mut scaled: Vec<Tensor> = Vec::new();
    let mut fits = Vec::new();
    for _ in 0..most.min(features.len()) {
        let left = to_vec(&squares(&beyond));
        let along = to_vec(&beyond.mv(&residual));
        let candidates = (0..features.len()).filter(|&i| left[i] > OWN_SHARE * norms[i] && !chosen.contains(&i));
        let strengths = candidates.map(|i| (i, along[i] * along[i] / left[i])).filter(|(_, s)| s.is_finite());
        let Some((next, _)) = strengths.max_by(|a, b| a.1.total_cmp(&b.1)) else { break };
        chosen.push(next);
        scaled.push(centred(&features[next..=next]).0.get(0) / norms[next].sqrt());
        let direction = beyond.get(next as i64) / left[next].sqrt();
        let shares = beyond.mv(&direction);
        let _ = beyond.addr_(&shares.neg(), &direction);
        let basis = Tensor::stack(&scaled, 1);
        let (solution, ..) = basis.linalg_lstsq(&target.unsqueeze(1), None, SOLVER);
        residual = &target - basis.mv(&solution.squeeze_dim(1));
        let coefficients = to_vec(&solution).into_iter().zip(&chosen).map(|(c, &i)| (i, c / norms[i].sqrt()));
        let coefficients: Vec<(usize, f64)> = coefficients.collect();
        let constant = target_mean[0] - coefficients.iter().map(|&(i, c)| c * means[i]).sum::<f64>();
        fits.push(LinearFit { chosen: coefficients, constant });
    }
    fits
}

/// The inverse of the covariance of columns, each with so much variance besides: one over its diagonal is what all
/// others leave of each. None if it does not exist.
pub fn precision(columns: &[&[f64]], besides: f64) -> Option<Vec<Vec<f64>>> {
    let (rows, width) = (columns.first()?.len(), columns.len() as i64);
    let (columns, _) = centred(columns);
    let covariance = columns.matmul(&columns.tr()) / rows.max(1) as f64;
    let covariance = covariance + Tensor::eye(width, (Kind::Double, columns.device())) * besides;
    if !to_vec(&covariance).iter().all(|x| x.is_finite()) {
        return None;
    }
    let (lower, failed) = covariance.linalg_cholesky_ex(false, false);
    let inverse = || to_vec(&lower.cholesky_inverse(false)).chunks(width as usize).map(<[f64]>::to_vec).collect();
    (failed.int64_value(&[]) == 0).then(inverse)
}

/// Columns as rows of a matrix, less their means, and the means. What is not finite counts as the mean.
fn centred(columns: &[&[f64]]) -> (Tensor, Vec<f64>) {
    let rows = columns.first().map_or(0, |c| c.len()) as i64;
    let values = Tensor::from_slice(&columns.concat()).view([columns.len() as i64, rows]);
    let means = values.mean_dim(1, true, Kind::Double);
    let centred = (&values - &means).where_self(&values.isfinite(), &Tensor::from(0.0f64));
    (centred, to_vec(&means))
}

/// Sums of squares of each row.
fn squares(matrix: &Tensor) -> Tensor {
    matrix.square().sum_dim_intlist([1i64].as_slice(), false, Kind::Double)
}

fn to_vec(tensor: &Tensor) -> Vec<f64> {
    Vec::try_from(tensor.contiguous().flatten(0, -1)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::noise;

    fn columns(rows: usize) -> [Vec<f64>; 4] {
        let mut noise = noise();
        let [a, b]: [Vec<f64>; 2] = [1.0, 1e6].map(|scale| (0..rows).map(|_| scale * (5.0 + noise())).collect());
        let twice = a.iter().map(|x| 2.0 * x).collect();
        let sum = a.iter().zip(&b).map(|(a, b)| 3.0 + 7.0 * a - 1e-3 * b).collect();
        [a, b, twice, sum]
    }

    #[test]
    fn finds_the_features_of_a_sum() {
        let [a, b, twice, sum] = columns(500);
        let fits = forward_selection(&[&a, &b, &twice], &sum, 3);
        // the third is the first again
        assert_eq!(fits.len(), 2);
        assert_eq!(fits[0].chosen.len(), 1);
        let predicted = |row: usize| {
            let features = [a[row], b[row], twice[row]];
            fits[1].constant + fits[1].chosen.iter().map(|&(i, c)| c * features[i]).sum::<f64>()
        };
        assert!((0..500).all(|row| (predicted(row) - sum[row]).abs() < 1e-8));
    }

    #[test]
    fn what_is_not_finite_or_constant_is_no_feature() {
        let [mut a, b, twice, sum] = columns(100);
        a[3] = f64::INFINITY;
        let fits = forward_selection(&[&a, &[1.0; 100], &b, &twice], &sum, 4);
        let chosen: Vec<usize> = fits.last().unwrap().chosen.iter().map(|c| c.0).collect();
        assert!(chosen.iter().all(|i| [2, 3].contains(i)), "{chosen:?}");
        assert!(forward_selection(&[&b], &[f64::NAN; 100], 1).is_empty());
        assert!(forward_selection(&[&[]], &[], 1).is_empty());
    }

    #[test]
    fn precision_tells_what_others_leave() {
        let [a, b, _, sum] = columns(500);
        let precise = precision(&[&a, &b, &sum], 1e-6).unwrap();
        // the sum's own 1e-6, and those of a and b times the squares of their coefficients
        let left = 1.0 / precise[2][2];
        assert!((left / (1e-6 * 50.0) - 1.0).abs() < 1e-3, "{left}");
        assert!(precision(&[&[f64::MAX, f64::MIN]], 1.0).is_none());
        assert!(precision(&[], 1.0).is_none());
    }
}
