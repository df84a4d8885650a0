//! Conversations: what is asked there and how it is kept, what lies with a draft, how they begin.

mod answer_event;
mod import;
mod pictures;
mod question;
mod recorder;
mod send;
mod starting_points;
mod title;

use sotto_domain::{ConversationId, Leaving, MessageId, ProjectId, StartingPoint, StartingPointId};
use sotto_store::{Hit, Placed, StoreError};

use crate::core::Core;

pub use answer_event::AnswerEvent;
pub use import::ChatsImport;
pub use pictures::picture_cost;
pub use question::Question;
#[cfg(test)]
pub(crate) use send::tests;
pub(crate) use starting_points::BUILT_IN;

/// As many messages come with a conversation: more than the window shows at first.
const END: usize = 80;

/// The most hits that a search shows.
const HITS: usize = 60;

/// Conversations: asking, and all that belongs to them.
#[derive(Clone, Copy)]
pub struct Chats<'a> {
    pub(crate) core: &'a Core,
}

impl Chats<'_> {
    /// Begins a conversation; its instructions are those of the starting point as it is now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn create(
        self,
        project: Option<ProjectId>,
        starting_point: Option<StartingPointId>,
    ) -> Result<ConversationId, StoreError> {
        let instructions = match starting_point {
            Some(id) => self.starting_point(id)?.instructions,
            None => String::new(),
        };
        Ok(self.core.library.create_conversation(project, &instructions, (self.core.clock)())?.id)
    }

    /// All of the branch on show, and the messages at its end.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn read_end(self, id: ConversationId) -> Result<(Vec<MessageId>, Vec<Placed>), StoreError> {
        let branch = self.core.library.branch_ids(id)?;
        let end = self.core.library.all_placed(&branch[branch.len().saturating_sub(END)..])?;
        Ok((branch, end))
    }

    /// What was searched for, in all conversations or within one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn search(self, query: &str, within: Option<ConversationId>) -> Result<Vec<Hit>, StoreError> {
        match within {
            None => self.core.library.search(query, HITS),
            Some(id) => self.core.library.search_within(id, query, HITS),
        }
    }

    /// Puts a conversation in the trash; an answer that is being written there stops.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn trash(self, id: ConversationId) -> Result<(), StoreError> {
        self.stop(id);
        self.core.library.trash_conversation(id, (self.core.clock)())
    }

    /// Changes the starting point `id`, or makes a new one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn save_starting_point(
        self,
        id: Option<StartingPointId>,
        name: &str,
        description: &str,
        instructions: &str,
    ) -> Result<StartingPoint, StoreError> {
        match id {
            Some(id) => {
                self.core.library.update_starting_point(id, name, description, instructions)?;
                self.starting_point(id)
            }
            None => self.core.library.create_starting_point(name, description, instructions),
        }
    }

    /// Gives a built-in starting point its first text back. The user's own have none, and
    /// stay as they are.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn reset_starting_point(self, id: StartingPointId) -> Result<StartingPoint, StoreError> {
        let point = self.starting_point(id)?;
        match BUILT_IN.iter().find(|original| point.built_in.as_deref() == Some(original.key)) {
            Some(first) => {
                self.save_starting_point(Some(id), first.name, first.description, first.instructions)
            }
            None => Ok(point),
        }
    }

    fn starting_point(self, id: StartingPointId) -> Result<StartingPoint, StoreError> {
        self.core
            .library
            .starting_points()?
            .into_iter()
            .find(|point| point.id == id)
            .ok_or(StoreError::NotFound)
    }

    /// Says whether a conversation leaves this device, and where to.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was changed.
    pub fn set_leaving(self, id: ConversationId, leaving: &Leaving) -> Result<(), StoreError> {
        self.core.library.set_leaving(id, leaving)
    }
}
