//! What a conversation asks, and what becomes of it: the user's message and the answer are stored, the
//! answer as it comes. How it comes about is told in [`crate::ask`].

use sotto_domain::{
    CloudChoice, ConversationId, Made, MessageId, MessageState, PartKey, Role, Rules, Sampling, Subject,
};
use sotto_store::{Asked, Beside, NewAgreement, NewMessage, StoreError};

use super::{
    AnswerEvent, Chats, Question,
    question::{ChatContext, UNSTORED},
    recorder::AnswerRecorder,
    title,
};
use crate::{
    AnswerOptions, SendError, Sheet,
    ask::{Answers, Ask, QuestionContext},
};

impl Chats<'_> {
    /// Asks `question` and writes the answer down; returns when the answer is over. What
    /// lies with the draft, words and pictures, goes with a new message.
    ///
    /// # Errors
    /// [`SendError`], before anything was asked; what was refused was not stored. What goes wrong
    /// later is told through [`AnswerEvent::Finished`].
    pub async fn ask(
        self,
        question: &Question,
        options: &AnswerOptions,
        mut tell: impl FnMut(AnswerEvent),
    ) -> Result<(), SendError> {
        let run = self.core.running.begin_alone(Subject::Conversation(self.conversation_of(question)?))?;
        let chat = self.chat_context(question)?;
        let ask = self.ask_of(question, &chat, options.clone());
        Answers { core: self.core }
            .run(ask, &run.cancel, |by, agreed| {
                let made = Made { by, usage: None, cost: None };
                let answer = self.begin_answer(question, &chat, made.clone(), agreed)?;
                tell(AnswerEvent::Stored { answer });
                Ok(AnswerRecorder::of(self.core, answer, made, tell))
            })
            .await
    }

    /// Sends `text` at the end of the branch on show, to wherever the conversation goes.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn send(
        self,
        conversation: ConversationId,
        text: &str,
        tell: impl FnMut(AnswerEvent),
    ) -> Result<(), SendError> {
        let text = text.to_owned();
        self.ask(&Question::New { conversation, text }, &AnswerOptions::default(), tell).await
    }

    /// What the user must see before `question` leaves; `None` where it stays here, or where
    /// they agreed to all that is in it before. `left_out` is what they struck out so far.
    ///
    /// # Errors
    /// [`SendError`]: why it could not leave at all. Nothing was stored or sent, except that
    /// a list of prices may have been asked for.
    pub async fn sheet(
        self,
        question: &Question,
        once: Option<&CloudChoice>,
        left_out: Option<&[PartKey]>,
    ) -> Result<Option<Sheet>, SendError> {
        let chat = self.chat_context(question)?;
        let options = AnswerOptions { once: once.cloned(), ..AnswerOptions::default() };
        Answers { core: self.core }.sheet_of(&self.ask_of(question, &chat, options), left_out).await
    }

    /// Decides which of two answers goes on, or that neither is better.
    ///
    /// # Errors
    /// [`StoreError`]; it was decided before, or is none of the two.
    pub fn decide_comparison(self, id: i64, chosen: Option<MessageId>) -> Result<(), StoreError> {
        self.core.library.decide_comparison(id, chosen, (self.core.clock)())
    }

    /// Stops the answer that is being written in `conversation`, if any.
    pub fn stop(self, conversation: ConversationId) {
        self.core.running.stop(Subject::Conversation(conversation));
    }

    fn ask_of(self, question: &Question, chat: &ChatContext, options: AnswerOptions) -> Ask {
        let settings = self.core.settings.get();
        let (mood, banned) = settings.writing(chat.project.as_ref());
        // What is set beside an answer goes where was said for it alone.
        let (model, destination) = match question {
            Question::Beside { model, .. } => (model.clone(), options.once.clone()),
            _ => (None, chat.destination(options.once.as_ref())),
        };
        Ask {
            destination,
            model,
            context: QuestionContext {
                subject: Subject::Conversation(chat.conversation.id),
                project: chat.project.clone(),
                what: "a message",
                parts: chat.parts(),
            },
            options,
            sampling: Sampling { seed: settings.seed, ..mood.sampling() },
            rules: Rules { banned, ..Rules::default() },
            max_tokens: None,
        }
    }

    /// Stores what the user says, where that is new, with all that belongs to it, and begins the
    /// answer.
    fn begin_answer(
        self,
        question: &Question,
        chat: &ChatContext,
        made: Made,
        agreed: Option<NewAgreement>,
    ) -> Result<MessageId, StoreError> {
        let conversation = chat.conversation.id;
        let asked = match question {
            Question::Again { .. } => Asked::Stored { message: chat.asked.id, conversation, beside: None },
            Question::Beside { answer: first, hidden, .. } => {
                let beside = Some(Beside { first: *first, hidden: *hidden });
                Asked::Stored { message: chat.asked.id, conversation, beside }
            }
            Question::New { .. } | Question::Edit { .. } => Asked::New {
                message: Box::new(NewMessage {
                    conversation,
                    parent: chat.asked.parent,
                    role: Role::User,
                    text: chat.asked.text.clone(),
                    state: MessageState::Complete,
                    made: None,
                    pictures: chat.asked.pictures.clone(),
                }),
                title: title::from_first_words(&chat.asked.text),
                was_draft: matches!(question, Question::New { .. }),
            },
        };
        // What was struck out is remembered by the id that the question has now.
        let agreed = |question| {
            let stored = |key: PartKey| key.stored_as(UNSTORED, question);
            agreed.map(|agreed| NewAgreement {
                left_out: agreed.left_out.into_iter().map(stored).collect(),
                ..agreed
            })
        };
        self.core.library.begin_answer(asked, made, agreed, (self.core.clock)())
    }
}

#[cfg(test)]
pub(crate) mod tests;
