//! The engine: its dependency patched, itself built, and a copy put wherever
//! the app and the tests look for it.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::tree::{Tree, program};
use crate::{patches, step};

const NAME: &str = "sotto-engine";

/// Builds it where it is stale, and says where it is.
pub fn build(tree: &Tree) -> Result<PathBuf, String> {
    step::run(cargo(tree, "build")?.arg("--release"))?;
    let built = tree.engine_target.join("release").join(program(NAME));

    // Tauri bundles programs that carry the name of the system they are for, and
    // its build script wants this one before the shell compiles at all.
    let system = step::output(Command::new("rustc").args(["--print", "host-tuple"]))
        .ok_or("rustc does not say what system this is (rustc --print host-tuple).")?;
    let bundled = tree.root.join("src-tauri/binaries").join(program(&format!("{NAME}-{}", system.trim())));
    // The app and the tests look beside themselves.
    let beside = tree.built(NAME);
    for place in [bundled, beside] {
        copy(&built, &place)
            .map_err(|error| format!("The engine cannot be copied to {}: {error}", place.display()))?;
    }
    Ok(built)
}

/// cargo in the engine's workspace, whose own settings must rule: its kernels are
/// chosen by the compiler's flags.
pub fn cargo(tree: &Tree, command: &str) -> Result<Command, String> {
    let folder = tree.engine();
    let patched = patches::prepare(&folder)?;
    let mut cargo = step::cargo();
    for flags in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS"] {
        cargo.env_remove(flags);
    }
    cargo.arg(command).args(patched).current_dir(&folder).env("CARGO_TARGET_DIR", &tree.engine_target);
    if let Some(features) = features() {
        cargo.arg("--features").arg(features);
    }
    Ok(cargo)
}

/// What the engine is to know besides the processor: `cuda` or `metal`.
pub fn features() -> Option<OsString> {
    env::var_os("SOTTO_ENGINE_FEATURES").filter(|features| !features.is_empty())
}

/// Leaves an equal copy alone, so that nothing is built again because of it.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    let bytes = fs::read(from)?;
    if fs::read(to).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    // By way of a new file: an engine that is running keeps the old one.
    let fresh = to.with_extension("new");
    fs::copy(from, &fresh)?;
    fs::rename(fresh, to)
}

#[cfg(test)]
mod tests;
