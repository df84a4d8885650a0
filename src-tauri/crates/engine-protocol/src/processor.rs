//! What the engine asks of a processor, and what makes it faster. The app asks before it starts
//! the engine, which would die of an illegal instruction where something is missing.

/// A feature, by the name that makers print, and whether it is there.
pub type Feature = (&'static str, bool);

/// What the engine's build relies on: x86-64-v3 (the level of the x86-64 psABI), as set in the
/// engine's `.cargo/config.toml`.
#[cfg(target_arch = "x86_64")]
pub fn needed() -> Vec<Feature> {
    vec![
        ("AVX", is_x86_feature_detected!("avx")),
        ("AVX2", is_x86_feature_detected!("avx2")),
        ("BMI1", is_x86_feature_detected!("bmi1")),
        ("BMI2", is_x86_feature_detected!("bmi2")),
        ("F16C", is_x86_feature_detected!("f16c")),
        ("FMA", is_x86_feature_detected!("fma")),
        ("LZCNT", is_x86_feature_detected!("lzcnt")),
        ("MOVBE", is_x86_feature_detected!("movbe")),
    ]
}

/// What the engine's kernels make use of besides.
#[cfg(target_arch = "x86_64")]
pub fn helpful() -> Vec<Feature> {
    vec![
        ("AVX-VNNI", is_x86_feature_detected!("avxvnni")),
        ("AVX-512", is_x86_feature_detected!("avx512f")),
        ("AVX-512 VNNI", is_x86_feature_detected!("avx512vnni")),
    ]
}

/// What the engine's build relies on: NEON and the dot-product instructions, as set in the
/// engine's `.cargo/config.toml`.
#[cfg(target_arch = "aarch64")]
pub fn needed() -> Vec<Feature> {
    vec![
        ("NEON", std::arch::is_aarch64_feature_detected!("neon")),
        ("DotProd", std::arch::is_aarch64_feature_detected!("dotprod")),
    ]
}

/// What the engine's kernels make use of besides.
#[cfg(target_arch = "aarch64")]
pub fn helpful() -> Vec<Feature> {
    vec![("I8MM", std::arch::is_aarch64_feature_detected!("i8mm"))]
}

/// What the engine's build relies on.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
pub fn needed() -> Vec<Feature> {
    vec![("a 64-bit x86 or ARM core", false)]
}

/// What the engine's kernels make use of besides.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
pub fn helpful() -> Vec<Feature> {
    Vec::new()
}
