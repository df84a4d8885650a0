//! Ten thousand damaged files, made from whole ones: each ends in pages that the store takes, or in
//! an error, and none takes longer than reading it can.

use sotto_manuscript::Document;

use super::{
    chats::CHATGPT,
    files::{docx, zipped},
};
use crate::{Book, Chapter, Form, TrackedChanges, from_markdown, import, import_scrivener, read_chats};

const EACH: u32 = 1_000;

/// Numbers that are the same in each run.
struct Seeded(u64);

impl Seeded {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % below.max(1) as u64).unwrap()
    }

    /// The same bytes with a few of them changed, doubled, moved or missing.
    fn damaged(&mut self, whole: &[u8]) -> Vec<u8> {
        let mut bytes = whole.to_vec();
        for _ in 0..=self.next(4) {
            if bytes.is_empty() {
                break;
            }
            let at = self.next(bytes.len());
            let end = (at + 1 + self.next(40)).min(bytes.len());
            match self.next(6) {
                0 => bytes[at] ^= 1 << self.next(8),
                1 => bytes[at] = u8::try_from(self.next(256)).unwrap(),
                2 => drop(bytes.drain(at..end)),
                3 => bytes.truncate(at),
                4 => {
                    let piece = bytes[at..end].to_vec();
                    let to = self.next(bytes.len());
                    bytes.splice(to..to, piece);
                }
                _ => {
                    let signs = [
                        &b"<"[..],
                        b">",
                        b"&",
                        b"{",
                        b"}",
                        b"\\",
                        b"\"",
                        b"\xff",
                        b"<w:p>",
                        b"</w:p>",
                        b"\\u-1 ",
                    ];
                    let sign = signs[self.next(signs.len())];
                    bytes.splice(at..at, sign.iter().copied());
                }
            }
        }
        bytes
    }
}

const TEXT: &str = "# Salt\n\nIt *was* **cold** [here](https://a.example/).\n\n> Said\n\n- a\n- b\n  1. c\n\n***\n\n```\nx\n```\n";

fn book(form: Form) -> Vec<u8> {
    let chapter = Chapter { title: "Salt".into(), document: from_markdown(TEXT, ""), ..Chapter::default() };
    Book { title: "Salt".into(), chapters: vec![chapter], ..Book::default() }.write(form)
}

fn fine(name: &str, bytes: &[u8]) {
    let changes = if bytes.len().is_multiple_of(2) { TrackedChanges::Accept } else { TrackedChanges::Reject };
    for page in import(name, bytes, changes).map(|imported| imported.pages).unwrap_or_default() {
        assert!(Document::parse(&page.document.to_json()).is_ok(), "{name}");
    }
}

#[test]
fn damaged_files_end_in_pages_or_in_a_sentence() {
    let mut seeded = Seeded(0x5eed);
    // What is packed is damaged before it is packed, so that its damage is reached.
    let rtf = br#"{\rtf1\ansi{\fonttbl{\f0\fcharset204 A;}}{\stylesheet{\s1 heading 1;}}\s1 M\'f6\par\ls1{\listtext 1.}\ilvl2 a\par\u-10179?\u8217?{\footnote n}{\*\atnauthor A}{\annotation c}{\field{\*\fldinst HYPERLINK "x"}{\fldrslt h}}\bin3 abc}"#;
    let odt = "<d xmlns:text=\"t\"><b><text:text><text:tracked-changes><text:changed-region text:id=\"c\"><text:deletion><text:p>x</text:p></text:deletion></text:changed-region></text:tracked-changes><text:h text:outline-level=\"2\">S</text:h><text:p>a<text:s text:c=\"9\"/><text:span text:style-name=\"Emphasis\">b</text:span><text:note><text:note-body><text:p>n</text:p></text:note-body></text:note></text:p><text:list><text:list-item><text:p>c</text:p></text:list-item></text:list></text:text></b></d>";
    let body = "<w:p><w:pPr><w:pStyle w:val=\"Mine\"/><w:numPr><w:ilvl w:val=\"3\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr><w:r><w:t>a</w:t></w:r><w:del><w:r><w:delText>b</w:delText></w:r></w:del><w:ins><w:r><w:t>c</w:t></w:r></w:ins><w:commentRangeStart w:id=\"7\"/><w:r><w:footnoteReference w:id=\"2\"/></w:r><w:commentRangeEnd w:id=\"7\"/><w:r><w:commentReference w:id=\"7\"/></w:r></w:p>";
    let list = "<S><Binder><BinderItem UUID=\"A\" Type=\"DraftFolder\"><Children><BinderItem UUID=\"B\" Type=\"Text\"><Title>T</Title></BinderItem></Children></BinderItem></Binder></S>";
    let lossy = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let (html, word, epub) = (book(Form::Html), book(Form::Docx), book(Form::Epub));
    let xhtml = lossy(html.clone());
    for _ in 0..EACH {
        fine("a.docx", &seeded.damaged(&word));
        fine("a.docx", &docx(&lossy(seeded.damaged(body.as_bytes()))));
        fine("a.odt", &zipped(&[("content.xml", &lossy(seeded.damaged(odt.as_bytes())))]));
        fine("a.epub", &seeded.damaged(&epub));
        fine("a.html", &seeded.damaged(xhtml.as_bytes()));
        fine("a.rtf", &seeded.damaged(rtf));
        read_chats(&*seeded.damaged(CHATGPT.as_bytes()), &mut |_| true);
        fine("a.txt", &seeded.damaged(TEXT.as_bytes()));
        fine("a.md", &seeded.damaged(TEXT.as_bytes()));
        let list = seeded.damaged(list.as_bytes());
        let mut file = |_: &str| Some(rtf.to_vec());
        let _ = import_scrivener("a.scriv", &list, &mut file);
    }
}
