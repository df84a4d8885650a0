//! A book as pages, one for each of its files in reading order.

use std::collections::HashMap;

use sotto_manuscript::{Block, Document, Inline};

use crate::{
    archive::{Archive, resolved},
    gathering::{Gathering, ImportError},
    limits::MOST_PAGES,
    picture::provisional,
    web,
    xml::{Pieces, Xml},
};

pub(crate) fn read(bytes: &[u8], name: &str, gathering: &mut Gathering<'_>) -> Result<(), ImportError> {
    let mut archive = Archive::open(bytes)?;
    if archive.has("META-INF/rights.xml") || archive.has("META-INF/sinf.xml") {
        return Err(ImportError::Locked);
    }
    let container = archive.text("META-INF/container.xml")?.ok_or(ImportError::Damaged)?;
    let package = Pieces::new(&container).find_map(|piece| match piece {
        Xml::Start(name, attributes) if name == "rootfile" => attributes.get("full-path").map(str::to_owned),
        _ => None,
    });
    let package = package.ok_or(ImportError::Damaged)?;
    let opf = archive.text(&package)?.ok_or(ImportError::Damaged)?;
    let folder = package.rsplit_once('/').map_or("", |(folder, _)| folder);
    let Spine { files, title, cover } = spine(&opf);
    let cover = cover.and_then(|href| archive.picture(&resolved(folder, &href)));
    let cover = cover.map(|bytes| provisional(&bytes));
    let title = if title.trim().is_empty() { name.to_owned() } else { title };
    let mut missing = 0;
    for (at, href) in files.iter().take(MOST_PAGES).enumerate() {
        let path = resolved(folder, href);
        let Some(text) = archive.text(&path)? else {
            missing += 1;
            continue;
        };
        let mut builder = gathering.builder();
        let beside = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut lies_at = |source: &str| archive.picture(&resolved(beside, source));
        web::read(&text, &mut builder, gathering, &mut lies_at);
        let before = gathering.imported.pages.len();
        gathering.page(&title, "", builder);
        if files.len() > 1
            && let Some(page) = gathering.imported.pages.get_mut(before)
        {
            page.title = own_title(&mut page.document).unwrap_or_else(|| format!("{title}, {}", at + 1));
        }
    }
    if let Some(cover) = cover {
        gathering.imported.put_on_cover(&cover);
    }
    if missing > 0 {
        gathering.say(format!("{missing} of the book's chapters are missing in the file."));
    }
    Ok(())
}

/// What a book says of itself.
struct Spine {
    /// Its files in reading order.
    files: Vec<String>,
    title: String,
    /// The picture on its cover.
    cover: Option<String>,
}

fn spine(opf: &str) -> Spine {
    let mut cover = None;
    let (mut items, mut files) = (HashMap::new(), Vec::new());
    let (mut title, mut in_title) = (String::new(), false);
    for piece in Pieces::new(opf) {
        match piece {
            Xml::Start(name, attributes) => match name.as_str() {
                "title" => in_title = title.is_empty(),
                "item" => {
                    let kind = attributes.get("media-type").unwrap_or_default();
                    let is = |what: &str| {
                        attributes.get("properties").unwrap_or_default().split(' ').any(|one| one == what)
                    };
                    let contents = is("nav");
                    if is("cover-image") && cover.is_none() {
                        cover = attributes.get("href").map(str::to_owned);
                    }
                    if let (Some(id), Some(href), false) =
                        (attributes.get("id"), attributes.get("href"), contents)
                        && matches!(kind, "application/xhtml+xml" | "text/html" | "application/xml")
                    {
                        items.insert(id.to_owned(), href.to_owned());
                    }
                }
                "itemref" => files.extend(attributes.get("idref").and_then(|id| items.get(id)).cloned()),
                _ => {}
            },
            Xml::Text(text) if in_title => title.push_str(&text),
            Xml::End(name) if name == "title" => in_title = false,
            Xml::Text(_) | Xml::End(_) => {}
        }
    }
    Spine { files, title, cover }
}

/// A heading at its beginning becomes the page's title.
fn own_title(document: &mut Document) -> Option<String> {
    let Some(Block::Heading { content, .. }) = document.blocks.first() else { return None };
    let title: String = content
        .iter()
        .map(|inline| match inline {
            Inline::Text { text, .. } => text.as_str(),
            Inline::Footnote { .. } => "",
            Inline::HardBreak { .. } => " ",
        })
        .collect();
    document.blocks.remove(0);
    if document.blocks.is_empty() {
        *document = Document::default();
    }
    Some(title.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect())
}
