//! Lets a C compiler check the generated header of the C ABI against `layout.table`, and makes the same checks for
//! Rust.

use std::path::Path;
use std::{env, fs};

const TABLE: &str = "src/core/capi/layout.table";
const CHECKS: &str = "src/core/capi/layout.c";

fn main() {
    for source in [TABLE, CHECKS, "include/rootbaler/rootbaler.h", "build.rs"] {
        println!("cargo:rerun-if-changed={source}");
    }
    // sizes are those of 64-bit machines
    if env::var("CARGO_CFG_TARGET_POINTER_WIDTH").is_ok_and(|width| width == "64") {
        cc::Build::new()
            .file(CHECKS)
            .include("include")
            .std("c99")
            .flag_if_supported("-pedantic-errors")
            .extra_warnings(true)
            .warnings_into_errors(true)
            .compile_intermediates();
    }
    let table = fs::read_to_string(TABLE).unwrap_or_else(|e| panic!("{TABLE}: {e}"));
    let checks: String = table.lines().filter_map(check).collect();
    let out = env::var_os("OUT_DIR").unwrap_or_else(|| panic!("cargo sets OUT_DIR"));
    let path = Path::new(&out).join("layout.rs");
    fs::write(&path, format!("{{\n{checks}}}\n")).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
}

/// A line of the table as a check in Rust.
fn check(line: &str) -> Option<String> {
    let (what, rest) = line.strip_suffix(')')?.split_once('(')?;
    let names: Vec<&str> = rest.split(", ").collect();
    let (number, value) = match (what, &names[..]) {
        ("NUMBER", [name, value]) => (format!("{name} as usize"), value),
        ("CONSTANT", [of, name, value]) => (format!("{of}::{name} as usize"), value),
        ("SIZE", [of, bytes]) => (format!("std::mem::size_of::<{of}>()"), bytes),
        ("OFFSET", [of, member, bytes]) => (format!("std::mem::offset_of!({of}, {member})"), bytes),
        _ => panic!("{TABLE}: {line}"),
    };
    Some(format!("assert_eq!({number}, {value}, \"{line}\");\n"))
}
