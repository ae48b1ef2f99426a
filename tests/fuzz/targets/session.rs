//! Reading from a container whose tables, ranges, counts, parents and bytes are hostile: an error or values, and the
//! same values whatever was read before.
#![no_main]

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use rootbaler::session::{ColumnId, Order, ReadSession};
use rootbaler_fuzz::hostile::Hostile;
use std::ops::Range;

fuzz_target!(|data: &[u8]| {
    _ = run(&mut Unstructured::new(data));
});

/// A call of a session.
#[derive(Debug)]
enum Call {
    Read(ColumnId, Range<u64>),
    Counts(ColumnId, Range<u64>),
    Needs(ColumnId, Range<u64>),
    Block(ColumnId, u64),
}

impl Call {
    fn any(u: &mut Unstructured, columns: usize) -> Result<Self> {
        let column = u.choose_index(columns)? as ColumnId;
        let what = u.int_in_range(0..=6)?;
        if what > 4 {
            return Ok(Call::Block(column, u.int_in_range(0..=3)?));
        }
        let range = match u.int_in_range(0..=3)? {
            0 => u.arbitrary()?..u.arbitrary()?,
            1 => 0..600,
            _ => u.arbitrary::<u8>()?.into()..u.int_in_range(0..=600)?,
        };
        Ok(match what {
            0 => Call::Counts(column, range),
            1 => Call::Needs(column, range),
            _ => Call::Read(column, range),
        })
    }

    /// What comes out, if anything.
    fn on(&self, session: &ReadSession, table: &Hostile) -> Option<Vec<u8>> {
        match self {
            Call::Read(column, entries) => {
                let mut out = Vec::new();
                session.read(*column, entries.clone(), Order::BigEndian, &mut out).ok().map(|_| out)
            }
            Call::Counts(column, entries) => {
                let counts = session.counts(*column, entries.clone()).ok()?;
                Some(counts.iter().flat_map(|n| n.to_le_bytes()).collect())
            }
            Call::Needs(column, entries) => {
                let needs = session.needs(*column, entries.clone()).ok()?;
                Some(needs.iter().flat_map(|(column, number)| [*column as u8, *number as u8]).collect())
            }
            Call::Block(column, number) => {
                let part = table.columns().get(*column as usize)?.parts.get(*number as usize)?;
                let mut out = vec![0; part.raw_len.min(1 << 20)];
                session.decode_block(Some((*column, *number)), &part.bytes, &mut out).ok().map(|()| out)
            }
        }
    }
}

fn run(u: &mut Unstructured) -> Result<()> {
    let table = Hostile::any(u)?;
    let calls = (0..u.int_in_range(1..=6)?).map(|_| Call::any(u, table.columns().len())).collect::<Result<Vec<_>>>()?;
    let session = ReadSession::new(table.clone());
    for call in &calls {
        let alone = call.on(&ReadSession::new(table.clone()), &table);
        let in_turn = call.on(&session, &table);
        if let (Some(alone), Some(in_turn)) = (alone, in_turn) {
            assert!(alone == in_turn, "{call:?} of {calls:?}");
        }
    }
    Ok(())
}
