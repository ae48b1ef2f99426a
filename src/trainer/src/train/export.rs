//! From trained floating-point parameters to the integer networks of a model.

use super::network::{Network, exponents};
use rootbaler::inference::axis::{CONTEXT_BITS, SCORE_BITS};
use rootbaler::inference::mixture::{LOG_BITS, OUTPUTS};
use rootbaler::inference::net::{HIDDEN_BITS, Layer, Net};
use tch::{IndexOp, Kind, Tensor};

/// Networks of all columns; `seen[j]` are the inputs of column j, as indexes of the network's inputs.
pub fn nets(network: &Network, seen: &[Vec<i64>]) -> Vec<Net> {
    let _frozen = tch::no_grad_guard();
    let (first, second, output) = network.weights(false);
    let h2 = network.size.hidden[1];
    let k = network.size.components as usize;
    let [hidden_limit, output_limit] = network.size.limits;
    let one = |(j, seen): (usize, &Vec<i64>)| {
        let j = j as i64;
        let seen = Tensor::from_slice(seen);
        let inputs = |weights: Tensor| weights.index_select(1, &seen);
        let hidden =
            |weights: &Tensor, bias: &Tensor, bits| layer(weights, bias, hidden_limit, |_| (bits, HIDDEN_BITS));
        let [units1, units2] = network.left(j);
        let left1 = |of: &Tensor| of.i(j).index_select(0, &units1);
        let left2 = |of: &Tensor| of.i(j).index_select(0, &units2);
        let hidden1 = hidden(&inputs(left1(&first)), &left1(&network.first_bias), CONTEXT_BITS);
        let second = left2(&second).index_select(1, &units1);
        let hidden2 = hidden(&second, &left2(&network.second_bias), HIDDEN_BITS);
        let from_hidden = output.i((j, .., 0..h2)).index_select(1, &units2);
        // inputs have one fraction bit less than hidden activations
        let direct = inputs(output.i((j, .., h2..))) * f64::from(1u32 << (HIDDEN_BITS - CONTEXT_BITS));
        let last = layer(&Tensor::cat(&[from_hidden, direct], 1), &network.output_bias.i(j), output_limit, |unit| {
            (HIDDEN_BITS, if unit / k == 1 { SCORE_BITS } else { LOG_BITS })
        });
        debug_assert_eq!(last.shift.len(), OUTPUTS * k);
        // a column that sees nothing has constant outputs
        let blind = seen.numel() == 0;
        let (hidden, output) = if blind { (Vec::new(), constants(&last)) } else { (vec![hidden1, hidden2], last) };
        Net { components: k as u8, hidden, output }
    };
    seen.iter().enumerate().map(one).collect()
}

/// Integer weights [units, inputs]; `bits(unit)` gives the fraction bits of inputs and result.
fn layer(weights: &Tensor, bias: &Tensor, limit: f64, bits: impl Fn(usize) -> (u32, u32)) -> Layer {
    let [units, inputs] = [weights.size()[0], weights.size()[1]];
    let exponent =
        if inputs > 0 { exponents(weights, limit) } else { Tensor::zeros([units, 1], (Kind::Float, bias.device())) };
    let integers = (weights * exponent.exp2()).round().clamp(-limit, limit);
    let integers: Vec<f32> = to_vec(&integers);
    let exponent: Vec<f32> = to_vec(&exponent);
    let bias: Vec<f32> = to_vec(bias);
    let mut layer = Layer { inputs: inputs as u32, ..Layer::default() };
    layer.weights = integers.into_iter().map(|w| w as i16).collect();
    for unit in 0..units as usize {
        let (input_bits, result_bits) = bits(unit);
        let sum_bits = exponent[unit] as i32 + input_bits as i32;
        layer.bias.push((f64::from(bias[unit]) * 2f64.powi(sum_bits)).round() as i32);
        layer.shift.push((sum_bits - result_bits as i32) as i8);
    }
    layer
}

/// The layer without inputs.
fn constants(layer: &Layer) -> Layer {
    Layer { inputs: 0, weights: Vec::new(), bias: layer.bias.clone(), shift: layer.shift.clone() }
}

fn to_vec(t: &Tensor) -> Vec<f32> {
    Vec::try_from(t.contiguous().flatten(0, -1).to_kind(Kind::Float)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::network::Size;
    use tch::{Device, nn};

    #[test]
    fn a_column_loses_its_weaker_units_until_few_are_left() {
        let store = nn::VarStore::new(Device::Cpu);
        let (columns, inputs) = (2, 3);
        let mask = Tensor::ones([columns, inputs], (Kind::Float, Device::Cpu));
        let size = Size { hidden: [32, 16], components: 2, limits: [31.0, 1023.0] };
        let mut network = Network::new(&store.root(), &mask, &[None, None], size);
        let odd = Tensor::arange(32, (Kind::Float, Device::Cpu)).remainder(2.0).view([1, 32, 1]);
        let _frozen = tch::no_grad_guard();
        network.first.copy_(&(odd * 100.0).expand([columns, 32, inputs], false));
        let widths = |network: &Network| {
            let nets = nets(network, &network.seen());
            for net in &nets {
                net.validate(inputs as usize).unwrap();
            }
            nets.iter().map(|net| net.hidden.iter().map(|l| l.units()).collect::<Vec<_>>()).collect::<Vec<_>>()
        };
        assert_eq!(widths(&network), [[32, 16], [32, 16]]);
        let all = network.halve();
        network.widen(1, &all);
        assert_eq!(widths(&network), [[16, 8], [32, 16]]);
        let left = Vec::<i64>::try_from(&network.left(0)[0]).unwrap();
        assert_eq!(left, (1..32).step_by(2).collect::<Vec<i64>>(), "the strong units stay");
        let _ = network.halve();
        assert_eq!(widths(&network), [[8, 4], [16, 8]]);
        let _ = [network.halve(), network.halve()];
        assert_eq!(widths(&network), [[8, 4], [8, 4]], "few units stay");
    }
}
