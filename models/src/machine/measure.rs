//! A moment of work, for an honest estimate of how fast a model will write here.
//!
//! Writing is bounded by how fast memory can be read, since for each piece of a word all
//! weights pass by once, and by the arithmetic done with them. Reading what the user wrote is
//! bounded by arithmetic alone, done for many pieces at once. Both are tried on all cores.
//! The numbers that turn them into words a second come from the engine's own speed on a
//! machine where both were measured; they are estimates, and are shown as such.

use std::{
    hint::black_box,
    thread,
    time::{Duration, Instant},
};

use serde::Serialize;

use crate::fit::Weight;

/// What a machine does in a second, at its best.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Pace {
    /// Bytes read from memory in a second.
    pub memory: f64,
    /// Products of small whole numbers added up in a second.
    pub products: f64,
}

/// Pieces of words that make a word of English: about four for three.
const WORD: f64 = 4.0 / 3.0;
/// How much of the memory's speed the engine makes use of where memory is what it waits for.
const BANDWIDTH: f64 = 0.75;
/// How many products the engine does, with instructions made for it, in the time of one
/// of ours: for one piece of a word at a time, and for many.
const ONE: f64 = 1.5;
const MANY: f64 = 8.0;

impl Pace {
    /// How many words a second this model would write here, about.
    pub fn writes(&self, weight: Weight) -> f64 {
        let (memory, arithmetic) =
            (self.memory * BANDWIDTH / size(weight), self.products * ONE / weights(weight));
        memory.min(arithmetic) / WORD
    }

    /// How many words a second it would read, about.
    pub fn reads(&self, weight: Weight) -> f64 {
        (self.products * MANY / weights(weight) / WORD).max(self.writes(weight))
    }
}

/// How many weights there are: one takes some five bits in the packing that is offered first.
fn weights(weight: Weight) -> f64 {
    size(weight) * 8.0 / 5.0
}

// A model has fewer bytes than f64 counts exactly.
#[allow(clippy::cast_precision_loss)]
fn size(weight: Weight) -> f64 {
    weight.files.max(1) as f64
}

/// Read on all cores together: far more than the nearest memory holds, so that the far one
/// is measured.
const SWEEP: usize = 256 << 20;
/// Whatever else runs meanwhile slows some tries: the best of several is what the machine can do.
const TRIES: usize = 5;
const TRY: Duration = Duration::from_millis(150);

/// Works for a second or two on all cores. Blocks.
pub fn measure() -> Pace {
    let cores = super::cores();
    let memory = on_all(cores, || {
        // Not zeroes, which the system gives without any memory behind them.
        let words = vec![0x0101_0101_0101_0101_u64; SWEEP / 8 / cores];
        while_time_lasts(|| {
            let sums = words.chunks_exact(8).fold([0_u64; 8], |mut sums, chunk| {
                for (sum, word) in sums.iter_mut().zip(chunk) {
                    *sum = sum.wrapping_add(*word);
                }
                sums
            });
            black_box(sums);
            words.len() * 8
        })
    });
    let products = on_all(cores, || {
        let (a, b) = (black_box([3_i16; 4096]), black_box([5_i16; 4096]));
        while_time_lasts(|| {
            for _ in 0..64 {
                let pairs = black_box(&a).iter().zip(black_box(&b));
                black_box(pairs.map(|(x, y)| i32::from(*x) * i32::from(*y)).sum::<i32>());
            }
            64 * 4096
        })
    });
    Pace { memory, products }
}

/// How much `work` gets done in a second, on this many threads together.
fn on_all(threads: usize, work: impl Fn() -> f64 + Sync) -> f64 {
    thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(&work)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or(0.0)).sum()
    })
}

/// How much gets done in a second, in the best of the tries.
fn while_time_lasts(mut work: impl FnMut() -> usize) -> f64 {
    (0..TRIES).map(|_| one_try(&mut work)).fold(0.0, f64::max)
}

// What is counted stays far below what f64 counts exactly.
#[allow(clippy::cast_precision_loss)]
fn one_try(work: &mut impl FnMut() -> usize) -> f64 {
    let (begun, mut done) = (Instant::now(), 0_usize);
    loop {
        done += work();
        let passed = begun.elapsed();
        if passed >= TRY {
            return done as f64 / passed.as_secs_f64();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalog;

    #[test]
    fn a_measurement_is_a_number_to_reckon_with() {
        let pace = measure();
        assert!(pace.memory > 1e6 && pace.products > 1e6, "{pace:?}");
        assert!(pace.memory.is_finite() && pace.products.is_finite());
    }

    #[test]
    fn what_else_runs_for_a_while_does_not_count() {
        let mut times = 0;
        let done = while_time_lasts(|| {
            times += 1;
            // The first try is held up, as by another program.
            if times == 1 {
                std::thread::sleep(TRY * 2);
            }
            1000
        });
        let held_up = 1000.0 / (TRY * 2).as_secs_f64();
        assert!(done > held_up * 2.0, "{done}");
    }

    #[test]
    fn a_larger_model_is_never_said_to_be_faster() {
        let pace = Pace { memory: 24e9, products: 8e9 };
        let catalog = Catalog::built_in();
        let weights: Vec<_> = catalog.entries.iter().map(Weight::of).collect();
        for (small, large) in weights.iter().zip(&weights[1..]) {
            assert!(pace.writes(*small) > pace.writes(*large));
            assert!(pace.reads(*small) >= pace.reads(*large));
        }
    }

    #[test]
    fn a_known_machine_is_estimated_as_it_was_measured() {
        // Two cores of a server that swept 82 GB a second and did 29.6 thousand million
        // products; the engine wrote 13 pieces of words a second on them, and read 70.
        let pace = Pace { memory: 82e9, products: 29.6e9 };
        let weight = Weight::of(&Catalog::built_in().entries[0]);
        let (writes, reads) = (pace.writes(weight) * WORD, pace.reads(weight) * WORD);
        assert!((12.0..14.0).contains(&writes), "{writes}");
        assert!((65.0..75.0).contains(&reads), "{reads}");
    }
}
