//! What has arrived of a file, and its digest so far.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use tokio_util::sync::CancellationToken;

use crate::{
    Digest,
    digest::{Digesting, digest_so_far},
};

/// How much may be lost by a power cut.
const SYNC: u64 = 64 << 20;

/// Takes the lock at `path`, if nobody has it. It is held until the file is dropped.
pub(crate) fn try_lock(path: &Path) -> io::Result<Option<Arc<File>>> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Arc::new(file))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// The part. It keeps the folder's lock: as long as anything may still be written to it,
/// nobody else begins.
pub(super) struct Part {
    file: File,
    path: PathBuf,
    digesting: Digesting,
    length: u64,
    unsynced: u64,
    _lock: Arc<File>,
}

impl Part {
    /// Opens the part at `path`, and reads what is there so that the digest goes on from it.
    /// What is longer than the whole file is worth nothing. Blocks.
    pub fn open(
        path: PathBuf,
        whole: u64,
        lock: Arc<File>,
        stop: &CancellationToken,
        done: impl FnMut(u64),
    ) -> io::Result<Self> {
        let mut file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path)?;
        let (digesting, length) = if file.metadata()?.len() > whole {
            (Digesting::default(), 0)
        } else {
            digest_so_far(&mut file, stop, done)?
        };
        file.set_len(length)?;
        file.seek(SeekFrom::Start(length))?;
        Ok(Self { file, path, digesting, length, unsynced: 0, _lock: lock })
    }

    pub fn length(&self) -> u64 {
        self.length
    }

    /// Adds bytes at the end. Where that fails, the part is as long as it was.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Err(error) = self.file.write_all(bytes) {
            // Some of them may have been written.
            self.file.set_len(self.length)?;
            self.file.seek(SeekFrom::Start(self.length))?;
            return Err(error);
        }
        self.digesting.feed(bytes);
        self.length += bytes.len() as u64;
        self.unsynced += bytes.len() as u64;
        if self.unsynced >= SYNC {
            self.unsynced = 0;
            self.file.sync_data()?;
        }
        Ok(())
    }

    /// Begins anew.
    pub fn clear(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0))?;
        (self.digesting, self.length, self.unsynced) = (Digesting::default(), 0, 0);
        Ok(())
    }

    /// The first bytes, at most `most`.
    pub fn beginning(&self, most: u64) -> io::Result<Vec<u8>> {
        let mut beginning = Vec::new();
        File::open(&self.path)?.take(most).read_to_end(&mut beginning)?;
        Ok(beginning)
    }

    /// The digest of all that is here.
    pub fn digest(&self) -> Digest {
        self.digesting.clone().finish()
    }

    /// Makes sure that all of it is on the disk, and gives it its place.
    pub fn place(&self, at: &Path) -> io::Result<()> {
        self.file.sync_all()?;
        if let Some(folder) = at.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::rename(&self.path, at)
    }

    /// Removes it.
    pub fn remove(self) -> io::Result<()> {
        crate::files::remove_if_there(&self.path)
    }
}
