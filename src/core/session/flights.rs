//! Pieces that are being decoded: each by one thread, while others that need it wait.
//!
//! Whoever waits needs what it waits for, and so does everything that it has claimed itself: a circle of waiting calls
//! is a circle of pieces that need each other, which only damaged files have. A thread that waits may hold a lock that
//! the other needs within a callback of the container (ROOT's global lock). So nobody waits long for a call that is in
//! a callback: it then decodes the piece a second time.

use super::cache::PieceKey;
use crate::model::context::ColumnContext;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

/// How long a call may be in a callback before those who wait for it do its work.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often they look.
const LOOK: Duration = Duration::from_millis(20);

/// A piece decoded.
#[derive(Clone, Default)]
pub(super) struct Decoded {
    /// All of it; there if anybody waits for it.
    pub bytes: Option<Arc<Vec<u8>>>,
    /// Hash of the model and column that it was coded as, and what later columns see of it.
    pub context: Option<(u64, u32, Arc<ColumnContext>)>,
}

/// A call of a session.
pub(super) struct Call {
    number: u64,
    thread: ThreadId,
    /// When the callback began that it is in, in milliseconds; 0 if it is in none.
    called: AtomicU64,
}

/// Milliseconds of this process, more than 0.
fn now() -> u64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed().as_millis() as u64 + 1
}

impl Call {
    pub fn new() -> Arc<Self> {
        static CALLS: AtomicU64 = AtomicU64::new(0);
        let number = CALLS.fetch_add(1, Ordering::Relaxed);
        Arc::new(Call { number, thread: thread::current().id(), called: AtomicU64::new(0) })
    }

    /// Runs a callback of the container.
    pub fn back<T>(&self, callback: impl FnOnce() -> T) -> T {
        struct Within<'a>(&'a AtomicU64);
        impl Drop for Within<'_> {
            fn drop(&mut self) {
                self.0.store(0, Ordering::Relaxed);
            }
        }
        self.called.store(now(), Ordering::Relaxed);
        let _within = Within(&self.called);
        callback()
    }

    fn is_held_up(&self) -> bool {
        let since = self.called.load(Ordering::Relaxed);
        since != 0 && now().saturating_sub(since) > PATIENCE.as_millis() as u64
    }
}

/// A piece that is being decoded.
struct Flight {
    owner: Arc<Call>,
    waiters: AtomicUsize,
    /// None within: it could not be decoded.
    outcome: OnceLock<Option<Decoded>>,
    landed: Condvar,
}

#[derive(Default)]
struct Table {
    flights: HashMap<PieceKey, Arc<Flight>>,
    /// What calls wait for, by their numbers.
    waits: HashMap<u64, Arc<Flight>>,
}

impl Table {
    /// What becomes of a call that waits for a flight.
    fn judge(&self, call: &Call, flight: &Arc<Flight>) -> Prospect {
        let mut flight = flight;
        for _ in 0..=self.waits.len() {
            let owner = &flight.owner;
            if owner.number == call.number {
                return Prospect::Circle;
            }
            // a callback of this thread's other call has led here: that call cannot go on before this one
            if owner.thread == call.thread || owner.is_held_up() {
                return Prospect::Never;
            }
            match self.waits.get(&owner.number) {
                // who waits for what has landed goes on as soon as it is awake
                Some(next) if next.outcome.get().is_none() => flight = next,
                _ => return Prospect::Soon,
            }
        }
        Prospect::Soon // a circle of others, which they will find
    }
}

enum Prospect {
    Soon,
    Never,
    Circle,
}

/// Who decodes a piece.
pub(super) enum Claim<'a> {
    /// The caller, for all.
    Mine(Ticket<'a>),
    /// Another call did.
    Landed(Decoded),
    /// The caller, for itself alone.
    Alone,
    /// Nobody can: it needs itself.
    Circle,
}

/// The pieces of a session that are being decoded.
#[derive(Default)]
pub(super) struct Flights(Mutex<Table>);

impl Flights {
    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Claims a piece for a call, or waits for who has it.
    pub fn claim(&self, key: PieceKey, call: &Arc<Call>) -> Claim<'_> {
        let mut table = self.table();
        loop {
            let Some(flight) = table.flights.get(&key).cloned() else {
                let (waiters, outcome, landed) = (AtomicUsize::new(0), OnceLock::new(), Condvar::new());
                let flight = Arc::new(Flight { owner: Arc::clone(call), waiters, outcome, landed });
                table.flights.insert(key, Arc::clone(&flight));
                return Claim::Mine(Ticket { flights: self, key, flight });
            };
            flight.waiters.fetch_add(1, Ordering::Relaxed);
            table.waits.insert(call.number, Arc::clone(&flight));
            let end = loop {
                if let Some(outcome) = flight.outcome.get() {
                    // where it failed, the next one finds out for itself why
                    break outcome.clone().map(Claim::Landed);
                }
                match table.judge(call, &flight) {
                    Prospect::Circle => break Some(Claim::Circle),
                    Prospect::Never => break Some(Claim::Alone),
                    Prospect::Soon => {}
                }
                table = flight.landed.wait_timeout(table, LOOK).unwrap_or_else(PoisonError::into_inner).0;
            };
            table.waits.remove(&call.number);
            flight.waiters.fetch_sub(1, Ordering::Relaxed);
            if let Some(end) = end {
                return end;
            }
        }
    }
}

/// The right to decode a piece. Dropped, it tells those who wait that the piece could not be decoded.
pub(super) struct Ticket<'a> {
    flights: &'a Flights,
    key: PieceKey,
    flight: Arc<Flight>,
}

impl Ticket<'_> {
    /// Gives the piece to those who wait. `decoded` is told whether there are any.
    pub fn land(self, decoded: impl FnOnce(bool) -> Decoded) {
        let mut table = self.flights.table(); // nobody begins to wait meanwhile
        let is_awaited = self.flight.waiters.load(Ordering::Relaxed) > 0;
        self.end(&mut table, Some(decoded(is_awaited)));
    }

    fn end(&self, table: &mut Table, outcome: Option<Decoded>) {
        if self.flight.outcome.set(outcome).is_ok() {
            table.flights.remove(&self.key);
            self.flight.landed.notify_all();
        }
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        let mut table = self.flights.table();
        self.end(&mut table, None); // unless it has landed
    }
}
