//! What comes in is gathered here, whatever kind of file it is read from: pages, and sentences on
//! what could not be taken.

use std::collections::BTreeMap;

use sotto_manuscript::{Block, Document, How, Inline, Level, Origin};

use crate::{
    builder::Builder,
    limits::{LONGEST_PICTURE, LONGEST_PICTURES, MOST_PAGES, MOST_PICTURES, MOST_SENTENCES},
    picture::provisional,
};

/// What becomes of changes that a file keeps apart from its text, as Word's "Track changes" does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TrackedChanges {
    /// The text as if all were accepted.
    #[default]
    Accept,
    /// The text as it was before them.
    Reject,
}

/// What a file became.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// At least one page.
    pub pages: Vec<ImportedPage>,
    /// What could not be taken, or became something else, in sentences.
    pub left_out: Vec<String>,
    /// What its pictures were in the file, by the names that its pages have for them until they are kept.
    pub(crate) pictures: BTreeMap<String, Vec<u8>>,
}

/// One page of a file.
#[derive(Debug, PartialEq, Eq)]
pub struct ImportedPage {
    /// Its title.
    pub title: String,
    /// The heading that it stands under; empty for none.
    pub part: String,
    /// Its text, marked as imported.
    pub document: Document,
}

/// Why a file became no page. Each goes on after the file's name: "“a.docx” is damaged".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Nobody here reads this kind.
    #[error(
        "is of a kind that cannot become a page. Word (.docx), OpenDocument (.odt), RTF, EPUB, HTML, Markdown, text and Scrivener's folders can"
    )]
    Unknown,
    /// It is broken, or not what its name says.
    #[error("is damaged, or not what its name says")]
    Damaged,
    /// It is larger than a book.
    #[error("is too large, or unpacks to more than a book can be")]
    TooLarge,
    /// It wants a password.
    #[error("is protected with a password. Save it without one, then import it again")]
    Locked,
    /// Nothing to read stands in it.
    #[error("has no text in it")]
    Empty,
}

/// What is gathered while a file is read.
pub(crate) struct Gathering<'a> {
    /// The file's name.
    pub name: &'a str,
    pub changes: TrackedChanges,
    pub imported: Imported,
}

impl Gathering<'_> {
    pub fn builder(&self) -> Builder {
        Builder::new(Some(imported(self.name)))
    }

    /// Adds a page, unless nothing stands on it.
    pub fn page(&mut self, title: &str, part: &str, builder: Builder) {
        if builder.is_empty() {
            return;
        }
        if self.imported.pages.len() >= MOST_PAGES {
            self.say(format!("Only the first {MOST_PAGES} pages were taken."));
            return;
        }
        let title = one_line(title);
        if builder.is_full() {
            self.say(format!("“{title}” is longer than a page can be. Its end was left out."));
        }
        let part = one_line(part);
        let mut document = builder.finish();
        untitle(&mut document, &title);
        self.imported.pages.push(ImportedPage { title, part, document });
    }

    /// Says once what could not be taken.
    pub fn say(&mut self, sentence: String) {
        let said = &mut self.imported.left_out;
        if said.len() < MOST_SENTENCES && !said.contains(&sentence) {
            said.push(sentence);
        }
    }

    /// Takes what a picture is in the file; its name, until it is kept. `None` beyond the limits.
    pub fn picture(&mut self, bytes: Vec<u8>) -> Option<String> {
        let known = &mut self.imported.pictures;
        let room = LONGEST_PICTURES.saturating_sub(known.values().map(|one| one.len() as u64).sum());
        if bytes.is_empty() || bytes.len() as u64 > LONGEST_PICTURE.min(room) || known.len() >= MOST_PICTURES
        {
            return None;
        }
        let name = provisional(&bytes);
        known.insert(name.clone(), bytes);
        Some(name)
    }

    /// Says how many pictures are missing.
    pub fn pictures(&mut self, count: usize) {
        match count {
            0 => {}
            1 => self.say("A picture was left out.".into()),
            _ => self.say(format!("{count} pictures were left out.")),
        }
    }

    /// Says what became of tables.
    pub fn tables(&mut self, count: usize) {
        match count {
            0 => {}
            1 => self.say("A table became lines of text.".into()),
            _ => self.say(format!("{count} tables became lines of text.")),
        }
    }
}

/// A heading at the beginning that says the title once more is the title.
fn untitle(document: &mut Document, title: &str) {
    if let [Block::Heading { attrs: Level { level: 1 }, content }, _, ..] = &*document.blocks
        && let [Inline::Text { text, .. }] = &**content
        && one_line(text) == title
    {
        document.blocks.remove(0);
    }
}

/// A title: one line, not endless.
pub(crate) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(200).collect()
}

/// The name without its ending, and its ending in small letters.
pub(crate) fn split_name(name: &str) -> (&str, String) {
    match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => (stem, ending.to_lowercase()),
        _ => (name, String::new()),
    }
}

/// The longest name of a file that is kept with its words, in bytes.
const LONGEST_NAME: usize = 190;

/// Of words that came from a file of this name.
pub(crate) fn imported(name: &str) -> Origin {
    let end = (0..=LONGEST_NAME.min(name.len())).rev().find(|end| name.is_char_boundary(*end));
    let name = name[..end.unwrap_or_default()].to_owned();
    Origin { how: How::Imported, who: (!name.is_empty()).then_some(name), edited: false }
}
