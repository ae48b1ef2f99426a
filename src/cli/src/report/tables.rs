//! What all tables share: their style, lines for many branches, numbers as text.

use comfy_table::{CellAlignment, Table, presets};
use rootbaler::Bound;

/// A table with these columns, numbers (from column `numbers` on) to the right.
pub fn table(header: &[&str], numbers: usize) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_header(header.iter().copied());
    for column in table.column_iter_mut().skip(numbers) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// "3.14", or "-" where nothing was stored.
pub fn ratio(before: u64, after: u64) -> String {
    if after == 0 { "-".to_owned() } else { format!("{:.2}", before as f64 / after as f64) }
}

/// "1 model", "2 models".
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// How many lines a table may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// One for each branch.
    All,
    /// Branches that are named alike share one, if there are many.
    Few,
}

impl Lines {
    /// All if somebody asked for them.
    pub fn new(all: bool) -> Self {
        if all { Lines::All } else { Lines::Few }
    }

    /// Whether so many branches share lines.
    pub fn are_shared(self, branches: usize) -> bool {
        const MOST: usize = 80;
        self == Lines::Few && branches > MOST
    }
}

/// What names of one kind begin with: "Jet" of "Jet_pt".
pub fn prefix(name: &str) -> &str {
    name.split_once('_').map_or(name, |(first, _)| first)
}

/// A bound with as many digits as a table has room for.
pub fn short(bound: &str) -> String {
    const ROOM: usize = 12;
    match bound.parse() {
        Ok(Bound::Abs(number)) if bound.len() > ROOM => format!("abs={number:.3e}"),
        Ok(Bound::AbsDither(number)) if bound.len() > ROOM => format!("abs={number:.3e},dither"),
        _ => bound.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_stored_has_no_ratio() {
        assert_eq!(ratio(10, 0), "-");
        assert_eq!(ratio(10, 4), "2.50");
    }

    #[test]
    fn one_is_no_plural() {
        assert_eq!(counted(1, "branch", "branches"), "1 branch");
        assert_eq!(counted(0, "branch", "branches"), "0 branches");
    }

    #[test]
    fn tables_show_few_digits() {
        assert_eq!(short("abs=0.0005770965263927381"), "abs=5.771e-4");
        assert_eq!(short("abs=0.01"), "abs=0.01");
        assert_eq!(short("bits=10"), "bits=10");
        assert_eq!(short("abs=0.0005770965263927381,dither"), "abs=5.771e-4,dither");
        assert_eq!(short("exact"), "exact");
    }
}
