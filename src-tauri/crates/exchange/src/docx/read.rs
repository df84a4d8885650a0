//! A Word file as a page: headings, emphasis, lists, quotes, links, notes, comments and tracked
//! changes; its looks are dropped.

use std::collections::HashMap;

use sotto_manuscript::{Comment, Mark};

use super::comments;
use super::drawing::{Drawn, part_of};
use super::styles::{Lists, Meaning, Styles, outline};
use crate::{
    archive::Archive,
    builder::{Builder, Line},
    gathering::{Gathering, ImportError, TrackedChanges},
    listing::Listing,
    notes::{self, Notes},
    picture::waiting,
    xml::{Attributes, Pieces, Xml},
};

pub(crate) fn read(bytes: &[u8], name: &str, gathering: &mut Gathering<'_>) -> Result<(), ImportError> {
    // A Word file with a password is no archive, but a file of an older kind.
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(ImportError::Locked);
    }
    let mut archive = Archive::open(bytes)?;
    let body = archive.text("word/document.xml")?.ok_or(ImportError::Damaged)?;
    let mut part = |name: &str| archive.text(&format!("word/{name}"));
    let styles = part("styles.xml")?.map(|xml| Styles::read(&xml)).unwrap_or_default();
    let lists = part("numbering.xml")?.map(|xml| Lists::read(&xml)).unwrap_or_default();
    let links = part("_rels/document.xml.rels")?.map(|xml| links(&xml)).unwrap_or_default();
    let mut beside = HashMap::new();
    for (file, element) in [("footnotes.xml", "footnote"), ("endnotes.xml", "endnote")] {
        if let Some(xml) = part(file)? {
            texts(&xml, element, &mut beside);
        }
    }
    let extended = part("commentsExtended.xml")?;
    let comments =
        part("comments.xml")?.map(|xml| comments::read(&xml, extended.as_deref())).unwrap_or_default();
    let (builder, changes) = (gathering.builder(), gathering.changes);
    let mut file = |path: &str| gathering.picture(archive.picture(path)?);
    let mut reader = Reader {
        file: &mut file,
        caption: String::new(),
        changes,
        styles,
        lists,
        links,
        beside,
        comments,
        builder,
        listing: Listing::default(),
        notes: Notes::default(),
        title: String::new(),
        paragraph: Paragraph::default(),
        run: Run::default(),
        link: None,
        quote: None,
        joined: false,
        inserted: 0,
        deleted: 0,
        seen: Seen::default(),
    };
    let mut pieces = Pieces::new(&body);
    reader.body(&mut pieces);
    let Reader { builder, notes, title, seen, .. } = reader;
    if pieces.broken {
        gathering.say("The file is damaged: what stands behind the damage is missing.".into());
    }
    gathering.pictures(seen.pictures);
    gathering.tables(seen.tables);
    if seen.changes > 0 {
        let (what, how) = match gathering.changes {
            TrackedChanges::Accept => ("accepted", "with them"),
            TrackedChanges::Reject => ("rejected", "without them"),
        };
        let whose =
            if seen.authors.is_empty() { String::new() } else { format!(" by {}", seen.authors.join(", ")) };
        gathering.say(format!("Tracked changes{whose} were taken as {what}: the page is the text {how}."));
    }
    let title = if title.trim().is_empty() { name } else { &title };
    gathering.page(title, "", builder);
    notes.comments(title, gathering);
    Ok(())
}

/// Where links lead, by their numbers.
fn links(xml: &str) -> HashMap<String, String> {
    let mut links = HashMap::new();
    for piece in Pieces::new(xml) {
        if let Xml::Start(name, attributes) = piece
            && name == "Relationship"
            && let (Some(id), Some(target)) = (attributes.get("Id"), attributes.get("Target"))
        {
            links.insert(id.to_owned(), target.to_owned());
        }
    }
    links
}

/// The words of notes, by kind and number.
fn texts(xml: &str, element: &str, into: &mut HashMap<(String, String), String>) {
    let mut open: Option<(String, String)> = None;
    let mut words = false;
    for piece in Pieces::new(xml) {
        match piece {
            Xml::Start(name, attributes) if name == element => {
                let id = attributes.get("id").unwrap_or_default().to_owned();
                // Lines that separate notes are notes to Word.
                let is_note = matches!(attributes.get("type"), None | Some("normal"));
                open = is_note.then_some((id, String::new()));
            }
            Xml::Start(name, _) => words = name == "t",
            Xml::Text(text) if words => {
                if let Some((_, all)) = &mut open {
                    all.push_str(&text);
                }
            }
            Xml::Text(_) => {}
            Xml::End(name) => {
                words = false;
                match name.as_str() {
                    "p" => {
                        if let Some((_, all)) = &mut open {
                            all.push(' ');
                        }
                    }
                    name if name == element => {
                        if let Some((id, text)) = open.take() {
                            into.insert((element.to_owned(), id), text);
                        }
                    }
                    _ => {}
                }
            }
        }
    }
}

/// What a paragraph says of itself before its words come.
#[derive(Default)]
struct Paragraph {
    meaning: Option<Meaning>,
    list: Option<String>,
    level: usize,
    /// Its end was inserted or deleted, and is tracked.
    end_inserted: bool,
    end_deleted: bool,
    begun: bool,
}

/// What words say of themselves.
#[derive(Default)]
struct Run {
    em: Option<bool>,
    strong: Option<bool>,
    strike: bool,
    hidden: bool,
    meaning: Option<Meaning>,
}

/// What is said at the end.
#[derive(Default)]
struct Seen {
    pictures: usize,
    tables: usize,
    changes: usize,
    authors: Vec<String>,
}

struct Reader<'f> {
    /// Takes a picture by its path; its name until it is kept.
    file: &'f mut dyn FnMut(&str) -> Option<String>,
    /// What is being read of the words below a picture.
    caption: String,
    changes: TrackedChanges,
    styles: Styles,
    lists: Lists,
    links: HashMap<String, String>,
    beside: HashMap<(String, String), String>,
    /// Those that were not met yet, by their numbers.
    comments: HashMap<String, Comment>,
    builder: Builder,
    listing: Listing,
    notes: Notes,
    title: String,
    paragraph: Paragraph,
    run: Run,
    link: Option<String>,
    /// The depth at which a quote was opened that goes on.
    quote: Option<usize>,
    /// The paragraph goes on with the one before: what ended that is gone.
    joined: bool,
    inserted: usize,
    deleted: usize,
    seen: Seen,
}

impl Reader<'_> {
    fn body(&mut self, pieces: &mut Pieces<'_>) {
        let (mut words, mut of_paragraph) = (false, false);
        while let Some(piece) = pieces.next() {
            match piece {
                Xml::Start(name, attributes) => match name.as_str() {
                    "pPr" => of_paragraph = true,
                    "t" | "delText" => words = true,
                    // How it looked before, what stands in pictures, and the same once more for
                    // older programs.
                    "pPrChange" | "rPrChange" | "sectPr" | "Fallback" | "instrText" => skip(pieces),
                    "drawing" | "pict" | "object" => {
                        let drawn = Drawn::read(pieces);
                        self.picture(drawn);
                    }
                    _ => self.start(&name, &attributes, of_paragraph),
                },
                Xml::End(name) => match name.as_str() {
                    "pPr" => of_paragraph = false,
                    "t" | "delText" => words = false,
                    _ => self.end(&name),
                },
                Xml::Text(text) if words => self.words(&text),
                Xml::Text(_) => {}
            }
        }
        self.listing.end(&mut self.builder);
        self.builder.close_to(0);
    }

    fn start(&mut self, name: &str, attributes: &Attributes, of_paragraph: bool) {
        let value = attributes.get("val").unwrap_or_default();
        // An element without a value says yes.
        let on = !matches!(value, "0" | "false" | "off" | "none");
        match name {
            "p" => self.paragraph = Paragraph::default(),
            "pStyle" => self.paragraph.meaning = self.styles.meaning(value),
            "outlineLvl" if of_paragraph && self.paragraph.meaning.is_none() => {
                self.paragraph.meaning = outline(value);
            }
            "numId" if of_paragraph => self.paragraph.list = (value != "0").then(|| value.to_owned()),
            "ilvl" if of_paragraph => self.paragraph.level = value.parse().unwrap_or_default(),
            "ins" | "moveTo" | "del" | "moveFrom" => {
                self.tracked(attributes);
                let inserted = matches!(name, "ins" | "moveTo");
                match (of_paragraph, inserted) {
                    (true, true) => self.paragraph.end_inserted = true,
                    (true, false) => self.paragraph.end_deleted = true,
                    (false, true) => self.inserted += 1,
                    (false, false) => self.deleted += 1,
                }
            }
            "r" => self.run = Run::default(),
            "i" if !of_paragraph => self.run.em = Some(on),
            "b" if !of_paragraph => self.run.strong = Some(on),
            "strike" | "dstrike" if !of_paragraph => self.run.strike |= on,
            "vanish" if !of_paragraph => self.run.hidden = on,
            "rStyle" if !of_paragraph => self.run.meaning = self.styles.meaning(value),
            "br" | "cr"
                if attributes.get("type").is_none_or(|kind| kind == "textWrapping") && self.begin() =>
            {
                self.builder.hard_break();
            }
            "tab" if !of_paragraph && !self.builder.at_line_start() => self.words(" "),
            "noBreakHyphen" => self.words("\u{2011}"),
            "hyperlink" => {
                self.link = attributes.get("id").and_then(|id| self.links.get(id)).cloned();
            }
            "footnoteReference" | "endnoteReference" => {
                let key = (
                    name.trim_end_matches("Reference").to_owned(),
                    attributes.get("id").unwrap_or_default().to_owned(),
                );
                if let Some(text) = self.beside.get(&key).cloned()
                    && self.begin()
                {
                    self.builder.set_marks(vec![]);
                    self.builder.footnote(&text);
                }
            }
            "commentRangeStart" => {
                if let Some(comment) = attributes.get("id").and_then(|id| self.comments.remove(id)) {
                    self.builder.open_comment(comment);
                }
            }
            "commentRangeEnd" | "commentReference" => {
                let id = attributes.get("id").unwrap_or_default();
                // One without a beginning is of the word that it stands behind.
                if let Some(comment) = self.comments.remove(id) {
                    self.builder.open_comment(comment);
                }
                if let Some(Comment { author, text, .. }) = self.builder.close_comment(id) {
                    let author = author.unwrap_or_default();
                    self.notes.comment(notes::Comment { author, about: String::new(), text });
                }
            }
            "tbl" => self.seen.tables += 1,
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "p" => self.end_paragraph(),
            "ins" | "moveTo" => self.inserted = self.inserted.saturating_sub(1),
            "del" | "moveFrom" => self.deleted = self.deleted.saturating_sub(1),
            "hyperlink" => self.link = None,
            _ => {}
        }
    }

    fn tracked(&mut self, attributes: &Attributes) {
        self.seen.changes += 1;
        let author = attributes.get("author").unwrap_or_default().trim();
        if !author.is_empty()
            && self.seen.authors.len() < 5
            && self.seen.authors.iter().all(|one| one != author)
        {
            self.seen.authors.push(author.chars().take(60).collect());
        }
    }

    /// Whether the words that come are not taken.
    fn is_gone(&self) -> bool {
        let gone = match self.changes {
            TrackedChanges::Accept => self.deleted > 0,
            TrackedChanges::Reject => self.inserted > 0,
        };
        gone || self.run.hidden
    }

    fn picture(&mut self, Drawn { link, alt }: Drawn) {
        if self.is_gone() {
            return;
        }
        let path = link.and_then(|link| self.links.get(&link)).and_then(|target| part_of(target));
        let Some(file) = path.and_then(|path| (self.file)(&path)) else {
            self.seen.pictures += 1;
            if !alt.trim().is_empty() {
                self.words(&format!("[Picture: {}]", alt.trim()));
            }
            return;
        };
        // In a paragraph of its own it stands where the paragraph's words would.
        if !self.paragraph.begun && !self.joined && self.paragraph.list.is_none() {
            self.place();
        }
        self.builder.picture(waiting(file, &alt));
    }

    /// Begins the paragraph with its first word; `false` where the words are not taken.
    fn begin(&mut self) -> bool {
        if self.is_gone() {
            return false;
        }
        if std::mem::replace(&mut self.paragraph.begun, true) {
            return true;
        }
        if std::mem::take(&mut self.joined) && self.builder.line().is_some() {
            return true;
        }
        self.place();
        let meaning = self.paragraph.meaning;
        self.builder.begin_line(match meaning {
            Some(Meaning::Title) => Line::Heading(1),
            Some(Meaning::Heading(level)) => Line::Heading(level),
            Some(Meaning::Code) => Line::Code,
            _ => Line::Paragraph,
        });
        true
    }

    /// Opens the list or quote that the paragraph stands in, and closes those that it does not.
    fn place(&mut self) {
        self.builder.end_words();
        let quoted = self.paragraph.meaning == Some(Meaning::Quote);
        if !quoted && let Some(depth) = self.quote.take() {
            self.builder.close_to(depth);
        }
        let Paragraph { list, level, meaning, .. } = &self.paragraph;
        match (list, meaning) {
            (Some(list), _) => {
                let order = self.lists.order(list, *level);
                self.listing.item(&mut self.builder, *level, order);
            }
            (None, Some(Meaning::Continues(level))) if self.listing.goes_on(&mut self.builder, *level) => {}
            _ => self.listing.end(&mut self.builder),
        }
        if quoted && self.quote.is_none() {
            self.quote = Some(self.builder.depth());
            self.builder.quote();
        }
    }

    fn words(&mut self, text: &str) {
        let first = self.paragraph.meaning == Some(Meaning::Title) && self.builder.is_empty();
        if first && !self.paragraph.begun && self.deleted == 0 {
            return self.title.push_str(text);
        }
        if self.paragraph.meaning == Some(Meaning::Caption)
            && !self.paragraph.begun
            && self.builder.has_room_for_caption()
        {
            if !self.is_gone() {
                self.caption.push_str(text);
            }
            return;
        }
        if !self.begin() {
            return;
        }
        let run = &self.run;
        let mut marks = Vec::new();
        if run.em.unwrap_or(run.meaning == Some(Meaning::Em)) {
            marks.push(Mark::Em {});
        }
        if run.strong.unwrap_or(run.meaning == Some(Meaning::Strong)) {
            marks.push(Mark::Strong {});
        }
        if run.strike {
            marks.push(Mark::Strike {});
        }
        if run.meaning == Some(Meaning::CodeWords) {
            marks.push(Mark::Code {});
        }
        self.builder.set_marks(marks);
        if let Some(link) = &self.link {
            self.builder.link(link);
        }
        self.builder.text(text);
    }

    fn end_paragraph(&mut self) {
        let gone = match self.changes {
            TrackedChanges::Accept => self.paragraph.end_deleted,
            TrackedChanges::Reject => self.paragraph.end_inserted,
        };
        if gone {
            self.joined = self.paragraph.begun || self.joined;
            return;
        }
        if self.paragraph.begun || self.joined {
            self.builder.end_words();
        }
        if !self.caption.is_empty() {
            self.builder.caption(&std::mem::take(&mut self.caption));
        }
        self.joined = false;
    }
}

/// Passes over an element that has just begun.
fn skip(pieces: &mut Pieces<'_>) {
    let mut depth = 1;
    for piece in pieces.by_ref() {
        match piece {
            Xml::Start(..) => depth += 1,
            Xml::End(_) => depth -= 1,
            Xml::Text(_) => {}
        }
        if depth == 0 {
            return;
        }
    }
}
