//! Pictures that the user puts with a draft.

use sotto_domain::{ConversationId, Picture};

use super::Chats;
use crate::pictures::{AttachError, PictureSource, take};

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
        take(self.core, source, |picture| self.core.library.attach(conversation, &picture))
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
