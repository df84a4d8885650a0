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
    Account, AnswerStream, AnsweringError, ConversationId, Delta, Destination, Made, MessageId, MessageState,
    Request, Role, Rules, Sampling, Subject,
};
use sotto_egress::{Refusal, decide};
use sotto_providers::ProviderError;
use sotto_secrets::KeyError;
use sotto_store::{Asked, NewMessage, StoreError};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::{
    AccountError, Question, Sheet, Sotto, Way, context,
    elsewhere::{Draft, Parcel, month_of},
    page::{Ending, Page, Trouble},
    title,
};

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
    /// More of what the model thinks before it answers; not kept.
    Thinking(String),
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
    /// It would leave this device, and she has not agreed to all that is in it.
    #[error("This would leave your computer. Look at what leaves first.")]
    NotAgreed(Box<Sheet>),
    /// The provider cannot be asked, or not like this.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// It may not leave.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The keychain.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The provider is not set up as it should be.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The library refused; nothing was sent.
    #[error(transparent)]
    Library(#[from] StoreError),
}

impl SendError {
    /// A page of the provider's where it can be mended.
    pub fn page(&self) -> Option<&'static str> {
        match self {
            Self::Provider(error) => error.page(),
            Self::Account(error) => error.page(),
            _ => None,
        }
    }
}

impl Sotto {
    /// Asks `question` and writes the answer down; returns when the answer is over. What
    /// lies with the draft, words and pictures, goes with a new message.
    ///
    /// # Errors
    /// [`SendError`], before anything was asked; what was refused was not stored. What goes wrong
    /// later is told through [`AnswerEvent::Finished`].
    pub async fn ask(
        &self,
        question: &Question,
        way: &Way,
        tell: impl FnMut(AnswerEvent),
    ) -> Result<(), SendError> {
        let run = self.begin(self.conversation_of(question)?)?;
        let draft = self.draft(question)?;
        let parcel = self.parcel(&draft, way).await?;
        let by = parcel.as_ref().map_or_else(|| self.here(), |parcel| Ok(parcel.destination()))?;
        let page = self.begin_answer(question, &draft, parcel.as_ref(), by)?;
        match parcel {
            Some(parcel) => self.answer_elsewhere(&draft, page, parcel, &run, tell).await,
            None => self.answer_here(&draft, page, &run, tell).await,
        }
        Ok(())
    }

    /// Sends `text` at the end of the branch on show, to wherever the conversation goes.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn send(
        &self,
        conversation: ConversationId,
        text: &str,
        tell: impl FnMut(AnswerEvent),
    ) -> Result<(), SendError> {
        let text = text.to_owned();
        self.ask(&Question::New { conversation, text }, &Way::default(), tell).await
    }

    /// Stops the answer that is being written in `conversation`, if any.
    pub fn stop(&self, conversation: ConversationId) {
        if let Some(cancel) = self.runs().get(&conversation) {
            cancel.cancel();
        }
    }

    /// The model on this device, as people call it.
    pub(crate) fn here(&self) -> Result<Destination, SendError> {
        let by = self.answering.destination().ok_or(SendError::NoModel)?;
        Ok(match (by, self.name_of_chosen_model()) {
            (Destination::Device { .. }, Some(model)) => Destination::Device { model },
            (by, _) => by,
        })
    }

    fn conversation_of(&self, question: &Question) -> Result<ConversationId, StoreError> {
        match question {
            Question::New { conversation, .. } => Ok(*conversation),
            Question::Edit { message, .. } => Ok(self.library.message(*message)?.conversation),
            Question::Again { answer } => Ok(self.library.message(*answer)?.conversation),
        }
    }

    /// Stores what the user says, where that is new, with all that belongs to it, and begins the
    /// answer.
    fn begin_answer(
        &self,
        question: &Question,
        draft: &Draft,
        parcel: Option<&Parcel>,
        by: Destination,
    ) -> Result<Page<'_>, SendError> {
        let Some(asked) = draft.branch.last() else { return Err(SendError::Empty) };
        let conversation = draft.conversation.id;
        let asked = match question {
            Question::Again { .. } => Asked::Stored { message: asked.id, conversation },
            Question::New { .. } | Question::Edit { .. } => Asked::New {
                message: Box::new(NewMessage {
                    conversation,
                    parent: asked.parent,
                    role: Role::User,
                    text: asked.text.clone(),
                    state: MessageState::Complete,
                    made: None,
                    pictures: asked.pictures.clone(),
                }),
                title: title::from_first_words(&asked.text),
                was_draft: matches!(question, Question::New { .. }),
            },
        };
        let made = Made { by, usage: None, cost: None };
        let agreed = |question| parcel.and_then(|parcel| parcel.agreement(question));
        let answer = self.library.begin_answer(asked, made.clone(), agreed, (self.clock)())?;
        Ok(Page::of(self, answer, made))
    }

    /// Has it answered on this device, and writes the answer down as it comes.
    async fn answer_here(
        &self,
        draft: &Draft,
        mut page: Page<'_>,
        run: &Run<'_>,
        mut tell: impl FnMut(AnswerEvent),
    ) {
        // The plug may have been pulled, or put in, since the last answer.
        self.engine.spare(self.spare_cores());
        let mut request = self.request(draft);
        tell(AnswerEvent::Stored { answer: page.answer });

        let whole = request.turns.len();
        let outcome = loop {
            let deltas = self.answering.answer(request.clone(), run.cancel.clone());
            let outcome = follow(deltas, &mut page, &mut tell).await;
            let Err(Trouble::Model(AnsweringError::TooLong { given, limit })) = &outcome else {
                break outcome;
            };
            match context::without_the_oldest(&request.turns, *given, *limit) {
                Some(turns) => request.turns = turns,
                None => break outcome,
            }
        };
        tell(page.end(outcome, whole - request.turns.len()));
    }

    /// Sends the parcel, writes the answer down as it comes, and settles its entry in the ledger.
    async fn answer_elsewhere(
        &self,
        draft: &Draft,
        mut page: Page<'_>,
        parcel: Parcel,
        run: &Run<'_>,
        mut tell: impl FnMut(AnswerEvent),
    ) {
        let account = self.account_for(draft, &parcel);
        let entry = account.entry.clone();
        tell(AnswerEvent::Stored { answer: page.answer });

        let outcome = match self.depart(draft, parcel, account, run).await {
            Ok(deltas) => follow(deltas, &mut page, &mut tell).await,
            Err(error) => Err(Trouble::Model(AnsweringError::Refused(error.to_string()))),
        };
        if let Err(error) = self.settle(&entry, &page.served, outcome.as_ref().ok().copied()) {
            // The entry stands at the most that it can have cost.
            tracing::error!(%error, "what an answer cost could not be written down");
        }
        tell(page.end(outcome, 0));
    }

    async fn depart(
        &self,
        draft: &Draft,
        parcel: Parcel,
        account: Account,
        run: &Run<'_>,
    ) -> Result<AnswerStream, KeyError> {
        let key = self.elsewhere.key(&parcel.endpoint).await?;
        let why = format!("You sent a message to {}.", parcel.endpoint.provider().name);
        let (settings, consent, clock) = (self.settings.clone(), parcel.consent, self.clock);
        let project = draft.project.as_ref().map(|project| project.id);
        let subject = Subject::Conversation(draft.conversation.id);
        let decide = move |departure: sotto_egress::Departure| {
            // A further attempt may fall into another month.
            let account = Account { month: month_of(clock()).begin(), ..account.clone() };
            let departure = departure.within(project, Some(subject)).on_account(account);
            decide(departure, &settings.rules(), Some(&consent))
        };
        Ok(self.elsewhere.cloud().send(parcel.prepared, key, why, decide, run.cancel.clone()))
    }

    /// What the model on this device is given.
    fn request(&self, draft: &Draft) -> Request {
        let settings = self.settings.get();
        let notes = draft.project.as_ref().map_or("", |project| &project.notes);
        Request {
            turns: context::turns(&draft.conversation.instructions, notes, &draft.branch),
            sampling: Sampling { seed: settings.seed, ..settings.mood.sampling() },
            rules: Rules { banned: settings.banned, ..Rules::default() },
            max_tokens: None,
        }
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

/// Writes an answer down as it comes, to its end.
async fn follow(
    mut deltas: AnswerStream,
    page: &mut Page<'_>,
    tell: &mut impl FnMut(AnswerEvent),
) -> Result<Ending, Trouble> {
    let mut save = interval(SAVE_EVERY);
    save.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            delta = deltas.next() => match delta {
                Some(Ok(Delta::Text(more))) => {
                    page.write(&more);
                    tell(AnswerEvent::Text(more));
                }
                Some(Ok(Delta::Thinking(more))) => tell(AnswerEvent::Thinking(more)),
                Some(Ok(Delta::ServedBy(served))) => page.served_by(served),
                Some(Ok(Delta::Loading { done, total })) => tell(AnswerEvent::Loading { done, total }),
                Some(Ok(Delta::Reading { done, total })) => tell(AnswerEvent::Reading { done, total }),
                Some(Ok(Delta::Done { finish, usage, cost })) => return Ok((finish, usage, cost)),
                Some(Err(error)) => return Err(Trouble::Model(error)),
                None => return Err(Trouble::Model(AnsweringError::Crashed)),
            },
            // Going on would show her words that are not safe.
            _ = save.tick() => page.save().map_err(Trouble::Library)?,
        }
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

#[cfg(test)]
pub(crate) mod tests;
