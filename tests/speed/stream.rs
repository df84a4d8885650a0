//! Two hundred tokens a second into an answer that has fifty thousand words already.

use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::Libraries;
use crate::account::{SERVER, desk_for, send_there, set_up};
use crate::figures::{Samples, Table};
use crate::page::Page;
use crate::processes::family;
use crate::start::wait;
use crate::window::Window;
use crate::words::Chance;
use sotto_stage::provider::{Provider, Say};

const WORDS_BEFORE: u32 = 50_000;
const TOKENS_PER_SECOND: u32 = 200;
const WATCHED: Duration = Duration::from_secs(10);
/// As long as it may take until it is watched, and then some.
const TOKENS: u32 = TOKENS_PER_SECOND * 120;

pub fn measure(_: &Libraries, table: &mut Table) {
    let server = Provider::answering(answer);
    let desk = desk_for(&server);

    let window = Window::open(&desk);
    let page = &window.page;
    set_up(page, &server);
    page.press("New conversation");
    let least = gaps(page, LEAST);
    table.line("the same window, where one word changes with each frame and nothing else", rate(&least), "");
    send_there(page);
    page.write("Message", "A long story");
    page.press("Send");
    page.press(&format!("Send to {SERVER}"));
    wait(page, &format!("{WORDS} > {WORDS_BEFORE}"));
    sleep(Duration::from_secs(2));

    let family = family(&window.app.process);
    let web = family.iter().find(|process| process.name.starts_with("WebKitWebPro")).unwrap();
    let shell = &family[0];
    let before = (web.first_thread_computed(), web.computed(), shell.computed());
    let words = page.ask(WORDS).as_f64().unwrap();
    let began = Instant::now();
    let gaps = gaps(page, "");
    let took = began.elapsed().as_secs_f64();
    let after = (web.first_thread_computed(), web.computed(), shell.computed());
    let written = page.ask(WORDS).as_f64().unwrap() - words;
    page.press("Stop");
    window.close();

    let frames = f64::from(u32::try_from(gaps.count()).unwrap());
    let what = format!("{:.0} words/s into an answer of {words:.0} words", written / took);
    table.line(what, rate(&gaps), "60 frames/s");
    let share = |after: f64, before: f64| (after - before) / took;
    let main = share(after.0, before.0);
    table.line(
        "meanwhile, the page's thread",
        format!("{:.1} ms a frame, {:.0} % of a core", main * took * 1000.0 / frames, main * 100.0),
        "",
    );
    table.line(
        "meanwhile, all of the web view; the shell",
        format!(
            "{:.0} %; {:.0} % of a core",
            share(after.1, before.1) * 100.0,
            share(after.2, before.2) * 100.0
        ),
        "",
    );
}

/// How many words the answer has on show.
const WORDS: &str =
    "(document.querySelector('article[data-state=streaming] .prose')?.textContent.split(' ').length ?? 0)";

/// The least that a frame with new words can be: what it takes here to draw one of them.
const LEAST: &str = "
    const word = document.querySelector('.chat').appendChild(document.createElement('p'));
    each = (nth) => { word.textContent = nth };
    last = () => word.remove();";

/// How many milliseconds lie between one frame and the next, while something happens in each.
fn gaps(page: &Page, something: &str) -> Samples {
    let script = format!(
        "const done = arguments[arguments.length - 1];
         let [each, last] = [() => {{}}, () => {{}}];
         {something}
         const at = [];
         const frame = (now) => {{
             each(at.push(now));
             if (now - at[0] < {}) return requestAnimationFrame(frame);
             last();
             done(at);
         }};
         requestAnimationFrame(frame);",
        WATCHED.as_millis()
    );
    let at = page.0.execute_async(&script).unwrap();
    let at: Vec<f64> = at.as_array().unwrap().iter().map(|at| at.as_f64().unwrap()).collect();
    Samples::of(at.windows(2).map(|pair| pair[1] - pair[0]))
}

fn rate(gaps: &Samples) -> String {
    format!(
        "{:.1} frames/s; between frames: median {:.1} ms, p95 {:.1} ms, worst {:.0} ms, {:.1} % over 20 ms",
        1000.0 / gaps.mean(),
        gaps.median(),
        gaps.percentile(95),
        gaps.worst(),
        gaps.share_above(20.0)
    )
}

/// Fifty thousand words at once, then a word for each token, on time.
fn answer(say: Say<'_>) -> std::io::Result<()> {
    let mut chance = Chance::new(4);
    let mut words = 0;
    while words < WORDS_BEFORE {
        let paragraph = 40 + chance.below(80);
        words += paragraph;
        say(&format!("{}\n\n", chance.text(paragraph)))?;
        if words % 7 == 0 {
            say(&format!("## {}\n\n", chance.text(4)))?;
        }
    }
    let began = Instant::now();
    for token in 1..=TOKENS {
        let end = if token % 90 == 0 { ".\n\n" } else { " " };
        let word = chance.word();
        // Now and then one that is emphasised.
        say(&if token % 25 == 0 { format!("*{word}*{end}") } else { format!("{word}{end}") })?;
        let due = Duration::from_secs(1) / TOKENS_PER_SECOND * token;
        sleep(due.saturating_sub(began.elapsed()));
    }
    Ok(())
}
