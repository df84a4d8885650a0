//! The folder in which everything of the user's lies: for their eyes alone, also where it was
//! there before with wider rights.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use sotto_store::narrow;

/// The database, at home.
pub(crate) const LIBRARY: &str = "library.db";

/// What Sotto itself keeps at home, by how the names begin. What else lies there is not its
/// business: the user may have chosen a folder of theirs.
const OURS: [&str; 10] = [
    "backups",
    "before-restore-",
    "engine",
    "library.",
    "lock",
    "models",
    "pictures",
    "restore",
    "settings.json",
    "window.",
];

/// Makes the folder where there is none, and gives its absolute path.
pub(crate) fn make(home: &Path) -> io::Result<PathBuf> {
    let home = std::path::absolute(home)?;
    let mut folder = fs::DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.create(&home)?;
    close(&home);
    Ok(home)
}

/// Closes to others what lies there, and the folder unless it is one that several users share.
fn close(home: &Path) {
    if !is_shared(home) {
        close_one(home);
    }
    for entry in entries(home) {
        let name = entry.file_name().unwrap_or_default().as_encoded_bytes();
        if OURS.iter().any(|ours| name.starts_with(ours.as_bytes())) {
            close_all(&entry);
        }
    }
}

fn close_all(path: &Path) {
    let Ok(there) = fs::symlink_metadata(path) else { return };
    // A file that has another name elsewhere is somebody else's too.
    if there.is_dir() || names(&there) == 1 {
        close_one(path);
    }
    if there.is_dir() {
        for entry in entries(path) {
            close_all(&entry);
        }
    }
}

fn close_one(path: &Path) {
    if let Err(error) = narrow(path)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(%error, path = %path.display(), "others may be able to read this");
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

#[cfg(unix)]
fn is_shared(folder: &Path) -> bool {
    const STICKY: u32 = 0o1000;
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(folder).is_ok_and(|there| there.permissions().mode() & STICKY != 0)
}

#[cfg(not(unix))]
fn is_shared(_: &Path) -> bool {
    false
}

#[cfg(unix)]
fn names(file: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(file)
}

#[cfg(not(unix))]
fn names(_: &fs::Metadata) -> u64 {
    1
}

#[cfg(test)]
mod tests;
