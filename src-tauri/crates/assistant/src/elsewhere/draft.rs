//! What is to be asked, before any of it is stored or sent.

use sotto_domain::{
    CloudChoice, Conversation, ConversationId, Leaving, Message, MessageId, MessageState, Picture, Project,
    Role,
};

use crate::{SendError, Sotto};

/// What she is about to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// A new message at the end of the branch on show.
    New {
        /// Where.
        conversation: ConversationId,
        /// What she says.
        text: String,
    },
    /// Another version of a message of hers.
    Edit {
        /// Which.
        message: MessageId,
        /// What she says now.
        text: String,
    },
    /// Another answer to what this one answers.
    Again {
        /// The answer there is.
        answer: MessageId,
    },
}

/// A question in its place: all that an answer could be made from.
pub(crate) struct Draft {
    pub(crate) conversation: Conversation,
    pub(crate) project: Option<Project>,
    /// Up to the question itself. One that is not stored yet has the id 0.
    pub(crate) branch: Vec<Message>,
}

/// The id of a question that is not stored yet.
pub(crate) const UNSTORED: MessageId = MessageId(0);

impl Sotto {
    /// Reads what `question` would be answered from. Stores nothing.
    pub(crate) fn draft(&self, question: &Question) -> Result<Draft, SendError> {
        let (conversation, branch) = match question {
            Question::New { conversation, text } => {
                let pictures = self.library.attached(*conversation)?;
                let head = self.library.conversation(*conversation)?.head;
                (*conversation, self.with_hers(*conversation, head, text, pictures)?)
            }
            Question::Edit { message, text } => {
                let before = self.library.message(*message)?;
                if before.role != Role::User {
                    return Err(SendError::WrongKind("your own messages"));
                }
                (
                    before.conversation,
                    self.with_hers(before.conversation, before.parent, text, before.pictures)?,
                )
            }
            Question::Again { answer } => {
                let before = self.library.message(*answer)?;
                let (Role::Assistant, Some(asked)) = (before.role, before.parent) else {
                    return Err(SendError::WrongKind("answers"));
                };
                (before.conversation, self.library.path_to(asked)?)
            }
        };
        let conversation = self.library.conversation(conversation)?;
        let project = conversation.project.map(|id| self.library.project(id)).transpose()?;
        Ok(Draft { conversation, project, branch })
    }

    fn with_hers(
        &self,
        conversation: ConversationId,
        parent: Option<MessageId>,
        text: &str,
        pictures: Vec<Picture>,
    ) -> Result<Vec<Message>, SendError> {
        if text.trim().is_empty() && pictures.is_empty() {
            return Err(SendError::Empty);
        }
        let mut branch = parent.map(|parent| self.library.path_to(parent)).transpose()?.unwrap_or_default();
        branch.push(Message {
            id: UNSTORED,
            conversation,
            parent,
            role: Role::User,
            text: text.to_owned(),
            pictures,
            remark: None,
            state: MessageState::Complete,
            made: None,
            created_at: (self.clock)(),
        });
        Ok(branch)
    }
}

/// Where a question goes: `once` is what she chose for this one alone. `None`: it stays.
pub(crate) fn destination(draft: &Draft, once: Option<&CloudChoice>) -> Option<CloudChoice> {
    if once.is_some() {
        return once.cloned();
    }
    match &draft.conversation.leaving {
        Leaving::To(choice) => Some(choice.clone()),
        Leaving::Never => None,
        Leaving::AsItsProject => draft.project.as_ref().and_then(|project| project.cloud.clone()),
    }
}

#[cfg(test)]
mod tests;
