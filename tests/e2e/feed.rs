//! What is written elsewhere is seen in the open window at once.

use serde_json::json;

use crate::desk::Desk;
use crate::talk::{say, user_said};
use crate::window::{Window, beside};

fn desk() -> Desk {
    let desk = Desk::set();
    desk.prefer(&json!({ "first_run": "done" }));
    desk
}

/// Runs a command in a terminal; gives what it said.
fn terminal(desk: &Desk, words: &[&str]) -> String {
    let output = desk.program(beside("sotto")).args(words).output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn what_a_terminal_asks_appears_in_the_open_window() {
    let desk = desk();
    let window = Window::with_tiny_model(&desk);
    let model = journeys::tiny_model().join("hf");
    window.tell("e2e-feed", |page| {
        say(page, "Said in the window");
        terminal(&desk, &["ask", "Salt and rain", "--model", model.to_str().unwrap()]);
        let row =
            "[...document.querySelectorAll('nav *')].some((row) => row.textContent === 'Salt and rain')";
        page.see("the terminal's conversation in the list", row);
        page.see("its own, still open", &user_said("Said in the window"));
    });
    window.close();
}

#[test]
fn a_lock_from_a_terminal_shows_in_the_open_window_and_the_windows_own_in_a_terminal() {
    let desk = desk();
    let window = Window::open(&desk);
    let lock = |on: bool| {
        let state = "document.querySelector('[role=switch].offline-lock')?.getAttribute('aria-checked')";
        format!("{state} === '{on}'")
    };
    window.tell("e2e-lock", |page| {
        page.see("that it is off", &lock(false));
        terminal(&desk, &["lock", "on"]);
        page.see("that it is on", &lock(true));
        terminal(&desk, &["lock", "off"]);
        page.see("that it is off again", &lock(false));

        page.press_one_like("Offline lock");
        page.see("that the window's own is on", &lock(true));
        assert_eq!(terminal(&desk, &["lock"]), "The offline lock is on.\n");

        page.press("Settings");
        page.press("Cloud");
        let cloud = |on: &str| {
            format!("document.getElementById('cloud-name')?.textContent.startsWith('Cloud: {on}')")
        };
        page.see("that the cloud is off", &cloud("off"));
        terminal(&desk, &["cloud", "on"]);
        page.see("that it is on", &cloud("on"));
        terminal(&desk, &["cloud", "off"]);
        page.see("that it is off again", &cloud("off"));
    });
    window.close();
}
