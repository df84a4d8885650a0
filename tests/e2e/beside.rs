//! One question to two: a model of this computer and one elsewhere answer side by side, the better
//! answer is chosen and goes on, and the choice is counted.

use crate::account::{SERVER, desk_for, set_up};
use crate::page::Page;
use crate::talk::{last_answer, user_said};
use crate::window::Window;
use sotto_stage::provider::{FIRST_PIECE, MODEL, Provider, SECOND_PIECE};

const QUESTION: &str = "Three names for a bakery by the sea";
/// What each of the two columns says.
const COLUMNS: &str = "[...document.querySelectorAll('.column')].map(({ textContent }) => textContent)";

#[test]
fn two_answers_stand_side_by_side_and_the_chosen_one_goes_on() {
    let server = Provider::open();
    let desk = desk_for(&server);

    let window = Window::with_tiny_model(&desk);
    window.tell("e2e-beside", |page| {
        set_up(page, &server);
        page.press("New conversation");
        page.write("Message", QUESTION);
        page.press("Ask two");
        page.choose(SERVER);
        page.press("Show its models");
        page.choose(MODEL);
        page.press("Ask both");
        page.see("the user's message", &user_said(QUESTION));
        // The one on this computer is first; what the other would be sent is shown when that is over.
        page.see("what would leave", "document.querySelector('.send-sheet')?.textContent.includes('bakery')");
        assert!(!server.said().iter().any(|said| said.contains(QUESTION)), "nothing left yet");
        page.press("Send to another program on this computer");
        page.see(
            "both, while there is more to come",
            &format!("((said) => said.length === 2 && said[1].includes('{FIRST_PIECE}'))({COLUMNS})"),
        );
        server.go_on();
        both_are_whole(page);
        page.press_one_like("Go on with this one");
        page.see("one answer of two", &last_answer("answer.textContent.includes('1 of 2')"));
        assert_eq!(page.ask("document.querySelectorAll('.column').length"), 0);
        page.press("Next version");
        page.see("the other", &last_answer(&format!("answer.textContent.includes('{SECOND_PIECE}')")));
        page.press("Settings");
        page.press("Side by side");
        page.see(
            "that it is counted",
            "document.querySelector('.tally-words')?.textContent
               === 'In 1 comparison you chose the one on this computer once.'",
        );
    });
    window.close();
    assert_eq!(server.said().iter().filter(|said| said.contains(QUESTION)).count(), 1);
}

/// With time, words and cost under each, and the way to go on.
fn both_are_whole(page: &Page) {
    let whole = format!(
        "((said) => said.every((one) => ['Time', 'Length', 'Cost', 'Go on'].every((word) => one.includes(word)))
           && said[1].includes('{FIRST_PIECE} {SECOND_PIECE}') && said[0].includes('on this computer'))({COLUMNS})"
    );
    page.see("both of them whole", &whole);
}
