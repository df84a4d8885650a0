//! From the start of the process to the moment when the user can write.

use std::fs;
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use crate::Libraries;
use crate::desk::Desk;
use crate::figures::{Samples, Table};
use crate::library;
use crate::page::Page;
use crate::window::Window;

const ROUNDS: usize = 5;

/// The window marks that moment itself (ui/src/features/chat/Composer.tsx).
const USABLE: &str = "performance.getEntriesByName('usable')";

pub fn measure(libraries: &Libraries, table: &mut Table) {
    let desk = library::desk();
    started(&desk);
    line(table, "start to usable, warm", (0..ROUNDS).map(|_| started(&desk)), "1 s");
    if forget_files().is_ok() {
        let cold = (0..ROUNDS).map(|_| {
            forget_files().unwrap();
            started(&desk)
        });
        line(table, "start to usable, nothing of it in memory", cold, "2 s");
    } else {
        table.line("start to usable, nothing of it in memory", "only root can measure it", "2 s");
    }
    drop(desk);

    let desk = library::large_desk(libraries);
    started(&desk);
    let what = format!("the same with {} conversations, warm", library::CONVERSATIONS);
    line(table, &what, (0..ROUNDS).map(|_| started(&desk)), "1 s");
}

fn line(table: &mut Table, what: &str, rounds: impl Iterator<Item = (f64, f64)>, goal: &str) {
    let (until_page, until_usable): (Vec<_>, Vec<_>) = rounds.unzip();
    let (page, usable) = (Samples::of(until_page), Samples::of(until_usable));
    let (median, worst) = (usable.median(), usable.worst());
    let figures = format!(
        "{median:.2} s (worst of {ROUNDS}: {worst:.2} s); {:.2} s until the page begins",
        page.median()
    );
    table.line(what, figures, goal);
}

/// Starts the app, waits until the user could write, and closes it: how many seconds it took until
/// the page began, and until then.
fn started(desk: &Desk) -> (f64, f64) {
    let window = Window::open(desk);
    wait(&window.page, &format!("{USABLE}.length > 0"));
    let page = window.page.ask("performance.timeOrigin").as_f64().unwrap();
    let usable = window.page.ask(&format!("{USABLE}[0].startTime")).as_f64().unwrap();
    let until_page = page - window.app.began;
    window.close();
    (until_page / 1000.0, (until_page + usable) / 1000.0)
}

/// Waits until the user could write, and what else begins with the window has come to rest.
pub fn settle(page: &Page) {
    wait(page, &format!("{USABLE}.length > 0"));
    sleep(Duration::from_secs(3));
}

/// Waits for what changes nothing in the page.
pub fn wait(page: &Page, condition: &str) {
    let script = format!(
        "const done = arguments[arguments.length - 1];
         const look = () => ({condition}) ? done(true) : setTimeout(look, 5);
         look();"
    );
    page.0.execute_async(&script).unwrap_or_else(|error| panic!("{condition}: never so ({error})"));
}

/// Has the kernel forget what it holds of files: only root may.
fn forget_files() -> std::io::Result<()> {
    Command::new("sync").status()?;
    fs::write("/proc/sys/vm/drop_caches", "3")
}
