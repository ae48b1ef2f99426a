//! The promise: whatever the values and the bound are, each comes back within its bound, zeros with their sign, NaN
//! with all bits, repeated integers exactly, and what was coded once stays where it is when it is coded again.
#![no_main]

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use rootbaler::coder::waves::Contexts;
use rootbaler::format::block::{self, Block, NewBlock};
use rootbaler::format::collections::Elements;
use rootbaler::format::streams::{Layout, Stream};
use rootbaler::model::sample::Sample;
use rootbaler::model::{Input, Model, builder};
use rootbaler::values::quantiser::{Lattice, Quantiser};
use rootbaler::values::value::{Value, ValueType, values_from_be, values_to_be};
use rootbaler::{Bound, with_type};
use rootbaler_fuzz::common::{Random, offsets};
use rootbaler_fuzz::contexts::entries;
use std::collections::HashMap;

fuzz_target!(|data: &[u8]| {
    _ = run(&mut Unstructured::new(data));
});

fn run(u: &mut Unstructured) -> Result<()> {
    let value = *u.choose(&ValueType::ALL)?;
    with_type!(value, T => match u.int_in_range(0..=3)? {
        0 => column::<T>(u),
        1 => rows::<T>(u),
        2 => collections::<T>(u),
        _ => model::<T>(u),
    })
}

fn bound(u: &mut Unstructured) -> Result<Bound> {
    let number = match u.int_in_range(0..=3)? {
        0 => f64::from_bits(u.arbitrary()?).abs(),
        1 => f64::from(u.arbitrary::<u16>()?) / 1024.0,
        _ => 10f64.powi(u.int_in_range(-12..=6)?),
    };
    let number = if number.is_finite() && number > 0.0 { number } else { 0.01 };
    Ok(match u.int_in_range(0..=5)? {
        0 => Bound::Lossless,
        1 => Bound::Bits(u.int_in_range(0..=52)?),
        2 => Bound::AbsDither(number),
        _ => Bound::Abs(number),
    })
}

/// Some values, each several times, and others near to them.
fn values<V: Value>(u: &mut Unstructured) -> Result<Vec<V>> {
    let count = u.int_in_range(1..=12)?;
    let palette = (0..count).map(|_| one::<V>(u)).collect::<Result<Vec<V>>>()?;
    let mut values = Vec::new();
    while !u.is_empty() && values.len() < 400 {
        let (byte, times) = (u.arbitrary::<u8>()?, u.arbitrary::<u8>()?);
        let value = palette[usize::from(byte >> 4) % palette.len()];
        let near = match byte & 15 {
            0..4 => value,
            4..8 => V::from_bits64(value.bits().wrapping_add(u64::from(byte & 3))),
            n => V::from_f64(value.to_f64() * (1.0 + f64::from(n) * f64::from(times) * 1e-5)),
        };
        values.resize(values.len() + usize::from(times % 32), near);
    }
    Ok(values)
}

fn one<V: Value>(u: &mut Unstructured) -> Result<V> {
    Ok(match u.int_in_range(0..=3)? {
        0 => V::from_bits64(u.arbitrary()?),
        1 => V::from_f64(*u.choose(&[0.0, -0.0, 1.0, -1.0, -999.0, f64::NAN, f64::INFINITY, 1e-310, f64::MAX])?),
        2 => V::from_f64(f64::from(u.arbitrary::<i16>()?)),
        _ => V::from_f64(f64::from(u.arbitrary::<i32>()?) * 1e-6),
    })
}

/// One column standing alone.
fn column<V: Value>(u: &mut Unstructured) -> Result<()> {
    let (bound, level, jagged) = (bound(u)?, u.int_in_range(0..=9)?, u.arbitrary()?);
    let bound = if V::TYPE.is_float() { bound } else { Bound::Lossless };
    let Some(quantiser) = quantiser(bound) else { return Ok(()) };
    let values = values::<V>(u)?;
    let (counts, tail) = tail::<V>(values.len(), jagged);
    let layout = Layout::of_column(V::TYPE, quantiser);
    let encode = |raw: &[u8], len| block::encode_layout(&layout, counts.as_deref(), level, raw, len);
    let contexts = Contexts { counts: counts.as_deref(), ..Contexts::default() };
    let decoded = there_and_back(&encode, None, contexts, &values_to_be(&values), &tail);
    holds(&values, &values_from_be(&decoded), bound);
    Ok(())
}

fn quantiser(bound: Bound) -> Option<Quantiser> {
    Quantiser::of(bound).ok()
}

fn tail<V: Value>(rows: usize, jagged: bool) -> (Option<Vec<u32>>, Vec<u8>) {
    let counts = jagged.then(|| entries(rows, rows as u64));
    let tail = counts.as_ref().map_or(Vec::new(), |counts| offsets(counts, size_of::<V>()));
    (counts, tail)
}

type Encode<'a> = &'a dyn Fn(&[u8], usize) -> rootbaler::Result<Option<NewBlock>>;

/// Codes and decodes; what came out is coded again and must stay as it is. Where a block would be no smaller the bytes
/// themselves are stored.
fn there_and_back(encode: Encode, model: Option<&Model>, contexts: Contexts, data: &[u8], tail: &[u8]) -> Vec<u8> {
    let once = |data: &[u8]| {
        let raw = [data, tail].concat();
        let made = encode(&raw, data.len());
        let Ok(made) = made else { panic!("not coded: {:?}", made.err()) };
        let Some(made) = made else { return None };
        assert!(made.bytes.len() < raw.len());
        let Ok(block) = Block::parse(&made.bytes) else { panic!("what was made is no block") };
        assert!((block.kind, block.raw_len, block.len) == (made.kind, raw.len(), made.bytes.len()));
        let mut decoded = vec![0; raw.len()];
        let done = block.decode(model, contexts, &mut decoded, None);
        assert!(done.is_ok() && decoded[data.len()..] == *tail, "{done:?}");
        decoded.truncate(data.len());
        Some(decoded)
    };
    let Some(decoded) = once(data) else { return data.to_vec() };
    if let Some(again) = once(&decoded) {
        assert!(again == decoded, "values moved twice");
    }
    decoded
}

/// Leaves of a leaf list, each with its bound.
fn rows<V: Value>(u: &mut Unstructured) -> Result<()> {
    let level = u.int_in_range(0..=9)?;
    let (mut streams, mut bounds, mut offset) = (Vec::new(), Vec::new(), 0);
    for _ in 0..u.int_in_range(1..=4)? {
        let bound = if V::TYPE.is_float() { bound(u)? } else { Bound::Lossless };
        let Some(quantiser) = quantiser(bound) else { return Ok(()) };
        let count = u.int_in_range(1..=3)?;
        streams.push(Stream { value: V::TYPE, quantiser, offset, count });
        bounds.resize(bounds.len() + count, bound);
        offset += count * size_of::<V>();
    }
    let layout = Layout { row_size: offset, streams };
    let mut values = values::<V>(u)?;
    values.truncate(values.len() / bounds.len() * bounds.len());
    let encode = |raw: &[u8], len| block::encode_layout(&layout, None, level, raw, len);
    let decoded = there_and_back(&encode, None, Contexts::default(), &values_to_be(&values), &[]);
    for (place, &bound) in bounds.iter().enumerate() {
        let leaf = |all: &[V]| all.iter().skip(place).step_by(bounds.len()).copied().collect::<Vec<V>>();
        holds(&leaf(&values), &leaf(&values_from_be(&decoded)), bound);
    }
    Ok(())
}

/// Collections as ROOT streams them, of values or of lists.
fn collections<V: Value>(u: &mut Unstructured) -> Result<()> {
    let of_lists: bool = u.arbitrary()?;
    let (bound, level) = (bound(u)?, u.int_in_range(0..=9)?);
    let bound = if V::TYPE.is_float() { bound } else { Bound::Lossless };
    let Some(quantiser) = quantiser(bound) else { return Ok(()) };
    let (has_tail, values) = (u.arbitrary()?, values::<V>(u)?);
    let counts = entries(values.len(), 3);
    let (mut data, mut sizes, mut at) = (Vec::new(), Vec::new(), 0);
    for &n in &counts {
        let mut bytes = values_to_be(&values[at..at + n as usize]);
        if of_lists {
            bytes.splice(..0, n.to_be_bytes()); // one list of them
        }
        data.extend_from_slice(&(0x4000_0000 | (bytes.len() as u32 + 6)).to_be_bytes());
        data.extend_from_slice(&[0, 9]);
        data.extend_from_slice(&if of_lists { 1 } else { n }.to_be_bytes());
        data.extend_from_slice(&bytes);
        sizes.push(bytes.len() as u32 + 10);
        at += n as usize;
    }
    let tail = if has_tail { offsets(&sizes, 1) } else { Vec::new() };
    let layout = Layout::of_column(V::TYPE, quantiser);
    let elements = if of_lists { Elements::Lists } else { Elements::Values };
    let encode = |raw: &[u8], len| block::encode_vectors(elements, &layout, level, raw, len);
    let decoded = there_and_back(&encode, None, Contexts::default(), &data, &tail);
    let mut rest = &decoded[..];
    let mut back: Vec<V> = Vec::new();
    for &n in &counts {
        let (head, after) = rest.split_at(if of_lists { 14 } else { 10 });
        assert!(head[head.len() - 4..] == n.to_be_bytes());
        let (own, after) = after.split_at(n as usize * size_of::<V>());
        back.append(&mut values_from_be(own));
        rest = after;
    }
    holds(&values, &back, bound);
    Ok(())
}

/// Two columns of a model that was made from them, the second given the first by a network of any weights.
fn model<V: Value>(u: &mut Unstructured) -> Result<()> {
    let bound = match u.int_in_range(0..=4)? {
        0 => Bound::RelSigma(10f64.powi(u.int_in_range(-6..=2)?)),
        1 => Bound::RelSigmaDither(10f64.powi(u.int_in_range(-6..=2)?)),
        _ => bound(u)?,
    };
    let (level, jagged, single, seed) = (u.int_in_range(0..=9)?, u.arbitrary()?, u.ratio(1, 4)?, u.arbitrary::<u8>()?);
    let second = values::<V>(u)?;
    let mut first = second.clone();
    first.rotate_right(usize::from(seed) % second.len().max(1));
    let (counts, tail) = tail::<V>(second.len(), jagged);
    let mut sample = counts.as_deref().map_or(Sample::scalar(second.len()), Sample::jagged);
    let added = sample.add("first", bound, &first).and_then(|()| sample.add("second", bound, &second));
    assert!(added.is_ok());
    let mut spec = builder::build(&sample, &[], "");
    if spec.columns.iter().all(|column| column.axis.is_some()) {
        let inputs = [Input::Column(0), Input::Previous(0), Input::Previous(1), Input::Position, Input::Count];
        let inputs = &inputs[..if jagged { inputs.len() } else { 1 }];
        spec.columns[1].net = Some(Random(seed.into()).net(inputs.len()));
        spec.columns[1].inputs = inputs.to_vec();
    }
    let model = Model::new(&spec);
    let Ok(model) = model else { panic!("no model: {:?}", model.err()) };

    let contexts = model.sample_contexts(&sample);
    let parents: Vec<_> = model.columns()[1].parents.iter().map(|&p| contexts[p as usize].view()).collect();
    let contexts = Contexts { columns: &parents, rows: second.len(), counts: counts.as_deref() };
    let encode =
        |raw: &[u8], len| block::encode_model(&model, 1, single, level, contexts, raw, len).map(|coded| coded.block);
    let decoded = there_and_back(&encode, Some(&model), contexts, &values_to_be(&second), &tail);
    let decoded: Vec<V> = values_from_be(&decoded);
    let quantiser = &model.columns()[1].spec.quantiser;
    if let (Bound::Abs(asked) | Bound::AbsDither(asked), Bound::Abs(e) | Bound::AbsDither(e)) =
        (bound, quantiser.bound())
    {
        assert!(e <= asked);
    }
    holds(&second, &decoded, quantiser.bound());
    repeated(&second, &decoded, quantiser);
    Ok(())
}

/// Every value keeps its bound.
fn holds<V: Value>(values: &[V], decoded: &[V], bound: Bound) {
    assert!(values.len() == decoded.len());
    for (x, y) in values.iter().zip(decoded) {
        let (exact, near) = (x.to_f64(), y.to_f64());
        let is_same = x.bits() == y.bits();
        let keeps = match bound {
            _ if !V::TYPE.is_float() || !exact.is_finite() || !near.is_finite() => is_same,
            Bound::Lossless | Bound::RelSigma(_) | Bound::RelSigmaDither(_) => is_same,
            Bound::Abs(e) | Bound::AbsDither(e) => (exact - near).abs() <= e,
            Bound::Bits(k) => (exact - near).abs() <= exact.abs() * 0.5f64.powi(i32::from(k) + 1),
        };
        let sign = exact != 0.0 || near != 0.0 || is_same;
        let negative = exact != 0.0 || exact.is_sign_positive() || is_same;
        assert!(keeps && sign && negative, "{exact} became {near} ({:x}, {:x}), bound {bound}", x.bits(), y.bits());
    }
}

/// Integers that are often repeated, and have no other value so near that they share a lattice point, come back
/// exactly.
fn repeated<V: Value>(values: &[V], decoded: &[V], quantiser: &Quantiser) {
    /// Fewer of them may cost more than they are worth, and more than so many are not kept.
    const OFTEN: usize = 20;
    const MOST: usize = 8;
    if matches!(quantiser.lattice, Lattice::Lossless | Lattice::Truncated(_)) {
        return;
    }
    let mut times: HashMap<u64, usize> = HashMap::new();
    values.iter().for_each(|value| *times.entry(value.bits()).or_default() += 1);
    let repetitions = times.values().filter(|&&n| n >= 5).count();
    if repetitions > MOST {
        return;
    }
    let bare = Quantiser { lattice: quantiser.lattice, pins: Vec::new() };
    let points: HashMap<u64, i64> =
        times.keys().map(|&bits| (bits, bare.nearest(&[V::from_bits64(bits)])[0])).collect();
    let shared = |bits: u64| points.iter().filter(|(_, point)| **point == points[&bits]).count() > 1;
    for (x, y) in values.iter().zip(decoded) {
        let is_integer = x.to_f64().is_finite() && x.to_f64().fract() == 0.0;
        if is_integer && times[&x.bits()] >= OFTEN && !shared(x.bits()) {
            assert!(x.bits() == y.bits(), "{} became {}, {quantiser:?}", x.to_f64(), y.to_f64());
        }
    }
}
