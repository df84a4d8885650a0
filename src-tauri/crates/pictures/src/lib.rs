//! Pictures made ready for a model: checked, turned upright, scaled, and stripped of everything but what is seen.
//!
//! Whatever a file claims is measured before it is believed: its length, its kind, its size
//! in pixels. What comes out is a new PNG or JPEG file in the app's own folder, named by its
//! content, with no word in it of where, when or by whom it was taken.
//!
//! A file that comes from anywhere is decoded in a process that can reach nothing
//! ([`serve`]): it answers with plain pixels, and those alone are written anew here.

mod error;
mod folder;
mod heic;
mod jpeg;
mod kind;
mod look;
mod png;
mod wire;

use std::{
    fs,
    io::{self, Cursor},
    path::Path,
};

use image::{ImageFormat, RgbImage, codecs::jpeg::JpegEncoder};
use sotto_domain::Picture;

pub use error::{PictureError, Refused};
pub use wire::{LONGEST_ANSWER, serve};

use self::look::Seen;

/// The longest edge that a picture is kept with, in pixels: what models of this family see
/// at most. A model on this device is shown less of it (`engine/src/pictures/scale.rs`).
pub const LONGEST_EDGE: u32 = 1540;

/// The largest file that is taken, in bytes.
pub const MOST_BYTES: u64 = 50_000_000;

/// The largest picture that is taken, in pixels.
pub const MOST_PIXELS: u64 = 100_000_000;

/// How much of a JPEG is kept: the eye finds nothing missing.
const QUALITY: u8 = 92;

/// A picture as the user gave it.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// A file, which is left as it is.
    File(&'a Path),
    /// The bytes of one: what was pasted or dropped.
    Bytes(&'a [u8]),
}

/// Makes a picture ready, and keeps it in `folder`, which is made where it is missing.
///
/// `look` hands a file's bytes to a process that does [`serve`], and returns its answer; an
/// error of it means that there is no such process.
///
/// The same picture made ready twice is one file. An error leaves nothing behind.
///
/// # Errors
/// [`PictureError`].
pub fn make_ready(
    source: Source<'_>,
    folder: &Path,
    look: impl Fn(&[u8]) -> io::Result<Vec<u8>>,
) -> Result<Picture, PictureError> {
    let look = |bytes: &[u8]| wire::understand(&look(bytes).map_err(PictureError::NobodyLooks)?);
    let bytes = read(source)?;
    let Seen { pixels, photograph } = match look(&bytes) {
        // What the system makes of it is looked through like any other.
        Err(PictureError::Refused(Refused::Heic)) => look(&heic::to_jpeg(&bytes, folder)?)?,
        seen => seen?,
    };
    let (format, extension) = if photograph { (ImageFormat::Jpeg, "jpg") } else { (ImageFormat::Png, "png") };
    let path = folder::keep(folder, &write(&pixels, format)?, extension)?;
    Ok(Picture { id: None, path, width: pixels.width(), height: pixels.height() })
}

fn read(source: Source<'_>) -> Result<Vec<u8>, PictureError> {
    let too_large = |bytes: u64| PictureError::TooLarge { megabytes: bytes.div_ceil(1_000_000) };
    match source {
        Source::Bytes(bytes) if bytes.len() as u64 > MOST_BYTES => Err(too_large(bytes.len() as u64)),
        Source::Bytes(bytes) => Ok(bytes.to_vec()),
        Source::File(path) => {
            // A pipe or a device would be waited for.
            let file = fs::metadata(path).ok().filter(fs::Metadata::is_file).ok_or(PictureError::Missing)?;
            if file.len() > MOST_BYTES {
                return Err(too_large(file.len()));
            }
            fs::read(path).map_err(PictureError::Unreadable)
        }
    }
}

fn write(picture: &RgbImage, format: ImageFormat) -> Result<Vec<u8>, PictureError> {
    let mut bytes = Vec::new();
    let written = if format == ImageFormat::Jpeg {
        picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY))
    } else {
        picture.write_to(&mut Cursor::new(&mut bytes), format)
    };
    written.map_err(kind::refused)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
