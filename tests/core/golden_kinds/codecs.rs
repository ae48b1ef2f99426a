//! Codecs, as bytes and as ROOT streams them, put together here by hand: what reads them is tested elsewhere.

use crate::case::golden;
use crate::specs;
use xxhash_rust::xxh3::xxh3_64;

struct Parts<'a> {
    mode: u8,
    rules: &'a [[&'a str; 3]],
    absent: &'a [u64],
    /// A container of models.
    models: Vec<u8>,
    /// Content hashes of the models in it.
    hashes: Vec<u64>,
}

/// All texts and lists here are short.
fn short(n: usize) -> u8 {
    u8::try_from(n).ok().filter(|&n| n < 0x80).unwrap()
}

fn bytes(parts: &Parts) -> Vec<u8> {
    let mut out = b"RBCODEC\x01".to_vec();
    out.extend([parts.mode, short(parts.rules.len())]);
    for text in parts.rules.iter().flatten() {
        out.push(short(text.len()));
        out.extend(text.as_bytes());
    }
    out.push(short(parts.absent.len()));
    parts.absent.iter().for_each(|hash| out.extend(hash.to_le_bytes()));
    out.extend(&parts.models);
    out.extend(xxh3_64(&out).to_le_bytes());
    out
}

/// With a byte count, as ROOT writes an object of a version.
fn counted(version: u16, body: &[u8]) -> Vec<u8> {
    let count = 0x4000_0000 | (body.len() as u32 + 2);
    [&count.to_be_bytes()[..], &version.to_be_bytes(), body].concat()
}

fn object(codec: &[u8]) -> Vec<u8> {
    let mut named = vec![0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
    for text in ["RootBalerCodec", "RootBaler models and bounds"] {
        named.push(short(text.len()));
        named.extend(text.as_bytes());
    }
    let vector = [&(codec.len() as u32).to_be_bytes()[..], codec].concat();
    counted(4, &[counted(1, &named), counted(9, &vector)].concat())
}

fn check(name: &str, what: &str, parts: &Parts) {
    let codec = bytes(parts);
    golden(&format!("{name}.codec"), &codec);
    golden(&format!("{name}.object"), &object(&codec));
    let hashes = |all: &[u64]| all.iter().map(|hash| format!("\"{hash:016x}\"")).collect::<Vec<_>>().join(", ");
    let rules: Vec<String> = parts.rules.iter().map(|rule| format!("{rule:?}")).collect();
    let members = [
        format!("\"what\": \"{what}\""),
        format!("\"codec\": \"{name}.codec\""),
        format!("\"object\": \"{name}.object\""),
        format!("\"mode\": {}", parts.mode),
        format!("\"rules\": [{}]", rules.join(", ")),
        format!("\"absent\": [{}]", hashes(parts.absent)),
        format!("\"hashes\": [{}]", hashes(&parts.hashes)),
    ];
    let json = format!("{{\n  {}\n}}\n", members.join(",\n  "));
    golden(&format!("{name}.json"), json.as_bytes());
}

#[test]
fn codecs() {
    let none = || b"RBGROUPS".to_vec();
    let empty = Parts { mode: 0, rules: &[], absent: &[], models: none(), hashes: Vec::new() };
    check("codec_empty", "a codec without anything: the key of the hash 0", &empty);
    let (lanes, waves) = (specs::lanes(), specs::waves());
    let key = Parts { models: lanes.bytes().to_vec(), hashes: vec![lanes.hash()], ..empty };
    check("codec_key", "a codec with one model: the key of its hash", &key);
    let rules = [["jet*_pt", "abs=0.001", "rel-sigma=1e-3"], ["m\u{e9}t", "bits=10", "bits=10"]];
    let absent = [waves.hash(), 1];
    check(
        "codec_tree",
        "rules, single mode, models in keys: as with a tree",
        &Parts { mode: 1, rules: &rules, absent: &absent, models: none(), hashes: Vec::new() },
    );
    let mut models = none();
    for model in [&lanes, &waves] {
        models.extend((model.bytes().len() as u64).to_le_bytes());
        models.extend(model.bytes());
    }
    let both = Parts { mode: 0, rules: &rules, absent: &[], models, hashes: vec![lanes.hash(), waves.hash()] };
    check("codec_models", "two models and two rules", &both);
}
