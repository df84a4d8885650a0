//! The archive that another app gives out: its files of conversations are read as they are
//! unpacked, whatever they hold besides.

use std::io::{Read, Seek};

use zip::ZipArchive;

use crate::gathering::ImportError;

/// An export has a file for each picture.
const MOST_ENTRIES: usize = 1_000_000;

/// An archive of conversations.
pub struct ChatArchive<R>(ZipArchive<R>);

impl<R: Read + Seek> ChatArchive<R> {
    /// Reads its list of files.
    ///
    /// # Errors
    /// [`ImportError`].
    pub fn open(from: R) -> Result<Self, ImportError> {
        let zip = ZipArchive::new(from).map_err(|_| ImportError::Damaged)?;
        if zip.len() > MOST_ENTRIES { Err(ImportError::TooLarge) } else { Ok(Self(zip)) }
    }

    /// Its files, with the sizes that they say they have.
    pub fn files(&mut self) -> Vec<(String, u64)> {
        (0..self.0.len())
            .filter_map(|at| {
                let file = self.0.by_index_raw(at).ok()?;
                Some((file.name().ok()?.into_owned(), file.size()))
            })
            .collect()
    }

    /// One of them.
    pub fn file(&mut self, name: &str) -> Option<impl Read + '_> {
        self.0.by_name(name).ok()
    }
}
