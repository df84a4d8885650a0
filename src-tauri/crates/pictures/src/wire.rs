//! How a picture's bytes reach the process that looks at them, and how its answer comes back:
//! a line of JSON, and after it the pixels, three bytes for each, row by row.

use std::io::{self, Read, Write};

use image::RgbImage;
use serde::{Deserialize, Serialize};

use crate::{
    LONGEST_EDGE, MOST_BYTES, PictureError,
    error::Refused,
    look::{Seen, look},
};

/// The longest answer, in bytes: a square of the largest size, and the line before it.
pub const LONGEST_ANSWER: u64 = LONGEST_EDGE as u64 * LONGEST_EDGE as u64 * 3 + 1000;

#[derive(Serialize, Deserialize)]
enum Line {
    Seen { width: u32, height: u32, photograph: bool },
    Refused(Refused),
}

/// Reads a picture's file from `input` and answers to `output` what is seen in it. Meant for a
/// process that can reach nothing else.
///
/// # Errors
/// What reading and writing fail with.
pub fn serve(input: impl Read, mut output: impl Write) -> io::Result<()> {
    let mut bytes = Vec::new();
    input.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    let seen = look(&bytes);
    let line = match &seen {
        Ok(Seen { pixels, photograph }) => {
            Line::Seen { width: pixels.width(), height: pixels.height(), photograph: *photograph }
        }
        Err(refused) => Line::Refused(refused.clone()),
    };
    serde_json::to_writer(&mut output, &line)?;
    output.write_all(b"\n")?;
    if let Ok(Seen { pixels, .. }) = &seen {
        output.write_all(pixels)?;
    }
    output.flush()
}

/// What an answer says. One that breaks its form comes from a process that fell over the
/// picture: that is the picture's fault.
pub fn understand(answer: &[u8]) -> Result<Seen, PictureError> {
    let end = answer.iter().position(|byte| *byte == b'\n').ok_or(Refused::Damaged)?;
    let (line, pixels) = (&answer[..end], &answer[end + 1..]);
    match serde_json::from_slice(line).map_err(|_| Refused::Damaged)? {
        Line::Seen { width, height, photograph }
            if (1..=LONGEST_EDGE).contains(&width) && (1..=LONGEST_EDGE).contains(&height) =>
        {
            let length = width as usize * height as usize * 3;
            // `from_raw` takes a longer one for whole.
            let pixels = Some(pixels.to_vec()).filter(|pixels| pixels.len() == length);
            let pixels = pixels.and_then(|pixels| RgbImage::from_raw(width, height, pixels));
            Ok(Seen { pixels: pixels.ok_or(Refused::Damaged)?, photograph })
        }
        Line::Seen { .. } => Err(Refused::Damaged.into()),
        Line::Refused(refused) => Err(refused.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_breaks_its_form_is_a_damaged_picture() {
        let seen = |width: u64, height: u64, pixels: usize| {
            let line = format!(r#"{{"Seen":{{"width":{width},"height":{height},"photograph":false}}}}"#);
            [line.as_bytes(), b"\n", &vec![7; pixels]].concat()
        };
        assert_eq!(understand(&seen(2, 3, 18)).unwrap().pixels.dimensions(), (2, 3));
        for answer in [
            Vec::new(),
            b"\n".to_vec(),
            b"no JSON\n".to_vec(),
            seen(2, 3, 17),
            seen(2, 3, 19),
            seen(0, 3, 0),
            seen(1541, 1, 4623),
            seen(1 << 32, 1, 3),
            seen(u64::MAX, u64::MAX, 3),
            br#"{"Refused":"Other"}"#.to_vec(),
        ] {
            let error = understand(&answer).unwrap_err();
            assert!(matches!(error, PictureError::Refused(Refused::Damaged)), "{error:?}");
        }
        let refused = understand(b"{\"Refused\":{\"TooManyPixels\":{\"megapixels\":120}}}\n").unwrap_err();
        assert_eq!(refused.to_string(), Refused::TooManyPixels { megapixels: 120 }.to_string());
    }
}
