//! Pictures in a Word file: a drawing in a line of its own, with what is said of it.

use sotto_manuscript::{Fit, Picture};

use crate::{
    archive::resolved,
    xml::{Pieces, Xml, escaped},
};

/// Of Word's own unit of length, for a pixel as screens have them.
const PIXEL: u64 = 9525;
/// Between the margins, in the same unit: of A4, and of letter paper for a manuscript.
const A4: u64 = 5_759_450;
const LETTER: u64 = 5_943_600;
/// A picture leaves room for its caption on the page.
const TALLEST: u64 = 7_600_000;

/// The element for the picture of that number.
pub(super) fn drawing(picture: &Picture, number: usize, manuscript: bool) -> String {
    let (across, down) = size(picture, if manuscript { LETTER } else { A4 });
    let said = escaped(&picture.alt);
    format!(
        "<w:drawing><wp:inline xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
         distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"{across}\" cy=\"{down}\"/>\
         <wp:docPr id=\"{number}\" name=\"Picture {number}\" descr=\"{said}\"/>\
         <a:graphic xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\">\
         <a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\">\
         <pic:pic xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\">\
         <pic:nvPicPr><pic:cNvPr id=\"{number}\" name=\"{}\" descr=\"{said}\"/><pic:cNvPicPr/></pic:nvPicPr>\
         <pic:blipFill><a:blip r:embed=\"picture{number}\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>\
         <pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{across}\" cy=\"{down}\"/></a:xfrm>\
         <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>",
        picture.file
    )
}

fn size(picture: &Picture, text: u64) -> (u64, u64) {
    let (width, height) = (u64::from(picture.width.max(1)), u64::from(picture.height.max(1)));
    let widest = if picture.fit == Fit::Half { text / 2 } else { text };
    let across = (width * PIXEL).min(widest).min(TALLEST * width / height).max(1);
    (across, (across * height / width).max(1))
}

/// A picture, as a text speaks of it.
#[derive(Default)]
pub(super) struct Drawn {
    /// The number of where it lies.
    pub link: Option<String>,
    pub alt: String,
}

impl Drawn {
    /// Reads an element that has just begun.
    pub fn read(pieces: &mut Pieces<'_>) -> Self {
        let mut drawn = Self::default();
        let mut depth = 1;
        for piece in pieces.by_ref() {
            match piece {
                Xml::Start(name, attributes) => {
                    depth += 1;
                    match name.as_str() {
                        "docPr" => attributes.get("descr").unwrap_or_default().clone_into(&mut drawn.alt),
                        "shape" => attributes.get("alt").unwrap_or_default().clone_into(&mut drawn.alt),
                        "blip" => drawn.link = attributes.get("embed").map(str::to_owned),
                        "imagedata" => drawn.link = attributes.get("id").map(str::to_owned),
                        _ => {}
                    }
                }
                Xml::End(_) => depth -= 1,
                Xml::Text(_) => {}
            }
            if depth == 0 {
                break;
            }
        }
        drawn
    }
}

/// The part of the archive that a link leads to, seen from the text; nothing on the web.
pub(super) fn part_of(target: &str) -> Option<String> {
    if target.contains("://") {
        return None;
    }
    Some(resolved("word", target))
}
