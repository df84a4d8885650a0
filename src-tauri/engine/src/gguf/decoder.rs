//! The text model's layers, computed by our own kernels with the file's own blocks.

use std::{
    ops::Range,
    sync::{Arc, Mutex, PoisonError},
};

use candle_core::{CpuStorage, DType, Device, Error, Layout, Result, Storage, Tensor};
use half::{f16, slice::HalfFloatSliceExt};
use memmap2::Mmap;
use mistralrs_quant::{GivenDecoder, GivenShape, Remember};
use sotto_gguf::{Family, Text, Window};
use sotto_kernels::{Cache, DecoderConfig, Gate, Heads, Layer, Matrix, Near, Numbers, Pairs, Pass, Tables};

use super::{Gguf, Origin, place::Place};

/// All layers, where they lie in the file.
pub struct Decoder {
    files: Arc<[Arc<Mmap>]>,
    layers: Vec<Lying>,
    norm: Vec<f32>,
    heads: Heads,
    /// Taken by one forward pass after another.
    pass: Mutex<Pass>,
}

/// One layer: its norms, and where its matrices lie.
struct Lying {
    norms: [Vec<f32>; 2],
    head_norms: Option<[Vec<f32>; 2]>,
    added_norms: Option<[Vec<f32>; 2]>,
    is_near: bool,
    /// Queries, keys, values, output, gate, up and down.
    matrices: [Place; 7],
}

const MATRICES: [&str; 7] = ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"];

impl Decoder {
    /// The layers of `text`; `None` where one is of a shape that our kernels do not compute.
    pub fn new(text: &Gguf, figures: &Text, shape: &GivenShape) -> Result<Option<Self>> {
        let heads = Heads { queries: shape.heads, keys: shape.kv_heads, width: shape.head_dim };
        let shared = heads.keys > 0 && heads.queries.is_multiple_of(heads.keys);
        if !shared || !heads.width.is_multiple_of(16) {
            return Ok(None);
        }
        let floats = |name: &str, length: usize| -> Result<Option<Vec<f32>>> {
            let place = text.place(name).filter(|place| place.shape == [length]);
            place.map(|place| text.floats(place, 0, length)).transpose()
        };
        let from_one = text.origin == Origin::Transformers && figures.family == Family::Gemma3;
        let norm = |name: &str, length: usize| -> Result<Option<Vec<f32>>> {
            let mut norm = floats(name, length)?;
            for weight in norm.iter_mut().flatten().filter(|_| from_one) {
                *weight += 1.0;
            }
            Ok(norm)
        };
        let mut layers = Vec::with_capacity(shape.layers);
        for layer in 0..shape.layers {
            let named = |part: &str| format!("blk.{layer}.{part}.weight");
            let norms = [norm(&named("attn_norm"), shape.hidden)?, norm(&named("ffn_norm"), shape.hidden)?];
            let both = |parts: [&str; 2], length: usize| -> Result<Option<[Vec<f32>; 2]>> {
                let [first, second] = parts.map(|part| norm(&named(part), length));
                Ok(first?.zip(second?).map(|(first, second)| [first, second]))
            };
            let head_norms = both(["attn_q_norm", "attn_k_norm"], heads.width)?;
            let added_norms = both(["post_attention_norm", "post_ffw_norm"], shape.hidden)?;
            let family = figures.family;
            if head_norms.is_some() != family.norms_heads()
                || added_norms.is_some() != family.norms_what_is_added()
            {
                return Ok(None);
            }
            let is_near = |window: Window| u32::try_from(layer).is_ok_and(|layer| window.holds(layer));
            let is_near = figures.window.is_some_and(is_near);
            let matrices = MATRICES.map(|part| text.place(&named(part)).cloned());
            let ([Some(first), Some(second)], Some(matrices)) = (norms, all(matrices)) else {
                return Ok(None);
            };
            let lying = Lying { norms: [first, second], head_norms, added_norms, is_near, matrices };
            if !lying.fits(&text.files, shape) {
                return Ok(None);
            }
            layers.push(lying);
        }
        let Some(norm) = norm("output_norm.weight", shape.hidden)? else { return Ok(None) };
        let mut rope_frequencies = shape.inv_freq.clone();
        let divisors = floats("rope_freqs.weight", rope_frequencies.len())?;
        if let Some(divisors) = divisors.or_else(|| text.divisors.clone()) {
            rope_frequencies.iter_mut().zip(divisors).for_each(|(frequency, by)| *frequency /= by);
        }
        let divided = narrow(figures.rope.divided);
        for frequency in &mut rope_frequencies {
            *frequency /= divided;
        }
        let near = figures.window.map(|window| near(window, heads.width));
        let (pairs, gate) = ways(figures.family, text.origin);
        let pass = Pass::new(DecoderConfig {
            hidden: shape.hidden,
            heads,
            epsilon: narrow(shape.rms_norm_eps),
            rope_frequencies,
            rope_scale: narrow(shape.attention_factor),
            query_scale: shape.query_scale,
            pairs,
            query_width: figures.query_width as usize,
            gate,
            near,
        });
        tracing::info!("the layers are computed by our kernels, {}", sotto_kernels::fastest());
        Ok(Some(Self { files: text.files.clone(), layers, norm, heads, pass: Mutex::new(pass) }))
    }
}

fn ways(family: Family, origin: Origin) -> (Pairs, Gate) {
    let pairs = match (family, origin) {
        (Family::Mistral3 | Family::Llama, Origin::Gguf) => Pairs::Neighbours,
        (Family::Qwen3 | Family::Gemma3, Origin::Gguf) | (_, Origin::Transformers) => Pairs::Halves,
    };
    (pairs, if family == Family::Gemma3 { Gate::Gelu } else { Gate::Silu })
}

fn near(window: Window, width: usize) -> Near {
    #[allow(clippy::cast_precision_loss)] // far below 2⁵³
    let frequency = |pair: usize| narrow(window.base.powf(-2.0 * pair as f64 / width as f64));
    Near { window: window.length as usize, rope_frequencies: (0..width / 2).map(frequency).collect() }
}

impl GivenDecoder for Decoder {
    fn forward(
        &self,
        xs: &Tensor,
        start: usize,
        wanted: Range<usize>,
        remember: &mut Remember<'_>,
    ) -> Result<Tensor> {
        let (_, count, hidden) = xs.dims3()?;
        let kept = xs.dtype();
        let stream = xs.to_dtype(DType::F32)?.flatten_all()?.to_vec1::<f32>()?;
        let mut pass = self.pass.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = Vec::with_capacity(wanted.len() * hidden);
        for (number, stream) in stream.chunks(Pass::MOST * hidden).enumerate() {
            let first = number * Pass::MOST;
            let here = 0..stream.len() / hidden;
            let within = |at: usize| at.saturating_sub(first).min(here.end);
            let wanted = within(wanted.start)..within(wanted.end);
            pass.begin(stream, start + first);
            if !self.layers(&mut pass, &here, &wanted, kept, remember)? {
                // Whoever stopped it does not look at what comes of it.
                return Tensor::zeros((1, count.min(1), hidden), DType::F32, &Device::Cpu);
            }
            if !wanted.is_empty() {
                out.extend_from_slice(pass.end(&self.norm));
            }
        }
        Tensor::from_vec(out, (1, wanted.len(), hidden), &Device::Cpu)
    }
}

impl Decoder {
    /// Takes the positions `here` through all layers; whether it came to the end.
    fn layers(
        &self,
        pass: &mut Pass,
        here: &Range<usize>,
        wanted: &Range<usize>,
        kept: DType,
        remember: &mut Remember<'_>,
    ) -> Result<bool> {
        for (number, lying) in self.layers.iter().enumerate() {
            let layer = lying.layer(&self.files)?;
            let shape = (1, self.heads.keys, here.len(), self.heads.width);
            let (keys, values) = pass.ask(&layer);
            let (keys, values) = (tensor(keys, shape, kept)?, tensor(values, shape, kept)?);
            let Some((keys, values)) = remember(number, &keys, &values)? else { return Ok(false) };
            let mut positions = keys.dim(2)?;
            if number + 1 == self.layers.len() {
                // Nothing looks at the others' rows any more.
                if wanted.is_empty() {
                    return Ok(true);
                }
                positions -= here.end - wanted.end;
                pass.keep(wanted);
            }
            let ((keys, key_layout), (values, value_layout)) =
                (keys.storage_and_layout(), values.storage_and_layout());
            let cache = Cache {
                keys: tables(&keys, key_layout, self.heads.width)?,
                values: tables(&values, value_layout, self.heads.width)?,
                positions,
            };
            pass.answer(&layer, cache);
        }
        Ok(true)
    }
}

impl Lying {
    /// Whether every matrix is of the model's shape.
    fn fits(&self, files: &[Arc<Mmap>], shape: &GivenShape) -> bool {
        let [q, k, v, o, gate, up, down] = &self.matrices;
        let is = |place: &Place, rows: usize, columns: usize| place.shape == [rows, columns];
        let (asking, kept) = (shape.heads * shape.head_dim, shape.kv_heads * shape.head_dim);
        let inner = gate.shape.first().copied().unwrap_or(0);
        self.layer(files).is_ok()
            && is(q, asking, shape.hidden)
            && is(k, kept, shape.hidden)
            && is(v, kept, shape.hidden)
            && is(o, shape.hidden, asking)
            && is(gate, inner, shape.hidden)
            && is(up, inner, shape.hidden)
            && is(down, shape.hidden, inner)
    }

    fn layer<'a>(&'a self, files: &'a [Arc<Mmap>]) -> Result<Layer<'a>> {
        let matrix = |place: &Place| -> Result<Matrix<'a>> {
            let bytes = files.get(place.file).and_then(|file| file.get(place.at..place.at + place.length));
            match (bytes, place.shape.as_slice()) {
                (Some(bytes), [rows, columns]) => {
                    Matrix::new(place.kind, bytes, *rows, *columns).map_err(Error::wrap)
                }
                _ => candle_core::bail!("a matrix is none"),
            }
        };
        let [q, k, v, o, gate, up, down] = &self.matrices;
        Ok(Layer {
            norm: &self.norms[0],
            queries: matrix(q)?,
            keys: matrix(k)?,
            values: matrix(v)?,
            output: matrix(o)?,
            feed_norm: &self.norms[1],
            gate: matrix(gate)?,
            up: matrix(up)?,
            down: matrix(down)?,
            head_norms: self.head_norms.as_ref().map(slices),
            added_norms: self.added_norms.as_ref().map(slices),
            is_near: self.is_near,
        })
    }
}

/// Rows for the cache, in the numbers that it keeps.
fn tensor(numbers: &[f32], shape: (usize, usize, usize, usize), kept: DType) -> Result<Tensor> {
    match kept {
        DType::F16 => {
            let mut halves = vec![f16::ZERO; numbers.len()];
            halves.convert_from_f32_slice(numbers);
            Tensor::from_vec(halves, shape, &Device::Cpu)
        }
        _ => Tensor::from_slice(numbers, shape, &Device::Cpu),
    }
}

/// The cache's numbers where they lie: heads of rows of `width`.
fn tables<'a>(storage: &'a Storage, layout: &Layout, width: usize) -> Result<Tables<'a>> {
    let &[_, stride, row, 1] = layout.stride() else { candle_core::bail!("the cache's rows are not whole") };
    if row != width {
        candle_core::bail!("the cache does not lie row after row")
    }
    let start = layout.start_offset();
    let numbers = match storage {
        Storage::Cpu(CpuStorage::F16(numbers)) => Numbers::Half(&numbers[start..]),
        Storage::Cpu(CpuStorage::F32(numbers)) => Numbers::Whole(&numbers[start..]),
        _ => candle_core::bail!("the cache holds other numbers than it was given"),
    };
    Ok(Tables { numbers, stride })
}

fn slices(norms: &[Vec<f32>; 2]) -> [&[f32]; 2] {
    norms.each_ref().map(Vec::as_slice)
}

fn all<T, const N: usize>(parts: [Option<T>; N]) -> Option<[T; N]> {
    let parts: Vec<T> = parts.into_iter().flatten().collect();
    parts.try_into().ok()
}

#[allow(clippy::cast_possible_truncation)] // what mistral.rs computes in 32 bits, too
fn narrow(number: f64) -> f32 {
    number as f32
}

#[cfg(test)]
mod tests;
