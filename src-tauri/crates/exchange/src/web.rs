//! HTML, from a browser, a word processor or a book: its structure is kept, and the pictures that
//! it brings; its looks and scripts are dropped. Nothing in it is run or fetched.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use html5gum::{DefaultEmitter, HtmlString, Token, Tokenizer, emitters::default::StartTag};
use sotto_manuscript::{Fit, Mark, Picture};

use crate::{
    builder::{Builder, Line},
    gathering::Gathering,
    limits::{DEEPEST_MARKUP, LONGEST_PICTURE},
    picture::waiting,
};

/// Reads all of it; its title.
pub(crate) fn read(
    text: &str,
    builder: &mut Builder,
    gathering: &mut Gathering<'_>,
    lies_at: &mut dyn FnMut(&str) -> Option<Vec<u8>>,
) -> String {
    let mut take = |source: &str| {
        let inline = source.trim().strip_prefix("data:image/");
        let bytes = match inline.and_then(|rest| rest.split_once(";base64,")) {
            Some((_, encoded)) => inline_bytes(encoded)?,
            None if source.contains(':') => return None,
            None => lies_at(source)?,
        };
        gathering.picture(bytes)
    };
    let mut emitter = DefaultEmitter::default();
    // In XHTML an element that closes itself has no end, whatever its name.
    let xhtml = text.trim_start().starts_with("<?xml");
    emitter.naively_switch_states(!xhtml);
    let mut reader = Reader {
        builder,
        take: &mut take,
        open: vec![],
        title: String::new(),
        caption: String::new(),
        half: false,
        pictures: 0,
        tables: 0,
        xhtml,
        above: 0,
    };
    for token in Tokenizer::new_with_emitter(text, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => reader.start(&tag),
            Token::EndTag(tag) => reader.end(&String::from_utf8_lossy(&tag.name)),
            Token::String(text) => reader.text(&String::from_utf8_lossy(&text)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    reader.close(0);
    reader.builder.end_words();
    let Reader { title, pictures, tables, .. } = reader;
    gathering.pictures(pictures);
    gathering.tables(tables);
    title
}

/// What an open element does to what stands in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    Nothing,
    /// A block: its line ends with it.
    Block,
    /// A quote, list or item that was opened at this depth.
    Container(usize),
    /// So many marks.
    Marks(usize),
    /// Nothing in it is read.
    Hidden,
    Title,
    /// What stands below a picture.
    Caption,
    Preformatted,
}

struct Reader<'b> {
    builder: &'b mut Builder,
    /// Takes a picture by where it lies; its name until it is kept.
    take: &'b mut dyn FnMut(&str) -> Option<String>,
    open: Vec<(String, Effect)>,
    title: String,
    caption: String,
    /// The figure that was opened last is half as wide as the text, as we write it.
    half: bool,
    pictures: usize,
    tables: usize,
    xhtml: bool,
    /// How many levels of headings stand above those of the page.
    above: u8,
}

impl Reader<'_> {
    fn is(&self, effect: Effect) -> bool {
        self.open.iter().any(|(_, one)| *one == effect)
    }

    fn start(&mut self, tag: &StartTag<()>) {
        let name = String::from_utf8_lossy(&tag.name).to_ascii_lowercase();
        let name = name.rsplit(':').next().unwrap_or_default();
        let hidden = self.is(Effect::Hidden);
        let empty = tag.self_closing && self.xhtml;
        match name {
            "br" if !hidden => return self.builder.hard_break(),
            "hr" if !hidden => {
                self.builder.end_words();
                return self.builder.scene_break();
            }
            "img" | "image" if !hidden => {
                return self.picture(tag);
            }
            // We write a page's title as a heading above its own.
            "meta"
                if attribute(tag, "name").as_deref() == Some("generator")
                    && attribute(tag, "content").as_deref() == Some("Sotto") =>
            {
                self.above = 1;
                return;
            }
            "br" | "hr" | "img" | "meta" | "link" | "input" | "wbr" | "base" | "col" | "source" => return,
            _ => {}
        }
        if self.open.len() >= DEEPEST_MARKUP {
            return;
        }
        if matches!(name, "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6") {
            self.end_one_of(&["p"]);
        }
        let effect = if hidden { Effect::Nothing } else { self.effect(name, tag) };
        self.open.push((name.to_owned(), effect));
        if empty {
            let at = self.open.len() - 1;
            self.close(at);
        }
    }

    fn picture(&mut self, tag: &StartTag<()>) {
        let alt = attribute(tag, "alt").unwrap_or_default();
        let source =
            attribute(tag, "src").or_else(|| attribute(tag, "href")).or_else(|| attribute(tag, "xlink:href"));
        if let Some(file) = source.and_then(|source| (self.take)(&source)) {
            let half = self.half && self.open.iter().any(|(name, _)| name == "figure");
            let fit = if half { Fit::Half } else { Fit::Text };
            self.builder.picture(Picture { fit, ..waiting(file, &alt) });
        } else {
            self.pictures += 1;
            if !alt.trim().is_empty() {
                self.builder.text(&format!("[Picture: {}]", alt.trim()));
            }
        }
    }

    fn effect(&mut self, name: &str, tag: &StartTag<()>) -> Effect {
        let builder = &mut *self.builder;
        match name {
            "script" | "style" | "template" | "svg" | "math" | "iframe" | "object" | "nav" | "button"
            | "select" | "textarea" | "noscript" | "audio" | "video" | "canvas" => Effect::Hidden,
            "title" => Effect::Title,
            "p" => {
                builder.end_words();
                builder.begin_line(Line::Paragraph);
                Effect::Block
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                builder.end_words();
                let level = name.as_bytes()[1] - b'0';
                builder.begin_line(Line::Heading(level.saturating_sub(self.above).max(1)));
                Effect::Block
            }
            "pre" => {
                builder.end_words();
                builder.begin_line(Line::Code);
                Effect::Preformatted
            }
            "blockquote" | "ul" | "ol" | "li" | "menu" => {
                if name == "li" {
                    self.end_one_of(&["li"]);
                }
                let builder = &mut *self.builder;
                builder.end_words();
                let depth = builder.depth();
                match name {
                    "blockquote" => builder.quote(),
                    "li" => builder.item(),
                    "ol" => {
                        let start = attribute(tag, "start").and_then(|start| start.trim().parse().ok());
                        builder.list(Some(start.unwrap_or(1)));
                    }
                    _ => builder.list(None),
                }
                Effect::Container(depth)
            }
            "figcaption" if builder.has_room_for_caption() => Effect::Caption,
            "figure" => {
                builder.end_words();
                self.half = attribute(tag, "class").as_deref() == Some("half");
                Effect::Block
            }
            "div" | "section" | "article" | "main" | "header" | "footer" | "aside" | "figcaption"
            | "address" | "dl" | "dt" | "dd" | "tr" | "body" | "center" | "form" | "fieldset" => {
                builder.end_words();
                Effect::Block
            }
            "table" => {
                builder.end_words();
                self.tables += 1;
                Effect::Block
            }
            "td" | "th" => {
                if !builder.at_line_start() {
                    builder.text(" | ");
                }
                Effect::Nothing
            }
            "a" => {
                builder.link(&attribute(tag, "href").unwrap_or_default());
                Effect::Marks(1)
            }
            _ => {
                let marks = marks(name, &attribute(tag, "style").unwrap_or_default());
                let count = marks.len();
                for mark in marks {
                    builder.mark(mark);
                }
                Effect::Marks(count)
            }
        }
    }

    /// Ends the nearest open element of these names, with all that is open in it; one that is no
    /// longer open ends nothing.
    fn end(&mut self, name: &str) {
        let name = name.to_ascii_lowercase();
        let name = name.rsplit(':').next().unwrap_or_default();
        if let Some(at) = self.open.iter().rposition(|(open, _)| open == name) {
            self.close(at);
        } else if name == "p" {
            self.builder.end_words();
        }
    }

    /// Ends an element that ends where the next of its kind begins, as long as it is of the same
    /// list.
    fn end_one_of(&mut self, names: &[&str]) {
        for at in (0..self.open.len()).rev() {
            let (open, effect) = &self.open[at];
            if names.contains(&open.as_str()) {
                return self.close(at);
            }
            if matches!(effect, Effect::Container(_)) {
                return;
            }
        }
    }

    fn close(&mut self, down_to: usize) {
        while self.open.len() > down_to {
            let Some((_, effect)) = self.open.pop() else { return };
            match effect {
                Effect::Block => self.builder.end_words(),
                Effect::Preformatted => self.builder.end_line(),
                Effect::Container(depth) => {
                    self.builder.end_words();
                    self.builder.close_to(depth);
                }
                Effect::Marks(count) => (0..count).for_each(|_| self.builder.unmark()),
                Effect::Caption => self.builder.caption(&std::mem::take(&mut self.caption)),
                Effect::Nothing | Effect::Hidden | Effect::Title => {}
            }
        }
    }

    fn text(&mut self, text: &str) {
        if self.is(Effect::Hidden) {
            return;
        }
        if self.is(Effect::Title) {
            self.title.extend(text.chars().take(400));
            return;
        }
        if self.is(Effect::Caption) {
            return self.caption.push_str(text);
        }
        if self.open.iter().any(|(name, _)| name == "head") {
            return;
        }
        if self.is(Effect::Preformatted) {
            return self.builder.text(text);
        }
        let mut words = String::with_capacity(text.len());
        for c in text.chars() {
            // A space that must not break is a space that somebody set; those of HTML are not.
            if matches!(c, ' ' | '\n' | '\r' | '\t' | '\u{c}') {
                if !words.ends_with(' ') {
                    words.push(' ');
                }
            } else {
                words.push(c);
            }
        }
        if self.builder.at_line_start() {
            words.drain(..words.len() - words.trim_start_matches(' ').len());
        }
        if !words.is_empty() {
            self.builder.text(&words);
        }
    }
}

/// What stands in a page itself.
fn inline_bytes(encoded: &str) -> Option<Vec<u8>> {
    if encoded.len() as u64 / 4 * 3 > LONGEST_PICTURE {
        return None;
    }
    let letters: Vec<u8> = encoded.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    STANDARD.decode(letters).ok()
}

fn attribute(tag: &StartTag<()>, name: &str) -> Option<String> {
    let attributes: &BTreeMap<HtmlString, _> = &tag.attributes;
    let value = attributes.iter().find(|(key, _)| key.as_slice() == name.as_bytes())?.1;
    Some(String::from_utf8_lossy(value).into_owned())
}

/// What an element means for its words, by its name and its style.
fn marks(name: &str, style: &str) -> Vec<Mark> {
    let style: String = style.to_ascii_lowercase().split_whitespace().collect();
    let mut marks = Vec::new();
    let plain = |what: &str| style.contains(what);
    let bold = ["font-weight:bold", "font-weight:6", "font-weight:7", "font-weight:8", "font-weight:9"];
    match name {
        "em" | "i" | "cite" | "dfn" | "var" if !plain("font-style:normal") => marks.push(Mark::Em {}),
        "strong" | "b" if !plain("font-weight:normal") && !plain("font-weight:4") => {
            marks.push(Mark::Strong {});
        }
        "s" | "strike" | "del" => marks.push(Mark::Strike {}),
        "code" | "kbd" | "samp" | "tt" => marks.push(Mark::Code {}),
        "span" | "font" | "u" => {
            if plain("font-style:italic") {
                marks.push(Mark::Em {});
            }
            if bold.iter().any(|bold| plain(bold)) {
                marks.push(Mark::Strong {});
            }
            if plain("line-through") {
                marks.push(Mark::Strike {});
            }
        }
        _ => {}
    }
    marks
}
