//! Pictures that the user shows, or that stand in files of others: looked at in a barred process,
//! made ready, and kept in the library's folder.

use std::path::PathBuf;

use sotto_domain::Picture;
use sotto_engine_client::{LOOK, TaskLimits};
use sotto_pictures::{LONGEST_ANSWER, MOST_PIXELS, PictureError, Source, make_ready};
use sotto_store::StoreError;
use tokio::runtime::Handle;

use crate::core::Core;

/// Where a picture comes from.
#[derive(Debug, Clone)]
pub enum PictureSource {
    /// A file, which is left as it is.
    File(PathBuf),
    /// What was pasted or dropped.
    Bytes(Vec<u8>),
}

/// What the process that looks at a picture may take: 20 bytes for each pixel of the largest, which is
/// three times what it was seen to take.
const LOOKING: TaskLimits = TaskLimits { memory: 20 * MOST_PIXELS, seconds: 60, answer: LONGEST_ANSWER };

/// Why a picture could not be taken. What is there already stays.
#[derive(Debug, thiserror::Error)]
pub enum AttachError {
    /// It is no picture that a model could be shown.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// The library refused.
    #[error(transparent)]
    Library(#[from] StoreError),
}

/// A picture as it is kept. Takes a while for a large one, and must not be called where others wait:
/// on a thread of the runtime that may block.
pub(crate) fn ready(core: &Core, source: &PictureSource) -> Result<Picture, PictureError> {
    let source = match source {
        PictureSource::File(path) => Source::File(path),
        PictureSource::Bytes(bytes) => Source::Bytes(bytes),
    };
    let look = |bytes: &[u8]| Handle::current().block_on(core.engine.do_task(LOOK, bytes, LOOKING));
    make_ready(source, core.library.pictures_folder(), look)
}

/// A picture as it is kept, and put where it is shown.
pub(crate) fn take<T>(
    core: &Core,
    source: &PictureSource,
    put: impl Fn(Picture) -> Result<T, StoreError>,
) -> Result<T, AttachError> {
    let taken = || Ok(put(ready(core, source)?)?);
    match taken() {
        // The same picture was just taken away, here or elsewhere, and its file with it.
        Err(AttachError::Library(StoreError::NotFound)) => taken(),
        outcome => outcome,
    }
}
