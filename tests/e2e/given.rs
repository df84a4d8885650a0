//! What the user keeps from the model, part by part, and what it never writes in a project.

use serde_json::json;
use sotto_domain::{ConversationId, Message, Role};
use sotto_store::Store;

use crate::desk::Desk;
use crate::page::Page;
use crate::talk::{ENDED, LAST_ANSWER, last_answer, say};
use crate::window::{Window, until};

/// More words than all that is said here, so that the size of what is read tells whether they are in it.
const NOTES: &str = "Mirela keeps the lighthouse and never says what she wants. ";

fn store(desk: &Desk) -> Store {
    journeys::library(&desk.sotto_home())
}

/// A desk with a project, its notes, and a conversation in it. The same question has the same answer.
fn desk() -> (Desk, ConversationId) {
    let desk = Desk::set();
    desk.prefer(&json!({ "first_run": "done", "seed": 7, "mood": "precise" }));
    let store = store(&desk);
    let project = store.create_project("The Salt Road", 1).unwrap().id;
    store.update_project(project, "The Salt Road", &NOTES.repeat(20)).unwrap();
    let talk = store.create_conversation(Some(project), "", 2).unwrap().id;
    store.rename_conversation(talk, "Opening lines").unwrap();
    drop(store);
    (desk, talk)
}

fn last(desk: &Desk, talk: ConversationId) -> Message {
    store(desk).branch(talk).unwrap().pop().unwrap().message
}

/// How much the model was given for the last answer.
fn given(desk: &Desk, talk: ConversationId) -> u32 {
    let mut usage = None;
    until("what the answer took is stored", || {
        let last = last(desk, talk);
        usage = last.made.filter(|_| last.role == Role::Assistant).and_then(|made| made.usage);
        usage.is_some()
    });
    usage.unwrap().prompt_tokens
}

fn answered(page: &Page, text: &str) {
    say(page, text);
    page.see("the answer to it", &last_answer(&format!("{ENDED} && {}", follows(text))));
}

/// That the last answer stands right behind these words.
fn follows(text: &str) -> String {
    format!(
        "[...document.querySelectorAll('article')].at(-2)?.textContent.includes({})",
        serde_json::Value::from(text)
    )
}

/// What stands in the pane beside a part.
fn part(name: &str) -> String {
    format!("document.querySelector('.given [data-part={name}] .count')?.textContent")
}

#[test]
fn what_is_switched_off_is_gone_from_the_pane_and_from_what_the_model_reads() {
    let (desk, talk) = desk();
    let window = Window::with_tiny_model(&desk);
    window.tell("e2e-given", |page| {
        page.press("Opening lines");
        page.press("What the model is told");
        page.see("the notes with their size", &format!("{} === '200 words'", part("notes")));
        answered(page, "How does it begin?");
        let with_notes = given(&desk, talk);
        page.choose("Notes");
        page.choose("Earlier messages");
        for name in ["notes", "earlier"] {
            page.see("that it is out", &format!("{} === 'left out by you'", part(name)));
        }
        answered(page, "And then?");
        let alone = given(&desk, talk);
        assert!(alone < 100 && with_notes > alone + 200, "{alone} of {with_notes}");
        page.choose("Notes");
        page.see("the notes again", &format!("{} === '200 words'", part("notes")));
        answered(page, "And at the end?");
        assert!(given(&desk, talk) > alone + 200, "they are given again");
    });
    window.close();

    // And so it stays.
    let window = Window::open(&desk);
    window.tell("e2e-given-again", |page| {
        page.see("what was said", &format!("{} === 'left out by you'", part("earlier")));
        page.see("what is given", &format!("{} === '200 words'", part("notes")));
    });
    window.close();
}

#[test]
fn a_phrase_that_a_project_forbids_is_not_written_in_it() {
    let (desk, talk) = desk();
    let window = Window::with_tiny_model(&desk);
    let holds = |text: &str, word: &str| {
        let mut words = text.split(|letter: char| !letter.is_alphanumeric());
        words.any(|one| one.eq_ignore_ascii_case(word))
    };
    window.tell("e2e-forbidden", |page| {
        page.press("Opening lines");
        answered(page, "How does it begin?");
        let before = last(&desk, talk).text;
        let mut words = before.split(|letter: char| !letter.is_alphanumeric());
        let plain = |word: &&str| word.len() > 2 && word.chars().all(|letter| letter.is_ascii_alphabetic());
        let word = words.find(plain).expect("a word").to_owned();
        page.press_in(LAST_ANSWER, "Another version");
        page.see(
            "the second one",
            &last_answer(&format!("{ENDED} && answer.textContent.includes('2 of 2')")),
        );
        assert_eq!(last(&desk, talk).text, before, "left alone it writes the same again");

        page.press("The Salt Road");
        page.write("Never write here", &word);
        page.press("Add");
        page.see(
            "the phrase among them",
            &format!("document.querySelector('.project-writing .phrases')?.textContent === '{word}'"),
        );
        page.press("Opening lines");
        page.press_in(LAST_ANSWER, "Another version");
        page.see("the third one", &last_answer(&format!("{ENDED} && answer.textContent.includes('3 of 3')")));
        let after = last(&desk, talk).text;
        assert!(holds(&before, &word) && !holds(&after, &word), "{word} in {after}");
    });
    window.close();
}
