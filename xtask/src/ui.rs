//! The window's half: npm packages when the lock file changed, a build when a
//! source changed, and neither otherwise.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::Path;
use std::process::Command;

use crate::tree::Tree;
use crate::{notices, step};

/// What the UI's build tools ask for, as in ui/package.json.
const OLDEST_NODE: (u32, u32) = (20, 19);

/// Installs the npm packages and builds `ui/dist`, each only where it is stale.
pub fn build(tree: &Tree) -> Result<(), String> {
    let ui = tree.ui();
    install(&ui)?;
    // It goes into the app with the page.
    notices::write(tree)?;
    // The stamp lies outside of dist, which goes into the app as it is.
    let stamp = ui.join("node_modules/.sotto-built");
    let sources =
        sources(&ui).map_err(|error| format!("The sources in {} cannot be read: {error}", ui.display()))?;
    let fresh = fs::read_to_string(&stamp).is_ok_and(|built| built == sources);
    if fresh && ui.join("dist/index.html").is_file() {
        return Ok(());
    }
    step::run(step::npm(&ui).args(["run", "--silent", "build"]))?;
    write(&stamp, &sources)
}

fn install(ui: &Path) -> Result<(), String> {
    check_node()?;
    let lock = fs::read_to_string(ui.join("package-lock.json"))
        .map_err(|error| format!("ui/package-lock.json cannot be read: {error}"))?;
    let stamp = ui.join("node_modules/.sotto-installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    step::run(step::npm(ui).args(["ci", "--no-audit", "--no-fund"]))?;
    write(&stamp, &lock)
}

pub fn check_node() -> Result<(), String> {
    let (major, minor) = OLDEST_NODE;
    let advice = format!("Sotto's window is built with Node {major}.{minor} or newer (https://nodejs.org)");
    let version = step::output(Command::new("node").arg("--version")).ok_or_else(|| {
        format!("{advice}, and there is no node here yet. Install it, then run this again.")
    })?;
    if parsed(&version).is_some_and(|version| version >= OLDEST_NODE) {
        return Ok(());
    }
    Err(format!("{advice}; here is {}. Install a newer one, then run this again.", version.trim()))
}

/// `v20.19.4`, major and minor.
fn parsed(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.trim().trim_start_matches('v').split('.').map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

/// A fingerprint of every file that the build can see.
fn sources(ui: &Path) -> std::io::Result<String> {
    let mut hasher = DefaultHasher::new();
    digest(ui, &mut hasher)?;
    Ok(format!("{:016x}", hasher.finish()))
}

fn digest(folder: &Path, hasher: &mut DefaultHasher) -> std::io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        if name == "node_modules" || name == "dist" {
            continue;
        }
        name.hash(hasher);
        if entry.file_type()?.is_dir() {
            digest(&entry.path(), hasher)?;
        } else {
            fs::read(entry.path())?.hash(hasher);
        }
    }
    Ok(())
}

fn write(stamp: &Path, text: &str) -> Result<(), String> {
    fs::write(stamp, text).map_err(|error| format!("{} cannot be written: {error}", stamp.display()))
}

#[cfg(test)]
mod tests;
