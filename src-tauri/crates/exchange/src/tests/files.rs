//! Files that others wrote, and what they become.

use std::io::{Cursor, Write};

use proptest::prelude::*;
use sotto_manuscript::{Address, Block, Document, How, Inline, Level, ListItem, Mark, Order, Origin};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::{
    Book, Chapter, Form, ImportError, Imported, TrackedChanges, import, import_scrivener, page::Signs,
    unprintable,
};

const DOCX_HEAD: &str = "<w:document xmlns:w=\"w\" xmlns:r=\"r\"><w:body>";

pub(super) fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub(super) fn docx(body: &str) -> Vec<u8> {
    let body = format!("{DOCX_HEAD}{body}</w:body></w:document>");
    zipped(&[
        ("word/document.xml", &body),
        (
            "word/styles.xml",
            "<w:styles xmlns:w=\"w\"><w:style w:styleId=\"berschrift1\"><w:name w:val=\"heading 1\"/></w:style>\
             <w:style w:styleId=\"Mine\"><w:name w:val=\"Mine\"/><w:basedOn w:val=\"berschrift1\"/></w:style>\
             <w:style w:styleId=\"Titel\"><w:name w:val=\"Title\"/></w:style></w:styles>",
        ),
        (
            "word/footnotes.xml",
            "<w:footnotes xmlns:w=\"w\"><w:footnote w:type=\"separator\" w:id=\"0\"><w:p/></w:footnote>\
             <w:footnote w:id=\"2\"><w:p><w:r><w:t>See the map.</w:t></w:r></w:p></w:footnote></w:footnotes>",
        ),
        (
            "word/comments.xml",
            "<w:comments xmlns:w=\"w\"><w:comment w:id=\"7\" w:author=\"Ann\"><w:p><w:r><w:t>Too soon?</w:t></w:r></w:p></w:comment></w:comments>",
        ),
        (
            "word/_rels/document.xml.rels",
            "<Relationships><Relationship Id=\"r1\" Target=\"https://example.org/a\"/><Relationship Id=\"r2\" Target=\"javascript:x\"/></Relationships>",
        ),
    ])
}

pub(super) fn taken(name: &str, bytes: &[u8]) -> Imported {
    let imported =
        import(name, bytes, TrackedChanges::Accept).unwrap_or_else(|error| panic!("{name} {error}"));
    for page in &imported.pages {
        assert_eq!(
            Document::parse(&page.document.to_json()).as_ref(),
            Ok(&page.document),
            "the store takes it"
        );
    }
    imported
}

fn markdown(document: &Document) -> String {
    let signs = Signs::new(crate::page::UNSIGNED);
    let text = crate::page::to_markdown(&document.blocks, &signs);
    format!("{text}\n\n{}", signs.end()).trim_end().to_owned()
}

const CHANGED: &str = "<w:p><w:pPr><w:pStyle w:val=\"Titel\"/></w:pPr><w:r><w:t>The Salt Road</w:t></w:r></w:p>\
     <w:p><w:pPr><w:pStyle w:val=\"Mine\"/></w:pPr><w:r><w:t>One</w:t></w:r></w:p>\
     <w:p><w:r><w:t xml:space=\"preserve\">It was </w:t></w:r><w:del w:author=\"Ann\"><w:r><w:delText>cold</w:delText></w:r></w:del>\
     <w:ins w:author=\"Ann\"><w:r><w:rPr><w:i/><w:rPrChange><w:rPr><w:b/></w:rPr></w:rPrChange></w:rPr><w:t>bitter</w:t></w:r></w:ins>\
     <w:r><w:t>.</w:t><w:footnoteReference w:id=\"2\"/></w:r></w:p>\
     <w:p><w:pPr><w:rPr><w:del w:author=\"Bo\"/></w:rPr></w:pPr><w:r><w:t xml:space=\"preserve\">Two </w:t></w:r></w:p>\
     <w:p><w:commentRangeStart w:id=\"7\"/><w:hyperlink r:id=\"r1\"><w:r><w:t>lines</w:t></w:r></w:hyperlink><w:commentRangeEnd w:id=\"7\"/>\
     <w:r><w:commentReference w:id=\"7\"/></w:r><w:hyperlink r:id=\"r2\"><w:r><w:rPr><w:b w:val=\"0\"/></w:rPr><w:t>!</w:t></w:r></w:hyperlink></w:p>\
     <w:p><w:r><w:drawing><w:t>alt</w:t></w:drawing></w:r></w:p>";

#[test]
fn a_word_file_becomes_a_page_with_its_changes_taken_as_the_user_wants() {
    let file = docx(CHANGED);
    let imported = taken("draft.docx", &file);
    let [page] = &*imported.pages else { panic!("{imported:?}") };
    assert_eq!(page.title, "The Salt Road");
    assert_eq!(
        markdown(&page.document),
        "# One\n\nIt was *bitter*.[^1]\n\nTwo [lines](<https://example.org/a>)!\n\n[^1]: See the map."
    );
    assert_eq!(super::comments::told(&page.document), ["Ann on “lines”: Too soon?"]);
    let said = imported.left_out.join("\n");
    assert!(
        said.contains("by Ann, Bo were taken as accepted") && said.contains("A picture was left out"),
        "{said}"
    );

    let before = import("draft.docx", &file, TrackedChanges::Reject).unwrap();
    let text = markdown(&before.pages[0].document);
    assert!(text.contains("It was cold.") && text.contains("Two\n\n[lines]"), "{text}");
    let Block::Heading { content, .. } = &page.document.blocks[0] else { panic!("{page:?}") };
    let Inline::Text { marks, .. } = &content[0] else { panic!("{content:?}") };
    let origin = Origin { how: How::Imported, who: Some("draft.docx".into()), edited: false };
    assert_eq!(*marks, [Mark::Origin { attrs: origin }]);
}

#[test]
fn footnotes_go_out_and_come_back_and_forms_without_them_have_a_list_at_the_end() {
    let text = "It was late.[^1]\n\n> She left[^2]\n\n[^1]: See the *map*.\n[^2]: So did he.";
    let document = crate::from_markdown(text, "road.md");
    assert_eq!(document.footnotes(), ["See the map.", "So did he."]);
    assert_eq!(document.text(), "It was late.\n† See the map.\n\nShe left\n† So did he.");
    let chapter = Chapter { title: "The road".into(), document: document.clone(), ..Chapter::default() };
    let book = Book { title: "The road".into(), chapters: vec![chapter], ..Book::default() };
    for (form, name) in [(Form::Docx, "road.docx"), (Form::Markdown, "road.md")] {
        let back = taken(name, &book.write(form)).pages.remove(0).document;
        assert_eq!(back.footnotes(), document.footnotes(), "{name}");
        assert!(back.text().contains(&document.text()), "{name}: {}", back.text());
    }
    let plain = String::from_utf8(book.write(Form::Text)).unwrap();
    assert!(
        plain.ends_with("It was late.[1]\n\nShe left[2]\n\nNotes\n\n1. See the map.\n2. So did he.\n"),
        "{plain}"
    );
    let page = String::from_utf8(book.write(Form::Html)).unwrap();
    assert!(page.contains("late.[1]</p>") && page.contains("<p dir=\"auto\">So did he.</p>"), "{page}");
}

#[test]
fn a_footnote_that_says_something_else_goes_out_as_a_tracked_change() {
    let page =
        |note: &str| crate::from_markdown(&format!("It was late.[^1] She left.\n\n[^1]: {note}"), "a.md");
    let (old, new) = (page("See the map."), page("See the chart."));
    let bytes = book("Salt", &new, Some(&old)).write(Form::Docx);
    for (changes, document) in [(TrackedChanges::Accept, &new), (TrackedChanges::Reject, &old)] {
        let back = import("Salt.docx", &bytes, changes).unwrap();
        assert_eq!(back.pages[0].document.text(), document.text(), "{changes:?}");
    }
}

#[test]
fn a_web_page_keeps_its_structure_and_nothing_that_runs() {
    let html = "<!doctype html><html><head><title>Salt</title><style>p{}</style><script>alert(1)</script></head><body>\
        <h1>Salt</h1><p>One <i>two</i>\n  <b style='font-weight:normal'>three</b> <span style='font-weight: 700'>four</span><br>five\
        <p>Six<ul><li>a<ul><li>b</ul><li>c</ul><blockquote><p>q</p></blockquote><hr><pre>x\n  y</pre>\
        <img src=x onerror=alert(1)><a href='javascript:alert(1)'>no</a> <a href='https://a.example/'>yes</a>\
        <table><tr><td>1<td>2</table><p>* * *</p></i></div>end";
    let imported = taken("salt.html", html.as_bytes());
    assert_eq!(imported.pages[0].title, "Salt");
    assert_eq!(
        markdown(&imported.pages[0].document),
        "One *two* three **four**\\\nfive\n\nSix\n\n- a\n\n  - b\n- c\n\n> q\n\n***\n\n```\nx\n  y\n```\n\nno [yes](<https://a.example/>)\n\n1 \\| 2\n\n***\n\nend"
    );
    assert_eq!(imported.left_out, ["A picture was left out.", "A table became lines of text."]);
}

#[test]
fn rtf_is_read_in_the_encodings_people_have() {
    let rtf = br#"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Times;}{\f1\fcharset204 Cyr;}}{\stylesheet{\s1 heading 1;}}{\*\generator x;}{\info{\title no}}
\pard\s1 M\'f6we\par\pard It \i was\i0  \u8217?\u-10179?\u-8694? {\b cold}\emdash{\f1 \'ec\'ee\'f0\'e5}\par
{\pict 0123}{\field{\*\fldinst HYPERLINK "https://a.example/"}{\fldrslt here}}{\footnote\pard  A note}\par
\pard\ls1{\listtext 1.\tab}one\par{\listtext 2.\tab}two\par\pard {\deleted gone}{\revised\b0 new}{\v hidden}\par}"#;
    let imported = taken("a.rtf", rtf);
    assert_eq!(
        markdown(&imported.pages[0].document),
        "# Möwe\n\nIt *was* ’🌊 **cold**—море\n\n[here](<https://a.example/>)[^1]\n\n1. one\n2. two\n\nnew\n\n[^1]: A note"
            .replace('🌊', "\u{1f60a}")
    );
    let said = imported.left_out.join("\n");
    assert!(said.contains("picture") && said.contains("accepted"), "{said}");
}

#[test]
fn an_opendocument_text_becomes_a_page() {
    let content = "<office:document-content xmlns:office=\"o\" xmlns:text=\"t\"><office:automatic-styles>\
        <style:style style:name=\"T1\"><style:text-properties fo:font-style=\"italic\"/></style:style>\
        <style:style style:name=\"P1\" style:parent-style-name=\"Quotations\"/>\
        <text:list-style style:name=\"L1\"><text:list-level-style-number text:level=\"1\" style:num-format=\"1\" text:start-value=\"3\"/></text:list-style>\
        </office:automatic-styles><office:body><office:text>\
        <text:tracked-changes><text:changed-region text:id=\"c1\"><text:deletion><office:change-info><dc:creator>Ann</dc:creator></office:change-info><text:p>cold</text:p></text:deletion></text:changed-region>\
        <text:changed-region text:id=\"c2\"><text:insertion/></text:changed-region></text:tracked-changes>\
        <text:h text:outline-level=\"2\">Salt</text:h>\
        <text:p>It  was<text:s text:c=\"1\"/><text:change text:change-id=\"c1\"/><text:change-start text:change-id=\"c2\"/><text:span text:style-name=\"T1\">bitter</text:span><text:change-end text:change-id=\"c2\"/>.<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>A note</text:p></text:note-body></text:note></text:p>\
        <text:p text:style-name=\"P1\">Said</text:p><text:list text:style-name=\"L1\"><text:list-item><text:p>c</text:p></text:list-item></text:list>\
        <text:p><text:a xlink:href=\"https://a.example/\">l</text:a></text:p></office:text></office:body></office:document-content>";
    let file = zipped(&[("content.xml", content)]);
    let imported = taken("a.odt", &file);
    assert_eq!(
        markdown(&imported.pages[0].document),
        "## Salt\n\nIt was *bitter*.[^1]\n\n> Said\n\n3. c\n\n[l](<https://a.example/>)\n\n[^1]: A note"
    );
    let before = import("a.odt", &file, TrackedChanges::Reject).unwrap();
    assert!(markdown(&before.pages[0].document).contains("It was cold."), "{before:?}");
}

#[test]
fn a_scrivener_folder_becomes_the_draft_in_its_order() {
    let list = "<ScrivenerProject><Binder><BinderItem UUID=\"A\" Type=\"DraftFolder\"><Title>Draft</Title><Children>\
        <BinderItem UUID=\"B\" Type=\"Folder\"><Title>Part One</Title><Children>\
        <BinderItem UUID=\"C\" Type=\"Text\"><Title>Dawn</Title></BinderItem>\
        <BinderItem UUID=\"../../etc\" Type=\"Text\"><Title>Evil</Title></BinderItem></Children></BinderItem>\
        <BinderItem UUID=\"D\" Type=\"Text\"><Title>Dusk</Title></BinderItem></Children></BinderItem>\
        <BinderItem UUID=\"E\" Type=\"ResearchFolder\"><Title>R</Title><Children><BinderItem UUID=\"F\" Type=\"Text\"><Title>x</Title></BinderItem></Children></BinderItem></Binder></ScrivenerProject>";
    let mut asked = Vec::new();
    let mut file = |path: &str| {
        asked.push(path.to_owned());
        let text = match path {
            "Files/Data/B/content.rtf" => "The part begins.",
            "Files/Data/C/content.rtf" => "It dawned.",
            "Files/Docs/D.rtf" => "It darkened.",
            _ => return None,
        };
        Some(format!("{{\\rtf1 {text}}}").into_bytes())
    };
    let imported = import_scrivener("Road.scriv", list.as_bytes(), &mut file).unwrap();
    let pages: Vec<_> =
        imported.pages.iter().map(|page| (&*page.part, &*page.title, page.document.text())).collect();
    assert_eq!(
        pages,
        [
            ("", "Part One", "The part begins.".to_owned()),
            ("Part One", "Dawn", "It dawned.".to_owned()),
            ("", "Dusk", "It darkened.".to_owned()),
        ]
    );
    assert!(asked.iter().all(|path| !path.contains("..")), "{asked:?}");
    assert_eq!(imported.left_out, ["Research, templates and the trash were left out (1 documents)."]);
}

#[test]
fn what_cannot_be_read_says_why() {
    let cases: [(&str, &[u8], ImportError); 8] = [
        ("a.exe", b"MZ", ImportError::Unknown),
        ("a.docx", b"PK not", ImportError::Damaged),
        ("a.docx", &[0xd0, 0xcf, 0x11, 0xe0, 1], ImportError::Locked),
        ("a.rtf", b"plain", ImportError::Damaged),
        ("a.txt", b" \n", ImportError::Empty),
        ("a.epub", b"", ImportError::Damaged),
        ("a.md", b"\0\x01", ImportError::Damaged),
        ("a.json", b"{}", ImportError::Unknown),
    ];
    for (name, bytes, why) in cases {
        assert_eq!(import(name, bytes, TrackedChanges::Accept), Err(why), "{name}");
    }
    let empty = docx("<w:p/>");
    assert_eq!(import("a.docx", &empty, TrackedChanges::Accept), Err(ImportError::Empty));
}

#[test]
fn bombs_end_within_limits() {
    // 300 MB of nothing, in 300 kB.
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", SimpleFileOptions::default()).unwrap();
    let nothing = vec![b' '; 1_000_000];
    (0..300).for_each(|_| zip.write_all(&nothing).unwrap());
    let bomb = zip.finish().unwrap().into_inner();
    assert!(bomb.len() < 1_000_000);
    assert_eq!(import("a.docx", &bomb, TrackedChanges::Accept), Err(ImportError::TooLarge));

    let many: Vec<String> = (0..=crate::limits::MOST_ENTRIES).map(|at| format!("{at}")).collect();
    let parts: Vec<(&str, &str)> = many.iter().map(|name| (name.as_str(), "")).collect();
    assert_eq!(import("a.epub", &zipped(&parts), TrackedChanges::Accept), Err(ImportError::TooLarge));

    let deep = docx(&format!("<w:p><w:r><w:t>before</w:t></w:r></w:p>{}", "<w:sdt>".repeat(100_000)));
    let imported = taken("a.docx", &deep);
    assert!(imported.left_out[0].contains("damaged"), "{imported:?}");

    let laughs = format!(
        "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"{}\">]>{DOCX_HEAD}<w:p><w:r><w:t>&b;ok</w:t></w:r></w:p></w:body></w:document>",
        "&a;".repeat(1000)
    );
    let imported = taken("a.docx", &zipped(&[("word/document.xml", &laughs)]));
    assert_eq!(imported.pages[0].document.text(), "ok", "what a file defines itself stands for nothing");

    for markup in ["<div>".repeat(200_000), "<blockquote>".repeat(200_000), "<b>".repeat(200_000)] {
        assert_eq!(taken("a.html", format!("{markup}in").as_bytes()).pages[0].document.text(), "in");
    }
    let groups = format!("{{\\rtf1 {}in", "{".repeat(200_000));
    assert_eq!(taken("a.rtf", groups.as_bytes()).pages[0].document.text(), "in");

    let long = "word ".repeat(5_000_000);
    let imported = taken("a.txt", long.as_bytes());
    assert!(
        imported.left_out.is_empty() || imported.left_out[0].contains("longer than a page"),
        "{:?}",
        imported.left_out
    );
    let lines = "x\n\n".repeat(400_000);
    let imported = taken("a.txt", lines.as_bytes());
    assert!(imported.left_out[0].contains("longer than a page"), "{:?}", imported.left_out);
    assert!(imported.pages[0].document.to_json().len() < 16 * 1024 * 1024);
}

pub(super) fn text(words: &str, marks: Vec<Mark>) -> Inline {
    Inline::Text { text: words.into(), marks }
}

fn any_text() -> impl Strategy<Value = Inline> {
    let mark = prop_oneof![
        Just(vec![]),
        Just(vec![Mark::Em {}]),
        Just(vec![Mark::Strong {}]),
        Just(vec![Mark::Em {}, Mark::Strong {}]),
        Just(vec![Mark::Strike {}]),
        Just(vec![Mark::Code {}]),
        Just(vec![Mark::Link { attrs: Address { href: "https://a.example/?a=1&b=2".into() } }]),
    ];
    ("[a-zé東<&\"']{1,6}( [a-z]{1,4})?", mark).prop_map(|(words, marks)| text(&words, marks))
}

fn any_line() -> impl Strategy<Value = Vec<Inline>> {
    prop::collection::vec(any_text(), 1..4).prop_map(|texts| {
        let mut line: Vec<Inline> = Vec::new();
        for text in texts {
            // Words with the same marks are one text.
            if let (Some(Inline::Text { text: last, marks }), Inline::Text { text: more, marks: same }) =
                (line.last_mut(), &text)
                && marks == same
            {
                last.push_str(more);
            } else {
                line.push(text);
            }
        }
        line
    })
}

fn paragraph() -> impl Strategy<Value = Block> {
    any_line().prop_map(|content| Block::Paragraph { content })
}

fn any_block() -> impl Strategy<Value = Block> {
    let item = || prop::collection::vec(paragraph(), 1..3).prop_map(|content| ListItem::ListItem { content });
    let items = || prop::collection::vec(item(), 1..3);
    prop_oneof![
        4 => paragraph(),
        1 => (1..=4_u8, any_line()).prop_map(|(level, content)| Block::Heading { attrs: Level { level }, content }),
        1 => Just(Block::SceneBreak {}),
        1 => "[a-z ]{1,6}x(\n {0,2}[a-z]{1,5})?".prop_map(|code| Block::CodeBlock { content: vec![text(&code, vec![])] }),
        1 => prop::collection::vec(paragraph(), 1..3).prop_map(|content| Block::Blockquote { content }),
        1 => items().prop_map(|content| Block::BulletList { content }),
        1 => (1..9_u32, items()).prop_map(|(order, content)| Block::OrderedList { attrs: Order { order }, content }),
    ]
}

/// Any document in which no two lists or quotes of a kind stand next to each other: files of word
/// processors cannot tell those from one.
pub(super) fn any_document() -> impl Strategy<Value = Document> {
    prop::collection::vec(any_block(), 1..8).prop_map(|mut blocks| {
        blocks.insert(0, Block::Paragraph { content: vec![text("First", vec![])] });
        let mut apart: Vec<Block> = Vec::new();
        for block in blocks {
            let line =
                matches!(block, Block::Paragraph { .. } | Block::Heading { .. } | Block::SceneBreak {});
            if !line && !matches!(apart.last(), Some(Block::Paragraph { .. })) {
                apart.push(Block::Paragraph { content: vec![text("between", vec![])] });
            }
            apart.push(block);
        }
        Document { blocks: apart }
    })
}

pub(super) fn book(title: &str, document: &Document, before: Option<&Document>) -> Book {
    let (document, before) = (document.clone(), before.cloned());
    let chapter = Chapter { title: title.into(), document, before, ..Chapter::default() };
    Book { title: title.into(), chapters: vec![chapter], written_at: 1_795_714_800_000, ..Book::default() }
}

fn unmarked(document: &Document) -> String {
    markdown(document)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_goes_out_comes_back_with_its_structure(document in any_document()) {
        // Markdown has no place for marks that change within a word: its words are tried elsewhere.
        for form in [Form::Docx, Form::Epub, Form::Html, Form::Json] {
            let bytes = book("Salt", &document, None).write(form);
            let imported = taken(&format!("Salt.{}", form.extension()), &bytes);
            prop_assert_eq!(&imported.pages[0].title, "Salt", "{:?}", form);
            prop_assert_eq!(unmarked(&imported.pages[0].document), unmarked(&document), "{:?}", form);
            if form == Form::Json {
                prop_assert_eq!(&imported.pages[0].document, &document);
            }
        }
    }

    #[test]
    fn tracked_changes_lead_from_the_old_text_to_the_new(old in any_document(), new in any_document()) {
        let bytes = book("Salt", &new, Some(&old)).write(Form::Docx);
        let after = import("Salt.docx", &bytes, TrackedChanges::Accept).unwrap();
        prop_assert_eq!(unmarked(&after.pages[0].document), unmarked(&new));
        let words = |text: String| text.split_whitespace().collect::<String>();
        let before = import("Salt.docx", &bytes, TrackedChanges::Reject).unwrap();
        prop_assert_eq!(words(before.pages[0].document.text()), words(old.text()));
    }
}

#[test]
fn where_words_came_from_comes_back_where_the_form_can() {
    let origin = Origin { how: How::ModelHere, who: Some("Ministral".into()), edited: true };
    let content = vec![text("Typed ", vec![]), text("proposed", vec![Mark::Origin { attrs: origin }])];
    let document = Document { blocks: vec![Block::Paragraph { content }] };
    let bytes = book("Salt", &document, None).write(Form::Json);
    assert_eq!(taken("Salt.json", &bytes).pages[0].document, document);
    let bytes = book("Salt", &document, None).write(Form::Docx);
    assert_eq!(taken("Salt.docx", &bytes).pages[0].document.totals().imported, 2);
}

#[test]
fn a_book_has_its_parts_and_chapters_in_every_form() {
    let chapter = |part: &str, title: &str, words: &str| Chapter {
        title: title.into(),
        part: part.into(),
        document: crate::from_text(words, ""),
        before: None,
    };
    let book = Book {
        title: "The Salt Road".into(),
        author: "Mirela Ilić".into(),
        language: "en".into(),
        written_at: 1_795_714_800_000,
        chapters: vec![
            chapter("One", "Dawn", "It dawned."),
            chapter("One", "Noon", "It was noon."),
            chapter("Two", "Dusk", "It darkened."),
        ],
        ..Book::default()
    };
    let text = String::from_utf8(book.write(Form::Text)).unwrap();
    assert_eq!(
        text,
        "The Salt Road\n\nOne\n\nDawn\n\nIt dawned.\n\nNoon\n\nIt was noon.\n\nTwo\n\nDusk\n\nIt darkened.\n"
    );
    let epub = taken("road.epub", &book.write(Form::Epub));
    let titles: Vec<_> = epub.pages.iter().map(|page| (&*page.title, page.document.text())).collect();
    assert_eq!(titles.len(), 3, "{titles:?}");
    let manuscript = taken("road.docx", &book.write(Form::Manuscript));
    let text = manuscript.pages[0].document.text();
    for words in ["Mirela Ilić", "about", "words", "It dawned.", "END"] {
        assert!(text.contains(words), "{text}");
    }
    let pdf = book.write(Form::Pdf);
    assert!(pdf.starts_with(b"%PDF-") && pdf.len() > 5_000, "{}", pdf.len());
    assert_eq!(unprintable(&book), Vec::<char>::new());
    assert_eq!(unprintable(&self::book("東京", &Document::default(), None)), ['東', '京']);
}
