//! The benches. That of the engine is a workspace of its own with llama.cpp in it, which takes
//! minutes to compile and is wanted by nobody else; that of the app drives the real window.

use std::path::Path;
use std::process::{Command, ExitCode};

use crate::tree::{Tree, program, user_cache};
use crate::{engine, packages, step, ui};

pub fn run(tree: &Tree, arguments: &[String]) -> Result<ExitCode, String> {
    let cache =
        user_cache().ok_or("There is no home folder to keep what is measured with in.")?.join("sotto");
    match arguments.split_first() {
        Some((first, parts)) if first == "--app" => app(tree, &cache, parts)?,
        _ => engine(tree, &cache, arguments)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn app(tree: &Tree, cache: &Path, parts: &[String]) -> Result<(), String> {
    packages::ensure(&[packages::COMPILER, packages::WINDOW, packages::TESTS])?;
    ui::build(tree)?;
    engine::build(tree)?;
    // As it is shipped, but that it lets itself be driven.
    step::run(
        step::cargo()
            .args(["build", "--release", "--package", "sotto", "--bins", "--features", "driven"])
            .current_dir(&tree.root),
    )?;
    let mut bench = step::cargo();
    bench.args(["bench", "--package", "journeys", "--bench", "app", "--", "--folder"]);
    step::run(bench.arg(cache.join("bench")).args(parts).current_dir(&tree.root))
}

fn engine(tree: &Tree, cache: &Path, arguments: &[String]) -> Result<(), String> {
    packages::ensure(&[packages::COMPILER, packages::BENCH])?;
    let built = engine::build(tree)?;
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
    step::run(&mut bench)
}
