//! The bench, in a workspace of its own with llama.cpp in it, which takes minutes to
//! compile and is wanted by nobody else.

use std::process::{Command, ExitCode};

use crate::tree::{Tree, program, user_cache};
use crate::{engine, packages, step};

pub fn run(tree: &Tree, arguments: &[String]) -> Result<ExitCode, String> {
    packages::ensure(&[packages::COMPILER, packages::BENCH])?;
    let built = engine::build(tree)?;
    let cache = user_cache().ok_or("There is no home folder to keep the bench's model in.")?.join("sotto");
    let target = cache.join("bench-target");
    let mut cargo = step::cargo();
    for flags in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS"] {
        cargo.env_remove(flags);
    }
    let folder = tree.root.join("tests/bench");
    cargo.args(["build", "--release", "--locked"]).current_dir(&folder).env("CARGO_TARGET_DIR", &target);
    // Both sides on what the engine was built for.
    if let Some(features) = engine::features() {
        cargo.arg("--features").arg(features);
    }
    step::run(&mut cargo)?;
    let mut bench = Command::new(target.join("release").join(program("sotto-bench")));
    bench.arg("--engine").arg(built).arg("--folder").arg(cache.join("bench")).args(arguments);
    step::run(&mut bench)?;
    Ok(ExitCode::SUCCESS)
}
