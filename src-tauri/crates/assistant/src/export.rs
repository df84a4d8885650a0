//! What the user wrote goes out as files.

use std::io;

use sotto_domain::{Conversation, ConversationId, Page, PageId, Project, ProjectId};
use sotto_exchange::{File, Form, Names, Talk};
use sotto_store::StoreError;

use crate::Sotto;

/// What is to go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selection {
    /// One conversation, also one in the trash.
    Conversation(ConversationId),
    /// One page, also one in the trash.
    Page(PageId),
    /// The pages, conversations and notes of a project, without what is in the trash.
    Project(ProjectId),
    /// All that is not in the trash; a project has a folder of its own.
    All,
}

/// Why not all of it went out.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The library refused.
    #[error(transparent)]
    Library(#[from] StoreError),
    /// A file could not be written.
    #[error("The file could not be saved: {0}. Nothing in Sotto was changed.")]
    Write(#[from] io::Error),
}

impl Sotto {
    /// Gives `write` one file after another, and says how many those were.
    ///
    /// # Errors
    /// [`ExportError`]; what was given before stays written.
    pub fn export(
        &self,
        what: Selection,
        form: Form,
        mut write: impl FnMut(File) -> io::Result<()>,
    ) -> Result<usize, ExportError> {
        let mut files = 0;
        let mut put = |file: File| {
            files += 1;
            write(file)
        };
        match what {
            Selection::Conversation(id) => {
                let conversation = self.library.conversation(id)?;
                let project = match conversation.project {
                    Some(id) => Some(self.library.project(id)?.name),
                    None => None,
                };
                put(self.file(conversation, project.as_deref(), form, "", &mut Names::default())?)?;
            }
            Selection::Page(id) => {
                let page = self.library.page(id)?;
                put(self.page_file(&page, form, "", &mut Names::default())?)?;
            }
            Selection::Project(id) => {
                let project = self.library.project(id)?;
                self.export_project(&project, form, "", &mut put)?;
            }
            Selection::All => {
                let mut names = Names::default();
                for project in self.library.projects()? {
                    let folder = names.name(&project.name, "Project") + "/";
                    self.export_project(&project, form, &folder, &mut put)?;
                }
                for page in self.library.pages()?.iter().filter(|page| page.project.is_none()) {
                    put(self.page_file(page, form, "", &mut names)?)?;
                }
                for conversation in self.library.conversations()? {
                    if conversation.project.is_none() && has_words(&conversation) {
                        put(self.file(conversation, None, form, "", &mut names)?)?;
                    }
                }
            }
        }
        Ok(files)
    }

    fn export_project(
        &self,
        project: &Project,
        form: Form,
        folder: &str,
        put: &mut impl FnMut(File) -> io::Result<()>,
    ) -> Result<(), ExportError> {
        let mut names = Names::default();
        if !project.notes.trim().is_empty() {
            let name = names.name("Notes", "Notes");
            let text = sotto_exchange::notes(&project.name, &project.notes, form);
            put(File { name: format!("{folder}{name}.{}", form.extension()), text })?;
        }
        for page in self.library.pages()?.iter().filter(|page| page.project == Some(project.id)) {
            put(self.page_file(page, form, folder, &mut names)?)?;
        }
        for conversation in self.library.conversations()? {
            if conversation.project == Some(project.id) && has_words(&conversation) {
                put(self.file(conversation, Some(&project.name), form, folder, &mut names)?)?;
            }
        }
        Ok(())
    }

    fn page_file(
        &self,
        page: &Page,
        form: Form,
        folder: &str,
        names: &mut Names,
    ) -> Result<File, StoreError> {
        let (_, document) = self.library.open_page(page.id)?;
        let name = names.name(&page.title, "Page");
        let text = sotto_exchange::page(&page.title, &document, form);
        Ok(File { name: format!("{folder}{name}.{}", form.extension()), text })
    }

    fn file(
        &self,
        conversation: Conversation,
        project: Option<&str>,
        form: Form,
        folder: &str,
        names: &mut Names,
    ) -> Result<File, StoreError> {
        let messages = self.library.all_messages(conversation.id)?;
        let talk = Talk { conversation, project: project.map(str::to_owned), messages };
        let name = names.name(talk.title(), "Conversation");
        Ok(File { name: format!("{folder}{name}.{}", form.extension()), text: talk.write(form) })
    }
}

/// Whether anything was said or typed in it.
fn has_words(conversation: &Conversation) -> bool {
    conversation.head.is_some() || !conversation.draft.trim().is_empty()
}
