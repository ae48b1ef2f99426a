//! The committed C header is the one that the sources give.

use std::path::Path;

/// Rust's safety sections repeat what the parameters say.
fn without_safety_notes(text: &str) -> String {
    let mut out = String::new();
    let mut skipping = false;
    for line in text.lines() {
        if line.trim() == "* # Safety" {
            skipping = true;
            let kept = out.trim_end().trim_end_matches('*').trim_end().len();
            out.truncate(kept);
            out.push('\n');
        }
        skipping &= line.trim() != "*/";
        if !skipping {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

#[test]
fn header_is_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_file(root.join("src/core/cbindgen.toml")).unwrap();
    let mut text = Vec::new();
    cbindgen::generate_with_config(root, config).unwrap().write(&mut text);
    let text = without_safety_notes(&String::from_utf8(text).unwrap());
    let path = root.join("include/rootbaler/rootbaler.h");
    if std::env::var_os("UPDATE_HEADER").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap();
    assert!(committed == text, "include/rootbaler/rootbaler.h is old; run UPDATE_HEADER=1 cargo test --test header");
}
