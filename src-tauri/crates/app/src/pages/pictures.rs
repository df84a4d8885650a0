//! Pictures that the user puts on a page.

use std::path::PathBuf;

use sotto_domain::{PageId, Picture};

use super::Pages;
use crate::pictures::{AttachError, PictureSource, ready, take};

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

    /// A picture of a file that comes in, as it is kept from then on; one that the file only names must
    /// be here.
    pub(super) fn keep_imported(
        self,
        picture: &sotto_manuscript::Picture,
        bytes: Option<&[u8]>,
    ) -> Option<sotto_manuscript::Picture> {
        let Some(bytes) = bytes else {
            return self
                .picture_file(&picture.file)
                .is_some_and(|path| path.is_file())
                .then(|| picture.clone());
        };
        let Picture { path, width, height, .. } =
            ready(self.core, &PictureSource::Bytes(bytes.to_vec())).ok()?;
        let file = path.file_name()?.to_str()?.to_owned();
        Some(sotto_manuscript::Picture { file, width, height, ..picture.clone() })
    }

    /// Where the picture of that name lies, or would lie; `None` for a name that no picture has.
    pub fn picture_file(self, name: &str) -> Option<PathBuf> {
        self.core.library.picture_file(name)
    }
}
