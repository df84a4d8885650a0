//! The layouts of weights, and how large their blocks are.

/// The block layouts that can be multiplied with, as they lie in a GGUF file.
///
/// The formats are ggml's: `ggml-common.h` in its repository defines the blocks, and
/// the GGUF specification beside it says how tensors of them lie in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// 256 weights of 4 bits in 144 bytes; a scale and a minimum of 6 bits for each 32.
    Q4K,
    /// 256 weights of 5 bits in 176 bytes; a scale and a minimum of 6 bits for each 32.
    Q5K,
    /// 256 weights of 6 bits in 210 bytes; a scale of 8 bits for each 16.
    Q6K,
    /// 32 weights of 8 bits in 34 bytes; one scale.
    Q8_0,
    /// 32 weights of 4 bits in 18 bytes; one scale.
    Q4_0,
    /// 32 weights of 4 bits in 20 bytes; a scale and a minimum.
    Q4_1,
    /// 32 weights of 5 bits in 22 bytes; one scale.
    Q5_0,
    /// 32 weights of 5 bits in 24 bytes; a scale and a minimum.
    Q5_1,
    /// 256 weights of 2 bits in 84 bytes; a scale and a minimum of 4 bits for each 16.
    Q2K,
    /// 256 weights of 3 bits in 110 bytes; a scale of 6 bits for each 16.
    Q3K,
    /// 256 weights of three values in 54 bytes, five to a byte; one scale.
    Tq1_0,
    /// 256 weights of three values in 66 bytes, four to a byte; one scale.
    Tq2_0,
    /// 32 weights of 4 bits in 18 bytes, unevenly spaced; one scale.
    Iq4Nl,
    /// 256 weights of 4 bits in 136 bytes, unevenly spaced; a scale of 6 bits for each 32.
    Iq4Xs,
    /// 32 weights of 4 bits in 17 bytes, small floats; a power of two.
    Mxfp4,
    /// 256 weights in 50 bytes, by eight; a scale of 3 bits for each 32.
    Iq1S,
    /// 256 weights in 56 bytes, by eight; a scale of 3 bits for each 16.
    Iq1M,
    /// 256 weights in 66 bytes, by eight; a scale of 4 bits for each 32.
    Iq2Xxs,
    /// 256 weights in 74 bytes, by eight; a scale of 4 bits for each 16.
    Iq2Xs,
    /// 256 weights in 82 bytes, by eight; a scale of 4 bits for each 16.
    Iq2S,
    /// 256 weights in 98 bytes, by four; a scale of 4 bits for each 32.
    Iq3Xxs,
    /// 256 weights in 110 bytes, by four; a scale of 4 bits for each 32.
    Iq3S,
    /// Weights as they are, in 16-bit floats. They are not for speed: with them a model
    /// can be compared to its reference.
    F16,
    /// The same in the other 16-bit floats.
    Bf16,
    /// The same in 32-bit floats.
    F32,
}

impl Kind {
    /// Weights in a block, and its bytes.
    pub const fn block(self) -> (usize, usize) {
        match self {
            Self::Q4K => (256, 144),
            Self::Q5K => (256, 176),
            Self::Q6K => (256, 210),
            Self::Q8_0 => (32, 34),
            Self::Q4_0 | Self::Iq4Nl => (32, 18),
            Self::Q4_1 => (32, 20),
            Self::Q5_0 => (32, 22),
            Self::Q5_1 => (32, 24),
            Self::Mxfp4 => (32, 17),
            Self::Q2K => (256, 84),
            Self::Q3K | Self::Iq3S => (256, 110),
            Self::Tq1_0 => (256, 54),
            Self::Tq2_0 | Self::Iq2Xxs => (256, 66),
            Self::Iq4Xs => (256, 136),
            Self::Iq1S => (256, 50),
            Self::Iq1M => (256, 56),
            Self::Iq2Xs => (256, 74),
            Self::Iq2S => (256, 82),
            Self::Iq3Xxs => (256, 98),
            Self::F16 | Self::Bf16 => (1, 2),
            Self::F32 => (1, 4),
        }
    }
}
