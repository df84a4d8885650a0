//! Comments of a Word file: what they say stands in parts of their own, what they are about between
//! marks in the text.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt::Write,
};

use sotto_manuscript::Comment;

use super::parts::{HEAD, NAMESPACES};
use crate::{
    comments::comment,
    dates,
    xml::{Pieces, Xml, escaped},
};

/// What a text says of paragraphs of comments, by Word's 2012 additions.
const EXTENDED: &str = "xmlns:w15=\"http://schemas.microsoft.com/office/word/2012/wordml\"";
const PARAGRAPHS: &str = "xmlns:w14=\"http://schemas.microsoft.com/office/word/2010/wordml\"";

/// The comments of a file, by their numbers; `extended` knows which are settled.
pub(super) fn read(xml: &str, extended: Option<&str>) -> HashMap<String, Comment> {
    let done = extended.map(settled).unwrap_or_default();
    let mut comments = HashMap::new();
    let mut open: Option<Open> = None;
    let mut words = false;
    for piece in Pieces::new(xml) {
        match piece {
            Xml::Start(name, attributes) => {
                words = name == "t";
                let of = |key: &str| attributes.get(key).unwrap_or_default().to_owned();
                match (name.as_str(), &mut open) {
                    ("comment", _) => {
                        let (id, author, at) = (of("id"), of("author"), dates::parse(&of("date")));
                        open = Some(Open { id, author, at, text: String::new(), paragraph: String::new() });
                    }
                    // Of several the last tells.
                    ("p", Some(open)) => open.paragraph = of("paraId"),
                    ("br", Some(open)) => open.text.push('\n'),
                    _ => {}
                }
            }
            Xml::Text(text) => {
                if let (true, Some(open)) = (words, &mut open) {
                    open.text.push_str(&text);
                }
            }
            Xml::End(name) => {
                words = false;
                if name == "p"
                    && let Some(open) = &mut open
                {
                    open.text.push('\n');
                } else if name == "comment"
                    && let Some(Open { id, author, at, text, paragraph }) = open.take()
                    && let Some(comment) = comment(&id, &author, at, &text, done.contains(&paragraph))
                {
                    comments.insert(id, comment);
                }
            }
        }
    }
    comments
}

struct Open {
    id: String,
    author: String,
    at: Option<i64>,
    text: String,
    paragraph: String,
}

/// The paragraphs whose comments are settled.
fn settled(xml: &str) -> HashSet<String> {
    let all = Pieces::new(xml).filter_map(|piece| match piece {
        Xml::Start(name, attributes)
            if name == "commentEx" && matches!(attributes.get("done"), Some("1" | "true")) =>
        {
            attributes.get("paraId").map(str::to_owned)
        }
        _ => None,
    });
    all.collect()
}

/// Where comments begin and end in what is written.
#[derive(Default)]
pub(super) struct Ranges {
    /// By chapter and sign, since each page has its own; in the order of their places.
    numbers: BTreeMap<(usize, String), usize>,
    all: Vec<Range>,
}

struct Range {
    comment: Comment,
    start: usize,
    end: usize,
}

impl Ranges {
    /// A stretch of what is written is about this.
    pub fn put(&mut self, chapter: usize, comment: &Comment, start: usize, end: usize) {
        let next = self.all.len();
        let at = *self.numbers.entry((chapter, comment.id.clone())).or_insert(next);
        match self.all.get_mut(at) {
            Some(range) => range.end = end,
            None => self.all.push(Range { comment: comment.clone(), start, end }),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The text with their marks in it.
    pub fn marked(&self, text: &str) -> String {
        let mut marks: Vec<(usize, bool, usize)> = Vec::new();
        for (number, range) in self.all.iter().enumerate() {
            marks.extend([(range.start, true, number), (range.end, false, number)]);
        }
        // At one place those that end stand before those that begin.
        marks.sort_unstable();
        let (mut out, mut done) = (String::with_capacity(text.len() + marks.len() * 100), 0);
        for (place, begins, number) in marks {
            out += &text[done..place];
            done = place;
            // Writing into a string does not fail.
            let _ = if begins {
                write!(out, "<w:commentRangeStart w:id=\"{number}\"/>")
            } else {
                write!(
                    out,
                    "<w:commentRangeEnd w:id=\"{number}\"/><w:r><w:rPr><w:rStyle w:val=\"CommentReference\"/></w:rPr>\
                     <w:commentReference w:id=\"{number}\"/></w:r>"
                )
            };
        }
        out + &text[done..]
    }

    /// What they say; the user's own are by `author`.
    pub fn part(&self, author: &str) -> String {
        let author = if author.is_empty() { "Author" } else { author };
        let mut out = format!("{HEAD}<w:comments {NAMESPACES} {PARAGRAPHS}>");
        for (number, Range { comment, .. }) in self.all.iter().enumerate() {
            let who = escaped(comment.author.as_deref().unwrap_or(author));
            let at = comment.at.map_or(String::new(), |at| format!(" w:date=\"{}\"", dates::moment(at)));
            let initials: String =
                who.split_whitespace().filter_map(|name| name.chars().next()).take(3).collect();
            let initials = if initials.contains('&') { String::new() } else { initials };
            let _ =
                write!(out, "<w:comment w:id=\"{number}\" w:author=\"{who}\"{at} w:initials=\"{initials}\">");
            let last = comment.text.split('\n').count() - 1;
            for (at, line) in comment.text.split('\n').enumerate() {
                let known =
                    if at == last { format!(" w14:paraId=\"{}\"", paragraph(number)) } else { String::new() };
                let _ = write!(
                    out,
                    "<w:p{known}><w:pPr><w:pStyle w:val=\"CommentText\"/></w:pPr>\
                     <w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
                    escaped(line)
                );
            }
            out += "</w:comment>";
        }
        out + "</w:comments>"
    }

    /// Which of them are settled.
    pub fn extended(&self) -> String {
        let mut out = format!("{HEAD}<w15:commentsEx {EXTENDED}>");
        for (number, Range { comment, .. }) in self.all.iter().enumerate() {
            let _ = write!(
                out,
                "<w15:commentEx w15:paraId=\"{}\" w15:done=\"{}\"/>",
                paragraph(number),
                u8::from(comment.resolved)
            );
        }
        out + "</w15:commentsEx>"
    }
}

/// The sign of a comment's last paragraph: below 80000000, and not nothing.
fn paragraph(number: usize) -> String {
    format!("{:08X}", 0x1000_0000 + number)
}
