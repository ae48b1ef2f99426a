//! Tables that make sense, and what a fuzzer makes of them.

use crate::common::groups::{jagged, scalar};
use crate::common::table::{Part, Stub, Table};
use crate::forge;
use libfuzzer_sys::arbitrary::{Result, Unstructured};
use rootbaler::error::{Error, Result as Done};
use rootbaler::model::Model;
use rootbaler::session::{ColumnId, ColumnInfo, Container, Piece, Stored, Unit};
use rootbaler::values::value::ValueType;
use std::sync::{Arc, LazyLock};

const ROWS: u64 = 600;
const ENTRIES: u64 = 200;

/// Tables as they should be: scalar groups, and jagged ones in pieces of entries and of elements.
static GOOD: LazyLock<[Hostile; 3]> = LazyLock::new(|| {
    let ends = [&[ENTRIES / 2, ENTRIES][..], &[70, 170, ENTRIES], &[111, ENTRIES]];
    let entries = jagged(Unit::Entries, ends, &[10, 155, ENTRIES]);
    let elements = entries.column("b").values.len() as u64 / 4;
    let ends = [&[101, 499, elements][..], &[200, 300, elements], &[99, 500, elements]];
    let elements = jagged(Unit::Elements, ends, &[10, 155, ENTRIES]);
    [scalar([&[200, 400, ROWS], &[150, 300, 540, ROWS], &[300, ROWS]]), entries, elements].map(Hostile::of)
});

/// A container whose tables, ranges, counts, parents and bytes may be anything.
#[derive(Clone)]
pub struct Hostile {
    columns: Vec<Stub>,
    models: Vec<Arc<Model>>,
    /// Every position is said to be in the first piece.
    lies: bool,
    /// Pieces are said to be stored without compression.
    plain: bool,
}

impl Hostile {
    fn of(table: Table) -> Self {
        Hostile { columns: table.columns, models: table.models, lies: false, plain: false }
    }

    /// A table with some changes.
    pub fn any(u: &mut Unstructured) -> Result<Self> {
        let mut table = GOOD[u.choose_index(GOOD.len())?].clone();
        for _ in 0..u.int_in_range(0..=12)? {
            table.change(u)?;
        }
        Ok(table)
    }

    pub fn columns(&self) -> &[Stub] {
        &self.columns
    }

    fn change(&mut self, u: &mut Unstructured) -> Result<()> {
        let (id, other) = (u.choose_index(self.columns.len())?, u.choose_index(self.columns.len())?);
        let what = u.int_in_range(0..=15)?;
        let column = &mut self.columns[id];
        match what {
            0 => column.info.counter = u.ratio(7, 8)?.then_some(other as ColumnId),
            1 => column.info.per_count = u.arbitrary()?,
            2 => column.info.jagged = !column.info.jagged,
            3 => {
                let is_entries = column.info.unit == Unit::Entries;
                column.info.unit = if is_entries { Unit::Elements } else { Unit::Entries };
            }
            4 => column.info.value = value(u)?,
            5 => column.info.count = value(u)?,
            6 => {
                let name = std::mem::take(&mut column.info.name);
                let name = std::mem::replace(&mut self.columns[other].info.name, name);
                self.columns[id].info.name = name;
            }
            7 => self.columns[id].parts = self.columns[other].parts.clone(),
            8 => self.lies = true,
            9 => self.plain = true,
            10 => self.models.clear(),
            _ => {
                let number = u.choose_index(column.parts.len().max(1))?;
                if let Some(part) = column.parts.get_mut(number) {
                    change_part(part, what, u)?;
                }
            }
        }
        Ok(())
    }
}

fn value(u: &mut Unstructured) -> Result<Option<ValueType>> {
    Ok(if u.ratio(1, 8)? { None } else { Some(*u.choose(&ValueType::ALL)?) })
}

fn change_part(part: &mut Part, what: u8, u: &mut Unstructured) -> Result<()> {
    match what {
        11 => {
            let at = u.choose_index(part.bytes.len().max(1))?;
            if let Some(byte) = part.bytes.get_mut(at) {
                *byte = u.arbitrary()?;
            }
        }
        12 => part.bytes.truncate(u.choose_index(part.bytes.len().max(1))?),
        13 => part.raw_len = if u.arbitrary()? { part.raw_len + 8 } else { u.int_in_range(0..=1 << 26)? },
        14 => {
            let number = if u.arbitrary()? { u.arbitrary::<u8>()?.into() } else { u.arbitrary()? };
            match u.int_in_range(0..=3)? {
                0 => part.piece.first = number,
                1 => part.piece.end = number,
                2 => part.piece.number = number,
                _ => part.piece.place = u.arbitrary()?,
            }
        }
        _ => {
            let (kind, len) = (u.int_in_range(0..=3)?, u.int_in_range(0..=40)?);
            let body = u.bytes(len.min(u.len()))?;
            part.bytes = forge::with_checksum(forge::block(kind, part.raw_len.min(0xf_ffff), 0, body));
        }
    }
    Ok(())
}

impl Container for Hostile {
    fn find(&self, name: &str) -> Done<Option<ColumnId>> {
        Ok(self.columns.iter().position(|c| c.info.name == name).map(|id| id as ColumnId))
    }

    fn describe(&self, column: ColumnId) -> Done<ColumnInfo> {
        let column = self.columns.get(column as usize).ok_or_else(|| Error::Missing("no such column".into()))?;
        Ok(column.info.clone())
    }

    fn piece(&self, column: ColumnId, number: u64) -> Done<Option<Piece>> {
        let part = self.columns.get(column as usize).and_then(|c| c.parts.get(number as usize));
        Ok(part.map(|part| part.piece))
    }

    fn piece_with(&self, column: ColumnId, position: u64) -> Done<Option<Piece>> {
        let parts = self.columns.get(column as usize).map_or(&[][..], |c| &c.parts);
        let mut pieces = parts.iter().map(|part| part.piece);
        Ok(pieces.find(|piece| self.lies || (piece.first..piece.end).contains(&position)))
    }

    fn stored(&self, column: ColumnId, number: u64) -> Done<Stored> {
        let part = self.columns.get(column as usize).and_then(|c| c.parts.get(number as usize));
        let Part { bytes, raw_len, .. } = part.cloned().ok_or_else(|| Error::Missing("no such piece".into()))?;
        Ok(if self.plain { Stored::Plain(bytes) } else { Stored::Blocks { bytes, raw_len } })
    }

    /// The other compression: one byte for all.
    fn unpack(&self, block: &[u8], out: &mut [u8]) -> Done<()> {
        let byte = block.get(9).ok_or_else(|| Error::Unreadable("an empty block".into()))?;
        out.fill(*byte);
        Ok(())
    }

    fn model(&self, hash: u64) -> Done<Option<Arc<Model>>> {
        Ok(self.models.iter().find(|model| model.hash() == hash).cloned())
    }

    fn models(&self) -> Done<Vec<Arc<Model>>> {
        Ok(self.models.clone())
    }
}
