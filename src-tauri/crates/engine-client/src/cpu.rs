//! Whether this processor can run the engine, asked before it is started: on an
//! older one the engine would die of an illegal instruction.

use sotto_engine_protocol::processor::{Feature, needed};

fn lacking(checks: &[Feature]) -> Vec<&'static str> {
    checks.iter().filter(|(_, present)| !present).map(|(name, _)| *name).collect()
}

/// `Err` with a sentence where this processor is too old.
pub(crate) fn check() -> Result<(), String> {
    verdict(&lacking(&needed()))
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
