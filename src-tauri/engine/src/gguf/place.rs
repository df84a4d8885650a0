//! Where a tensor lies in the mapped files of a model, in the kernels' terms.

use sotto_gguf::{Packing, Tensor};
use sotto_kernels::Kind;

/// Where a tensor lies.
#[derive(Debug, Clone)]
pub struct Place {
    pub kind: Kind,
    /// Rows first, as candle counts; GGUF counts the other way round.
    pub shape: Vec<usize>,
    /// Which of the model's files it lies in.
    pub file: usize,
    /// Where it begins, from the beginning of the file.
    pub at: usize,
    /// How many bytes it has.
    pub length: usize,
}

impl Place {
    /// `None` for what our kernels do not compute.
    pub fn of(tensor: &Tensor) -> Option<Self> {
        let whole = |n: u64| usize::try_from(n).ok();
        Some(Self {
            kind: kind(tensor.packing)?,
            shape: tensor.dimensions.iter().rev().map(|n| whole(*n)).collect::<Option<_>>()?,
            file: tensor.file,
            at: whole(tensor.at)?,
            length: whole(tensor.length)?,
        })
    }
}

fn kind(packing: Packing) -> Option<Kind> {
    Some(match packing {
        Packing::F32 => Kind::F32,
        Packing::F16 => Kind::F16,
        Packing::BF16 => Kind::Bf16,
        Packing::Q4_0 => Kind::Q4_0,
        Packing::Q4_1 => Kind::Q4_1,
        Packing::Q5_0 => Kind::Q5_0,
        Packing::Q5_1 => Kind::Q5_1,
        Packing::Q8_0 => Kind::Q8_0,
        Packing::Q2_K => Kind::Q2K,
        Packing::Q3_K => Kind::Q3K,
        Packing::Q4_K => Kind::Q4K,
        Packing::Q5_K => Kind::Q5K,
        Packing::Q6_K => Kind::Q6K,
        Packing::IQ1_S => Kind::Iq1S,
        Packing::IQ1_M => Kind::Iq1M,
        Packing::IQ2_XXS => Kind::Iq2Xxs,
        Packing::IQ2_XS => Kind::Iq2Xs,
        Packing::IQ2_S => Kind::Iq2S,
        Packing::IQ3_XXS => Kind::Iq3Xxs,
        Packing::IQ3_S => Kind::Iq3S,
        Packing::IQ4_NL => Kind::Iq4Nl,
        Packing::IQ4_XS => Kind::Iq4Xs,
        Packing::TQ1_0 => Kind::Tq1_0,
        Packing::TQ2_0 => Kind::Tq2_0,
        Packing::MXFP4 => Kind::Mxfp4,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The library takes what the kernels compute, and nothing else.
    #[test]
    fn what_is_taken_is_what_is_computed() {
        for packing in (0..64).map(Packing::of) {
            assert_eq!(packing.is_computed(), kind(packing).is_some(), "{packing}");
        }
    }
}
