//! What a file is, by its first bytes: its name may say anything.

use std::io::Cursor;

use image::{
    ImageFormat, ImageResult,
    codecs::{png::PngDecoder, webp::WebPDecoder},
    error::{ImageError, LimitErrorKind},
};

use crate::error::Refused;

/// Kinds of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A picture that we decode ourselves.
    Still(ImageFormat),
    /// Several pictures, one after another.
    Moving,
    /// A picture that only some systems can read.
    Heic,
    /// Anything else.
    Another,
}

/// The brands by which HEIC files name themselves: ISO/IEC 23008-12, annex B.
const HEIC: [&[u8]; 8] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"];

impl Kind {
    /// The kind of the file that has these bytes.
    pub fn of(bytes: &[u8]) -> Result<Self, Refused> {
        if bytes.get(4..8) == Some(b"ftyp") && bytes.get(8..12).is_some_and(|brand| HEIC.contains(&brand)) {
            return Ok(Self::Heic);
        }
        let Ok(format) = image::guess_format(bytes) else { return Ok(Self::Another) };
        let moving = match format {
            // Many a GIF stands still, and none is worth a decoder of its own.
            ImageFormat::Gif => Ok(true),
            ImageFormat::Png => frames_in_png(bytes),
            ImageFormat::WebP => WebPDecoder::new(Cursor::new(bytes)).map(|decoder| decoder.has_animation()),
            ImageFormat::Jpeg => Ok(false),
            _ => return Ok(Self::Another),
        };
        Ok(if moving.map_err(refused)? { Self::Moving } else { Self::Still(format) })
    }
}

fn frames_in_png(bytes: &[u8]) -> ImageResult<bool> {
    PngDecoder::new(Cursor::new(bytes))?.is_apng()
}

/// What a decoder's fault says of the picture.
#[allow(clippy::needless_pass_by_value)] // for `map_err`
pub fn refused(error: ImageError) -> Refused {
    tracing::warn!(%error, "a picture cannot be decoded");
    match error {
        ImageError::Limits(limit) if matches!(limit.kind(), LimitErrorKind::InsufficientMemory) => {
            Refused::TooDeep
        }
        _ => Refused::Damaged,
    }
}
