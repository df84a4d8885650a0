//! The variants of the kernels, and which of them this processor can run.

#![allow(unsafe_code)] // functions for one instruction set each, called where it is there

#[cfg(target_arch = "aarch64")]
use std::arch::is_aarch64_feature_detected;

use crate::{gemv::Gemv, lanes::portable::Portable};

#[cfg(target_arch = "x86_64")]
use crate::lanes::{avx2::Avx2, avx512::Avx512};

#[cfg(target_arch = "aarch64")]
use crate::lanes::neon::Neon;

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
    #[cfg(target_arch = "aarch64")]
    I8mm,
    #[cfg(target_arch = "aarch64")]
    Dotprod,
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
            let avx2 = is_x86_feature_detected!("avx2")
                && is_x86_feature_detected!("fma")
                && is_x86_feature_detected!("f16c");
            let avx_vnni = avx2 && is_x86_feature_detected!("avxvnni");
            let avx512 = avx2
                && is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512vnni");
            [(Instructions::Avx512, avx512), (Instructions::AvxVnni, avx_vnni), (Instructions::Avx2, avx2)]
        };
        #[cfg(target_arch = "aarch64")]
        let special = {
            let dotprod = is_aarch64_feature_detected!("neon") && is_aarch64_feature_detected!("dotprod");
            let i8mm = dotprod && is_aarch64_feature_detected!("i8mm");
            [(Instructions::I8mm, i8mm), (Instructions::Dotprod, dotprod)]
        };
        #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
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
            #[cfg(target_arch = "aarch64")]
            Instructions::I8mm => "NEON with i8mm",
            #[cfg(target_arch = "aarch64")]
            Instructions::Dotprod => "NEON with dotprod",
            Instructions::Portable => "portable",
        }
    }

    /// Does `work` with these instructions.
    pub fn run<W: Work>(self, work: W) -> W::Done {
        // SAFETY: a variant can only be had where its instructions are.
        unsafe {
            match self.0 {
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx512 => avx512(work),
                #[cfg(target_arch = "x86_64")]
                Instructions::AvxVnni => avx_vnni(work),
                #[cfg(target_arch = "x86_64")]
                Instructions::Avx2 => avx2(work),
                #[cfg(target_arch = "aarch64")]
                Instructions::I8mm => i8mm(work),
                #[cfg(target_arch = "aarch64")]
                Instructions::Dotprod => dotprod(work),
                Instructions::Portable => work.with::<Portable>(),
            }
        }
    }
}

/// Something to compute, whichever instructions do it.
pub trait Work {
    type Done;

    /// Does it. It is to be `#[inline(always)]`, with all that it calls: what is not part of
    /// its variant's own function is compiled without the variant's instructions.
    ///
    /// # Safety
    /// V's instructions must be there, in a function that enables them.
    unsafe fn with<V: Gemv>(self) -> Self::Done;
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,f16c,avx512f,avx512bw,avx512vl,avx512vnni")]
unsafe fn avx512<W: Work>(work: W) -> W::Done {
    // SAFETY: the instructions are enabled; that they are there is the caller's promise.
    unsafe { work.with::<Avx512>() }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,f16c,avxvnni")]
unsafe fn avx_vnni<W: Work>(work: W) -> W::Done {
    // SAFETY: the instructions are enabled; that they are there is the caller's promise.
    unsafe { work.with::<Avx2<true>>() }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,f16c")]
unsafe fn avx2<W: Work>(work: W) -> W::Done {
    // SAFETY: the instructions are enabled; that they are there is the caller's promise.
    unsafe { work.with::<Avx2<false>>() }
}

#[cfg(target_arch = "aarch64")]
#[target_feature(enable = "neon,dotprod,i8mm")]
unsafe fn i8mm<W: Work>(work: W) -> W::Done {
    // SAFETY: the instructions are enabled; that they are there is the caller's promise.
    unsafe { work.with::<Neon<true>>() }
}

#[cfg(target_arch = "aarch64")]
#[target_feature(enable = "neon,dotprod")]
unsafe fn dotprod<W: Work>(work: W) -> W::Done {
    // SAFETY: the instructions are enabled; that they are there is the caller's promise.
    unsafe { work.with::<Neon<false>>() }
}
