use std::{
    fmt::Write,
    io::{Cursor, Read},
};

use sotto_manuscript::{Block, Document, Fit, Inline, Picture};

use super::*;

/// A real PNG of one grey pixel, and something that is another picture.
pub(super) const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0,
    0, 1, 8, 0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 0x0a, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63,
    0x68, 0, 0, 0, 0x82, 0, 0x81, 0x77, 0xcd, 0x72, 0xb6, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42,
    0x60, 0x82,
];
const OTHER: &[u8] = &[0xff, 0xd8, 0xff, 0xe0, 1, 2, 3];

fn named(digit: &str, ending: &str) -> String {
    format!("{}.{ending}", digit.repeat(64))
}

pub(super) fn picture(file: &str, alt: &str, caption: &str) -> Picture {
    Picture {
        file: file.into(),
        width: 1200,
        height: 800,
        alt: alt.into(),
        caption: caption.into(),
        fit: Fit::Text,
        cover: false,
    }
}

fn words(text: &str) -> Block {
    Block::Paragraph { content: vec![Inline::Text { text: text.into(), marks: vec![] }] }
}

/// A page with a lamp, a dawn that is on the cover, and one whose file is gone.
fn lit() -> Book {
    let lamp = picture(&named("a", "png"), "A lamp & a \"road\"", "The <last> one");
    let dawn = Picture { fit: Fit::Half, cover: true, ..picture(&named("b", "jpg"), "Dawn", "") };
    let gone = picture(&named("c", "png"), "Gone by", "");
    let blocks = vec![
        words("Before"),
        Block::Picture { attrs: lamp.clone() },
        words("Between"),
        Block::Blockquote { content: vec![Block::Picture { attrs: dawn.clone() }] },
        Block::Picture { attrs: gone },
        Block::Picture { attrs: lamp.clone() },
        words("After"),
    ];
    let mut book = super::files::book("Lit", &Document { blocks }, None);
    book.pictures.insert(lamp.file, PNG.into());
    book.pictures.insert(dawn.file, OTHER.into());
    book
}

fn part(file: &[u8], name: &str) -> Option<Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut part = archive.by_name(name).ok()?;
    let mut bytes = vec![];
    part.read_to_end(&mut bytes).unwrap();
    Some(bytes)
}

/// What a file of this name became, with each picture kept under a name of its content.
fn kept(name: &str, file: &[u8]) -> (Document, Vec<String>) {
    let mut imported = import(name, file, TrackedChanges::Accept).unwrap();
    imported.keep_pictures(|picture, bytes| {
        let ending = match bytes? {
            bytes if bytes == PNG => "a",
            bytes if bytes == OTHER => "b",
            _ => return None,
        };
        Some(Picture { file: named(ending, "png"), width: 1200, height: 800, ..picture.clone() })
    });
    (imported.pages.remove(0).document, imported.left_out)
}

fn text(file: &[u8], name: &str) -> String {
    String::from_utf8(part(file, name).unwrap()).unwrap()
}

#[test]
fn a_page_of_the_web_holds_its_pictures_itself() {
    let page = String::from_utf8(lit().write(Form::Html)).unwrap();
    assert!(page.contains("default-src 'none'; img-src data:;"), "{page}");
    assert_eq!(page.matches("<img src=\"data:image/png;base64,iVBORw0KGgo").count(), 2, "{page}");
    assert!(
        page.contains("alt=\"A lamp &amp; a &quot;road&quot;\" width=\"1200\" height=\"800\"/>"),
        "{page}"
    );
    assert!(page.contains("<figcaption dir=\"auto\">The &lt;last&gt; one</figcaption>"), "{page}");
    assert!(page.contains("<figure class=\"half\"><img src=\"data:image/jpeg;base64,"), "{page}");
    assert!(page.contains("<p dir=\"auto\">[Picture: Gone by]</p>"), "what is missing is said: {page}");
}

#[test]
fn a_book_holds_each_picture_once_and_one_is_its_cover() {
    let book = lit().write(Form::Epub);
    let (lamp, dawn) = (named("a", "png"), named("b", "jpg"));
    assert_eq!(part(&book, &format!("EPUB/pictures/{lamp}")).as_deref(), Some(PNG));
    assert_eq!(part(&book, &format!("EPUB/pictures/{dawn}")).as_deref(), Some(OTHER));
    assert_eq!(part(&book, &format!("EPUB/pictures/{}", named("c", "png"))), None);
    let package = text(&book, "EPUB/package.opf");
    assert_eq!(package.matches(&lamp).count(), 1, "{package}");
    let cover = format!(
        "<item id=\"p1\" href=\"pictures/{dawn}\" media-type=\"image/jpeg\" properties=\"cover-image\"/>"
    );
    assert!(
        package.contains(&cover) && package.contains("<meta name=\"cover\" content=\"p1\"/>"),
        "{package}"
    );
    let chapter = text(&book, "EPUB/chapter-1.xhtml");
    assert_eq!(chapter.matches(&format!("src=\"pictures/{lamp}\"")).count(), 2, "{chapter}");
    let mut plain = lit();
    plain.chapters[0].document.blocks.remove(3);
    let package = text(&plain.write(Form::Epub), "EPUB/package.opf");
    assert!(!package.contains("cover"), "no picture was chosen: {package}");
}

#[test]
fn a_word_file_draws_its_pictures_with_what_is_said_of_them() {
    for form in [Form::Docx, Form::Manuscript] {
        let file = lit().write(form);
        let (lamp, dawn) = (named("a", "png"), named("b", "jpg"));
        assert_eq!(part(&file, &format!("word/media/{lamp}")).as_deref(), Some(PNG));
        assert_eq!(part(&file, &format!("word/media/{dawn}")).as_deref(), Some(OTHER));
        let document = text(&file, "word/document.xml");
        assert_eq!(document.matches("<w:drawing>").count(), 3, "{document}");
        assert!(document.contains("descr=\"A lamp &amp; a &quot;road&quot;\""), "{document}");
        assert!(document.contains("<w:pStyle w:val=\"Caption\"/>"), "{document}");
        assert!(document.contains("[Picture: Gone by]"), "{document}");
        let links = text(&file, "word/_rels/document.xml.rels");
        for number in 1..=3 {
            assert!(document.contains(&format!("r:embed=\"picture{number}\"")), "{document}");
            assert!(links.contains(&format!("Id=\"picture{number}\"")), "{links}");
        }
        assert!(text(&file, "[Content_Types].xml").contains("Extension=\"jpg\""));
        // As wide as the text at most, half of it where that was chosen, and in proportion.
        let extents: Vec<(u64, u64)> = document
            .split("<wp:extent cx=\"")
            .skip(1)
            .map(|rest| {
                let mut numbers = rest.split('"').filter_map(|piece| piece.parse().ok());
                (numbers.next().unwrap(), numbers.next().unwrap())
            })
            .collect();
        let [(whole, tall), (half, _), _] = *extents else { panic!("{extents:?}") };
        assert!((whole / 2).abs_diff(half) <= 1 && (whole * 2 / 3).abs_diff(tall) <= 1, "{extents:?}");
    }
}

#[test]
fn a_picture_that_came_or_went_is_a_tracked_change() {
    let page = |digit: &str| {
        let block = Block::Picture { attrs: picture(&named(digit, "png"), "A lamp", "") };
        Document { blocks: vec![words("One"), block, words("Two")] }
    };
    let mut book = super::files::book("Lit", &page("b"), Some(&page("a")));
    book.pictures.insert(named("a", "png"), PNG.into());
    book.pictures.insert(named("b", "png"), OTHER.into());
    let document = text(&book.write(Form::Docx), "word/document.xml");
    for name in ["ins", "del"] {
        let end = format!("</w:drawing></w:r></w:{name}>");
        assert_eq!(document.matches(&end).count(), 1, "{name}: {document}");
    }
}

#[test]
fn forms_without_pictures_say_what_is_to_be_seen() {
    for form in [Form::Text, Form::Record] {
        let out = String::from_utf8(lit().write(form)).unwrap();
        assert!(out.contains("[Picture: Dawn]"), "{form:?}: {out}");
    }
    for form in [Form::Markdown, Form::Annotated] {
        let out = String::from_utf8(lit().write(form)).unwrap();
        assert!(out.contains("\\[Picture: Dawn\\]") && out.contains("The \\<last\\> one"), "{form:?}: {out}");
    }
    let out = lit().write(Form::Pdf);
    assert!(out.starts_with(b"%PDF-"));
    let json = String::from_utf8(lit().write(Form::Json)).unwrap();
    assert!(json.contains(&named("a", "png")), "the name, for programs: {json}");
}

#[test]
fn pictures_come_back_with_what_is_said_of_them() {
    let mut book = lit();
    // The one whose file is gone went out as words.
    book.chapters[0].document.blocks.remove(4);
    for (form, name) in [(Form::Docx, "lit.docx"), (Form::Epub, "lit.epub"), (Form::Html, "lit.html")] {
        let (document, left_out) = kept(name, &book.write(form));
        assert_eq!(left_out, Vec::<String>::new(), "{name}");
        let told: Vec<(&str, &str, &str)> =
            document.pictures().iter().map(|one| (&one.file[..1], &*one.alt, &*one.caption)).collect();
        let lamp = ("a", "A lamp & a \"road\"", "The <last> one");
        assert_eq!(told, [lamp, ("b", "Dawn", ""), lamp], "{name}");
        assert_eq!(document.text(), book.chapters[0].document.text(), "{name}");
        assert!(matches!(&document.blocks[3], Block::Blockquote { content } if content.len() == 1), "{name}");
        if form != Form::Docx {
            assert_eq!(document.pictures()[1].fit, Fit::Half, "{name}");
        }
        let cover: Vec<bool> = document.pictures().iter().map(|one| one.cover).collect();
        assert_eq!(cover, [false, form == Form::Epub, false], "{name}");
    }
}

#[test]
fn a_picture_that_cannot_be_kept_leaves_its_words_and_is_told() {
    let page = "<p>One</p><img alt='A map' src='data:image/gif;base64,R0lGODlh'><p>Two</p>\
                <blockquote><img src='data:image/png;base64,AAAA'></blockquote>";
    let (document, left_out) = kept("page.html", page.as_bytes());
    assert_eq!(document.text(), "One\n\n[Picture: A map]\n\nTwo\n\n");
    assert_eq!(document.pictures().len(), 0);
    assert!(left_out[0].starts_with("2 pictures could not be taken"), "{left_out:?}");
    assert_eq!(Document::parse(&document.to_json()).unwrap(), document);
}

#[test]
fn of_a_picture_on_the_web_or_on_the_disk_the_words_come_in() {
    let page = "<p>See <img alt='the map' src='https://a.example/spy.png'> here</p><img src='file:///etc/passwd'>\
                <img alt='' src='../secret.png'>";
    let (document, left_out) = kept("page.html", page.as_bytes());
    assert_eq!(document.text(), "See [Picture: the map] here");
    assert_eq!(left_out, ["3 pictures were left out."]);
}

/// A Word file whose text shows so many pictures, and what lies in it.
fn word_file(pictures: &[(&str, &[u8])], shown: &[usize]) -> Vec<u8> {
    let mut links = String::from("<Relationships>");
    for (at, (name, _)) in pictures.iter().enumerate() {
        write!(links, "<Relationship Id=\"r{at}\" Target=\"media/{name}\"/>").unwrap();
    }
    let mut body = String::from("<w:document><w:body><w:p><w:r><w:t>Words</w:t></w:r></w:p>");
    for at in shown {
        let blip = format!("<a:blip r:embed=\"r{at}\"/>");
        write!(body, "<w:p><w:r><w:drawing>{blip}</w:drawing></w:r></w:p>").unwrap();
    }
    body += "</w:body></w:document>";
    links += "</Relationships>";
    let names: Vec<String> = pictures.iter().map(|(name, _)| format!("word/media/{name}")).collect();
    let mut parts: Vec<(&str, &[u8])> =
        vec![("word/document.xml", body.as_bytes()), ("word/_rels/document.xml.rels", links.as_bytes())];
    parts.extend(names.iter().zip(pictures).map(|(name, (_, bytes))| (name.as_str(), *bytes)));
    crate::archive::pack(&parts)
}

#[test]
fn a_file_brings_so_many_pictures_and_no_larger_ones() {
    let names: Vec<String> = (0..=1_000).map(|at| format!("{at}.png")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), name.as_bytes())).collect();
    let file = word_file(&many, &(0..=1_000).collect::<Vec<_>>());
    let imported = import("many.docx", &file, TrackedChanges::Accept).unwrap();
    assert_eq!(imported.pages[0].document.pictures().len(), 1_000);
    assert_eq!(imported.left_out, ["A picture was left out."]);

    // Its length packed says nothing of it.
    let large = vec![7; 50_000_001];
    let imported =
        import("large.docx", &word_file(&[("a.png", &large)], &[0]), TrackedChanges::Accept).unwrap();
    assert_eq!(
        (imported.pages[0].document.text().as_str(), &*imported.left_out[0]),
        ("Words", "A picture was left out.")
    );

    // The same one unpacked again and again ends too, and takes no room from the text.
    let file = word_file(&[("a.png", &large[..49_000_000])], &[0; 6]);
    let imported = import("again.docx", &file, TrackedChanges::Accept).unwrap();
    assert_eq!(imported.pages[0].document.pictures().len(), 5);
    assert_eq!(imported.left_out, ["A picture was left out."]);
}

#[test]
fn an_open_document_brings_its_pictures() {
    let content = "<office:document-content><office:body><office:text><text:p>One</text:p>\
        <text:p><draw:frame><draw:image xlink:href=\"Pictures/a.png\"/><svg:title>A lamp</svg:title>\
        <svg:desc>on a hill</svg:desc></draw:frame></text:p><text:p>Two <draw:frame>\
        <draw:image xlink:href=\"https://a.example/b.png\"/><svg:desc>the road</svg:desc></draw:frame></text:p>\
        </office:text></office:body></office:document-content>";
    let file = crate::archive::pack(&[("content.xml", content.as_bytes()), ("Pictures/a.png", PNG)]);
    let (document, left_out) = kept("page.odt", &file);
    assert_eq!(document.text(), "One\n\n[Picture: A lamp on a hill]\n\nTwo [Picture: the road]");
    assert_eq!(document.pictures().len(), 1);
    assert_eq!(left_out, ["A picture was left out."]);
}
