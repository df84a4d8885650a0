//! What can go wrong with a picture, in sentences for the user.

use std::io;

use serde::{Deserialize, Serialize};

use crate::{MOST_BYTES, MOST_PIXELS};

/// Why a picture could not be made ready. The file that it came from is as it was.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// There is no file at the path.
    #[error("This picture is not there any more. Choose it again.")]
    Missing,
    /// There is one, and it cannot be read.
    #[error("This picture could not be opened. Make sure that you may open it, then add it again.")]
    Unreadable(#[source] io::Error),
    /// The file is too large.
    #[error("This picture is too large ({megabytes} MB). Up to {} MB works.", MOST_BYTES / 1_000_000)]
    TooLarge {
        /// How large it is, in millions of bytes.
        megabytes: u64,
    },
    /// Nothing that a model could be shown was seen in it.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Nobody could look at it: the process that does could not be started.
    #[error("The part of Sotto that opens pictures could not be started. Install Sotto again.")]
    NobodyLooks(#[source] io::Error),
    /// The app's own folder cannot be written to.
    #[error("The picture could not be kept. Make sure that the disk is not full, then add it again.")]
    Folder(#[source] io::Error),
}

/// What was seen in a file, where it is not a picture for a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refused {
    /// The picture itself is too large.
    #[error(
        "This picture is too large ({megapixels} megapixels). Up to {} megapixels works.",
        MOST_PIXELS / 1_000_000
    )]
    TooManyPixels {
        /// How large it is, in millions of pixels.
        megapixels: u64,
    },
    /// It takes more memory than its pixels alone explain.
    #[error("This picture is too large to be opened. Save a smaller copy of it, and add that.")]
    TooDeep,
    /// A film, short as it may be.
    #[error("This is a moving picture. Save one moment of it as PNG or JPEG, and add that.")]
    Moving,
    /// HEIC, where the system cannot read it.
    #[error("Pictures of this kind (HEIC) can be opened on a Mac only. Save it as JPEG, and add that.")]
    Heic,
    /// Of a kind that is not read, or no picture at all.
    #[error("This is not a picture that Sotto can open. PNG, JPEG and WebP work.")]
    AnotherKind,
    /// It begins like a picture, and does not go on like one.
    #[error("This picture is damaged and cannot be opened. Add another copy of it.")]
    Damaged,
}
