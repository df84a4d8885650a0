//! The pictures that a document shows, and those that a step brings.

use std::collections::BTreeSet;

use crate::picture::Picture;
use crate::schema::{Block, Document, ListItem};
use crate::step::Step;

impl Document {
    /// Its pictures, in their order.
    pub fn pictures(&self) -> Vec<&Picture> {
        let mut all = vec![];
        gather(&self.blocks, &mut all);
        all
    }
}

impl Step {
    /// The pictures that it brings, each once.
    pub fn pictures(&self) -> Vec<&Picture> {
        let (mut all, mut seen) = (vec![], BTreeSet::new());
        gather(&self.insert, &mut all);
        all.retain(|picture| seen.insert(&*picture.file));
        all
    }
}

fn gather<'a>(blocks: &'a [Block], all: &mut Vec<&'a Picture>) {
    for block in blocks {
        match block {
            Block::Picture { attrs } => all.push(attrs),
            Block::Blockquote { content } => gather(content, all),
            Block::BulletList { content } | Block::OrderedList { content, .. } => {
                for ListItem::ListItem { content } in content {
                    gather(content, all);
                }
            }
            Block::Paragraph { .. }
            | Block::Heading { .. }
            | Block::CodeBlock { .. }
            | Block::SceneBreak {} => {}
        }
    }
}

#[cfg(test)]
mod tests;
