//! `OpenDocument`'s text, as `LibreOffice` writes it.

mod styles;

use std::collections::{HashMap, HashSet};

use crate::{
    archive::{Archive, resolved},
    builder::{Builder, Line},
    comments::comment,
    dates,
    gathering::{Gathering, ImportError, TrackedChanges},
    notes::{self, Notes},
    picture::waiting,
    xml::{Attributes, Pieces, Xml},
};
use styles::Styles;

pub(crate) fn read(bytes: &[u8], name: &str, gathering: &mut Gathering<'_>) -> Result<(), ImportError> {
    let mut archive = Archive::open(bytes)?;
    if archive.text("META-INF/manifest.xml")?.is_some_and(|manifest| manifest.contains("encryption-data")) {
        return Err(ImportError::Locked);
    }
    let content = archive.text("content.xml")?.ok_or(ImportError::Damaged)?;
    let mut styles = Styles::default();
    if let Some(xml) = archive.text("styles.xml")? {
        styles.read(&xml);
    }
    styles.read(&content);
    let (reject, builder) = (gathering.changes == TrackedChanges::Reject, gathering.builder());
    let mut file = |path: &str| gathering.picture(archive.picture(path)?);
    let mut reader = Reader {
        file: &mut file,
        reject,
        styles,
        builder,
        notes: Notes::default(),
        ranges: ranges(&content),
        unnamed: 0,
        containers: vec![],
        marks: vec![],
        hidden: HashSet::new(),
        regions: HashMap::new(),
        aside: None,
        title: String::new(),
        in_title: false,
        pictures: 0,
        tables: 0,
    };
    let mut pieces = Pieces::new(&content);
    reader.all(&mut pieces);
    let Reader { builder, notes, title, pictures, tables, regions, .. } = reader;
    if pieces.broken {
        gathering.say("The file is damaged: what stands behind the damage is missing.".into());
    }
    gathering.pictures(pictures);
    gathering.tables(tables);
    if !regions.is_empty() {
        let how = match gathering.changes {
            TrackedChanges::Accept => "accepted: the page is the text with them",
            TrackedChanges::Reject => "rejected: the page is the text without them",
        };
        gathering.say(format!("Tracked changes were taken as {how}."));
    }
    let title = if title.trim().is_empty() { name } else { &title };
    gathering.page(title, "", builder);
    notes.comments(title, gathering);
    Ok(())
}

/// The comments that end somewhere else than they begin.
fn ranges(xml: &str) -> HashSet<String> {
    let all = Pieces::new(xml).filter_map(|piece| match piece {
        Xml::Start(name, attributes) if name == "annotation-end" => attributes.get("name").map(str::to_owned),
        _ => None,
    });
    all.collect()
}

/// What is read besides the text.
enum Aside {
    Note(String),
    Comment(Remark),
    /// A change: its number, its words where they were deleted, and whether they were.
    Region {
        id: String,
        text: String,
        deleted: bool,
        inserted: bool,
        /// Who changed it, and when: no words of the text.
        whose: bool,
    },
    Frame(Frame),
    /// What is passed over.
    Nothing,
}

/// A picture, as a text speaks of it.
#[derive(Default)]
struct Frame {
    path: Option<String>,
    alt: String,
    /// What is to be seen in it is being read.
    says: bool,
}

impl Frame {
    fn look(&mut self, name: &str, attributes: &Attributes) {
        self.says = matches!(name, "desc" | "title");
        if self.says && !self.alt.is_empty() {
            self.alt.push(' ');
        }
        if name == "image" && self.path.is_none() {
            self.path = attributes.get("href").map(str::to_owned);
        }
    }
}

#[derive(Default)]
struct Remark {
    name: String,
    author: String,
    date: String,
    text: String,
    resolved: bool,
    /// What is read.
    at: RemarkPart,
}

#[derive(Default, Clone, Copy)]
enum RemarkPart {
    Author,
    Date,
    Text,
    /// The author's initials, and whatever else stands beside.
    #[default]
    Other,
}

struct Reader<'f> {
    /// Takes a picture by its path; its name until it is kept.
    file: &'f mut dyn FnMut(&str) -> Option<String>,
    reject: bool,
    styles: Styles,
    builder: Builder,
    notes: Notes,
    ranges: HashSet<String>,
    /// How many comments had no name.
    unnamed: usize,
    /// The lists that are open, and by what they count; an item's depth stands beside it.
    containers: Vec<(String, usize)>,
    /// For each open span or link: how many marks it set.
    marks: Vec<usize>,
    /// Insertions that are open and not taken.
    hidden: HashSet<String>,
    /// The deleted words of changes; none for insertions.
    regions: HashMap<String, Option<String>>,
    /// What is read beside the text, and the depth at which it began.
    aside: Option<(Aside, usize)>,
    title: String,
    in_title: bool,
    pictures: usize,
    tables: usize,
}

impl Reader<'_> {
    fn all(&mut self, pieces: &mut Pieces<'_>) {
        let (mut depth, mut in_text) = (0, false);
        for piece in pieces.by_ref() {
            match piece {
                Xml::Start(name, attributes) => {
                    depth += 1;
                    if name == "text" && depth == 3 {
                        in_text = true;
                    } else if in_text {
                        self.start(&name, &attributes, depth);
                    }
                }
                Xml::End(name) => {
                    if in_text {
                        self.end(&name, depth);
                    }
                    depth -= 1;
                    if depth < 3 {
                        in_text = false;
                    }
                }
                Xml::Text(text) if in_text => self.text(&collapsed(&text)),
                Xml::Text(_) => {}
            }
        }
        self.builder.end_words();
        self.builder.close_to(0);
    }

    fn start(&mut self, name: &str, attributes: &Attributes, depth: usize) {
        let of_change = || attributes.get("change-id").unwrap_or_default().to_owned();
        if let Some((aside, _)) = &mut self.aside {
            match (aside, name) {
                (Aside::Comment(remark), "creator") => remark.at = RemarkPart::Author,
                (Aside::Comment(remark), "date") => remark.at = RemarkPart::Date,
                (Aside::Comment(remark), "p") => remark.at = RemarkPart::Text,
                (Aside::Frame(frame), name) => frame.look(name, attributes),
                (Aside::Region { whose, .. }, "change-info") => *whose = true,
                (Aside::Region { deleted, .. }, "deletion") => *deleted = true,
                (Aside::Region { inserted, .. }, "insertion") => *inserted = true,
                _ => {}
            }
            return;
        }
        let style = attributes.get("style-name").unwrap_or_default();
        match name {
            "changed-region" => {
                let id = attributes.get("id").unwrap_or_default().to_owned();
                self.aside = Some((
                    Aside::Region { id, text: String::new(), deleted: false, inserted: false, whose: false },
                    depth,
                ));
            }
            "note" => self.aside = Some((Aside::Note(String::new()), depth)),
            "annotation" => {
                let name = attributes.get("name").unwrap_or_default().to_owned();
                let resolved = attributes.get("resolved") == Some("true");
                self.aside = Some((Aside::Comment(Remark { name, resolved, ..Remark::default() }), depth));
            }
            "annotation-end" => self.close_comment(attributes.get("name").unwrap_or_default()),
            "sequence-decls" | "forms" | "variable-decls" => self.aside = Some((Aside::Nothing, depth)),
            "frame" | "image" | "custom-shape" => {
                let mut frame = Frame::default();
                frame.look(name, attributes);
                self.aside = Some((Aside::Frame(frame), depth));
            }
            "change-start" => {
                let id = of_change();
                if self.reject && matches!(self.regions.get(&id), Some(None)) {
                    self.hidden.insert(id);
                }
            }
            "change-end" => {
                self.hidden.remove(&of_change());
            }
            "change" => {
                if let (true, Some(Some(text))) = (self.reject, self.regions.get(&of_change())) {
                    let text = text.clone();
                    self.builder.text(&text);
                }
            }
            "h" => {
                self.builder.end_words();
                let level = attributes.get("outline-level").and_then(|level| level.parse().ok()).unwrap_or(1);
                self.builder.begin_line(Line::Heading(level));
            }
            "p" => self.paragraph(style),
            "list" => {
                self.builder.end_words();
                let outer = self.containers.last().map(|(style, _)| style.clone());
                let style = if style.is_empty() { outer.unwrap_or_default() } else { style.to_owned() };
                let level = self.containers.len() + 1;
                let order = self.styles.numbers.get(&(style.clone(), level)).copied();
                self.containers.push((style, self.builder.depth()));
                self.builder.list(order);
            }
            "list-item" | "list-header" => {
                self.builder.end_words();
                self.builder.item();
            }
            "span" => {
                let marks = self.styles.marks(style);
                self.marks.push(marks.len());
                for mark in marks {
                    self.builder.mark(mark);
                }
            }
            "a" => {
                self.marks.push(1);
                self.builder.link(attributes.get("href").unwrap_or_default());
            }
            "s" => {
                let count = attributes.get("c").and_then(|count| count.parse::<usize>().ok()).unwrap_or(1);
                self.text(&" ".repeat(count.min(100)));
            }
            "tab" => self.text(" "),
            "line-break" => self.builder.hard_break(),
            "table" => {
                self.builder.end_words();
                self.tables += 1;
            }
            _ => {}
        }
    }

    fn paragraph(&mut self, style: &str) {
        self.builder.end_words();
        if self.styles.is(style, &["Title"]) && self.builder.is_empty() {
            self.in_title = true;
            return;
        }
        let quoted = self.styles.is(style, &["Quotations"]);
        if quoted {
            self.builder.quote();
        }
        self.marks.push(usize::from(quoted));
        self.builder.begin_line(if self.styles.is(style, &["Preformatted_20_Text"]) {
            Line::Code
        } else {
            Line::Paragraph
        });
        // The marks of a whole paragraph are its looks, and are dropped with them.
    }

    fn end(&mut self, name: &str, depth: usize) {
        if let Some((aside, began)) = &mut self.aside {
            if *began == depth {
                if let Some((aside, _)) = self.aside.take() {
                    self.end_aside(aside);
                }
                return;
            }
            match (aside, name) {
                (Aside::Comment(remark), "creator" | "date") => remark.at = RemarkPart::Other,
                (Aside::Comment(remark), "p") => {
                    remark.text.push('\n');
                    remark.at = RemarkPart::Other;
                }
                (Aside::Region { whose, .. }, "change-info") => *whose = false,
                (Aside::Note(text), "p") => text.push(' '),
                _ => {}
            }
            return;
        }
        match name {
            "p" if std::mem::take(&mut self.in_title) => {}
            "p" => {
                self.builder.end_words();
                if self.marks.pop() == Some(1) {
                    self.builder.close_last();
                }
            }
            "h" => self.builder.end_words(),
            "span" | "a" => {
                for _ in 0..self.marks.pop().unwrap_or_default() {
                    self.builder.unmark();
                }
            }
            "list-item" | "list-header" => {
                self.builder.end_words();
                if let Some((_, depth)) = self.containers.last() {
                    self.builder.close_to(depth + 1);
                }
            }
            "list" => {
                self.builder.end_words();
                if let Some((_, depth)) = self.containers.pop() {
                    self.builder.close_to(depth);
                }
            }
            _ => {}
        }
    }

    /// Ends a comment by its name.
    fn close_comment(&mut self, name: &str) {
        let id: String = name.chars().filter(char::is_ascii_alphanumeric).take(30).collect();
        if let Some(comment) = self.builder.close_comment(&id) {
            let author = comment.author.unwrap_or_default();
            self.notes.comment(notes::Comment { author, about: String::new(), text: comment.text });
        }
    }

    fn end_aside(&mut self, aside: Aside) {
        match aside {
            Aside::Note(text) => {
                // Its number is its own first word.
                let text = text.trim_start_matches(|c: char| c.is_ascii_digit()).trim().to_owned();
                self.builder.footnote(&text);
            }
            Aside::Comment(Remark { name, author, date, text, resolved, .. }) => {
                let ranged = self.ranges.contains(&name);
                // One without a name is of the word that it stands behind.
                self.unnamed += usize::from(name.is_empty());
                let id = if name.is_empty() { format!("here{}", self.unnamed) } else { name };
                if let Some(comment) = comment(&id, &author, dates::parse(&date), &text, resolved) {
                    self.builder.open_comment(comment);
                    if !ranged {
                        self.close_comment(&id);
                    }
                }
            }
            Aside::Region { id, text, deleted, inserted, .. } => {
                if deleted || inserted {
                    self.regions.insert(id, deleted.then_some(text));
                }
            }
            Aside::Frame(Frame { path, alt, .. }) => {
                let path = path.filter(|path| !path.contains(':'));
                if !self.hidden.is_empty() {
                    return;
                }
                if let Some(file) = path.and_then(|path| (self.file)(&resolved("", &path))) {
                    self.builder.picture(waiting(file, &alt));
                } else {
                    self.pictures += 1;
                    if !alt.trim().is_empty() {
                        self.builder.text(&format!("[Picture: {}]", alt.trim()));
                    }
                }
            }
            Aside::Nothing => {}
        }
    }

    fn text(&mut self, text: &str) {
        match &mut self.aside {
            Some((Aside::Comment(remark), _)) => match remark.at {
                RemarkPart::Author => remark.author.push_str(text),
                RemarkPart::Date => remark.date.push_str(text),
                RemarkPart::Text => remark.text.push_str(text),
                RemarkPart::Other => {}
            },
            Some((Aside::Frame(frame), _)) if frame.says => frame.alt.push_str(text),
            Some((Aside::Note(all) | Aside::Region { text: all, deleted: true, whose: false, .. }, _)) => {
                all.push_str(text);
            }
            Some(_) => {}
            None if self.in_title => self.title.push_str(text),
            None if !self.hidden.is_empty() => {}
            // Spaces between elements are the file's own.
            None if self.builder.line().is_none() => {}
            None => self.builder.text(text),
        }
    }
}

/// Runs of spaces are one; those that count have elements of their own.
fn collapsed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let c = if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c };
        if c != ' ' || !out.ends_with(' ') {
            out.push(c);
        }
    }
    out
}
