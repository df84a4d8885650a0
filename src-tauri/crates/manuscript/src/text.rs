//! A document as plain text.

use crate::{
    schema::{Block, Document, Inline, ListItem, Mark, Origin},
    words::count_words,
};

/// What stands for a scene break where there are only letters.
const SCENE_BREAK: &str = "* * *";
/// Stands before what a footnote says.
const NOTE: &str = "† ";

impl Document {
    /// Its words alone: paragraphs with an empty line between them, lists with their marks. What a
    /// footnote says stands on a line behind its paragraph, so that no sentence is torn by it; for a
    /// picture stands what is said of it.
    pub fn text(&self) -> String {
        let mut out = String::new();
        walk(&self.blocks, &mut |piece, _| out.push_str(piece));
        out
    }

    /// What its footnotes say, in their order.
    pub fn footnotes(&self) -> Vec<&str> {
        let mut out = vec![];
        lines(&self.blocks, &mut |line| {
            out.extend(line.iter().filter_map(|inline| match inline {
                Inline::Footnote { attrs, .. } => Some(&*attrs.text),
                Inline::Text { .. } | Inline::HardBreak { .. } => None,
            }));
        });
        out
    }

    /// How many words it has, those of footnotes too; the numbers of a list and what is said of
    /// pictures are none.
    pub fn words(&self) -> usize {
        let mut out = String::new();
        walk_words(&self.blocks, &mut |piece, _| out.push_str(piece));
        count_words(&out)
    }
}

/// Gives `take` what stands in each line, in order.
pub(crate) fn lines<'a>(blocks: &'a [Block], take: &mut impl FnMut(&'a [Inline])) {
    for block in blocks {
        match block {
            Block::Paragraph { content } | Block::Heading { content, .. } | Block::CodeBlock { content } => {
                take(content);
            }
            Block::SceneBreak {} | Block::Picture { .. } => {}
            Block::Blockquote { content } => lines(content, take),
            Block::BulletList { content } | Block::OrderedList { content, .. } => {
                for ListItem::ListItem { content } in content {
                    lines(content, take);
                }
            }
        }
    }
}

/// Gives `take` every piece of [`Document::text`], in order, with where it came from.
pub(crate) fn walk<'a>(blocks: &'a [Block], take: &mut impl FnMut(&str, Option<&'a Origin>)) {
    Writer { take, begun: false, at_marker: false, with_markers: true }.blocks(blocks, false);
}

/// The same without the marks of lists: what was written, and can be counted.
pub(crate) fn walk_words<'a>(blocks: &'a [Block], take: &mut impl FnMut(&str, Option<&'a Origin>)) {
    Writer { take, begun: false, at_marker: false, with_markers: false }.blocks(blocks, false);
}

struct Writer<'t, F> {
    take: &'t mut F,
    /// Something stands before what comes now.
    begun: bool,
    /// The mark of an item was just written: its first paragraph goes on behind it.
    at_marker: bool,
    with_markers: bool,
}

impl<'a, F: FnMut(&str, Option<&'a Origin>)> Writer<'_, F> {
    fn blocks(&mut self, blocks: &'a [Block], tight: bool) {
        for block in blocks {
            match block {
                Block::Paragraph { content }
                | Block::Heading { content, .. }
                | Block::CodeBlock { content } => {
                    self.begin(tight);
                    self.line(content);
                }
                Block::SceneBreak {} => {
                    self.begin(tight);
                    (self.take)(SCENE_BREAK, None);
                }
                // What is said of a picture can be found and compared, and is none of the page's words.
                Block::Picture { attrs } if self.with_markers => {
                    self.begin(tight);
                    (self.take)(&attrs.in_words(), None);
                }
                Block::Picture { .. } => {}
                Block::Blockquote { content } => self.blocks(content, tight),
                Block::BulletList { content } => self.items(content, None, tight),
                Block::OrderedList { attrs, content } => self.items(content, Some(attrs.order), tight),
            }
        }
    }

    fn items(&mut self, items: &'a [ListItem], order: Option<u32>, tight: bool) {
        for (at, ListItem::ListItem { content }) in items.iter().enumerate() {
            self.begin(tight || at > 0);
            let number = |order: u32| order.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
            let marker = order.map_or("- ".to_owned(), |order| format!("{}. ", number(order)));
            if self.with_markers {
                (self.take)(&marker, None);
            }
            self.at_marker = true;
            self.blocks(content, true);
            self.at_marker = false;
        }
    }

    fn begin(&mut self, tight: bool) {
        if self.begun && !self.at_marker {
            (self.take)(if tight { "\n" } else { "\n\n" }, None);
        }
        self.begun = true;
        self.at_marker = false;
    }

    fn line(&mut self, content: &'a [Inline]) {
        for inline in content {
            match inline {
                Inline::Text { text, marks } => (self.take)(text, origin(marks)),
                Inline::Footnote { .. } => {}
                Inline::HardBreak { marks } => (self.take)("\n", origin(marks)),
            }
        }
        for inline in content {
            if let Inline::Footnote { attrs, marks } = inline {
                (self.take)("\n", None);
                if self.with_markers {
                    (self.take)(NOTE, None);
                }
                (self.take)(&attrs.text, origin(marks));
            }
        }
    }
}

pub(crate) fn origin(marks: &[Mark]) -> Option<&Origin> {
    marks.iter().find_map(|mark| match mark {
        Mark::Origin { attrs } => Some(attrs),
        _ => None,
    })
}
