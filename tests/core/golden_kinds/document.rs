//! The examples and tables of `docs/FORMAT.md` are those of the golden files and of the code.

use crate::case::path;
use rootbaler::inference::tables::POW2;
use std::path::PathBuf;

fn document() -> String {
    let mut folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    while !folder.join("docs/FORMAT.md").exists() {
        assert!(folder.pop(), "no docs/FORMAT.md");
    }
    std::fs::read_to_string(folder.join("docs/FORMAT.md")).unwrap()
}

/// The bytes of the first column of the table behind a mark.
fn example(text: &str, name: &str) -> Vec<u8> {
    let mark = format!("<!-- bytes of {name} -->");
    let (_, rest) = text.split_once(&mark).unwrap_or_else(|| panic!("{mark} is not in the document"));
    let lines = rest.lines().skip_while(|line| !line.starts_with("| `")).take_while(|line| line.starts_with("| `"));
    let bytes = lines.flat_map(|line| line.split('`').nth(1).unwrap().split_whitespace());
    bytes.map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x} ")).collect()
}

#[test]
fn examples_are_golden_files() {
    let text = document();
    for name in ["bytes", "example_columns", "example_collections", "example_model"] {
        let block = std::fs::read(path(&format!("{name}.block"))).unwrap();
        assert_eq!(hex(&example(&text, name)), hex(&block), "{name}");
    }
    let model = std::fs::read(path("example.model")).unwrap();
    let stored = zstd::bulk::decompress(&model[8..model.len() - 8], 1 << 20).unwrap();
    assert_eq!(hex(&example(&text, "example.model, unpacked")), hex(&stored));
}

/// CRC-32 of numbers as 32-bit little-endian words.
fn checksum(numbers: &[i32]) -> String {
    let bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
    format!("`{:08x}`", crc32fast::hash(&bytes))
}

/// The logistic function's table as the document says.
fn sigmoid() -> Vec<i32> {
    let one = 1u128 << 62;
    let mut table = vec![0; 2049];
    let mut exp = one;
    for i in 0..=1024 {
        let s = ((one << 19) / (one + exp)) as i32;
        table[1024 - i] = (1 << 19) - s;
        table[1024 + i] = s.min((1 << 19) - 1);
        exp = (exp * 4540188453729421604) >> 62;
    }
    table
}

#[test]
fn checksums_of_tables() {
    let text = document();
    let table = sigmoid();
    assert!(text.contains(&checksum(&POW2)), "POW2 {}", checksum(&POW2));
    assert!(text.contains(&checksum(&table)), "S {}", checksum(&table));
    println!("{:?} {:?}", &table[..3], &table[1020..1030]);
}
