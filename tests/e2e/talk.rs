//! What a conversation looks like: conditions and paths for what was said and answered.

use crate::page::Page;

pub const LAST_ANSWER: &str = "(//article[@aria-label='Answer'])[last()]";

/// On the answer that stands last.
pub const ENDED: &str = "answer.dataset.state !== 'streaming'";
pub const WHOLE: &str = "answer.dataset.state === 'complete'";

/// A condition on the answer that stands last.
pub fn last_answer(condition: &str) -> String {
    let last = "[...document.querySelectorAll('article[aria-label=\"Answer\"]')].at(-1)";
    format!("((answer) => answer && ({condition}))({last})")
}

/// That the user said this.
pub fn user_said(text: &str) -> String {
    let user_said = "[...document.querySelectorAll('article[aria-label=\"You\"]')]";
    format!("{user_said}.some((said) => said.textContent.includes('{text}'))")
}

/// Says this, and waits until it stands there.
pub fn say(page: &Page, text: &str) {
    page.write("Message", text);
    page.press("Send");
    page.see("the user's message", &user_said(text));
}

/// Begins another conversation, and waits until it is the one that is open.
pub fn begin_anew(page: &Page) {
    page.press("New conversation");
    page.see("an empty conversation", "!document.querySelector('article')");
}

/// Says this to whatever model there is, and waits for its first answer.
pub fn is_answered(page: &Page, text: &str) {
    say(page, text);
    page.see("an answer", &last_answer(&format!("{ENDED} && answer.textContent.length > 0")));
    // The tiny model does not always know where to end.
    let state = page.ask(&last_answer("answer.dataset.state"));
    assert!(state == "complete" || state == "cut_at_length", "it ended as {state}");
}
