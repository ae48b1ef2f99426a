//! Bytes and speed (the fastest decoding of all repeats) of a model on a sample: `cargo run --release --example codec_speed SAMPLE MODEL [ROWS_PER_BLOCK [REPEATS]]`.

use rootbaler::block::{self, Block};
use rootbaler::inputs::Contexts;
use rootbaler::model::{Context, Model};
use rootbaler::sample::Sample;
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

fn main() -> rootbaler::Result<()> {
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
    for single in [true, false] {
        let (mut raw_bytes, mut bytes, mut encoding, mut decoding) = (0, 0, 0.0, 0.0);
        for (i, column) in model.columns().iter().enumerate() {
            let Some(values) = sample.column(&column.spec.name) else { continue };
            let size = column.spec.value.size();
            for part in sample.blocks(per_block) {
                let raw = &values.raw[part.rows.start * size..part.rows.end * size];
                let parents: Vec<&[Context]> =
                    column.parents.iter().map(|&p| &contexts[p as usize][part.rows.clone()]).collect();
                let contexts = Contexts { columns: &parents, rows: part.rows.len(), counts: part.counts };
                let start = cpu_seconds();
                let Some(block) = block::encode_model(&model, i, single, 5, contexts, raw, raw.len())?.block else {
                    continue;
                };
                encoding += cpu_seconds() - start;
                let mut back = vec![0; raw.len()];
                let mut least = f64::INFINITY;
                for _ in 0..repeats {
                    let start = cpu_seconds();
                    Block::parse(&block)?.decode(Some(&model), contexts, &mut back)?;
                    least = least.min(cpu_seconds() - start);
                }
                decoding += least;
                raw_bytes += raw.len();
                bytes += block.len();
            }
        }
        let speed = |seconds: f64| raw_bytes as f64 / 1e6 / seconds;
        println!(
            "{}: {bytes} bytes (+ model {}), ratio {:.3}, encode {:.1} MB/s, decode {:.1} MB/s",
            if single { "single" } else { "group " },
            model.bytes().len(),
            raw_bytes as f64 / bytes as f64,
            speed(encoding),
            speed(decoding)
        );
    }
    Ok(())
}
