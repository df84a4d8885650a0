//! What is written goes out as files that any program reads, and comes in from those that others
//! wrote: Word, `OpenDocument`, RTF, EPUB, HTML, Markdown, text, and a folder of Scrivener's.
//!
//! Nothing here reads a disk, a database or a network: bytes in, documents out, and back. What
//! comes in is not trusted: it is read within limits, and ends in a document or in a sentence. An
//! HTML file of ours runs nothing and fetches nothing, whatever is written in it.

mod annotations;
mod archive;
mod book;
mod builder;
mod chats;
mod comments;
mod conversation;
mod dates;
mod docx;
mod epub;
mod gathering;
mod html;
mod import;
mod imported_pictures;
mod json;
mod limits;
mod listing;
mod markdown;
mod names;
mod notes;
mod odt;
mod page;
mod pdf;
mod picture;
mod pictures;
mod plain;
mod read;
mod record;
mod revision;
mod rtf;
mod scrivener;
mod text;
mod web;
mod write;
mod xml;

use serde::Deserialize;
use specta::Type;

pub use book::{Book, Chapter, PictureFiles};
pub use chats::{By, Chat, ChatArchive, ChatsEnd, Found, Said, read_chats, read_jan};
pub use conversation::Talk;
pub use gathering::{ImportError, Imported, ImportedPage, TrackedChanges};
pub use import::import;
pub use limits::LONGEST_FILE;
pub use names::Names;
pub use read::{from_markdown, from_text};
pub use scrivener::import_scrivener;
pub use text::decode;
pub use write::notes;

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Form {
    /// Plain text with Markdown's marks.
    Markdown,
    /// A page for any browser.
    Html,
    /// Everything that is known, for programs.
    Json,
    /// Words alone.
    Text,
    /// Word's.
    Docx,
    /// Word's, in Standard Manuscript Format.
    Manuscript,
    /// A book for readers of such.
    Epub,
    /// Pages as they are printed.
    Pdf,
    /// Markdown with who wrote what at its end, as iA's Markdown Annotations.
    Annotated,
    /// Where the words came from, for people to read: HTML.
    Record,
}

impl Form {
    /// What people call such a file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Markdown | Self::Annotated => "Markdown",
            Self::Html | Self::Record => "HTML",
            Self::Json => "JSON",
            Self::Text => "Plain text",
            Self::Docx | Self::Manuscript => "Word",
            Self::Epub => "EPUB",
            Self::Pdf => "PDF",
        }
    }

    /// What the name of such a file ends with.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Markdown | Self::Annotated => "md",
            Self::Html | Self::Record => "html",
            Self::Json => "json",
            Self::Text => "txt",
            Self::Docx | Self::Manuscript => "docx",
            Self::Epub => "epub",
            Self::Pdf => "pdf",
        }
    }
}

/// One file, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name, in its folder where it has one; every part is a name that all systems take.
    pub name: String,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// The letters of a book that a PDF of ours cannot show, each once, at most ten.
pub fn unprintable(book: &Book) -> Vec<char> {
    pdf::unprintable(book)
}

#[cfg(test)]
mod tests;
