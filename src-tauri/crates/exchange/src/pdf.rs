//! Pages as a PDF file whose text can be searched and copied: A4, Source Serif, page numbers.
//!
//! The font has Latin, Greek and Cyrillic letters. What it has not is said by
//! [`unprintable`], and goes out in the other forms.

mod layout;

use krilla::{
    Document,
    destination::XyzDestination,
    geom::{Path, PathBuilder, Point, Rect},
    metadata::Metadata,
    outline::{Outline, OutlineNode},
    page::PageSettings,
    text::{Font, GlyphId, KrillaGlyph},
};

use crate::book::Book;
use layout::{Layout, Piece};

/// A4, in points.
const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const MARGIN: f32 = 85.0;

/// Regular, italic, bold, bold italic.
const FONTS: [&[u8]; 4] = [
    include_bytes!("../fonts/SourceSerif4-Regular.ttf"),
    include_bytes!("../fonts/SourceSerif4-It.ttf"),
    include_bytes!("../fonts/SourceSerif4-Bold.ttf"),
    include_bytes!("../fonts/SourceSerif4-BoldIt.ttf"),
];

pub(crate) fn write(book: &Book) -> Vec<u8> {
    let mut layout = Layout::new(&FONTS, WIDTH - 2.0 * MARGIN, HEIGHT - 2.0 * MARGIN);
    layout.book(book);
    let fonts: Vec<Option<Font>> = FONTS.iter().map(|bytes| Font::new((*bytes).into(), 0)).collect();
    let mut document = Document::new();
    let mut metadata = Metadata::new().title(book.title.clone()).creator("Sotto".into());
    if !book.author.is_empty() {
        metadata = metadata.authors(vec![book.author.clone()]);
    }
    if !book.language.is_empty() {
        metadata = metadata.language(book.language.clone());
    }
    document.set_metadata(metadata);
    let mut outline = Outline::new();
    for (at, page) in layout.pages.iter().enumerate() {
        for (title, y) in &page.headings {
            let place = XyzDestination::new(at, Point::from_xy(MARGIN, MARGIN + y));
            outline.push_child(OutlineNode::new(title.clone(), place));
        }
        let Some(settings) = PageSettings::from_wh(WIDTH, HEIGHT) else { continue };
        let mut sheet = document.start_page_with(settings);
        let mut surface = sheet.surface();
        let number = layout.number(at + 1);
        let foot = Point::from_xy((WIDTH - number.width) / 2.0, HEIGHT - MARGIN / 2.0);
        let placed = page.pieces.iter().map(|(x, y, piece)| (Point::from_xy(MARGIN + x, MARGIN + y), piece));
        for (place, piece) in placed.chain([(foot, &number)]) {
            if let Some(font) = fonts[piece.font].clone() {
                surface.draw_glyphs(place, &glyphs(piece), font, &piece.text, piece.size, false);
            }
            if piece.struck
                && let Some(line) = line(place, piece)
            {
                surface.draw_path(&line);
            }
        }
        surface.finish();
        sheet.finish();
    }
    document.set_outline(outline);
    document.finish().unwrap_or_default()
}

/// A thin bar through the middle of the small letters.
fn line(at: Point, piece: &Piece) -> Option<Path> {
    let (top, height) = (at.y - piece.size * 0.26, piece.size * 0.05);
    let mut path = PathBuilder::new();
    path.push_rect(Rect::from_xywh(at.x, top, piece.width, height)?);
    path.finish()
}

fn glyphs(piece: &Piece) -> Vec<KrillaGlyph> {
    piece
        .glyphs
        .iter()
        .map(|glyph| KrillaGlyph {
            glyph_id: GlyphId::new(glyph.id),
            text_range: glyph.range.clone(),
            x_advance: glyph.advance,
            x_offset: 0.0,
            y_offset: 0.0,
            y_advance: 0.0,
            location: None,
        })
        .collect()
}

/// The letters of a book that the font has not, each once, at most ten.
pub(crate) fn unprintable(book: &Book) -> Vec<char> {
    let Some(face) = rustybuzz::Face::from_slice(FONTS[0], 0) else { return vec![] };
    let mut missing = Vec::new();
    let titles =
        book.chapters.iter().flat_map(|chapter| [&chapter.title, &chapter.part]).chain([&book.title]);
    let texts = book.chapters.iter().map(|chapter| chapter.document.text());
    for letter in titles.cloned().chain(texts).flat_map(|text| text.chars().collect::<Vec<_>>()) {
        let counts = letter.is_alphanumeric() && !missing.contains(&letter) && missing.len() < 10;
        if counts && face.glyph_index(letter).is_none() {
            missing.push(letter);
        }
    }
    missing
}
