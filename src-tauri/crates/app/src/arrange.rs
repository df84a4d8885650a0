//! Arranging the library: what needs the time, a starting point, or an answer stopped.

use sotto_domain::{ConversationId, Page, PageId, Project, ProjectId, StartingPoint, StartingPointId};
use sotto_manuscript::{Document, Step};
use sotto_store::{StoreError, Why};

use crate::{App, starting_points::BUILT_IN};

impl App {
    /// Begins a conversation; its instructions are those of the starting point as it is now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn create_conversation(
        &self,
        project: Option<ProjectId>,
        starting_point: Option<StartingPointId>,
    ) -> Result<ConversationId, StoreError> {
        let instructions = match starting_point {
            Some(id) => self.starting_point(id)?.instructions,
            None => String::new(),
        };
        Ok(self.library.create_conversation(project, &instructions, (self.clock)())?.id)
    }

    /// Puts a conversation in the trash; an answer that is being written there stops.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn trash_conversation(&self, id: ConversationId) -> Result<(), StoreError> {
        self.stop(id);
        self.library.trash_conversation(id, (self.clock)())
    }

    /// Puts a project in the trash, its conversations with it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn trash_project(&self, id: ProjectId) -> Result<(), StoreError> {
        for conversation in self.library.conversations()? {
            if conversation.project == Some(id) {
                self.stop(conversation.id);
            }
        }
        self.library.trash_project(id, (self.clock)())
    }

    /// Puts a page in the trash; a proposal for it stops.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn trash_page(&self, id: PageId) -> Result<(), StoreError> {
        self.stop_proposal(id);
        self.library.trash_page(id, (self.clock)())
    }

    /// Begins a page.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn create_page(
        &self,
        project: Option<ProjectId>,
        title: &str,
        document: &Document,
    ) -> Result<Page, StoreError> {
        self.library.create_page(project, title, document, (self.clock)())
    }

    /// Takes a change of a page in; the revision that this makes.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Stale`] where another window was faster.
    pub fn save_page(&self, id: PageId, base: i64, step: &Step) -> Result<i64, StoreError> {
        self.library.save_page(id, base, step, (self.clock)())
    }

    /// What stands from block `at` on becomes a page of its own.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Stale`] where another window was faster.
    pub fn split_page(&self, id: PageId, base: i64, at: usize, title: &str) -> Result<Page, StoreError> {
        let now = (self.clock)();
        self.library.take_version(id, Why::Working, None, now)?;
        self.library.split_page(id, base, at, title, now)
    }

    /// The next page of its project comes to the end of a page.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Stale`] where another window was faster.
    pub fn merge_page(&self, id: PageId, base: i64) -> Result<i64, StoreError> {
        let now = (self.clock)();
        self.library.take_version(id, Why::Working, None, now)?;
        self.library.merge_page(id, base, now)
    }

    /// The same page once more, to be changed in another way.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn duplicate_page(&self, id: PageId, title: &str) -> Result<Page, StoreError> {
        self.library.duplicate_page(id, title, (self.clock)())
    }

    /// Takes a version of a page as it is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn take_version(&self, page: PageId, why: Why, name: Option<&str>) -> Result<(), StoreError> {
        self.library.take_version(page, why, name, (self.clock)())
    }

    /// Deletes for good what lies in the trash, and forgets what the model read: it may have
    /// been of that.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn empty_trash(&self) -> Result<(), StoreError> {
        if self.library.empty_trash()? > 0 {
            self.engine.forget();
        }
        Ok(())
    }

    /// Makes a project.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn create_project(&self, name: &str) -> Result<Project, StoreError> {
        self.library.create_project(name, (self.clock)())
    }

    /// Changes the starting point `id`, or makes a new one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn save_starting_point(
        &self,
        id: Option<StartingPointId>,
        name: &str,
        description: &str,
        instructions: &str,
    ) -> Result<StartingPoint, StoreError> {
        match id {
            Some(id) => {
                self.library.update_starting_point(id, name, description, instructions)?;
                self.starting_point(id)
            }
            None => self.library.create_starting_point(name, description, instructions),
        }
    }

    /// Gives a built-in starting point its first text back. The user's own have none, and
    /// stay as they are.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn reset_starting_point(&self, id: StartingPointId) -> Result<StartingPoint, StoreError> {
        let point = self.starting_point(id)?;
        match BUILT_IN.iter().find(|original| point.built_in.as_deref() == Some(original.key)) {
            Some(first) => {
                self.save_starting_point(Some(id), first.name, first.description, first.instructions)
            }
            None => Ok(point),
        }
    }

    fn starting_point(&self, id: StartingPointId) -> Result<StartingPoint, StoreError> {
        self.library.starting_points()?.into_iter().find(|point| point.id == id).ok_or(StoreError::NotFound)
    }
}
