//! Pages: their making and changing, and what a model proposes for them.

mod pictures;
mod rewrite;

use sotto_domain::{ConversationId, Page, PageId, ProjectId};
use sotto_exchange::{Imported, ImportedPage, Talk};
use sotto_manuscript::{Document, Piece, Step, Totals, changes};
use sotto_store::{PageHit, StoreError, Why};

use crate::core::Core;

pub use rewrite::{Command, Given, Passage, PassagePart, ProposalEvent};

/// The most hits that a search shows.
const HITS: usize = 30;

/// Pages, and what a model proposes for them.
#[derive(Clone, Copy)]
pub struct Pages<'a> {
    pub(crate) core: &'a Core,
}

impl Pages<'_> {
    /// Begins a page.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn create(
        self,
        project: Option<ProjectId>,
        title: &str,
        document: &Document,
    ) -> Result<Page, StoreError> {
        self.core.library.create_page(project, title, document, (self.core.clock)())
    }

    /// Takes a change of a page in; the revision that this makes.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Stale`] where another window was faster.
    pub fn save(self, id: PageId, base: i64, step: &Step) -> Result<i64, StoreError> {
        self.core.library.save_page(id, base, step, (self.core.clock)())
    }

    /// What stands from block `at` on becomes a page of its own.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Stale`] where another window was faster.
    pub fn split(self, id: PageId, base: i64, at: usize, title: &str) -> Result<Page, StoreError> {
        let now = (self.core.clock)();
        self.core.library.take_version(id, Why::Working, None, now)?;
        self.core.library.split_page(id, base, at, title, now)
    }

    /// The next page of its project comes to the end of a page.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Stale`] where another window was faster.
    pub fn merge(self, id: PageId, base: i64) -> Result<i64, StoreError> {
        let now = (self.core.clock)();
        self.core.library.take_version(id, Why::Working, None, now)?;
        self.core.library.merge_page(id, base, now)
    }

    /// The same page once more, to be changed in another way.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn duplicate(self, id: PageId, title: &str) -> Result<Page, StoreError> {
        self.core.library.duplicate_page(id, title, (self.core.clock)())
    }

    /// Takes a version of a page as it is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn take_version(self, page: PageId, why: Why, name: Option<&str>) -> Result<(), StoreError> {
        self.core.library.take_version(page, why, name, (self.core.clock)())
    }

    /// The way from a version to another, or to its page as it is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn compare(self, version: i64, later: Option<i64>) -> Result<Vec<Piece>, StoreError> {
        let (page, before) = self.core.library.version(version)?;
        let after = match later {
            None => self.core.library.open_page(page)?.1,
            Some(later) => self.core.library.version(later)?.1,
        };
        Ok(changes(&before.text(), &after.text()))
    }

    /// How the words of all pages of a project came; of those without a project, for none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn totals(self, project: Option<ProjectId>) -> Result<Totals, StoreError> {
        let mut all = Totals::default();
        for page in self.core.library.pages()?.iter().filter(|page| page.project == project) {
            all += self.core.library.open_page(page.id)?.1.totals();
        }
        Ok(all)
    }

    /// What was searched for.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn search(self, query: &str) -> Result<Vec<PageHit>, StoreError> {
        self.core.library.search_pages(query, HITS)
    }

    /// Puts a page in the trash; a proposal for it stops.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn trash(self, id: PageId) -> Result<(), StoreError> {
        self.stop(id);
        self.core.library.trash_page(id, (self.core.clock)())
    }

    /// Makes the pages that a file became, in their order, in a project or in none. `go_on` is
    /// asked before each; what was made before it says no stays.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn import(
        self,
        project: Option<ProjectId>,
        imported: &mut Imported,
        mut go_on: impl FnMut() -> bool,
    ) -> Result<Vec<PageId>, StoreError> {
        imported
            .keep_pictures(|picture, bytes| if go_on() { self.keep_imported(picture, bytes) } else { None });
        let mut made = Vec::new();
        for ImportedPage { title, part, document } in &imported.pages {
            if !go_on() {
                break;
            }
            let page = self.create(project, title, document)?;
            if !part.is_empty() {
                self.core.library.set_page_part(page.id, part)?;
            }
            made.push(page.id);
        }
        Ok(made)
    }

    /// Makes a page of a conversation's branch on show, in its project.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::HandsOff`] where no model's text comes onto its pages.
    pub fn from_conversation(self, id: ConversationId) -> Result<Page, StoreError> {
        let conversation = self.core.library.conversation(id)?;
        let project = conversation.project;
        let messages = self.core.library.all_messages(id)?;
        let talk = Talk { conversation, project: None, messages };
        self.create(project, talk.title(), &talk.to_document())
    }
}
