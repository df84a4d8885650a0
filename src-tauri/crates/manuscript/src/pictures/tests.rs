use super::*;
use crate::{DocumentError, Fit};

fn picture(file: &str, alt: &str, caption: &str) -> Picture {
    Picture {
        file: file.into(),
        width: 640,
        height: 480,
        alt: alt.into(),
        caption: caption.into(),
        fit: Fit::Text,
        cover: false,
    }
}

fn named(digit: &str) -> String {
    format!("{}.png", digit.repeat(64))
}

fn words(text: &str) -> Block {
    serde_json::from_str(&format!(r#"{{"type":"paragraph","content":[{{"type":"text","text":"{text}"}}]}}"#))
        .unwrap()
}

#[test]
fn a_picture_of_the_editor_comes_back_as_it_was() {
    let json = format!(
        r#"{{"type":"doc","content":[{{"type":"picture","attrs":{{"file":"{}","width":640,"height":480,
          "alt":"A lamp","caption":"The last one","fit":"half","cover":true}}}}]}}"#,
        named("a")
    );
    let document = Document::parse(&json).unwrap();
    let again: serde_json::Value = serde_json::from_str(&document.to_json()).unwrap();
    assert_eq!(again, serde_json::from_str::<serde_json::Value>(&json).unwrap());
    assert_eq!(document.pictures()[0].caption, "The last one");
}

#[test]
fn a_picture_that_leads_out_of_the_library_is_refused() {
    let long = "x".repeat(10_000);
    let cases = [
        picture("https://a.example/a.png", "", ""),
        picture("../../notes.png", "", ""),
        picture(&named("A"), "", ""),
        picture(&named("g"), "", ""),
        picture(&format!("{}.svg", "a".repeat(64)), "", ""),
        picture(&format!("{}.png.png", "a".repeat(60)), "", ""),
        Picture { width: 0, ..picture(&named("a"), "", "") },
        Picture { height: 1_000_000, ..picture(&named("a"), "", "") },
        picture(&named("a"), &long, ""),
        picture(&named("a"), "", &long),
    ];
    for attrs in cases {
        let json = Document { blocks: vec![Block::Picture { attrs }] }.to_json();
        assert!(matches!(Document::parse(&json), Err(DocumentError::Unknown(_))), "{json}");
    }
}

#[test]
fn what_is_said_of_a_picture_can_be_found_and_counts_as_no_words() {
    let blocks = vec![
        words("One two."),
        Block::Picture { attrs: picture(&named("a"), "A lamp\non a hill", "The last") },
        Block::Blockquote { content: vec![Block::Picture { attrs: picture(&named("b"), "", "") }] },
        words("Three."),
    ];
    let document = Document { blocks };
    assert_eq!(document.text(), "One two.\n\n[Picture: A lamp on a hill]\nThe last\n\n[Picture]\n\nThree.");
    assert_eq!((document.words(), document.totals().typed), (3, 3));
    let files: Vec<&str> = document.pictures().iter().map(|picture| &*picture.file).collect();
    assert_eq!(files, [named("a"), named("b")]);
    let step = Step { from: 0, delete: 0, insert: [document.blocks.clone(), document.blocks].concat() };
    assert_eq!(step.pictures().len(), 2, "each once");
}
