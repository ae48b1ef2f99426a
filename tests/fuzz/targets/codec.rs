//! Codecs with a valid checksum, alone and as ROOT streams them: what is read is written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rootbaler::format::codec::Codec;
use rootbaler::values::value::ValueType;
use rootbaler_fuzz::forge;
use std::collections::HashSet;

fuzz_target!(|data: &[u8]| {
    let Some((&way, data)) = data.split_first() else { return };
    match way % 3 {
        0 => try_codec(Codec::from_bytes(data)),
        1 => try_codec(Codec::from_bytes(&forge::hashed([b"RBCODEC\x01", data].concat()))),
        _ => try_codec(Codec::from_streamed(data)),
    }
});

fn try_codec(read: rootbaler::Result<Codec>) {
    let Ok(codec) = read else { return };
    let bytes = codec.to_bytes();
    let again = Codec::from_bytes(&bytes).map(|codec| codec.to_bytes());
    assert!(again.is_ok_and(|again| again == bytes));
    let streamed = Codec::from_streamed(&codec.to_streamed("codec")).map(|codec| codec.to_bytes());
    assert!(streamed.is_ok_and(|streamed| streamed == bytes));

    let patterns = codec.rules().iter().map(|rule| rule.pattern.as_str());
    let columns = codec.models().iter().flat_map(|model| model.columns()).map(|column| column.spec.name.as_str());
    let names: Vec<&str> = patterns.chain(columns).chain(["x"]).take(20).collect();
    for name in &names {
        assert!(codec.quantiser_of(name, "leaf", ValueType::F32).is_ok());
        assert!(codec.bound_of(name).parse::<rootbaler::Bound>().is_ok(), "{}", codec.bound_of(name));
        _ = (codec.request_of(name), codec.column_named(name), codec.column_for(name, ValueType::F64, true));
    }
    let some: HashSet<&str> = names.iter().step_by(2).copied().collect();
    assert!(codec.reduced().is_ok() && codec.for_branches(&some).is_ok());
    let mut united = Codec::default();
    united.unite(&codec);
    united.unite(&codec);
    united.fetch(|_| None);
    assert!(united.models().len() == codec.models().len() && united.absent().len() <= codec.absent().len());
}
