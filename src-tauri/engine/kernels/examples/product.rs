//! How fast rows are multiplied here: `cargo run --release --example product [rows…]`.
//!
//! A 9216 × 3072 matrix after another, so that weights come from memory as they do in a
//! model; medians of several runs, in billions of multiply-and-adds a second.

#![allow(clippy::print_stdout)] // what it is for

use std::{hint::black_box, time::Instant};

use sotto_kernels::{Kind, fastest, matmul, threads};

const K: usize = 3072;
const N: usize = 9216;
const MATRICES: usize = 4;
const TIMES: usize = 41;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut rows = std::env::args().skip(1).map(|rows| rows.parse()).collect::<Result<Vec<usize>, _>>()?;
    if rows.is_empty() {
        rows = vec![1, 8, 32, 173, 512];
    }
    println!("{}, {} threads; GMAC/s", fastest(), threads());
    print!("{:>6}", "rows");
    for m in &rows {
        print!("{m:>8}");
    }
    println!();
    for (kind, block, bytes) in
        [(Kind::Q4K, 256, 144), (Kind::Q5K, 256, 176), (Kind::Q6K, 256, 210), (Kind::Q8_0, 32, 34)]
    {
        let matrices = (0..MATRICES).map(|seed| noise(K / block * bytes * N, seed)).collect::<Vec<_>>();
        let speeds = rows.iter().map(|m| speed(kind, *m, &matrices)).collect::<Result<Vec<_>, _>>()?;
        print!("{:>6}", format!("{kind:?}"));
        for speed in speeds {
            print!("{speed:>8.1}");
        }
        println!();
    }
    println!("{:>6}{:>8.1}  (numbers in full, one thread, row after row)", "naive", naive());
    Ok(())
}

#[allow(clippy::cast_precision_loss)] // to one digit
fn speed(kind: Kind, m: usize, matrices: &[Vec<u8>]) -> Result<f64, sotto_kernels::Shape> {
    let lhs = activations(m);
    let mut dst = vec![0.0; m * N];
    let mut seconds = Vec::new();
    for time in 0..MATRICES + TIMES {
        let start = Instant::now();
        matmul(kind, &matrices[time % MATRICES], (m, K, N), &lhs, &mut dst)?;
        seconds.push(start.elapsed().as_secs_f64());
        black_box(&dst);
    }
    seconds.drain(..MATRICES); // until every matrix has been seen once, and the threads are awake
    seconds.sort_by(f64::total_cmp);
    Ok((m * K * N) as f64 / seconds[TIMES / 2] / 1e9)
}

#[allow(clippy::cast_precision_loss)] // to one digit
fn naive() -> f64 {
    let (lhs, weights) = (activations(1), activations(1024));
    let start = Instant::now();
    for row in weights.chunks_exact(K) {
        black_box(row.iter().zip(&lhs).map(|(a, b)| a * b).sum::<f32>());
    }
    weights.len() as f64 / start.elapsed().as_secs_f64() / 1e9
}

fn activations(m: usize) -> Vec<f32> {
    noise(m * K, 7).into_iter().map(|byte| f32::from(byte) / 128.0 - 1.0).collect()
}

/// Bytes in no order, the same for the same seed.
fn noise(length: usize, seed: usize) -> Vec<u8> {
    let mut state = seed as u64 + 1;
    let next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    };
    std::iter::repeat_with(next).take(length).collect()
}
