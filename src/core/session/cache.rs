//! What was seen of decoded pieces, as other pieces will need it again: bounded, for all sessions and threads.

use super::column::ColumnId;
use crate::model::context::ColumnContext;
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

/// Names a piece in the process. Sessions are numbered and numbers never used again, so no two pieces are confused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct PieceKey {
    pub session: u64,
    pub column: ColumnId,
    pub number: u64,
    pub place: u64,
}

/// What of a piece is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum What {
    /// All its decoded bytes, for who asks for the piece itself later.
    Bytes,
    /// The integers of a counter.
    Counts,
    /// What a model's later columns see of it. The column may be a foreign one: then it is what this piece points to.
    Context { model: u64, column: u32 },
}

/// The integers of a counter.
#[derive(Debug)]
pub(super) struct Counts {
    pub each: Vec<u32>,
    pub total: u64,
}

impl Counts {
    pub fn new(each: Vec<u32>) -> Arc<Self> {
        let total = each.iter().map(|&n| u64::from(n)).sum();
        Arc::new(Counts { each, total })
    }
}

/// Something seen of a piece.
#[derive(Clone, Debug)]
pub(super) enum View {
    Bytes(Arc<Vec<u8>>),
    Counts(Arc<Counts>),
    Context(Arc<ColumnContext>),
}

impl View {
    fn size(&self) -> usize {
        const OVERHEAD: usize = 128; // of keys and lists
        OVERHEAD
            + match self {
                View::Bytes(bytes) => bytes.len(),
                View::Counts(counts) => size_of_val(counts.each.as_slice()),
                View::Context(seen) => size_of_val(seen.scores.as_slice()) + size_of_val(seen.lattice.as_slice()),
            }
    }
}

type Key = (PieceKey, What);

struct Cache {
    /// Each with the moment of its last use.
    views: HashMap<Key, (View, u64)>,
    by_use: BTreeMap<u64, Key>,
    now: u64,
    bytes: usize,
    /// For each thread.
    limit: usize,
}

impl Cache {
    fn new() -> Self {
        const MEGABYTES: usize = 64;
        let value = std::env::var("ROOTBALER_CACHE_MB").ok();
        let megabytes = value.map_or(MEGABYTES, |value| value.trim().parse().unwrap_or(0));
        let limit = megabytes.saturating_mul(1 << 20);
        Cache { views: HashMap::new(), by_use: BTreeMap::new(), now: 0, bytes: 0, limit }
    }

    fn remove(&mut self, key: &Key) -> Option<View> {
        let (view, used) = self.views.remove(key)?;
        self.by_use.remove(&used);
        self.bytes -= view.size();
        Some(view)
    }
}

static CACHE: LazyLock<Mutex<Cache>> = LazyLock::new(|| Mutex::new(Cache::new()));

/// Threads that keep views.
static THREADS: AtomicUsize = AtomicUsize::new(0);

/// Each thread reads clusters of its own, so there must be room for what a cluster needs, for each: with less, pieces
/// are decoded again and again for those that they help, which takes several times as long.
struct CountedThread;

impl CountedThread {
    fn new() -> Self {
        THREADS.fetch_add(1, Ordering::Relaxed);
        CountedThread
    }
}

impl Drop for CountedThread {
    fn drop(&mut self) {
        THREADS.fetch_sub(1, Ordering::Relaxed);
    }
}

thread_local! {
    static COUNTED: OnceCell<CountedThread> = const { OnceCell::new() };
}

fn cache() -> MutexGuard<'static, Cache> {
    CACHE.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn find(piece: PieceKey, what: What) -> Option<View> {
    let mut cache = cache();
    let cache = &mut *cache;
    let (view, used) = cache.views.get_mut(&(piece, what))?;
    cache.by_use.remove(used);
    cache.now += 1;
    *used = cache.now;
    cache.by_use.insert(cache.now, (piece, what));
    Some(view.clone())
}

/// Finds and forgets it.
pub(super) fn take(piece: PieceKey, what: What) -> Option<View> {
    cache().remove(&(piece, what))
}

/// Forgets those not used for longest when there are more than `ROOTBALER_CACHE_MB` (64) megabytes for each thread that
/// keeps views.
pub(super) fn keep(piece: PieceKey, what: What, view: View) {
    // while a thread ends its count is gone already
    let _ = COUNTED.try_with(|counted| _ = counted.get_or_init(CountedThread::new));
    let mut forgotten = Vec::new(); // freed when others may go on
    let mut cache = cache();
    let key = (piece, what);
    if cache.views.contains_key(&key) {
        return;
    }
    cache.now += 1;
    let now = cache.now;
    cache.bytes += view.size();
    cache.views.insert(key, (view, now));
    cache.by_use.insert(now, key);
    let limit = cache.limit.saturating_mul(THREADS.load(Ordering::Relaxed).max(1));
    while cache.bytes > limit
        && let Some((_, oldest)) = cache.by_use.pop_first()
    {
        if let Some((view, _)) = cache.views.remove(&oldest) {
            cache.bytes -= view.size();
            forgotten.push(view);
        }
    }
    drop(cache);
}

/// Forgets all of a session.
pub(super) fn forget(session: u64) {
    let mut cache = cache();
    let keys: Vec<Key> = cache.views.keys().filter(|(piece, _)| piece.session == session).copied().collect();
    let forgotten: Vec<_> = keys.iter().filter_map(|key| cache.remove(key)).collect();
    drop(cache);
    drop(forgotten);
}
