//! The layers of a text model, each computed as a whole: a few jobs for the threads, and
//! between them nothing but what one row takes.
//!
//! A layer is that of Llama and Mistral: what comes in is normed, compared with what went
//! before, and added; normed again, fed through a gated `SiLU`, and added. Qwen 3 and Gemma 3
//! differ in what [`DecoderConfig`] and [`Layer`] say. Everything but the products with quantised
//! weights is in 32-bit floats.
//!
//! Keys and values are kept by the caller: [`Pass::ask`] gives a layer's new ones, and
//! [`Pass::answer`] is shown all of them.

#![allow(unsafe_code)] // each row is written by one thread

use std::ops::Range;

use crate::{
    attention::{Cache, Heads, attend},
    exp::exp,
    gemm::{Columns, ROWS},
    lanes::Lanes,
    matrix::Matrix,
    product::products,
    rows::Rows,
    thread_pool::parallel_for,
    variant::{Variant, Work},
};

/// What all layers have in common.
#[derive(Clone, Debug)]
pub struct DecoderConfig {
    /// Numbers of a position.
    pub hidden: usize,
    /// The heads of attention.
    pub heads: Heads,
    /// What is added before a norm's root is taken.
    pub epsilon: f32,
    /// By how much each pair of a head's numbers turns from one position to the next.
    pub rope_frequencies: Vec<f32>,
    /// Which numbers turn together.
    pub pairs: Pairs,
    /// What sines and cosines are multiplied by.
    pub rope_scale: f32,
    /// `(beta, original)`: queries at a position are multiplied by
    /// 1 + beta × ln(1 + ⌊position / original⌋).
    pub query_scale: Option<(f64, usize)>,
    /// Fits are divided by the root of this: a head's width, as a rule.
    pub query_width: usize,
    /// What a gate becomes.
    pub gate: Gate,
    /// How it is in layers that see only what is near.
    pub near: Option<Near>,
}

/// Which numbers of a head turn together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pairs {
    /// Each with its neighbour, as GGUF orders the rows of Llama's kin.
    Neighbours,
    /// Each of the first half with its fellow in the second.
    Halves,
}

/// What a gate becomes before it is multiplied with what is gated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// x × σ(x).
    Silu,
    /// GELU as tanh approximates it: x × σ(2√(2/π)(x + 0.044715 x³)).
    Gelu,
}

/// Layers that see only what is near.
#[derive(Clone, Debug)]
pub struct Near {
    /// How many positions, their own among them.
    pub window: usize,
    /// As [`DecoderConfig::rope_frequencies`].
    pub rope_frequencies: Vec<f32>,
}

/// A layer's weights, where they lie.
#[derive(Clone, Copy, Debug)]
pub struct Layer<'a> {
    /// The norm before attention.
    pub norm: &'a [f32],
    /// To queries: heads × width rows. As in GGUF, pairs that turn together are neighbours.
    pub queries: Matrix<'a>,
    /// To keys.
    pub keys: Matrix<'a>,
    /// To values.
    pub values: Matrix<'a>,
    /// From what was seen.
    pub output: Matrix<'a>,
    /// The norm before the feed.
    pub feed_norm: &'a [f32],
    /// To the gate.
    pub gate: Matrix<'a>,
    /// To what is gated.
    pub up: Matrix<'a>,
    /// From there.
    pub down: Matrix<'a>,
    /// The norms of each head's queries and keys, where there are any.
    pub head_norms: Option<[&'a [f32]; 2]>,
    /// The norms of what attention and the feed add, where there are any.
    pub added_norms: Option<[&'a [f32]; 2]>,
    /// Whether it sees only what is near.
    pub is_near: bool,
}

/// Some positions on their way through the layers, and the memory that this takes, which
/// is kept for the next.
#[derive(Debug)]
pub struct Pass {
    config: DecoderConfig,
    variant: Variant,
    count: usize,
    /// What goes from layer to layer.
    stream: Vec<f32>,
    normed: Vec<f32>,
    rows: Rows,
    queries: Vec<f32>,
    /// As the product gives them: a row has all heads of a position.
    fresh: [Vec<f32>; 2],
    /// As they are kept: head after head.
    keys: Vec<f32>,
    values: Vec<f32>,
    seen: Vec<f32>,
    gate: Vec<f32>,
    up: Vec<f32>,
    /// For each position and pair, cosine and sine, far and near; for each position, by what queries
    /// are multiplied.
    rotations: [Vec<[f32; 2]>; 2],
    query_scales: Vec<f32>,
}

impl Pass {
    /// The most positions that go together.
    pub const MOST: usize = ROWS;

    /// For a model of this configuration.
    pub fn new(config: DecoderConfig) -> Self {
        Self {
            config,
            variant: Variant::fastest(),
            count: 0,
            stream: Vec::new(),
            normed: Vec::new(),
            rows: Rows::default(),
            queries: Vec::new(),
            fresh: [Vec::new(), Vec::new()],
            keys: Vec::new(),
            values: Vec::new(),
            seen: Vec::new(),
            gate: Vec::new(),
            up: Vec::new(),
            rotations: [Vec::new(), Vec::new()],
            query_scales: Vec::new(),
        }
    }

    /// Begins with `stream`, the embeddings of at most [`MOST`](Self::MOST) positions, of
    /// which the first is number `start` of its talk.
    ///
    /// # Panics
    /// Where there are more.
    pub fn begin(&mut self, stream: &[f32], start: usize) {
        let DecoderConfig { hidden, query_width, rope_frequencies, rope_scale, query_scale, near, .. } =
            &self.config;
        self.count = stream.len() / hidden;
        assert!(self.count <= Self::MOST, "the tables hold no more rows");
        self.stream.clear();
        self.stream.extend(stream);
        self.query_scales.clear();
        let frequencies = [Some(rope_frequencies), near.as_ref().map(|near| &near.rope_frequencies)];
        for (rotations, frequencies) in self.rotations.iter_mut().zip(frequencies) {
            rotations.clear();
            for position in start..start + self.count {
                rotations.extend(frequencies.into_iter().flatten().map(|frequency| {
                    let (sine, cosine) = (whole(position) * frequency).sin_cos();
                    [cosine * rope_scale, sine * rope_scale]
                }));
            }
        }
        for position in start..start + self.count {
            let scale = query_scale.map_or(1.0, |(beta, original)| scale_at(beta, position / original));
            self.query_scales.push(scale / whole(*query_width).sqrt());
        }
    }

    /// The first half of a layer: gives its new keys and its new values, each head after
    /// head, and of each head a row for each position.
    pub fn ask(&mut self, layer: &Layer<'_>) -> (&[f32], &[f32]) {
        let heads = self.config.heads;
        norm(&self.stream, layer.norm, self.config.epsilon, &mut self.normed);
        self.rows.fill(&self.normed, self.config.hidden);
        let [keys, values] = &mut self.fresh;
        let kept = self.count * heads.keys * heads.width;
        products(
            self.variant,
            &self.rows,
            &self.normed,
            [
                (layer.queries, sized(&mut self.queries, self.count * heads.queries * heads.width)),
                (layer.keys, sized(keys, kept)),
                (layer.values, sized(values, kept)),
            ],
        );
        sized(&mut self.keys, kept);
        sized(&mut self.values, kept);
        self.rotate(layer);
        (&self.keys, &self.values)
    }

    /// Turns queries and keys to their positions, and puts keys and values in order.
    fn rotate(&mut self, layer: &Layer<'_>) {
        let Heads { queries, keys, width } = self.config.heads;
        let (pairs, epsilon) = (self.config.pairs, self.config.epsilon);
        let (rotations, scales, fresh) =
            (&self.rotations[usize::from(layer.is_near)], &self.query_scales, &self.fresh);
        let [query_norm, key_norm] = layer.head_norms.map_or([None; 2], |norms| norms.map(Some));
        let turn = |head: &mut [f32], weights: Option<&[f32]>, rotations: &[[f32; 2]], scale: f32| {
            if let Some(weights) = weights {
                norm_row(head, weights, epsilon);
            }
            match pairs {
                Pairs::Neighbours => rotate(head, rotations, scale),
                Pairs::Halves => rotate_halves(head, rotations, scale),
            }
        };
        let asking = Columns::of(&mut self.queries, queries * width);
        let kept = [Columns::of(&mut self.keys, width), Columns::of(&mut self.values, width)];
        each(self.count, |at| {
            let rotations = &rotations[at * width / 2..][..width / 2];
            // SAFETY: these rows are this position's.
            let query = unsafe { asking.row(at) };
            for query in query.chunks_exact_mut(width) {
                turn(query, query_norm, rotations, scales[at]);
            }
            for head in 0..keys {
                // SAFETY: as above.
                let [key, value] = kept.each_ref().map(|kept| unsafe { kept.row(head * self.count + at) });
                let [new_key, new_value] =
                    fresh.each_ref().map(|new| &new[(at * keys + head) * width..][..width]);
                key.copy_from_slice(new_key);
                turn(key, key_norm, rotations, 1.0);
                value.copy_from_slice(new_value);
            }
        });
    }

    /// From here on only these positions are wanted, counted from the first of those that
    /// are here.
    pub fn keep(&mut self, wanted: &Range<usize>) {
        let Heads { queries, width, .. } = self.config.heads;
        for (numbers, row) in [(&mut self.stream, self.config.hidden), (&mut self.queries, queries * width)] {
            numbers.truncate(wanted.end * row);
            numbers.drain(..wanted.start * row);
        }
        self.count = wanted.len();
    }

    /// The second half of a layer. The last of `cache`'s positions are those that are here.
    pub fn answer(&mut self, layer: &Layer<'_>, cache: Cache<'_>) {
        let (count, hidden, variant) = (self.count, self.config.hidden, self.variant);
        sized(&mut self.seen, self.queries.len());
        let window = self.config.near.as_ref().filter(|_| layer.is_near).map(|near| near.window);
        attend(variant, self.config.heads, &self.queries, cache, window, &mut self.seen);
        self.rows.fill(&self.seen, layer.output.columns);
        let to = sized(&mut self.normed, count * hidden);
        products(variant, &self.rows, &self.seen, [(layer.output, to)]);
        if let Some([weights, _]) = layer.added_norms {
            norm_rows(&mut self.normed, weights, self.config.epsilon);
        }
        add(&mut self.stream, &self.normed);

        norm(&self.stream, layer.feed_norm, self.config.epsilon, &mut self.normed);
        self.rows.fill(&self.normed, hidden);
        let inner = layer.gate.rows;
        let gate = sized(&mut self.gate, count * inner);
        let up = sized(&mut self.up, count * inner);
        products(variant, &self.rows, &self.normed, [(layer.gate, gate), (layer.up, up)]);
        let gates = Columns::of(&mut self.gate, inner);
        let way = self.config.gate;
        each(count, |at| {
            // SAFETY: this row is this position's.
            let gate = unsafe { gates.row(at) };
            variant.run(Gated { gate, up: &self.up[at * inner..][..inner], way });
        });
        self.rows.fill(&self.gate, inner);
        let to = sized(&mut self.normed, count * hidden);
        products(variant, &self.rows, &self.gate, [(layer.down, to)]);
        if let Some([_, weights]) = layer.added_norms {
            norm_rows(&mut self.normed, weights, self.config.epsilon);
        }
        add(&mut self.stream, &self.normed);
    }

    /// What came of it, after the last norm.
    pub fn end(&mut self, weights: &[f32]) -> &[f32] {
        norm(&self.stream, weights, self.config.epsilon, &mut self.normed);
        &self.normed
    }
}

/// Calls `row` with each number below `count`, several to a piece.
fn each(count: usize, row: impl Fn(usize) + Sync) {
    const TOGETHER: usize = 4;
    parallel_for(count.div_ceil(TOGETHER), |piece| {
        (piece * TOGETHER..count.min((piece + 1) * TOGETHER)).for_each(&row);
    });
}

fn sized(numbers: &mut Vec<f32>, length: usize) -> &mut [f32] {
    numbers.resize(length, 0.0);
    numbers
}

/// Rows of `from`, divided by their root mean square and multiplied by `weights`.
fn norm(from: &[f32], weights: &[f32], epsilon: f32, to: &mut Vec<f32>) {
    let width = weights.len();
    let rows = Columns::of(sized(to, from.len()), width);
    each(from.len() / width, |at| {
        let from = &from[at * width..][..width];
        let scale = norm_scale(from, epsilon);
        // SAFETY: this row is this piece's.
        let to = unsafe { rows.row(at) };
        for ((to, number), weight) in to.iter_mut().zip(from).zip(weights) {
            *to = number * scale * weight;
        }
    });
}

/// The same, in the place of what was there.
fn norm_rows(numbers: &mut [f32], weights: &[f32], epsilon: f32) {
    let (width, count) = (weights.len(), numbers.len() / weights.len());
    let rows = Columns::of(numbers, width);
    each(count, |at| {
        // SAFETY: this row is this piece's.
        norm_row(unsafe { rows.row(at) }, weights, epsilon);
    });
}

fn norm_row(row: &mut [f32], weights: &[f32], epsilon: f32) {
    let scale = norm_scale(row, epsilon);
    for (number, weight) in row.iter_mut().zip(weights) {
        *number *= scale * weight;
    }
}

/// One by the root mean square.
fn norm_scale(row: &[f32], epsilon: f32) -> f32 {
    let mut squares = [0.0; 16];
    let (chunks, rest) = row.as_chunks::<16>();
    for chunk in chunks {
        for (square, number) in squares.iter_mut().zip(chunk) {
            *square += number * number;
        }
    }
    let sum = squares.iter().sum::<f32>() + rest.iter().map(|number| number * number).sum::<f32>();
    1.0 / (sum / whole(row.len()) + epsilon).sqrt()
}

fn add(stream: &mut [f32], more: &[f32]) {
    for (number, more) in stream.iter_mut().zip(more) {
        *number += more;
    }
}

/// Turns the pairs of one head and multiplies them by `scale`.
fn rotate(head: &mut [f32], rotations: &[[f32; 2]], scale: f32) {
    for ([a, b], [cosine, sine]) in head.as_chunks_mut::<2>().0.iter_mut().zip(rotations) {
        (*a, *b) = ((*a * cosine - *b * sine) * scale, (*b * cosine + *a * sine) * scale);
    }
}

/// The same where a number's fellow stands in the other half.
fn rotate_halves(head: &mut [f32], rotations: &[[f32; 2]], scale: f32) {
    let (first, second) = head.split_at_mut(head.len() / 2);
    for ((a, b), [cosine, sine]) in first.iter_mut().zip(second).zip(rotations) {
        (*a, *b) = ((*a * cosine - *b * sine) * scale, (*b * cosine + *a * sine) * scale);
    }
}

#[allow(clippy::cast_precision_loss)] // positions and widths are far below 2²⁴
fn whole(number: usize) -> f32 {
    number as f32
}

#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)] // as above
fn scale_at(beta: f64, times: usize) -> f32 {
    (1.0 + beta * (times as f64).ln_1p()) as f32
}

/// Makes of each gate what the model makes of it, times what is gated.
struct Gated<'a> {
    gate: &'a mut [f32],
    up: &'a [f32],
    way: Gate,
}

impl Work for Gated<'_> {
    type Done = ();

    #[inline(always)]
    unsafe fn with<V: Lanes>(self) {
        match self.way {
            Gate::Silu => {
                for (gate, up) in self.gate.iter_mut().zip(self.up) {
                    *gate = *gate / (1.0 + exp(-*gate)) * up;
                }
            }
            Gate::Gelu => {
                /// 2√(2/π).
                const STEEP: f32 = 1.595_769;
                for (gate, up) in self.gate.iter_mut().zip(self.up) {
                    let bent = STEEP * (*gate + 0.044_715 * *gate * *gate * *gate);
                    *gate = *gate / (1.0 + exp(-bent)) * up;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
