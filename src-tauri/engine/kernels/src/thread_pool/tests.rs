use std::sync::atomic::{AtomicUsize, Ordering};

use super::parallel_for;

#[test]
fn every_piece_is_done_once() {
    for count in [0, 1, 2, 3, 100, 10_000] {
        let done: Vec<AtomicUsize> = (0..count).map(|_| AtomicUsize::new(0)).collect();
        parallel_for(count, |piece| _ = done[piece].fetch_add(1, Ordering::Relaxed));
        assert!(done.iter().all(|times| times.load(Ordering::Relaxed) == 1));
    }
}

#[test]
fn one_job_after_another_loses_nothing() {
    let sum = AtomicUsize::new(0);
    for job in 0..20_000 {
        parallel_for(5, |piece| _ = sum.fetch_add(job + piece, Ordering::Relaxed));
    }
    assert_eq!(sum.load(Ordering::Relaxed), 5 * (19_999 * 20_000 / 2) + 20_000 * 10);
}

#[test]
fn jobs_of_several_threads_and_within_each_other_are_all_done() {
    let sum = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..100 {
                    parallel_for(7, |_| parallel_for(3, |piece| _ = sum.fetch_add(piece, Ordering::Relaxed)));
                }
            });
        }
    });
    assert_eq!(sum.load(Ordering::Relaxed), 4 * 100 * 7 * 3);
}

#[test]
fn a_pool_that_has_slept_wakes_for_work() {
    let done = AtomicUsize::new(0);
    for _ in 0..5 {
        std::thread::sleep(std::time::Duration::from_millis(5));
        parallel_for(50, |_| _ = done.fetch_add(1, Ordering::Relaxed));
    }
    assert_eq!(done.load(Ordering::Relaxed), 250);
}

#[test]
fn a_piece_that_breaks_off_is_said_and_the_pool_goes_on() {
    let broken = std::panic::catch_unwind(|| parallel_for(10, |piece| assert_ne!(piece, 7)));
    assert!(broken.is_err());
    let done = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        // From another thread, too: the turn was given back.
        scope.spawn(|| parallel_for(10, |_| _ = done.fetch_add(1, Ordering::Relaxed)));
    });
    assert_eq!(done.load(Ordering::Relaxed), 10);
}
