//! What this machine lacks, said without changing anything.

use crate::programs::{PROGRAMS, Starter};
use crate::{packages, step, ui};

/// Says what is missing for `run` and `test`, and how to get it. An error when something is.
pub fn run() -> Result<(), String> {
    let mut missing = Vec::new();
    for (program, package, starter) in PROGRAMS {
        if !matches!(starter, Starter::Build | Starter::Tests) || step::exists(program) {
            continue;
        }
        missing.push(match (*package, *program) {
            ("", "node" | "npm") => format!("{program}: it comes with Node (https://nodejs.org)"),
            ("", _) => format!("{program}: it comes with Rust (https://rustup.rs)"),
            (package, _) => format!("{program}: Debian's package {package}"),
        });
    }
    if packages::has_apt() {
        let needs = [packages::COMPILER, packages::WINDOW, packages::TESTS];
        for (need, names) in packages::lacking(&needs) {
            missing.push(format!("{} ({})", names.join(", "), need.purpose));
        }
    }
    missing.extend(ui::check_node().err());
    if missing.is_empty() {
        println!("Nothing is missing for cargo xtask run and cargo xtask test.");
        return Ok(());
    }
    Err(format!(
        "These are missing:\n  {}\n\nOn Debian and Ubuntu, cargo xtask setup installs the packages.",
        missing.join("\n  ")
    ))
}
