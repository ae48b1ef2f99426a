//! The codec object and the container of models: what is written is read back, and damage is an error of its kind.

mod common;

use common::random_net_model;
use rootbaler::error::{Error, Result};
use rootbaler::format::codec::{Codec, Mode, Rule};
use rootbaler::format::models;
use rootbaler::model::{Model, registry};
use rootbaler::values::bound::Bound;
use rootbaler::values::value::ValueType;
use std::collections::HashSet;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

fn model(seed: u64) -> Model {
    let first: Vec<f32> = (0..400).map(|i| (i * 37 % 101) as f32 * 0.5).collect();
    let second: Vec<f32> = first.iter().map(|x| x * 2.0 + 1.0).collect();
    random_net_model(&first, &second, None, Bound::Abs(0.01), seed)
}

/// Models with and without networks, one that is elsewhere, two rules.
fn codec() -> Codec {
    let mut codec = Codec::default();
    codec.mode = Mode::Single;
    let mut whole = Codec::default();
    whole.add(Arc::new(model(1)));
    codec.unite(&whole.reduced().unwrap());
    codec.add(registry::share(model(2)));
    codec.add(registry::share(model(2).quantisers_only().unwrap()));
    codec.set_bound(Rule::new("jet*_pt", "abs=1e-3", "rel-sigma=1e-3").unwrap());
    codec.set_bound(Rule::new("jet1_pt", "bits=10", "bits=10").unwrap());
    codec
}

fn assert_same(a: &Codec, b: &Codec) {
    let hashes = |codec: &Codec| codec.models().iter().map(|m| m.hash()).collect::<Vec<_>>();
    assert_eq!(hashes(a), hashes(b));
    assert_eq!((a.absent(), a.rules(), a.mode), (b.absent(), b.rules(), b.mode));
}

#[test]
fn what_is_written_is_read() {
    for codec in [Codec::default(), codec()] {
        let bytes = codec.to_bytes();
        assert_same(&Codec::from_bytes(&bytes).unwrap(), &codec);
        assert_eq!(Codec::from_bytes(&bytes).unwrap().to_bytes(), bytes);
        let long = "x".repeat(300);
        for name in ["RootBalerCodec", long.as_str()] {
            assert_same(&Codec::from_streamed(&codec.to_streamed(name)).unwrap(), &codec);
        }
    }
}

/// Every byte is changed and every length tried.
fn damage(whole: &[u8], read: impl Fn(&[u8]) -> Result<Codec>) {
    for at in 0..whole.len() {
        for flip in [1, 0x80, 0xff] {
            let mut bytes = whole.to_vec();
            bytes[at] ^= flip;
            match read(&bytes) {
                Err(Error::Corrupt(_) | Error::Incompatible(_)) => {}
                // versions and names of ROOT's classes are not looked at
                Ok(codec) => assert_eq!(codec.to_bytes(), read(whole).unwrap().to_bytes(), "byte {at}"),
                Err(other) => panic!("byte {at}: {other:?}"),
            }
        }
        assert!(matches!(read(&whole[..at]), Err(Error::Corrupt(_))), "{at} bytes");
    }
}

#[test]
fn damage_is_seen() {
    let whole = codec().to_bytes();
    damage(&whole, Codec::from_bytes);
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        assert!(Codec::from_bytes(&bytes).is_err(), "byte {at}");
    }
    damage(&codec().to_streamed("RootBalerCodec"), Codec::from_streamed);
}

/// ROOT makes room for what such numbers say before it reads.
#[test]
fn lengths_beyond_the_object_are_refused() {
    let whole = codec().to_streamed("x");
    let name = whole.windows(2).position(|two| two == b"\x01x").unwrap();
    let vector = whole.windows(7).position(|seven| seven == b"RBCODEC").unwrap() - 4;
    for at in [name, name + 2, vector, vector - 6, 0, 6] {
        for lie in [&b"\xff\x7f\xff\xff\xff"[..], b"\x7f\xff\xff\xff", b"\xff"] {
            let mut bytes = whole.clone();
            bytes[at..at + lie.len()].copy_from_slice(lie);
            assert!(matches!(Codec::from_streamed(&bytes), Err(Error::Corrupt(_))), "{lie:?} at {at}");
        }
    }
    let mut other = whole.clone();
    other[5] = 5; // version of the class
    let error = Codec::from_streamed(&other).unwrap_err();
    assert!(matches!(&error, Error::Incompatible(text) if text.contains("update RootBaler")), "{error}");
}

/// With the checksum that a hostile writer would give it.
fn signed(body: &[u8]) -> Vec<u8> {
    [body, &xxh3_64(body).to_le_bytes()].concat()
}

/// A good codec, or an error that says that the bytes are to blame.
fn harmless(body: &[u8], at: usize) {
    let read = Codec::from_bytes(&signed(body));
    assert!(matches!(read, Ok(_) | Err(Error::Corrupt(_) | Error::Incompatible(_))), "byte {at}: {read:?}");
}

#[test]
fn hostile_bytes_are_refused() {
    let whole = codec().to_bytes();
    let body = &whole[..whole.len() - 8];
    for at in 8..body.len() {
        for byte in [0, 1, 0x7f, 0x80, 0xff] {
            let mut bytes = body.to_vec();
            bytes[at] = byte;
            harmless(&bytes, at);
        }
        harmless(&body[..at], at); // cut between two models it is a good one
    }
    let head = b"RBCODEC\x01\x00";
    let huge = b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01";
    for rest in [&[][..], &[huge, &b"x"[..]].concat(), b"\x01\x7fab", &[b"\x00", &huge[..], b"12345678"].concat()] {
        assert!(matches!(Codec::from_bytes(&signed(&[head, rest].concat())), Err(Error::Corrupt(_))));
    }
    // bounds that no writer sets, a text that is none
    for rule in [
        &b"\x01\x01x\x0brel-sigma=1\x00"[..],
        b"\x01\x01x\x05abs=0\x00",
        b"\x01\x01\xff\x05abs=1\x00",
        b"\x01\x02x\x00\x05abs=1\x00",
        b"\x01\x01x\x05abs=1\x01\x00",
        b"\x01\x01x\x0aabs=1e-320\x00",
    ] {
        let bytes = [head, rule, b"\x00RBGROUPS"].concat();
        assert!(matches!(Codec::from_bytes(&signed(&bytes)), Err(Error::Corrupt(_))));
    }
    assert!(matches!(Codec::from_bytes(b"RBCODEC\x02"), Err(Error::Incompatible(_))));
}

#[test]
fn containers_hold_any_number_of_models() {
    let bytes: Vec<Vec<u8>> = (3..6).map(|seed| model(seed).bytes().to_vec()).collect();
    for n in 0..=bytes.len() {
        let container = models::join(bytes[..n].iter().map(Vec::as_slice));
        assert_eq!(models::split(&container).unwrap(), bytes[..n].iter().map(Vec::as_slice).collect::<Vec<_>>());
        let mut codec = Codec::default();
        codec.add_models(&container).unwrap();
        codec.add_models(&container).unwrap();
        assert_eq!(codec.models().len(), n);
        assert_eq!(codec.container(), container);
    }
    assert_eq!(models::join(bytes[..1].iter().map(Vec::as_slice)), bytes[0], "one alone is written as it is");
    let container = models::join(bytes.iter().map(Vec::as_slice));
    for len in 9..container.len() {
        if len != 8 + 8 + bytes[0].len() && len != 8 + 16 + bytes[0].len() + bytes[1].len() {
            assert!(matches!(models::split(&container[..len]), Err(Error::Corrupt(_))), "{len} bytes");
        }
    }
    for length in [u64::MAX, u64::MAX / 2, 1 << 40] {
        let hostile = [b"RBGROUPS", &length.to_le_bytes()[..], b"RBMODEL"].concat();
        assert!(matches!(models::split(&hostile), Err(Error::Corrupt(_))));
    }
}

#[test]
fn a_model_is_parsed_once() {
    let bytes = model(10).bytes().to_vec();
    let model = registry::load(&bytes).unwrap();
    assert!(Arc::ptr_eq(&registry::load(&bytes).unwrap(), &model));
    assert!(Arc::ptr_eq(&registry::find(model.hash()).unwrap(), &model));
    // another content that claims the same hash is looked at
    let mut forged = bytes.clone();
    forged[20] ^= 1;
    assert!(matches!(registry::load(&forged), Err(Error::Corrupt(_))));
    let hash = model.hash();
    drop(model);
    assert!(registry::find(hash).is_none(), "what nobody holds is not kept");
}

#[test]
fn the_last_rule_that_matches_counts() {
    let codec = codec();
    assert_eq!(codec.bound_of("jet2_pt"), "abs=1e-3");
    assert_eq!(codec.request_of("jet2_pt"), "rel-sigma=1e-3");
    assert_eq!(codec.bound_of("jet1_pt"), "bits=10");
    assert_eq!(codec.bound_of("other"), "lossless");
    assert_eq!(codec.bound_of("second"), "abs=0.01");
    assert!(codec.rule_of("list", "jet1_pt").is_none());
    let mut leaves = Codec::default();
    leaves.set_bound(Rule::new("list.x", "abs=1", "abs=1").unwrap());
    assert!(leaves.rule_of("list", "x").is_some() && leaves.rule_of("list", "y").is_none());
    assert_eq!(leaves.quantiser_of("list", "x", ValueType::F32).unwrap().bound(), Bound::Abs(1.0));
    assert_eq!(leaves.quantiser_of("list", "x", ValueType::I32).unwrap().bound(), Bound::Lossless);
    assert!(codec.column_for("second", ValueType::F32, false).is_some());
    assert!(codec.column_for("second", ValueType::F64, false).is_none());
    assert!(codec.column_for("second", ValueType::F32, true).is_none());
    assert!(matches!(Rule::new("x", "rel-sigma=1", ""), Err(Error::BadArgument(_))));
    assert!(matches!(Rule::new("x", "nonsense", ""), Err(Error::BadArgument(_))));
}

#[test]
fn united_codecs_keep_their_own_rules() {
    let rule = |pattern: &str, bound: &str| Rule::new(pattern, bound, bound).unwrap();
    let (mut ours, mut others) = (Codec::default(), Codec::default());
    ours.set_bound(rule("x", "abs=1"));
    others.set_bound(rule("*", "abs=2"));
    others.set_bound(rule("y", "abs=3"));
    others.set_bound(rule("x", "abs=4"));
    others.add(registry::share(model(20)));
    ours.unite(&others);
    for (branch, bound) in [("x", "abs=1"), ("y", "abs=3"), ("z", "abs=2")] {
        assert_eq!(ours.bound_of(branch), bound);
    }
    assert_eq!(ours.models().len(), 1);
    ours.unite(&others);
    assert_eq!((ours.models().len(), ours.rules().len()), (1, 3));
    // models that were elsewhere are found, or stay to be found
    let mut far = others.reduced().unwrap();
    assert_eq!((far.models().len(), far.absent()), (0, &[model(20).hash()][..]));
    far.fetch(|_| None);
    assert_eq!(far.absent().len(), 1);
    far.fetch(registry::find);
    assert_eq!((far.models().len(), far.absent().len()), (1, 0));
}

#[test]
fn what_helps_no_branch_is_left_out() {
    let mut codec = Codec::default();
    codec.add(registry::share(model(30)));
    let of = |names: &[&str]| codec.for_branches(&names.iter().copied().collect()).unwrap();
    assert!(of(&["first", "second"]).models()[0].has_network());
    assert!(!of(&["second"]).models()[0].has_network(), "without its first column the second stands alone");
    assert_eq!(of(&["second"]).bound_of("second"), "abs=0.01");
    assert!(of(&["other"]).models().is_empty());
    let bare = codec.without_networks(&HashSet::from([model(30).hash()])).unwrap();
    assert!(!bare.models()[0].has_network());
    assert_eq!(bare.bound_of("first"), codec.bound_of("first"));
    codec.mode = Mode::Single;
    assert!(codec.reduced().unwrap().absent().is_empty());
}

#[test]
fn golden_codecs_are_read_and_written() {
    for name in ["empty", "key", "tree", "models"] {
        let golden = |kind: &str| {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/v1");
            std::fs::read(folder.join(format!("codec_{name}.{kind}"))).unwrap()
        };
        let codec = Codec::from_bytes(&golden("codec")).unwrap();
        assert_eq!(codec.to_bytes(), golden("codec"), "{name}");
        assert_same(&Codec::from_streamed(&golden("object")).unwrap(), &codec);
        assert_eq!(codec.to_streamed("RootBalerCodec"), golden("object"), "{name}");
    }
}
