//! The writing session: columns that flush in any order, each with its own borders of pieces, are coded with the help
//! of the others as readers will see them, and every value comes back within its bound.

mod common;
mod memory;

use memory::{BOUND, Filled, Fixture, Order};
use rootbaler::format::block::Kind;
use rootbaler::format::codec::{Codec, Rule};
use rootbaler::session::Source;

/// Everything with every help: no row of a column with parents stands alone.
fn all_helped(filled: &Filled) {
    for name in ["b", "c", "y", "z", "w"] {
        let blocks = filled.blocks_of(name);
        let made: Vec<_> = blocks.iter().map(|block| (block.kind, block.rows_without)).collect();
        assert!(made.iter().all(|&block| block == (Some(Kind::Model), 0)), "{name}: {made:?}");
    }
}

#[test]
fn whatever_the_order_blocks_are_the_same() {
    let fixture = Fixture::new(3000);
    let mut made = None;
    for order in [Order::ParentsFirst, Order::ParentsLast, Order::Shuffled(3), Order::Shuffled(4)] {
        let filled = fixture.fill(&[1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000], order);
        filled.read_back();
        all_helped(&filled);
        let blocks = filled.all_blocks();
        assert!(*made.get_or_insert_with(|| blocks.clone()) == blocks, "{order:?}");
    }
}

#[test]
fn pieces_of_columns_need_not_share_borders() {
    let fixture = Fixture::new(3000);
    for order in [Order::ParentsFirst, Order::ParentsLast, Order::Shuffled(5)] {
        let filled = fixture.fill(&[700, 1300, 3000, 900, 650, 1100, 2000, 430, 3000, 1700], order);
        filled.read_back();
        all_helped(&filled);
    }
}

#[test]
fn threads_flush_together() {
    let fixture = Fixture::new(3000);
    let expected = fixture.fill(&[1000; 10], Order::ParentsFirst).all_blocks();
    for _ in 0..20 {
        let filled = fixture.fill(&[1000; 10], Order::Threads);
        filled.read_back();
        assert!(filled.all_blocks() == expected);
    }
}

#[test]
fn single_columns_stand_alone_but_for_counts() {
    let mut fixture = Fixture::new(3000);
    fixture.single = true;
    let filled = fixture.fill(&[1000; 10], Order::ParentsFirst);
    filled.read_back();
    assert!(filled.all_blocks().iter().all(|block| block.kind != Some(Kind::Model)));
    let saved: u64 = fixture.models.iter().map(|model| filled.session.saved(model.hash())).sum();
    assert_eq!(saved, 0);
}

#[test]
fn what_models_save_is_counted() {
    let fixture = Fixture::new(3000);
    let filled = fixture.fill(&[1000; 10], Order::ParentsFirst);
    let (group, rec) = (filled.session.saved(fixture.models[0].hash()), filled.session.saved(fixture.models[1].hash()));
    assert!(group > 2000 && rec > 2000, "{group} {rec}");
}

#[test]
fn a_counter_that_contradicts_is_not_relied_on() {
    let mut fixture = Fixture::new(2000);
    fixture.contradict("n", 500);
    let filled = fixture.fill(&[400; 10], Order::ParentsFirst);
    filled.read_back();
    let kinds: Vec<_> = filled.blocks_of("y").iter().map(|block| block.kind).collect();
    let (model, alone) = (Some(Kind::Model), Some(Kind::Column));
    assert_eq!(kinds, [model, alone, model, model, model]);
}

#[test]
fn a_parent_that_is_written_by_others_does_not_help() {
    let mut fixture = Fixture::new(2000);
    fixture.column_mut("a").is_written = false;
    let filled = fixture.fill(&[1000; 10], Order::ParentsFirst);
    filled.read_back();
    assert!(filled.blocks_of("b").iter().all(|block| block.kind != Some(Kind::Model) || block.rows_without > 0));
    assert!(filled.blocks_of("y").iter().all(|block| block.kind == Some(Kind::Model)));
}

#[test]
fn a_parent_that_readers_see_otherwise_does_not_help() {
    let mut fixture = Fixture::new(2000);
    fixture.models.swap_remove(2); // that of g: its values are exact now, which foreign columns do not expect
    let filled = fixture.fill(&[1000; 10], Order::ParentsFirst);
    filled.read_back();
    for name in ["z", "w"] {
        assert!(filled.blocks_of(name).iter().all(|block| block.kind != Some(Kind::Model) || block.rows_without > 0));
    }
}

#[test]
fn a_table_that_is_filled_anew_is_another_one() {
    let fixture = Fixture::new(2000);
    for order in [Order::ParentsFirst, Order::ParentsLast] {
        let first = fixture.fill(&[600; 10], Order::ParentsFirst);
        let again = first.fill_anew(&Fixture::with_seed(2000, 77), &[600; 10], order);
        again.read_back();
        all_helped(&again);
        assert!(again.all_blocks() != first.all_blocks());
    }
}

#[test]
fn what_all_have_passed_is_forgotten_and_a_lost_column_costs_ratio_only() {
    let fixture = Fixture::new(3000);
    let filled = fixture.fill_with(&[300; 10], Order::ParentsFirst, |session, entry| {
        if entry == 1500 {
            session.forget(memory::id_of("a")); // and c, which needs it, finds nothing older
        }
    });
    filled.read_back();
    all_helped(&filled);
}

#[test]
fn bounds_are_those_of_the_last_rule() {
    let fixture = Fixture::new(2000);
    let mut codec = Codec::default();
    for (pattern, bound) in [("*", "abs=0.5"), ("[ab]", "abs=0.01"), ("n", "abs=1")] {
        codec.set_bound(Rule::new(pattern, bound, bound).unwrap());
    }
    let filled = fixture.fill_as(codec, &[1000; 10], Order::ParentsFirst, |_, _| ());
    assert!(filled.worst("a") <= BOUND && filled.worst("a") > 0.0);
    assert!(filled.worst("c") > BOUND && filled.worst("c") <= 0.5);
    assert_eq!(filled.worst("n"), 0.0);
}

#[test]
fn what_cannot_be_is_refused_or_left() {
    let fixture = Fixture::new(100);
    let filled = fixture.fill(&[100; 10], Order::ParentsFirst);
    let raw = [0; 400];
    let source = |raw, data_len, entries| Source { raw, data_len, entries, first: None };
    let id = memory::id_of("a");
    let encode = |source| filled.session.encode(id, 5, source).unwrap();
    assert!(encode(source(&raw, 400, 100)).is_some());
    assert!(encode(source(&raw, 400, 99)).is_none(), "not its rows");
    assert!(encode(source(&raw, 399, 100)).is_none(), "no whole rows");
    assert!(encode(source(&raw[..396], 400, 100)).is_none(), "fewer bytes than rows");
    assert!(encode(source(&[], 0, 0)).is_none(), "nothing");
    assert!(filled.session.encode(99, 5, source(&raw, 400, 100)).is_err(), "no such column");
    filled.session.end(99);
    filled.session.forget(99);
}
