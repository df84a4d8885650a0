//! The user's account with a server of their own.

use std::fs;

use serde_json::json;
use sotto_stage::provider::{MODEL, Provider};

use crate::desk::Desk;
use crate::page::Page;

/// What it is called where it is set up, and where the user's words go to it: it is a program on
/// this computer.
pub const SERVER: &str = "Your own server";
pub const RECIPIENT: &str = "Another program on this computer";
pub const KEY: &str = "sk-nobody-must-ever-read-this";

/// A desk at which the server's certificate is believed, and keys are kept.
pub fn desk_for(server: &Provider) -> Desk {
    let desk = Desk::set();
    let certificates = desk.folder("certificates").join("authority.pem");
    fs::write(&certificates, &server.authority).unwrap();
    desk.prefer(&json!({ "first_run": "done", "network": { "ca_file": certificates } }));
    desk.open_keychain();
    desk
}

/// Switches the cloud on, and says where the user's server is and by which key it knows them.
pub fn set_up(page: &Page, server: &Provider) {
    page.press("Settings");
    page.press("Cloud");
    page.press("Cloud: off");
    page.see("that it is on", "document.getElementById('cloud-name')?.textContent.startsWith('Cloud: on')");
    page.press_one_like(SERVER);
    page.write("Address", &server.origin);
    page.press_in(&form_of("Address"), "Save and test");
    page.write("Key", KEY);
    page.press_in(&form_of("Key"), "Save");
    page.see(
        "that the key is kept",
        "document.querySelector('.key-outcome')?.textContent === 'The key is kept.'",
    );
    let field =
        format!("[...document.querySelectorAll('input')].some(({{ value }}) => value.includes('{KEY}'))");
    let shown = page.ask(&format!("{field} || document.documentElement.outerHTML.includes('{KEY}')"));
    assert_eq!(shown, false, "nobody sees the key again");
    page.press("Close the settings");
}

/// Opts this one conversation in.
pub fn send_there(page: &Page) {
    page.press("This conversation");
    page.press("Who answers…");
    page.choose(SERVER);
    page.press("Show its models");
    page.choose(MODEL);
    page.press("Use this");
    page.see(
        "where it goes, above the page",
        "document.getElementById('goes-to')?.textContent === 'Goes to another program on this computer'",
    );
}

/// The form in which a field of this name stands.
fn form_of(field: &str) -> String {
    format!("//form[.//label[starts-with(normalize-space(), '{field}')]]")
}
