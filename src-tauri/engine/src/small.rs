//! A model's small files, read whole: never one without an end, and without the mark that some
//! editors put before a text.

use std::{
    fs::File,
    io::{Error, ErrorKind, Read, Result},
    path::Path,
};

/// The longest: a tokenizer has some ten megabytes.
const LONGEST: u64 = 256 << 20;

/// U+FEFF.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// The bytes of a file.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        return Err(ErrorKind::FileTooLarge.into());
    }
    if is_marked(&bytes) {
        bytes.drain(..MARK.len());
    }
    Ok(bytes)
}

/// The same as text.
pub fn text(path: &Path) -> Result<String> {
    String::from_utf8(read(path)?).map_err(Error::other)
}

/// Whether a file has the mark, which not everybody passes over.
pub fn has_mark(path: &Path) -> bool {
    let mut beginning = Vec::new();
    let read = File::open(path).and_then(|file| file.take(3).read_to_end(&mut beginning));
    read.is_ok() && is_marked(&beginning)
}

fn is_marked(bytes: &[u8]) -> bool {
    bytes.starts_with(MARK)
}
