//! What is seen in a file that nobody trusts: its kind, its size, its pixels.
//!
//! This runs in a process of its own, behind the engine's bar, and only what it says is used.

use std::{
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
};

use image::{DynamicImage, ImageDecoder, ImageFormat, Limits, RgbImage, imageops::FilterType};

use crate::{
    LONGEST_EDGE, MOST_PIXELS,
    error::Refused,
    jpeg,
    kind::{self, Kind},
    png,
};

/// The most memory that a picture may take while it is decoded, in bytes: four channels of eight bits,
/// and a part for the decoder itself.
const MOST_MEMORY: u64 = 5 * MOST_PIXELS;

/// A picture as it is seen: upright, no larger than [`LONGEST_EDGE`], nothing transparent.
#[derive(Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its pixels.
    pub pixels: RgbImage,
    /// It came as a JPEG, and loses nothing by being kept as one.
    pub photograph: bool,
}

/// Looks at the bytes of a file.
///
/// # Errors
/// [`Refused`].
pub fn look(bytes: &[u8]) -> Result<Seen, Refused> {
    // A decoder that is given nonsense may panic; nothing is shared with it.
    catch_unwind(AssertUnwindSafe(|| see(bytes))).unwrap_or_else(|_| {
        tracing::warn!("a decoder panicked");
        Err(Refused::Damaged)
    })
}

fn see(bytes: &[u8]) -> Result<Seen, Refused> {
    let bytes = &*png::bare(bytes);
    match Kind::of(bytes)? {
        Kind::Still(format) => decode(bytes, format),
        Kind::Moving => Err(Refused::Moving),
        Kind::Heic => Err(Refused::Heic),
        Kind::Another => Err(Refused::AnotherKind),
    }
}

fn decode(bytes: &[u8], format: ImageFormat) -> Result<Seen, Refused> {
    let photograph = format == ImageFormat::Jpeg;
    if photograph && !jpeg::is_whole(bytes) {
        return Err(Refused::Damaged);
    }
    let mut reader = image::ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(kind::refused)?;
    let (width, height) = decoder.dimensions();
    match u64::from(width) * u64::from(height) {
        0 => return Err(Refused::Damaged),
        1..=MOST_PIXELS => {}
        pixels => return Err(Refused::TooManyPixels { megapixels: pixels.div_ceil(1_000_000) }),
    }
    // One that cannot be understood is as good as none.
    let orientation = decoder.orientation().ok();
    let mut picture = scaled(DynamicImage::from_decoder(decoder).map_err(kind::refused)?);
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    Ok(Seen { pixels: on_paper(picture), photograph })
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
