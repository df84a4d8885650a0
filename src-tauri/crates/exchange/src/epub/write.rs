//! Pages as an EPUB 3 book.

use std::{fmt::Write, sync::Arc};

use sha2::{Digest, Sha256};
use sotto_manuscript::Picture;

use crate::{archive::pack, book::Book, dates, page, pictures, xml::escaped};

const CONTAINER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
<container version=\"1.0\" xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\"><rootfiles>\
<rootfile full-path=\"EPUB/package.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles></container>";

const STYLE: &str = "body { line-height: 1.5; }
h1, h2, h3, h4, h5 { line-height: 1.3; font-weight: 600; break-after: avoid; }
h1 { margin: 3em 0 2em; }
p { margin: 0; text-indent: 1.4em; }
h1 + p, h2 + p, h3 + p, h4 + p, h5 + p, hr + p, blockquote p, li p { text-indent: 0; }
hr { border: 0; margin: 1.5em 0; text-align: center; }
hr::before { content: \"* * *\"; }
blockquote { margin: 1em 2em; }
figure { margin: 1.5em 0; text-align: center; break-inside: avoid; }
figure img { max-width: 100%; height: auto; }
figure.half img { max-width: 50%; }
figcaption { font-size: 0.85em; }
";

pub(crate) fn write(book: &Book) -> Vec<u8> {
    let language = if book.language.is_empty() { "und" } else { &book.language };
    let title = if book.title.is_empty() { "Untitled" } else { &book.title };
    let mut files: Vec<(String, String, String)> = Vec::new();
    let shown = book.pictures_shown();
    let source = |picture: &Picture| {
        book.pictures.contains_key(&picture.file).then(|| format!("pictures/{}", picture.file))
    };
    let mut part = "";
    for (at, chapter) in book.chapters.iter().enumerate() {
        let mut body = String::new();
        if chapter.part != part {
            part = &chapter.part;
            if !part.is_empty() {
                let _ = writeln!(body, "<p class=\"part\">{}</p>", escaped(part));
            }
        }
        let name = if chapter.title.is_empty() { format!("{}", at + 1) } else { chapter.title.clone() };
        let _ = writeln!(body, "<h1 dir=\"auto\">{}</h1>", escaped(&name));
        body += &page::to_html(&chapter.document.blocks, 1, &source);
        files.push((format!("chapter-{}.xhtml", at + 1), xhtml(&name, language, &body), name));
    }
    let (mut contents, mut manifest, mut spine) = (String::new(), String::new(), String::new());
    for (at, (file, _, name)) in files.iter().enumerate() {
        let _ = writeln!(contents, "<li><a href=\"{file}\">{}</a></li>", escaped(name));
        let _ =
            writeln!(manifest, "<item id=\"c{at}\" href=\"{file}\" media-type=\"application/xhtml+xml\"/>");
        let _ = writeln!(spine, "<itemref idref=\"c{at}\"/>");
    }
    let mut cover = String::new();
    for (at, (picture, _)) in shown.iter().enumerate() {
        let mut properties = "";
        if picture.cover && cover.is_empty() {
            properties = " properties=\"cover-image\"";
            // For readers of before EPUB 3.
            cover = format!("<meta name=\"cover\" content=\"p{at}\"/>\n");
        }
        let (file, kind) = (&picture.file, pictures::media_type(&picture.file));
        let _ = writeln!(
            manifest,
            "<item id=\"p{at}\" href=\"pictures/{file}\" media-type=\"{kind}\"{properties}/>"
        );
    }
    let nav = xhtml(
        title,
        language,
        &format!(
            "<nav epub:type=\"toc\" id=\"toc\"><h1>{}</h1><ol>\n{contents}</ol></nav>\n",
            escaped(title)
        ),
    );
    let author = if book.author.is_empty() {
        String::new()
    } else {
        format!("<dc:creator>{}</dc:creator>\n", escaped(&book.author))
    };
    let package = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" unique-identifier=\"id\">\n\
         <metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n\
         <dc:identifier id=\"id\">{}</dc:identifier>\n<dc:title>{}</dc:title>\n<dc:language>{}</dc:language>\n{author}\
         <meta property=\"dcterms:modified\">{}</meta>\n{cover}</metadata>\n<manifest>\n\
         <item id=\"nav\" href=\"nav.xhtml\" media-type=\"application/xhtml+xml\" properties=\"nav\"/>\n\
         <item id=\"style\" href=\"style.css\" media-type=\"text/css\"/>\n{manifest}</manifest>\n<spine>\n{spine}</spine>\n</package>\n",
        identifier(book),
        escaped(title),
        escaped(language),
        dates::moment(book.written_at),
    );
    let files: Vec<(String, String)> =
        files.into_iter().map(|(file, text, _)| (format!("EPUB/{file}"), text)).collect();
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("mimetype", b"application/epub+zip"),
        ("META-INF/container.xml", CONTAINER.as_bytes()),
        ("EPUB/package.opf", package.as_bytes()),
        ("EPUB/nav.xhtml", nav.as_bytes()),
        ("EPUB/style.css", STYLE.as_bytes()),
    ];
    parts.extend(files.iter().map(|(file, text)| (file.as_str(), text.as_bytes())));
    let pictures: Vec<(String, &Arc<[u8]>)> =
        shown.iter().map(|(picture, bytes)| (format!("EPUB/pictures/{}", picture.file), *bytes)).collect();
    parts.extend(pictures.iter().map(|(file, bytes)| (file.as_str(), &***bytes)));
    pack(&parts)
}

fn xhtml(title: &str, language: &str, body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n\
         <html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\" lang=\"{0}\" xml:lang=\"{0}\">\n\
         <head><meta name=\"generator\" content=\"Sotto\"/><title>{1}</title><link rel=\"stylesheet\" type=\"text/css\" href=\"style.css\"/></head>\n<body>\n{body}</body>\n</html>\n",
        escaped(language),
        escaped(title)
    )
}

/// A name that no other book has: made of what stands in it and when it was written, as a UUID of
/// the version that is left to whoever makes it (RFC 9562, 8).
fn identifier(book: &Book) -> String {
    let mut hash = Sha256::new();
    hash.update(book.written_at.to_le_bytes());
    hash.update(&book.title);
    for chapter in &book.chapters {
        hash.update(chapter.document.text());
    }
    let hex = format!("{:x}", hash.finalize());
    format!("urn:uuid:{}-{}-8{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..32])
}
