//! What somebody said of stretches of a page. It is no part of the page's text.

use std::collections::HashSet;

use crate::{
    schema::{Block, Comment, Document, Inline, ListItem, Mark},
    text::lines,
};

impl Document {
    /// Its comments, each once, by where they begin.
    pub fn comments(&self) -> Vec<&Comment> {
        let (mut seen, mut all) = (HashSet::new(), vec![]);
        lines(&self.blocks, &mut |line| {
            for comment in line.iter().flat_map(Inline::comments) {
                if seen.insert(&*comment.id) {
                    all.push(comment);
                }
            }
        });
        all
    }

    /// The same text without comments.
    #[must_use]
    pub fn without_comments(&self) -> Self {
        let mut document = self.clone();
        lines_mut(&mut document.blocks, &mut |line| {
            let mut joined: Vec<Inline> = Vec::with_capacity(line.len());
            for mut inline in line.drain(..) {
                inline.marks_mut().retain(|mark| !matches!(mark, Mark::Comment { .. }));
                match (joined.last_mut(), &inline) {
                    (Some(Inline::Text { text, marks }), Inline::Text { text: more, marks: same })
                        if marks == same =>
                    {
                        text.push_str(more);
                    }
                    _ => joined.push(inline),
                }
            }
            *line = joined;
        });
        document
    }

    /// Gives each comment another sign that has the sign of one of `other`'s: the two can stand on
    /// one page then.
    pub fn tell_comments_apart(&mut self, other: &Self) {
        let ids = |document: &Self| -> HashSet<String> {
            document.comments().into_iter().map(|comment| comment.id.clone()).collect()
        };
        let (own, mut taken) = (ids(self), ids(other));
        let same: Vec<String> = own.intersection(&taken).cloned().collect();
        taken.extend(own);
        for old in same {
            // Signs are ASCII.
            let stem = &old[..old.len().min(30)];
            // One of one more than there are is free.
            let mut free = (2..=taken.len() + 2).map(|count| format!("{count}-{stem}"));
            let Some(fresh) = free.find(|id| !taken.contains(id)) else { continue };
            taken.insert(fresh.clone());
            lines_mut(&mut self.blocks, &mut |line| {
                for mark in line.iter_mut().flat_map(Inline::marks_mut) {
                    if let Mark::Comment { attrs } = mark
                        && attrs.id == old
                    {
                        attrs.id.clone_from(&fresh);
                    }
                }
            });
        }
    }
}

impl Inline {
    /// What holds for it.
    pub fn marks(&self) -> &[Mark] {
        let (Self::Text { marks, .. } | Self::Footnote { marks, .. } | Self::HardBreak { marks }) = self;
        marks
    }

    fn marks_mut(&mut self) -> &mut Vec<Mark> {
        let (Self::Text { marks, .. } | Self::Footnote { marks, .. } | Self::HardBreak { marks }) = self;
        marks
    }

    /// What was said of it.
    pub fn comments(&self) -> impl Iterator<Item = &Comment> {
        self.marks().iter().filter_map(|mark| match mark {
            Mark::Comment { attrs } => Some(attrs),
            _ => None,
        })
    }
}

fn lines_mut(blocks: &mut [Block], change: &mut impl FnMut(&mut Vec<Inline>)) {
    for block in blocks {
        match block {
            Block::Paragraph { content } | Block::Heading { content, .. } | Block::CodeBlock { content } => {
                change(content);
            }
            Block::SceneBreak {} | Block::Picture { .. } => {}
            Block::Blockquote { content } => lines_mut(content, change),
            Block::BulletList { content } | Block::OrderedList { content, .. } => {
                for ListItem::ListItem { content } in content {
                    lines_mut(content, change);
                }
            }
        }
    }
}
