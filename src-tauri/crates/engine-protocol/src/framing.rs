//! One JSON object a line.

use serde::{Serialize, de::DeserializeOwned};

/// The longest line either side accepts, in bytes. A whole novel fits in it.
pub const MAX_FRAME_BYTES: usize = 32 * 1024 * 1024;

/// Why a line could not be understood.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// It is longer than [`MAX_FRAME_BYTES`].
    #[error("a line of {0} bytes is longer than the protocol allows")]
    TooLong(usize),
    /// It is not JSON, or not a message of this protocol.
    #[error("a line is not a message of the engine protocol")]
    Malformed(#[from] serde_json::Error),
}

/// The line for `message`, its newline included.
///
/// # Errors
/// [`FrameError::TooLong`] when the other side would refuse it.
pub fn encode<T: Serialize>(message: &T) -> Result<String, FrameError> {
    let mut line = serde_json::to_string(message)?;
    if line.len() >= MAX_FRAME_BYTES {
        return Err(FrameError::TooLong(line.len()));
    }
    line.push('\n');
    Ok(line)
}

/// The message on `line`, with or without its newline.
///
/// # Errors
/// [`FrameError`] when it is not one.
pub fn decode<T: DeserializeOwned>(line: &[u8]) -> Result<T, FrameError> {
    if line.len() > MAX_FRAME_BYTES {
        return Err(FrameError::TooLong(line.len()));
    }
    Ok(serde_json::from_slice(line)?)
}
