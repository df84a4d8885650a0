//! Pictures that the user puts on a page.

use std::path::PathBuf;

use sotto_domain::{PageId, Picture};

use super::Pages;
use crate::pictures::{AttachError, PictureSource, take};

impl Pages<'_> {
    /// Takes a picture in for a page, which shows it from the change on that names it. Takes a while
    /// for a large one, and must not be called where others wait: on a thread of the runtime that may
    /// block.
    ///
    /// # Errors
    /// [`AttachError`].
    pub fn keep_picture(self, page: PageId, source: &PictureSource) -> Result<Picture, AttachError> {
        take(self.core, source, |picture| {
            self.core.library.keep_picture(page, &picture)?;
            Ok(picture)
        })
    }

    /// Where the picture of that name lies, or would lie; `None` for a name that no picture has.
    pub fn picture_file(self, name: &str) -> Option<PathBuf> {
        self.core.library.picture_file(name)
    }
}
