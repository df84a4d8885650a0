//! A text file as the document of a page. All of it is marked as imported.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use sotto_manuscript::{Block, Document, How, Inline, ListItem, Mark, Origin};

use crate::html::leads_somewhere;

/// Deeper quotes and lists are taken as if they stood here.
const DEEPEST: usize = 8;
const LONGEST_ADDRESS: usize = 500;

/// A text without marks: paragraphs are set apart by empty lines, or, where there are none, each
/// line is one.
pub fn from_text(text: &str) -> Document {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let apart = text.trim().contains("\n\n");
    let paragraphs: Vec<&str> = if apart { text.split("\n\n").collect() } else { text.split('\n').collect() };
    let blocks = paragraphs
        .into_iter()
        .map(|paragraph| paragraph.trim_matches('\n'))
        .filter(|paragraph| !paragraph.trim().is_empty())
        .map(|paragraph| {
            if matches!(paragraph.trim(), "***" | "* * *" | "---" | "#" | "⁂") {
                return Block::SceneBreak {};
            }
            let mut content = Vec::new();
            for (at, line) in paragraph.split('\n').enumerate() {
                if at > 0 {
                    content.push(Inline::HardBreak { marks: vec![] });
                }
                push(&mut content, line, vec![imported()]);
            }
            Block::Paragraph { content }
        })
        .collect();
    whole(blocks)
}

/// A text with Markdown's marks. What a page cannot hold stays as it was written.
pub fn from_markdown(text: &str) -> Document {
    let mut reader = Reader::default();
    for event in Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH) {
        reader.take(event);
    }
    while reader.open.len() > 1 {
        reader.close();
    }
    whole(reader.open.pop().map(|frame| frame.blocks).unwrap_or_default())
}

fn whole(blocks: Vec<Block>) -> Document {
    if blocks.is_empty() { Document::default() } else { Document { blocks } }
}

fn imported() -> Mark {
    Mark::Origin { attrs: Origin { how: How::Imported, who: None, edited: false } }
}

fn push(content: &mut Vec<Inline>, text: &str, marks: Vec<Mark>) {
    if text.is_empty() {
        return;
    }
    match content.last_mut() {
        Some(Inline::Text { text: last, marks: same }) if *same == marks => last.push_str(text),
        _ => content.push(Inline::Text { text: text.to_owned(), marks }),
    }
}

#[derive(Default)]
enum Kind {
    #[default]
    Root,
    Quote,
    List(Option<u32>),
    Item,
}

#[derive(Default)]
struct Frame {
    kind: Kind,
    blocks: Vec<Block>,
    items: Vec<ListItem>,
}

/// What is being read: containers that are open, and the line that is.
struct Reader {
    open: Vec<Frame>,
    /// Containers that were too deep to be opened.
    skipped: usize,
    line: Vec<Inline>,
    line_is: Option<Line>,
    marks: Vec<Mark>,
}

enum Line {
    Paragraph,
    Heading(u8),
    Code,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            open: vec![Frame::default()],
            skipped: 0,
            line: vec![],
            line_is: None,
            marks: vec![imported()],
        }
    }
}

impl Reader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(text) => {
                self.marks.push(Mark::Code {});
                self.text(&text);
                self.marks.pop();
            }
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.line.push(Inline::HardBreak { marks: vec![] }),
            Event::Rule => {
                self.end_line();
                self.block(Block::SceneBreak {});
            }
            // As it was written: nothing is dropped in silence.
            Event::Html(text) | Event::InlineHtml(text) => self.text(text.trim_end_matches('\n')),
            Event::FootnoteReference(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.text(&text);
            }
            Event::TaskListMarker(done) => self.text(if done { "[x] " } else { "[ ] " }),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => self.begin_line(Line::Paragraph),
            Tag::Heading { level, .. } => self.begin_line(Line::Heading(height(level))),
            Tag::CodeBlock(CodeBlockKind::Indented | CodeBlockKind::Fenced(_)) => self.begin_line(Line::Code),
            Tag::BlockQuote(_) => self.container(Kind::Quote),
            Tag::List(order) => {
                self.container(Kind::List(order.map(|order| u32::try_from(order).unwrap_or(1))));
            }
            Tag::Item => self.container(Kind::Item),
            Tag::Emphasis => self.mark(Mark::Em {}),
            Tag::Strong => self.mark(Mark::Strong {}),
            Tag::Strikethrough => self.mark(Mark::Strike {}),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                let leads = leads_somewhere(&dest_url) && dest_url.len() <= LONGEST_ADDRESS;
                let href = if leads { dest_url.into_string() } else { String::new() };
                self.mark(Mark::Link { attrs: sotto_manuscript::Address { href } });
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::HtmlBlock => self.end_line(),
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => {
                self.end_line();
                if self.skipped > 0 {
                    self.skipped -= 1;
                } else {
                    self.close();
                }
            }
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image => {
                self.marks.pop();
            }
            _ => {}
        }
    }

    fn mark(&mut self, mark: Mark) {
        self.marks.push(mark);
    }

    fn text(&mut self, text: &str) {
        if self.line_is.is_none() {
            self.line_is = Some(Line::Paragraph);
        }
        let code = matches!(self.line_is, Some(Line::Code));
        let mut marks: Vec<Mark> = Vec::new();
        for mark in &self.marks {
            let leads_nowhere = matches!(mark, Mark::Link { attrs } if attrs.href.is_empty());
            let twice = marks.iter().any(|one| std::mem::discriminant(one) == std::mem::discriminant(mark));
            if !leads_nowhere && !twice && (!code || matches!(mark, Mark::Origin { .. })) {
                marks.push(mark.clone());
            }
        }
        marks.sort_by_key(rank);
        push(&mut self.line, text, marks);
    }

    fn begin_line(&mut self, kind: Line) {
        self.end_line();
        self.line_is = Some(kind);
    }

    fn end_line(&mut self) {
        let mut content = std::mem::take(&mut self.line);
        let Some(kind) = self.line_is.take() else { return };
        let block = match kind {
            Line::Paragraph => Block::Paragraph { content },
            Line::Heading(level) => Block::Heading { attrs: sotto_manuscript::Level { level }, content },
            Line::Code => {
                // The line's end belongs to the fence.
                if let Some(Inline::Text { text, .. }) = content.last_mut()
                    && text.ends_with('\n')
                {
                    text.pop();
                }
                content.retain(|inline| !matches!(inline, Inline::Text { text, .. } if text.is_empty()));
                Block::CodeBlock { content }
            }
        };
        self.block(block);
    }

    fn block(&mut self, block: Block) {
        if let Some(frame) = self.open.last_mut() {
            frame.blocks.push(block);
        }
    }

    fn container(&mut self, kind: Kind) {
        self.end_line();
        let depth = self.open.iter().filter(|frame| matches!(frame.kind, Kind::Quote | Kind::Item)).count();
        if depth >= DEEPEST || self.skipped > 0 {
            self.skipped += 1;
        } else {
            self.open.push(Frame { kind, ..Frame::default() });
        }
    }

    fn close(&mut self) {
        if self.open.len() < 2 {
            return;
        }
        let Some(Frame { kind, mut blocks, mut items }) = self.open.pop() else { return };
        match kind {
            Kind::Root => {}
            Kind::Quote if blocks.is_empty() => {}
            Kind::Quote => self.block(Block::Blockquote { content: blocks }),
            Kind::Item => {
                if !matches!(blocks.first(), Some(Block::Paragraph { .. })) {
                    blocks.insert(0, Block::Paragraph { content: vec![] });
                }
                if let Some(list) = self.open.last_mut() {
                    list.items.push(ListItem::ListItem { content: blocks });
                }
            }
            Kind::List(order) => {
                // What stands in a list and in no item of it.
                if !blocks.is_empty() {
                    blocks.insert(0, Block::Paragraph { content: vec![] });
                    items.push(ListItem::ListItem { content: blocks });
                }
                if items.is_empty() {
                    return;
                }
                self.block(match order {
                    None => Block::BulletList { content: items },
                    Some(order) => {
                        Block::OrderedList { attrs: sotto_manuscript::Order { order }, content: items }
                    }
                });
            }
        }
    }
}

/// In the order in which the editor keeps marks.
fn rank(mark: &Mark) -> u8 {
    match mark {
        Mark::Origin { .. } => 0,
        Mark::Link { .. } => 1,
        Mark::Em {} => 2,
        Mark::Strong {} => 3,
        Mark::Strike {} => 4,
        Mark::Code {} => 5,
    }
}

fn height(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 | HeadingLevel::H5 | HeadingLevel::H6 => 4,
    }
}
