//! The masked autoencoder in floating point, as libtorch trains it.
//!
//! Each column has hidden units of its own that see only earlier columns: a MADE (Germain et al. 2015) whose masks are
//! block-sparse. All columns are computed together.

use rootbaler::inference::mixture::OUTPUTS;
use rootbaler::inference::net::{HIDDEN_BIAS_DROPPED, HIDDEN_BITS};
use tch::nn::{self, Init};
use tch::{IndexOp, Kind, Tensor};

/// Steps of a hidden unit's bias as stored, by which it is rounded.
const BIAS_STEPS: f64 = (1u32 << (HIDDEN_BITS - HIDDEN_BIAS_DROPPED)) as f64;
/// Hidden activations are clipped here, as in the integer network.
const CLIP: f64 = 8.0;

/// First hidden units of a column that has no wider network than this.
pub const FEWEST: i64 = 8;
/// Outputs up to 16 fit in sums of 32 bits if weights are scaled by no more than 2 to this.
const LARGEST_EXPONENT: f64 = (31 - 4 - HIDDEN_BITS) as f64;
/// A prediction that is off by so many times more in the worst quarter of the rows than in the best is one for some
/// rows only.
const FOR_SOME: f64 = 16.0;

/// Sizes of a column's block.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Units of the first and second hidden layer.
    pub hidden: [i64; 2],
    /// Logistic components.
    pub components: i64,
    /// Largest integer of a hidden weight and of an output weight.
    pub limits: [f64; 2],
}

/// The parameters; unit by unit, so that each unit's weights are one row.
pub struct Network {
    pub size: Size,
    columns: i64,
    inputs: i64,
    mask: Tensor,
    /// Which hidden units of each layer are left: [columns, units].
    units: [Tensor; 2],
    pub first: Tensor,
    pub first_bias: Tensor,
    pub second: Tensor,
    pub second_bias: Tensor,
    pub output: Tensor,
    pub output_bias: Tensor,
}

impl Network {
    /// New parameters in `path`. `mask` is [columns, inputs]: what each column may see; `predicted` tells for columns
    /// with a predictor which input that is and how far it is off, ascending.
    pub fn new(path: &nn::Path, mask: &Tensor, predicted: &[Option<(i64, Vec<f64>)>], size: Size) -> Self {
        let [columns, inputs] = [mask.size()[0], mask.size()[1]];
        let [h1, h2] = size.hidden;
        let outputs = OUTPUTS as i64 * size.components;
        let normal = |inputs: i64| Init::Randn { mean: 0.0, stdev: (1.0 / inputs as f64).sqrt() };
        let spread: Vec<f32> = (0..outputs)
            .map(|o| {
                let k = o % size.components;
                let place = (k as f32 + 0.5) / size.components as f32 - 0.5;
                // means apart, scales as of the marginal
                if o / size.components == 1 { 2.0 * place } else { 0.0 }
            })
            .collect();
        let bias = Tensor::from_slice(&spread).view([1, outputs]).repeat([columns, 1]);
        let direct = Tensor::zeros([columns, outputs, h2 + inputs], (Kind::Float, path.device()));
        for (j, (input, off)) in predicted.iter().enumerate().filter_map(|(j, p)| p.as_ref().map(|p| (j, p))) {
            // start from the prediction
            let k = size.components;
            let _ = direct.i((j as i64, k..2 * k, h2 + *input)).fill_(1.0);
            let quantile = |share: f64| off.get((off.len() as f64 * share) as usize).copied().unwrap_or(1.0).max(1e-3);
            let is_for_some = quantile(0.75) > FOR_SOME * quantile(0.25);
            for component in 0..k {
                // as sure of it as it deserves; if it fits a part of the rows well, the first component is for these
                let share = if is_for_some { (component as f64 + 0.5) / k as f64 } else { 2.0 / 3.0 };
                let mut mean = bias.i((j as i64, k + component));
                mean *= quantile(share);
                let _ = bias.i((j as i64, 2 * k + component)).fill_(-(0.6 * quantile(share)).log2());
            }
        }
        Network {
            size,
            columns,
            inputs,
            first: path.var("first", &[columns, h1, inputs], normal(inputs)),
            first_bias: path.var("first_bias", &[columns, h1], Init::Uniform { lo: -0.5, up: 1.0 }),
            second: path.var("second", &[columns, h2, h1], normal(h1)),
            second_bias: path.var("second_bias", &[columns, h2], Init::Uniform { lo: -0.5, up: 1.0 }),
            output: path.var_copy("output", &direct),
            output_bias: path.var_copy("output_bias", &bias),
            mask: mask.shallow_clone(),
            units: size.hidden.map(|units| Tensor::ones([columns, units], (Kind::Float, path.device()))),
        }
    }

    /// Masked weights: (first, second, output), rounded as the integer network will have them if `rounded`.
    pub fn weights(&self, rounded: bool) -> (Tensor, Tensor, Tensor) {
        let h2 = self.size.hidden[1];
        let mask = self.mask.unsqueeze(1);
        let first = &self.first * &mask;
        let direct = self.output.narrow(2, h2, self.inputs) * &mask;
        let [first_left, second_left] = self.units.each_ref().map(|left| left.unsqueeze(1));
        let second = &self.second * &first_left;
        let output = Tensor::cat(&[&self.output.narrow(2, 0, h2) * &second_left, direct], 2);
        if rounded {
            let [hidden, last] = self.size.limits;
            (round(&first, hidden), round(&second, hidden), round(&output, last))
        } else {
            (first, second, output)
        }
    }

    /// How strongly each column uses each input: [columns, inputs], the norm of all weights that the input feeds.
    pub fn influence(&self) -> Tensor {
        let h2 = self.size.hidden[1];
        let direct = self.output.narrow(2, h2, self.inputs);
        (squares(&self.first, 1) + squares(&direct, 1) + 1e-12).sqrt() * &self.mask
    }

    /// Takes away the weaker half of the hidden units of each column that has more than the [`FEWEST`]. A unit is as
    /// strong as the norm of all its weights. Returns the units that there were.
    pub fn halve(&mut self) -> [Tensor; 2] {
        let _frozen = tch::no_grad_guard();
        let (first, second, output) = self.weights(false);
        let from_second = output.narrow(2, 0, self.size.hidden[1]);
        let strength = [squares(&first, 2) + squares(&second, 1), squares(&second, 2) + squares(&from_second, 1)];
        let is_wide = self.units[0].sum_dim_intlist([1i64].as_slice(), true, Kind::Float).gt(FEWEST as f64);
        let halved = [0, 1].map(|layer: usize| {
            let left = &self.units[layer];
            let half = left.sum_dim_intlist([1i64].as_slice(), true, Kind::Float) / 2.0;
            // units that were taken away before are the weakest
            let rank = (&strength[layer] * left + left).argsort(1, true).argsort(1, false);
            rank.lt_tensor(&half).to_kind(Kind::Float).where_self(&is_wide, left)
        });
        std::mem::replace(&mut self.units, halved)
    }

    /// Gives a column the units back that [`Network::halve`] took.
    pub fn widen(&mut self, column: i64, units: &[Tensor; 2]) {
        for (now, before) in self.units.iter().zip(units) {
            now.get(column).copy_(&before.get(column));
        }
    }

    /// Hidden units of a column that are left, of each layer.
    pub fn left(&self, column: i64) -> [Tensor; 2] {
        self.units.each_ref().map(|units| units.get(column).nonzero().flatten(0, -1))
    }

    /// Masks the inputs whose influence is below `share` of the column's strongest; `shares`, [columns, inputs], are
    /// those of inputs that must be worth more.
    pub fn prune(&mut self, share: f64, shares: &Tensor) {
        let _frozen = tch::no_grad_guard();
        let influence = self.influence();
        let least = influence.amax([1i64].as_slice(), true) * shares.clamp_min(share);
        self.mask = influence.ge_tensor(&least).to_kind(Kind::Float) * &self.mask;
    }

    /// Inputs that each column sees.
    pub fn seen(&self) -> Vec<Vec<i64>> {
        let rows = (0..self.columns).map(|j| self.mask.get(j).nonzero().flatten(0, -1));
        rows.map(|row| Vec::try_from(row).unwrap_or_default()).collect()
    }

    /// Bits of each value, [columns, rows], for inputs [rows, inputs] and bin edges [rows, columns].
    pub fn bits(&self, inputs: &Tensor, low: &Tensor, high: &Tensor, bins: &Tensor, rounded: bool) -> Tensor {
        let [h1, h2] = self.size.hidden;
        let (c, rows) = (self.columns, inputs.size()[0]);
        let (first, second, output) = self.weights(rounded);
        let bias = |bias: &Tensor| {
            if rounded { through((bias * BIAS_STEPS).round() / BIAS_STEPS, bias) } else { bias.shallow_clone() }
        };
        let x = inputs.matmul(&first.reshape([c * h1, self.inputs]).tr()) + bias(&self.first_bias).reshape([1, c * h1]);
        let x = x.clamp(0.0, CLIP).reshape([rows, c, h1]).transpose(0, 1);
        let x = (x.bmm(&second.transpose(1, 2)) + bias(&self.second_bias).unsqueeze(1)).clamp(0.0, CLIP);
        let outputs = OUTPUTS as i64 * self.size.components;
        let direct = output.narrow(2, h2, self.inputs).reshape([c * outputs, self.inputs]);
        let direct = inputs.matmul(&direct.tr()).reshape([rows, c, outputs]).transpose(0, 1);
        let o = x.bmm(&output.narrow(2, 0, h2).transpose(1, 2)) + direct + self.output_bias.unsqueeze(1);
        let k = self.size.components;
        let logits = o.narrow(2, 0, k) * std::f64::consts::LN_2;
        let (mean, scale) = (o.narrow(2, k, k), o.narrow(2, 2 * k, k));
        let inverse = (scale.clamp(-5.0, 14.0) * std::f64::consts::LN_2).exp();
        let edge = |e: &Tensor| (e.tr().unsqueeze(2) - &mean) * &inverse;
        let (a, b) = (edge(low), edge(high));
        // log(sigmoid(b) - sigmoid(a)) without cancellation
        let inside = b.log_sigmoid() + (-&a).log_sigmoid() + (-((&a - &b).clamp(-60.0, -1e-9)).expm1()).log();
        let log_p = (inside + logits.log_softmax(-1, Kind::Float)).logsumexp([-1i64].as_slice(), false);
        // every bin keeps one count of 2^24
        let counts = 2f64.powi(24);
        let share = (bins / -counts).log1p().tr();
        let floor = Tensor::from(-counts.ln() as f32);
        (log_p + share).logaddexp(&floor) * (-std::f64::consts::LOG2_E)
    }
}

/// Sums of squares over a dimension.
fn squares(weights: &Tensor, over: i64) -> Tensor {
    weights.square().sum_dim_intlist([over].as_slice(), false, Kind::Float)
}

/// Power of two by which each row of weights is scaled to integers up to `limit`; [.., rows, 1].
pub fn exponents(weights: &Tensor, limit: f64) -> Tensor {
    let largest = weights.abs().amax([-1i64].as_slice(), true).clamp_min(1e-6);
    (limit / largest).log2().floor().clamp(-4.0, LARGEST_EXPONENT)
}

/// Rounds to the integer network's weights.
fn round(weights: &Tensor, limit: f64) -> Tensor {
    let factor = exponents(&weights.detach(), limit).exp2();
    through((weights * &factor).round() / factor, weights)
}

/// What is rounded, with the gradient of what it was.
fn through(rounded: Tensor, exact: &Tensor) -> Tensor {
    exact + (rounded - exact).detach()
}
