//! The weights of a folder, as they are read: every tensor is one that the model uses, and
//! what is packed is unpacked as its makers packed it.

use std::{
    collections::HashMap,
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::PathBuf,
    sync::Arc,
};

use candle_core::{DType, Device, Error, Result, Shape, Tensor, quantized::QTensor};
use mistralrs_quant::{GivenDecoder, GivenShape, GivenWeights};
use serde_json::Value;

use super::Folder;
use crate::{
    fault::Fault,
    names,
    weights::{self, Place},
};

/// What the numbers of 8 bits of a tensor are multiplied by is a tensor beside it.
const SCALES: [&str; 2] = ["weight_scale_inv", "weight_scale"];
/// What activations would be rounded with. Here they are not.
const UNNEEDED: [&str; 2] = ["activation_scale", "input_scale"];

/// A model's tensors, by the names under which the loader asks for them.
pub struct Tensors {
    files: Vec<PathBuf>,
    /// Each in the file of this number.
    places: HashMap<String, (usize, Place)>,
    /// How many rows and columns have a scale together, where that is said.
    together: Option<[usize; 2]>,
}

impl Tensors {
    /// Looks through all files of `folder`.
    pub fn open(folder: &Folder) -> std::result::Result<Self, Fault> {
        let mut places = HashMap::new();
        for (number, file) in folder.weights.iter().enumerate() {
            for (name, place) in weights::check(&folder.name, file)?.tensors {
                places.insert(asked_for(name), (number, place));
            }
        }
        let together = together(&folder.config);
        let tensors = Self { files: folder.weights.clone(), places, together };
        match tensors.unknown(&folder.config) {
            Some(what) => Err(Fault::NotUnderstood { model: folder.name.clone(), what }),
            None => Ok(tensors),
        }
    }

    /// What of it cannot be used, if anything.
    fn unknown(&self, config: &Value) -> Option<String> {
        let layers = |part: &str| config[part]["num_hidden_layers"].as_u64().unwrap_or(0);
        let (text, vision) = (layers("text_config"), layers("vision_config"));
        self.places.iter().find_map(|(name, (_, place))| {
            if let Some((layer, _)) = name.strip_prefix("language_model.model.layers.").and_then(numbered)
                && layer >= text
            {
                return Some(format!("it says that it has {text} layers, and has layer {layer}"));
            }
            if let Some((layer, _)) = name.strip_prefix("vision_tower.transformer.layers.").and_then(numbered)
                && layer >= vision
            {
                return Some(format!("it says that it sees with {vision} layers, and has layer {layer}"));
            }
            let (stem, last) = name.rsplit_once('.').unwrap_or(("", name));
            if SCALES.contains(&last) || UNNEEDED.contains(&last) {
                return (!self.places.contains_key(&format!("{stem}.weight"))).then(|| name.clone());
            }
            if !names::is_known(name) {
                return Some(name.clone());
            }
            match place.dtype.as_str() {
                "F8_E4M3" => self.scales(name).is_err().then(|| format!("{name} has no scale")),
                _ if place.width().is_some() => None,
                other => Some(format!("{name} is {other}")),
            }
        })
    }

    fn bytes(&self, name: &str) -> Result<(&Place, Vec<u8>)> {
        let found = self.places.get(name);
        let (file, place) = found.ok_or_else(|| Error::msg(format!("{name} is not in the files")))?;
        let mut bytes = vec![0; place.length];
        let mut file = File::open(&self.files[*file])?;
        file.seek(SeekFrom::Start(place.at))?;
        file.read_exact(&mut bytes)?;
        Ok((place, bytes))
    }

    /// A tensor as it lies in its file.
    fn plain(&self, name: &str) -> Result<Tensor> {
        let (place, bytes) = self.bytes(name)?;
        let dtype = match place.dtype.as_str() {
            "F32" => DType::F32,
            "F16" => DType::F16,
            "BF16" => DType::BF16,
            other => candle_core::bail!("{name} is {other}"),
        };
        Tensor::from_raw_buffer(&bytes, dtype, &place.shape, &Device::Cpu)
    }

    /// The scales of a matrix of 8 bits, and how many of its rows and columns have one
    /// together.
    fn scales(&self, name: &str) -> Result<(Vec<f32>, [usize; 2])> {
        let none = || Error::msg(format!("{name} has no scale that is known"));
        let stem = name.strip_suffix("weight").ok_or_else(none)?;
        let beside = SCALES.map(|scale| format!("{stem}{scale}"));
        let scale = beside.iter().find(|scale| self.places.contains_key(*scale)).ok_or_else(none)?;
        let scales = self.plain(scale)?.to_dtype(DType::F32)?.flatten_all()?.to_vec1::<f32>()?;
        let &[rows, columns] = self.places[name].1.shape.as_slice() else { return Err(none()) };
        let known = match self.together {
            _ if scales.len() == 1 => [rows, columns],
            Some([r, c]) if scales.len() == rows.div_ceil(r) * columns.div_ceil(c) => [r, c],
            None if scales.len() == rows => [1, columns],
            _ => return Err(none()),
        };
        Ok((scales, known))
    }

    /// A matrix of 8 bits, each multiplied by its scale.
    fn unpacked(&self, name: &str) -> Result<Tensor> {
        let (place, bytes) = self.bytes(name)?;
        let (scales, [r, c]) = self.scales(name)?;
        let columns = place.shape[1];
        let across = columns.div_ceil(c);
        let mut floats = Vec::with_capacity(bytes.len());
        for (row, bytes) in bytes.chunks_exact(columns).enumerate() {
            let scales = &scales[row / r * across..][..across];
            let numbers = bytes.iter().enumerate();
            floats.extend(numbers.map(|(column, byte)| eight_bits(*byte) * scales[column / c]));
        }
        Tensor::from_vec(floats, place.shape.as_slice(), &Device::Cpu)
    }
}

impl GivenWeights for Tensors {
    fn contains(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    fn dense(&self, name: &str, _: &Shape, dtype: DType, device: &Device) -> Result<Tensor> {
        let packed = self.places.get(name).is_some_and(|(_, place)| place.dtype == "F8_E4M3");
        let tensor = if packed { self.unpacked(name) } else { self.plain(name) }?;
        tensor.to_dtype(dtype)?.to_device(device)
    }

    fn blocks(&self, _: &str, _: &Device) -> Result<Option<Arc<QTensor>>> {
        Ok(None)
    }

    fn rows(&self, name: &str, _: &Tensor, _: DType) -> Result<Tensor> {
        candle_core::bail!("{name} is no matrix of blocks")
    }

    fn interleaved_rope(&self) -> bool {
        false
    }

    fn decoder(&self, _: &GivenShape) -> Result<Option<Arc<dyn GivenDecoder>>> {
        Ok(None)
    }
}

/// The name under which the loader asks for a tensor: transformers has written them in two
/// orders.
fn asked_for(name: String) -> String {
    match name.strip_prefix("model.") {
        Some(rest) if rest.starts_with("language_model.") => {
            rest.replacen("language_model.", "language_model.model.", 1)
        }
        Some(rest) if rest.starts_with("vision_tower.") || rest.starts_with("multi_modal_projector.") => {
            rest.into()
        }
        _ if name.starts_with("lm_head.") => format!("language_model.{name}"),
        _ => name,
    }
}

/// The number that `rest` begins with, and what comes after its point.
fn numbered(rest: &str) -> Option<(u64, &str)> {
    let (number, part) = rest.split_once('.')?;
    Some((number.parse().ok()?, part))
}

fn together(config: &Value) -> Option<[usize; 2]> {
    let packed = [&config["quantization_config"], &config["text_config"]["quantization_config"]];
    let sizes = packed.into_iter().find_map(|packed| packed["weight_block_size"].as_array())?;
    let size = |at: usize| sizes.get(at)?.as_u64().and_then(|n| usize::try_from(n).ok()).filter(|n| *n > 0);
    Some([size(0)?, size(1)?])
}

/// A number of 8 bits: a sign, four bits of exponent and three after the point (E4M3 of
/// "FP8 Formats for Deep Learning", arXiv 2209.05433).
fn eight_bits(byte: u8) -> f32 {
    let (exponent, fraction) = (byte >> 3 & 15, f32::from(byte & 7) / 8.0);
    let magnitude = match exponent {
        15 if byte & 7 == 7 => f32::NAN,
        0 => fraction * 2_f32.powi(-6),
        _ => (1.0 + fraction) * 2_f32.powi(i32::from(exponent) - 7),
    };
    if byte & 0x80 == 0 { magnitude } else { -magnitude }
}

#[cfg(test)]
mod tests;
