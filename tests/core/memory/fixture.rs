//! Columns that depend on each other, models that say how, and how a table of them is filled.

use super::filled::{Blocks, Filled, write};
use super::{BOUND, Column, Filling, Lent, Memory, Order, id_of};
use crate::common::Random;
use rootbaler::format::codec::{Codec, Mode};
use rootbaler::inference::net::{Layer, Net};
use rootbaler::model::builder;
use rootbaler::model::sample::Sample;
use rootbaler::model::{Input, Model, ModelSpec};
use rootbaler::session::WriteSession;
use rootbaler::values::bound::Bound;
use rootbaler::values::value::values_from_be;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

/// Of all floats: what a network takes a value for that is not there.
const MIDDLE: f32 = 5.0;

/// Columns with their values, and models of them.
pub struct Fixture {
    columns: Vec<Column>,
    pub models: Vec<Arc<Model>>,
    pub single: bool,
}

/// Distributions around the last input, and a little around the others.
fn near(inputs: usize) -> Net {
    let mut mean = vec![1; inputs];
    mean[inputs - 1] = 17 - inputs as i16; // in all 16: contexts have fewer fraction bits than means
    let weights = [vec![0; inputs], mean, vec![0; inputs]].concat();
    let output = Layer { inputs: inputs as u32, weights, bias: vec![0, 0, 3 << 8], shift: vec![0; 3] };
    Net { components: 1, hidden: Vec::new(), output }
}

fn depends(spec: &mut ModelSpec, name: &str, parents: &[&str]) {
    let place = |name: &str| spec.columns.iter().position(|c| c.name == name).unwrap();
    let inputs: Vec<Input> = parents.iter().map(|name| Input::Column(place(name) as u32)).collect();
    let column = place(name);
    spec.columns[column].net = Some(near(inputs.len()));
    spec.columns[column].inputs = inputs;
}

impl Fixture {
    pub fn new(entries: usize) -> Self {
        Self::with_seed(entries, 1)
    }

    /// Other seeds give other values with the same models.
    pub fn with_seed(entries: usize, seed: u64) -> Self {
        let models = Self::make(entries, 1).1;
        Fixture { columns: Self::make(entries, seed).0, models, single: false }
    }

    fn make(entries: usize, seed: u64) -> (Vec<Column>, Vec<Arc<Model>>) {
        let mut random = Random(seed);
        let mut counts = |most: u64| -> Vec<u32> { (0..entries).map(|_| (random.next() % most) as u32).collect() };
        let n = counts(5);
        let m: Vec<u32> = counts(6).into_iter().map(|m| m + 1).collect();
        let total = |counts: &[u32]| counts.iter().sum::<u32>() as usize;
        let unit = |random: &mut Random| random.next() as f32 / (1u64 << 31) as f32;
        let mut other = Random(seed + 100);
        let mut floats = |rows: usize| -> Vec<f32> { (0..rows).map(|_| 10.0 * unit(&mut other)).collect() };
        let (a, x, g) = (floats(entries), floats(total(&n)), floats(total(&m)));
        let mut other = Random(seed + 200);
        let mut beside = |values: &[f32]| -> Vec<f32> { values.iter().map(|v| v + 0.1 * unit(&mut other)).collect() };
        let b = beside(&a);
        let c = beside(&b);
        let y = beside(&x);
        // some point nowhere
        let mut index = || -> Vec<i32> {
            let of = |(&n, &m): (&u32, &u32)| (0..n).map(move |_| m).collect::<Vec<_>>();
            let most = n.iter().zip(&m).flat_map(of);
            most.map(|m| (random.next() % u64::from(m)) as i32 - i32::from(random.next().is_multiple_of(20))).collect()
        };
        let (i, k) = (index(), index());
        let follow = |index: &[i32]| -> (Vec<f32>, Vec<bool>) {
            let (mut at, mut first, mut found) = (0, 0, Vec::new());
            for (&n, &m) in n.iter().zip(&m) {
                for &place in &index[at..at + n as usize] {
                    let is_there = (0..m as i32).contains(&place);
                    found.push((if is_there { g[first + place as usize] } else { MIDDLE }, is_there));
                }
                (at, first) = (at + n as usize, first + m as usize);
            }
            found.into_iter().unzip()
        };
        let (at_i, at_k) = (follow(&i), follow(&k));
        let (z, w) = (beside(&at_i.0), beside(&at_k.0));

        let bound = Bound::Abs(BOUND);
        let mut group = Sample::scalar(entries);
        group.add("a", bound, &a).unwrap();
        group.add("b", bound, &b).unwrap();
        group.add("c", bound, &c).unwrap();
        let mut gen_sample = Sample::jagged(&m);
        gen_sample.add("g", bound, &g).unwrap();
        let mut rec = Sample::jagged(&n);
        rec.add("x", bound, &x).unwrap();
        rec.add("y", bound, &y).unwrap();
        rec.add("i", Bound::Lossless, &i).unwrap();
        rec.add("k", Bound::Lossless, &k).unwrap();
        rec.add_foreign("g", "i", &at_i.0, &at_i.1).unwrap();
        rec.add_foreign("g", "k", &at_k.0, &at_k.1).unwrap();
        rec.add("z", bound, &z).unwrap();
        rec.add("w", bound, &w).unwrap();

        let mut group = builder::build(&group, &[], "test");
        depends(&mut group, "b", &["a"]);
        depends(&mut group, "c", &["a", "b"]);
        let gen_model = builder::build(&gen_sample, &[], "test");
        let mut rec = builder::build(&rec, &[gen_sample], "test");
        rec.columns.sort_by_key(|c| ["z", "w"].contains(&c.name.as_str())); // behind the foreign columns
        depends(&mut rec, "y", &["x"]);
        depends(&mut rec, "z", &["g@i"]);
        depends(&mut rec, "w", &["g@i", "g@k"]);
        let models = [group, rec, gen_model].iter().map(|spec| Arc::new(Model::new(spec).unwrap())).collect();

        let one = vec![1; entries];
        let integers = |counts: &[u32]| counts.iter().map(|&n| n as i32).collect::<Vec<_>>();
        let columns = vec![
            Column::new("n", None, &one, &integers(&n)),
            Column::new("m", None, &one, &integers(&m)),
            Column::new("g", Some("m"), &m, &g),
            Column::new("y", Some("n"), &n, &y),
            Column::new("x", Some("n"), &n, &x),
            Column::new("i", Some("n"), &n, &i),
            Column::new("k", Some("n"), &n, &k),
            Column::new("z", Some("n"), &n, &z),
            Column::new("w", Some("n"), &n, &w),
            Column::new("a", None, &one, &a),
            Column::new("b", None, &one, &b),
            Column::new("c", None, &one, &c),
        ];
        (columns, models)
    }

    pub fn column_mut(&mut self, name: &str) -> &mut Column {
        self.columns.iter_mut().find(|c| c.name == name).unwrap()
    }

    /// The counter says one more than there are.
    pub fn contradict(&mut self, counter: &str, entry: usize) {
        let raw = &mut self.column_mut(counter).raw;
        let wrong = values_from_be::<i32>(&raw[4 * entry..][..4])[0] + 1;
        raw[4 * entry..][..4].copy_from_slice(&wrong.to_be_bytes());
    }

    fn codec(&self) -> Codec {
        let mut codec = Codec::default();
        self.models.iter().for_each(|model| codec.add(Arc::clone(model)));
        codec.mode = if self.single { Mode::Single } else { Mode::Group };
        codec
    }

    /// Fills a table; `sizes` are entries in the pieces of the columns.
    pub fn fill(&self, sizes: &[usize], order: Order) -> Filled {
        self.fill_with(sizes, order, |_, _| ())
    }

    /// The same; `at` is called after each entry.
    pub fn fill_with(&self, sizes: &[usize], order: Order, at: impl Fn(&WriteSession<Lent>, usize)) -> Filled {
        self.fill_as(self.codec(), sizes, order, at)
    }

    pub fn fill_as(
        &self,
        codec: Codec,
        sizes: &[usize],
        order: Order,
        at: impl Fn(&WriteSession<Lent>, usize),
    ) -> Filled {
        let memory = Arc::new(Memory::default());
        let session = Arc::new(WriteSession::new(codec, Lent(Arc::clone(&memory))));
        self.fill_into(0, session, memory, sizes, order, at)
    }

    pub(super) fn fill_into(
        &self,
        table: usize,
        session: Arc<WriteSession<Lent>>,
        memory: Arc<Memory>,
        sizes: &[usize],
        order: Order,
        at: impl Fn(&WriteSession<Lent>, usize),
    ) -> Filled {
        let size = |place: usize| sizes[place % sizes.len()];
        let filling =
            |(place, column): (usize, &Column)| (id_of(column.name), Filling::new(column.clone(), size(place)));
        memory.tables[table].set(self.columns.iter().enumerate().map(filling).collect()).ok().unwrap();
        memory.now.store(table, Ordering::SeqCst);
        let columns = memory.columns();
        let blocks = Mutex::new(Blocks::new());
        let entries = self.columns[0].counts.len();
        let mut random = Random(9);
        for entry in 0..entries {
            columns.values().for_each(|c| c.filled.store(entry + 1, Ordering::SeqCst));
            let is_due = |c: &&Filling| c.borders[c.piece.load(Ordering::SeqCst) + 1] == entry + 1;
            let mut due: Vec<&Filling> = columns.values().filter(is_due).filter(|c| c.column.is_written).collect();
            due.sort_by_key(|c| {
                ["n", "m", "g", "x", "i", "k", "a", "b"].iter().position(|&n| n == c.column.name).unwrap_or(9)
            });
            let skip = columns.values().filter(is_due).filter(|c| !c.column.is_written);
            skip.for_each(|c| _ = c.piece.fetch_add(1, Ordering::SeqCst));
            match order {
                Order::ParentsFirst => {}
                Order::ParentsLast => due.reverse(),
                Order::Shuffled(seed) => due.sort_by_cached_key(|_| random.next() ^ seed),
                Order::Threads => {
                    let write = |c: &&Filling| write(&session, c, &blocks);
                    std::thread::scope(|scope| due.iter().for_each(|c| _ = scope.spawn(move || write(c))));
                    due.clear();
                }
            }
            due.into_iter().for_each(|c| write(&session, c, &blocks));
            at(&session, entry + 1);
        }
        let blocks = blocks.into_inner().unwrap();
        Filled {
            session,
            memory: Arc::clone(&memory),
            table,
            blocks,
            models: self.models.clone(),
            bound: Bound::Abs(BOUND),
        }
    }
}
