//! The engine has no network: the operating system forbids it.
//!
//! - Linux: a seccomp filter, laid on the child before it becomes the engine.
//! - macOS: the engine lays a sandbox profile on itself, first thing.
//! - Windows: the engine starts itself again inside an `AppContainer`, first thing, and
//!   its files are opened to that container here.
//!
//! Whatever the system, the engine must try a door of ours at start and fail: a bar that
//! does not hold leaves it unable to serve. docs/sandbox.md says what was tried where.

use std::path::Path;

use tokio::process::Command;

use crate::Barred;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(windows)]
mod windows;

/// Bars `command`'s process from the network, where it is the parent that does it.
pub(crate) fn bar(command: &mut Command) -> std::io::Result<()> {
    #[cfg(target_os = "linux")]
    linux::bar(command)?;
    #[cfg(windows)]
    windows::bar(command);
    #[cfg(not(any(target_os = "linux", windows)))]
    let _ = command;
    Ok(())
}

/// Opens to the engine the files of `model` and its folder `scratch`, where the bar
/// would keep them from it too. Where that fails the engine may be able to read them
/// all the same, and says so if it is not.
pub(crate) fn admit(model: &Path, scratch: &Path) {
    #[cfg(windows)]
    if let Err(error) = windows::admit(model, scratch) {
        tracing::warn!(%error, "the engine's files could not be opened to it");
    }
    #[cfg(not(windows))]
    let _ = (model, scratch);
}

/// Opens a picture to the engine, where the bar would keep it from it too.
pub(crate) fn show(picture: &Path) {
    #[cfg(windows)]
    if let Err(error) = windows::show(picture) {
        tracing::warn!(%error, "a picture could not be opened to the engine");
    }
    #[cfg(not(windows))]
    let _ = picture;
}

/// What may be said of the bar on this system once the door stayed shut.
pub(crate) const STANDING: Barred = if cfg!(target_os = "linux") { Barred::Proven } else { Barred::Unproven };
