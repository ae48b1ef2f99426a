//! Inference gives the same bits with and without SIMD.

mod common;

use common::{Random, assert_held, random_net_model};
use rootbaler::coder::conditional;
use rootbaler::coder::waves::Contexts;
use rootbaler::format::block::{self, Block};
use rootbaler::inference::mixture::{self, Given};
use rootbaler::inference::sizes::{PRECISION, TILE};
use rootbaler::inference::tiles::TiledNet;
use rootbaler::machine::Machine;
use rootbaler::values::bound::Bound;
use rootbaler::values::value::{values_from_be, values_to_be};

/// Machines of this processor, the portable one last.
fn machines() -> (Vec<Machine>, Machine) {
    let mut all: Vec<Machine> = Machine::all().collect();
    let portable = all.pop().unwrap();
    println!("against {portable:?}: {all:?}");
    (all, portable)
}

#[test]
fn vector_and_scalar_inference_agree() {
    let (fast, portable) = machines();
    for seed in 0..50 {
        let mut random = Random(seed);
        let inputs = 1 + random.next() as usize % 30;
        let net = random.net(inputs);
        net.validate(inputs).unwrap();
        let plan = TiledNet::new(&net, inputs);
        let x: Vec<[i32; TILE]> =
            (0..inputs.div_ceil(2)).map(|_| std::array::from_fn(|_| (random.next() as i32) << 1)).collect();
        let outputs = |machine: Machine| {
            let mut work = plan.work(machine);
            plan.inputs(&mut work).copy_from_slice(&x);
            plan.infer(&mut work);
            work.outputs[..plan.outputs()].to_vec()
        };
        let want = outputs(portable);
        // what the format says, without any layout
        for row in [0, TILE - 1] {
            let inputs: Vec<i64> = (0..inputs).map(|i| i64::from((x[i / 2][row] >> (16 * (i % 2))) as i16)).collect();
            let plain = by_definition(&net, &inputs);
            assert_eq!(want.iter().map(|tile| tile[row]).collect::<Vec<_>>(), plain, "seed {seed}");
        }
        for &machine in &fast {
            assert_eq!(outputs(machine), want, "{machine:?}, seed {seed}");
        }
    }
}

fn by_definition(net: &rootbaler::inference::net::Net, inputs: &[i64]) -> Vec<i32> {
    let layer = |layer: &rootbaler::inference::net::Layer, x: &[i64]| -> Vec<i32> {
        let unit = |u: usize| {
            let weights = layer.weights[u * x.len()..][..x.len()].iter();
            let sum = weights.zip(x).fold(i64::from(layer.bias[u]), |sum, (&w, x)| sum + i64::from(w) * x) as i32;
            match layer.shift[u] {
                shift @ 1.. => sum.wrapping_add(1 << (shift - 1)) >> shift,
                shift => sum << -shift,
            }
        };
        (0..layer.units()).map(unit).collect()
    };
    let mut x = inputs.to_vec();
    for hidden in &net.hidden {
        x = layer(hidden, &x).into_iter().map(|s| i64::from(s.clamp(0, i32::from(i16::MAX)))).collect();
    }
    if !net.hidden.is_empty() {
        x.extend(inputs);
    }
    layer(&net.output, &x)
}

#[test]
fn vector_and_scalar_search_agree() {
    let (fast, portable) = machines();
    let values: Vec<f32> = (0..5000).map(|i| (i as f32 * 0.37).sin() * 12.3).collect();
    for seed in 0..200 {
        let mut random = Random(seed);
        let model = random_net_model(&values, &values, None, Bound::Abs(0.001), seed);
        let axis = model.columns()[1].axis.as_ref().unwrap();
        let used = 1 + random.next() as usize % mixture::MAX_COMPONENTS;
        let shift = random.next() % 20;
        let outputs: Vec<[i32; TILE]> =
            (0..3 * used).map(|_| std::array::from_fn(|_| ((random.next() << 1) as i32) >> shift)).collect();
        let given = Given { outputs: &outputs, axis };
        let quantiles: [i32; TILE] = std::array::from_fn(|_| random.next() as i32 & 0xff_ffff);
        let want = mixture::find(portable, given, &quantiles);
        // what was found holds the quantile, and the encoder sees the same interval
        for (r, &quantile) in quantiles.iter().enumerate() {
            assert!(want.left[r] <= quantile && quantile - want.left[r] < want.count[r], "seed {seed}, row {r}");
        }
        for &machine in fast.iter().chain([&portable]) {
            assert_eq!(mixture::find(machine, given, &quantiles), want, "{machine:?}, seed {seed}");
            assert_eq!(mixture::intervals(machine, given, &want.bin), want, "{machine:?}, seed {seed}");
        }
    }
}

#[test]
fn bins_tile_the_range_of_counts() {
    let values: Vec<f32> = (0..5000).map(|i| (i as f32 * 0.37).sin() * 12.3).collect();
    let model = random_net_model(&values, &values, None, Bound::Abs(0.001), 1);
    let axis = model.columns()[1].axis.as_ref().unwrap();
    let bins = axis.bins() as i32;
    for seed in 0..30 {
        let mut random = Random(seed);
        let used = 1 + random.next() as usize % mixture::MAX_COMPONENTS;
        let shift = random.next() % 20;
        // the same distribution in all rows
        let outputs: Vec<[i32; TILE]> = (0..3 * used).map(|_| [((random.next() << 1) as i32) >> shift; TILE]).collect();
        let given = Given { outputs: &outputs, axis };
        let mut next = 0;
        for first in (0..bins).step_by(TILE) {
            let wanted = std::array::from_fn(|r| (first + r as i32).min(bins - 1));
            let symbols = mixture::intervals(Machine::fastest(), given, &wanted);
            for r in 0..TILE.min((bins - first) as usize) {
                assert_eq!(symbols.left[r], next, "seed {seed}");
                assert!(symbols.count[r] >= 1, "seed {seed}");
                next += symbols.count[r];
            }
        }
        assert_eq!(next, 1 << PRECISION, "seed {seed}");
    }
}

#[test]
fn blocks_with_many_lanes_come_back() {
    let mut random = Random(5);
    for rows in [1, 33, 2048, 5000, 40_001, 70_000] {
        let mut noise = || (random.next() % 10_000) as f64 / 10_000.0;
        let first: Vec<f64> = (0..rows).map(|_| noise() * noise()).collect();
        let second: Vec<f64> = first.iter().map(|x| x.sqrt() + 0.01 * noise()).collect();
        let bound = Bound::Abs(0.0005);
        let model = random_net_model(&first, &second, None, bound, rows as u64);
        let contexts = model.columns()[0].context(&first);
        let columns = [contexts.view()];
        let given = Contexts { columns: &columns, rows, counts: None };
        let raw = values_to_be(&second);
        let mut back = vec![0; raw.len()];
        let mut bodies = Vec::new();
        for machine in Machine::all() {
            let mut body = Vec::new();
            // the conditional coder itself, whichever way would be smaller
            conditional::encode(machine, &model, 1, given, &raw, &mut body).unwrap();
            let header = conditional::header(&model, 1, given, raw.len());
            let mut reader = rootbaler::wire::bytes::Reader::new(&body);
            back.fill(0);
            conditional::decode(machine, &model, header, given, &mut reader, &mut back, None).unwrap();
            assert_held(&second, &values_from_be(&back), bound);
            bodies.push(body);
        }
        assert!(bodies.windows(2).all(|two| two[0] == two[1]), "the same bytes, whatever the instructions");
        // too few values have no smaller block
        let smallest = block::encode_model(&model, 1, false, 5, given, &raw, raw.len()).unwrap().block;
        let Some(smallest) = smallest.filter(|_| rows >= 2048) else {
            assert!(rows < 2048);
            continue;
        };
        Block::parse(&smallest.bytes).unwrap().decode(Some(&model), given, &mut back, None).unwrap();
        assert_held(&second, &values_from_be(&back), bound);
    }
}
