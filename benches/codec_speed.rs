//! Bytes and speed (the fastest of all repeats of each block) of a model on a sample, of its columns standing alone,
//! and of pcodec itself on the same lattice integers:
//! `cargo run --release --example codec_speed SAMPLE MODEL [ROWS_PER_BLOCK [REPEATS]]`.

use rootbaler::coder::conditional;
use rootbaler::coder::waves::Contexts;
use rootbaler::format::block::{self, Block};
use rootbaler::machine::Machine;
use rootbaler::model::context::Seen;
use rootbaler::model::sample::Sample;
use rootbaler::model::{Model, ModelColumn};
use rootbaler::values::quantiser::Lattice;
use rootbaler::values::value::values_from_be;
use rootbaler::wire::bytes::Reader;
use rootbaler::{Error, Result, with_type};
use std::path::Path;

/// CPU time of this thread (Linux), which other processes disturb less than they do a clock.
fn cpu_seconds() -> f64 {
    #[repr(C)]
    struct Time {
        seconds: i64,
        nanoseconds: i64,
    }
    unsafe extern "C" {
        fn clock_gettime(clock: i32, time: *mut Time) -> i32;
    }
    const THREAD_CPU: i32 = 3;
    let mut time = Time { seconds: 0, nanoseconds: 0 };
    // SAFETY: `time` is what the function fills
    unsafe { clock_gettime(THREAD_CPU, &mut time) };
    time.seconds as f64 + 1e-9 * time.nanoseconds as f64
}

/// The shortest of some repeats, and what the last gave.
fn fastest<T>(repeats: u32, mut what: impl FnMut() -> Result<T>) -> Result<(f64, T)> {
    let start = cpu_seconds();
    let mut result = what()?;
    let mut least = cpu_seconds() - start;
    for _ in 1..repeats {
        let start = cpu_seconds();
        result = what()?;
        least = least.min(cpu_seconds() - start);
    }
    Ok((least, result))
}

#[derive(Default)]
struct Sums {
    raw_bytes: usize,
    bytes: usize,
    encoding: f64,
    decoding: f64,
}

impl Sums {
    /// Another block and the seconds that it took.
    fn add(&mut self, raw: &[u8], block: &[u8], encoding: f64, decoding: f64) {
        self.raw_bytes += raw.len();
        self.bytes += block.len();
        self.encoding += encoding;
        self.decoding += decoding;
    }

    fn print(&self, name: &str) {
        let speed = |seconds: f64| self.raw_bytes as f64 / 1e6 / seconds;
        println!(
            "{name}: {} bytes, ratio {:.3}, encode {:.1} MB/s, decode {:.1} MB/s",
            self.bytes,
            self.raw_bytes as f64 / self.bytes as f64,
            speed(self.encoding),
            speed(self.decoding)
        );
    }
}

/// Multiples of a step (or integers as they are) as pcodec's own users would code them: 32 bits, its default level.
fn pcodec(column: &ModelColumn, raw: &[u8], repeats: u32, sums: &mut Sums) -> Result<()> {
    let step = match column.spec.quantiser.lattice {
        Lattice::Abs { step, .. } | Lattice::Dithered { step, .. } => step,
        _ => 1.0,
    };
    let values: Vec<f32> = with_type!(column.spec.value, T => {
        values_from_be::<T>(raw).into_iter().map(|v| rootbaler::values::value::Value::to_f64(v) as f32).collect()
    });
    let failed = |e: pco::errors::PcoError| Error::BadArgument(format!("pcodec: {e}"));
    let config = pco::ChunkConfig::default();
    let (encoding, packed) = fastest(repeats, || {
        let inverse = 1.0 / step;
        let lattice: Vec<i32> = values.iter().map(|&v| (f64::from(v) * inverse).round_ties_even() as i32).collect();
        pco::standalone::simple_compress(&lattice, &config).map_err(failed)
    })?;
    let (decoding, _) = fastest(repeats, || {
        let lattice: Vec<i32> = pco::standalone::simple_decompress(&packed).map_err(failed)?;
        Ok(lattice.iter().map(|&q| (f64::from(q) * step) as f32).collect::<Vec<_>>())
    })?;
    sums.add(raw, &packed, encoding, decoding);
    Ok(())
}

/// A block of column `index` by its network, whichever way would be smaller.
fn network(
    machine: Machine,
    model: &Model,
    index: usize,
    contexts: Contexts,
    raw: &[u8],
    repeats: u32,
    sums: &mut Sums,
) -> Result<()> {
    let (encoding, body) = fastest(repeats, || {
        let mut body = Vec::new();
        conditional::encode(machine, model, index, contexts, raw, &mut body)?;
        Ok(body)
    })?;
    let mut back = vec![0; raw.len()];
    let (decoding, _) = fastest(repeats, || {
        let header = conditional::header(model, index, contexts, raw.len());
        conditional::decode(machine, model, header, contexts, &mut Reader::new(&body), &mut back, None)
    })?;
    sums.add(raw, &body, encoding, decoding);
    Ok(())
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, sample, model, rest @ ..] = &arguments[..] else {
        eprintln!("usage: codec_speed SAMPLE MODEL [ROWS_PER_BLOCK [REPEATS]]");
        std::process::exit(2);
    };
    let per_block = rest.first().and_then(|n| n.parse().ok()).unwrap_or(65536);
    let repeats: u32 = rest.get(1).and_then(|n| n.parse().ok()).unwrap_or(1);
    let sample = Sample::read(Path::new(sample))?;
    let model = Model::from_file(Path::new(model))?;
    let contexts = model.sample_contexts(&sample);
    let (mut own, mut single, mut group) = (Sums::default(), Sums::default(), Sums::default());
    let mut machines: Vec<_> = Machine::all().map(|machine| (machine, Sums::default())).collect();
    for (i, column) in model.columns().iter().enumerate() {
        let Some(values) = sample.column(&column.spec.name) else { continue };
        let size = column.spec.value.size();
        for part in sample.blocks(per_block) {
            let raw = &values.raw[part.rows.start * size..part.rows.end * size];
            let parents: Vec<Seen> =
                column.parents.iter().map(|&p| contexts[p as usize].view().rows(part.rows.clone())).collect();
            let contexts = Contexts { columns: &parents, rows: part.rows.len(), counts: part.counts };
            pcodec(column, raw, repeats, &mut own)?;
            if column.spec.net.is_some() {
                for (machine, sums) in &mut machines {
                    network(*machine, &model, i, contexts, raw, repeats, sums)?;
                }
            }
            for (is_single, sums) in [(true, &mut single), (false, &mut group)] {
                let (encoding, coded) =
                    fastest(repeats, || block::encode_model(&model, i, is_single, 5, contexts, raw, raw.len()))?;
                let Some(block) = coded.block.map(|block| block.bytes) else { continue };
                let mut back = vec![0; raw.len()];
                let (decoding, _) =
                    fastest(repeats, || Block::parse(&block)?.decode(Some(&model), contexts, &mut back, None))?;
                sums.add(raw, &block, encoding, decoding);
            }
        }
    }
    own.print("pcodec");
    single.print("single");
    group.print("group ");
    for (machine, sums) in &machines {
        sums.print(&format!("networks, {:?}", machine.instructions()));
    }
    println!("the model has {} bytes", model.bytes().len());
    Ok(())
}
