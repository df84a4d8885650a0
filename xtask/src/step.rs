//! One program run to its end. Its failure is a sentence that names it.

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

/// Runs it, its output shown as it comes.
pub fn run(command: &mut Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("This did not succeed ({status}): {}", line(command))),
        Err(error) => Err(format!("This could not be started ({error}): {}", line(command))),
    }
}

/// What it prints, or nothing where it is absent or fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}

/// The cargo that runs us, without what it told us about ourselves: build scripts
/// that look at those variables would run again each time.
pub fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&*name);
        }
    }
    cargo
}

/// npm, in the window's folder.
pub fn npm(ui: &Path) -> Command {
    let mut npm = if cfg!(windows) { Command::new("npm.cmd") } else { Command::new("npm") };
    npm.current_dir(ui);
    npm
}

/// Whether a program of this name can be started here.
pub fn exists(name: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| {
        env::split_paths(&path).any(|folder| folder.join(super::tree::program(name)).is_file())
    })
}

/// The command as one would type it.
pub fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
