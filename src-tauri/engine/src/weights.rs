//! A weights file is whole before it is handed to the loader, which maps it into
//! memory: reading past the end of a file that was cut short would be the end of the
//! process, with nothing said.
//!
//! The format (huggingface.co/docs/safetensors): a length of eight bytes, little
//! endian; a JSON header of that length, tensor names to offsets; the data, to which
//! the offsets are relative and which ends where the last tensor ends.

use std::{collections::HashMap, fs::File, io::Read, path::Path};

use serde::{Deserialize, de::IgnoredAny};

use crate::fault::{Fault, name};

/// Beyond this a header is no header: the format's own limit.
const LONGEST_HEADER: u64 = 100_000_000;

#[derive(Deserialize)]
struct Tensor {
    dtype: String,
    shape: Vec<usize>,
    data_offsets: [u64; 2],
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    Tensor(Tensor),
    /// `__metadata__`: whatever the writer had to say.
    Metadata(IgnoredAny),
}

/// A file that is whole.
#[derive(Debug)]
pub struct Whole {
    /// Its length.
    pub bytes: u64,
    pub tensors: HashMap<String, Place>,
}

/// Where a tensor lies in its file, and as what.
#[derive(Debug)]
pub struct Place {
    /// As the format calls it: `F16`, `F8_E4M3`.
    pub dtype: String,
    pub shape: Vec<usize>,
    pub at: u64,
    pub length: usize,
}

/// Checks that `file` of `model` is as long as its header says.
pub fn check(model: &str, file: &Path) -> Result<Whole, Fault> {
    let damaged = || Fault::Damaged { model: model.into(), file: name(file) };
    let cut_short = |there, whole| Fault::CutShort { model: model.into(), file: name(file), there, whole };

    let mut open = File::open(file).map_err(|error| {
        tracing::warn!(%error, ?file, "a weights file could not be opened");
        damaged()
    })?;
    let there = open.metadata().map_err(|_| damaged())?.len();
    let mut length = [0; 8];
    if open.read_exact(&mut length).is_err() {
        return Err(cut_short(there, 8));
    }
    if length.starts_with(b"version ") {
        return Err(Fault::Pointer { model: model.into(), file: name(file) });
    }
    let header_length = u64::from_le_bytes(length);
    if header_length > LONGEST_HEADER {
        return Err(damaged());
    }
    let start = 8 + header_length;
    if there < start {
        return Err(cut_short(there, start));
    }
    let header: HashMap<String, Entry> =
        serde_json::from_reader(open.take(header_length)).map_err(|_| damaged())?;
    let mut end = None;
    let mut tensors = HashMap::new();
    for (name, entry) in header {
        let Entry::Tensor(Tensor { dtype, shape, data_offsets: [from, to] }) = entry else { continue };
        end = end.max(Some(to));
        let at = start.checked_add(from).ok_or_else(damaged)?;
        let length = to.checked_sub(from).and_then(|length| usize::try_from(length).ok());
        let place = Place { dtype, shape, at, length: length.ok_or_else(damaged)? };
        if place.width().is_some_and(|width| place.numbers().and_then(|n| n.checked_mul(width)) != length) {
            return Err(damaged());
        }
        tensors.insert(name, place);
    }
    let whole = end.and_then(|end| start.checked_add(end)).ok_or_else(damaged)?;
    match there {
        _ if there < whole => Err(cut_short(there, whole)),
        _ if there > whole => Err(damaged()),
        _ => Ok(Whole { bytes: whole, tensors }),
    }
}

impl Place {
    /// The bytes of a number, where the type is one that is read here.
    pub fn width(&self) -> Option<usize> {
        Some(match self.dtype.as_str() {
            "F32" => 4,
            "F16" | "BF16" => 2,
            "F8_E4M3" => 1,
            _ => return None,
        })
    }

    fn numbers(&self) -> Option<usize> {
        self.shape.iter().try_fold(1_usize, |all, n| all.checked_mul(*n))
    }
}

#[cfg(test)]
mod tests;
