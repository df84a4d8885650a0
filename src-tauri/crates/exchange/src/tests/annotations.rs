//! Who wrote what goes out with the text, for programs and for people.

use proptest::prelude::*;
use serde_json::json;
use sha2::{Digest, Sha256};
use sotto_manuscript::Document;
use unicode_segmentation::UnicodeSegmentation;

use crate::{Book, Chapter, Form};

const AUTHORS: [&str; 4] =
    ["@Mirela Ilić", "&Pasted", "&Tiny\\: a model at home", "&Tiny\\: a model at home <edited>"];

fn origin(author: usize) -> serde_json::Value {
    let model = |edited| json!({ "how": "model_here", "who": "Tiny: a model at home", "edited": edited });
    match author {
        1 => json!({ "how": "pasted", "who": null, "edited": false }),
        2 => model(false),
        _ => model(true),
    }
}

/// Paragraphs of stretches: words, whose they are, and whether they are strong.
fn book(paragraphs: &[Vec<(String, usize, bool)>]) -> Book {
    let content: Vec<_> = paragraphs
        .iter()
        .map(|stretches| {
            let content: Vec<_> = stretches
                .iter()
                .map(|(text, author, strong)| {
                    let mut marks = vec![];
                    if *author > 0 {
                        marks.push(json!({ "type": "origin", "attrs": origin(*author) }));
                    }
                    if *strong {
                        marks.push(json!({ "type": "strong" }));
                    }
                    json!({ "type": "text", "text": text, "marks": marks })
                })
                .collect();
            json!({ "type": "paragraph", "content": content })
        })
        .collect();
    let document = Document::parse(&json!({ "type": "doc", "content": content }).to_string()).unwrap();
    let chapter = Chapter { document, ..Chapter::default() };
    Book { author: "Mirela Ilić".into(), chapters: vec![chapter], ..Book::default() }
}

type Ranges = Vec<std::ops::Range<usize>>;

/// The text, and the words of each author in it, as the block at the end says.
fn read(written: &str) -> (String, Vec<(String, Ranges)>) {
    let (text, block) = written.rsplit_once("\n\n---\n").unwrap();
    let mut lines = block.lines();
    let hashed = lines.next().unwrap().trim_end();
    let length = text.graphemes(true).count();
    let hash = u128::from_be_bytes(*Sha256::digest(text.as_bytes()).first_chunk().unwrap());
    assert_eq!(hashed, format!("Annotations: 0,{length} SHA-256 {hash:032x}"));
    let mut authors = vec![];
    for line in lines.by_ref().take_while(|line| *line != "...") {
        let (key, ranges) = line.rsplit_once(": ").unwrap();
        let ranges = ranges.split_whitespace().map(|range| {
            let (start, many) = range.split_once(',').unwrap();
            let (start, many): (usize, usize) = (start.parse().unwrap(), many.parse().unwrap());
            start..start + many
        });
        authors.push((key.to_owned(), ranges.collect()));
    }
    assert_eq!(lines.next(), None);
    (text.to_owned(), authors)
}

fn letters(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).collect()
}

#[test]
fn a_text_goes_out_with_who_wrote_what_behind_it() {
    let stretch = |text: &str, author, strong| (text.to_owned(), author, strong);
    let book = book(&[
        vec![stretch("It was ", 0, false), stretch("terribly", 2, true), stretch(" late.", 0, false)],
        vec![stretch("1984. Café", 1, false)],
    ]);
    let written = String::from_utf8(book.write(Form::Annotated)).unwrap();
    let expected = "It was **terribly** late.\n\n1984\\. Café";
    assert!(written.starts_with(&format!("{expected}\n\n---\nAnnotations: 0,38 SHA-256 ")), "{written}");
    assert!(
        written
            .ends_with("@Mirela Ilić: 0,7 19,6  \n&Tiny\\: a model at home: 7,12  \n&Pasted: 27,11  \n...\n"),
        "{written}"
    );
    read(&written);
}

#[test]
fn a_report_says_how_many_words_came_how_and_marks_each_stretch() {
    let stretch = |text: &str, author| (text.to_owned(), author, false);
    let book = book(&[vec![stretch("It was ", 0), stretch("<terribly> much too", 3), stretch(" late.", 0)]]);
    let report = String::from_utf8(book.write(Form::Record)).unwrap();
    for part in [
        "It is not a proof.",
        "<th scope=\"row\">Typed here</th><td>3 words</td>",
        "<th scope=\"row\">Proposed by a model on this device</th><td>3 words</td>",
        "title=\"Tiny: a model at home, on this device, edited\">&lt;terribly&gt; much too</span>",
    ] {
        assert!(report.contains(part), "{part} is not in {report}");
    }
}

proptest! {
    #[test]
    fn each_letter_is_of_the_author_who_wrote_it(
        paragraphs in proptest::collection::vec(
            proptest::collection::vec(("[a-zé0-9*#_. `-]{1,9}[a-z👩🏽‍🚀]", 0..4_usize, any::<bool>()), 1..5), 1..5)
    ) {
        let written = String::from_utf8(book(&paragraphs).write(Form::Annotated)).unwrap();
        let (text, authors) = read(&written);
        let graphemes: Vec<&str> = text.graphemes(true).collect();
        let mut taken = vec![false; graphemes.len()];
        for (key, ranges) in authors {
            let of = AUTHORS.iter().position(|author| *author == key).unwrap();
            let mut said = String::new();
            for at in ranges.into_iter().flatten() {
                prop_assert!(!std::mem::replace(&mut taken[at], true), "two have {at} of {written}");
                said += graphemes[at];
            }
            let wrote: String =
                paragraphs.iter().flatten().filter(|(_, author, _)| *author == of).map(|(text, ..)| &**text).collect();
            prop_assert_eq!(letters(&said), letters(&wrote), "{}: {}", key, written);
        }
    }
}
