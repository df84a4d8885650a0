//! What was read, kept on the disk: a talk that is taken up again after a restart need not
//! be read again.
//!
//! Rows of the KV cache lie in blocks of [`BLOCK`] tokens, a file each. A block's name is a
//! hash of the model, of all tokens before it and of its own: what is found under a name is
//! what would be computed, talks that begin alike share their beginning, and no file is ever
//! changed. Where more lies there than was allowed, what was not used for longest goes first.

mod block;

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use candle_core::Tensor;
use mistralrs::core::{Layers, Recollection};
use sha2::{Digest, Sha256};
use sotto_engine_protocol::KEPT;

use self::block::{Block, Shape};
use crate::folder::Folder;

/// So many tokens lie in one block: what is left over is read again.
const BLOCK: usize = 32;

/// Changes whenever blocks of before must not be used any more.
const FORMAT: &str = concat!("sotto kv 1, engine ", env!("CARGO_PKG_VERSION"));

/// The blocks of one model. Whatever goes wrong with them is no more than lost time.
pub struct PrefixStore {
    folder: PathBuf,
    /// The most bytes that may lie there.
    most: u64,
    /// What all names begin with.
    model: [u8; 32],
    longest: usize,
    unsaved: Mutex<Option<Unsaved>>,
}

/// What was read last and does not lie there yet.
struct Unsaved {
    names: Vec<String>,
    rows: Vec<(Tensor, Tensor)>,
    shape: Shape,
    next: usize,
}

impl PrefixStore {
    /// The blocks of `model` in the engine's folder `scratch`: at most `most` bytes of them,
    /// for talks of at most `longest` tokens.
    pub fn open(scratch: &Path, model: &Folder, exact: bool, longest: usize, most: u64) -> io::Result<Self> {
        let folder = scratch.join(KEPT);
        let mut private = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut private, 0o700);
        private.recursive(true).create(&folder)?;
        let model = identity(model, exact)?;
        Ok(Self { folder, most, model, longest, unsaved: Mutex::default() })
    }

    /// Removes all that lies there, of every model.
    pub fn clear(scratch: &Path) {
        match fs::remove_dir_all(scratch.join(KEPT)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, "what was read could not be forgotten");
            }
            _ => {}
        }
    }

    /// Writes one block of what was read last. Says whether there is more to write.
    pub fn save_one(&self) -> bool {
        let mut unsaved = self.unsaved();
        let Some(Unsaved { names, rows, shape, next }) = unsaved.as_mut() else { return false };
        while names.get(*next).is_some_and(|name| self.folder.join(name).is_file()) {
            *next += 1;
        }
        let Some(name) = names.get(*next) else {
            self.used(names);
            *unsaved = None;
            return false;
        };
        let written = self
            .make_room(shape.file_bytes())
            .and_then(|()| block::write(&self.folder.join(name), *shape, rows, *next));
        *next += 1;
        if let Err(error) = written {
            tracing::warn!(%error, "what was read could not be kept");
            *unsaved = None;
        }
        unsaved.is_some()
    }

    /// Lets go of what was not written: it is about to be written over in memory.
    pub fn let_go(&self) {
        *self.unsaved() = None;
    }

    fn unsaved(&self) -> MutexGuard<'_, Option<Unsaved>> {
        self.unsaved.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The names of all whole blocks of a talk.
    fn names(&self, tokens: &[u32]) -> Vec<String> {
        let mut before = self.model;
        let name = |tokens: &[u32]| {
            let mut hash = Sha256::new_with_prefix(before);
            for token in tokens {
                hash.update(token.to_le_bytes());
            }
            let hash = hash.finalize();
            before = hash.into();
            format!("{hash:x}")
        };
        tokens.chunks_exact(BLOCK).map(name).collect()
    }

    /// Notes that these were of use just now; the beginning of a talk outlives its end.
    #[allow(clippy::disallowed_methods)] // the files' own times, compared with each other alone
    fn used(&self, names: &[String]) {
        let now = SystemTime::now();
        for (at, name) in (0..).zip(names) {
            let file = fs::File::options().append(true).open(self.folder.join(name));
            let _ = file.and_then(|file| file.set_modified(now - Duration::from_millis(at)));
        }
    }

    /// Removes what was not used for longest, until there is room for `more` bytes.
    fn make_room(&self, more: u64) -> io::Result<()> {
        let mut blocks = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            // Another process may have removed it meanwhile.
            let Ok(about) = entry.metadata() else { continue };
            blocks.push((about.modified()?, about.len(), entry.path()));
        }
        blocks.sort();
        let mut bytes: u64 = blocks.iter().map(|(_, bytes, _)| bytes).sum();
        for (_, length, path) in blocks {
            if bytes + more <= self.most {
                break;
            }
            let _ = fs::remove_file(path);
            bytes -= length;
        }
        Ok(())
    }
}

impl Recollection for PrefixStore {
    fn read(&self, tokens: &[u32], rows: Vec<(Tensor, Tensor)>) {
        let Some(shape) = Shape::of(&rows) else { return };
        let mut names = self.names(tokens);
        names.truncate(usize::try_from(self.most / shape.file_bytes()).unwrap_or(usize::MAX));
        *self.unsaved() = Some(Unsaved { names, rows, shape, next: 0 });
    }

    fn recall(&self, tokens: &[u32], known: usize) -> Option<Layers> {
        let mut names = self.names(tokens);
        let mut blocks = Vec::new();
        for name in &names {
            let path = self.folder.join(name);
            let Some(block) = Block::open(path) else { break };
            blocks.push(block);
        }
        if blocks.len() * BLOCK <= known {
            return None;
        }
        names.truncate(blocks.len());
        self.used(&names);
        let layers = blocks.first()?.shape.layers;
        Some(Box::new((0..layers).map(move |layer| block::join(&blocks, layer))))
    }

    fn longest(&self) -> usize {
        self.longest
    }
}

/// What tells a model from every other: where its files lie, how long they are and when they
/// were written. One that was moved is read again.
fn identity(model: &Folder, exact: bool) -> io::Result<[u8; 32]> {
    let mut hash = Sha256::new_with_prefix(FORMAT);
    hash.update([u8::from(exact), u8::from(model.sees)]);
    hash.update(model.bytes.to_le_bytes());
    for file in &model.weights {
        let about = fs::metadata(file)?;
        let written = about.modified()?.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        hash.update(file.as_os_str().as_encoded_bytes());
        hash.update(about.len().to_le_bytes());
        hash.update(written.as_nanos().to_le_bytes());
    }
    Ok(hash.finalize().into())
}
