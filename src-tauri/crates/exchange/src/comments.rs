//! Comments of a file, laid on the words that they are about.

use sotto_manuscript::{Comment, Inline, Mark};

/// On the same words.
const MOST: usize = 20;
const LONGEST: usize = 6000;
const LONGEST_NAME: usize = 60;

/// About what one takes in JSON besides its words.
const WEIGHT: usize = 120;

/// Those that are open, and whether a word was laid under them.
#[derive(Default)]
pub(crate) struct Comments(Vec<(Comment, bool)>);

impl Comments {
    /// Of two of one sign the later counts: a page has each once.
    pub fn open(&mut self, comment: Comment) {
        self.0.retain(|(other, _)| other.id != comment.id);
        self.0.push((comment, false));
    }

    /// The marks for a word; from now on they are of one.
    pub fn marks(&mut self) -> impl Iterator<Item = Mark> {
        self.0.iter_mut().take(MOST).map(|(comment, used)| {
            *used = true;
            Mark::Comment { attrs: comment.clone() }
        })
    }

    pub fn weight(&self) -> usize {
        self.0.iter().map(|(comment, _)| comment.text.len() + WEIGHT).sum()
    }

    /// See [`crate::builder::Builder::close_comment`].
    pub fn close(&mut self, id: &str, line: &mut Vec<Inline>) -> Option<Comment> {
        let at = self.0.iter().position(|(comment, _)| comment.id == id)?;
        let (comment, used) = self.0.remove(at);
        (!used && !on_the_word_before(&comment, line)).then_some(comment)
    }
}

fn on_the_word_before(comment: &Comment, line: &mut Vec<Inline>) -> bool {
    let Some(Inline::Text { text, marks }) = line.last_mut() else { return false };
    let spaces = text.len() - text.trim_end().len();
    let word = text
        .trim_end()
        .rfind(char::is_whitespace)
        .map_or(0, |space| space + text[space..].chars().next().map_or(0, char::len_utf8));
    let others = || {
        marks.iter().filter_map(|mark| match mark {
            Mark::Comment { attrs } => Some(attrs),
            _ => None,
        })
    };
    if text.trim().is_empty() || others().count() >= MOST || others().any(|other| other.id == comment.id) {
        return false;
    }
    let (said, mut own, plain) = (text.split_off(word), marks.clone(), marks.clone());
    own.push(Mark::Comment { attrs: comment.clone() });
    if text.is_empty() {
        line.pop();
    }
    let (said, rest) = said.split_at(said.len() - spaces);
    line.push(Inline::Text { text: said.to_owned(), marks: own });
    if !rest.is_empty() {
        line.push(Inline::Text { text: rest.to_owned(), marks: plain });
    }
    true
}

/// A comment as a page takes it; `None` where it says nothing.
pub(crate) fn comment(
    id: &str,
    author: &str,
    at: Option<i64>,
    text: &str,
    resolved: bool,
) -> Option<Comment> {
    let cut = |text: &str, longest: usize| {
        let end = (0..=longest.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
        text[..end.unwrap_or_default()].to_owned()
    };
    let text = cut(text.trim(), LONGEST);
    let author: String = author.trim().chars().take(LONGEST_NAME).collect();
    // LibreOffice numbers them with two underscores before.
    let id: String = id.chars().filter(char::is_ascii_alphanumeric).take(30).collect();
    let author = if author.is_empty() { "Somebody".to_owned() } else { cut(&author, 190) };
    (!text.is_empty() && !id.is_empty()).then_some(Comment { id, author: Some(author), at, text, resolved })
}
