//! How the numbers of a tensor are packed: the types that GGUF has, by its own numbers.

use std::fmt;

/// How numbers are packed: how many stand in a block, and how many bytes a block has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // these are ggml's own names
#[allow(non_camel_case_types)]
pub enum Packing {
    F32,
    F16,
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q8_0,
    Q2_K,
    Q3_K,
    Q4_K,
    Q5_K,
    Q6_K,
    Q8_K,
    IQ2_XXS,
    IQ2_XS,
    IQ3_XXS,
    IQ1_S,
    IQ4_NL,
    IQ3_S,
    IQ2_S,
    IQ4_XS,
    I8,
    I16,
    I32,
    I64,
    F64,
    IQ1_M,
    BF16,
    TQ1_0,
    TQ2_0,
    MXFP4,
    NVFP4,
    /// A number that nobody here has heard of.
    Unknown(u32),
}

/// Each type with its number in a file, the weights of a block, and its bytes (ggml.h and
/// ggml-common.h of ggml).
const ALL: &[(Packing, u32, u64, u64)] = &[
    (Packing::F32, 0, 1, 4),
    (Packing::F16, 1, 1, 2),
    (Packing::Q4_0, 2, 32, 18),
    (Packing::Q4_1, 3, 32, 20),
    (Packing::Q5_0, 6, 32, 22),
    (Packing::Q5_1, 7, 32, 24),
    (Packing::Q8_0, 8, 32, 34),
    (Packing::Q2_K, 10, 256, 84),
    (Packing::Q3_K, 11, 256, 110),
    (Packing::Q4_K, 12, 256, 144),
    (Packing::Q5_K, 13, 256, 176),
    (Packing::Q6_K, 14, 256, 210),
    (Packing::Q8_K, 15, 256, 292),
    (Packing::IQ2_XXS, 16, 256, 66),
    (Packing::IQ2_XS, 17, 256, 74),
    (Packing::IQ3_XXS, 18, 256, 98),
    (Packing::IQ1_S, 19, 256, 50),
    (Packing::IQ4_NL, 20, 32, 18),
    (Packing::IQ3_S, 21, 256, 110),
    (Packing::IQ2_S, 22, 256, 82),
    (Packing::IQ4_XS, 23, 256, 136),
    (Packing::I8, 24, 1, 1),
    (Packing::I16, 25, 1, 2),
    (Packing::I32, 26, 1, 4),
    (Packing::I64, 27, 1, 8),
    (Packing::F64, 28, 1, 8),
    (Packing::IQ1_M, 29, 256, 56),
    (Packing::BF16, 30, 1, 2),
    (Packing::TQ1_0, 34, 256, 54),
    (Packing::TQ2_0, 35, 256, 66),
    (Packing::MXFP4, 39, 32, 17),
    (Packing::NVFP4, 40, 64, 36),
];

/// The types that the engine multiplies with. Who teaches it one more adds it here, and the
/// whole app knows.
const COMPUTED: &[Packing] = &[
    Packing::F32,
    Packing::F16,
    Packing::BF16,
    Packing::Q4_0,
    Packing::Q4_1,
    Packing::Q5_0,
    Packing::Q5_1,
    Packing::Q8_0,
    Packing::Q2_K,
    Packing::Q3_K,
    Packing::Q4_K,
    Packing::Q5_K,
    Packing::Q6_K,
    Packing::IQ1_S,
    Packing::IQ1_M,
    Packing::IQ2_XXS,
    Packing::IQ2_XS,
    Packing::IQ2_S,
    Packing::IQ3_XXS,
    Packing::IQ3_S,
    Packing::IQ4_NL,
    Packing::IQ4_XS,
    Packing::TQ1_0,
    Packing::TQ2_0,
    Packing::MXFP4,
];

impl Packing {
    /// The type of this number in a file.
    pub fn of(number: u32) -> Self {
        ALL.iter().find(|(_, own, ..)| *own == number).map_or(Self::Unknown(number), |(packing, ..)| *packing)
    }

    /// Its number in a file.
    pub fn number(self) -> u32 {
        match self {
            Self::Unknown(number) => number,
            known => known.row().map_or(0, |(_, number, ..)| number),
        }
    }

    /// How many weights stand in a block, and how many bytes it has; `None` for one that is
    /// not known.
    pub fn block(self) -> Option<(u64, u64)> {
        self.row().map(|(.., weights, bytes)| (weights, bytes))
    }

    /// How many bytes a tensor of these dimensions has, columns first; `None` where it cannot be.
    pub fn bytes(self, dimensions: &[u64]) -> Option<u64> {
        let (weights, bytes) = self.block()?;
        let count = dimensions.iter().try_fold(1_u64, |count, n| count.checked_mul(*n))?;
        let whole = dimensions.first()?.is_multiple_of(weights) && count > 0;
        whole.then(|| (count / weights).checked_mul(bytes)).flatten()
    }

    /// Whether the engine multiplies with it.
    pub fn is_computed(self) -> bool {
        COMPUTED.contains(&self)
    }

    fn row(self) -> Option<(Self, u32, u64, u64)> {
        ALL.iter().find(|(packing, ..)| *packing == self).copied()
    }
}

impl fmt::Display for Packing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(number) => write!(f, "type {number}"),
            known => write!(f, "{known:?}"),
        }
    }
}

#[cfg(test)]
mod tests;
