//! Bytes and speed of a model on a sample: `cargo run --release --example codec_speed SAMPLE MODEL [ROWS_PER_BLOCK [REPEATS]]`.

use rootbaler::block::{self, Block};
use rootbaler::inputs::Contexts;
use rootbaler::model::{Context, Model};
use rootbaler::sample::Sample;
use std::path::Path;
use std::time::Instant;

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
                let start = Instant::now();
                let Some(block) = block::encode_model(&model, i, single, 5, contexts, raw, raw.len())? else {
                    continue;
                };
                encoding += start.elapsed().as_secs_f64();
                let mut back = vec![0; raw.len()];
                let start = Instant::now();
                for _ in 0..repeats {
                    Block::parse(&block)?.decode(Some(&model), contexts, &mut back)?;
                }
                decoding += start.elapsed().as_secs_f64() / f64::from(repeats);
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
