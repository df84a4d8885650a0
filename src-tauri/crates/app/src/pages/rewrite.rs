//! A passage of a page, done over by a model: the one on this device, or for one time another. It
//! belongs to no conversation: nothing of it is stored, and nothing is written to the page. What
//! comes is a proposal, which the window shows beside the passage until the user takes it or not.

mod clean;
mod prompt;

use serde::{Deserialize, Serialize};
use sotto_domain::{
    AnsweringError, CloudChoice, Finish, Made, MessageState, Mood, Page, PageId, PartKey, Progress, Project,
    Rules, Sampling, Served, Subject, Turn,
};
use sotto_store::StoreError;
use specta::Type;

use super::Pages;
use crate::{
    AnswerOptions, SendError, Sheet,
    ask::{Answers, Ask, ContextPart, Ending, QuestionContext, Sink, Trouble, turns},
};

use clean::clean;

/// What the user is told when no proposal came.
const NOTHING: &str = "The model proposed nothing. Your text is as it was. Try again, or say it another way.";

/// What the user is told when a provider would not say the rest.
const FILTERED: &str = "The provider held back the rest of this proposal.";

/// What the user is told when a connection ended before the proposal did.
const BROKEN_OFF: &str = "The connection ended before the proposal did. What came is here.";

/// What is to be done with a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// The same in other words.
    Rewrite,
    /// The same in fewer words.
    Tighten,
    /// The same with more to see in it.
    Expand,
    /// The same in plainer words.
    Simpler,
    /// The same as it can be seen, heard, smelt, tasted and touched.
    Senses,
    /// The same in another tone, which the user names.
    Tone(String),
    /// Spelling, grammar and punctuation, and nothing else.
    Grammar,
    /// The same in another language, which the user names.
    Translate(String),
    /// What the user says.
    Own(String),
    /// What comes next, behind the text.
    Continue,
}

/// A passage, and what stands around it, in Markdown.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Passage {
    /// What is to be done over; empty where the text is to go on.
    pub text: String,
    /// What stands before it.
    pub before: String,
    /// What stands behind it.
    pub after: String,
    /// An earlier proposal, where it is to be made over by [`Command::Own`].
    pub proposal: Option<String>,
    /// What the model is not to be given.
    pub without: Vec<PassagePart>,
    /// Counts the answers to the same: each is drawn in its own way, also where the seed is set.
    pub variant: u32,
}

/// What a model is given beside what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PassagePart {
    /// The notes of the project.
    Notes,
    /// The title of the page.
    Title,
    /// What stands before the passage.
    Before,
    /// What stands behind it.
    After,
    /// The passage itself, or an earlier proposal for it.
    Passage,
}

/// How much of a part the model is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Given {
    /// The part.
    pub part: PassagePart,
    /// Words that it is given.
    pub words: usize,
    /// Words that there are.
    pub of: usize,
}

impl Given {
    /// Only the nearest of what stands around is given: there was too little room.
    fn is_shortened(&self) -> bool {
        matches!(self.part, PassagePart::Before | PassagePart::After) && (1..self.of).contains(&self.words)
    }
}

/// What happens after a proposal was asked for, in order; `Finished` last.
#[derive(Debug, Clone, PartialEq)]
pub enum ProposalEvent {
    /// What the model is given, and how much of each.
    Given(Vec<Given>),
    /// How far it is.
    Progress(Progress),
    /// It is over.
    Finished {
        /// All of it, without what a model says around it; empty where there is none.
        text: String,
        /// Who wrote it, and what it took.
        made: Made,
        /// How far it got.
        state: MessageState,
        /// Words around the passage were left out, for there was too little room.
        shortened: bool,
        /// A sentence, if something went wrong.
        trouble: Option<String>,
        /// A page of the provider's where that can be mended.
        page: Option<String>,
    },
}

impl Pages<'_> {
    /// Has a model do `command` with a passage of `page`; returns when it is over.
    ///
    /// # Errors
    /// [`SendError`], before anything was asked. What goes wrong later is told through
    /// [`ProposalEvent::Finished`].
    pub async fn propose(
        self,
        page: PageId,
        command: &Command,
        passage: &Passage,
        options: &AnswerOptions,
        tell: impl FnMut(ProposalEvent),
    ) -> Result<(), SendError> {
        let run = self.core.running.begin_alone(Subject::Page(page))?;
        let question = self.passage_of(page, command, passage)?;
        let ask = self.proposal_of(&question, options.clone());
        Answers { core: self.core }
            .run(ask, &run.cancel, |by, _| {
                let made = Made { by, usage: None, cost: None };
                let mut proposal = Proposal {
                    question,
                    around: prompt::AROUND,
                    shortened: false,
                    text: String::new(),
                    made,
                    tell,
                };
                proposal.parts();
                Ok(proposal)
            })
            .await
    }

    /// What the user must see before this goes to `once`, where `left_out` is struck out.
    ///
    /// # Errors
    /// [`SendError`]: why it could not leave at all.
    pub async fn sheet(
        self,
        page: PageId,
        command: &Command,
        passage: &Passage,
        once: &CloudChoice,
        left_out: &[PartKey],
    ) -> Result<Option<Sheet>, SendError> {
        let question = self.passage_of(page, command, passage)?;
        let options = AnswerOptions { once: Some(once.clone()), ..AnswerOptions::default() };
        Answers { core: self.core }.sheet_of(&self.proposal_of(&question, options), Some(left_out)).await
    }

    /// Stops the proposal that is being written for `page`, if any.
    pub fn stop(self, page: PageId) {
        self.core.running.stop(Subject::Page(page));
    }

    fn passage_of<'a>(
        self,
        page: PageId,
        command: &'a Command,
        passage: &'a Passage,
    ) -> Result<PassageQuestion<'a>, SendError> {
        if *command != Command::Continue && passage.text.trim().is_empty() {
            return Err(SendError::Empty);
        }
        let page = self.core.library.page(page)?;
        if self.core.library.hands_off(page.project)? {
            return Err(StoreError::HandsOff.into());
        }
        let project = page.project.map(|project| self.core.library.project(project)).transpose()?;
        Ok(PassageQuestion { page, project, command, passage })
    }

    /// It goes elsewhere only where the user says so of this one.
    fn proposal_of(self, question: &PassageQuestion<'_>, options: AnswerOptions) -> Ask {
        let settings = self.core.settings.get();
        let seed = settings.seed.map(|seed| seed.wrapping_add(u64::from(question.passage.variant)));
        let (mood, banned) = settings.writing(question.project.as_ref());
        let mood = if *question.command == Command::Grammar { Mood::Precise } else { mood };
        Ask {
            context: QuestionContext {
                subject: Subject::Page(question.page.id),
                project: question.project.clone(),
                what: "part of a page",
                parts: question.parts(prompt::AROUND).0,
            },
            model: None,
            destination: options.once.clone(),
            options,
            sampling: Sampling { seed, ..mood.sampling() },
            rules: Rules { banned, ..Rules::default() },
            max_tokens: Some(prompt::longest(question.command, question.passage)),
        }
    }
}

/// A passage in its place, and what is to be done with it.
struct PassageQuestion<'a> {
    page: Page,
    project: Option<Project>,
    command: &'a Command,
    passage: &'a Passage,
}

impl PassageQuestion<'_> {
    /// What the model reads, with at most so many letters around the passage, and how much of it
    /// there is.
    fn parts(&self, around: usize) -> (Vec<ContextPart>, Vec<Given>) {
        prompt::parts(self.command, self.passage, &self.page.title, self.project.as_ref(), around)
    }
}

/// A proposal as it is being written.
struct Proposal<'a, T> {
    question: PassageQuestion<'a>,
    around: usize,
    shortened: bool,
    text: String,
    made: Made,
    tell: T,
}

impl<T: FnMut(ProposalEvent)> Proposal<'_, T> {
    /// What the model reads of it now; the window is told how much that is.
    fn parts(&mut self) -> Vec<ContextPart> {
        let (parts, given) = self.question.parts(self.around);
        self.shortened = given.iter().any(Given::is_shortened);
        (self.tell)(ProposalEvent::Given(given));
        parts
    }
}

impl<T: FnMut(ProposalEvent)> Sink for Proposal<'_, T> {
    fn progress(&mut self, progress: Progress) {
        if let Progress::Text { text } = &progress {
            self.text.push_str(text);
        }
        (self.tell)(ProposalEvent::Progress(progress));
    }

    fn served_by(&mut self, served: Served) {
        self.made.served_by(served);
    }

    fn save(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    fn shorter(&mut self, _: &[Turn], _: u32, _: u32) -> Option<Vec<Turn>> {
        if self.around == 0 {
            return None;
        }
        self.around /= 4;
        Some(turns(&self.parts()))
    }

    fn finished(mut self, outcome: Result<Ending, Trouble>) {
        let PassageQuestion { command, passage, .. } = self.question;
        let text = clean(command, &passage.text, &self.text);
        let empty = text.trim().is_empty();
        let mut page = None;
        let (state, trouble) = match outcome {
            Ok(ending) => {
                self.made.usage = Some(ending.usage);
                self.made.cost = Some(ending.cost);
                match ending.finish {
                    Finish::Stopped => (MessageState::Stopped, None),
                    Finish::Complete | Finish::Length if empty => {
                        (MessageState::Interrupted, Some(NOTHING.to_owned()))
                    }
                    Finish::Complete => (MessageState::Complete, None),
                    Finish::Length => (MessageState::CutAtLength, None),
                    Finish::Filtered => (MessageState::Interrupted, Some(FILTERED.to_owned())),
                    Finish::BrokenOff => (MessageState::Interrupted, Some(BROKEN_OFF.to_owned())),
                }
            }
            Err(trouble) => {
                if let Trouble::Model(AnsweringError::Provider { page: mends, .. }) = &trouble {
                    page.clone_from(mends);
                }
                (MessageState::Interrupted, Some(trouble.to_string()))
            }
        };
        let (made, shortened) = (self.made, self.shortened);
        (self.tell)(ProposalEvent::Finished { text, made, state, shortened, trouble, page });
    }
}

#[cfg(test)]
mod tests;
