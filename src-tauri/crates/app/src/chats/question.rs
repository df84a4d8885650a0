//! What a conversation asks, before any of it is stored or sent.

use serde::Deserialize;
use sotto_domain::{
    ChatPart, CloudChoice, ContentKind, Conversation, ConversationId, Leaving, Message, MessageId,
    MessageState, PartKey, Picture, Project, Role,
};
use sotto_store::StoreError;
use specta::Type;

use super::Chats;
use crate::{SendError, ask::ContextPart};

/// What the user is about to ask.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum Question {
    /// A new message at the end of the branch on show.
    New {
        /// The conversation that it goes into.
        conversation: ConversationId,
        /// What they say.
        text: String,
    },
    /// Another version of a message of theirs.
    Edit {
        /// The message that is written anew.
        message: MessageId,
        /// What they say now.
        text: String,
    },
    /// Another answer to what this one answers.
    Again {
        /// The answer there is.
        answer: MessageId,
    },
    /// Another answer to what this one answers, by somebody else, to be compared with it.
    Beside {
        /// The answer there is.
        answer: MessageId,
        /// The model of this device that answers; `None`: it goes where the options say.
        model: Option<String>,
        /// Whether it is kept from the user whose is whose until they have chosen.
        hidden: bool,
    },
}

/// A question in its place: all that an answer could be made from.
pub(crate) struct ChatContext {
    pub(crate) conversation: Conversation,
    pub(crate) project: Option<Project>,
    /// What was said before, in its order.
    pub(crate) before: Vec<Message>,
    /// The question. One that is not stored yet has the id [`UNSTORED`].
    pub(crate) asked: Message,
}

/// The id of a question that is not stored yet.
pub(crate) const UNSTORED: MessageId = MessageId(0);

impl ChatContext {
    /// Where it goes: `once` is what the user chose for this one alone. `None`: it stays.
    pub(crate) fn destination(&self, once: Option<&CloudChoice>) -> Option<CloudChoice> {
        once.cloned().or_else(|| destination(&self.conversation, self.project.as_ref()))
    }

    /// What the model reads, and what the user switched off of it: all but what they ask now can be.
    /// An answer that never got a word, for its run was cut off, is none of it.
    pub(crate) fn parts(&self) -> Vec<ContextPart> {
        let off = |part| self.conversation.left_out.contains(&part);
        let mut parts = Vec::new();
        let instructions = self.conversation.instructions.trim();
        if !instructions.is_empty() {
            let part = ContextPart::words(PartKey::Instructions, ContentKind::Instructions, instructions);
            parts.push(part.switched(off(ChatPart::Instructions)));
        }
        let noted = self.project.as_ref().filter(|project| !project.notes.trim().is_empty());
        parts.extend(noted.map(|project| ContextPart::notes(project).switched(off(ChatPart::Notes))));
        for part in self.before.iter().flat_map(said) {
            let is_off = off(ChatPart::Earlier) || (part.picture.is_some() && off(ChatPart::Pictures));
            parts.push(part.switched(is_off));
        }
        let words = said(&self.asked).into_iter();
        parts.extend(words.map(|part| if part.picture.is_none() { part.needed() } else { part }));
        parts
    }
}

fn said(message: &Message) -> Vec<ContextPart> {
    let pictures = (0..).zip(&message.pictures).map(|(number, picture)| ContextPart {
        picture: Some(picture.clone()),
        ..ContextPart::words(PartKey::Picture(message.id, number), ContentKind::Pictures, "").by(message.role)
    });
    let key = PartKey::Message(message.id);
    let words = ContextPart::words(key, ContentKind::Messages, message.text.clone()).by(message.role);
    pictures.chain((!message.text.trim().is_empty()).then_some(words)).collect()
}

impl Chats<'_> {
    /// Where the next message of a conversation would go, were it sent now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn goes_to(self, id: ConversationId) -> Result<Option<CloudChoice>, StoreError> {
        let conversation = self.core.library.conversation(id)?;
        let project = conversation.project.map(|id| self.core.library.project(id)).transpose()?;
        Ok(destination(&conversation, project.as_ref()))
    }

    pub(crate) fn conversation_of(self, question: &Question) -> Result<ConversationId, StoreError> {
        match question {
            Question::New { conversation, .. } => Ok(*conversation),
            Question::Edit { message, .. } => Ok(self.core.library.message(*message)?.conversation),
            Question::Again { answer } | Question::Beside { answer, .. } => {
                Ok(self.core.library.message(*answer)?.conversation)
            }
        }
    }

    /// Reads what `question` would be answered from. Stores nothing.
    pub(crate) fn chat_context(self, question: &Question) -> Result<ChatContext, SendError> {
        let asked = match question {
            Question::New { conversation, text } => {
                let pictures = self.core.library.attached(*conversation)?;
                let head = self.core.library.conversation(*conversation)?.head;
                self.unstored(*conversation, head, text, pictures)?
            }
            Question::Edit { message, text } => {
                let before = self.core.library.message(*message)?;
                if before.role != Role::User {
                    return Err(SendError::WrongKind("your own messages"));
                }
                self.unstored(before.conversation, before.parent, text, before.pictures)?
            }
            Question::Again { answer } | Question::Beside { answer, .. } => {
                let before = self.core.library.message(*answer)?;
                let (Role::Assistant, Some(asked)) = (before.role, before.parent) else {
                    return Err(SendError::WrongKind("answers"));
                };
                self.core.library.message(asked)?
            }
        };
        let before =
            asked.parent.map(|parent| self.core.library.path_to(parent)).transpose()?.unwrap_or_default();
        let conversation = self.core.library.conversation(asked.conversation)?;
        let project = conversation.project.map(|id| self.core.library.project(id)).transpose()?;
        Ok(ChatContext { conversation, project, before, asked })
    }

    fn unstored(
        self,
        conversation: ConversationId,
        parent: Option<MessageId>,
        text: &str,
        pictures: Vec<Picture>,
    ) -> Result<Message, SendError> {
        if text.trim().is_empty() && pictures.is_empty() {
            return Err(SendError::Empty);
        }
        Ok(Message {
            id: UNSTORED,
            conversation,
            parent,
            role: Role::User,
            text: text.to_owned(),
            pictures,
            remark: None,
            state: MessageState::Complete,
            made: None,
            created_at: (self.core.clock)(),
        })
    }
}

fn destination(conversation: &Conversation, project: Option<&Project>) -> Option<CloudChoice> {
    match &conversation.leaving {
        Leaving::To(choice) => Some(choice.clone()),
        Leaving::Never => None,
        Leaving::AsItsProject => project.and_then(|project| project.cloud.clone()),
    }
}

#[cfg(test)]
mod tests;
