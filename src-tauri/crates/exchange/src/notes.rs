//! Footnotes for forms that have none, and comments of files, for which a page has no place: nothing
//! that somebody wrote is dropped.

use sotto_manuscript::{Block, Document, Inline, Level, ListItem, Order};

use crate::{builder::Line, gathering::Gathering};

/// The same with the footnotes as a list at its end, and their numbers where they stood: for forms
/// that have no place for them.
pub(crate) fn spelled(document: &Document) -> Document {
    let notes = document.footnotes();
    let mut blocks = document.blocks.clone();
    number(&mut blocks, &mut 0);
    blocks.push(Block::Heading { attrs: Level { level: 4 }, content: vec![plain("Notes")] });
    let item =
        |note: &&str| ListItem::ListItem { content: vec![Block::Paragraph { content: vec![plain(note)] }] };
    let content = notes.iter().map(item).collect();
    blocks.push(Block::OrderedList { attrs: Order { order: 1 }, content });
    Document { blocks }
}

fn plain(text: &str) -> Inline {
    Inline::Text { text: text.to_owned(), marks: vec![] }
}

fn number(blocks: &mut [Block], count: &mut usize) {
    for block in blocks {
        match block {
            Block::Paragraph { content } | Block::Heading { content, .. } | Block::CodeBlock { content } => {
                for inline in content {
                    if let Inline::Footnote { marks, .. } = inline {
                        *count += 1;
                        *inline = Inline::Text { text: format!("[{count}]"), marks: std::mem::take(marks) };
                    }
                }
            }
            Block::SceneBreak {} | Block::Picture { .. } => {}
            Block::Blockquote { content } => number(content, count),
            Block::BulletList { content } | Block::OrderedList { content, .. } => {
                for ListItem::ListItem { content } in content {
                    number(content, count);
                }
            }
        }
    }
}

/// What stands beside a text.
#[derive(Default)]
pub(crate) struct Notes {
    comments: Vec<Comment>,
}

/// What somebody said of a passage.
pub(crate) struct Comment {
    pub author: String,
    /// The words it is about.
    pub about: String,
    pub text: String,
}

impl Notes {
    pub fn comment(&mut self, comment: Comment) {
        if !comment.text.trim().is_empty() {
            self.comments.push(comment);
        }
    }

    /// Puts the comments on a page of their own.
    pub fn comments(self, title: &str, gathering: &mut Gathering<'_>) {
        if self.comments.is_empty() {
            return;
        }
        let count = self.comments.len();
        let mut builder = gathering.builder();
        builder.list(None);
        for Comment { author, about, text } in self.comments {
            builder.item();
            builder.begin_line(Line::Paragraph);
            let about: String =
                about.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect();
            let about = if about.is_empty() { String::new() } else { format!("“{about}”: ") };
            let author = if author.is_empty() { String::new() } else { format!(" ({author})") };
            builder.text(&format!("{about}{}{author}", text.trim()));
            builder.close_last();
        }
        builder.close_last();
        let name = format!("{title}: comments");
        gathering.say(if count == 1 {
            format!("A comment stands on a page of its own, “{name}”.")
        } else {
            format!("{count} comments stand on a page of their own, “{name}”.")
        });
        gathering.page(&name, "", builder);
    }
}
