//! The engine's arithmetic against known answers, through the real program.

use std::process::ExitCode;

use crate::tree::Tree;
use crate::{engine, packages, step};

/// Prints a line for each case and `N passed, M failed` last.
pub fn run(tree: &Tree, arguments: &[String]) -> Result<ExitCode, String> {
    if arguments.is_empty() {
        return Err("Which folder? cargo xtask parity DIR [--only NAME] [--gguf] [--cuda|--metal]".into());
    }
    packages::ensure(&[packages::COMPILER])?;
    let engine = engine::build(tree)?;
    // From where we were called, so that DIR means what it says.
    let mut parity = step::cargo();
    parity.args(["run", "--quiet", "--package", "journeys", "--bin", "parity", "--manifest-path"]);
    parity.arg(tree.root.join("Cargo.toml")).arg("--").args(arguments).arg("--engine").arg(engine);
    // Its last line is the verdict: nothing is said after it.
    let passed = parity.status().map_err(|error| format!("cargo could not be started: {error}"))?.success();
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
