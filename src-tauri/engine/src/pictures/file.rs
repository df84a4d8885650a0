//! A picture's file, which is not trusted: it is measured before it is decoded, and
//! whatever it does to a decoder becomes a sentence.

use std::{
    fs,
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};

use crate::fault::{Fault, name};

/// What a file that the app made, and what is in it, may be at most: far above those that it makes.
/// What the user may add is held by the crate `sotto-pictures`.
const MOST_KEPT_BYTES: u64 = 50_000_000;
const MOST_KEPT_PIXELS: u64 = 16_000_000;

/// Width and height, as the file's header says.
pub fn size(path: &Path) -> Result<(u32, u32), Fault> {
    open(path, |decoder| Ok(decoder.dimensions()))
}

/// The picture itself. What is transparent in it is as if it were not.
pub fn read(path: &Path) -> Result<RgbImage, Fault> {
    open(path, |decoder| {
        DynamicImage::from_decoder(decoder).map(DynamicImage::into_rgb8).map_err(|error| error.to_string())
    })
}

fn open<T>(
    path: &Path,
    take: impl for<'a> FnOnce(Box<dyn ImageDecoder + 'a>) -> Result<T, String>,
) -> Result<T, Fault> {
    // A pipe or a device would be waited for.
    let file = fs::metadata(path).ok().filter(fs::Metadata::is_file);
    let file = file.ok_or_else(|| Fault::PictureMissing(name(path)))?;
    if file.len() > MOST_KEPT_BYTES {
        return Err(Fault::PictureTooLarge(name(path)));
    }
    let unreadable = |cause: String| {
        tracing::warn!(?path, cause, "a picture cannot be read");
        Fault::PictureUnreadable(name(path))
    };
    let bytes = fs::read(path).map_err(|error| unreadable(error.to_string()))?;
    let decode = || {
        let decoder = decoder(&bytes).map_err(unreadable)?;
        let (width, height) = decoder.dimensions();
        match u64::from(width) * u64::from(height) {
            0 => Err(unreadable("it has no pixels".into())),
            1..=MOST_KEPT_PIXELS => take(decoder).map_err(unreadable),
            _ => Err(Fault::PictureTooLarge(name(path))),
        }
    };
    // Decoders that are given nonsense may panic; nothing is shared with them.
    catch_unwind(AssertUnwindSafe(decode)).unwrap_or_else(|_| Err(unreadable("its decoder panicked".into())))
}

/// A decoder for one of the two formats that the protocol names.
fn decoder(bytes: &[u8]) -> Result<Box<dyn ImageDecoder + '_>, String> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|e| e.to_string())?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(8 * MOST_KEPT_PIXELS);
    reader.limits(limits);
    match reader.format() {
        Some(ImageFormat::Png | ImageFormat::Jpeg) => {}
        other => return Err(format!("it is neither PNG nor JPEG: {other:?}")),
    }
    Ok(Box::new(reader.into_decoder().map_err(|error| error.to_string())?))
}
