//! A document as it is read, piece by piece: whatever comes in whatever order, what stands at the
//! end is of the schema and fits a page.

use std::mem::{discriminant, take};

use sotto_manuscript::{
    Address, Block, Comment, Document, Inline, Level, ListItem, Mark, Note, Order, Origin, Picture,
};

use crate::{
    comments::Comments,
    limits::LONGEST_PAGE,
    picture::{LONGEST_CAPTION, shortened},
    text::{is_scene_break, leads_somewhere},
};

/// Deeper quotes and lists are taken as if they stood here.
const DEEPEST: usize = 8;
/// A little below what `sotto_manuscript` takes of each.
const LONGEST_ADDRESS: usize = 1900;
const LONGEST_NOTE: usize = 30_000;

/// About what a piece takes in JSON besides its words.
const INLINE: usize = 110;
const BLOCK: usize = 50;
const PICTURE: usize = 200;

#[derive(Default, Clone, Copy, PartialEq, Eq)]
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

/// What the line is that is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    Paragraph,
    /// 1 is the largest; those below 4 count as 4.
    Heading(u8),
    Code,
}

/// What is being read: containers that are open, and the line that is.
pub(crate) struct Builder {
    open: Vec<Frame>,
    /// Containers that were too deep to be opened.
    skipped: usize,
    line: Vec<Inline>,
    /// Pictures that stand in the line: they follow it.
    pictures: Vec<Picture>,
    line_is: Option<Line>,
    marks: Vec<Mark>,
    origin: Option<Origin>,
    comments: Comments,
    weight: usize,
    full: bool,
}

impl Builder {
    /// For words that came from there; `None`: typed.
    pub fn new(origin: Option<Origin>) -> Self {
        Self {
            open: vec![Frame::default()],
            skipped: 0,
            line: vec![],
            pictures: vec![],
            line_is: None,
            marks: vec![],
            origin,
            comments: Comments::default(),
            weight: 0,
            full: false,
        }
    }

    /// Where the words that follow came from.
    pub fn set_origin(&mut self, origin: Option<Origin>) {
        self.origin = origin;
    }

    /// Whether something was left out since a page holds no more.
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// Whether no word was read.
    pub fn is_empty(&self) -> bool {
        self.line.is_empty()
            && self.pictures.is_empty()
            && self.open.iter().all(|frame| frame.blocks.is_empty() && frame.items.is_empty())
    }

    /// All that was read.
    pub fn finish(mut self) -> Document {
        self.end_line();
        while self.open.len() > 1 {
            self.close();
        }
        let blocks = self.open.pop().map(|frame| frame.blocks).unwrap_or_default();
        if blocks.is_empty() { Document::default() } else { Document { blocks } }
    }

    /// A mark for the words that follow, until it is taken away.
    pub fn mark(&mut self, mark: Mark) {
        self.marks.push(mark);
    }

    /// A link for the words that follow; one that leads nowhere holds its place and does nothing.
    pub fn link(&mut self, address: &str) {
        let leads = leads_somewhere(address) && address.len() <= LONGEST_ADDRESS;
        let href = if leads { address.trim().to_owned() } else { String::new() };
        self.marks.push(Mark::Link { attrs: Address { href } });
    }

    /// Takes away the mark that was set last.
    pub fn unmark(&mut self) {
        self.marks.pop();
    }

    /// These marks and no others.
    pub fn set_marks(&mut self, marks: Vec<Mark>) {
        self.marks = marks;
    }

    /// Words of the line that is open; where none is, of a new paragraph.
    pub fn text(&mut self, text: &str) {
        // Of what is too long, as much as fits.
        let room = LONGEST_PAGE.saturating_sub(self.weight + INLINE).min(text.len());
        let end = (0..=room).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
        let whole = self.fits(text.len() + INLINE + self.comments.weight());
        let text = if whole { text } else { &text[..end] };
        if text.is_empty() {
            return;
        }
        let code = *self.line_is.get_or_insert(Line::Paragraph) == Line::Code;
        let mut marks: Vec<Mark> =
            self.origin.iter().map(|origin| Mark::Origin { attrs: origin.clone() }).collect();
        for mark in self.marks.iter().filter(|_| !code) {
            let leads_nowhere = matches!(mark, Mark::Link { attrs } if attrs.href.is_empty());
            let twice = marks.iter().any(|one| discriminant(one) == discriminant(mark));
            if !leads_nowhere && !twice {
                marks.push(mark.clone());
            }
        }
        marks.extend(self.comments.marks());
        marks.sort_by_key(rank);
        push(&mut self.line, text, marks);
    }

    /// What stands at the foot of the page, with its sign here.
    pub fn footnote(&mut self, text: &str) {
        let text = text.trim();
        let end = (0..=LONGEST_NOTE.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
        let text = &text[..end.unwrap_or_default()];
        if text.is_empty() || self.line_is == Some(Line::Code) {
            return self.text(text);
        }
        if self.fits(text.len() + INLINE) {
            self.line_is.get_or_insert(Line::Paragraph);
            let origin = self.origin.iter().map(|origin| Mark::Origin { attrs: origin.clone() });
            let marks = origin.chain(self.comments.marks()).collect();
            self.line.push(Inline::Footnote { attrs: Note { text: text.to_owned() }, marks });
        }
    }

    /// What is said of the words that follow, until it is closed.
    pub fn open_comment(&mut self, comment: Comment) {
        self.comments.open(comment);
    }

    /// Ends the comment of that sign. One that no word followed is of the word before it, where one
    /// stands in the line; else it comes back.
    pub fn close_comment(&mut self, id: &str) -> Option<Comment> {
        self.comments.close(id, &mut self.line)
    }

    /// A new line of the same paragraph.
    pub fn hard_break(&mut self) {
        if self.line_is == Some(Line::Code) {
            self.text("\n");
        } else if self.fits(INLINE) {
            self.line_is.get_or_insert(Line::Paragraph);
            let marks = self.comments.marks().collect();
            self.line.push(Inline::HardBreak { marks });
        }
    }

    /// Begins a line; what was open is ended.
    pub fn begin_line(&mut self, kind: Line) {
        self.end_line();
        self.line_is = Some(kind);
    }

    /// Whether a line is open, and what it is.
    pub fn line(&self) -> Option<Line> {
        self.line_is
    }

    /// Whether nothing stands in the line yet.
    pub fn at_line_start(&self) -> bool {
        match self.line.last() {
            None | Some(Inline::HardBreak { .. }) => true,
            Some(Inline::Text { text, .. }) => text.ends_with([' ', '\n']),
            Some(Inline::Footnote { .. }) => false,
        }
    }

    /// A picture; within a line, behind it.
    pub fn picture(&mut self, picture: Picture) {
        self.pictures.push(picture);
        if self.line_is.is_none() {
            self.end_pictures();
        }
    }

    /// Whether the last that was read is a picture of which nothing was said below it.
    pub fn has_room_for_caption(&self) -> bool {
        let last = self.open.last().and_then(|frame| frame.blocks.last());
        self.line_is.is_none() && matches!(last, Some(Block::Picture { attrs }) if attrs.caption.is_empty())
    }

    /// What stands below the last picture.
    pub fn caption(&mut self, words: &str) {
        let last = self.open.last_mut().and_then(|frame| frame.blocks.last_mut());
        if let Some(Block::Picture { attrs }) = last {
            attrs.caption = shortened(words, LONGEST_CAPTION);
        }
    }

    fn end_pictures(&mut self) {
        for picture in take(&mut self.pictures) {
            self.block(Block::Picture { attrs: picture });
        }
    }

    /// Ends the line that is open.
    pub fn end_line(&mut self) {
        self.end_words_of_line();
        self.end_pictures();
    }

    fn end_words_of_line(&mut self) {
        let mut content = take(&mut self.line);
        let Some(kind) = self.line_is.take() else { return };
        let block = match kind {
            Line::Paragraph => Block::Paragraph { content },
            Line::Heading(level) => Block::Heading { attrs: Level { level: level.clamp(1, 4) }, content },
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

    /// Ends the line, or drops it where nothing but spaces stands in it; stars alone end a scene.
    pub fn end_words(&mut self) {
        let blank = |inline: &Inline| match inline {
            Inline::Text { text, .. } => text.trim().is_empty(),
            Inline::Footnote { .. } => false,
            Inline::HardBreak { .. } => true,
        };
        if self.line.iter().all(blank) {
            self.line.clear();
            self.line_is = None;
            return self.end_pictures();
        }
        while self.line.last().is_some_and(blank) {
            self.line.pop();
        }
        if self.line_is == Some(Line::Paragraph)
            && let [Inline::Text { text, .. }] = &*self.line
            && is_scene_break(text)
        {
            self.line.clear();
            self.line_is = None;
            return self.scene_break();
        }
        if self.line_is != Some(Line::Code)
            && let Some(Inline::Text { text, .. }) = self.line.last_mut()
        {
            text.truncate(text.trim_end_matches([' ', '\n']).len());
        }
        self.end_line();
    }

    /// The end of a scene.
    pub fn scene_break(&mut self) {
        self.end_line();
        self.block(Block::SceneBreak {});
    }

    pub fn quote(&mut self) {
        self.container(Kind::Quote);
    }

    /// With bullets, or with numbers from this one on.
    pub fn list(&mut self, order: Option<u32>) {
        self.container(Kind::List(order));
    }

    pub fn item(&mut self) {
        // An item that stands in no list gets one.
        if self.skipped == 0 && !matches!(self.open.last(), Some(Frame { kind: Kind::List(_), .. })) {
            self.list(None);
        }
        self.container(Kind::Item);
    }

    /// Closes the quote, list or item that was opened last.
    pub fn close_last(&mut self) {
        self.end_line();
        if self.skipped > 0 {
            self.skipped -= 1;
        } else {
            self.close();
        }
    }

    /// How many quotes, lists and items are open.
    pub fn depth(&self) -> usize {
        self.open.len() - 1 + self.skipped
    }

    /// Closes what was opened beyond this depth.
    pub fn close_to(&mut self, depth: usize) {
        self.end_line();
        while self.depth() > depth {
            self.close_last();
        }
    }

    fn fits(&mut self, more: usize) -> bool {
        self.weight = self.weight.saturating_add(more);
        self.full |= self.weight > LONGEST_PAGE;
        !self.full
    }

    fn block(&mut self, block: Block) {
        // What holds words was weighed with them: it stays, so that they do.
        let empty = matches!(&block, Block::Paragraph { content } if content.is_empty())
            || matches!(block, Block::SceneBreak {} | Block::Picture { .. });
        let said = if let Block::Picture { attrs } = &block { attrs.alt.len() + PICTURE } else { 0 };
        if !self.fits(BLOCK + said) && empty {
            return;
        }
        if let Some(frame) = self.open.last_mut() {
            frame.blocks.push(block);
        }
    }

    fn container(&mut self, kind: Kind) {
        self.end_line();
        let depth = self.open.iter().filter(|frame| matches!(frame.kind, Kind::Quote | Kind::Item)).count();
        if depth >= DEEPEST || self.skipped > 0 || !self.fits(BLOCK) {
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
                    if !matches!(blocks.first(), Some(Block::Paragraph { .. })) {
                        blocks.insert(0, Block::Paragraph { content: vec![] });
                    }
                    items.push(ListItem::ListItem { content: blocks });
                }
                if items.is_empty() {
                    return;
                }
                self.block(match order {
                    None => Block::BulletList { content: items },
                    Some(order) => Block::OrderedList { attrs: Order { order }, content: items },
                });
            }
        }
    }
}

fn push(content: &mut Vec<Inline>, text: &str, marks: Vec<Mark>) {
    match content.last_mut() {
        Some(Inline::Text { text: last, marks: same }) if *same == marks => last.push_str(text),
        _ => content.push(Inline::Text { text: text.to_owned(), marks }),
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
        Mark::Comment { .. } => 6,
    }
}
