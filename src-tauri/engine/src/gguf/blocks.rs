//! Quantised blocks where they lie in the mapped file.

#![allow(unsafe_code)] // a view of mapped bytes as blocks; see `Mapped::blocks`

use std::{marker::PhantomData, sync::Arc};

use candle_core::{
    CpuStorage, Result,
    quantized::{
        GgmlDType, GgmlType, QStorage, QuantizedType,
        k_quants::{
            BlockQ2K, BlockQ3K, BlockQ4_0, BlockQ4_1, BlockQ4K, BlockQ5_0, BlockQ5_1, BlockQ5K, BlockQ6K,
            BlockQ8_0, matmul, matmul_f16,
        },
    },
};
use half::f16;
use memmap2::Mmap;
use sotto_kernels::Kind;

use super::header::Place;

/// The blocks at `place`, as candle multiplies with them; `None` for types that are
/// not quantised.
pub fn mapped(file: &Arc<Mmap>, place: &Place) -> Option<Result<QStorage>> {
    Some(match place.dtype {
        GgmlDType::Q4_0 => view::<BlockQ4_0>(file, place),
        GgmlDType::Q4_1 => view::<BlockQ4_1>(file, place),
        GgmlDType::Q5_0 => view::<BlockQ5_0>(file, place),
        GgmlDType::Q5_1 => view::<BlockQ5_1>(file, place),
        GgmlDType::Q8_0 => view::<BlockQ8_0>(file, place),
        GgmlDType::Q2K => view::<BlockQ2K>(file, place),
        GgmlDType::Q3K => view::<BlockQ3K>(file, place),
        GgmlDType::Q4K => view::<BlockQ4K>(file, place),
        GgmlDType::Q5K => view::<BlockQ5K>(file, place),
        GgmlDType::Q6K => view::<BlockQ6K>(file, place),
        _ => return None,
    })
}

fn view<T: GgmlType + Send + Sync + 'static>(file: &Arc<Mmap>, place: &Place) -> Result<QStorage> {
    let bytes = file.get(place.at..place.at + place.length);
    let bytes = bytes.ok_or_else(|| candle_core::Error::msg("a tensor lies beyond the end of its file"))?;
    if !bytes.as_ptr().cast::<T>().is_aligned() || !bytes.len().is_multiple_of(size_of::<T>()) {
        candle_core::bail!("a tensor does not lie where blocks of its type can lie")
    }
    let mapped = Mapped::<T> {
        file: file.clone(),
        at: place.at,
        count: bytes.len() / size_of::<T>(),
        kind: PhantomData,
    };
    Ok(QStorage::Cpu(Box::new(mapped)))
}

/// `count` blocks, `at` bytes into the file: within it, and aligned.
struct Mapped<T> {
    file: Arc<Mmap>,
    at: usize,
    count: usize,
    kind: PhantomData<T>,
}

/// The types that we have a kernel of our own for.
pub fn kernel(dtype: GgmlDType) -> Option<Kind> {
    match dtype {
        GgmlDType::Q4K => Some(Kind::Q4K),
        GgmlDType::Q5K => Some(Kind::Q5K),
        GgmlDType::Q6K => Some(Kind::Q6K),
        GgmlDType::Q8_0 => Some(Kind::Q8_0),
        GgmlDType::F16 => Some(Kind::F16),
        _ => None,
    }
}

impl<T: GgmlType> Mapped<T> {
    fn bytes(&self) -> &[u8] {
        &self.file[self.at..self.at + self.count * size_of::<T>()]
    }

    fn blocks(&self) -> &[T] {
        // SAFETY: `view` has checked that these bytes lie within the map and are aligned.
        // The map lives as long as `self` and is never written to. T is one of the block
        // types above: plain numbers, for which every pattern of bits is a value.
        unsafe { std::slice::from_raw_parts(self.file.as_ptr().add(self.at).cast(), self.count) }
    }
}

impl<T: GgmlType + Send + Sync> QuantizedType for Mapped<T> {
    fn dtype(&self) -> GgmlDType {
        T::DTYPE
    }

    fn matmul_t(&self, mkn: (usize, usize, usize), lhs: &[f32], dst: &mut [f32]) -> Result<()> {
        match kernel(T::DTYPE) {
            Some(kind) if sotto_kernels::fast() => {
                sotto_kernels::matmul(kind, self.bytes(), mkn, lhs, dst).map_err(candle_core::Error::wrap)
            }
            _ => matmul(mkn, lhs, self.blocks(), dst),
        }
    }

    fn matmul_t_f16(&self, mkn: (usize, usize, usize), lhs: &[f16], dst: &mut [f16]) -> Result<()> {
        matmul_f16(mkn, lhs, self.blocks(), dst)
    }

    fn dequantize(&self, elem_count: usize) -> Result<CpuStorage> {
        let mut floats = vec![0.0; elem_count];
        T::to_float(self.blocks(), &mut floats);
        Ok(CpuStorage::F32(floats))
    }

    fn storage_size_in_bytes(&self) -> usize {
        self.size()
    }

    fn as_ptr(&self) -> *const u8 {
        self.blocks().as_ptr().cast()
    }

    fn block_size(&self) -> usize {
        T::BLCK_SIZE
    }

    // A model's file is read, never written: candle quantises into storage of its own.
    fn from_float(&mut self, _: &[f32]) {
        tracing::error!("a mapped model cannot be written to");
    }

    fn from_float_imatrix(&mut self, _: &[f32], _: &[f32], _: usize) {
        tracing::error!("a mapped model cannot be written to");
    }

    fn size(&self) -> usize {
        self.count * size_of::<T>()
    }
}
