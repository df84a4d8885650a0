//! The folder that ready pictures are kept in: each a file named by its content, there
//! whole or not at all.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU64, Ordering},
};

use sha2::{Digest, Sha256};

use crate::PictureError;

/// Keeps `bytes` in `folder`, and says where.
pub fn keep(folder: &Path, bytes: &[u8], extension: &str) -> Result<PathBuf, PictureError> {
    let path = folder.join(format!("{:x}.{extension}", Sha256::digest(bytes)));
    // The name says what is in it; the length, that all of it is there.
    if fs::metadata(&path).is_ok_and(|there| there.is_file() && there.len() == bytes.len() as u64) {
        return Ok(path);
    }
    ScratchFile::write(folder, bytes, extension)?.persist(&path)?;
    Ok(path)
}

/// A file for the moment: gone when this is, unless it is kept.
pub struct ScratchFile {
    path: PathBuf,
}

impl ScratchFile {
    /// Writes `bytes` to a file of its own in `folder`, through to the disk.
    pub fn write(folder: &Path, bytes: &[u8], extension: &str) -> Result<Self, PictureError> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let scratch = Self { path: folder.join(format!("making-{}-{number}.{extension}", process::id())) };
        let written = fs::create_dir_all(folder).and_then(|()| {
            let mut file = File::create(&scratch.path)?;
            file.write_all(bytes)?;
            file.sync_all()
        });
        written.map(|()| scratch).map_err(PictureError::Folder)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives it its own name, all at once.
    fn persist(self, path: &Path) -> Result<(), PictureError> {
        fs::rename(&self.path, path).map_err(PictureError::Folder)
    }
}

impl Drop for ScratchFile {
    fn drop(&mut self) {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, "a file for the moment could not be removed");
            }
            _ => {}
        }
    }
}
