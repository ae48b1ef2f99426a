//! A golden file with its description.

use rootbaler::coder::waves::Contexts;
use rootbaler::format::block::Block;
use rootbaler::model::Model;
use std::fmt::Write;
use std::path::PathBuf;

/// Where golden files are.
pub fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/v1").join(name)
}

/// The committed bytes, which must be these.
pub fn golden(name: &str, made: &[u8]) -> Vec<u8> {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path(name), made).unwrap();
    }
    let committed = std::fs::read(path(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert!(committed == made, "{name} is {} bytes, and {} others are made now", committed.len(), made.len());
    committed
}

/// A small generator; integers only, so that all machines make the same values.
pub struct Random(pub u64);

impl Random {
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        self.0 >> 33
    }

    /// Below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.bits() % n
    }

    /// In -n ..= n.
    pub fn around(&mut self, n: i64) -> i64 {
        self.below(2 * n as u64 + 1) as i64 - n
    }
}

/// Elements of another group.
pub struct ForeignBranch {
    pub name: &'static str,
    pub raw: Vec<u8>,
    pub counts: Vec<u32>,
}

/// What a reader is given beside the block.
#[derive(Default)]
pub struct Given<'a> {
    /// File with the model, and the model.
    pub model: Option<(&'a str, &'a Model)>,
    /// Columns and the files with their decoded values.
    pub parents: Vec<(&'a str, String)>,
    pub counts: Option<&'a [u32]>,
    pub foreign: Vec<&'a ForeignBranch>,
}

/// ROOT's header, kind and checksum around a body.
pub fn block(kind: u8, decoded: &[u8], body: &[u8]) -> Vec<u8> {
    let mut bytes = b"RB\x01".to_vec();
    bytes.extend_from_slice(&(body.len() as u32 + 5).to_le_bytes()[..3]);
    bytes.extend_from_slice(&(decoded.len() as u32).to_le_bytes()[..3]);
    bytes.push(kind);
    bytes.extend_from_slice(&crc32fast::hash(decoded).to_le_bytes());
    bytes.extend_from_slice(body);
    bytes
}

/// Checks block, decoded bytes and description against the committed files, and that the committed block decodes.
pub fn check(name: &str, what: &str, made: &[u8], decoded: &[u8], given: &Given, contexts: Contexts) {
    let bytes = golden(&format!("{name}.block"), made);
    let want = golden(&format!("{name}.raw"), decoded);
    let block = Block::parse(&bytes).unwrap();
    let mut raw = vec![0; block.raw_len];
    block.decode(given.model.map(|m| m.1), contexts, &mut raw, None).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert!(raw == want, "{name} decodes to something else");
    for foreign in &given.foreign {
        golden(&format!("{name}.{}.raw", foreign.name), &foreign.raw);
    }
    describe(name, what, given, true);
}

/// The description of a block, and whether there is a file with what it decodes to.
pub fn describe(name: &str, what: &str, given: &Given, has_decoded: bool) {
    let mut json = format!("{{\n  \"what\": \"{what}\",\n  \"block\": \"{name}.block\"");
    if has_decoded {
        write!(json, ",\n  \"decoded\": \"{name}.raw\"").unwrap();
    }
    if let Some((file, _)) = given.model {
        write!(json, ",\n  \"models\": \"{file}\"").unwrap();
    }
    if !given.parents.is_empty() {
        let each: Vec<String> = given.parents.iter().map(|(name, file)| format!("\"{name}\": \"{file}\"")).collect();
        write!(json, ",\n  \"parents\": {{{}}}", each.join(", ")).unwrap();
    }
    if let Some(counts) = given.counts {
        write!(json, ",\n  \"counts\": {counts:?}").unwrap();
    }
    for (i, foreign) in given.foreign.iter().enumerate() {
        json.push_str(if i == 0 { ",\n  \"foreign\": {" } else { "," });
        let branch = foreign.name;
        write!(json, "\n    \"{branch}\": {{\"values\": \"{name}.{branch}.raw\", \"counts\": {:?}}}", foreign.counts)
            .unwrap();
    }
    json.push_str(if given.foreign.is_empty() { "\n}\n" } else { "\n  }\n}\n" });
    golden(&format!("{name}.json"), json.as_bytes());
}
