//! Archives, as word processors and book readers have them. Only what is asked for is unpacked,
//! and never more of it than a book can be.

use std::io::{Cursor, Read, Write};

use zip::{ZipArchive, ZipWriter, result::ZipError, write::SimpleFileOptions};

use crate::{
    gathering::ImportError,
    limits::{LONGEST_PART, LONGEST_PARTS, LONGEST_PICTURE, LONGEST_PICTURES, MOST_ENTRIES},
    text::decode,
};

/// An archive that is read.
pub(crate) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// What may still be unpacked, in bytes: of the text, and of pictures.
    left: u64,
    left_for_pictures: u64,
}

impl<'a> Archive<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Self, ImportError> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| ImportError::Damaged)?;
        if zip.len() > MOST_ENTRIES {
            return Err(ImportError::TooLarge);
        }
        Ok(Self { zip, left: LONGEST_PARTS, left_for_pictures: LONGEST_PICTURES })
    }

    pub fn has(&self, name: &str) -> bool {
        self.zip.index_for_name(name).is_some()
    }

    /// One part; `None` where it is not there.
    pub fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, ImportError> {
        let part = match self.zip.by_name(name) {
            Ok(part) => part,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(ZipError::UnsupportedArchive(_)) => return Err(ImportError::Locked),
            Err(_) => return Err(ImportError::Damaged),
        };
        let most = LONGEST_PART.min(self.left);
        let mut out = Vec::new();
        // What it says of its own size is not believed.
        part.take(most + 1).read_to_end(&mut out).map_err(|_| ImportError::Damaged)?;
        let length = out.len() as u64;
        if length > most {
            return Err(ImportError::TooLarge);
        }
        self.left -= length;
        Ok(Some(out))
    }

    /// A picture; `None` where it is not there, or takes more room than there is.
    pub fn picture(&mut self, name: &str) -> Option<Vec<u8>> {
        let part = self.zip.by_name(name).ok()?;
        let most = LONGEST_PICTURE.min(self.left_for_pictures);
        let mut out = Vec::new();
        part.take(most + 1).read_to_end(&mut out).ok()?;
        let length = out.len() as u64;
        // What was unpacked in vain counts too.
        self.left_for_pictures -= length.min(most);
        (length <= most).then_some(out)
    }

    /// One part as text.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, ImportError> {
        Ok(self.bytes(name)?.map(|bytes| match decode(&bytes) {
            Some(text) => text,
            None => String::from_utf8_lossy(&bytes).into_owned(),
        }))
    }
}

/// A path as a part of the archive, seen from a folder of it; one that begins with a slash, from its root.
pub(crate) fn resolved(folder: &str, href: &str) -> String {
    let href = href.split('#').next().unwrap_or_default();
    let folder = if href.starts_with('/') { "" } else { folder };
    let mut parts: Vec<String> =
        folder.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    for part in href.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(unescaped(part)),
        }
    }
    parts.join("/")
}

/// `a%20b` as `a b`.
fn unescaped(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        if let Some(byte) = hex.filter(|_| bytes[at] == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok())
        {
            out.push(byte);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// An archive of these parts. The first is stored as it is, for readers that look at it without
/// unpacking.
pub(crate) fn pack(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let plain = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let packed = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (at, (name, bytes)) in parts.iter().enumerate() {
        // Writing into memory does not fail.
        let _ = zip.start_file(*name, if at == 0 { plain } else { packed }).map(|()| zip.write_all(bytes));
    }
    zip.finish().map(Cursor::into_inner).unwrap_or_default()
}
