#![allow(clippy::cast_precision_loss)] // small numbers

use super::{DecoderConfig, Gate, Layer, Near, Pairs, Pass};
use crate::{
    Cache, Heads, Kind, Matrix, Numbers, Tables,
    tests::{
        Noise,
        full::{block, full, scaled},
    },
};

const HIDDEN: usize = 256;
const INNER: usize = 512;
const HEADS: Heads = Heads { queries: 8, keys: 4, width: 64 };

#[test]
fn a_layer_is_what_its_definition_says() {
    use Kind::{Bf16, F16, F32, Q4K, Q6K, Q8_0};
    let alike = [F16, Bf16, F32, Q4K, Q6K, Q8_0].map(|kind| [kind; 7]);
    // Any kind beside any other.
    let mixed = [
        [Q8_0, Q8_0, Bf16, Q8_0, Q8_0, Q8_0, F32],
        [Q4K, F32, Q6K, F16, Q8_0, Bf16, Q6K],
        [F32, F16, Bf16, F32, F16, Bf16, F32],
    ];
    for kinds in alike.into_iter().chain(mixed) {
        let weights = Weights::new(kinds);
        for (start, count) in [(0, 1), (0, 3), (7, 1), (40, 5), (0, 70)] {
            let stream = numbers(count * HIDDEN, 5);
            let (before_keys, before_values) = (numbers(start * 256, 6), numbers(start * 256, 7));
            let found = weights.pass(start, &stream, &before_keys, &before_values, 0..count);
            let exact = weights.exact(start, &stream, &before_keys, &before_values);
            let off = error(&found, &exact);
            let bound = if kinds.iter().all(|kind| matches!(kind, F16 | Bf16 | F32)) { 1e-5 } else { 0.1 };
            assert!(off < bound, "{kinds:?} {start} + {count}: {off}");
        }
    }
}

/// Qwen 3's layers, and Gemma 3's of both kinds.
#[test]
fn layers_of_other_families_are_what_their_definitions_say() {
    let qwen = Family { pairs: Pairs::Halves, head_norms: true, ..Family::LLAMA };
    let gemma = Family { added_norms: true, gate: Gate::Gelu, ..qwen };
    for family in [qwen, gemma, Family { is_near: true, ..gemma }] {
        let weights = Weights { family, ..Weights::new([Kind::F32; 7]) };
        for (start, count) in [(0, 1), (7, 1), (40, 5), (0, 70)] {
            let stream = numbers(count * HIDDEN, 5);
            let (before_keys, before_values) = (numbers(start * 256, 6), numbers(start * 256, 7));
            let found = weights.pass(start, &stream, &before_keys, &before_values, 0..count);
            let exact = weights.exact(start, &stream, &before_keys, &before_values);
            let off = error(&found, &exact);
            assert!(off < 1e-5, "{family:?} {start} + {count}: {off}");
        }
    }
}

#[test]
fn positions_that_are_not_wanted_are_left_out_and_change_nothing() {
    let weights = Weights::new([Kind::F16; 7]);
    let stream = numbers(20 * HIDDEN, 5);
    let all = weights.pass(0, &stream, &[], &[], 0..20);
    let last = weights.pass(0, &stream, &[], &[], 19..20);
    let off = error(&last, &all[19 * HIDDEN..].iter().map(|n| f64::from(*n)).collect::<Vec<_>>());
    assert!(off < 1e-6, "{off}");
}

/// What a family does otherwise than Llama.
#[derive(Clone, Copy, Debug)]
struct Family {
    pairs: Pairs,
    head_norms: bool,
    added_norms: bool,
    gate: Gate,
    is_near: bool,
}

impl Family {
    const LLAMA: Self = Self {
        pairs: Pairs::Neighbours,
        head_norms: false,
        added_norms: false,
        gate: Gate::Silu,
        is_near: false,
    };
}

/// What a layer that sees what is near sees.
const WINDOW: usize = 24;

struct Weights {
    family: Family,
    kinds: [Kind; 7],
    norms: [Vec<f32>; 2],
    bytes: [Vec<u8>; 7],
}

/// Rows and columns of queries, keys, values, output, gate, up and down.
const SHAPES: [(usize, usize); 7] = [
    (512, HIDDEN),
    (256, HIDDEN),
    (256, HIDDEN),
    (HIDDEN, 512),
    (INNER, HIDDEN),
    (INNER, HIDDEN),
    (HIDDEN, INNER),
];

impl Weights {
    fn new(kinds: [Kind; 7]) -> Self {
        let mut noise = Noise::from(3);
        let mut at = 0;
        let bytes = SHAPES.map(|(rows, columns)| {
            let kind = kinds[at];
            at += 1;
            let mut number = || (f32::from(noise.byte()) - 127.5) / 1500.0;
            let numbers = (0..rows * columns).map(|_| number());
            // Scales that make weights of the size of a model's.
            let scale = match kind {
                Kind::F16 => return numbers.flat_map(|n| half::f16::from_f32(n).to_le_bytes()).collect(),
                Kind::Bf16 => return numbers.flat_map(|n| half::bf16::from_f32(n).to_le_bytes()).collect(),
                Kind::F32 => return numbers.flat_map(f32::to_le_bytes).collect(),
                Kind::Q6K => 3e-5,
                Kind::Q8_0 => 7e-4,
                _ => 2e-4,
            };
            let mut blocks = block(kind, rows * columns, &mut noise);
            scaled(kind, &mut blocks, half::f16::from_f32(scale).to_bits());
            blocks
        });
        Self { family: Family::LLAMA, kinds, norms: [numbers(HIDDEN, 1), numbers(HIDDEN, 2)], bytes }
    }

    fn config(&self) -> DecoderConfig {
        let frequencies = |base: f32| (0..32u8).map(|pair| base.powi(pair.into())).collect();
        DecoderConfig {
            hidden: HIDDEN,
            heads: HEADS,
            epsilon: 1e-5,
            rope_frequencies: frequencies(0.8),
            pairs: self.family.pairs,
            rope_scale: 1.1,
            query_scale: Some((0.1, 16)),
            query_width: 64,
            gate: self.family.gate,
            near: Some(Near { window: WINDOW, rope_frequencies: frequencies(0.7) }),
        }
    }

    fn layer(&self) -> Layer<'_> {
        let matrix =
            |at: usize| Matrix::new(self.kinds[at], &self.bytes[at], SHAPES[at].0, SHAPES[at].1).unwrap();
        Layer {
            norm: &self.norms[0],
            queries: matrix(0),
            keys: matrix(1),
            values: matrix(2),
            output: matrix(3),
            feed_norm: &self.norms[1],
            gate: matrix(4),
            up: matrix(5),
            down: matrix(6),
            head_norms: self.family.head_norms.then(|| [&self.norms[0][..64], &self.norms[1][..64]]),
            added_norms: self.family.added_norms.then(|| [&*self.norms[1], &*self.norms[0]]),
            is_near: self.family.is_near,
        }
    }

    /// One layer and a norm; what was before is given position after position.
    fn pass(
        &self,
        start: usize,
        stream: &[f32],
        keys: &[f32],
        values: &[f32],
        wanted: std::ops::Range<usize>,
    ) -> Vec<f32> {
        let mut pass = Pass::new(self.config());
        pass.begin(stream, start);
        let count = stream.len() / HIDDEN;
        let (new_keys, new_values) = pass.ask(&self.layer());
        let whole = |before: &[f32], new: &[f32]| -> Vec<f32> {
            let before =
                |head: usize| (0..start).flat_map(move |at| before[at * 256 + head * 64..][..64].to_vec());
            let new = |head: usize| new[head * count * 64..][..count * 64].to_vec();
            (0..4).flat_map(|head| before(head).chain(new(head)).collect::<Vec<_>>()).collect()
        };
        let (keys, values) = (whole(keys, new_keys), whole(values, new_values));
        let tables = |numbers| Tables { numbers: Numbers::Whole(numbers), stride: (start + count) * 64 };
        let positions = start + wanted.end;
        pass.keep(&wanted);
        pass.answer(&self.layer(), Cache { keys: tables(&keys), values: tables(&values), positions });
        pass.end(&self.norms[0]).to_vec()
    }

    /// The same in 64 bits, from the definition.
    fn exact(&self, start: usize, stream: &[f32], keys: &[f32], values: &[f32]) -> Vec<f64> {
        let wide = |numbers: &[f32]| numbers.iter().map(|n| f64::from(*n)).collect::<Vec<_>>();
        let times = |at: usize, row: &[f64]| -> Vec<f64> {
            let weights = full(self.kinds[at], &self.bytes[at]);
            weights.chunks_exact(SHAPES[at].1).map(|w| w.iter().zip(row).map(|(a, b)| a * b).sum()).collect()
        };
        let normed = |row: &[f64], weights: &[f32]| -> Vec<f64> {
            let mean = row.iter().map(|n| n * n).sum::<f64>() / row.len() as f64;
            row.iter().zip(weights).map(|(n, w)| n / (mean + 1e-5).sqrt() * f64::from(*w)).collect()
        };
        let (config, family) = (self.config(), self.family);
        let near = config.near.as_ref().filter(|_| family.is_near);
        let frequencies = near.map_or(&config.rope_frequencies, |near| &near.rope_frequencies);
        let turned = |mut row: Vec<f64>, weights: &[f32], position: usize, scale: f64| -> Vec<f64> {
            for head in row.chunks_exact_mut(64) {
                if family.head_norms {
                    head.copy_from_slice(&normed(head, &weights[..64]));
                }
                for (pair, frequency) in frequencies.iter().enumerate() {
                    let angle = position as f64 * f64::from(*frequency);
                    let [first, second] = match family.pairs {
                        Pairs::Neighbours => [2 * pair, 2 * pair + 1],
                        Pairs::Halves => [pair, pair + 32],
                    };
                    let (a, b) = (head[first], head[second]);
                    head[first] = (a * angle.cos() - b * angle.sin()) * f64::from(1.1f32) * scale;
                    head[second] = (b * angle.cos() + a * angle.sin()) * f64::from(1.1f32) * scale;
                }
            }
            row
        };
        let added =
            |row: Vec<f64>, weights: &[f32]| if family.added_norms { normed(&row, weights) } else { row };
        let gated = |g: f64| match family.gate {
            Gate::Silu => g / (1.0 + (-g).exp()),
            Gate::Gelu => 0.5 * g * (1.0 + (0.797_884_560_8 * (g + 0.044_715 * g.powi(3))).tanh()),
        };
        let (mut keys, mut values) = (wide(keys), wide(values));
        let mut out = Vec::new();
        for (at, row) in wide(stream).chunks_exact(HIDDEN).enumerate() {
            let position = start + at;
            let come = normed(row, &self.norms[0]);
            let scale = 1.0 + 0.1 * ((1 + position / 16) as f64).ln();
            let query = turned(times(0, &come), &self.norms[0], position, scale);
            keys.extend(turned(times(1, &come), &self.norms[1], position, 1.0));
            values.extend(times(2, &come));
            let mut seen = Vec::new();
            for (head, query) in query.chunks_exact(64).enumerate() {
                let place = |at: usize| at * 256 + head / 2 * 64;
                let fit = |at: usize| -> f64 {
                    keys[place(at)..][..64].iter().zip(query).map(|(k, q)| k * q).sum::<f64>() / 8.0
                };
                let begin = near.map_or(0, |near| (position + 1).saturating_sub(near.window));
                let weights: Vec<f64> = (begin..=position).map(|at| fit(at).exp()).collect();
                let sum: f64 = weights.iter().sum();
                seen.extend((0..64).map(|i| {
                    (begin..).zip(&weights).map(|(at, w)| w / sum * values[place(at) + i]).sum::<f64>()
                }));
            }
            let row: Vec<f64> =
                row.iter().zip(added(times(3, &seen), &self.norms[1])).map(|(a, b)| a + b).collect();
            let come = normed(&row, &self.norms[1]);
            let gate = times(4, &come);
            let inner: Vec<f64> = gate.iter().zip(times(5, &come)).map(|(g, u)| gated(*g) * u).collect();
            let row: Vec<f64> =
                row.iter().zip(added(times(6, &inner), &self.norms[0])).map(|(a, b)| a + b).collect();
            out.extend(normed(&row, &self.norms[0]));
        }
        out
    }
}

/// Between −1 and 1, in no order.
fn numbers(count: usize, seed: u64) -> Vec<f32> {
    let mut noise = Noise::from(seed);
    (0..count).map(|_| (f32::from(noise.byte()) - 127.5) / 128.0).collect()
}

/// The difference beside what is exact, both as root mean squares.
fn error(found: &[f32], exact: &[f64]) -> f64 {
    let off: f64 = found.iter().zip(exact).map(|(a, b)| (f64::from(*a) - b).powi(2)).sum();
    (off / exact.iter().map(|n| n * n).sum::<f64>()).sqrt()
}
