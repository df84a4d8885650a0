//! Where the database lies, and whether it still is the file that was opened. On Unix a file can
//! be deleted or replaced under whoever has it open; what is written then goes nowhere.

use std::path::{Path, PathBuf};

use crate::error::{Result, StoreError};

/// The files that a database was opened as.
pub(crate) struct Place {
    #[cfg_attr(not(unix), allow(dead_code))]
    files: Vec<(PathBuf, Option<Identity>)>,
}

/// What tells one file from another under the same name.
type Identity = (u64, u64);

impl Place {
    /// Looks at the database at `path` and its log. Called when both are open: the log stays
    /// the same file for as long as anybody has it open.
    pub(crate) fn of(path: &Path) -> Self {
        let files = [path.to_owned(), beside(path, "-wal")];
        Self { files: files.into_iter().map(|file| (file.clone(), identity(&file))).collect() }
    }

    /// Whether what is written now would be found again by whoever opens the database next.
    #[cfg(unix)]
    pub(crate) fn holds(&self) -> Result<()> {
        let lost = || StoreError::Io(std::io::Error::other("the file was moved or deleted"));
        let same = |(file, was): &(PathBuf, Option<Identity>)| was.is_some() && identity(file) == *was;
        if self.files.iter().all(same) { Ok(()) } else { Err(lost()) }
    }

    /// Windows lets nobody move or delete a database that is open.
    #[cfg(not(unix))]
    #[allow(clippy::unused_self, clippy::unnecessary_wraps)]
    pub(crate) fn holds(&self) -> Result<()> {
        Ok(())
    }
}

#[cfg(unix)]
fn identity(file: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(file).ok().map(|found| (found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn identity(_: &Path) -> Option<Identity> {
    None
}

/// `path` with `suffix` after its last character.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
