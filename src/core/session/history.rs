//! What is known of the columns of a table that is being written: of the pieces that were written, as long as others
//! may need them, and of those in memory, as far as somebody asked.

use super::column::ColumnId;
use super::seen::{context_of, counts_of};
use super::table::{Live, Table};
use crate::model::ModelColumn;
use crate::model::context::ColumnContext;
use crate::values::value::ValueType;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::mem::take;
use std::sync::Arc;

/// What is older is forgotten and costs ratio only.
const MAX_BYTES: usize = 256 << 20;
/// How much more there must be before it is worth looking for what can be forgotten.
const DROP_STEP: usize = 4 << 20;

/// What others see of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The contexts of a column of a model.
    Column {
        /// Index of the model.
        model: usize,
        /// Index of the column in it.
        column: usize,
    },
    /// Numbers of elements.
    Counter,
}

/// How a role is made of values.
#[derive(Clone, Copy)]
pub enum Lens<'a> {
    /// Contexts of this column.
    Column(&'a ModelColumn),
    /// Numbers of elements, of integers of this type.
    Counter(ValueType),
}

impl Lens<'_> {
    fn width(self) -> usize {
        match self {
            Lens::Column(column) => column.spec.value.size(),
            Lens::Counter(value) => value.size(),
        }
    }
}

/// Entries without a gap.
#[derive(Debug, Default)]
pub struct Segment {
    number: u64,
    first: u64,
    entries: usize,
    /// None: there was nothing to see yet.
    context: Option<Arc<ColumnContext>>,
    /// Jagged columns: elements up to the end of each entry.
    ends: Vec<u32>,
    counts: Vec<u32>,
}

impl Segment {
    fn end(&self) -> u64 {
        self.first + self.entries as u64
    }

    fn has(&self, entry: u64) -> bool {
        (self.first..self.end()).contains(&entry)
    }

    fn bytes(&self) -> usize {
        let of = |context: &Arc<ColumnContext>| 2 * context.scores.len() + 8 * context.lattice.len();
        self.context.as_ref().map_or(0, of) + 4 * (self.ends.len() + self.counts.len())
    }

    /// Elements before an entry.
    fn begin(&self, entry: usize) -> usize {
        match entry.checked_sub(1) {
            Some(last) if !self.ends.is_empty() => self.ends[last] as usize,
            _ => entry,
        }
    }

    /// How many of the entries from `from` have as many elements as `counts` says.
    fn agreeing(&self, from: usize, counts: &[u32]) -> usize {
        let elements = |entry| self.begin(entry + 1) - self.begin(entry);
        (from..).zip(counts).take_while(|&(entry, &count)| elements(entry) == count as usize).count()
    }

    /// Takes in what came since the last time.
    fn update(&mut self, live: &Live, jagged: bool, lens: Lens) {
        let width = lens.width();
        let elements = live.values.len() / width;
        let entries = match jagged {
            true if live.begins.len() < live.entries => 0,
            true => live.entries,
            false => live.entries.min(elements),
        };
        if self.number != live.number || self.first != live.first || self.entries > entries {
            *self = Segment { number: live.number, first: live.first, ..Segment::default() };
        }
        if self.entries == entries {
            return;
        }
        let known = self.begin(self.entries);
        if jagged {
            let mut end = known;
            for entry in self.entries..entries {
                let next = live.begins[..live.entries].get(entry + 1);
                let wanted = next.map_or(elements, |&next| next.saturating_sub(live.base).max(0) as usize / width);
                end = wanted.clamp(end, elements.max(end));
                self.ends.push(end as u32);
            }
        }
        self.entries = entries;
        let Some(new) = live.values.get(known * width..self.begin(entries) * width) else {
            // a piece that lost values
            *self = Segment { number: live.number, first: live.first, ..Segment::default() };
            return;
        };
        match lens {
            Lens::Counter(value) => self.counts.extend(counts_of(value, new)),
            Lens::Column(column) => self.append(context_of(column, new)),
        }
    }

    fn append(&mut self, more: ColumnContext) {
        match &mut self.context {
            // other threads may look at what there is
            Some(context) => Arc::make_mut(context).append(more.view()),
            None => self.context = Some(Arc::new(more)),
        }
    }
}

/// Contexts of some rows, as long as somebody looks at them.
#[derive(Clone, Debug, Default)]
pub struct View {
    context: Arc<ColumnContext>,
    first: usize,
    /// How many.
    pub rows: usize,
}

impl View {
    /// All rows of a context.
    pub fn of(context: ColumnContext) -> Self {
        let rows = context.scores.len();
        View { context: Arc::new(context), first: 0, rows }
    }

    /// The rows.
    pub fn seen(&self) -> crate::model::context::Seen<'_> {
        self.context.view().rows(self.first..self.first + self.rows)
    }
}

/// A column in a role.
#[derive(Default)]
struct Trace {
    written: VecDeque<Segment>,
    /// Of the piece in memory.
    live: Segment,
}

/// A column.
#[derive(Default)]
struct Record {
    traces: BTreeMap<Role, Trace>,
    /// Entries before this one were written.
    end: u64,
    is_writing: bool,
}

/// A column in a role, and how to see it.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The column.
    pub column: ColumnId,
    /// Whether it is jagged.
    pub jagged: bool,
    /// Its role.
    pub role: Role,
    /// What its values are.
    pub lens: Lens<'a>,
}

/// What is known of the columns of a table.
#[derive(Default)]
pub struct History {
    records: HashMap<ColumnId, Record>,
    /// Kept of written pieces of all columns.
    bytes: usize,
    drop_at: usize,
}

impl History {
    /// A piece of a column begins to be written, and others will see the column as `subjects`. True if the table was
    /// reset and is filled anew, so that all that was known before is forgotten.
    pub fn begin(&mut self, column: ColumnId, live: &Live, subjects: &[Subject]) -> bool {
        let is_reset = self.records.get(&column).is_some_and(|record| live.first < record.end);
        if is_reset {
            *self = History::default();
        }
        let record = self.records.entry(column).or_default();
        for subject in subjects {
            let trace = record.traces.entry(subject.role).or_default();
            trace.live.update(live, subject.jagged, subject.lens);
            self.bytes += trace.live.bytes();
            trace.written.push_back(take(&mut trace.live));
        }
        record.is_writing = true;
        record.end = live.end().unwrap_or(u64::MAX);
        is_reset
    }

    /// It is written. True if it is time to forget something.
    pub fn end(&mut self, column: ColumnId) -> bool {
        if let Some(record) = self.records.get_mut(&column) {
            record.is_writing = false;
        }
        self.bytes >= self.drop_at
    }

    /// Forgets a column.
    pub fn forget(&mut self, column: ColumnId) {
        let record = self.records.remove(&column).unwrap_or_default();
        let segments = record.traces.values().flat_map(|trace| &trace.written);
        self.bytes -= segments.map(Segment::bytes).sum::<usize>();
    }

    /// Columns, and the models that they have a role in.
    pub fn roles(&self) -> impl Iterator<Item = (ColumnId, Role)> + '_ {
        self.records.iter().flat_map(|(&column, record)| record.traces.keys().map(move |&role| (column, role)))
    }

    /// Entries of a column before this one were written.
    pub fn written(&self, column: ColumnId) -> u64 {
        self.records.get(&column).map_or(0, |record| record.end)
    }

    /// Forgets the pieces before entry `passed`, and the oldest ones if there are too many.
    pub fn drop_before(&mut self, passed: u64) {
        for trace in self.records.values_mut().flat_map(|record| record.traces.values_mut()) {
            while let Some(oldest) = trace.written.front()
                && (oldest.end() <= passed || self.bytes > MAX_BYTES)
            {
                self.bytes -= oldest.bytes();
                trace.written.pop_front();
            }
        }
        self.drop_at = 2 * self.bytes + DROP_STEP;
    }

    /// The segment that has an entry.
    fn find(&mut self, table: &dyn Table, subject: Subject, entry: u64) -> Option<&Segment> {
        let record = self.records.entry(subject.column).or_default();
        // another thread is at a piece that is written, so nobody may look
        let live = match record.is_writing {
            true => None,
            false => Some(table.live(subject.column).filter(|live| live.end().is_some())?),
        };
        let Trace { written, live: in_memory } = record.traces.entry(subject.role).or_default();
        // a number that is still to come: the table was reset since
        let is_before = |segment: &Segment| live.as_ref().is_none_or(|live| segment.number < live.number);
        let is_there = |segment: &&Segment| is_before(segment) && segment.has(entry);
        if let Some(segment) = written.iter().find(is_there) {
            return Some(segment);
        }
        in_memory.update(&live?, subject.jagged, subject.lens);
        in_memory.has(entry).then_some(in_memory)
    }

    /// The contexts of the entries from `first` that are known without a gap. With `counts`: as long as the entries
    /// have so many elements; else there are `entries`, all of them with one.
    pub fn view(
        &mut self,
        table: &dyn Table,
        subject: Subject,
        first: u64,
        entries: usize,
        counts: Option<&[u32]>,
    ) -> View {
        let mut view: Option<View> = None;
        let mut done = 0;
        while done < entries {
            let Some(segment) = self.find(table, subject, first + done as u64) else { break };
            let Some(context) = &segment.context else { break };
            let from = (first + done as u64 - segment.first) as usize;
            let mut to = segment.entries.min(from + entries - done);
            if let Some(counts) = counts {
                to = from + segment.agreeing(from, &counts[done..done + to - from]);
            }
            let rows = segment.begin(from)..segment.begin(to);
            match &mut view {
                None => view = Some(View { context: Arc::clone(context), first: rows.start, rows: rows.len() }),
                Some(view) => view.append(context, rows),
            }
            done += to - from;
            if to < segment.entries {
                break; // all there, or entries that contradict their counter
            }
        }
        view.unwrap_or_default()
    }

    /// Numbers of the elements of the entries from `first`, as far as a counter is known.
    pub fn counts(
        &mut self,
        table: &dyn Table,
        counter: ColumnId,
        value: ValueType,
        first: u64,
        entries: usize,
    ) -> Vec<u32> {
        let subject = Subject { column: counter, jagged: false, role: Role::Counter, lens: Lens::Counter(value) };
        let mut counts: Vec<u32> = Vec::new();
        while counts.len() < entries {
            let entry = first + counts.len() as u64;
            let Some(segment) = self.find(table, subject, entry) else { break };
            let known = &segment.counts[(entry - segment.first) as usize..];
            counts.extend(&known[..known.len().min(entries - counts.len())]);
        }
        counts
    }
}

impl View {
    /// Adds rows of another segment.
    fn append(&mut self, context: &ColumnContext, rows: std::ops::Range<usize>) {
        if self.first != 0 || self.rows != self.context.scores.len() || Arc::strong_count(&self.context) > 1 {
            let mut own = ColumnContext::default();
            own.append(self.seen());
            *self = View::of(own);
        }
        Arc::make_mut(&mut self.context).append(context.view().rows(rows));
        self.rows = self.context.scores.len();
    }
}
