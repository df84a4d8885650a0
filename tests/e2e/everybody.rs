//! Every view can be used by everybody: axe-core finds nothing in either theme, and nothing is cut
//! off; in a window as it opens, and in the narrowest that there is.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::full::{self, CONVERSATION, PAGE, PROJECT};
use crate::page::{CONTROL, DOWN, ENTER, ESCAPE, F1, F9, Page, SHIFT};
use crate::window::Window;

#[test]
fn every_view_can_be_used_by_everybody() {
    look_through("e2e-everybody", 1180, 800);
}

#[test]
fn every_view_can_be_used_in_the_narrowest_window() {
    look_through("e2e-everybody-narrow", 420, 800);
}

fn look_through(part: &str, width: u32, height: u32) {
    let frame = json!({ "x": 0, "y": 0, "width": width, "height": height });
    let desk = full::desk(&json!({ "frame": frame }));
    let window = Window::with_tiny_model(&desk);
    window.tell(part, |page| {
        page.see("the window", "document.querySelector('[data-writes]')");
        page.see("how large it is", &format!("Math.abs(window.innerWidth - {width}) < 4"));
        page.0.execute(&axe()).unwrap();
        page.0.execute(CALM).unwrap();
        let mut judge = Judge { page, faults: Vec::new() };
        conversations(&mut judge);
        pages(&mut judge);
        dialogs(&mut judge);
        settings(&mut judge);
        assert!(judge.faults.is_empty(), "{}", judge.faults.join("\n"));
    });
    window.close();
}

fn conversations(judge: &mut Judge) {
    let page = judge.page;
    page.chord(&[CONTROL], "n");
    judge.view("an empty conversation", "document.querySelector('.start .points')");
    go(page, CONVERSATION);
    judge.view("a conversation", "document.querySelectorAll('.talk article').length === 4");
    page.press("This conversation");
    judge.view("a menu", "document.querySelector('[role=menu]')?.style.visibility !== 'hidden'");
    page.key(ESCAPE);
    page.key(F9);
    judge.view("what the model is told", "document.querySelector('.context .given')");
    page.key(F9);
    page.chord(&[CONTROL, SHIFT], "e");
    judge.dialog("how a conversation is exported");
    go(page, "Who answers");
    page.see("the choice", "document.querySelector('.choosing')");
    judge.dialog("who answers");
}

fn pages(judge: &mut Judge) {
    let page = judge.page;
    go(page, PAGE);
    judge.view("a page", "document.querySelector('.page-text blockquote')");
    page.chord(&[CONTROL], "f");
    judge.view("a search in a page", "document.querySelector('.find-line')");
    page.key(ESCAPE);
    for item in ["About this page…", "Versions…", "Where the words came from", "Writing view…"] {
        page.press("This page");
        page.press_item(item);
        judge.dialog(item);
    }
    go(page, PROJECT);
    judge.view("a project", "document.getElementById('project-notes')");
    go(page, "Trash");
    judge.view("the trash", "document.querySelector('main').textContent.includes('An old idea')");
}

fn dialogs(judge: &mut Judge) {
    let page = judge.page;
    page.chord(&[CONTROL], "k");
    judge.dialog("the palette");
    page.chord(&[CONTROL, SHIFT], "f");
    page.see("the search", "document.querySelector('dialog[open] [role=combobox]')");
    page.key("lamp");
    page.see("what was found", "document.querySelector('dialog[open] mark')");
    judge.dialog("the search");
    page.key(F1);
    page.see("the help", "document.querySelector('.help-page h4')");
    judge.dialog("the help");
    page.chord(&[CONTROL], "/");
    judge.dialog("the list of keys");
    page.chord(&[CONTROL, SHIFT], "n");
    judge.dialog("a new project");
}

fn settings(judge: &mut Judge) {
    let page = judge.page;
    page.chord(&[CONTROL], ",");
    page.see("the settings", "document.querySelector('.settings [role=tab]')");
    let names =
        page.ask("[...document.querySelectorAll('.settings [role=tab]')].map((tab) => tab.textContent)");
    let names: Vec<String> = serde_json::from_value(names).unwrap();
    assert!(names.len() > 8, "{names:?}");
    for name in &names {
        let shown =
            format!("document.querySelector('.settings [aria-selected=true]')?.textContent === '{name}'");
        judge.view(&format!("the settings of {name}"), &shown);
        page.key(DOWN);
        page.key(ENTER);
    }
    page.key(ESCAPE);
    page.see("that they are closed", CLOSED);
}

const CLOSED: &str = "!document.querySelector('dialog[open]')";

/// Goes somewhere, or does something, by its name.
fn go(page: &Page, name: &str) {
    page.chord(&[CONTROL], "k");
    page.see("the palette", "document.activeElement?.getAttribute('role') === 'combobox'");
    page.key(name);
    page.see(name, "document.querySelectorAll('dialog[open] [role=option]').length > 0");
    page.key(ENTER);
    page.see("that the palette is closed", "!document.querySelector('.picker')");
}

struct Judge<'a> {
    page: &'a Page,
    faults: Vec<String>,
}

impl Judge<'_> {
    /// Waits for what is to be looked at, and looks.
    fn view(&mut self, what: &str, shown: &str) {
        let busy =
            "[...document.querySelectorAll('[aria-busy=true]')].some((part) => part.checkVisibility())";
        self.page.see(what, &format!("({shown}) && !{busy}"));
        let found = self.page.0.execute_async(FAULTS).unwrap_or_else(|error| panic!("{what}: {error}"));
        let found: Vec<String> = serde_json::from_value(found).unwrap();
        self.faults.extend(found.into_iter().map(|fault| format!("{what}: {fault}")));
    }

    /// The same of a dialog, which is closed again.
    fn dialog(&mut self, what: &str) {
        self.view(what, "document.querySelector('dialog[open]')");
        self.page.key(ESCAPE);
        self.page.see("that it is closed", CLOSED);
    }
}

/// The package that the window's own tests use.
fn axe() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/node_modules/axe-core/axe.min.js");
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}: cargo xtask setup", file.display()))
}

/// A colour on its way from one to another is neither.
const CALM: &str = "
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('*, *::before, *::after { transition: none !important; animation: none !important; }');
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];";

/// What axe says of what is on show in both themes, what can be scrolled sideways, what stands
/// outside of the window, and which words of a table are broken.
const FAULTS: &str = r"
    const done = arguments[arguments.length - 1];
    const page = document.documentElement;
    const judged = async (theme, more) => {
        page.dataset.theme = theme;
        const { violations } = await axe.run(document, { resultTypes: ['violations'], ...more });
        return violations.flatMap(({ id, nodes }) =>
            nodes.map(({ html, any }) => `${theme}, ${id}: ${html.slice(0, 240)} ${any[0]?.message ?? ''}`));
    };
    const named = (element) => element.cloneNode(false).outerHTML.slice(0, 160);
    const scrolls = (element) => /auto|scroll/.test(getComputedStyle(element).overflowX);
    const wide = () => [...document.querySelectorAll('body *')]
        .filter((element) => scrolls(element) && element.scrollWidth > element.clientWidth + 1)
        .filter((element) => !element.matches('pre, .grid, .tabs, textarea'))
        .map((element) => `scrolls sideways: ${named(element)}`);
    const beside = (element) => {
        const { left, right, width } = element.getBoundingClientRect();
        return width > 0 && (left < -1 || right > innerWidth + 1);
    };
    const outside = () => [...document.querySelectorAll('button, input, textarea, select, h1, h2')]
        .filter((element) => element.checkVisibility?.() !== false && beside(element))
        .filter((element) => !element.closest('.said, .tabs, .grid'))
        .map((element) => `stands outside: ${named(element)}`);
    const split = (cell) => [...cell.childNodes].filter(({ nodeType }) => nodeType === 3).flatMap((text) =>
        [...text.data.matchAll(/\S+/g)].filter(({ 0: word, index }) => {
            const range = document.createRange();
            range.setStart(text, index);
            range.setEnd(text, index + word.length);
            return new Set([...range.getClientRects()].map(({ top }) => top)).size > 1;
        })).map(([word]) => `a word is broken: ${word}`);
    const broken = () => [...document.querySelectorAll('.stacking td:last-child')].flatMap(split);
    const composer = document.querySelector('.composer')?.getBoundingClientRect();
    const below = composer && composer.bottom > innerHeight + 1 ? [`the composer ends at ${composer.bottom}`] : [];
    (async () => [
        ...(await judged('light', {})),
        ...(await judged('dark', { runOnly: ['color-contrast'] })),
        ...wide(),
        ...outside(),
        ...broken(),
        ...below,
    ])().then(done, (error) => done([String(error)]));";
