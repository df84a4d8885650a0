//! Pictures made ready for a model: checked, turned upright, scaled, and stripped of everything but what is seen.
//!
//! Whatever a file claims is measured before it is believed: its length, its kind, its size
//! in pixels. What comes out is a new PNG or JPEG file in the app's own folder, named by its
//! content, with no word in it of where, when or by whom it was taken.

mod error;
mod heic;
mod jpeg;
mod kind;
mod png;
mod shelf;

use std::{
    fs,
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use image::{
    DynamicImage, ImageDecoder, ImageFormat, Limits, RgbImage, codecs::jpeg::JpegEncoder,
    imageops::FilterType,
};
use sotto_domain::Picture;

pub use error::PictureError;

use self::kind::Kind;

/// The longest edge that a picture is kept with, in pixels: what models of this family see
/// at most. The engine scales further down where the machine wants it.
pub const LONGEST_EDGE: u32 = 1540;

/// The largest file that is taken.
const MOST_BYTES: u64 = 50_000_000;

/// The largest picture that is taken, in pixels.
const MOST_PIXELS: u64 = 100_000_000;

/// The most memory that a picture may take while it is decoded.
const MOST_MEMORY: u64 = 512 * 1024 * 1024;

/// How much of a JPEG is kept: the eye finds nothing missing.
const QUALITY: u8 = 92;

/// A picture as she gave it.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// A file, which is left as it is.
    File(&'a Path),
    /// The bytes of one: what was pasted or dropped.
    Bytes(&'a [u8]),
}

/// Makes a picture ready, and keeps it in `folder`, which is made where it is missing.
///
/// The same picture made ready twice is one file. An error leaves nothing behind.
pub fn make_ready(source: Source<'_>, folder: &Path) -> Result<Picture, PictureError> {
    let bytes = read(source)?;
    // A decoder that is given nonsense may panic; nothing is shared with it.
    let seen = catch_unwind(AssertUnwindSafe(|| see(&bytes, folder))).unwrap_or_else(|_| {
        tracing::warn!("a decoder panicked");
        Err(PictureError::Damaged)
    });
    let Seen { picture, format } = seen?;
    let written = write(&picture, format)?;
    let path = shelf::keep(folder, &written, extension(format))?;
    Ok(Picture { id: None, path, width: picture.width(), height: picture.height() })
}

/// A picture as it is seen, and what it is kept as.
struct Seen {
    picture: RgbImage,
    format: ImageFormat,
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

fn see(bytes: &[u8], folder: &Path) -> Result<Seen, PictureError> {
    let bytes = &*png::bare(bytes);
    match Kind::of(bytes)? {
        Kind::Still(format) => decode(bytes, format),
        Kind::Moving => Err(PictureError::Moving),
        // What the system makes of it is looked through like any other.
        Kind::Heic => decode(&heic::to_jpeg(bytes, folder)?, ImageFormat::Jpeg),
        Kind::Another => Err(PictureError::AnotherKind),
    }
}

fn decode(bytes: &[u8], format: ImageFormat) -> Result<Seen, PictureError> {
    if format == ImageFormat::Jpeg && !jpeg::is_whole(bytes) {
        return Err(PictureError::Damaged);
    }
    let mut reader = image::ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(PictureError::from_decoder)?;
    let (width, height) = decoder.dimensions();
    match u64::from(width) * u64::from(height) {
        0 => return Err(PictureError::Damaged),
        1..=MOST_PIXELS => {}
        pixels => return Err(PictureError::TooManyPixels { megapixels: pixels.div_ceil(1_000_000) }),
    }
    // One that cannot be understood is as good as none.
    let orientation = decoder.orientation().ok();
    let mut picture = scaled(DynamicImage::from_decoder(decoder).map_err(PictureError::from_decoder)?);
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    let format = if format == ImageFormat::Jpeg { format } else { ImageFormat::Png };
    Ok(Seen { picture: on_paper(picture), format })
}

/// No larger than [`LONGEST_EDGE`], and no edge shorter than a pixel.
fn scaled(picture: DynamicImage) -> DynamicImage {
    let (width, height) = (picture.width(), picture.height());
    let longest = width.max(height);
    if longest <= LONGEST_EDGE {
        return picture;
    }
    let edge = |edge: u32, to: u32| {
        let scaled = u64::from(edge) * u64::from(to) / u64::from(longest);
        u32::try_from(scaled).unwrap_or(to).max(1)
    };
    // The fine filter takes memory with the source's size: a coarse one goes before it.
    let nearer = 2 * LONGEST_EDGE;
    let picture = if longest > 2 * nearer {
        picture.thumbnail_exact(edge(width, nearer), edge(height, nearer))
    } else {
        picture
    };
    picture.resize_exact(edge(width, LONGEST_EDGE), edge(height, LONGEST_EDGE), FilterType::Lanczos3)
}

/// What is transparent shows white paper: models see no transparency, and the colours
/// beneath it are nobody's choice.
fn on_paper(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0.map(u16::from);
        let over = |colour: u16| u8::try_from((colour * alpha + 255 * (255 - alpha) + 127) / 255);
        image::Rgb([red, green, blue].map(|colour| over(colour).unwrap_or(u8::MAX)))
    })
}

fn write(picture: &RgbImage, format: ImageFormat) -> Result<Vec<u8>, PictureError> {
    let mut bytes = Vec::new();
    let written = if format == ImageFormat::Jpeg {
        picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY))
    } else {
        picture.write_to(&mut Cursor::new(&mut bytes), format)
    };
    written.map_err(PictureError::from_decoder)?;
    Ok(bytes)
}

fn extension(format: ImageFormat) -> &'static str {
    if format == ImageFormat::Jpeg { "jpg" } else { "png" }
}

#[cfg(test)]
mod tests;
