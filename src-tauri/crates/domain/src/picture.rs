//! Pictures that the user shows.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::PictureId;

/// A picture made ready for a model: upright, scaled, a PNG or JPEG file of the app's own.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Picture {
    /// Its number in the library; `None` until it is there.
    pub id: Option<PictureId>,
    /// Where its file lies.
    pub path: PathBuf,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}
