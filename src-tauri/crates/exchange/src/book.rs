//! Several pages as one file: a part of a project, or all of it.

use std::{collections::BTreeMap, sync::Arc};

use sotto_manuscript::Document;

/// The files of pictures, by the names that documents give them.
pub type PictureFiles = BTreeMap<String, Arc<[u8]>>;

/// Pages that go out together.
#[derive(Debug, Clone, Default)]
pub struct Book {
    /// What it is called: the project's name, or the only page's title.
    pub title: String,
    /// Who wrote it; empty where nobody said.
    pub author: String,
    /// The language it is written in, as `en` or `pt-BR`; empty where it is not known.
    pub language: String,
    /// When it goes out, in milliseconds since 1970, UTC.
    pub written_at: i64,
    /// Its pages, in order.
    pub chapters: Vec<Chapter>,
    /// The files of its pictures. One that is missing goes out as what is said of it.
    pub pictures: PictureFiles,
}

/// One page of a book.
#[derive(Debug, Clone, Default)]
pub struct Chapter {
    /// Its title.
    pub title: String,
    /// The heading that it stands under; empty for none.
    pub part: String,
    /// Its text.
    pub document: Document,
    /// The text as it was before: the way from there goes out as tracked changes, where the form
    /// has such.
    pub before: Option<Document>,
}

impl Book {
    /// The same, with each page's text as `change` makes it.
    pub(crate) fn with(&self, change: impl Fn(&Document) -> Document) -> Self {
        let changed = |chapter: &Chapter| Chapter { document: change(&chapter.document), ..chapter.clone() };
        Self { chapters: self.chapters.iter().map(changed).collect(), ..self.clone() }
    }

    /// Whether it is one page, whose title is the book's.
    pub(crate) fn is_one_page(&self) -> bool {
        matches!(&*self.chapters, [only] if only.title == self.title)
    }

    /// Gives each heading of the book, with its level, and each chapter to `write`, in order.
    pub(crate) fn each(
        &self,
        mut write: impl FnMut(Option<(usize, &str)>, Option<&Chapter>) -> String,
    ) -> String {
        let mut out = String::new();
        if !self.title.is_empty() {
            out += &write(Some((1, &self.title)), None);
        }
        let mut part = "";
        for chapter in &self.chapters {
            if chapter.part != part {
                part = &chapter.part;
                if !part.is_empty() {
                    out += &write(Some((2, part)), None);
                }
            }
            let title =
                (!self.is_one_page() && !chapter.title.is_empty()).then_some((2, chapter.title.as_str()));
            out += &write(title, Some(chapter));
        }
        out
    }
}
