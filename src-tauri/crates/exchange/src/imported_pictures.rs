//! Pictures of files that come in wait under names of their own until whoever keeps the library has
//! looked at them, and kept them.

use std::collections::HashMap;

use sotto_manuscript::{Block, Document, ListItem, Picture};

use crate::{gathering::Imported, limits::MOST_SENTENCES, pictures::in_words};

impl Imported {
    /// Has `keep` look at each picture once: it is given the picture and what it was in the file, which
    /// a page of our own has not, and gives what stands in its place. Of one that is not kept what is
    /// said of it stays, and that is said.
    pub fn keep_pictures(&mut self, mut keep: impl FnMut(&Picture, Option<&[u8]>) -> Option<Picture>) {
        let files = std::mem::take(&mut self.pictures);
        let mut kept: HashMap<String, Option<Picture>> = HashMap::new();
        let mut left_out = 0;
        for page in &mut self.pages {
            let Document { blocks } = &mut page.document;
            replace(blocks, &mut |picture| {
                let known = kept
                    .entry(picture.file.clone())
                    .or_insert_with(|| keep(&picture, files.get(&picture.file).map(Vec::as_slice)));
                if let Some(Picture { file, width, height, .. }) = known {
                    Some(Picture { file: file.clone(), width: *width, height: *height, ..picture })
                } else {
                    left_out += 1;
                    None
                }
            });
        }
        let sentence = match left_out {
            0 => return,
            1 => "A picture could not be taken: it is missing, damaged, too large, or of another kind than PNG, JPEG and WebP.".into(),
            _ => format!("{left_out} pictures could not be taken: they are missing, damaged, too large, or of another kind than PNG, JPEG and WebP."),
        };
        if self.left_out.len() < MOST_SENTENCES {
            self.left_out.push(sentence);
        }
    }
}

impl Imported {
    /// The first picture of that name is the one on the cover.
    pub(crate) fn put_on_cover(&mut self, name: &str) {
        let mut found = false;
        for page in &mut self.pages {
            replace(&mut page.document.blocks, &mut |mut picture| {
                picture.cover = picture.file == name && !found;
                found |= picture.cover;
                Some(picture)
            });
        }
    }
}

fn replace(blocks: &mut Vec<Block>, with: &mut impl FnMut(Picture) -> Option<Picture>) {
    let mut out = Vec::with_capacity(blocks.len());
    for mut block in std::mem::take(blocks) {
        match &mut block {
            Block::Picture { attrs } => {
                let said = !attrs.alt.is_empty() || !attrs.caption.is_empty();
                let words = Block::Paragraph { content: in_words(attrs) };
                if let Some(picture) = with(attrs.clone()) {
                    *attrs = picture;
                } else if said {
                    block = words;
                } else {
                    continue;
                }
            }
            Block::Blockquote { content } => replace(content, with),
            Block::BulletList { content } | Block::OrderedList { content, .. } => {
                for ListItem::ListItem { content } in content {
                    replace(content, with);
                }
            }
            Block::Paragraph { .. }
            | Block::Heading { .. }
            | Block::CodeBlock { .. }
            | Block::SceneBreak {} => {}
        }
        out.push(block);
    }
    if out.is_empty() {
        out.push(Block::Paragraph { content: vec![] });
    }
    *blocks = out;
}
