//! The app, built and opened.

use std::env;
use std::process::{Command, ExitCode};

use crate::tree::Tree;
use crate::{engine, packages, step, ui};

/// Opens the app; it takes this program's place, so that signals and its exit
/// code are its own.
pub fn run(tree: &Tree, arguments: &[String]) -> Result<ExitCode, String> {
    let windowless = [
        "ask",
        "export",
        "import",
        "models",
        "cloud",
        "lock",
        "ledger",
        "journal",
        "-h",
        "--help",
        "-V",
        "--version",
    ];
    let wants_window = !arguments.iter().any(|argument| windowless.contains(&argument.as_str()));
    if wants_window && !has_display() {
        return Err(
            "There is no display to open a window on. On a machine without a screen, this lends it one:\n  \
                    xvfb-run -a cargo xtask run\n\
                    (xvfb-run comes with: apt-get install xvfb xauth)"
                .into(),
        );
    }
    packages::ensure(&[packages::COMPILER, packages::WINDOW])?;
    ui::build(tree)?;
    engine::build(tree)?;
    build(tree)?;
    open(Command::new(tree.built("sotto")).args(arguments))
}

/// Builds the shell. The UI and the engine must have been built.
pub fn build(tree: &Tree) -> Result<(), String> {
    // With its tests: what they need changes how a few crates at the bottom are built,
    // and without them `run` and `test` would each compile all of Tauri for themselves.
    step::run(
        step::cargo().args(["build", "--package", "sotto", "--bins", "--tests"]).current_dir(&tree.root),
    )
}

fn has_display() -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

#[cfg(unix)]
fn open(app: &mut Command) -> Result<ExitCode, String> {
    let error = std::os::unix::process::CommandExt::exec(app);
    Err(format!("The app could not be started ({error}): {}", step::line(app)))
}

#[cfg(not(unix))]
fn open(app: &mut Command) -> Result<ExitCode, String> {
    step::run(app).map(|()| ExitCode::SUCCESS)
}
