//! What others see of a column's values (big-endian): numbers of elements, or contexts.

use crate::model::ModelColumn;
use crate::model::context::ColumnContext;
use crate::values::value::{Value, ValueType, values_from_be};
use crate::with_type;

/// Largest number that a counter may say; what is more becomes [`u32::MAX`], which fits no piece.
const MOST: u64 = i32::MAX as u64 / 4;

/// The integers (big-endian) of a counter. Impossible ones, negative ones too, become [`u32::MAX`].
pub(super) fn counts_of(value: ValueType, bytes: &[u8]) -> Vec<u32> {
    let count = |bits: u64| if bits <= MOST { bits as u32 } else { u32::MAX };
    with_type!(value, T => values_from_be::<T>(bytes).into_iter().map(|n| count(n.bits())).collect())
}

/// The contexts of values of a column; lattice integers only if anybody needs them.
pub(super) fn context_of(column: &ModelColumn, bytes: &[u8]) -> ColumnContext {
    let mut context = with_type!(column.spec.value, T => column.context(&values_from_be::<T>(bytes)));
    if !column.lattice_seen {
        context.lattice = Vec::new();
    }
    context
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_counts_fit_nothing() {
        assert_eq!(counts_of(ValueType::I8, &[3, 0xff, 0]), [3, u32::MAX, 0]);
        assert_eq!(counts_of(ValueType::U8, &[200]), [200]);
        assert_eq!(counts_of(ValueType::I32, &0x2000_0000i32.to_be_bytes()), [u32::MAX]);
    }
}
