//! A question that leaves: only after the user opted in, saw what goes and agreed; and all of it
//! can be read afterwards.

use std::fs;

use crate::account::{KEY, RECIPIENT, desk_for, send_there, set_up};
use crate::page::Page;
use crate::talk::{ENDED, WHOLE, last_answer, user_said};
use crate::window::Window;
use sotto_stage::provider::{FIRST_PIECE, MODEL, Provider, SECOND_PIECE};

const AFTERWARDS: &str = "The keeper never answers";
const SECRET: &str = "The plot turns on a lighthouse";

#[test]
fn a_conversation_leaves_only_after_opt_in_and_agreement_and_is_written_down() {
    let server = Provider::open();
    let desk = desk_for(&server);

    let window = Window::with_tiny_model(&desk);
    window.tell("e2e-cloud", |page| {
        set_up(page, &server);
        page.press("New conversation");
        send_there(page);
        assert!(!server.said().iter().any(|said| said.contains(SECRET)), "nothing leaves by choosing");
        page.write("Message", SECRET);
        page.press("Send");
        read_the_sheet(page, &server);
        page.press("Send to another program on this computer");
        page.see("the user's message", &user_said(SECRET));
        page.see(
            "the first words, while there are more to come",
            &last_answer(&format!("!({ENDED}) && answer.textContent.includes('{FIRST_PIECE}')")),
        );
        server.go_on();
        page.see(
            "all of it",
            &last_answer(&format!("{WHOLE} && answer.textContent.includes('{FIRST_PIECE} {SECOND_PIECE}')")),
        );
        page.see("where it was made", &last_answer(&format!("answer.textContent.includes('{RECIPIENT}')")));
        read_what_left(page, &server);
        nothing_leaves_while_locked(page);
    });
    window.close();

    for file in fs::read_dir(desk.sotto_home()).unwrap().flatten().filter(|file| file.path().is_file()) {
        let bytes = fs::read(file.path()).unwrap();
        assert!(
            !bytes.windows(KEY.len()).any(|part| part == KEY.as_bytes()),
            "the key is in {:?}",
            file.file_name()
        );
    }
    let sent: Vec<_> = server.said().into_iter().filter(|said| said.contains(SECRET)).collect();
    assert_eq!(sent.len(), 1);
    assert!(!server.said().iter().any(|said| said.contains(AFTERWARDS)), "the lock holds");
    assert!(sent[0].to_lowercase().contains(&format!("authorization: bearer {KEY}")));
    assert!(sent[0].contains(&format!("\"{MODEL}\"")));
}

/// What would leave, and to whom; it has not left yet.
fn read_the_sheet(page: &Page, server: &Provider) {
    let sheet = "document.querySelector('.send-sheet')";
    for (what, words) in [
        ("who it is for", RECIPIENT),
        ("where that is", &server.origin),
        ("the model", MODEL),
        ("the user's words", SECRET),
    ] {
        page.see(what, &format!("{sheet}?.textContent.includes('{words}')"));
    }
    page.see("the very words", &format!("{sheet}.querySelector('pre').textContent.includes('{SECRET}')"));
    assert!(!server.said().iter().any(|said| said.contains(SECRET)), "nothing leaves before the user agreed");
}

/// The ledger and the journal.
fn read_what_left(page: &Page, server: &Provider) {
    page.press("Settings");
    page.press("Privacy");
    let section = |name: &str| format!("document.querySelector('section[aria-labelledby={name}]')");
    page.see("a line in the ledger", &format!("{}?.textContent.includes('1 answer')", section("ledger")));
    let journal = format!("[...({}?.querySelectorAll('tbody tr') ?? [])]", section("journal"));
    let line = format!("textContent.includes('{}') && textContent.includes('Complete')", server.origin);
    page.see("a line in the journal", &format!("{journal}.some(({{ textContent }}) => {line})"));
}

/// The lock bars what the user agreed to before.
fn nothing_leaves_while_locked(page: &Page) {
    page.press("Close the settings");
    page.press_one_like("Offline lock");
    page.see(
        "that nothing would go there now",
        "document.querySelector('.barred')?.textContent.includes('but the offline lock is on')",
    );
    page.write("Message", AFTERWARDS);
    page.press("Send");
    page.see("why not", "document.querySelector('[role=alert]')?.textContent.includes('offline lock is on')");
}
