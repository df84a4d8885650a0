//! A book as pages, one for each of its files in reading order.

use std::collections::HashMap;

use sotto_manuscript::{Block, Document, Inline};

use crate::{
    archive::Archive,
    gathering::{Gathering, ImportError},
    limits::MOST_PAGES,
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
    let (files, title) = spine(&opf);
    let title = if title.trim().is_empty() { name.to_owned() } else { title };
    let mut missing = 0;
    for (at, href) in files.iter().take(MOST_PAGES).enumerate() {
        let path = resolved(folder, href);
        let Some(text) = archive.text(&path)? else {
            missing += 1;
            continue;
        };
        let mut builder = gathering.builder();
        web::read(&text, &mut builder, gathering);
        let before = gathering.imported.pages.len();
        gathering.page(&title, "", builder);
        if files.len() > 1
            && let Some(page) = gathering.imported.pages.get_mut(before)
        {
            page.title = own_title(&mut page.document).unwrap_or_else(|| format!("{title}, {}", at + 1));
        }
    }
    if missing > 0 {
        gathering.say(format!("{missing} of the book's chapters are missing in the file."));
    }
    Ok(())
}

/// Its files in reading order, and its title.
fn spine(opf: &str) -> (Vec<String>, String) {
    let (mut items, mut files) = (HashMap::new(), Vec::new());
    let (mut title, mut in_title) = (String::new(), false);
    for piece in Pieces::new(opf) {
        match piece {
            Xml::Start(name, attributes) => match name.as_str() {
                "title" => in_title = title.is_empty(),
                "item" => {
                    let kind = attributes.get("media-type").unwrap_or_default();
                    let contents =
                        attributes.get("properties").unwrap_or_default().split(' ').any(|one| one == "nav");
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
    (files, title)
}

/// A path from where the book's list of files lies.
fn resolved(folder: &str, href: &str) -> String {
    let href = href.split('#').next().unwrap_or_default();
    let mut parts: Vec<String> =
        folder.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    for part in href.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(unescaped(part)),
        }
    }
    parts.join("/")
}

/// `a%20b` as `a b`.
fn unescaped(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        if let Some(byte) = hex.filter(|_| bytes[at] == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok())
        {
            out.push(byte);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
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
