//! What hands expect of any window: undoing, the focus, the keys, and finding it as it was left.

use serde_json::json;

use crate::desk::Desk;
use crate::page::{CONTROL, ENTER, ESCAPE, F2, F8, Page, SHIFT};
use crate::talk::{begin_anew, is_answered, user_said};
use crate::window::{Window, children, kill, until};

const MESSAGE: &str = "document.querySelector('textarea[aria-label=Message]')";

fn desk() -> Desk {
    let desk = Desk::set();
    desk.prefer(&json!({ "first_run": "done" }));
    desk
}

#[test]
fn what_was_typed_is_undone_and_redone_in_every_field() {
    let desk = desk();
    let window = Window::open(&desk);
    window.tell("e2e-undo", |page| {
        for (field, open) in [("Message", false), ("Name", true)] {
            if open {
                page.press("New project");
            }
            page.write(field, "salt");
            let value = "document.activeElement.value";
            page.see("the words", &format!("{value} === 'salt'"));
            page.chord(&[CONTROL], "z");
            page.see("that they are gone", &format!("{value} === ''"));
            page.chord(&[CONTROL, SHIFT], "z");
            page.see("that they are back", &format!("{value} === 'salt'"));
            page.chord(&[CONTROL], "z");
            page.chord(&[CONTROL], "y");
            page.see("that they are back again", &format!("{value} === 'salt'"));
        }
    });
    window.close();
}

#[test]
fn the_next_words_reach_the_composer_after_every_button() {
    let desk = desk();
    let window = Window::open(&desk);
    let focused = format!("document.activeElement === {MESSAGE}");
    window.tell("e2e-focus", |page| {
        is_answered(page, "Where do my words go?");
        page.see("that one goes on writing after Send", &focused);
        begin_anew(page);
        page.see("that one writes in the new one", &focused);
        is_answered(page, "How do I get the full model?");
        page.press("Another version");
        page.key("x");
        page.see("a letter typed at a button", &format!("{MESSAGE}.value === 'x'"));
    });
    window.close();
}

#[test]
fn new_is_new_whatever_was_set_in_the_last_one() {
    let desk = desk();
    let window = Window::open(&desk);
    window.tell("e2e-new", |page| {
        page.press("What the model is told");
        page.write("Instructions", "You are a pirate.");
        page.see(
            "that it is kept",
            "[...document.querySelectorAll('.sidebar-list .row')].some((row) => row.textContent.includes('New conversation'))",
        );
        page.press_in("//div[@class='sidebar-doing']", "New conversation");
        page.see("a field without instructions", "document.getElementById('context-instructions')?.value === ''");
        page.see(
            "both in the list",
            "[...document.querySelectorAll('.sidebar-list .row')].filter((row) => row.textContent.includes('New conversation')).length === 2",
        );
    });
    window.close();
}

#[test]
fn the_window_is_found_as_it_was_left() {
    let desk = desk();
    let window = Window::open(&desk);
    window.tell("e2e-left-so", |page| {
        is_answered(page, "Where do my words go?");
        begin_anew(page);
        is_answered(page, "How do I get the full model?");
        page.press_one_like("Where do my words go");
        page.see("the first one", &user_said("Where do my words go?"));
        page.key(F8);
        page.see("no left pane", "document.querySelector('.window').dataset.library === 'false'");
        page.chord(&[CONTROL], "-");
        page.see("smaller letters", "window.devicePixelRatio < 1 || window.innerWidth > 1180");
        page.write("Message", "and a half thought");
    });
    window.quit_by_key();

    let window = Window::open(&desk);
    window.tell("e2e-found-so", |page| {
        page.see("what was open", &user_said("Where do my words go?"));
        page.see("no left pane", "document.querySelector('.window').dataset.library === 'false'");
        page.see("smaller letters", "window.devicePixelRatio < 1 || window.innerWidth > 1180");
        page.see(
            "what was typed, and the caret behind it",
            &format!("{MESSAGE}?.value === 'and a half thought' && {MESSAGE}.selectionStart === 18"),
        );
    });
    window.close();
}

#[test]
fn a_web_process_that_dies_is_started_again() {
    let desk = desk();
    let window = Window::open(&desk);
    window.tell("e2e-dies", |page| page.see("the window", &format!("{MESSAGE} !== null")));
    let process = &window.app.process;
    let before = web_process(process);
    kill(&before);
    until("another web process", || {
        let now = web_processes(process);
        !now.is_empty() && !now.contains(&before)
    });
    // The driver's session ended with the page it drove: that the app is alive and well is what
    // is left to be seen.
    assert!(window.app.runs());
}

fn web_process(app: &str) -> String {
    let all = web_processes(app);
    assert_eq!(all.len(), 1, "{all:?}");
    all[0].clone()
}

/// The processes below the app that draw its page.
fn web_processes(app: &str) -> Vec<String> {
    children(app)
        .into_iter()
        .filter(|(_, name)| name.starts_with("WebKitWebProces"))
        .map(|(process, _)| process)
        .collect()
}

/// The palette by its key, and away by another.
#[test]
fn keys_do_what_the_menus_say() {
    let desk = desk();
    let window = Window::open(&desk);
    window.tell("e2e-keys", |page| {
        page.see("the window", &format!("document.activeElement === {MESSAGE} && {MESSAGE} !== null"));
        open_and_leave(page, "k", "Go to, or do");
        open_and_leave(page, "/", "List of keys");
        page.chord(&[CONTROL], ",");
        page.see("the settings", "document.querySelector('dialog[open] .settings')");
        page.key(ESCAPE);
        page.chord(&[CONTROL], "n");
        page.key(F2);
        page.see("the title as a field", "document.activeElement?.getAttribute('aria-label') === 'Title'");
        page.key("Salt");
        page.key(ENTER);
        page.see("the new title", "document.querySelector('h1')?.textContent === 'Salt'");
    });
    window.close();
}

fn open_and_leave(page: &Page, key: &str, what: &str) {
    page.chord(&[CONTROL], key);
    page.see(what, "document.querySelector('dialog[open]')");
    page.key(ESCAPE);
    page.see("that it is closed", "!document.querySelector('dialog[open]')");
}
