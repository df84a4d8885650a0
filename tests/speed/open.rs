//! From the user's click on a conversation of ten thousand messages to the picture of its end.

use crate::Libraries;
use crate::figures::{Samples, Table};
use crate::library::{self, LONG, LONG_MESSAGES, PARAGRAPH, SHORT};
use crate::page::Page;
use crate::start::settle;
use crate::window::Window;

const ROUNDS: usize = 10;

pub fn measure(_: &Libraries, table: &mut Table) {
    let desk = library::desk();
    let window = Window::open(&desk);
    settle(&window.page);
    let mut long = Vec::new();
    let mut short = Vec::new();
    let mut paragraph = Vec::new();
    for _ in 0..ROUNDS {
        long.push(opened(&window.page, LONG));
        short.push(opened(&window.page, SHORT));
        paragraph.push(opened(&window.page, PARAGRAPH));
    }
    window.close();
    for (what, took, goal) in [
        (format!("a conversation of {LONG_MESSAGES} messages, from click to picture"), long, "200 ms"),
        ("one of 20 messages".to_owned(), short, ""),
        ("one with 400 KB in one paragraph".to_owned(), paragraph, "500 ms"),
    ] {
        let took = Samples::of(took);
        let figures = format!("{:.0} ms (worst of {ROUNDS}: {:.0} ms)", took.median(), took.worst());
        table.line(what, figures, goal);
    }
}

/// Opens it, and waits until its messages stand in the page and two frames were painted
/// since anything changed: how many milliseconds that took.
fn opened(page: &Page, title: &str) -> f64 {
    let script = format!(
        "const done = arguments[arguments.length - 1];
         const row = [...document.querySelectorAll('[data-row]')].find((row) => row.innerText.trim() === '{title}');
         const open = () => document.querySelector('main h1')?.textContent.trim() === '{title}' && document.querySelector('.talk article');
         const before = document.querySelector('.talk article');
         const began = performance.now();
         let changed = began;
         let frames = 0;
         const watch = new MutationObserver(() => {{ changed = performance.now(); frames = 0; }});
         watch.observe(document, {{ subtree: true, childList: true, characterData: true }});
         const frame = () => {{
             if (open() && open() !== before && ++frames > 2) {{ watch.disconnect(); return done(performance.now() - began); }}
             requestAnimationFrame(frame);
         }};
         row.click();
         requestAnimationFrame(frame);"
    );
    page.0.execute_async(&script).unwrap().as_f64().unwrap()
}
