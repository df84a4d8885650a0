//! Quantised blocks where they lie in the mapped file.

use std::sync::Arc;

use candle_core::{
    CpuStorage, Error, Result,
    quantized::{GgmlDType, QStorage, QuantizedType},
};
use half::{f16, slice::HalfFloatSliceExt};
use memmap2::Mmap;
use sotto_kernels::Kind;

use super::place::Place;

/// The matrix at `place`, as candle multiplies with it on the processor: by our kernels.
pub fn mapped(file: &Arc<Mmap>, place: &Place) -> Result<QStorage> {
    if file.get(place.at..place.at + place.length).is_none() {
        candle_core::bail!("a tensor lies beyond the end of its file")
    }
    Ok(QStorage::Cpu(Box::new(Mapped { file: file.clone(), place: place.clone() })))
}

/// What candle calls a kind, where it knows it.
pub fn known_to_candle(kind: Kind) -> Option<GgmlDType> {
    Some(match kind {
        Kind::Q4K => GgmlDType::Q4K,
        Kind::Q5K => GgmlDType::Q5K,
        Kind::Q6K => GgmlDType::Q6K,
        Kind::Q8_0 => GgmlDType::Q8_0,
        Kind::Q4_0 => GgmlDType::Q4_0,
        Kind::Q4_1 => GgmlDType::Q4_1,
        Kind::Q5_0 => GgmlDType::Q5_0,
        Kind::Q5_1 => GgmlDType::Q5_1,
        Kind::Q2K => GgmlDType::Q2K,
        Kind::Q3K => GgmlDType::Q3K,
        _ => return None,
    })
}

/// A matrix in the file, and within it.
struct Mapped {
    file: Arc<Mmap>,
    place: Place,
}

impl Mapped {
    fn bytes(&self) -> &[u8] {
        &self.file[self.place.at..self.place.at + self.place.length]
    }
}

impl QuantizedType for Mapped {
    /// Candle asks whether it may multiply with this as it is. It may, whatever the kind; of
    /// those that it does not know it is told another.
    fn dtype(&self) -> GgmlDType {
        known_to_candle(self.place.kind).unwrap_or(GgmlDType::Q8_0)
    }

    fn matmul_t(&self, mkn: (usize, usize, usize), lhs: &[f32], dst: &mut [f32]) -> Result<()> {
        sotto_kernels::matmul(self.place.kind, self.bytes(), mkn, lhs, dst).map_err(Error::wrap)
    }

    fn matmul_t_f16(&self, mkn: (usize, usize, usize), lhs: &[f16], dst: &mut [f16]) -> Result<()> {
        let mut product = vec![0.0; dst.len()];
        self.matmul_t(mkn, &lhs.to_f32_vec(), &mut product)?;
        dst.convert_from_f32_slice(&product);
        Ok(())
    }

    fn dequantize(&self, elem_count: usize) -> Result<CpuStorage> {
        let mut floats = vec![0.0; elem_count];
        sotto_kernels::unpack(self.place.kind, self.bytes(), &mut floats).map_err(Error::wrap)?;
        Ok(CpuStorage::F32(floats))
    }

    fn storage_size_in_bytes(&self) -> usize {
        self.place.length
    }

    fn as_ptr(&self) -> *const u8 {
        self.bytes().as_ptr()
    }

    fn block_size(&self) -> usize {
        self.place.kind.block().0
    }

    // A model's file is read, never written: candle quantises into storage of its own.
    fn from_float(&mut self, _: &[f32]) {
        tracing::error!("a mapped model cannot be written to");
    }

    fn from_float_imatrix(&mut self, _: &[f32], _: &[f32], _: usize) {
        tracing::error!("a mapped model cannot be written to");
    }

    fn size(&self) -> usize {
        self.place.length
    }
}
