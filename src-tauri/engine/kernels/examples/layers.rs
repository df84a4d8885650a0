//! How fast layers of the model's shape are computed here, with nothing around them:
//! `cargo run --release --example layers [rows] [before]`.
//!
//! Weights of noise, one layer after another, more of them than any cache holds; medians,
//! as tokens a second of a model of 26 such layers.

#![allow(clippy::print_stdout)] // what it is for

use std::time::Instant;

use half::f16;
use sotto_kernels::{
    Cache, DecoderConfig, Gate, Heads, Kind, Layer, Matrix, Numbers, Pairs, Pass, Shape, Tables, fastest,
    threads,
};

const HIDDEN: usize = 3072;
const INNER: usize = 9216;
const HEADS: Heads = Heads { queries: 32, keys: 8, width: 128 };
const LAYERS: usize = 26;
/// As many as are made; each is used again and again.
const MADE: usize = 4;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments =
        std::env::args().skip(1).map(|number| number.parse()).collect::<Result<Vec<usize>, _>>()?;
    let (count, before) = (arguments.first().copied().unwrap_or(1), arguments.get(1).copied().unwrap_or(0));
    let made: Vec<Made> = (0..MADE).map(Made::new).collect();
    let layers = made.iter().map(Made::layer).collect::<Result<Vec<_>, _>>()?;
    let rope_frequencies = (0..64u8).map(|pair| 0.9f32.powi(pair.into())).collect();
    let mut pass = Pass::new(DecoderConfig {
        hidden: HIDDEN,
        heads: HEADS,
        epsilon: 1e-5,
        rope_frequencies,
        rope_scale: 1.0,
        query_scale: None,
        pairs: Pairs::Neighbours,
        query_width: HEADS.width,
        gate: Gate::Silu,
        near: None,
    });
    let positions = before + count;
    let kept = vec![f16::from_f32(0.01); positions * HEADS.keys * HEADS.width];
    let tables = Tables { numbers: Numbers::Half(&kept), stride: positions * HEADS.width };
    let stream = vec![0.5; count * HIDDEN];
    let mut seconds = Vec::new();
    for _ in 0..if count > 8 { 3 } else { 15 } {
        let begun = Instant::now();
        pass.begin(&stream, before);
        for layer in layers.iter().cycle().take(LAYERS) {
            pass.ask(layer);
            pass.answer(layer, Cache { keys: tables, values: tables, positions });
        }
        seconds.push(begun.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    #[allow(clippy::cast_precision_loss)] // to one digit
    let speed = |seconds: f64| count as f64 / seconds;
    println!(
        "{}, {} threads: {count} rows after {before}: {:.1} tokens/s, at best {:.1}",
        fastest(),
        threads(),
        speed(seconds[seconds.len() / 2]),
        speed(seconds[0])
    );
    Ok(())
}

/// A layer's weights, in memory of their own.
struct Made {
    norm: Vec<f32>,
    wide: Vec<u8>,
    fine: Vec<u8>,
    number: usize,
}

impl Made {
    fn new(number: usize) -> Self {
        let length = |rows: usize, columns: usize, bytes: usize| rows * columns / 256 * bytes;
        let wide = length(2 * 4096 + 2 * 1024 + 3 * INNER, HIDDEN, 144);
        Self {
            norm: vec![1.0; HIDDEN],
            wide: noise(wide, number),
            fine: noise(length(HIDDEN, INNER, 210), number),
            number,
        }
    }

    /// Half of the layers have two matrices in finer blocks, as in `Q4_K_M`.
    fn layer(&self) -> Result<Layer<'_>, Shape> {
        let mut rest = self.wide.as_slice();
        let mut next = |rows: usize, columns: usize| {
            let (bytes, after) = rest.split_at(rows * columns / 256 * 144);
            rest = after;
            Matrix::new(Kind::Q4K, bytes, rows, columns)
        };
        Ok(Layer {
            norm: &self.norm,
            queries: next(4096, HIDDEN)?,
            keys: next(1024, HIDDEN)?,
            values: next(1024, HIDDEN)?,
            output: next(HIDDEN, 4096)?,
            feed_norm: &self.norm,
            gate: next(INNER, HIDDEN)?,
            up: next(INNER, HIDDEN)?,
            down: match self.number % 2 {
                0 => next(HIDDEN, INNER)?,
                _ => Matrix::new(Kind::Q6K, &self.fine, HIDDEN, INNER)?,
            },
            head_norms: None,
            added_norms: None,
            is_near: false,
        })
    }
}

/// Bytes in no order, but for scales that keep numbers small.
fn noise(length: usize, seed: usize) -> Vec<u8> {
    let mut state = seed as u64 + 1;
    let next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // Never an exponent of a 16-bit float that is large.
        state.to_be_bytes()[0] & 0x8f
    };
    std::iter::repeat_with(next).take(length).collect()
}
