//! Writing a page: nothing typed is lost, and a model proposes beside the text, never in it.

use serde_json::json;
use sotto_app::Document;
use sotto_stage::provider::{FIRST_PIECE, MODEL, Provider, SECOND_PIECE};

use crate::account::{SERVER, desk_for, set_up};
use crate::desk::Desk;
use crate::page::{CONTROL, END, ENTER, HOME, Page, SHIFT};
use crate::window::{Window, kill, until};

const TEXT: &str = "document.querySelector('[data-writes][role=textbox]')";

fn desk() -> Desk {
    let desk = Desk::set();
    desk.prefer(&json!({ "first_run": "done" }));
    desk
}

/// What the store has of the only page.
fn stored(desk: &Desk) -> String {
    let store = journeys::library(&desk.sotto_home());
    let pages = store.pages().unwrap();
    pages.first().map(|page| store.open_page(page.id).unwrap().1.text()).unwrap_or_default()
}

fn begin_page(page: &Page) {
    page.press("New page");
    page.see("an empty page that takes the keys", &format!("document.activeElement === {TEXT}"));
}

fn reads(text: &str) -> String {
    format!("{TEXT}?.innerText.trim() === {}", json!(text))
}

#[test]
fn what_was_typed_is_there_again_after_a_kill() {
    let desk = desk();
    let window = Window::open(&desk);
    window.tell("e2e-page-kill", |page| {
        begin_page(page);
        page.key("# The road");
        page.key(ENTER);
        page.key("It was late.");
        page.see(
            "a heading made of its sign",
            "document.querySelector('.page-text h1')?.textContent === 'The road'",
        );
    });
    until("the keys are on the disk", || stored(&desk) == "The road\n\nIt was late.");
    kill(&window.app.process);
    until("the app is gone", || !window.app.runs());
    drop(window);

    let window = Window::open(&desk);
    window.tell("e2e-page-again", |page| {
        page.see(
            "every word, on the page that was open",
            &format!("{TEXT}?.textContent === 'The roadIt was late.'"),
        );
        page.press("Search");
        page.write("Search everything", "late");
        page.see("it is found", "document.querySelector('mark')?.textContent === 'late'");
    });
    window.close();
}

#[test]
fn undo_and_redo_work_by_keys_in_a_page() {
    let desk = desk();
    let window = Window::open(&desk);
    window.tell("e2e-page-undo", |page| {
        begin_page(page);
        page.key("salt");
        page.see("the words", &reads("salt"));
        page.chord(&[CONTROL], "z");
        page.see("that they are gone", &reads(""));
        page.chord(&[CONTROL, SHIFT], "z");
        page.see("that they are back", &reads("salt"));
        page.chord(&[CONTROL], "b");
        page.key("!");
        page.see("bold by its key", "document.querySelector('.page-text strong')?.textContent === '!'");
    });
    window.close();
}

#[test]
fn a_model_proposes_beside_the_text_and_one_undo_takes_it_back() {
    let desk = desk();
    let window = Window::with_tiny_model(&desk);
    let before = "It was late and the road was long";
    window.tell("e2e-page-proposal", |page| {
        begin_page(page);
        page.key(before);
        until("the keys are on the disk", || stored(&desk) == before);
        let mut proposed = false;
        // The tiny model writes nonsense and may happen to propose nothing: it is asked again.
        for _ in 0..10 {
            page.chord(&[CONTROL], "a");
            page.chord(&[CONTROL], "e");
            page.press("Longer");
            let over = "document.querySelector('.proposal-bar .trouble') || \
                        document.querySelector('.proposal-bar button.primary')";
            page.see("the proposal, or that there is none", over);
            page.see("its end", &format!("!document.querySelector('.proposal-bar .trouble') || {over}"));
            proposed = page.ask("!document.querySelector('.proposal-bar .trouble')").as_bool() == Some(true);
            if proposed {
                break;
            }
            page.press("Discard");
        }
        assert!(proposed, "ten times nothing");
        assert_eq!(stored(&desk), before, "nothing of it is in the page");
        // "Accept", or "Accept all" where the model happened to propose several changes.
        let accept = page.ask("document.querySelector('.proposal-bar button.primary').textContent.trim()");
        page.press(accept.as_str().unwrap());
        page.see(
            "what was accepted, with its record",
            "document.querySelector('.page-text [data-how=model_here]')",
        );
    });
    until("it is stored", || stored(&desk) != before);
    let accepted = stored(&desk);
    window.tell("e2e-page-undone", |page| {
        page.chord(&[CONTROL], "z");
        page.see("the text as it was", &reads(before));
    });
    until("that is stored too", || stored(&desk) == before);
    assert_ne!(accepted, before);
    window.close();
}

#[test]
fn a_passage_leaves_only_after_the_sheet_and_comes_back_as_a_proposal() {
    const SECRET: &str = "The plot turns on a lighthouse";
    let server = Provider::open();
    let desk = desk_for(&server);
    let window = Window::with_tiny_model(&desk);
    let sent = || server.said().into_iter().filter(|said| said.contains(SECRET)).count();
    window.tell("e2e-page-elsewhere", |page| {
        set_up(page, &server);
        begin_page(page);
        page.key(SECRET);
        page.chord(&[CONTROL], "a");
        page.chord(&[CONTROL], "e");
        page.choose("In the cloud, this once");
        page.press("Shorter");
        page.choose(SERVER);
        page.press("Show its models");
        page.choose(MODEL);
        page.press("See what would leave…");
        page.see("the passage on the sheet", &format!("document.querySelector('.send-sheet pre')?.textContent.includes('{SECRET}')"));
        assert_eq!(sent(), 0, "nothing leaves before the user agreed");
        page.press("Send to another program on this computer");
        page.see("the first words", &format!("document.querySelector('.page-body').textContent.includes('{FIRST_PIECE}')"));
        server.go_on();
        page.see("whose it is", &format!("document.querySelector('.proposal-model[data-place=cloud]')?.textContent.includes('{MODEL}')"));
        assert_eq!(stored(&desk), SECRET, "nothing of it is in the page");
        page.press("Accept");
        page.see(
            "what was accepted, with its record",
            &format!("document.querySelector('.page-text [data-how=model_elsewhere]')?.dataset.who.startsWith('{MODEL}')"),
        );
    });
    until("it is stored", || stored(&desk).contains(SECOND_PIECE));
    assert_eq!(sent(), 1);
    window.close();
}

#[test]
fn onto_a_hands_off_page_no_model_writes_whoever_asks_for_it() {
    const BY_MODEL: &str = r#"[{"type":"paragraph","content":[{"type":"text","text":"Its words","marks":
        [{"type":"origin","attrs":{"how":"model_here","who":"Tiny","edited":false}}]}]}]"#;
    let desk = desk();
    let store = journeys::library(&desk.sotto_home());
    let project = store.create_project("The Salt Road", 1).unwrap().id;
    store.set_hands_off(project, true).unwrap();
    let text =
        r#"{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"It was late"}]}]}"#;
    let id = store.create_page(Some(project), "Dawn", &Document::parse(text).unwrap(), 1).unwrap().id;
    drop(store);
    let window = Window::with_tiny_model(&desk);
    window.tell("e2e-page-hands-off", |page| {
        page.press("Dawn");
        page.see("the page", &reads("It was late"));
        page.press("This page");
        page.see("its menu", "document.querySelector('[role=menu]')");
        let offered = "[...document.querySelectorAll('[role=menuitem]')].map((item) => item.textContent).filter((name) => /Rewrite|Go on/.test(name))";
        assert_eq!(page.ask(offered), json!([]), "no command of a model is there");
        // What a window of ours would never ask is refused all the same.
        let refusal = |command: &str, arguments: serde_json::Value| {
            let script = format!(
                "const done = arguments[arguments.length - 1];
                 window.__TAURI_INTERNALS__.invoke('{command}', {arguments}).then(() => done('taken'), (error) => done(JSON.stringify(error)));"
            );
            page.0.execute_async(&script).unwrap().as_str().unwrap().to_owned()
        };
        let ask = json!({ "command": "tighten", "words": "", "text": "It was late", "before": "", "after": "",
                          "proposal": null, "without": [], "variant": 0 });
        let way = json!({ "once": null, "agreed": null });
        let asked = json!({ "page": id.0, "ask": ask, "way": way, "channel": "__CHANNEL__:77" });
        let saved = json!({ "id": id.0, "base": 0, "from": 0, "remove": 1, "blocks": BY_MODEL });
        for (command, arguments) in [("propose", asked), ("save_page", saved)] {
            let said = refusal(command, arguments);
            assert!(said.to_lowercase().contains("hands-off"), "{command}: {said}");
        }
        assert_eq!(stored(&desk), "It was late");
    });
    window.close();
}

#[test]
fn a_page_is_split_and_merged_and_words_are_replaced_in_it() {
    let desk = desk();
    let window = Window::open(&desk);
    window.tell("e2e-page-split", |page| {
        begin_page(page);
        page.key("One road.");
        page.key(ENTER);
        page.key("Two roads.");
        page.chord(&[CONTROL], "f");
        page.write("Find in this page", "road");
        page.see(
            "how many there are",
            "document.querySelector('.find-bar [role=status]')?.textContent === '2 found'",
        );
        page.press("Replace");
        page.write("Put in its place", "way");
        page.press("Replace all 2");
        page.see("both replaced", &format!("{TEXT}?.textContent === 'One way.Two ways.'"));
        page.press("Close the search");
        page.see("the caret back in the page", &format!("document.activeElement === {TEXT}"));
        // The last that was typed in: the second paragraph. Its beginning is where the page is cut.
        page.chord(&[CONTROL], END);
        page.key(HOME);
        page.press("This page");
        page.press("Split here");
        page.see("the second page alone", &reads("Two ways."));
    });
    until("both pages are stored", || {
        let store = journeys::library(&desk.sotto_home());
        let texts: Vec<String> =
            store.pages().unwrap().iter().map(|page| store.open_page(page.id).unwrap().1.text()).collect();
        texts == ["One way.", "Two ways."]
    });
    window.close();
}

#[test]
fn a_picture_that_is_pasted_is_on_the_page_again_and_in_what_goes_out() {
    let desk = desk();
    let window = Window::open(&desk);
    // As another program puts a picture on the clipboard; the web view's own pixels are a real PNG.
    let paste = format!(
        "(() => {{
            const canvas = document.createElement('canvas');
            [canvas.width, canvas.height] = [40, 30];
            canvas.getContext('2d').fillRect(5, 5, 20, 20);
            const bytes = Uint8Array.from(atob(canvas.toDataURL('image/png').split(',')[1]), (c) => c.charCodeAt(0));
            const data = new DataTransfer();
            data.items.add(new File([bytes], 'lamp.png', {{ type: 'image/png' }}));
            const event = new ClipboardEvent('paste', {{ bubbles: true, cancelable: true }});
            Object.defineProperty(event, 'clipboardData', {{ value: data }});
            {TEXT}.dispatchEvent(event);
            return true;
        }})()"
    );
    let shown = "document.querySelector('.page-picture img')?.naturalWidth === 40";
    window.tell("e2e-page-picture", |page| {
        begin_page(page);
        page.key("Before it.");
        page.ask(&paste);
        page.see("its pixels, which come from the core", shown);
        page.write("Description, for whoever does not see it", "A lamp");
    });
    until("it is stored", || stored(&desk).starts_with("Before it.\n\n[Picture: A lamp]"));
    window.close();

    let window = Window::open(&desk);
    window.tell("e2e-page-picture-again", |page| page.see("it is there again", shown));
    window.close();
    let out = |form: &str| {
        let out = desk
            .program(crate::window::beside("sotto"))
            .args(["export", "all", "--as", form, "--into"])
            .arg(desk.folder("out"))
            .output()
            .unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        std::fs::read(desk.folder("out").join(format!("Page.{form}"))).unwrap()
    };
    let html = String::from_utf8(out("html")).unwrap();
    assert!(html.contains("<img src=\"data:image/png;base64,") && html.contains("alt=\"A lamp\""), "{html}");
    let word = out("docx");
    let media = b"word/media/";
    assert!(word.windows(media.len()).any(|part| part == media), "the Word file has its picture");
}
