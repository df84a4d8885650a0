//! XML as a row of pieces: no names of spaces, no entities but XML's own five, nothing deeper
//! than a text can be.

use std::collections::VecDeque;

use quick_xml::{Reader, XmlVersion, events::Event};

use crate::limits::{DEEPEST_XML, MOST_ATTRIBUTES};

/// A piece of XML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Xml {
    /// An element begins; its name and attributes without what stands before a colon.
    Start(String, Attributes),
    End(String),
    Text(String),
}

/// Of an element, by their local names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Attributes(Vec<(String, String)>);

impl Attributes {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// The pieces of a text, until its end or the first damage.
pub(crate) struct Pieces<'a> {
    reader: Reader<&'a [u8]>,
    waiting: VecDeque<Xml>,
    depth: usize,
    /// It ended before its end: it is damaged, or nested too deep.
    pub broken: bool,
    over: bool,
}

impl<'a> Pieces<'a> {
    pub fn new(text: &'a str) -> Self {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = true;
        config.allow_dangling_amp = true;
        Self { reader, waiting: VecDeque::new(), depth: 0, broken: false, over: false }
    }

    fn end(&mut self, broken: bool) -> Option<Xml> {
        self.broken |= broken;
        self.over = true;
        None
    }
}

impl Iterator for Pieces<'_> {
    type Item = Xml;

    fn next(&mut self) -> Option<Xml> {
        if let Some(piece) = self.waiting.pop_front() {
            return Some(piece);
        }
        while !self.over {
            let piece = match self.reader.read_event() {
                Err(_) => return self.end(true),
                Ok(Event::Eof) => {
                    let open = self.depth > 0;
                    return self.end(open);
                }
                Ok(Event::Start(start)) => {
                    self.depth += 1;
                    if self.depth > DEEPEST_XML {
                        return self.end(true);
                    }
                    let attributes = start
                        .attributes()
                        .with_checks(false)
                        .take(MOST_ATTRIBUTES)
                        .filter_map(Result::ok)
                        .map(|one| {
                            let key = one.key.local_name().as_ref().to_owned();
                            let value = one.normalized_value(XmlVersion::Implicit1_0);
                            (key, value.map(std::borrow::Cow::into_owned).unwrap_or_default())
                        })
                        .collect();
                    Xml::Start(start.local_name().as_ref().to_owned(), Attributes(attributes))
                }
                Ok(Event::End(end)) => {
                    self.depth = self.depth.saturating_sub(1);
                    Xml::End(end.local_name().as_ref().to_owned())
                }
                Ok(Event::Text(text)) => Xml::Text(text.xml10_content().into_owned()),
                Ok(Event::CData(text)) => Xml::Text(text.xml10_content().into_owned()),
                Ok(Event::GeneralRef(reference)) => match letter(&reference) {
                    Some(letter) => Xml::Text(letter.to_string()),
                    None => continue,
                },
                Ok(
                    Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_),
                ) => {
                    continue;
                }
            };
            return Some(piece);
        }
        None
    }
}

/// What a reference stands for; those that a file defines itself stand for nothing.
fn letter(reference: &quick_xml::events::BytesRef<'_>) -> Option<char> {
    if let Ok(Some(letter)) = reference.resolve_char_ref() {
        return Some(letter);
    }
    match &*reference.xml10_content() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => None,
    }
}

/// Words that mean nothing to XML, without what no XML may hold.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' | '\r' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}
