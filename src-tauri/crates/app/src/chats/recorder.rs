//! The answer of a conversation, as it is being written down.

use sotto_domain::{
    AnsweringError, Destination, Finish, Made, MessageId, MessageState, Progress, Served, Step, Turn, Usage,
};
use sotto_store::StoreError;

use super::AnswerEvent;
use crate::{
    ask::{Ending, Sink, Trouble, without_the_oldest},
    core::Core,
};

/// What the user is told when the talk has outgrown the model.
fn not_read(turns: usize) -> String {
    format!(
        "This conversation has outgrown the model: its first {turns} messages were not read this time. They are \
         all still here. What must not be forgotten can stand in the notes of a project."
    )
}

/// What the user is told when a provider would not say the rest.
const FILTERED: &str = "The provider held back the rest of this answer.";

/// What the user is told when a connection ended before its answer did.
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

fn joined(one: Option<String>, two: Option<String>) -> Option<String> {
    one.into_iter().chain(two).reduce(|one, two| one + " " + &two)
}

/// Writes an answer down, and tells what comes of it.
pub(crate) struct AnswerRecorder<'a, T> {
    core: &'a Core,
    answer: MessageId,
    text: String,
    made: Made,
    saved: usize,
    /// How many turns of the talk the model was not given.
    left_out: usize,
    tell: T,
}

impl<'a, T: FnMut(AnswerEvent)> AnswerRecorder<'a, T> {
    /// An answer that was stored as being written.
    pub(crate) fn of(core: &'a Core, answer: MessageId, made: Made, tell: T) -> Self {
        Self { core, answer, text: String::new(), made, saved: 0, left_out: 0, tell }
    }

    fn store(&self, state: MessageState, remark: Option<&str>) -> Result<(), StoreError> {
        self.core.library.update_answer(self.answer, &self.text, state, Some(&self.made), remark)
    }
}

impl<T: FnMut(AnswerEvent)> Sink for AnswerRecorder<'_, T> {
    fn progress(&mut self, progress: Progress) {
        if let Progress::Text { text } = &progress {
            self.text.push_str(text);
        }
        (self.tell)(AnswerEvent::Progress(progress));
    }

    fn step(&mut self, step: Step) {
        (self.tell)(AnswerEvent::Step(step));
    }

    fn served_by(&mut self, served: Served) {
        self.made.served_by(served);
    }

    fn save(&mut self) -> Result<(), StoreError> {
        if self.text.len() > self.saved {
            self.store(MessageState::Streaming, None)?;
            self.saved = self.text.len();
        }
        Ok(())
    }

    fn shorter(&mut self, turns: &[Turn], given: u32, limit: u32) -> Option<Vec<Turn>> {
        let fitting = without_the_oldest(turns, given, limit)?;
        self.left_out += turns.len() - fitting.len();
        Some(fitting)
    }

    fn finished(mut self, outcome: Result<Ending, Trouble>) {
        let mut remark = (self.left_out > 0).then(|| not_read(self.left_out));
        let (state, trouble) = match outcome {
            Ok(Ending { finish, usage, cost }) => {
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
        let trouble = trouble.map(|trouble| trouble.to_string());
        // Why it broke is still to be read tomorrow.
        remark = joined(remark, trouble.clone());
        let trouble = match self.store(state, remark.as_deref()) {
            Ok(()) => trouble,
            Err(error) => Some(trouble.unwrap_or_else(|| error.to_string())),
        };
        let Self { answer, text, mut tell, .. } = self;
        tell(AnswerEvent::Finished { answer, text, state, trouble, page });
    }
}
