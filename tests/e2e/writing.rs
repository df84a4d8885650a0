//! Writing with a model on this device, and that nothing leaves meanwhile.

use serde_json::json;

use crate::desk::Desk;
use crate::page::{ENTER, Page};
use crate::quiet::quietly;
use crate::talk::{ENDED, LAST_ANSWER, WHOLE, last_answer, say, user_said};
use crate::window::Window;

const MESSAGE: &str = "A lighthouse keeper writes to the sea";

#[test]
fn a_writer_talks_stops_regenerates_and_finds_it_again() {
    two_sittings();
}

#[test]
fn nothing_leaves_in_a_whole_session_of_the_window() {
    quietly("writing::nothing_leaves_in_a_whole_session_of_the_window", two_sittings);
}

#[test]
fn the_guide_answers_where_words_go_on_a_machine_without_a_network() {
    quietly("writing::the_guide_answers_where_words_go_on_a_machine_without_a_network", asking_the_guide);
}

fn two_sittings() {
    let desk = Desk::set();
    desk.prefer(&json!({ "first_run": "done" }));
    let mut versions = 0;

    let window = Window::with_tiny_model(&desk);
    window.tell("e2e-first-sitting", |page| {
        page.press("New conversation");
        say(page, MESSAGE);
        versions = stop_in_the_middle(page) + 1;
        page.press_in(LAST_ANSWER, "Another version");
        page.see(
            "both answers, the second one ended",
            &last_answer(&format!("{ENDED} && {}", version(versions))),
        );
        page.see(
            "its end, for nobody scrolled away",
            "!document.querySelector('[aria-label=\"Go to the end\"]')",
        );
    });
    window.close();

    let window = Window::with_tiny_model(&desk);
    window.tell("e2e-second-sitting", |page| {
        page.press("Search");
        page.write("Search everything", "lighthouse");
        page.see("the word, found", "document.querySelector('mark')?.textContent === 'lighthouse'");
        page.key(ENTER);
        page.see("the user's message", &user_said(MESSAGE));
        page.see("both answers", &last_answer(&version(versions)));
    });
    window.close();
}

fn asking_the_guide() {
    let desk = Desk::set();
    let window = Window::open(&desk);
    window.tell("e2e-guide", |page| {
        page.press("Later");
        page.see(
            "its greeting",
            "document.querySelector('main h2')?.textContent.startsWith('I am the guide')",
        );
        page.ask(GROWTH);
        say(page, "Where do my words go?");
        page.see("the whole answer", &last_answer(WHOLE));
        page.see("the truth", &last_answer(TRUE));
        assert!(page.ask("window.growth.size").as_u64() > Some(1), "it came all at once");
        page.see(
            "who said so",
            &last_answer("answer.textContent.includes('Built-in guide, on this device')"),
        );
    });
    window.close();
}

/// Keeps in mind how long the answer was whenever it had grown. Words are drawn once a frame,
/// and the Guide may have said all before the next: here whatever comes has a frame of its own.
const GROWTH: &str = "(() => {
    window.requestAnimationFrame = (draw) => queueMicrotask(() => draw(performance.now()));
    window.growth = new Set();
    const note = () => {
        const growing = document.querySelector('article[data-state=streaming]');
        if (growing?.textContent) window.growth.add(growing.textContent.length);
    };
    new MutationObserver(note).observe(document, { subtree: true, childList: true, characterData: true });
})()";

const TRUE: &str =
    "/this (computer|device|machine)|here|stay/i.test(answer.querySelector('.prose').textContent)";

/// Stops an answer in its middle, and says how many it took. The tiny model writes
/// nonsense and may happen to end before Stop is pressed: then it is asked again.
fn stop_in_the_middle(page: &Page) -> u32 {
    for answers in 1..=20 {
        page.see("the first words", &last_answer(&format!("{ENDED} || {LENGTH} > 0")));
        let begun = page.ask(&last_answer(LENGTH));
        page.see("more words", &last_answer(&format!("{ENDED} || {LENGTH} > {begun}")));
        page.press_if_there("Stop");
        page.see("the end of the answer", &last_answer(ENDED));
        if page.ask(&last_answer("answer.dataset.state")) == "stopped" {
            return answers;
        }
        page.press_in(LAST_ANSWER, "Another version");
        page.see("another answer", &last_answer(&format!("!({ENDED}) || {}", version(answers + 1))));
    }
    panic!("twenty answers ended before they could be stopped");
}

const LENGTH: &str = "answer.textContent.length";

fn version(number: u32) -> String {
    format!("answer.textContent.includes('{number} of {number}')")
}
