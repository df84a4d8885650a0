//! What is told of an answer of a conversation.

use sotto_domain::{MessageId, MessageState, Progress, Step};

/// What happens after something was sent, in order: `Stored` first, `Finished` last.
#[derive(Debug, Clone, PartialEq)]
pub enum AnswerEvent {
    /// What the user wrote is safe, and an answer to it has begun.
    Stored {
        /// The answer that is now being written.
        answer: MessageId,
    },
    /// How far it is.
    Progress(Progress),
    /// What the model could have written as well, where that was asked for.
    Step(Step),
    /// The answer is over.
    Finished {
        /// The answer.
        answer: MessageId,
        /// All of it, also what could not be stored.
        text: String,
        /// How far it got.
        state: MessageState,
        /// A sentence, if something went wrong.
        trouble: Option<String>,
        /// A page of the provider's where that can be mended.
        page: Option<String>,
    },
}
