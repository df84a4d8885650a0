//! The threads that compute, and how work is shared among them.
//!
//! An answer is made of some hundred small pieces of work for every token, one after
//! another. Waking a thread takes longer than many of them, so for a moment after each
//! piece the pool stays awake; then it sleeps, and costs nothing.
//!
//! Pieces are taken one by one by whoever is free, the caller among them. A thread that
//! the system has set aside therefore holds up what it had begun, and nothing else.

#![allow(unsafe_code)] // a job lives on its caller's stack; see `parallel_for`

use std::{
    cell::UnsafeCell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Condvar, Mutex, MutexGuard, OnceLock, PoisonError, TryLockError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    thread,
};

/// How often a thread that is awake looks for work before it sleeps: some fifty
/// microseconds.
const LOOKS: u32 = 4000;

type Job<'a> = dyn Fn(usize) + Sync + 'a;

static THREADS: AtomicUsize = AtomicUsize::new(0);
static POOL: OnceLock<ThreadPool> = OnceLock::new();

/// With how many threads is computed, the caller's included. It must be said before
/// anything is computed; otherwise it is as many as the system has for us.
pub fn set_threads(threads: usize) {
    THREADS.store(threads, Ordering::Relaxed);
}

/// How many threads compute.
pub fn threads() -> usize {
    pool().others + 1
}

/// Calls `piece` once with each number below `count`, and returns when all are done.
///
/// Where the pool is at work already, for another thread or for a piece of this very
/// job, the caller does it all.
pub fn parallel_for(count: usize, piece: impl Fn(usize) + Sync) {
    let pool = pool();
    let alone = count < 2 || pool.others == 0 || count > Ticket::MOST;
    let Some(_turn) = (!alone).then(|| pool.turn()).flatten() else {
        (0..count).for_each(piece);
        return;
    };
    let job: &Job<'_> = &piece;
    // SAFETY: only the lifetime changes. The job is called by those who hold a piece of
    // it, and below nobody goes on before all pieces are done.
    let job: &'static Job<'static> = unsafe { std::mem::transmute(job) };
    // SAFETY: no piece is left of the job before, so nobody reads this; and with the turn
    // taken nobody else writes it.
    unsafe { *pool.job.get() = Some(job) };
    pool.done.store(0, Ordering::Relaxed);
    let before = Ticket(pool.ticket.load(Ordering::Relaxed));
    pool.ticket.store(before.next_job(count).0, Ordering::SeqCst);
    if pool.asleep.load(Ordering::SeqCst) > 0 {
        // With the lock, or it might come between a sleeper's last look and its sleep.
        drop(pool.sleeping.lock().unwrap_or_else(PoisonError::into_inner));
        pool.wake.notify_all();
    }
    pool.work();
    let mut looks = 0;
    while pool.done.load(Ordering::Acquire) < count {
        looks += 1;
        if looks < LOOKS { std::hint::spin_loop() } else { thread::yield_now() }
    }
    assert!(!pool.broken.swap(false, Ordering::Relaxed), "a piece of work broke off");
}

/// Which job is on, how many pieces it has and how many of them are taken, in one number:
/// so that a thread that comes late cannot take the old job's piece for the new one's.
#[derive(Clone, Copy)]
struct Ticket(u64);

impl Ticket {
    /// Of a count of pieces: 16 million in a job, and as many of them taken.
    const BITS: u32 = 24;
    const MOST: usize = (1 << Self::BITS) - 1;

    fn next_job(self, count: usize) -> Self {
        let job = (self.0 >> (2 * Self::BITS)).wrapping_add(1);
        Self(job << (2 * Self::BITS) | (count as u64) << Self::BITS)
    }

    /// The piece that was to be had, if any.
    fn piece(self) -> Option<usize> {
        #[allow(clippy::cast_possible_truncation)] // only the low bits are wanted
        let number = |bits: u64| bits as usize & Self::MOST;
        let (count, taken) = (number(self.0 >> Self::BITS), number(self.0));
        (taken < count).then_some(taken)
    }
}

struct ThreadPool {
    /// Threads besides the caller's.
    others: usize,
    ticket: AtomicU64,
    done: AtomicUsize,
    job: UnsafeCell<Option<&'static Job<'static>>>,
    broken: AtomicBool,
    /// Held by the thread whose job is on.
    turn: Mutex<()>,
    asleep: AtomicUsize,
    sleeping: Mutex<()>,
    wake: Condvar,
}

// SAFETY: all but `job` is made to be shared, and who may touch that is said in `parallel_for`.
unsafe impl Sync for ThreadPool {}

fn pool() -> &'static ThreadPool {
    let mut new = false;
    let pool = POOL.get_or_init(|| {
        new = true;
        let wanted = match THREADS.load(Ordering::Relaxed) {
            0 => thread::available_parallelism().map_or(1, std::num::NonZero::get),
            wanted => wanted,
        };
        ThreadPool {
            others: wanted - 1,
            ticket: AtomicU64::new(0),
            done: AtomicUsize::new(0),
            job: UnsafeCell::new(None),
            broken: AtomicBool::new(false),
            turn: Mutex::new(()),
            asleep: AtomicUsize::new(0),
            sleeping: Mutex::new(()),
            wake: Condvar::new(),
        }
    });
    if new {
        for _ in 0..pool.others {
            // One that cannot be had is missed by nobody: the others take its pieces.
            let _ = thread::Builder::new().name("compute".into()).spawn(|| pool.serve());
        }
    }
    pool
}

impl ThreadPool {
    /// The turn, where nobody has it. That a job broke off under it does not matter.
    fn turn(&self) -> Option<MutexGuard<'_, ()>> {
        match self.turn.try_lock() {
            Ok(turn) => Some(turn),
            Err(TryLockError::Poisoned(turn)) => Some(turn.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    fn serve(&self) {
        loop {
            self.work();
            if (0..LOOKS).any(|_| {
                std::hint::spin_loop();
                self.there_is_work()
            }) {
                continue;
            }
            let mut sleeping = self.sleeping.lock().unwrap_or_else(PoisonError::into_inner);
            self.asleep.fetch_add(1, Ordering::SeqCst);
            while !self.there_is_work() {
                sleeping = self.wake.wait(sleeping).unwrap_or_else(PoisonError::into_inner);
            }
            self.asleep.fetch_sub(1, Ordering::SeqCst);
        }
    }

    fn there_is_work(&self) -> bool {
        Ticket(self.ticket.load(Ordering::SeqCst)).piece().is_some()
    }

    fn work(&self) {
        while self.there_is_work() {
            let taken = Ticket(self.ticket.fetch_add(1, Ordering::AcqRel));
            let Some(piece) = taken.piece() else { return };
            // SAFETY: as long as this piece is not done, the job stays.
            let job = unsafe { *self.job.get() };
            let whole = catch_unwind(AssertUnwindSafe(|| job.map(|job| job(piece))));
            if whole.is_err() {
                self.broken.store(true, Ordering::Relaxed);
            }
            self.done.fetch_add(1, Ordering::Release);
        }
    }
}

#[cfg(test)]
mod tests;
