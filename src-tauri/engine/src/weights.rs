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
    data_offsets: [u64; 2],
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    Tensor(Tensor),
    /// `__metadata__`: whatever the writer had to say.
    Metadata(IgnoredAny),
}

/// Checks that `file` of `model` is as long as its header says, and gives that length.
pub fn check(model: &str, file: &Path) -> Result<u64, Fault> {
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
    let end = header
        .values()
        .filter_map(|entry| match entry {
            Entry::Tensor(tensor) => Some(tensor.data_offsets[1]),
            Entry::Metadata(IgnoredAny) => None,
        })
        .max()
        .ok_or_else(damaged)?;
    let whole = start.checked_add(end).ok_or_else(damaged)?;
    match there {
        _ if there < whole => Err(cut_short(there, whole)),
        _ if there > whole => Err(damaged()),
        _ => Ok(whole),
    }
}

#[cfg(test)]
mod tests;
