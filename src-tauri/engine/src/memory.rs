//! The engine's allocator, which can hold one thread to a limit.
//!
//! A tokenizer is a million small allocations, over which the system's allocator takes
//! twice as long as mimalloc. And some of what a model's file says is a program, whose
//! memory nothing else bounds: see `prompt/bounded.rs`.

#![allow(unsafe_code)] // an allocator is unsafe by its trait; every call is mimalloc's own

use std::{
    alloc::{GlobalAlloc, Layout},
    cell::Cell,
    thread,
};

use mimalloc::MiMalloc;

/// mimalloc, counting where a thread has a limit.
pub struct Counted;

/// What a thread without a limit may take.
const UNLIMITED: usize = usize::MAX;

thread_local! {
    /// What this thread may still take, in bytes.
    static LEFT: Cell<usize> = const { Cell::new(UNLIMITED) };
}

/// From now on this thread may take `bytes` more than it gives back. When it asks for more
/// it stops where it is, for good: there is no way back out of an allocator.
pub fn hold_to(bytes: usize) {
    LEFT.set(bytes);
}

fn take(bytes: usize) {
    let left = LEFT.get();
    if left == UNLIMITED {
        return;
    }
    let Some(left) = left.checked_sub(bytes) else {
        LEFT.set(UNLIMITED);
        loop {
            thread::park();
        }
    };
    LEFT.set(left);
}

fn give(bytes: usize) {
    let left = LEFT.get();
    if left != UNLIMITED {
        LEFT.set(left.saturating_add(bytes).min(UNLIMITED - 1));
    }
}

// SAFETY: every call goes to mimalloc as it came; what is counted changes none of them.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        // SAFETY: the caller's promise is mimalloc's.
        unsafe { MiMalloc.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        // SAFETY: the caller's promise is mimalloc's.
        unsafe { MiMalloc.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        give(layout.size());
        // SAFETY: the caller's promise is mimalloc's.
        unsafe { MiMalloc.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        take(size);
        give(layout.size());
        // SAFETY: the caller's promise is mimalloc's.
        unsafe { MiMalloc.realloc(at, layout, size) }
    }
}
