//! The life of a message, from the moment she sends it to the last word of the answer.
//!
//! Nothing typed is lost: her message is stored before anything is asked of a model,
//! and the answer is stored as it comes, at most [`SAVE_EVERY`] behind what she sees.

use std::{
    collections::hash_map::Entry,
    sync::{MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::StreamExt;
use sotto_domain::{
    AnsweringError, ConversationId, Delta, Finish, Made, Message, MessageId, MessageState, Request, Role,
    Usage,
};
use sotto_store::{NewMessage, StoreError};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::{Sotto, context, title};

/// How far the stored answer may lag behind the one on show.
const SAVE_EVERY: Duration = Duration::from_millis(400);

/// What happens after something was sent, in order: `Stored` first, `Finished` last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerEvent {
    /// What she wrote is safe, and an answer to it has begun.
    Stored {
        /// The answer that is now being written.
        answer: MessageId,
    },
    /// The model is being made ready: `done` of `total`.
    Loading {
        /// How much is done.
        done: u64,
        /// How much there is.
        total: u64,
    },
    /// The model reads: `done` of `total` tokens.
    Reading {
        /// Tokens read.
        done: u32,
        /// Tokens to read.
        total: u32,
    },
    /// More of the answer.
    Text(String),
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
    },
}

/// Why nothing was sent. What she typed is still hers to send again.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// There was nothing but white space.
    #[error("There is nothing to send yet.")]
    Empty,
    /// An answer is still being written in this conversation.
    #[error("An answer is still being written here. Stop it first, or wait for it to end.")]
    Busy,
    /// There is nothing to answer with.
    #[error("No model is open yet. Open one, then send again.")]
    NoModel,
    /// That is not a message of the kind this works on.
    #[error("This works on {0} only.")]
    WrongKind(&'static str),
    /// The library refused; nothing was sent.
    #[error(transparent)]
    Library(#[from] StoreError),
}

impl Sotto {
    /// Sends `text` at the end of the branch on show, and returns when the answer is over.
    ///
    /// # Errors
    /// [`SendError`], before anything was asked; what was refused was not stored, unless
    /// the disk filled up between her message and the answer's first row. What goes wrong
    /// later is told through [`AnswerEvent::Finished`].
    pub async fn send(
        &self,
        conversation: ConversationId,
        text: &str,
        tell: impl FnMut(AnswerEvent),
    ) -> Result<(), SendError> {
        let run = self.begin(conversation)?;
        let head = self.library.conversation(conversation)?.head;
        let asked = self.store_hers(conversation, head, text)?;
        self.library.save_draft(conversation, "")?;
        self.answer(&asked, &run, tell).await
    }

    /// Puts another version of her message `edited` beside it, and has that answered.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub async fn edit(
        &self,
        edited: MessageId,
        text: &str,
        tell: impl FnMut(AnswerEvent),
    ) -> Result<(), SendError> {
        let before = self.library.message(edited)?;
        if before.role != Role::User {
            return Err(SendError::WrongKind("your own messages"));
        }
        let run = self.begin(before.conversation)?;
        let asked = self.store_hers(before.conversation, before.parent, text)?;
        self.answer(&asked, &run, tell).await
    }

    /// Asks for another answer to what `answer` answers. The first one is kept.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub async fn regenerate(
        &self,
        answer: MessageId,
        tell: impl FnMut(AnswerEvent),
    ) -> Result<(), SendError> {
        let before = self.library.message(answer)?;
        let (Role::Assistant, Some(asked)) = (before.role, before.parent) else {
            return Err(SendError::WrongKind("answers"));
        };
        let run = self.begin(before.conversation)?;
        let asked = self.library.message(asked)?;
        self.answer(&asked, &run, tell).await
    }

    /// Stops the answer that is being written in `conversation`, if any.
    pub fn stop(&self, conversation: ConversationId) {
        if let Some(cancel) = self.runs().get(&conversation) {
            cancel.cancel();
        }
    }

    fn store_hers(
        &self,
        conversation: ConversationId,
        parent: Option<MessageId>,
        text: &str,
    ) -> Result<Message, SendError> {
        if text.trim().is_empty() {
            return Err(SendError::Empty);
        }
        if self.answering.destination().is_none() {
            return Err(SendError::NoModel);
        }
        let message = NewMessage {
            conversation,
            parent,
            role: Role::User,
            text: text.to_owned(),
            state: MessageState::Complete,
            made: None,
        };
        let asked = self.library.add_message(message, (self.clock)())?;
        if self.library.conversation(conversation)?.title.is_empty() {
            self.library.rename_conversation(conversation, &title::from_first_words(text))?;
        }
        Ok(asked)
    }

    /// Has `asked` answered, and writes the answer down as it comes.
    async fn answer(
        &self,
        asked: &Message,
        run: &Run<'_>,
        mut tell: impl FnMut(AnswerEvent),
    ) -> Result<(), SendError> {
        let by = self.answering.destination().ok_or(SendError::NoModel)?;
        let mut request = self.request(asked)?;
        let made = Made { by, usage: None };
        let mut page = Page::begin(self, asked, made)?;
        tell(AnswerEvent::Stored { answer: page.answer });

        let whole = request.turns.len();
        let outcome = loop {
            let outcome = self.follow(request.clone(), run, &mut page, &mut tell).await;
            let Err(Trouble::Model(AnsweringError::TooLong { given, limit })) = &outcome else {
                break outcome;
            };
            match context::without_the_oldest(&request.turns, *given, *limit) {
                Some(turns) => request.turns = turns,
                None => break outcome,
            }
        };
        tell(page.end(outcome, whole - request.turns.len()));
        Ok(())
    }

    /// Writes the answer to `request` down as it comes, to its end.
    async fn follow(
        &self,
        request: Request,
        run: &Run<'_>,
        page: &mut Page<'_>,
        tell: &mut impl FnMut(AnswerEvent),
    ) -> Result<(Finish, Usage), Trouble> {
        let mut deltas = self.answering.answer(request, run.cancel.clone());
        let mut save = interval(SAVE_EVERY);
        save.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                delta = deltas.next() => match delta {
                    Some(Ok(Delta::Text(more))) => {
                        page.write(&more);
                        tell(AnswerEvent::Text(more));
                    }
                    Some(Ok(Delta::Loading { done, total })) => tell(AnswerEvent::Loading { done, total }),
                    Some(Ok(Delta::Reading { done, total })) => tell(AnswerEvent::Reading { done, total }),
                    Some(Ok(Delta::Done { finish, usage })) => return Ok((finish, usage)),
                    Some(Err(error)) => return Err(Trouble::Model(error)),
                    None => return Err(Trouble::Model(AnsweringError::Crashed)),
                },
                // Going on would show her words that are not safe.
                _ = save.tick() => page.save().map_err(Trouble::Library)?,
            }
        }
    }

    fn request(&self, asked: &Message) -> Result<Request, StoreError> {
        let conversation = self.library.conversation(asked.conversation)?;
        let notes = match conversation.project {
            Some(project) => self.library.project(project)?.notes,
            None => String::new(),
        };
        let branch = self.library.path_to(asked.id)?;
        Ok(Request {
            turns: context::turns(&conversation.instructions, &notes, &branch),
            sampling: self.settings.get().mood.sampling(),
            max_tokens: None,
        })
    }

    fn begin(&self, conversation: ConversationId) -> Result<Run<'_>, SendError> {
        match self.runs().entry(conversation) {
            Entry::Occupied(_) => Err(SendError::Busy),
            Entry::Vacant(place) => {
                let cancel = place.insert(CancellationToken::new()).clone();
                Ok(Run { sotto: self, conversation, cancel })
            }
        }
    }

    fn runs(&self) -> MutexGuard<'_, std::collections::HashMap<ConversationId, CancellationToken>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to write in a conversation: one at a time.
struct Run<'a> {
    sotto: &'a Sotto,
    conversation: ConversationId,
    cancel: CancellationToken,
}

impl Drop for Run<'_> {
    fn drop(&mut self) {
        self.sotto.runs().remove(&self.conversation);
    }
}

/// What she is told when the talk has outgrown the model.
fn not_read(turns: usize) -> String {
    format!(
        "This conversation has outgrown the model: its first {turns} messages were not read this time. They are \
         all still here. What must not be forgotten can stand in the notes of a project."
    )
}

enum Trouble {
    Model(AnsweringError),
    Library(StoreError),
}

/// The answer as it is being written down.
struct Page<'a> {
    sotto: &'a Sotto,
    answer: MessageId,
    text: String,
    made: Made,
    saved: usize,
}

impl<'a> Page<'a> {
    fn begin(sotto: &'a Sotto, asked: &Message, made: Made) -> Result<Self, StoreError> {
        let message = NewMessage {
            conversation: asked.conversation,
            parent: Some(asked.id),
            role: Role::Assistant,
            text: String::new(),
            state: MessageState::Streaming,
            made: Some(made.clone()),
        };
        let answer = sotto.library.add_message(message, (sotto.clock)())?.id;
        Ok(Self { sotto, answer, text: String::new(), made, saved: 0 })
    }

    fn write(&mut self, more: &str) {
        self.text.push_str(more);
    }

    fn save(&mut self) -> Result<(), StoreError> {
        if self.text.len() > self.saved {
            self.store(MessageState::Streaming)?;
            self.saved = self.text.len();
        }
        Ok(())
    }

    /// Writes the last state down, and says how it ended, and how many turns of the talk
    /// the model was not given.
    fn end(mut self, outcome: Result<(Finish, Usage), Trouble>, left_out: usize) -> AnswerEvent {
        let (state, trouble) = match outcome {
            Ok((finish, usage)) => {
                self.made.usage = Some(usage);
                let state = match finish {
                    Finish::Complete => MessageState::Complete,
                    Finish::Length => MessageState::CutAtLength,
                    Finish::Stopped => MessageState::Stopped,
                };
                (state, (left_out > 0).then(|| not_read(left_out)))
            }
            Err(Trouble::Model(error)) => (MessageState::Interrupted, Some(error.to_string())),
            Err(Trouble::Library(error)) => (MessageState::Interrupted, Some(error.to_string())),
        };
        let trouble = match self.store(state) {
            Ok(()) => trouble,
            Err(error) => Some(trouble.unwrap_or_else(|| error.to_string())),
        };
        AnswerEvent::Finished { answer: self.answer, text: self.text, state, trouble }
    }

    fn store(&self, state: MessageState) -> Result<(), StoreError> {
        self.sotto.library.update_answer(self.answer, &self.text, state, Some(&self.made))
    }
}

#[cfg(test)]
mod tests;
