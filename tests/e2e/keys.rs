//! The window by its keys alone: nothing is pressed with a pointer, and after no key the focus is nowhere.

use serde_json::json;

use crate::desk::Desk;
use crate::page::{CONTROL, DOWN, ENTER, ESCAPE, LEFT, Page, SHIFT, TAB, UP};
use crate::talk::{ENDED, last_answer, user_said};
use crate::window::Window;

const MESSAGE: &str = "document.activeElement?.getAttribute('aria-label') === 'Message'";
const IN_AN_ANSWER: &str = "document.activeElement?.closest('article[aria-label=Answer]')";

#[test]
fn everything_is_done_by_keys_and_the_focus_is_never_nowhere() {
    let desk = Desk::set();
    desk.prefer(&json!({ "first_run": "done", "theme": "light" }));
    let window = Window::with_tiny_model(&desk);
    window.tell("e2e-keys-alone", |page| {
        page.see("where one writes", MESSAGE);
        page.0.execute(WATCH).unwrap();
        let walk = Walk(page);
        begin_with_a_starting_point(&walk);
        talk(&walk);
        write_a_page(&walk);
        change_the_theme(&walk);
        come_back(&walk);
    });
    window.close();
}

fn begin_with_a_starting_point(walk: &Walk) {
    walk.back_until("the starting points", "document.activeElement?.getAttribute('role') === 'radio'");
    walk.step("the next one", &[], DOWN, "document.activeElement?.getAttribute('aria-checked') === 'false'");
    walk.step(
        "that it is chosen",
        &[],
        ENTER,
        "document.activeElement?.getAttribute('aria-checked') === 'true'",
    );
    walk.until("the composer again", &[], TAB, MESSAGE);
}

fn talk(walk: &Walk) {
    walk.step("the words", &[], "Salt", "document.activeElement?.value === 'Salt'");
    walk.step("the message, sent", &[], ENTER, &user_said("Salt"));
    walk.step("an answer", &[], "", &last_answer(&format!("{ENDED} && answer.textContent.length > 0")));
    walk.step("that one goes on writing", &[], "", MESSAGE);
    walk.back_until("the answer", IN_AN_ANSWER);
    walk.until("its message", &[], UP, "document.activeElement?.matches('article[aria-label=You]')");
    walk.step("the answer again", &[], DOWN, "document.activeElement?.matches('article[aria-label=Answer]')");
    walk.until(
        "what asks for another",
        &[],
        TAB,
        "document.activeElement?.textContent === 'Another version'",
    );
    walk.step(
        "another",
        &[],
        ENTER,
        &last_answer(&format!("{ENDED} && answer.textContent.includes('2 of 2')")),
    );
    walk.back_until("the answers", "document.activeElement?.matches('article[aria-label=Answer]')");
    walk.step("the first again", &[], LEFT, &last_answer("answer.textContent.includes('1 of 2')"));
}

fn write_a_page(walk: &Walk) {
    walk.step("the palette", &[CONTROL], "k", "document.activeElement?.getAttribute('role') === 'combobox'");
    walk.step("a page, found", &[], "new page", "document.querySelectorAll('[role=option]').length === 1");
    let text = "document.activeElement?.matches('[data-writes][role=textbox]')";
    walk.step("an empty page", &[], ENTER, text);
    walk.step(
        "what was written",
        &[],
        "The road",
        &format!("{text} && document.activeElement.textContent === 'The road'"),
    );
}

fn change_the_theme(walk: &Walk) {
    walk.step("the settings", &[CONTROL], ",", "document.activeElement?.getAttribute('role') === 'tab'");
    walk.until("the themes", &[], TAB, "document.activeElement?.name === 'theme'");
    walk.step("another", &[], DOWN, "document.documentElement.dataset.theme === 'dark'");
    walk.step("the page again", &[], ESCAPE, "document.activeElement?.textContent === 'The road'");
}

fn come_back(walk: &Walk) {
    walk.step("the palette", &[CONTROL], "k", "document.activeElement?.getAttribute('role') === 'combobox'");
    walk.step(
        "the conversation, found",
        &[],
        "salt",
        "document.querySelectorAll('[role=option]').length === 1",
    );
    walk.step("the conversation", &[], ENTER, &format!("{MESSAGE} && {}", user_said("Salt")));
    walk.step("the keys", &[CONTROL], "/", "document.querySelector('dialog[open] .keys-list')");
    walk.step("the conversation again", &[], ESCAPE, MESSAGE);
    walk.until("the left pane", &[SHIFT], TAB, "document.activeElement?.closest('nav')");
    walk.until("the page's line", &[], UP, "document.activeElement?.dataset.row?.startsWith('page')");
    walk.step("the page", &[], ENTER, "document.querySelector('.page-text')?.textContent === 'The road'");
}

/// One key after another, and a look at where the focus is after each.
struct Walk<'a>(&'a Page);

impl Walk<'_> {
    /// Presses keys, and waits for what comes of them.
    fn step(&self, what: &str, held: &[&str], keys: &str, seen: &str) {
        self.0.chord(held, keys);
        self.0.see(what, seen);
        self.somewhere(what);
    }

    /// Presses a key until this is so, as often as a person would.
    fn until(&self, what: &str, held: &[&str], key: &str, seen: &str) {
        for _ in 0..40 {
            self.0.chord(held, key);
            self.somewhere(what);
            if self.0.ask(&format!("Boolean({seen})")) == true {
                return;
            }
        }
        let at = self.0.ask("document.activeElement.outerHTML.slice(0, 200)");
        panic!("forty keys do not lead to {what}: the focus is at {at}");
    }

    fn back_until(&self, what: &str, seen: &str) {
        self.until(what, &[SHIFT], TAB, seen);
    }

    fn somewhere(&self, what: &str) {
        self.0.see(
            &format!("a focus at: {what}"),
            "document.activeElement && document.activeElement !== document.body",
        );
        assert_eq!(self.0.ask("window.lost.join('\\n')"), "", "at: {what}");
    }
}

/// Notes where the focus had been when it is still nowhere in the frame after the next.
const WATCH: &str = "
    window.lost = [];
    document.addEventListener('focusout', ({ target }) =>
        requestAnimationFrame(() => requestAnimationFrame(() => {
            if (document.hasFocus() && document.activeElement === document.body)
                window.lost.push(target.outerHTML.slice(0, 200));
        })));";
