//! What stands beside a page: comments in its margin, and a conversation.

use serde_json::json;
use sotto_app::Document;
use sotto_store::Store;

use crate::desk::Desk;
use crate::page::{ALT, CONTROL, F6, F8};
use crate::window::{Window, until};

const TEXT: &str = "document.querySelector('[data-writes][role=textbox]')";

/// A desk with a page "Dawn" of a project.
fn desk() -> Desk {
    let desk = Desk::set();
    desk.prefer(&json!({ "first_run": "done" }));
    let store = library(&desk);
    let project = store.create_project("The Salt Road", 1).unwrap().id;
    let text = json!({ "type": "doc", "content": [
        { "type": "paragraph", "content": [{ "type": "text", "text": "It was late" }] },
    ] });
    let document = Document::parse(&text.to_string()).unwrap();
    store.create_page(Some(project), "Dawn", &document, 1).unwrap();
    desk
}

fn library(desk: &Desk) -> Store {
    journeys::library(&desk.sotto_home())
}

#[test]
fn a_comment_is_added_by_keys_stands_in_the_margin_and_is_resolved() {
    let desk = desk();
    let stored = || {
        let store = library(&desk);
        let page = store.pages().unwrap()[0].id;
        store.open_page(page).unwrap().1.to_json()
    };
    let window = Window::open(&desk);
    window.tell("e2e-comment", |page| {
        page.press("Dawn");
        page.see("the page", &format!("document.activeElement === {TEXT}"));
        // Without the left pane there is a margin.
        page.key(F8);
        page.chord(&[CONTROL], "a");
        page.chord(&[CONTROL, ALT], "m");
        page.write("What you want to say", "Which hour?");
        page.press("Save");
        page.see(
            "it in the margin, right of its words",
            &format!(
                "((card, text) => card.textContent.includes('Which hour?')
                   && card.getBoundingClientRect().left > text.getBoundingClientRect().right)
                 (document.querySelector('.comments .comment-card'), {TEXT})"
            ),
        );
        until("it is stored", || stored().contains("Which hour?"));
        page.press("Resolve");
        page.see("that it is settled", "document.querySelector('.page-text .comment.resolved')");
    });
    until("that is stored too", || stored().contains("\"resolved\":true"));
    window.close();
}

#[test]
fn one_key_goes_from_the_page_to_the_conversation_beside_it_and_back() {
    let desk = desk();
    let window = Window::open(&desk);
    window.tell("e2e-sides", |page| {
        page.press("Dawn");
        page.see("the page", &format!("document.activeElement === {TEXT}"));
        page.press("This page");
        page.press("Open a conversation beside");
        page.see("both of them", &format!("{TEXT} && document.querySelector('.side + .side textarea')"));
        page.see("the caret in the conversation", "document.activeElement.matches('.side + .side textarea')");
        page.key("Is it day?");
        page.key(F6);
        page.see("the caret in the page", &format!("document.activeElement === {TEXT}"));
        page.key("So. ");
        page.key(F6);
        page.see("the question as it was", "document.activeElement.value === 'Is it day?'");
        page.see("the words on the page", &format!("{TEXT}.textContent.includes('So. ')"));
    });
    window.close();
}
