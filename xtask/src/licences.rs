//! What may come into the app from others, and under which terms: `deny.toml`, held by
//! cargo-deny, which is built once and kept in the user's cache.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::tree::{self, Tree, program};
use crate::{engine, step};

/// The cargo-deny that is built where there is none.
const VERSION: &str = "0.20.2";

/// Holds both workspaces against `deny.toml`. Nothing is fetched: cargo has done that.
pub fn check(tree: &Tree) -> Result<(), String> {
    step::run(step::cargo().args(["fetch", "--locked", "--quiet"]).current_dir(&tree.root))?;
    let deny = cargo_deny()?;
    let mut app = Command::new(&deny);
    app.arg("--offline").current_dir(&tree.root).args(["check", "bans", "licenses", "sources"]);
    // Known faults are asked for where their list is at hand.
    if advisories_are_here() {
        app.arg("advisories");
    } else {
        println!("The list of known faults (RustSec) is not on this machine: they are not asked for.");
    }
    step::run(&mut app)?;

    // The engine's lock is that of its patched build, which cargo-deny cannot ask cargo for.
    let metadata = tree.target.join("engine-metadata.json");
    let described = step::output(engine::cargo(tree, "metadata")?.args(["--format-version", "1"]))
        .ok_or("cargo metadata fails in the engine's workspace.")?;
    fs::write(&metadata, described)
        .map_err(|error| format!("{} cannot be written: {error}", metadata.display()))?;
    // Asked for the engine's own manifest it would write another lock file beside it.
    let mut the_engine = Command::new(&deny);
    the_engine.arg("--offline").arg("--metadata-path").arg(&metadata).args(["--manifest-path", "Cargo.toml"]);
    step::run(
        the_engine.args(["--config", "deny.toml", "check", "licenses", "sources"]).current_dir(&tree.root),
    )
}

/// The user's own cargo-deny, or ours, which is built where it is missing.
fn cargo_deny() -> Result<PathBuf, String> {
    if step::exists("cargo-deny") {
        return Ok("cargo-deny".into());
    }
    let tools =
        tree::user_cache().ok_or("There is no home folder to keep cargo-deny in.")?.join("sotto/tools");
    let deny = tools.join("bin").join(program("cargo-deny"));
    if !has_version(&deny) {
        println!("Building cargo-deny {VERSION}, once: it checks licences and sources.");
        let mut install = step::cargo();
        install.args(["install", "--locked", "--force", "--version", VERSION, "--root"]).arg(&tools);
        step::run(install.arg("cargo-deny").env_remove("CARGO_TARGET_DIR"))?;
    }
    Ok(deny)
}

fn has_version(deny: &Path) -> bool {
    step::output(Command::new(deny).arg("--version")).is_some_and(|said| said.contains(VERSION))
}

/// Whether cargo-deny finds the list of known faults where it keeps it.
fn advisories_are_here() -> bool {
    let home = tree::folder_named("CARGO_HOME").or_else(|| Some(env::home_dir()?.join(".cargo")));
    home.is_some_and(|home| {
        fs::read_dir(home.join("advisory-dbs")).is_ok_and(|mut lists| lists.next().is_some())
    })
}
