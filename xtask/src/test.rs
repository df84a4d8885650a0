//! Every test there is. It stops at the first check that fails, and says how
//! long each took.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::tree::Tree;
use crate::{engine, licences, packages, run, step, ui};

/// Sets up, then checks: what is quick to fail comes first.
pub fn run(tree: &Tree) -> Result<(), String> {
    let began = Instant::now();
    let mut took = Vec::new();
    for check in CHECKS {
        println!("\n── {} ──", check.name);
        let start = Instant::now();
        (check.run)(tree).map_err(|trouble| format!("{trouble}\n\nFailed: {}.", check.name))?;
        took.push((check.name, start.elapsed()));
    }
    println!();
    for (name, time) in &took {
        println!("{:>8}  {name}", seconds(*time));
    }
    println!("All {} checks passed in {}.", took.len(), seconds(began.elapsed()));
    Ok(())
}

struct Check {
    name: &'static str,
    run: fn(&Tree) -> Result<(), String>,
}

const CHECKS: &[Check] = &[
    Check {
        name: "system packages",
        run: |_| packages::ensure(&[packages::COMPILER, packages::WINDOW, packages::TESTS]),
    },
    Check { name: "formatting", run: formatting },
    Check { name: "licences and sources of what others made", run: licences::check },
    Check { name: "the UI, built", run: ui::build },
    Check {
        name: "the UI's types and lints",
        run: |tree| step::run(step::npm(&tree.ui()).args(["run", "--silent", "check"])),
    },
    Check { name: "the UI's tests", run: |tree| step::run(step::npm(&tree.ui()).arg("test")) },
    Check { name: "the engine, built", run: |tree| engine::build(tree).map(drop) },
    Check { name: "the app, built", run: run::build },
    Check { name: "lints", run: lints },
    Check { name: "the app's tests, parity and the window among them", run: tests },
    Check {
        name: "the engine's own lints",
        run: |tree| lint(engine::cargo(tree, "clippy")?.arg("--release")),
    },
    Check {
        name: "the engine's own tests",
        run: |tree| step::run(engine::cargo(tree, "test")?.args(["--workspace", "--release"])),
    },
];

fn formatting(tree: &Tree) -> Result<(), String> {
    for workspace in [&tree.root, &tree.engine()] {
        step::run(step::cargo().args(["fmt", "--all", "--check"]).current_dir(workspace))?;
    }
    Ok(())
}

fn lints(tree: &Tree) -> Result<(), String> {
    lint(step::cargo().args(["clippy", "--workspace"]).current_dir(&tree.root))
}

fn lint(clippy: &mut Command) -> Result<(), String> {
    step::run(clippy.args(["--all-targets", "--", "-D", "warnings"]))
}

fn tests(tree: &Tree) -> Result<(), String> {
    let mut tests = step::cargo();
    // nextest, where it is installed, runs the same tests side by side.
    if step::exists("cargo-nextest") {
        tests.args(["nextest", "run"]);
    } else {
        tests.arg("test");
    }
    let engine = tree.built("sotto-engine");
    step::run(tests.arg("--workspace").current_dir(&tree.root).env("SOTTO_ENGINE", engine))
}

fn seconds(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}
