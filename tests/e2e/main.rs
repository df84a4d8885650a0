//! The real window, used as a writer uses it: the built app with the real engine
//! and a tiny model, on a screen of its own, driven by its `WebDriver`.
//!
//! It needs the app and the engine to be built: `cargo xtask test` sees to both.

// WebKit's driver, which lets us into the window, exists on Linux alone.
#![cfg(target_os = "linux")]
// The tests start the screen, the driver and, through it, the app.
#![allow(clippy::disallowed_methods)]
// A test may end here and now, and say why; clippy knows that of test functions only.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]

mod desk;
mod driver;
mod page;
mod window;

use desk::Desk;
use page::{ENTER, Page};
use window::Window;

const MESSAGE: &str = "A lighthouse keeper writes to the sea";

#[test]
fn a_writer_talks_stops_regenerates_and_finds_it_again() {
    let desk = Desk::set();
    let mut versions = 0;

    let window = Window::open(&desk);
    window.tell("e2e-first-sitting", |page| {
        page.press("New conversation");
        page.write("Message", MESSAGE);
        page.press("Send");
        page.see("her message", &hers(MESSAGE));
        versions = stop_in_the_middle(page) + 1;
        page.press_in(LAST_ANSWER, "Again");
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

    let window = Window::open(&desk);
    window.tell("e2e-second-sitting", |page| {
        page.press("Search");
        page.write("Search everything", "lighthouse");
        page.see("her word, found", "document.querySelector('mark')?.textContent === 'lighthouse'");
        page.key(ENTER);
        page.see("her message", &hers(MESSAGE));
        page.see("both answers", &last_answer(&version(versions)));
    });
    window.close();
}

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
        page.press_in(LAST_ANSWER, "Again");
        page.see("another answer", &last_answer(&format!("!({ENDED}) || {}", version(answers + 1))));
    }
    panic!("twenty answers ended before they could be stopped");
}

const LAST_ANSWER: &str = "(//article[@aria-label='Answer'])[last()]";
const ENDED: &str = "answer.dataset.state !== 'streaming'";
const LENGTH: &str = "answer.textContent.length";

fn version(number: u32) -> String {
    format!("answer.textContent.includes('{number} of {number}')")
}

/// A condition on the answer that stands last.
fn last_answer(condition: &str) -> String {
    format!(
        "((answer) => answer && ({condition}))([...document.querySelectorAll('article[aria-label=\"Answer\"]')].at(-1))"
    )
}

/// That she said this.
fn hers(text: &str) -> String {
    format!("document.querySelector('article[aria-label=\"You\"]')?.textContent.includes('{text}')")
}
