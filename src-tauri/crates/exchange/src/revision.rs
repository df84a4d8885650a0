//! The way from one text to another, block by block and word by word, for forms that show it.

use std::collections::HashMap;

use similar::{Algorithm, DiffOp, capture_diff_slices};
use sotto_manuscript::{Block, Change, Document, Inline, Mark, changes};

/// What becomes of a block.
pub(crate) enum Revised<'a> {
    Kept(&'a Block),
    Removed(&'a Block),
    Added(&'a Block),
    /// A line whose words changed; its kind is the new one's.
    Changed(&'a Block, Vec<(Change, Inline)>),
}

/// The way from `before` to `after`.
pub(crate) fn revise<'a>(before: &'a Document, after: &'a Document) -> Vec<Revised<'a>> {
    let key = |block: &Block| Document { blocks: vec![unmarked(block)] }.to_json();
    let (old, new): (Vec<String>, Vec<String>) =
        (before.blocks.iter().map(key).collect(), after.blocks.iter().map(key).collect());
    let mut out = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        let (old, new) = (&before.blocks[op.old_range()], &after.blocks[op.new_range()]);
        if matches!(op, DiffOp::Equal { .. }) {
            out.extend(new.iter().map(Revised::Kept));
            continue;
        }
        let paired =
            old.iter().zip(new).take_while(|(old, new)| line(old).is_some() && line(new).is_some()).count();
        for (old, new) in old.iter().zip(new).take(paired) {
            if let (Some(from), Some(to)) = (line(old), line(new)) {
                out.push(Revised::Changed(new, words(from, to)));
            }
        }
        out.extend(old[paired..].iter().map(Revised::Removed));
        out.extend(new[paired..].iter().map(Revised::Added));
    }
    out
}

/// The block without where its words came from, and what was said of them: that is no change of the text.
fn unmarked(block: &Block) -> Block {
    let mut block = block.clone();
    if let Block::Paragraph { content } | Block::Heading { content, .. } | Block::CodeBlock { content } =
        &mut block
    {
        let mut joined: Vec<Inline> = Vec::new();
        for mut inline in content.drain(..) {
            let (Inline::Text { marks, .. } | Inline::Footnote { marks, .. } | Inline::HardBreak { marks }) =
                &mut inline;
            marks.retain(|mark| !matches!(mark, Mark::Origin { .. } | Mark::Comment { .. }));
            match (joined.last_mut(), &inline) {
                (Some(Inline::Text { text, marks }), Inline::Text { text: more, marks: same })
                    if marks == same =>
                {
                    text.push_str(more);
                }
                _ => joined.push(inline),
            }
        }
        *content = joined;
    }
    block
}

fn line(block: &Block) -> Option<&[Inline]> {
    match block {
        Block::Paragraph { content } | Block::Heading { content, .. } => Some(content),
        _ => None,
    }
}

fn words<'a>(from: &'a [Inline], to: &'a [Inline]) -> Vec<(Change, Inline)> {
    let mut signs = Signs::default();
    let (mut old, mut new) = (Cutter::new(from, &mut signs), Cutter::new(to, &mut signs));
    let mut out = Vec::new();
    for piece in changes(&old.text, &new.text) {
        let length = piece.text.len();
        match piece.change {
            Change::Kept => {
                old.cut(length);
                out.extend(new.cut(length).into_iter().map(|inline| (Change::Kept, inline)));
            }
            Change::Removed => {
                out.extend(old.cut(length).into_iter().map(|inline| (Change::Removed, inline)));
            }
            Change::Added => out.extend(new.cut(length).into_iter().map(|inline| (Change::Added, inline))),
        }
    }
    out
}

/// A letter for each footnote, where texts are compared: two that say the same have the same. Those
/// letters are nobody's, and each counts as a word.
#[derive(Default)]
struct Signs<'a>(HashMap<&'a str, char>);

impl<'a> Signs<'a> {
    fn of(&mut self, says: &'a str) -> char {
        let next = u32::try_from(self.0.len()).ok().and_then(|count| char::from_u32(FIRST + count));
        *self.0.entry(says).or_insert(next.unwrap_or(char::MAX))
    }
}

/// Where the private letters begin, each of which takes four bytes.
const FIRST: u32 = 0xF_0000;

/// A line that is cut at any place.
struct Cutter<'a> {
    text: String,
    content: &'a [Inline],
    /// What was cut off of the first.
    at: usize,
}

impl<'a> Cutter<'a> {
    fn new(content: &'a [Inline], signs: &mut Signs<'a>) -> Self {
        let mut text = String::new();
        for inline in content {
            match inline {
                Inline::Text { text: words, .. } => text.push_str(words),
                Inline::Footnote { attrs, .. } => text.push(signs.of(&attrs.text)),
                Inline::HardBreak { .. } => text.push('\n'),
            }
        }
        Self { text, content, at: 0 }
    }

    /// The next bytes of it.
    fn cut(&mut self, mut length: usize) -> Vec<Inline> {
        let mut out = Vec::new();
        while length > 0 {
            let Some((first, rest)) = self.content.split_first() else { break };
            match first {
                Inline::Footnote { .. } | Inline::HardBreak { .. } => {
                    out.push(first.clone());
                    let own =
                        if matches!(first, Inline::HardBreak { .. }) { 1 } else { char::MAX.len_utf8() };
                    length = length.saturating_sub(own);
                    self.content = rest;
                }
                Inline::Text { text, marks } => {
                    let end = (self.at + length).min(text.len());
                    out.push(Inline::Text { text: text[self.at..end].to_owned(), marks: marks.clone() });
                    length -= end - self.at;
                    self.at = end;
                    if end == text.len() {
                        (self.at, self.content) = (0, rest);
                    }
                }
            }
        }
        out
    }
}
