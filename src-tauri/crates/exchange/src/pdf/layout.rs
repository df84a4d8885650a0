//! Where each word stands: lines are filled word by word, and pages line by line.

use std::ops::Range;

use rustybuzz::{Face, UnicodeBuffer};
use sotto_manuscript::{Block, Inline, ListItem, Mark};

use crate::{book::Book, pictures};

/// Of letters, in points.
const SIZE: f32 = 11.0;
/// From one line to the next, in heights of a letter.
const LEADING: f32 = 1.45;
/// Of a first line, in points: two letters.
const INDENT: f32 = 22.0;
/// Added to the number of a font for words with a line through them.
const STRUCK: usize = 4;

/// A letter as the font draws it.
pub(super) struct Glyph {
    pub id: u32,
    pub range: Range<usize>,
    /// In heights of a letter.
    pub advance: f32,
}

/// Words of one font and size.
pub(super) struct Piece {
    pub text: String,
    pub font: usize,
    /// A line goes through it.
    pub struck: bool,
    pub size: f32,
    pub glyphs: Vec<Glyph>,
    pub width: f32,
}

/// One page: pieces and where their lines stand, and the headings.
#[derive(Default)]
pub(super) struct Sheet {
    pub pieces: Vec<(f32, f32, Piece)>,
    pub headings: Vec<(String, f32)>,
}

pub(super) struct Layout<'f> {
    faces: Vec<Option<Face<'f>>>,
    width: f32,
    height: f32,
    pub pages: Vec<Sheet>,
    /// Where the next line begins, from the top.
    y: f32,
}

impl<'f> Layout<'f> {
    pub fn new(fonts: &[&'f [u8]], width: f32, height: f32) -> Self {
        let faces = fonts.iter().map(|bytes| Face::from_slice(bytes, 0)).collect();
        Self { faces, width, height, pages: vec![Sheet::default()], y: 0.0 }
    }

    pub fn book(&mut self, book: &Book) {
        if !book.title.is_empty() {
            self.heading(&book.title, 22.0, 0.0);
            self.y += 20.0;
        }
        let mut part = "";
        for (at, chapter) in book.chapters.iter().enumerate() {
            if at > 0 {
                self.turn();
            }
            if chapter.part != part {
                part = &chapter.part;
                if !part.is_empty() {
                    self.heading(part, 14.0, 0.0);
                }
            }
            if !book.is_one_page() && !chapter.title.is_empty() {
                self.heading(&chapter.title, 18.0, 0.0);
                self.y += 12.0;
            }
            self.blocks(&chapter.document.blocks, 0.0);
        }
    }

    /// A page's number.
    pub fn number(&self, number: usize) -> Piece {
        self.shaped(&number.to_string(), 0, 9.0)
    }

    fn turn(&mut self) {
        if self.y > 0.0 {
            self.pages.push(Sheet::default());
            self.y = 0.0;
        }
    }

    fn heading(&mut self, text: &str, size: f32, indent: f32) {
        // A heading does not stand alone at the end of a page.
        if self.y + size * 4.0 > self.height {
            self.turn();
        }
        if self.y > 0.0 {
            self.y += size;
        }
        let y = self.y;
        if let Some(page) = self.pages.last_mut() {
            page.headings.push((text.to_owned(), y));
        }
        self.lines(vec![(text.to_owned(), 2)], size, indent);
        self.y += size * 0.4;
    }

    fn blocks(&mut self, blocks: &[Block], indent: f32) {
        for block in blocks {
            self.block(block, indent);
        }
    }

    fn block(&mut self, block: &Block, indent: f32) {
        match block {
            Block::Paragraph { content } => {
                self.lines(words(content, 0), SIZE, indent);
                self.y += SIZE * 0.6;
            }
            Block::Heading { attrs, content } => {
                let text: String = words(content, 0).into_iter().map(|(text, _)| text).collect();
                self.heading(&text, 18.0 - 2.0 * f32::from(attrs.level), indent);
            }
            Block::CodeBlock { content } => {
                self.lines(words(content, 0), SIZE * 0.9, indent + INDENT / 2.0);
                self.y += SIZE * 0.6;
            }
            Block::SceneBreak {} => {
                let stars = self.shaped("* * *", 0, SIZE);
                self.y += SIZE * 0.6;
                self.row(vec![((self.width - stars.width) / 2.0, stars)], SIZE);
                self.y += SIZE * 1.2;
            }
            Block::Picture { attrs } => {
                self.lines(words(&pictures::in_words(attrs), 0), SIZE, indent);
                self.y += SIZE * 0.6;
            }
            Block::Blockquote { content } => self.blocks(content, indent + INDENT),
            Block::BulletList { content } => self.items(content, None, indent),
            Block::OrderedList { attrs, content } => self.items(content, Some(attrs.order), indent),
        }
    }

    fn items(&mut self, items: &[ListItem], order: Option<u32>, indent: f32) {
        for (at, ListItem::ListItem { content }) in items.iter().enumerate() {
            let number = |from: u32| from.saturating_add(u32::try_from(at).unwrap_or_default());
            let marker = order.map_or("•".to_owned(), |from| format!("{}.", number(from)));
            let marker = self.shaped(&marker, 0, SIZE);
            self.room(SIZE);
            let y = self.y + SIZE;
            if let Some(page) = self.pages.last_mut() {
                page.pieces.push((indent, y, marker));
            }
            self.blocks(content, indent + INDENT);
        }
    }

    /// Sees to it that a line fits on the page.
    fn room(&mut self, size: f32) {
        if self.y + size * LEADING > self.height {
            self.pages.push(Sheet::default());
            self.y = 0.0;
        }
    }

    fn row(&mut self, row: Vec<(f32, Piece)>, size: f32) {
        self.room(size);
        let y = self.y + size;
        if let Some(page) = self.pages.last_mut() {
            page.pieces.extend(row.into_iter().map(|(x, piece)| (x, y, piece)));
        }
        self.y += size * LEADING;
    }

    /// Words with their fonts, as many to a line as fit.
    fn lines(&mut self, words: Vec<(String, usize)>, size: f32, indent: f32) {
        // Deeply nested lists would leave no room for a word.
        let indent = indent.min(self.width / 2.0);
        let (mut row, mut x) = (Vec::new(), indent);
        for (text, font) in words {
            for (at, line) in text.split('\n').enumerate() {
                if at > 0 {
                    self.row(std::mem::take(&mut row), size);
                    x = indent;
                }
                for word in line.split_inclusive(' ') {
                    for part in self.parts(word, font, size, self.width - indent) {
                        let bare = self.shaped(part.trim_end(), font, size).width;
                        if x + bare > self.width && x > indent {
                            self.row(std::mem::take(&mut row), size);
                            x = indent;
                        }
                        let piece = self.shaped(part, font, size);
                        let width = piece.width;
                        row.push((x, piece));
                        x += width;
                    }
                }
            }
        }
        self.row(row, size);
    }

    /// A word that is longer than a line, in parts.
    fn parts<'w>(&self, word: &'w str, font: usize, size: f32, width: f32) -> Vec<&'w str> {
        if word.len() < 40 || self.shaped(word, font, size).width <= width {
            return vec![word];
        }
        let (mut parts, mut from) = (Vec::new(), 0);
        for (count, (at, _)) in word.char_indices().enumerate() {
            if count > 0 && count % 30 == 0 {
                parts.push(&word[from..at]);
                from = at;
            }
        }
        parts.push(&word[from..]);
        parts
    }

    fn shaped(&self, text: &str, look: usize, size: f32) -> Piece {
        let (font, struck) = (look % STRUCK, look >= STRUCK);
        let mut glyphs = Vec::new();
        if let Some(face) = &self.faces[font] {
            let mut buffer = UnicodeBuffer::new();
            buffer.push_str(text);
            let shaped = rustybuzz::shape(face, &[], buffer);
            #[allow(clippy::cast_precision_loss)] // the font's units are a thousand or two
            let height = face.units_per_em() as f32;
            let infos = shaped.glyph_infos();
            for (at, (info, position)) in infos.iter().zip(shaped.glyph_positions()).enumerate() {
                let start = usize::try_from(info.cluster).unwrap_or_default();
                let next = infos[at..].iter().map(|other| other.cluster).find(|other| *other > info.cluster);
                let end = next.and_then(|end| usize::try_from(end).ok()).unwrap_or(text.len());
                #[allow(clippy::cast_precision_loss)]
                let advance = position.x_advance as f32 / height;
                glyphs.push(Glyph { id: info.glyph_id, range: start..end.max(start), advance });
            }
        }
        let width = glyphs.iter().map(|glyph| glyph.advance).sum::<f32>() * size;
        Piece { text: text.to_owned(), font, struck, size, glyphs, width }
    }
}

/// The words of a line with their fonts.
fn words(content: &[Inline], plain: usize) -> Vec<(String, usize)> {
    content
        .iter()
        .map(|inline| match inline {
            // Spelled out before (`notes::spelled`).
            Inline::Footnote { .. } => (String::new(), plain),
            Inline::HardBreak { .. } => ("\n".into(), plain),
            Inline::Text { text, marks } => {
                let has = |wanted: fn(&Mark) -> bool| usize::from(marks.iter().any(wanted));
                let italic = has(|mark| matches!(mark, Mark::Em {}));
                let bold = has(|mark| matches!(mark, Mark::Strong {}));
                let struck = has(|mark| matches!(mark, Mark::Strike {}));
                (text.replace('\t', "    "), italic + 2 * bold + STRUCK * struck)
            }
        })
        .collect()
}
