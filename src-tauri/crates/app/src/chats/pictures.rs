//! Pictures that the user shows: made ready, kept in the library's folder, and put with a draft.

use std::path::PathBuf;

use sotto_domain::{ConversationId, Picture};
use sotto_engine_client::{LOOK, TaskLimits};
use sotto_pictures::{LONGEST_ANSWER, PictureError, Source, make_ready};
use sotto_store::StoreError;
use tokio::runtime::Handle;

use super::Chats;

/// Where a picture comes from.
#[derive(Debug, Clone)]
pub enum PictureSource {
    /// A file, which is left as it is.
    File(PathBuf),
    /// What was pasted or dropped.
    Bytes(Vec<u8>),
}

/// What the process that looks at a picture may take: three times what the largest one of
/// [`sotto_pictures`] was seen to.
pub(crate) const LOOKING: TaskLimits =
    TaskLimits { memory: 2_000_000_000, seconds: 60, answer: LONGEST_ANSWER };

/// Why a picture could not be attached. What is attached already stays.
#[derive(Debug, thiserror::Error)]
pub enum AttachError {
    /// It is no picture that a model could be shown.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// The library refused.
    #[error(transparent)]
    Library(#[from] StoreError),
}

impl Chats<'_> {
    /// Puts a picture with what is typed but not sent. Takes a while for a large one, and must
    /// not be called where others wait: on a thread of the runtime that may block.
    ///
    /// # Errors
    /// [`AttachError`].
    pub fn attach_picture(
        self,
        conversation: ConversationId,
        source: &PictureSource,
    ) -> Result<Picture, AttachError> {
        let source = match source {
            PictureSource::File(path) => Source::File(path),
            PictureSource::Bytes(bytes) => Source::Bytes(bytes),
        };
        let look = |bytes: &[u8]| Handle::current().block_on(self.core.engine.do_task(LOOK, bytes, LOOKING));
        let folder = self.core.library.pictures_folder();
        let put = || Ok(self.core.library.attach(conversation, &make_ready(source, folder, look)?)?);
        match put() {
            // The same picture was just taken off a draft, here or elsewhere, and its file with it.
            Err(AttachError::Library(StoreError::NotFound)) => put(),
            outcome => outcome,
        }
    }
}

/// What a picture costs, in words: "Takes the room of about 700 words."
pub fn picture_cost(picture: &Picture) -> String {
    format!("Takes the room of about {} words.", picture_words(picture))
}

/// About how many words would take as much of the model's memory as this picture.
fn picture_words(picture: &Picture) -> u64 {
    /// The edge of what the model sees as one piece, in pixels.
    const PIECE: u64 = 28;
    /// The longest edge that the engine shows the model, in pixels.
    const LONGEST: u64 = 700;
    let (width, height) = (u64::from(picture.width.max(1)), u64::from(picture.height.max(1)));
    let longest = width.max(height);
    let pieces = |edge: u64| (edge * LONGEST.min(longest) / longest).div_ceil(PIECE);
    // Three words take about as much as four pieces.
    (pieces(width) * pieces(height) * 3 / 4).max(10) / 10 * 10
}
