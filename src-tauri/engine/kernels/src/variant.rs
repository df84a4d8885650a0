//! The variants of the kernels, and which of them this processor can run.

#![allow(unsafe_code)] // functions for one instruction set each, called where it is there

use crate::{
    blocks::Blocks,
    lanes::portable::Portable,
    tile::{Product, Tables, offset, tile},
};

#[cfg(target_arch = "x86_64")]
use crate::lanes::{avx2::Avx2, avx512::Avx512};

/// Which instructions do the work. Only a variant that this processor can run can be
/// had: from `fastest` or `available`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variant(Instructions);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Instructions {
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "x86_64")]
    AvxVnni,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    Portable,
}

impl Variant {
    /// The fastest that this processor can run.
    pub fn fastest() -> Self {
        Self::available().next().unwrap_or(Self(Instructions::Portable))
    }

    /// All that this processor can run, the fastest first.
    pub fn available() -> impl Iterator<Item = Self> {
        #[cfg(target_arch = "x86_64")]
        let special = {
            let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
            let avx_vnni = avx2 && is_x86_feature_detected!("avxvnni");
            let avx512 = avx2
                && is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512vnni");
            [(Instructions::Avx512, avx512), (Instructions::AvxVnni, avx_vnni), (Instructions::Avx2, avx2)]
        };
        #[cfg(not(target_arch = "x86_64"))]
        let special = [];
        let all = special.into_iter().chain([(Instructions::Portable, true)]);
        all.filter_map(|(instructions, there)| there.then_some(Self(instructions)))
    }

    /// Whether it is plain Rust.
    pub fn is_portable(self) -> bool {
        self.0 == Instructions::Portable
    }

    pub fn name(self) -> &'static str {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx512 => "AVX-512 VNNI",
            #[cfg(target_arch = "x86_64")]
            Instructions::AvxVnni => "AVX-VNNI",
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx2 => "AVX2",
            Instructions::Portable => "portable",
        }
    }

    /// By how much this variant has K's bytes too high.
    pub fn offset<K: Blocks>(self) -> u8 {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx512 => offset::<Avx512, K>(),
            #[cfg(target_arch = "x86_64")]
            Instructions::AvxVnni => offset::<Avx2<true>, K>(),
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx2 => offset::<Avx2<false>, K>(),
            Instructions::Portable => offset::<Portable, K>(),
        }
    }

    /// Computes a tile of a product.
    ///
    /// # Safety
    /// No other thread may compute the same tile of the same product.
    pub unsafe fn tile<K: Blocks>(self, product: &Product<'_>, number: usize, tables: &mut Tables) {
        // SAFETY: a variant can only be had where its instructions are; the rest is the
        // caller's promise.
        unsafe {
            match self.0 {
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx512 => avx512::<K>(product, number, tables),
                #[cfg(target_arch = "x86_64")]
                Instructions::AvxVnni => avx_vnni::<K>(product, number, tables),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx2 => avx2::<K>(product, number, tables),
                Instructions::Portable => tile::<Portable, K, 4>(product, number, tables),
            }
        }
    }
}

// As many rows at a time as the registers of each hold.

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,avx512f,avx512bw,avx512vl,avx512vnni")]
unsafe fn avx512<K: Blocks>(product: &Product<'_>, number: usize, tables: &mut Tables) {
    // SAFETY: the instructions are enabled; the rest is the caller's promise.
    unsafe { tile::<Avx512, K, 8>(product, number, tables) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,avxvnni")]
unsafe fn avx_vnni<K: Blocks>(product: &Product<'_>, number: usize, tables: &mut Tables) {
    // SAFETY: the instructions are enabled; the rest is the caller's promise.
    unsafe { tile::<Avx2<true>, K, 4>(product, number, tables) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn avx2<K: Blocks>(product: &Product<'_>, number: usize, tables: &mut Tables) {
    // SAFETY: the instructions are enabled; the rest is the caller's promise.
    unsafe {
        if K::HALVES == 1 {
            tile::<Avx2<false>, K, 4>(product, number, tables);
        } else {
            // Two kinds of sums turn over often: for more rows they would not fit.
            tile::<Avx2<false>, K, 2>(product, number, tables);
        }
    }
}
