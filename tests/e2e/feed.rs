//! What is written elsewhere is seen in the open window at once.

use serde_json::json;

use crate::desk::Desk;
use crate::talk::{say, user_said};
use crate::window::{Window, beside};

#[test]
fn what_a_terminal_asks_appears_in_the_open_window() {
    let desk = Desk::set();
    desk.prefer(&json!({ "first_run": "done" }));
    let window = Window::with_tiny_model(&desk);
    let model = journeys::tiny_model().join("hf");
    window.tell("e2e-feed", |page| {
        say(page, "Said in the window");
        let asked = desk
            .program(beside("sotto"))
            .args(["ask", "Salt and rain", "--model", model.to_str().unwrap()])
            .output()
            .unwrap();
        assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
        let row =
            "[...document.querySelectorAll('nav *')].some((row) => row.textContent === 'Salt and rain')";
        page.see("the terminal's conversation in the list", row);
        page.see("its own, still open", &user_said("Said in the window"));
    });
    window.close();
}
