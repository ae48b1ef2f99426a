//! Numbers of the C ABI: Rust's are those of the table that a C compiler compares with the header (`build.rs`), and the
//! table has all that the header has.

use rootbaler::capi::*;
use std::fs;
use std::path::Path;

#[test]
#[cfg(target_pointer_width = "64")]
fn rust_agrees_with_the_table() {
    include!(concat!(env!("OUT_DIR"), "/layout.rs"));
}

#[test]
fn the_table_is_complete() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(top.join("src/core/capi/layout.table")).unwrap();
    let header = fs::read_to_string(top.join("include/rootbaler/rootbaler.h")).unwrap();
    let mut of = "";
    for line in header.lines().filter(|line| !line.trim_start().starts_with(['*', '/'])) {
        let names = |word: &str| line.strip_prefix(word).and_then(|rest| rest.strip_suffix(" {"));
        if let Some((name, _)) = line.strip_prefix("#define ").and_then(|rest| rest.split_once(' ')) {
            assert!(table.contains(&format!("NUMBER({name}, ")), "add NUMBER({name}, ...) to layout.table");
        } else if let Some(name) = names("typedef struct ").or_else(|| names("typedef enum ")) {
            of = name;
            assert!(table.contains(&format!("SIZE({of}, ")), "add SIZE({of}, ...) to layout.table");
        } else if line.starts_with('}') {
            of = "";
        } else if let (false, Some((name, _))) = (of.is_empty(), line.trim().split_once(" = ")) {
            let wanted = format!("CONSTANT({of}, {name}, ");
            assert!(table.contains(&wanted), "add {wanted}...) to layout.table");
        } else if let (false, Some(member)) = (of.is_empty(), line.strip_suffix(';')) {
            // of `void (*call)(int)` and `int values[3]` the name, too
            let name = match member.split_once("(*") {
                Some((_, rest)) => rest.split(')').next().unwrap(),
                None => member.split('[').next().unwrap().rsplit([' ', '*']).next().unwrap(),
            };
            let wanted = format!("OFFSET({of}, {name}, ");
            assert!(table.contains(&wanted), "add {wanted}...) to layout.table");
        }
    }
}
