//! What residuals cost, roughly, and how they spread.

/// Bits of residuals, roughly: what is within half a step costs none.
pub fn bits(residuals: &[f64], step: f64) -> f64 {
    residuals.iter().map(|&r| bits_of_one(r, step)).sum::<f64>() / residuals.len().max(1) as f64
}

/// Bits of one residual, roughly.
pub fn bits_of_one(residual: f64, step: f64) -> f64 {
    (1.0 + residual.abs() * (2.0 / step.max(f64::MIN_POSITIVE))).log2()
}

/// From the median.
pub fn deviations(values: &[f64]) -> Vec<f64> {
    let centre = percentile(values.to_vec(), 0.5);
    values.iter().map(|x| x - centre).collect()
}

/// Two thirds of the residuals are within this.
pub fn spread(residuals: &[f64]) -> f64 {
    percentile(residuals.iter().map(|r| r.abs()).collect(), 0.68)
}

fn percentile(mut values: Vec<f64>, p: f64) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get((values.len() as f64 * p) as usize).copied().unwrap_or(0.0)
}
