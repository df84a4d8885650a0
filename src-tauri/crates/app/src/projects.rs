//! Projects, and what concerns all that the user made: the trash, and files that go out.

mod export;
mod first_lines;

use sotto_domain::{CloudChoice, NanoUsd, Project, ProjectId, Subject};
use sotto_store::StoreError;

use crate::core::Core;

pub use export::{ExportError, Selection};
pub use first_lines::{FirstLine, FirstLines};

/// Projects, the trash, and what goes out as files.
#[derive(Clone, Copy)]
pub struct Projects<'a> {
    pub(crate) core: &'a Core,
}

impl Projects<'_> {
    /// Makes a project.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn create(self, name: &str) -> Result<Project, StoreError> {
        self.core.library.create_project(name, (self.core.clock)())
    }

    /// Puts a project in the trash, its conversations with it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn trash(self, id: ProjectId) -> Result<(), StoreError> {
        for conversation in self.core.library.conversations()? {
            if conversation.project == Some(id) {
                self.core.running.stop(Subject::Conversation(conversation.id));
            }
        }
        self.core.library.trash_project(id, (self.core.clock)())
    }

    /// Deletes for good what lies in the trash, and forgets what the model read: it may have
    /// been of that.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn empty_trash(self) -> Result<(), StoreError> {
        if self.core.library.empty_trash()? > 0 {
            self.core.engine.forget();
        }
        Ok(())
    }

    /// Says where the conversations of a project go, and what they may cost in a month.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_leaving(
        self,
        id: ProjectId,
        cloud: Option<&CloudChoice>,
        cap: Option<NanoUsd>,
    ) -> Result<(), StoreError> {
        self.core.library.set_project_leaving(id, cloud, cap)
    }
}
