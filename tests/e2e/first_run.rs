//! From nothing to the first answer, by each way there is.

use std::fs;

use journeys::tiny_model;
use serde_json::json;
use sotto_stage::{Nobody, hub::Hub};

use crate::desk::Desk;
use crate::page::Page;
use crate::talk::is_answered;
use crate::window::Window;

/// A model of the catalogue whose length and hash are the hub's to say.
const NAME: &str = "Ministral 3 3B, larger file";
const REPO: &str = "mistralai/Ministral-3-3B-Instruct-2512-GGUF";
const FILE: &str = "Ministral-3-3B-Instruct-2512-Q5_K_M.gguf";

#[test]
fn a_model_is_chosen_downloaded_and_answers() {
    let hub = Hub::open();
    hub.put(REPO, FILE, tiny_file());
    let desk = Desk::set();
    desk.prefer(&json!({ "models": { "mirror": hub.endpoint() } }));

    let window = Window::open(&desk);
    window.tell("e2e-download", |page| {
        to_the_models(page);
        assert!(hub.asked().is_empty(), "nothing is fetched uninvited");
        download(page);
        page.see("that it is here", &title(&format!("{NAME} is ready")));
        page.press("Begin");
        writes_to(page, NAME);
        is_answered(page, "A lighthouse keeper writes to the sea");
    });
    window.close();
    let here = desk.sotto_home().join("models/ministral-3-3b").join(FILE);
    assert!(fs::read(here).unwrap() == tiny_file(), "what came is what was sent");

    let window = Window::open(&desk);
    window.tell("e2e-download-again", |page| {
        page.see("the window, not the first run", "document.querySelector('textarea[aria-label=Message]')");
        is_answered(page, "And the sea answers");
    });
    window.close();
}

#[test]
fn a_file_of_another_app_is_offered_and_answers() {
    let desk = Desk::set();
    let others = desk.folder("home/.lmstudio/models/maker/Tiny-GGUF");
    fs::write(others.join("Tiny-F16.gguf"), tiny_file()).unwrap();

    let window = Window::open(&desk);
    window.tell("e2e-own-file", |page| {
        to_the_models(page);
        page.see("whose it is", "document.querySelector('.found')?.textContent.includes('LM Studio')");
        page.press_one_like("Use Tiny");
        page.see("that it is ready", "document.querySelector('h1')?.textContent.endsWith('is ready')");
        page.press("Begin");
        writes_to(page, "Tiny");
        is_answered(page, "A lighthouse keeper writes to the sea");
    });
    window.close();
}

#[test]
fn it_is_taken_up_where_it_was_left() {
    let desk = Desk::set();
    let window = Window::open(&desk);
    window.tell("e2e-left", |page| {
        to_the_models(page);
        page.press("Later");
        page.press("Finish setting up");
        page.see("where the user was", &title(MODELS));
    });
    window.close();

    let window = Window::open(&desk);
    window.tell("e2e-taken-up", |page| {
        page.see("the window, for it was put off", "document.querySelector('textarea[aria-label=Message]')");
        page.press("Finish setting up");
        page.see("where it was left", &title(MODELS));
    });
    window.close();
}

#[test]
fn without_a_network_the_download_says_so_and_the_guide_is_there() {
    let desk = Desk::set();
    let nobody = Nobody::here();
    desk.prefer(&json!({ "models": { "mirror": format!("http://{}", nobody.address()) } }));

    let window = Window::open(&desk);
    window.tell("e2e-no-network", |page| {
        to_the_models(page);
        download(page);
        page.see("what is wrong", "document.querySelector('.transfer-trouble')?.textContent.trim()");
        page.press("Talk to the guide meanwhile");
        is_answered(page, "How do I get the full model?");
        page.see(
            "that it is still wanted",
            &format!("document.querySelector('.transfer-line')?.textContent.includes('{NAME}')"),
        );
    });
    window.close();
}

const MODELS: &str = "A model to write with";

/// From the first page to where the user chooses.
fn to_the_models(page: &Page) {
    page.see("what stays here", &title("Write with a model that lives on this computer"));
    page.press("Set up");
    page.see(
        "the measurement",
        "document.querySelector('.measuring p') && !document.querySelector('.measuring progress')",
    );
    page.press("Choose a model");
    page.see("the models", &title(MODELS));
}

/// Chooses the model, without the part that sees pictures.
fn download(page: &Page) {
    page.unfold("4 other models");
    page.choose(NAME);
    page.choose("Picture support");
    page.press_one_like("Download");
}

/// Before the first word it is said who answers, in the composer, beside it and above.
fn writes_to(page: &Page, name: &str) {
    let field = "document.querySelector('textarea[aria-label=Message]')";
    page.see("to whom one writes", &format!("{field}?.placeholder.startsWith('Write to {name}')"));
    let who = "document.getElementById('goes-to')?.textContent";
    page.see("who answers", &format!("{who}?.startsWith('{name}')"));
    page.see(
        "no guide",
        "![...document.querySelectorAll('.chip')].some((chip) => /guide/.test(chip.textContent))",
    );
}

fn title(words: &str) -> String {
    format!("document.querySelector('h1')?.textContent === '{words}'")
}

fn tiny_file() -> Vec<u8> {
    fs::read(tiny_model().join("tiny-f16.gguf")).unwrap()
}
