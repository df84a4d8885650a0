//! One block as a file: a header, then for each layer its keys, its values and a checksum of
//! both. Numbers stand as in memory, little-endian; rows of one head lie together.

use std::{
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use candle_core::{DType, Device, Error, Result, Tensor};
use half::{bf16, f16};

use super::BLOCK;

const MAGIC: [u8; 8] = *b"sotto kv";
const HEADER: usize = 24;
const CHECKSUM: usize = 4;

/// What the rows of a model are like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    pub layers: usize,
    heads: usize,
    head_size: usize,
    dtype: DType,
}

impl Shape {
    /// `None` where they are not on the processor, or of a kind that is not kept.
    pub fn of(rows: &[(Tensor, Tensor)]) -> Option<Self> {
        let (keys, _) = rows.first()?;
        let (1, heads, _, head_size) = keys.dims4().ok()? else { return None };
        let shape = Self { layers: rows.len(), heads, head_size, dtype: keys.dtype() };
        let alike = |rows: &Tensor| {
            let dims = rows.dims4().ok();
            rows.device().is_cpu()
                && rows.dtype() == shape.dtype
                && dims.is_some_and(|(one, h, _, size)| (one, h, size) == (1, heads, head_size))
        };
        let whole = rows.iter().all(|(keys, values)| alike(keys) && alike(values));
        (whole && code(shape.dtype).is_some()).then_some(shape)
    }

    /// How long a file is.
    pub fn file_bytes(self) -> u64 {
        (HEADER + self.layers * self.layer_bytes()) as u64
    }

    /// A layer's keys, its values and their checksum.
    fn layer_bytes(self) -> usize {
        2 * self.heads * self.head_bytes() + CHECKSUM
    }

    /// A head's rows of one block.
    fn head_bytes(self) -> usize {
        BLOCK * self.head_size * self.dtype.size_in_bytes()
    }

    fn header(self) -> Option<[u8; HEADER]> {
        let mut header = [0; HEADER];
        let numbers = [self.layers, self.heads, self.head_size, code(self.dtype)?];
        header[..8].copy_from_slice(&MAGIC);
        for (place, number) in header[8..].chunks_exact_mut(4).zip(numbers) {
            place.copy_from_slice(&u32::try_from(number).ok()?.to_le_bytes());
        }
        Some(header)
    }

    fn read(header: [u8; HEADER]) -> Option<Self> {
        let number = |at: usize| {
            let bytes = header[at..at + 4].try_into().ok()?;
            usize::try_from(u32::from_le_bytes(bytes)).ok()
        };
        let code_there = number(20)?;
        let dtype =
            [DType::F16, DType::BF16, DType::F32].into_iter().find(|d| code(*d) == Some(code_there))?;
        let shape = Self { layers: number(8)?, heads: number(12)?, head_size: number(16)?, dtype };
        (header[..8] == MAGIC).then_some(shape)
    }
}

/// Kinds of numbers that are kept, by what they are called in a file.
fn code(dtype: DType) -> Option<usize> {
    match dtype {
        DType::F16 => Some(1),
        DType::BF16 => Some(2),
        DType::F32 => Some(3),
        _ => None,
    }
}

/// Writes block number `at` of `rows`, under another name until it is whole.
pub fn write(path: &Path, shape: Shape, rows: &[(Tensor, Tensor)], at: usize) -> io::Result<()> {
    let aside = path.with_extension(format!("{}.new", std::process::id()));
    let written = write_to(&aside, shape, rows, at).and_then(|()| fs::rename(&aside, path));
    if written.is_err() {
        let _ = fs::remove_file(&aside);
    }
    written
}

fn write_to(path: &Path, shape: Shape, rows: &[(Tensor, Tensor)], at: usize) -> io::Result<()> {
    let header = shape.header().ok_or(io::ErrorKind::Unsupported)?;
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(&header)?;
    for (keys, values) in rows {
        let mut bytes = Vec::new();
        for part in [keys, values] {
            part.narrow(2, at * BLOCK, BLOCK)
                .and_then(|part| append(&part, &mut bytes))
                .map_err(io::Error::other)?;
        }
        let checksum = crc32fast::hash(&bytes);
        bytes.extend(checksum.to_le_bytes());
        file.write_all(&bytes)?;
    }
    Ok(())
}

fn append(rows: &Tensor, bytes: &mut Vec<u8>) -> Result<()> {
    let rows = rows.flatten_all()?;
    match rows.dtype() {
        DType::F16 => bytes.extend(rows.to_vec1::<f16>()?.into_iter().flat_map(f16::to_le_bytes)),
        DType::BF16 => bytes.extend(rows.to_vec1::<bf16>()?.into_iter().flat_map(bf16::to_le_bytes)),
        _ => bytes.extend(rows.to_vec1::<f32>()?.into_iter().flat_map(f32::to_le_bytes)),
    }
    Ok(())
}

/// A file that holds a block.
pub struct Block {
    path: PathBuf,
    file: File,
    pub shape: Shape,
}

impl Block {
    /// `None` where there is none, or not all of it.
    pub fn open(path: PathBuf) -> Option<Self> {
        let mut file = File::open(&path).ok()?;
        let mut header = [0; HEADER];
        file.read_exact(&mut header).ok()?;
        let shape = Shape::read(header)?;
        (file.metadata().ok()?.len() == shape.file_bytes()).then_some(Self { path, file, shape })
    }

    /// A layer's keys and values.
    fn layer(&self, layer: usize) -> io::Result<Vec<u8>> {
        let length = self.shape.layer_bytes();
        let mut bytes = vec![0; length];
        let mut file = &self.file;
        file.seek(SeekFrom::Start((HEADER + layer * length) as u64))?;
        file.read_exact(&mut bytes)?;
        let checksum = bytes.split_off(length - CHECKSUM);
        if checksum != crc32fast::hash(&bytes).to_le_bytes() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(bytes)
    }
}

/// A layer's keys and values of several blocks, one after another. Where one of them is
/// damaged all are removed: they are read again, and written anew.
pub fn join(blocks: &[Block], layer: usize) -> Result<(Tensor, Tensor)> {
    let joined = join_whole(blocks, layer);
    if let Err(error) = &joined {
        tracing::warn!(%error, "what was kept is damaged");
        for block in blocks {
            let _ = fs::remove_file(&block.path);
        }
    }
    joined
}

fn join_whole(blocks: &[Block], layer: usize) -> Result<(Tensor, Tensor)> {
    let Some(Block { shape, .. }) = blocks.first() else { return Err(Error::msg("no blocks")) };
    let (head, part) = (shape.head_bytes(), shape.heads * shape.head_bytes());
    let mut joined = [vec![0; blocks.len() * part], vec![0; blocks.len() * part]];
    for (at, block) in blocks.iter().enumerate() {
        if block.shape != *shape {
            return Err(Error::msg("blocks of several shapes"));
        }
        let bytes = block.layer(layer)?;
        for (joined, part) in joined.iter_mut().zip(bytes.chunks_exact(part)) {
            for (number, rows) in part.chunks_exact(head).enumerate() {
                let to = (number * blocks.len() + at) * head;
                joined[to..to + head].copy_from_slice(rows);
            }
        }
    }
    let dims = [1, shape.heads, blocks.len() * BLOCK, shape.head_size];
    let [keys, values] =
        joined.map(|bytes| Tensor::from_raw_buffer(&bytes, shape.dtype, &dims, &Device::Cpu));
    Ok((keys?, values?))
}
