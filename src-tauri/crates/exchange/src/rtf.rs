//! RTF, which every word processor writes: words with emphasis, headings, lists, notes and
//! comments. What a group is about is known by its first word; groups that nobody here knows are
//! passed over, as the format wants it.

mod fonts;

use std::collections::HashMap;

use encoding_rs::{Encoding, WINDOWS_1252};
use sotto_manuscript::Mark;

use crate::{
    builder::{Builder, Line},
    gathering::{Gathering, ImportError, TrackedChanges, split_name},
    limits::DEEPEST_MARKUP,
    listing::Listing,
    notes::{Comment, Notes},
};

pub(crate) fn read(
    bytes: &[u8],
    builder: &mut Builder,
    gathering: &mut Gathering<'_>,
) -> Result<(), ImportError> {
    if !bytes.starts_with(b"{\\rtf") {
        return Err(ImportError::Damaged);
    }
    let mut reader = Reader {
        builder,
        changes: gathering.changes,
        groups: vec![State::default()],
        too_deep: 0,
        bytes: vec![],
        page: WINDOWS_1252,
        fonts: HashMap::new(),
        headings: HashMap::new(),
        style: (0, String::new()),
        skip: 0,
        listing: Listing::default(),
        marker: String::new(),
        notes: Notes::default(),
        note: String::new(),
        author: String::new(),
        field: String::new(),
        begun: false,
        pictures: 0,
        tables: 0,
        changed: false,
        surrogate: None,
    };
    reader.all(bytes);
    let Reader { notes, pictures, tables, changed, .. } = reader;
    gathering.pictures(pictures);
    gathering.tables(usize::from(tables > 0));
    if changed {
        let how = match gathering.changes {
            TrackedChanges::Accept => "accepted: the page is the text with them",
            TrackedChanges::Reject => "rejected: the page is the text without them",
        };
        gathering.say(format!("Tracked changes were taken as {how}."));
    }
    let name = gathering.name.to_owned();
    notes.comments(split_name(&name).0, gathering);
    Ok(())
}

/// Where the words of a group go.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Target {
    #[default]
    Text,
    Nowhere,
    Fonts,
    Styles,
    /// What stands before an item of a list.
    Marker,
    Note,
    Comment,
    Author,
    /// What a field does.
    Field,
}

#[derive(Clone, Default)]
#[allow(clippy::struct_excessive_bools)] // RTF switches each of them by itself
struct State {
    target: Target,
    em: bool,
    strong: bool,
    strike: bool,
    hidden: bool,
    deleted: bool,
    inserted: bool,
    /// How many letters stand for one that old programs do not know.
    fallback: usize,
    font: i32,
    heading: Option<u8>,
    level: usize,
    list: bool,
    link: Option<String>,
}

struct Reader<'b> {
    builder: &'b mut Builder,
    changes: TrackedChanges,
    groups: Vec<State>,
    too_deep: usize,
    /// Letters that are not read yet: some encodings want two for one.
    bytes: Vec<u8>,
    page: &'static Encoding,
    fonts: HashMap<i32, &'static Encoding>,
    headings: HashMap<i32, u8>,
    style: (i32, String),
    skip: usize,
    listing: Listing,
    marker: String,
    notes: Notes,
    note: String,
    author: String,
    field: String,
    begun: bool,
    pictures: usize,
    tables: usize,
    changed: bool,
    surrogate: Option<u16>,
}

impl Reader<'_> {
    fn all(&mut self, bytes: &[u8]) {
        let mut at = 0;
        let mut starred = false;
        while at < bytes.len() {
            let byte = bytes[at];
            at += 1;
            match byte {
                b'{' => {
                    self.flush();
                    self.open();
                }
                b'}' => {
                    self.flush();
                    self.close();
                }
                b'\r' | b'\n' => {}
                b'\\' => {
                    let Some(&next) = bytes.get(at) else { break };
                    if next.is_ascii_alphabetic() {
                        let end = at
                            + bytes[at..]
                                .iter()
                                .take(32)
                                .take_while(|byte| byte.is_ascii_alphabetic())
                                .count();
                        let word = String::from_utf8_lossy(&bytes[at..end]).into_owned();
                        at = end;
                        let sign = usize::from(bytes.get(at) == Some(&b'-'));
                        let digits = bytes[at + sign..]
                            .iter()
                            .take(10)
                            .take_while(|byte| byte.is_ascii_digit())
                            .count();
                        let number = (digits > 0).then(|| {
                            String::from_utf8_lossy(&bytes[at..at + sign + digits])
                                .parse()
                                .unwrap_or_default()
                        });
                        if digits > 0 {
                            at += sign + digits;
                        }
                        if bytes.get(at) == Some(&b' ') {
                            at += 1;
                        }
                        if word == "bin" {
                            at = at.saturating_add(
                                usize::try_from(number.unwrap_or_default()).unwrap_or_default(),
                            );
                        } else {
                            self.word(&word, number, std::mem::take(&mut starred));
                        }
                    } else {
                        at += 1;
                        match next {
                            b'\'' => {
                                let hex = bytes.get(at..at + 2).and_then(|hex| std::str::from_utf8(hex).ok());
                                if let Some(letter) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
                                    at += 2;
                                    self.letter(letter);
                                }
                            }
                            b'*' => starred = true,
                            b'~' => self.symbol('\u{a0}'),
                            b'_' => self.symbol('\u{2011}'),
                            b'\\' | b'{' | b'}' => self.letter(next),
                            b'\r' | b'\n' => self.end_paragraph(),
                            _ => {}
                        }
                    }
                }
                byte => self.letter(byte),
            }
        }
        self.flush();
        self.builder.end_words();
        self.listing.end(self.builder);
    }

    fn state(&mut self) -> &mut State {
        if self.groups.is_empty() {
            self.groups.push(State::default());
        }
        let last = self.groups.len() - 1;
        &mut self.groups[last]
    }

    fn open(&mut self) {
        if self.groups.len() >= DEEPEST_MARKUP {
            self.too_deep += 1;
        } else {
            let state = self.state().clone();
            self.groups.push(state);
        }
    }

    fn close(&mut self) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        if self.groups.len() < 2 {
            return;
        }
        let Some(closed) = self.groups.pop() else { return };
        let around = self.state().target;
        if closed.target == around {
            return;
        }
        match closed.target {
            Target::Note => {
                let note = std::mem::take(&mut self.note);
                if around == Target::Text && !note.trim().is_empty() {
                    self.begin();
                    self.builder.set_marks(vec![]);
                    self.builder.footnote(&note);
                }
            }
            Target::Comment => {
                let (text, author) = (std::mem::take(&mut self.note), self.author.trim().to_owned());
                self.notes.comment(Comment { author, about: String::new(), text });
            }
            Target::Field => {
                let field = std::mem::take(&mut self.field);
                let link = field.trim().strip_prefix("HYPERLINK").and_then(|rest| rest.split('"').nth(1));
                self.state().link = link.map(str::to_owned);
            }
            _ => {}
        }
    }

    #[allow(clippy::too_many_lines)] // One line for each word of RTF's; a list is not split.
    fn word(&mut self, word: &str, number: Option<i32>, starred: bool) {
        if word != "u" {
            self.flush();
        }
        let on = number != Some(0);
        match word {
            "fonttbl" => self.state().target = Target::Fonts,
            "stylesheet" => self.state().target = Target::Styles,
            "footnote" => self.state().target = Target::Note,
            "annotation" => self.state().target = Target::Comment,
            "atnauthor" => {
                self.author.clear();
                self.state().target = Target::Author;
            }
            "fldinst" => self.state().target = Target::Field,
            "listtext" | "pntext" => {
                self.marker.clear();
                self.state().target = Target::Marker;
            }
            "pict" | "object" => {
                if self.state().target != Target::Nowhere {
                    self.pictures += 1;
                }
                self.state().target = Target::Nowhere;
            }
            "shppict" => {}
            "nonshppict" | "colortbl" | "info" | "header" | "headerl" | "headerr" | "headerf" | "footer"
            | "footerl" | "footerr" | "footerf" | "filetbl" | "revtbl" | "listtable"
            | "listoverridetable" | "themedata" | "generator" | "xe" | "tc" | "result" => {
                self.state().target = Target::Nowhere;
            }
            _ if starred => self.state().target = Target::Nowhere,
            _ if self.state().target == Target::Fonts => self.font_table(word, number),
            _ if self.state().target == Target::Styles && word == "s" => {
                self.style = (number.unwrap_or_default(), String::new());
            }
            "ansicpg" => {
                let label = format!("windows-{}", number.unwrap_or(1252));
                self.page = Encoding::for_label(label.as_bytes()).unwrap_or(WINDOWS_1252);
            }
            "f" => self.state().font = number.unwrap_or_default(),
            "plain" => {
                let state = self.state();
                (state.em, state.strong, state.strike, state.hidden) = (false, false, false, false);
                (state.deleted, state.inserted) = (false, false);
            }
            "pard" => {
                let state = self.state();
                (state.heading, state.level, state.list) = (None, 0, false);
            }
            "i" => self.state().em = on,
            "b" => self.state().strong = on,
            "strike" | "striked" => self.state().strike = on,
            "v" => self.state().hidden = on,
            "deleted" => {
                self.changed |= on;
                self.state().deleted = on;
            }
            "revised" => {
                self.changed |= on;
                self.state().inserted = on;
            }
            "s" => {
                let heading = self.headings.get(&number.unwrap_or_default()).copied();
                self.state().heading = heading;
            }
            "outlinelevel" => {
                let level = number.and_then(|level| u8::try_from(level).ok()).filter(|level| *level < 9);
                self.state().heading = level.map(|level| level + 1);
            }
            "ls" => self.state().list = number.is_some_and(|list| list > 0),
            "ilvl" => {
                self.state().level = number.and_then(|level| usize::try_from(level).ok()).unwrap_or_default();
            }
            "uc" => {
                self.state().fallback =
                    number.and_then(|count| usize::try_from(count).ok()).unwrap_or(1).min(8) + 1;
            }
            "u" => self.unicode(number.unwrap_or_default()),
            "par" | "sect" | "row" => self.end_paragraph(),
            "trowd" => self.tables += 1,
            "cell" if self.begun => {
                self.put(" | ");
            }
            "line" | "softline" if self.taken() && self.state().target == Target::Text => {
                self.begin();
                self.builder.hard_break();
            }
            "tab" if self.begun => {
                self.put(" ");
            }
            "emdash" => self.symbol('—'),
            "endash" => self.symbol('–'),
            "lquote" => self.symbol('‘'),
            "rquote" => self.symbol('’'),
            "ldblquote" => self.symbol('“'),
            "rdblquote" => self.symbol('”'),
            "bullet" => self.symbol('•'),
            "emspace" | "enspace" => self.symbol(' '),
            _ => {}
        }
    }

    fn font_table(&mut self, word: &str, number: Option<i32>) {
        match word {
            "f" => self.state().font = number.unwrap_or_default(),
            "fcharset" => {
                if let Some(encoding) = fonts::encoding(number.unwrap_or_default()) {
                    let font = self.state().font;
                    self.fonts.insert(font, encoding);
                }
            }
            _ => {}
        }
    }

    fn letter(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
        } else {
            self.bytes.push(byte);
        }
    }

    fn symbol(&mut self, letter: char) {
        self.flush();
        self.put(letter.encode_utf8(&mut [0; 4]));
    }

    fn unicode(&mut self, number: i32) {
        self.flush();
        // A number over 32,767 is written as a negative one.
        let unit = u16::try_from(number.rem_euclid(0x1_0000)).unwrap_or_default();
        self.skip = self.state().fallback.checked_sub(1).unwrap_or(1);
        let units = match self.surrogate.take() {
            Some(first) => vec![first, unit],
            None if (0xd800..0xdc00).contains(&unit) => {
                self.surrogate = Some(unit);
                return;
            }
            None => vec![unit],
        };
        let text = String::from_utf16_lossy(&units);
        self.put(&text);
    }

    fn flush(&mut self) {
        self.skip = 0;
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let font = self.state().font;
        let encoding = self.fonts.get(&font).copied().unwrap_or(self.page);
        let text = encoding.decode_without_bom_handling(&bytes).0.into_owned();
        self.put(&text);
    }

    /// Whether the words of this place are part of the text as it is wanted.
    fn taken(&mut self) -> bool {
        let changes = self.changes;
        let state = self.state();
        let gone = match changes {
            TrackedChanges::Accept => state.deleted,
            TrackedChanges::Reject => state.inserted,
        };
        !gone && !state.hidden
    }

    fn put(&mut self, text: &str) {
        if !self.taken() {
            return;
        }
        match self.state().target {
            Target::Nowhere | Target::Fonts => {}
            Target::Styles => self.style_name(text),
            Target::Marker => self.marker.push_str(text),
            Target::Note | Target::Comment => self.note.push_str(text),
            Target::Author => self.author.push_str(text),
            Target::Field => self.field.push_str(text),
            Target::Text => {
                if !self.begun && text.trim().is_empty() {
                    return;
                }
                self.begin();
                let State { em, strong, strike, link, .. } = self.state().clone();
                let marks = [(em, Mark::Em {}), (strong, Mark::Strong {}), (strike, Mark::Strike {})];
                self.builder
                    .set_marks(marks.into_iter().filter(|(on, _)| *on).map(|(_, mark)| mark).collect());
                if let Some(link) = link {
                    self.builder.link(&link);
                }
                self.builder.text(&text.replace(['\t', '\u{b}'], " "));
            }
        }
    }

    fn style_name(&mut self, text: &str) {
        let (number, name) = &mut self.style;
        name.push_str(text);
        if let Some((whole, _)) = name.split_once(';') {
            let level =
                whole.trim().to_lowercase().strip_prefix("heading ").and_then(|level| level.parse().ok());
            if let Some(level) = level {
                self.headings.insert(*number, level);
            }
            self.style = (0, String::new());
        }
    }

    fn begin(&mut self) {
        if std::mem::replace(&mut self.begun, true) {
            return;
        }
        let marker = std::mem::take(&mut self.marker);
        let State { heading, level, list, .. } = self.state().clone();
        if list || !marker.trim().is_empty() {
            let ordered = marker.chars().any(char::is_alphanumeric);
            let from = marker.trim().trim_end_matches(['.', ')']).parse().unwrap_or(1);
            self.listing.item(self.builder, level, ordered.then_some(from));
        } else {
            self.listing.end(self.builder);
        }
        self.builder.begin_line(heading.map_or(Line::Paragraph, Line::Heading));
    }

    fn end_paragraph(&mut self) {
        self.flush();
        match self.state().target {
            Target::Text => {
                if std::mem::take(&mut self.begun) {
                    self.builder.end_words();
                }
                self.marker.clear();
            }
            Target::Note | Target::Comment => self.note.push(' '),
            _ => {}
        }
    }
}
