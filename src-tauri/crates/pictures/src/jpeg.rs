//! Whether a JPEG file goes on to the end of its picture: the decoder makes the rest of one
//! that was cut short grey, and says nothing.

/// Markers, as ITU-T T.81 names them: the end of the image, and the start of a scan.
const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;

/// Whether the image that begins with `bytes` is there to its end. What follows it, a
/// film of the same moment say, is another matter.
pub fn is_whole(bytes: &[u8]) -> bool {
    let mut rest = bytes.get(2..).unwrap_or_default();
    loop {
        match rest {
            [0xff, 0xff, ..] => rest = &rest[1..],
            [0xff, EOI, ..] => return true,
            [0xff, marker, high, low, ..] => {
                // The length counts its own two bytes.
                let length = 2 + usize::from(u16::from_be_bytes([*high, *low]));
                rest = rest.get(length..).unwrap_or_default();
                if *marker == SOS {
                    rest = after_scan(rest);
                }
            }
            _ => return false,
        }
    }
}

/// What follows the data of a scan: a marker that is neither a byte that was escaped nor
/// one from which a decoder may start again.
fn after_scan(bytes: &[u8]) -> &[u8] {
    let marker = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7 | 0xff);
    bytes.windows(2).position(marker).map_or(&[], |at| &bytes[at..])
}
