//! Pages: from the user's click on one of fifty thousand words to its picture, and from each key
//! that they press in it to the picture with that letter.

use sotto_app::Document;

use crate::Libraries;
use crate::figures::{Samples, Table};
use crate::library;
use crate::page::Page;
use crate::start::settle;
use crate::window::Window;
use crate::words::Chance;

const ROUNDS: usize = 5;
const KEYS: usize = 150;
const WORDS: u32 = 50_000;

const SHORT: &str = "A short page";
const LONG: &str = "A long page";

pub fn measure(_: &Libraries, table: &mut Table) {
    let desk = library::desk();
    let store = journeys::library(&desk.sotto_home());
    let mut chance = Chance::new(5);
    for (title, words) in [(SHORT, 100), (LONG, WORDS)] {
        store.create_page(None, title, &document(&mut chance, words), 1).unwrap();
    }
    drop(store);
    let window = Window::open(&desk);
    let page = &window.page;
    settle(page);
    let mut opening = Vec::new();
    for _ in 0..ROUNDS {
        opened(page, SHORT);
        opening.push(opened(page, LONG));
    }
    let opening = Samples::of(opening);
    let figures = format!("{:.0} ms (worst of {ROUNDS}: {:.0} ms)", opening.median(), opening.worst());
    table.line(format!("a page of {WORDS} words, from click to picture"), figures, "200 ms");
    for (title, place) in [(SHORT, "end"), (LONG, "end"), (LONG, "start"), (LONG, "middle")] {
        opened(page, title);
        let took = typed(page, place);
        let figures = format!(
            "median {:.1} ms, p95 {:.1} ms, worst {:.0} ms",
            took.median(),
            took.percentile(95),
            took.worst()
        );
        table.line(format!("a key at the {place} of “{title}”, until it is painted"), figures, "p95 16 ms");
    }
    window.close();
}

fn document(chance: &mut Chance, words: u32) -> Document {
    let mut blocks = Vec::new();
    let mut written = 0;
    while written < words {
        let many = (20 + chance.below(80)).min(words - written);
        written += many;
        let text = chance.text(many);
        blocks
            .push(serde_json::json!({ "type": "paragraph", "content": [{ "type": "text", "text": text }] }));
    }
    Document::parse(&serde_json::json!({ "type": "doc", "content": blocks }).to_string()).unwrap()
}

/// How many milliseconds it takes until its text was painted, where it was not on show.
fn opened(page: &Page, title: &str) -> f64 {
    let script = format!(
        "const done = arguments[arguments.length - 1];
         const row = [...document.querySelectorAll('[data-row]')].find((row) => row.innerText.includes('{title}'));
         const before = document.querySelector('.page-text');
         const shown = () => {{
             const text = document.querySelector('.page-text');
             return text !== before && text?.querySelector('p') && document.querySelector('main h1')?.textContent.trim() === '{title}';
         }};
         const began = performance.now();
         const look = () => {{
             if (!shown()) return setTimeout(look, 1);
             requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
         }};
         row.click();
         look();"
    );
    page.0.execute_async(&script).unwrap().as_f64().unwrap()
}

/// Types real keys at this place, and asks for each how long it took until the frame with it was
/// painted: a task behind the frame's own comes right after that.
fn typed(page: &Page, place: &str) -> Samples {
    let script = format!(
        "const text = document.querySelector('.page-text [role=textbox]');
         const blocks = text.children;
         const at = {{ start: 0, middle: blocks.length >> 1, end: blocks.length - 1 }}['{place}'];
         const block = blocks[at];
         text.focus();
         getSelection().collapse(block.firstChild, block.firstChild.length);
         block.scrollIntoView({{ block: 'center' }});
         window.keysTook = [];
         if (!window.keysHeard) document.addEventListener('keydown', (event) => {{
             const came = event.timeStamp;
             requestAnimationFrame(() => setTimeout(() => window.keysTook.push(performance.now() - came)));
         }}, true);
         window.keysHeard = true;"
    );
    page.0.execute(&script).unwrap();
    for nth in 0..KEYS {
        page.key(if nth % 6 == 5 { " " } else { "e" });
    }
    crate::start::wait(page, &format!("window.keysTook.length === {KEYS}"));
    let took = page.ask("window.keysTook");
    Samples::of(took.as_array().unwrap().iter().map(|took| took.as_f64().unwrap()))
}
