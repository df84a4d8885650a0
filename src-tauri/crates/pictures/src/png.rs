//! A PNG with nothing in it but what is seen. Profiles and texts in it are compressed, and
//! may be a thousand times what the file takes: they are cut out before a decoder looks.

use std::borrow::Cow;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The chunks that are kept (W3C PNG, chapter 11): the picture itself, what is transparent
/// in it, that it moves, and how it was held.
const KEPT: [&[u8]; 7] = [b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"acTL", b"eXIf"];

/// More than any note of how the camera was held takes.
const MOST_NOTES: usize = 64 * 1024;

/// The bytes of a PNG without what is not needed; any other file's as they are. What is cut
/// short stays so: that is for the decoder to say.
pub fn bare(bytes: &[u8]) -> Cow<'_, [u8]> {
    let Some(mut rest) = bytes.strip_prefix(SIGNATURE) else { return Cow::Borrowed(bytes) };
    let mut kept = SIGNATURE.to_vec();
    while let Some((chunk, kind)) = next(rest) {
        if KEPT.contains(&kind) && (kind != b"eXIf" || chunk.len() <= MOST_NOTES) {
            kept.extend_from_slice(chunk);
        }
        rest = &rest[chunk.len()..];
        if kind == b"IEND" {
            break;
        }
    }
    Cow::Owned(kept)
}

/// The first chunk of `rest` as far as it is there, and its kind.
fn next(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?);
    let kind = rest.get(4..8)?;
    // Length and kind stand before it, a checksum after it.
    let whole = usize::try_from(length).ok()?.saturating_add(12);
    Some((&rest[..whole.min(rest.len())], kind))
}
