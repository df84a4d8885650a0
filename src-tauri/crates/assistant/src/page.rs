//! An answer as it is being written down.

use sotto_domain::{AnsweringError, Cost, Destination, Finish, Made, MessageId, MessageState, Served, Usage};
use sotto_store::StoreError;

use crate::{AnswerEvent, Sotto};

/// What she is told when the talk has outgrown the model.
fn not_read(turns: usize) -> String {
    format!(
        "This conversation has outgrown the model: its first {turns} messages were not read this time. They are \
         all still here. What must not be forgotten can stand in the notes of a project."
    )
}

/// What she is told when a provider would not say the rest.
const FILTERED: &str = "The provider held back the rest of this answer.";

/// What she is told when a connection ended before its answer did.
const BROKEN_OFF: &str = "The connection ended before the answer did. What came is kept.";

/// What is told of an answer that has no word in it.
fn without_a_word(by: &Destination, usage: &Usage) -> String {
    let (Destination::Device { model } | Destination::Cloud { model, .. }) = by;
    // About three words for four tokens.
    let words = u64::from(usage.prompt_tokens) * 3 / 4;
    let long = if words > 0 {
        format!(" It was given about {words} words, which may be more than it can hold in mind.")
    } else {
        String::new()
    };
    format!("{model} answered without a word.{long} Try again, or choose another model.")
}

/// How an answer ended, what it took, and what it cost.
pub(crate) type Ending = (Finish, Usage, Cost);

fn joined(one: Option<String>, two: Option<String>) -> Option<String> {
    one.into_iter().chain(two).reduce(|one, two| one + " " + &two)
}

/// Why an answer did not come to its end.
pub(crate) enum Trouble {
    Model(AnsweringError),
    Library(StoreError),
}

/// The answer as it is being written down.
pub(crate) struct Page<'a> {
    sotto: &'a Sotto,
    /// The answer.
    pub(crate) answer: MessageId,
    /// Who serves it, as far as that was said.
    pub(crate) served: Served,
    text: String,
    made: Made,
    saved: usize,
}

impl<'a> Page<'a> {
    /// An answer that was stored as being written.
    pub(crate) fn of(sotto: &'a Sotto, answer: MessageId, made: Made) -> Self {
        Self { sotto, answer, served: Served::default(), text: String::new(), made, saved: 0 }
    }

    pub(crate) fn write(&mut self, more: &str) {
        self.text.push_str(more);
    }

    pub(crate) fn served_by(&mut self, served: Served) {
        if let Destination::Cloud { backend, .. } = &mut self.made.by {
            *backend = served.backend.clone().or(backend.take());
        }
        self.served = served;
    }

    pub(crate) fn save(&mut self) -> Result<(), StoreError> {
        if self.text.len() > self.saved {
            self.store(MessageState::Streaming, None)?;
            self.saved = self.text.len();
        }
        Ok(())
    }

    /// Writes the last state down, and says how it ended, and how many turns of the talk
    /// the model was not given.
    pub(crate) fn end(mut self, outcome: Result<Ending, Trouble>, left_out: usize) -> AnswerEvent {
        let mut remark = (left_out > 0).then(|| not_read(left_out));
        let (state, trouble) = match outcome {
            Ok((finish, usage, cost)) => {
                self.made.usage = Some(usage);
                self.made.cost = Some(cost);
                let wordless = self.text.trim().is_empty();
                let (state, ending) = match finish {
                    Finish::Complete | Finish::Length if wordless => {
                        (MessageState::Interrupted, Some(without_a_word(&self.made.by, &usage)))
                    }
                    Finish::Complete => (MessageState::Complete, None),
                    Finish::Length => (MessageState::CutAtLength, None),
                    Finish::Stopped => (MessageState::Stopped, None),
                    Finish::Filtered => (MessageState::Interrupted, Some(FILTERED.into())),
                    Finish::BrokenOff => (MessageState::Interrupted, Some(BROKEN_OFF.into())),
                };
                remark = joined(remark, ending);
                (state, None)
            }
            Err(trouble) => (MessageState::Interrupted, Some(trouble)),
        };
        let page = match &trouble {
            Some(Trouble::Model(AnsweringError::Provider { page, .. })) => page.clone(),
            Some(Trouble::Model(_) | Trouble::Library(_)) | None => None,
        };
        let trouble = trouble.map(|trouble| match trouble {
            Trouble::Model(error) => error.to_string(),
            Trouble::Library(error) => error.to_string(),
        });
        // Why it broke is still to be read tomorrow.
        remark = joined(remark, trouble.clone());
        let trouble = match self.store(state, remark.as_deref()) {
            Ok(()) => trouble,
            Err(error) => Some(trouble.unwrap_or_else(|| error.to_string())),
        };
        AnswerEvent::Finished { answer: self.answer, text: self.text, state, trouble, page }
    }

    fn store(&self, state: MessageState, remark: Option<&str>) -> Result<(), StoreError> {
        self.sotto.library.update_answer(self.answer, &self.text, state, Some(&self.made), remark)
    }
}
