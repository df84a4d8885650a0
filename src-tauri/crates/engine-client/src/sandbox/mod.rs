//! The engine has no network, and of the disk and of other processes it has what it needs:
//! the operating system sees to that.
//!
//! - Linux: Landlock, a seccomp filter and limits, laid on the child before it becomes the
//!   engine.
//! - macOS: the engine lays a sandbox profile on itself, first thing.
//! - Windows: the engine starts itself again inside an `AppContainer`, first thing, and
//!   its files are opened to that container here.
//!
//! Whatever the system, the engine must try a door of ours at start and fail: a bar that
//! does not hold leaves it unable to serve. docs/sandbox.md says what was tried where.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use tokio::process::Command;

use crate::{Barred, Device, EngineOptions, plan::Choice};

#[cfg(target_os = "linux")]
mod linux;
#[cfg(windows)]
mod windows;

/// What a barred process may reach besides the system's own libraries. Paths that are not
/// there are passed over.
#[derive(Debug, Default)]
#[cfg_attr(not(target_os = "linux"), allow(dead_code))] // elsewhere the engine bars itself
pub(crate) struct Reach {
    /// Files that it may read.
    pub files: Vec<PathBuf>,
    /// Folders in which it may see what there is, without reading it.
    pub listed: Vec<PathBuf>,
    /// Folders in which it may read everything.
    pub read: Vec<PathBuf>,
    /// Folders in which it may also write.
    pub written: Vec<PathBuf>,
    /// Whether it computes on a graphics card of NVIDIA's.
    pub graphics: bool,
    /// The most bytes of memory that it may take, beside files that it maps; all of the
    /// machine's where nobody said.
    pub memory: Option<u64>,
    /// The most seconds that it may compute.
    pub seconds: Option<u64>,
}

impl Reach {
    /// What the engine needs for the model of `choice`, and nothing more: a model that is
    /// chosen later is for another process.
    pub(crate) fn of_engine(options: &EngineOptions, choice: &Choice) -> Self {
        let (folders, files) = model_files(&choice.path);
        Self {
            files,
            listed: folders,
            read: vec![options.pictures.clone()],
            written: vec![options.scratch.clone()],
            graphics: match choice.plan.device {
                Device::Cuda(_) => true,
                Device::Auto => cfg!(target_os = "linux") && Path::new("/dev/nvidiactl").exists(),
                Device::Cpu | Device::Metal => false,
            },
            memory: choice.plan.memory,
            seconds: None,
        }
    }
}

/// The folders of the model at `path`, and the files in them that a model may consist of.
/// Not all that lies there: people keep models in the folder that holds everything.
fn model_files(path: &Path) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let top = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
    let mut folders = vec![top.to_owned()];
    // People open the folder above just as well.
    if path.is_dir() {
        folders.extend(entries(path).filter(|entry| entry.is_dir()));
    }
    let inside = folders.iter().flat_map(|folder| entries(folder)).filter(|file| is_of_model(file));
    let mut files: Vec<_> = inside.collect();
    files.push(path.to_owned());
    (folders, files)
}

/// More than any folder of models holds.
const MOST_ENTRIES: usize = 4096;

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    fs::read_dir(folder).into_iter().flatten().flatten().take(MOST_ENTRIES).map(|entry| entry.path())
}

fn is_of_model(file: &Path) -> bool {
    const KINDS: [&str; 6] = ["gguf", "safetensors", "json", "jinja", "model", "txt"];
    let kind = file.extension().and_then(|kind| kind.to_str()).map(str::to_ascii_lowercase);
    let named = file.file_name().unwrap_or_default().to_string_lossy();
    // Ollama and the hub's cache name files by their hashes.
    (kind.is_some_and(|kind| KINDS.contains(&kind.as_str())) || named.starts_with("sha256"))
        && fs::metadata(file).is_ok_and(|file| file.is_file())
}

/// What of the app's environment is passed on, where it is set: how to compute, what to
/// log, the time zone, and what a system cannot start or place a program without.
const PASSED_ON: &[&str] = if cfg!(windows) {
    &["SystemRoot", "SystemDrive", "windir", "PATH", "TEMP", "TMP", "LOCALAPPDATA", "USERPROFILE"]
} else if cfg!(target_os = "macos") {
    &["TMPDIR", "__CF_USER_TEXT_ENCODING"]
} else {
    &[]
};
const EVERYWHERE: [&str; 3] = ["TZ", "SOTTO_ENGINE_LOG", "SOTTO_ENGINE_THREADS"];
const GRAPHICS: [&str; 2] = ["CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH"];

/// Bars `command`'s process from all but `reach`, as far as it is the parent that does it,
/// and empties its environment. What may be said of the bar once the door stayed shut.
pub(crate) fn bar(command: &mut Command, reach: &Reach) -> io::Result<Barred> {
    command.env_clear();
    let graphics = GRAPHICS.iter().filter(|_| reach.graphics);
    for name in PASSED_ON.iter().chain(&EVERYWHERE).chain(graphics) {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    #[cfg(target_os = "linux")]
    let standing = linux::bar(command, reach)?;
    #[cfg(not(target_os = "linux"))]
    let standing = Barred::Unproven;
    #[cfg(windows)]
    windows::bar(command);
    Ok(standing)
}

/// Makes a folder that is for the user's eyes alone, where it is missing.
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut maker = fs::DirBuilder::new();
    maker.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut maker, 0o700);
    maker.create(folder)
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
