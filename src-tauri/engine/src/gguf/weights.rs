//! A GGUF file's tensors under the names that the model asks for.

use std::{borrow::Cow, sync::Arc};

use candle_core::{
    DType, Device, Result, Shape, Tensor,
    quantized::{QStorage, QTensor},
};
#[cfg(target_os = "linux")]
use memmap2::Advice;
use memmap2::Mmap;
use mistralrs_quant::{GivenDecoder, GivenShape, GivenWeights};
use sotto_gguf::{Family, Text};

use super::{Gguf, Origin, blocks, decoder::Decoder, place::Place};
use crate::names::{text_name, vision_name};

/// The text model, and the part that sees where there is one.
pub struct Weights {
    text: Gguf,
    figures: Text,
    vision: Option<Gguf>,
}

/// Where a tensor of the model is found.
enum Found<'a> {
    In(&'a Gguf, &'a Place),
    /// Of the part that sees, in a model that has none: nothing ever looks through it.
    Blind,
}

impl Weights {
    pub fn new(text: Gguf, figures: Text, vision: Option<Gguf>) -> Self {
        Self { text, figures, vision }
    }

    /// Fetches all of it from the disk, so that nobody waits for it later. Says how many bytes
    /// are there, and hears whether to go on.
    pub fn wake(&self, mut told: impl FnMut(u64) -> bool) {
        /// What is fetched between one word and the next.
        const STRETCH: usize = 32 << 20;
        let mut done = 0;
        if !told(done) {
            return;
        }
        // The part that sees may lie in the same file.
        let apart = self.vision.as_ref().filter(|vision| !Arc::ptr_eq(&vision.files, &self.text.files));
        for file in [Some(&self.text), apart].into_iter().flatten().flat_map(|model| model.files.iter()) {
            for from in (0..file.len()).step_by(STRETCH) {
                let length = STRETCH.min(file.len() - from);
                fetch(file, from, length);
                done += length as u64;
                if !told(done) {
                    return;
                }
            }
        }
    }

    fn find(&self, name: &str) -> Option<Found<'_>> {
        let place = |file| move |own: String| Gguf::place(file, &own).map(|place| Found::In(file, place));
        if let Some(name) = name.strip_prefix("language_model.") {
            return text_name(name).and_then(place(&self.text));
        }
        match &self.vision {
            Some(vision) => vision_name(name).and_then(place(vision)),
            None => vision_name(name).map(|_| Found::Blind),
        }
    }
}

/// By what Gemma multiplies embeddings before the first layer.
fn embedding_scale(text: &Text) -> Option<f32> {
    #[allow(clippy::cast_precision_loss)] // far below 2²⁴
    (text.family == Family::Gemma3).then(|| (text.hidden as f32).sqrt())
}

/// Has a part of a mapped file in memory, and its pages in the process's tables.
fn fetch(bytes: &Mmap, from: usize, length: usize) {
    // The smallest page that a system has: with larger ones some are touched twice.
    const PAGE: usize = 4096;
    // All at once, where the system knows how: a fault for each page takes twice as long.
    #[cfg(target_os = "linux")]
    if bytes.advise_range(Advice::PopulateRead, from, length).is_ok() {
        return;
    }
    for page in bytes[from..from + length].chunks(PAGE) {
        std::hint::black_box(page[0]);
    }
}

impl GivenWeights for Weights {
    fn contains(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    fn dense(&self, name: &str, shape: &Shape, dtype: DType, device: &Device) -> Result<Tensor> {
        let found =
            self.find(name).ok_or_else(|| candle_core::Error::msg(format!("{name} is not in the file")))?;
        let (file, place) = match found {
            Found::In(file, place) => (file, place),
            Found::Blind => return Tensor::zeros(shape, dtype, device),
        };
        let floats = file.floats(place, 0, place.shape.iter().product())?;
        let tensor = Tensor::from_vec(floats, place.shape.as_slice(), &Device::Cpu)?;
        let tensor = match heads_to_mend(name, file) {
            Some(heads) => half_split(&tensor, heads)?,
            None => tensor,
        };
        tensor.to_dtype(dtype)?.to_device(device)
    }

    fn blocks(&self, name: &str, device: &Device) -> Result<Option<Arc<QTensor>>> {
        let Some(Found::In(file, place)) = self.find(name) else { return Ok(None) };
        // Rows of the part that sees are put in order, so they are not those of the file.
        if !name.starts_with("language_model.") || place.shape.len() != 2 {
            return Ok(None);
        }
        let storage = match (device, blocks::known_to_candle(place.kind)) {
            (Device::Cpu, _) => blocks::mapped(file.file(place)?, place)?,
            (device, Some(dtype)) => QStorage::from_data(Cow::Borrowed(file.data(place)?), device, dtype)?,
            (_, None) => return Ok(None),
        };
        Ok(Some(Arc::new(QTensor::new(storage, place.shape.as_slice())?)))
    }

    fn rows(&self, name: &str, ids: &Tensor, dtype: DType) -> Result<Tensor> {
        let Some(Found::In(file, place)) = self.find(name) else {
            candle_core::bail!("{name} is not in the file")
        };
        let &[_, columns] = place.shape.as_slice() else { candle_core::bail!("{name} is not a matrix") };
        let mut floats = Vec::with_capacity(ids.elem_count() * columns);
        for id in ids.flatten_all()?.to_dtype(DType::U32)?.to_vec1::<u32>()? {
            floats.extend(file.floats(place, id as usize * columns, columns)?);
        }
        if let Some(scale) = embedding_scale(&self.figures) {
            for number in &mut floats {
                *number *= scale;
            }
        }
        let shape: Vec<usize> = ids.dims().iter().copied().chain([columns]).collect();
        Tensor::from_vec(floats, shape, &Device::Cpu)?.to_dtype(dtype)?.to_device(ids.device())
    }

    fn interleaved_rope(&self) -> bool {
        true
    }

    fn decoder(&self, shape: &GivenShape) -> Result<Option<Arc<dyn GivenDecoder>>> {
        let decoder = Decoder::new(&self.text, &self.figures, shape)?;
        let ours_alone = self.figures.scaled
            || self.figures.family.is_ours_alone()
            || self.text.origin == Origin::Transformers;
        if decoder.is_none() && ours_alone {
            candle_core::bail!("mistral.rs's own layers would compute something else")
        }
        Ok(decoder.map(|decoder| Arc::new(decoder) as Arc<dyn GivenDecoder>))
    }
}

impl Gguf {
    pub fn place(&self, name: &str) -> Option<&Place> {
        self.places.get(name)
    }

    /// The file that a tensor lies in.
    fn file(&self, place: &Place) -> Result<&Arc<Mmap>> {
        let file = self.files.get(place.file);
        file.ok_or_else(|| candle_core::Error::msg("a tensor lies in a file that is not open"))
    }

    fn data(&self, place: &Place) -> Result<&[u8]> {
        let data = self.file(place)?.get(place.at..place.at + place.length);
        data.ok_or_else(|| candle_core::Error::msg("a tensor lies beyond the end of its file"))
    }

    /// `count` numbers of a tensor from the `from`th on, unpacked. Both are multiples of
    /// the type's block.
    pub fn floats(&self, place: &Place, from: usize, count: usize) -> Result<Vec<f32>> {
        let (block, size) = place.kind.block();
        let bytes = |numbers: usize| numbers / block * size;
        let data = self.data(place)?.get(bytes(from)..bytes(from + count));
        let data = data.ok_or_else(|| candle_core::Error::msg("there is no such row"))?;
        let mut floats = vec![0.0; count];
        sotto_kernels::unpack(place.kind, data, &mut floats).map_err(candle_core::Error::wrap)?;
        Ok(floats)
    }
}

/// In GGUF the rows of q and k lie as the interleaved rope wants them. The text model
/// is computed with that rope; the part that sees has only the half-split one, so its
/// rows go back to where they were. Gives the number of heads where that is needed.
fn heads_to_mend(name: &str, vision: &Gguf) -> Option<usize> {
    let of_sight = name.starts_with("vision_tower.");
    let turned = name.ends_with(".q_proj.weight") || name.ends_with(".k_proj.weight");
    vision.sight_heads.filter(|_| of_sight && turned)
}

/// Rows of each head from pairs (0, d/2, 1, d/2 + 1, …) back to halves.
fn half_split(tensor: &Tensor, heads: usize) -> Result<Tensor> {
    let (rows, columns) = tensor.dims2()?;
    if heads == 0 || !rows.is_multiple_of(heads * 2) {
        candle_core::bail!("{rows} rows are not {heads} heads of pairs")
    }
    tensor
        .reshape((heads, rows / heads / 2, 2, columns))?
        .transpose(1, 2)?
        .contiguous()?
        .reshape((rows, columns))
}
