//! What goes out, looked at by the programs of others.

use std::process::ExitCode;

use crate::{engine, packages, run, step, tree::Tree, ui};

/// Installs those programs, and prints a line for each thing that holds.
pub fn run(tree: &Tree) -> Result<ExitCode, String> {
    packages::ensure(&[packages::COMPILER, packages::WINDOW, packages::EXPORTS])?;
    ui::build(tree)?;
    engine::build(tree)?;
    run::build(tree)?;
    let mut exports = step::cargo();
    exports
        .args(["run", "--quiet", "--package", "journeys", "--bin", "exports", "--"])
        .arg(tree.built("sotto"));
    step::run(exports.current_dir(&tree.root))?;
    Ok(ExitCode::SUCCESS)
}
