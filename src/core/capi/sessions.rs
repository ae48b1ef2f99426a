//! Reading sessions: columns of a container, with all that they need.

use super::containers::{Callbacks, RB_NONE, RbContainer, RbSink};
use super::status::{RbStatus, give, give_handle, guard, handle, slice, slice_mut};
use crate::error::{Error, Result};
use crate::session::{Order, ReadSession};

/// Reads columns of a container, with all that they need. For any number of threads at once.
pub struct RbSession(ReadSession);

/// Begins to read.
///
/// @param container  copied; what `own` points to must live until rb_session_free() has returned.
/// @param out        receives the session; free it with rb_session_free().
/// @return RB_OK or RB_BAD_ARGUMENT (a function of the container is missing).
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_session_new(container: *const RbContainer, out: *mut *mut RbSession) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let callbacks = Callbacks::new(unsafe { handle(container, "container") }?)
            .ok_or_else(|| Error::BadArgument("a function of the container is missing".into()))?;
        unsafe { give_handle(out, || Ok(Box::new(RbSession(ReadSession::new(callbacks))))) }
    })
}

/// Ends a session, and forgets what was kept for it; NULL is fine.
///
/// # Safety
/// `session` is NULL or from rb_session_new(), and no thread uses it any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_session_free(session: *mut RbSession) {
    if !session.is_null() {
        // SAFETY: as documented
        drop(unsafe { Box::from_raw(session) });
    }
}

/// Decodes a block that the container has at hand, with all that it needs.
///
/// @param session       the session.
/// @param column        the column that the block is of, and
/// @param number        the number of its piece there; RB_NONE for either if that is not known: then it must be a block
///                      that needs nothing else.
/// @param block, len    the block.
/// @param dst, dst_len  receives the decoded bytes; dst_len is the block's raw_len.
/// @return RB_OK, RB_CORRUPT, RB_INCOMPATIBLE, RB_MISSING, RB_BAD_ARGUMENT, or what a callback failed with. On failure
///         `dst` holds nothing of use.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_session_decode(
    session: *const RbSession,
    column: u64,
    number: u64,
    block: *const u8,
    len: usize,
    dst: *mut u8,
    dst_len: usize,
) -> RbStatus {
    guard(|| {
        let at = (column != RB_NONE && number != RB_NONE).then_some((column, number));
        // SAFETY: as documented
        unsafe {
            handle(session, "session")?.0.decode_block(at, slice(block, len, "block")?, slice_mut(dst, dst_len, "dst")?)
        }
    })
}

/// Reads the values of some entries of a column.
///
/// @param session     the session.
/// @param column      a column of numbers.
/// @param first, end  the entries from `first`, without `end`.
/// @param native      not 0: the values have this machine's byte order; 0: big-endian, as in ROOT's files.
/// @param values      receives the values, behind what it has: of a column with a counter, all elements of the entries.
/// @param n           receives how many values; may be NULL.
/// @return RB_OK, RB_CORRUPT, RB_INCOMPATIBLE, RB_MISSING, RB_BAD_ARGUMENT, or what a callback failed with.
///
/// # Safety
/// Pointers are NULL or as described; no other thread uses `values`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_session_read(
    session: *const RbSession,
    column: u64,
    first: u64,
    end: u64,
    native: i32,
    values: *mut RbSink,
    n: *mut u64,
) -> RbStatus {
    guard(|| {
        let order = if native == 0 { Order::BigEndian } else { Order::Native };
        // SAFETY: as documented, here and below
        let (session, values) = unsafe { (handle(session, "session")?, sink_mut(values)?) };
        let read = session.0.read(column, first..end, order, &mut values.0)?;
        if let Some(n) = unsafe { n.as_mut() } {
            *n = read;
        }
        Ok(())
    })
}

/// Tells how many elements entries of a column with a counter have.
///
/// @param session      the session.
/// @param column       the column with the elements, not its counter.
/// @param first, end   the entries from `first`, without `end`.
/// @param counts, cap  receives the elements of each entry; room for at least as many numbers as there are entries.
/// @return RB_OK, RB_CORRUPT, RB_INCOMPATIBLE, RB_MISSING (no counter), RB_BAD_ARGUMENT, or what a callback failed
///         with.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_session_counts(
    session: *const RbSession,
    column: u64,
    first: u64,
    end: u64,
    counts: *mut u32,
    cap: usize,
) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let session = unsafe { handle(session, "session") }?;
        if end.saturating_sub(first) > cap as u64 {
            return Err(Error::BadArgument(format!("room for {cap} of {} counts", end - first)));
        }
        let read = session.0.counts(column, first..end)?;
        unsafe { slice_mut(counts, read.len(), "counts") }?.copy_from_slice(&read);
        Ok(())
    })
}

/// A piece that reading needs.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct RbNeed {
    /// The column.
    pub column: u64,
    /// Number of its piece.
    pub number: u64,
}

/// Lists the stored pieces that reading some positions of a column needs at most, its own included, by the models that
/// the container knows: so that it can fetch them in one request. Nothing is read or decoded. What is not there is left
/// out.
///
/// @param session     the session.
/// @param column      the column.
/// @param first, end  positions from `first`, without `end`: entries, or elements where its pieces are of elements.
/// @param needs, cap  receives the first `cap` of the pieces, by columns and numbers. May be NULL if `cap` is 0.
/// @param n           receives how many there are.
/// @return RB_OK, RB_CORRUPT, RB_BAD_ARGUMENT, or what a callback failed with.
///
/// # Safety
/// Pointers are NULL or as described.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_session_needs(
    session: *const RbSession,
    column: u64,
    first: u64,
    end: u64,
    needs: *mut RbNeed,
    cap: usize,
    n: *mut usize,
) -> RbStatus {
    guard(|| {
        // SAFETY: as documented, here and below
        let found = unsafe { handle(session, "session") }?.0.needs(column, first..end)?;
        let room = unsafe { slice_mut(needs, cap.min(found.len()), "needs") }?;
        room.iter_mut().zip(&found).for_each(|(need, &(column, number))| *need = RbNeed { column, number });
        unsafe { give(n, found.len(), "n") }
    })
}

/// # Safety
/// `sink` is NULL or a sink that nobody else uses.
unsafe fn sink_mut<'a>(sink: *mut RbSink) -> Result<&'a mut RbSink> {
    // SAFETY: as documented
    unsafe { sink.as_mut() }.ok_or_else(|| Error::BadArgument("values is NULL".into()))
}
