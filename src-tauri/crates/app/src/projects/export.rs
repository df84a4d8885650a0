//! What the user wrote goes out as files.

use std::{fs, io};

use sotto_domain::{Conversation, ConversationId, Page, PageId, Project, ProjectId};
use sotto_exchange::{Book, Chapter, File, Form, Names, PictureFiles, Talk, unprintable};
use sotto_manuscript::Document;
use sotto_store::StoreError;

use super::Projects;

/// What is to go out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// One conversation, also one in the trash.
    Conversation(ConversationId),
    /// One page, also one in the trash.
    Page(PageId),
    /// One page, with the way to it from a version of it as tracked changes where the form has
    /// such.
    Revision {
        /// The page.
        page: PageId,
        /// Its version.
        since: i64,
    },
    /// The pages of a project, or of one heading in it, as one file.
    Pages {
        /// The project.
        project: ProjectId,
        /// The heading; `None`: all.
        part: Option<String>,
    },
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
    /// The letters that a form cannot show.
    #[error(
        "A PDF of Sotto's has no letters for {0}. Export it as a Word file or an EPUB: those are shown with the fonts of whoever reads them."
    )]
    Letters(String),
    /// A file could not be written.
    #[error("The file could not be saved: {0}. Nothing in Sotto was changed.")]
    Write(#[from] io::Error),
}

impl Projects<'_> {
    /// Gives `write` one file after another, and says how many those were. `author`: who wrote it,
    /// for forms that say so; empty where nobody said.
    ///
    /// # Errors
    /// [`ExportError`]; what was given before stays written.
    pub fn export(
        self,
        what: Selection,
        form: Form,
        author: &str,
        mut write: impl FnMut(File) -> io::Result<()>,
    ) -> Result<usize, ExportError> {
        let mut files = 0;
        let mut put = |file: File| {
            files += 1;
            write(file)
        };
        match what {
            Selection::Conversation(id) => {
                let conversation = self.core.library.conversation(id)?;
                let project = match conversation.project {
                    Some(id) => Some(self.core.library.project(id)?.name),
                    None => None,
                };
                put(self.file(conversation, project.as_deref(), form, "", &mut Names::default())?)?;
            }
            Selection::Page(id) => {
                let page = self.core.library.page(id)?;
                put(self.page_file(&page, form, author, "", &mut Names::default())?)?;
            }
            Selection::Revision { page, since } => {
                let (of, before) = self.core.library.version(since)?;
                let (page, document) = self.core.library.open_page(page)?;
                if of != page.id {
                    return Err(StoreError::NotFound.into());
                }
                let chapter = Chapter { before: Some(before), ..chapter(&page, document) };
                put(self.book(&page.title, "Page", vec![chapter], &page.language, author, form)?)?;
            }
            Selection::Pages { project, part } => {
                let project = self.core.library.project(project)?;
                let mut pages = self.core.library.pages()?;
                pages.retain(|page| {
                    page.project == Some(project.id) && part.as_ref().is_none_or(|part| page.part == *part)
                });
                if !pages.is_empty() {
                    let language = pages[0].language.clone();
                    let title = part.unwrap_or(project.name);
                    let mut chapters = Vec::new();
                    for page in &pages {
                        let mut chapter = chapter(page, self.core.library.open_page(page.id)?.1);
                        // The heading is the book's title.
                        if chapter.part == title {
                            chapter.part.clear();
                        }
                        chapters.push(chapter);
                    }
                    put(self.book(&title, "Pages", chapters, &language, author, form)?)?;
                }
            }
            Selection::Project(id) => {
                let project = self.core.library.project(id)?;
                self.export_project(&project, form, author, "", &mut put)?;
            }
            Selection::All => {
                let mut names = Names::default();
                for project in self.core.library.projects()? {
                    let folder = names.name(&project.name, "Project") + "/";
                    self.export_project(&project, form, author, &folder, &mut put)?;
                }
                for page in self.core.library.pages()?.iter().filter(|page| page.project.is_none()) {
                    put(self.page_file(page, form, author, "", &mut names)?)?;
                }
                for conversation in self.core.library.conversations()? {
                    if conversation.project.is_none() && has_words(&conversation) {
                        put(self.file(conversation, None, form, "", &mut names)?)?;
                    }
                }
            }
        }
        Ok(files)
    }

    fn export_project(
        self,
        project: &Project,
        form: Form,
        author: &str,
        folder: &str,
        put: &mut impl FnMut(File) -> io::Result<()>,
    ) -> Result<(), ExportError> {
        let mut names = Names::default();
        if !project.notes.trim().is_empty() {
            let name = names.name("Notes", "Notes");
            let bytes = sotto_exchange::notes(&project.name, &project.notes, form);
            put(File { name: format!("{folder}{name}.{}", form.extension()), bytes })?;
        }
        for page in self.core.library.pages()?.iter().filter(|page| page.project == Some(project.id)) {
            put(self.page_file(page, form, author, folder, &mut names)?)?;
        }
        for conversation in self.core.library.conversations()? {
            if conversation.project == Some(project.id) && has_words(&conversation) {
                put(self.file(conversation, Some(&project.name), form, folder, &mut names)?)?;
            }
        }
        Ok(())
    }

    fn page_file(
        self,
        page: &Page,
        form: Form,
        author: &str,
        folder: &str,
        names: &mut Names,
    ) -> Result<File, ExportError> {
        let (_, document) = self.core.library.open_page(page.id)?;
        let name = names.name(&page.title, "Page");
        // What it stands under is no part of a page that goes out alone.
        let chapter = Chapter { part: String::new(), ..chapter(page, document) };
        let file = self.book(&page.title, "Page", vec![chapter], &page.language, author, form)?;
        Ok(File { name: format!("{folder}{name}.{}", form.extension()), ..file })
    }

    fn book(
        self,
        title: &str,
        untitled: &str,
        chapters: Vec<Chapter>,
        language: &str,
        author: &str,
        form: Form,
    ) -> Result<File, ExportError> {
        let pictures = self.pictures(&chapters);
        let book = Book {
            title: title.to_owned(),
            author: author.trim().to_owned(),
            language: language.to_owned(),
            written_at: (self.core.clock)(),
            chapters,
            pictures,
        };
        let missing = if form == Form::Pdf { unprintable(&book) } else { vec![] };
        if !missing.is_empty() {
            let letters: Vec<String> = missing.iter().map(|letter| format!("“{letter}”")).collect();
            return Err(ExportError::Letters(letters.join(", ")));
        }
        let name = Names::default().name(title, untitled);
        Ok(File { name: format!("{name}.{}", form.extension()), bytes: book.write(form) })
    }

    /// The files of the pictures on these pages. One that is gone goes out as what is said of it.
    fn pictures(self, chapters: &[Chapter]) -> PictureFiles {
        let documents = chapters.iter().flat_map(|one| one.before.iter().chain([&one.document]));
        let mut files = PictureFiles::new();
        for picture in documents.flat_map(Document::pictures) {
            if files.contains_key(&picture.file) {
                continue;
            }
            let Some(path) = self.core.library.picture_file(&picture.file) else { continue };
            if let Ok(bytes) = fs::read(path) {
                files.insert(picture.file.clone(), bytes.into());
            }
        }
        files
    }

    fn file(
        self,
        conversation: Conversation,
        project: Option<&str>,
        form: Form,
        folder: &str,
        names: &mut Names,
    ) -> Result<File, StoreError> {
        let messages = self.core.library.all_messages(conversation.id)?;
        let talk = Talk { conversation, project: project.map(str::to_owned), messages };
        let name = names.name(talk.title(), "Conversation");
        Ok(File { name: format!("{folder}{name}.{}", form.extension()), bytes: talk.write(form) })
    }
}

fn chapter(page: &Page, document: Document) -> Chapter {
    Chapter { title: page.title.clone(), part: page.part.clone(), document, before: None }
}

/// Whether anything was said or typed in it.
fn has_words(conversation: &Conversation) -> bool {
    conversation.head.is_some() || !conversation.draft.trim().is_empty()
}
