//! What the app uses while nobody does anything.

use std::thread::sleep;
use std::time::Duration;

use crate::Libraries;
use crate::desk::Desk;
use crate::figures::Table;
use crate::library;
use crate::processes::family;
use crate::start::settle;
use crate::window::Window;

/// Until everything has come to rest.
const SETTLING: Duration = Duration::from_secs(10);
const WATCHED: Duration = Duration::from_secs(20);

pub fn measure(_: &Libraries, table: &mut Table) {
    let desk = library::desk();
    let window = Window::open(&desk);
    settle(&window.page);
    // A caret that blinks is drawn twice a second, by a processor where there is no graphics card.
    watched(&window, "the caret in the composer", table);
    window.page.ask("document.activeElement.blur()");
    watched(&window, "no caret", table);
    window.close();
    drop(desk);

    let desk = Desk::set();
    let window = Window::open(&desk);
    window.page.press("Later");
    window.page.write("Message", "Where do my words go?");
    window.page.press("Send");
    window.page.see("the whole answer", "document.querySelector('article[data-state=complete]')");
    window.page.ask("document.activeElement.blur()");
    watched(&window, "no caret, the Guide loaded", table);
    window.close();
}

fn watched(window: &Window, what: &str, table: &mut Table) {
    sleep(SETTLING);
    let family = family(&window.app.process);
    let before: Vec<_> = family.iter().map(super::processes::Process::computed).collect();
    sleep(WATCHED);
    for (process, before) in family.iter().zip(before) {
        let share = (process.computed() - before) / WATCHED.as_secs_f64() * 100.0;
        #[allow(clippy::cast_precision_loss)] // megabytes
        let memory = process.memory() as f64 / 1e6;
        let goal = if process.name == "sotto-engine" { "" } else { "0.0 %" };
        table.line(
            format!("idle, {what}: {}", process.name),
            format!("{share:.2} % of a core, {memory:.0} MB"),
            goal,
        );
    }
}
