//! Search over a million messages: in the library itself, and from a key in the window to
//! what was found.

use std::time::Instant;

use sotto_store::Store;

use crate::Libraries;
use crate::figures::{Samples, Table};
use crate::library;
use crate::start::{settle, wait};
use crate::window::Window;
use crate::words::{Chance, word};

/// As many as the window asks for.
const HITS: usize = 60;
const QUERIES: usize = 200;
const IN_THE_WINDOW: usize = 30;

pub fn measure(libraries: &Libraries, table: &mut Table) {
    let path = library::large(libraries);
    let queries = queries();
    let store = Store::open(&path, &journeys::library_key(&libraries.folder)).unwrap();
    let millis = |query: &String| {
        let began = Instant::now();
        let hits = store.search(query, HITS).unwrap();
        (began.elapsed().as_secs_f64() * 1000.0, hits.len())
    };
    // What any search needs is in memory then; what this one needs may not be.
    millis(&word(77));
    let mut each: Vec<_> = queries.iter().map(|query| (millis(query), query)).collect();
    each.sort_by(|((a, _), _), ((b, _), _)| b.total_cmp(a));
    for ((took, hits), query) in each.iter().take(5) {
        eprintln!("  among the slowest: {took:.1} ms, {hits} hits: {query}");
    }
    let took = Samples::of(each.iter().map(|((took, _), _)| *took));
    let figures = format!(
        "p50 {:.1} ms, p95 {:.1} ms (worst of {}: {:.0} ms)",
        took.median(),
        took.percentile(95),
        took.count(),
        took.worst()
    );
    table.line("search over a million messages", figures, "p95 50 ms");
    drop(store);
    in_the_window(libraries, &queries, table);
}

/// Words from the most common to those that nobody used, whole and begun, alone and together.
fn queries() -> Vec<String> {
    let mut chance = Chance::new(3);
    (0..QUERIES)
        .map(|nth| {
            // As common as rare: their ranks are spread evenly over all magnitudes.
            let (one, two, three) = (chance.word(), chance.word(), chance.word());
            let begun = |word: &str| word.chars().take(1 + nth / 8 % 4).collect::<String>();
            match nth % 8 {
                0 => one,
                1 => word(chance.below(20)),
                2 => word(100_000 + chance.below(100_000)),
                3 => begun(&one),
                4 => format!("{one} {two}"),
                5 => format!("{one} {}", begun(&two)),
                6 => format!("{} {} {one}", word(chance.below(10)), word(chance.below(10))),
                _ => format!("{one} {two} {three} nowhere"),
            }
        })
        .collect()
}

fn in_the_window(libraries: &Libraries, queries: &[String], table: &mut Table) {
    let desk = library::large_desk(libraries);
    let window = Window::open(&desk);
    settle(&window.page);
    window.page.press("Search");
    let took = Samples::of(queries.iter().take(IN_THE_WINDOW).map(|query| {
        // Emptied first, so that what is found for the next one is not on show already.
        window.page.ask(&format!("({TYPE})('')"));
        wait(&window.page, "!document.querySelector('[role=dialog] [role=option], dialog [role=option]')");
        let script = format!(
            "const done = arguments[arguments.length - 1];
             const began = performance.now();
             const shown = () => document.querySelector('dialog [role=option], [role=dialog] [role=option]')
                 || document.body.textContent.includes('Nothing found with these words');
             const look = () => shown() ? requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began))) : setTimeout(look, 1);
             ({TYPE})('{query}');
             look();"
        );
        window.page.0.execute_async(&script).unwrap().as_f64().unwrap()
    }));
    window.close();
    let figures = format!(
        "p50 {:.0} ms, p95 {:.0} ms (worst of {}: {:.0} ms)",
        took.median(),
        took.percentile(95),
        took.count(),
        took.worst()
    );
    table.line("from a key in the window to what was found, painted", figures, "");
}

/// Writes into the field of the search as a key does, in one go.
const TYPE: &str = "(text) => {
    const field = document.querySelector('input[aria-label=\"Search everything\"]');
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, text);
    field.dispatchEvent(new Event('input', { bubbles: true }));
}";
