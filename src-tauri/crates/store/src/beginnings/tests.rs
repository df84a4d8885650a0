use sotto_domain::{MessageState, Role};
use sotto_manuscript::{Document, Step};

use super::*;
use crate::pages::tests::paragraph;
use crate::tests::{empty, message, said};

fn document(text: &str) -> Document {
    Document { blocks: vec![paragraph(text)] }
}

#[test]
fn a_page_begins_with_its_first_words_also_those_that_wait() {
    let (_folder, store) = empty();
    let road = store.create_project("The Salt Road", 1).unwrap().id;
    let lamp = store.create_page(Some(road), "The lamp", &document("The lamp was out."), 2).unwrap().id;
    store.create_page(Some(road), "Nothing yet", &Document::default(), 2).unwrap();
    store.create_page(None, "Elsewhere", &document("Not of it"), 2).unwrap();
    let gone = store.create_page(Some(road), "Gone", &document("In the trash"), 2).unwrap().id;
    store.trash_page(gone, 3).unwrap();
    assert_eq!(store.beginnings(road).unwrap().pages, [(lamp, "The lamp was out.".to_owned())]);
    let step = Step { from: 0, delete: 1, insert: vec![paragraph("It burnt.")] };
    store.save_page(lamp, 0, &step, 4).unwrap();
    assert_eq!(store.beginnings(road).unwrap().pages, [(lamp, "It burnt.".to_owned())]);
}

#[test]
fn a_conversation_begins_with_what_was_said_last_on_the_branch_on_show() {
    let (_folder, store) = empty();
    let road = store.create_project("The Salt Road", 1).unwrap().id;
    let talk = store.create_conversation(Some(road), "", 2).unwrap().id;
    let begins = || store.beginnings(road).unwrap().conversations;
    assert_eq!(begins(), []);
    store.save_draft(talk, "And what if").unwrap();
    assert_eq!(begins(), [(talk, "And what if".to_owned())]);
    let asked = said(&store, talk, None, "How do I begin?");
    let answer = |text: &str, state| {
        let answer = crate::NewMessage { state, ..message(talk, Some(asked), Role::Assistant, text) };
        store.add_message(answer, 3).unwrap().id
    };
    let first = answer("With the sea.", MessageState::Complete);
    answer("", MessageState::Streaming);
    assert_eq!(begins(), [(talk, "How do I begin?".to_owned())], "nothing is answered yet");
    store.choose(first).unwrap();
    assert_eq!(begins(), [(talk, "With the sea.".to_owned())]);
    store.trash_conversation(talk, 4).unwrap();
    assert_eq!(begins(), []);
}

#[test]
fn of_a_long_text_the_first_bytes_are_given_and_no_half_letter() {
    let (_folder, store) = empty();
    let road = store.create_project("The Salt Road", 1).unwrap().id;
    let talk = store.create_conversation(Some(road), "", 2).unwrap().id;
    let page = store.create_page(Some(road), "", &document(&"雨".repeat(400_000)), 2).unwrap().id;
    said(&store, talk, None, &format!("a{}", "é".repeat(500_000)));
    let found = store.beginnings(road).unwrap();
    assert_eq!(found.pages, [(page, "雨".repeat(LONGEST / 3))]);
    assert_eq!(found.conversations, [(talk, format!("a{}", "é".repeat(LONGEST / 2 - 1)))]);
}

#[test]
fn each_of_many_has_its_own() {
    let (_folder, store) = empty();
    let road = store.create_project("The Salt Road", 1).unwrap().id;
    for nth in 0..40 {
        let talk = store.create_conversation(Some(road), "", 2).unwrap().id;
        said(&store, talk, None, &format!("Said in {nth}"));
        store.create_page(Some(road), "", &document(&format!("Written on {nth}")), 2).unwrap();
    }
    let found = store.beginnings(road).unwrap();
    let texts = |words: &str| (0..40).map(|nth| format!("{words} {nth}")).collect::<Vec<_>>();
    assert_eq!(found.pages.into_iter().map(|(_, text)| text).collect::<Vec<_>>(), texts("Written on"));
    assert_eq!(found.conversations.into_iter().map(|(_, text)| text).collect::<Vec<_>>(), texts("Said in"));
}
