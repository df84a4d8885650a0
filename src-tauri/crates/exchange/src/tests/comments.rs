//! Comments come in with the files of others, and go out where somebody works on a text.

use proptest::prelude::*;
use sotto_manuscript::{Block, Comment, Document, Inline, Mark};

use super::files::{any_document, book, docx, taken, text, zipped};
use crate::Form;

/// Who said what of which words.
pub(super) fn told(document: &Document) -> Vec<String> {
    let about = |comment: &Comment| -> String {
        let of = |inline: &&Inline| inline.comments().any(|other| other.id == comment.id);
        let words = |block: &Block| -> String {
            let (Block::Paragraph { content }
            | Block::Heading { content, .. }
            | Block::CodeBlock { content }) = block
            else {
                return String::new();
            };
            let texts = content.iter().filter(of).filter_map(|inline| match inline {
                Inline::Text { text, .. } => Some(text.as_str()),
                _ => None,
            });
            texts.collect()
        };
        document.blocks.iter().map(words).collect()
    };
    let told = document.comments().into_iter().map(|comment| {
        let resolved = if comment.resolved { " (settled)" } else { "" };
        let author = comment.author.as_deref().unwrap_or("You");
        format!("{author} on “{}”: {}{resolved}", about(comment), comment.text)
    });
    told.collect()
}

fn said(id: &str, author: Option<&str>, words: &str, resolved: bool) -> Mark {
    let author = author.map(str::to_owned);
    Mark::Comment {
        attrs: Comment { id: id.into(), author, at: Some(1_795_714_800_000), text: words.into(), resolved },
    }
}

fn two_paragraphs() -> Document {
    let (soon, own) =
        (said("a", Some("Ann & Bo"), "Too <soon>?\nOr not.", true), said("b", None, "Why?", false));
    let content = vec![
        text("It was ", vec![]),
        text("very ", vec![soon.clone()]),
        text("late", vec![Mark::Em {}, soon.clone(), own.clone()]),
    ];
    let more = vec![text("She", vec![own]), text(" left.", vec![])];
    Document { blocks: vec![Block::Paragraph { content }, Block::Paragraph { content: more }] }
}

#[test]
fn comments_go_to_word_and_come_back_with_their_words_author_time_and_state() {
    let document = two_paragraphs();
    assert_eq!(
        told(&document),
        ["Ann & Bo on “very late”: Too <soon>?\nOr not. (settled)", "You on “lateShe”: Why?"]
    );
    let mut book = book("Salt", &document, None);
    for (author, name) in [("Mirela Ilić", "Mirela Ilić"), ("", "Author")] {
        book.author = author.into();
        let back = taken("Salt.docx", &book.write(Form::Docx));
        let [page] = &*back.pages else { panic!("{back:?}") };
        let [first, second] = [&told(&document)[0], &told(&document)[1].replace("You", name)];
        assert_eq!(told(&page.document), [first.clone(), second.clone()]);
        assert_eq!(page.document.comments()[0].at, Some(1_795_714_800_000));
        assert_eq!(page.document.text(), document.text());
    }
    assert!(!zip_has(
        &super::files::book("Salt", &document.without_comments(), None).write(Form::Docx),
        "comments"
    ));
}

fn zip_has(bytes: &[u8], name: &str) -> bool {
    bytes.windows(name.len()).any(|some| some == name.as_bytes())
}

#[test]
fn those_who_read_a_text_are_not_given_its_comments() {
    let document = two_paragraphs();
    let bare = book("Salt", &document.without_comments(), None);
    for form in [Form::Markdown, Form::Html, Form::Text, Form::Annotated, Form::Record, Form::Epub, Form::Pdf]
    {
        assert!(book("Salt", &document, None).write(form) == bare.write(form), "{form:?}");
    }
    let json = book("Salt", &document, None).write(Form::Json);
    assert_eq!(taken("Salt.json", &json).pages[0].document, document);
}

#[test]
fn comments_of_tracked_text_are_those_of_the_new_one() {
    let (new, old) = (two_paragraphs(), crate::from_markdown("It was very cold\n\nShe left.", "a.md"));
    let back = taken("Salt.docx", &book("Salt", &new, Some(&old)).write(Form::Docx));
    assert_eq!(told(&back.pages[0].document)[0], told(&new)[0]);
    let gone = taken("Salt.docx", &book("Salt", &old, Some(&new)).write(Form::Docx));
    assert!(gone.pages[0].document.comments().is_empty());
}

#[test]
fn a_comment_without_a_range_is_of_the_word_before_it() {
    let imported = taken(
        "a.docx",
        &docx(
            "<w:p><w:r><w:t xml:space=\"preserve\">It was late. </w:t></w:r><w:r><w:commentReference w:id=\"7\"/></w:r></w:p>",
        ),
    );
    assert_eq!(told(&imported.pages[0].document), ["Ann on “late.”: Too soon?"]);
    assert_eq!(imported.pages[0].document.text(), "It was late.");
    // Where no word stands it is not lost either.
    let nowhere = taken(
        "a.docx",
        &docx("<w:p><w:r><w:t>a</w:t></w:r></w:p><w:p><w:r><w:commentReference w:id=\"7\"/></w:r></w:p>"),
    );
    let [_, comments] = &*nowhere.pages else { panic!("{nowhere:?}") };
    assert_eq!(comments.document.text(), "- Too soon? (Ann)");
}

#[test]
fn annotations_of_opendocument_are_comments() {
    let note = |name: &str, text: &str| {
        format!(
            "<office:annotation {name}loext:resolved=\"true\"><dc:creator>Bo</dc:creator>\
             <dc:date>2026-11-26T17:40:00.000000000</dc:date><meta:creator-initials>B</meta:creator-initials>\
             <text:p>{text}</text:p></office:annotation>"
        )
    };
    let (ranged, named) =
        (note("office:name=\"__Annotation__1_2\" ", "Cold?"), note("office:name=\"n\" ", "When?"));
    let content = format!(
        "<office:document-content xmlns:office=\"o\" xmlns:text=\"t\" xmlns:dc=\"d\" xmlns:loext=\"l\"><office:body><office:text>\
         <text:p>It was {ranged}cold<office:annotation-end office:name=\"__Annotation__1_2\"/> and late{named}{}.</text:p>\
         </office:text></office:body></office:document-content>",
        note("", "So?")
    );
    let imported = taken("a.odt", &zipped(&[("content.xml", &content)]));
    let document = &imported.pages[0].document;
    assert_eq!(document.text(), "It was cold and late.");
    let expected =
        ["Bo on “cold”: Cold? (settled)", "Bo on “late”: When? (settled)", "Bo on “late”: So? (settled)"];
    assert_eq!(told(document), expected);
    assert_eq!(document.comments()[0].at, Some(1_795_714_800_000));
    assert_eq!(imported.left_out, Vec::<String>::new());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_goes_to_word_comes_back_with_its_comments(
        document in any_document(), ranges in prop::collection::vec((0..30_usize, 1..6_usize), 1..5)
    ) {
        let mut document = document;
        let mut at = 0;
        for block in &mut document.blocks {
            if let Block::Paragraph { content } | Block::Heading { content, .. } = block {
                for inline in content {
                    let Inline::Text { marks, .. } = inline else { continue };
                    for (number, (from, length)) in ranges.iter().enumerate() {
                        if (*from..from + length).contains(&at) {
                            marks.push(said(&number.to_string(), Some("Ann"), &format!("No. {number}"), number % 2 == 0));
                        }
                    }
                    at += 1;
                }
            }
        }
        let back = taken("Salt.docx", &book("Salt", &document, None).write(Form::Docx));
        let plain = |document: &Document| document.comments().iter().map(|one| (one.text.clone(), one.resolved)).collect::<Vec<_>>();
        prop_assert_eq!(plain(&back.pages[0].document), plain(&document));
        prop_assert_eq!(back.pages[0].document.text(), document.text());
        prop_assert_eq!(back.pages[0].document.words(), document.without_comments().words());
        let json = book("Salt", &document, None).write(Form::Json);
        prop_assert_eq!(&taken("Salt.json", &json).pages[0].document, &document);
    }
}
