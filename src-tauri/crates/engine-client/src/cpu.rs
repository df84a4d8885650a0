//! Whether this processor can run the engine, asked before it is started: on an
//! older one the engine would die of an illegal instruction.

/// What the engine's build relies on: x86-64-v3 (the level of the x86-64 psABI), as
/// set in the engine's `.cargo/config.toml`.
#[cfg(target_arch = "x86_64")]
fn missing() -> Vec<&'static str> {
    let checks = [
        ("AVX", is_x86_feature_detected!("avx")),
        ("AVX2", is_x86_feature_detected!("avx2")),
        ("BMI1", is_x86_feature_detected!("bmi1")),
        ("BMI2", is_x86_feature_detected!("bmi2")),
        ("F16C", is_x86_feature_detected!("f16c")),
        ("FMA", is_x86_feature_detected!("fma")),
        ("LZCNT", is_x86_feature_detected!("lzcnt")),
        ("MOVBE", is_x86_feature_detected!("movbe")),
    ];
    lacking(&checks)
}

/// What the engine's build relies on: NEON and the dot-product instructions.
#[cfg(target_arch = "aarch64")]
fn missing() -> Vec<&'static str> {
    lacking(&[
        ("NEON", std::arch::is_aarch64_feature_detected!("neon")),
        ("DotProd", std::arch::is_aarch64_feature_detected!("dotprod")),
    ])
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn missing() -> Vec<&'static str> {
    vec!["a 64-bit x86 or ARM core"]
}

fn lacking(checks: &[(&'static str, bool)]) -> Vec<&'static str> {
    checks.iter().filter(|(_, present)| !present).map(|(name, _)| *name).collect()
}

/// `Err` with a sentence where this processor is too old.
pub(crate) fn check() -> Result<(), String> {
    verdict(&missing())
}

fn verdict(missing: &[&str]) -> Result<(), String> {
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "This computer's processor is too old to run the model: it lacks {}. Your texts are safe and can be \
         read and searched here; for answers Sotto needs a computer made after about 2015.",
        missing.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_processor_is_told_so_in_words() {
        let said = verdict(&lacking(&[("AVX", true), ("AVX2", false), ("FMA", false)])).unwrap_err();
        assert!(said.contains("AVX2, FMA") && !said.contains("AVX, "), "{said}");
    }

    #[test]
    fn a_processor_that_lacks_nothing_passes() {
        assert_eq!(verdict(&lacking(&[("AVX", true)])), Ok(()));
    }
}
