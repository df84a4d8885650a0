//! What a project holds: its pages in the user's order, and a group of them as one scroll.

use serde_json::json;
use sotto_app::Document;
use sotto_domain::PageId;
use sotto_store::{Ordered, Store};

use crate::desk::Desk;
use crate::page::{ALT, CONTROL, DOWN, END, ENTER, PAGE_DOWN, UP};
use crate::window::{Window, until};

/// More than have room in the window and near it.
const PAGES: usize = 24;
/// Those that are open to be written in.
const WRITTEN: &str =
    "[...document.querySelectorAll('.group-page:has([role=textbox])')].map((one) => one.ariaLabel)";
const HERE: &str = "document.activeElement.closest('.group-page')?.ariaLabel";

fn library(desk: &Desk) -> Store {
    journeys::library(&desk.sotto_home())
}

/// A project with so many pages under one heading, each as long as a screen.
fn book(pages: usize) -> (Desk, Vec<PageId>) {
    let desk = Desk::set();
    desk.prefer(&json!({ "first_run": "done" }));
    let store = library(&desk);
    let project = Some(store.create_project("The Salt Road", 1).unwrap().id);
    let ids: Vec<_> = (1..=pages)
        .map(|nth| {
            let lines = (1..=20).map(|line| {
                let text = format!("Line {line} of page {nth}. The road was long and the salt was white.");
                json!({ "type": "paragraph", "content": [{ "type": "text", "text": text }] })
            });
            let document = json!({ "type": "doc", "content": lines.collect::<Vec<_>>() });
            let document = Document::parse(&document.to_string()).unwrap();
            store.create_page(project, &format!("Page {nth}"), &document, 1).unwrap().id
        })
        .collect();
    let order: Vec<_> = ids.iter().map(|id| Ordered::Page(*id, "Part I".into())).collect();
    store.arrange(project, &order).unwrap();
    (desk, ids)
}

#[test]
fn a_group_is_one_scroll_in_which_each_page_is_written_and_saved_by_itself() {
    let (desk, ids) = book(PAGES);
    let text = |nth: usize| library(&desk).open_page(ids[nth]).unwrap().1.text();
    let window = Window::open(&desk);
    window.tell("e2e-group", |page| {
        page.press("Page 2");
        page.see("the page alone", "document.activeElement?.role === 'textbox'");
        page.chord(&[CONTROL], "k");
        page.key("as one part");
        page.key(ENTER);
        page.see(
            "all of them",
            &format!("document.querySelectorAll('.group-page .page-text').length === {PAGES}"),
        );
        page.see("the caret where the user comes from", &format!("{HERE} === 'Page 2'"));
        page.see("editors near it", &format!("{WRITTEN}.includes('Page 1') && {WRITTEN}.includes('Page 3')"));
        assert!(page.ask(&format!("{WRITTEN}.length < 8")).as_bool().unwrap(), "and not far away");

        page.key("So. ");
        page.chord(&[CONTROL], END);
        page.key(DOWN);
        page.see("that the caret went on", &format!("{HERE} === 'Page 3'"));
        page.key("And. ");
        page.key(UP);
        page.see("that it went back", &format!("{HERE} === 'Page 2'"));
        page.key(DOWN);
        page.chord(&[CONTROL], "z");
        page.see(
            "that only that page is as before",
            "document.querySelector('[aria-label=\"Page 3\"] .page-text').innerText.startsWith('Line 1')
               && document.querySelector('[aria-label=\"Page 2\"] .page-text').innerText.startsWith('So.')",
        );

        for _ in 0..3 {
            page.key(PAGE_DOWN);
        }
        page.see("a page further on", &format!("/Page [4-6]/.test({HERE})"));

        page.chord(&[CONTROL], "f");
        page.write("Find in these pages", "Line 20 of page 24");
        page.see("one place", "document.querySelector('.find-bar [role=status]').textContent === '1 found'");
        page.key(ENTER);
        page.see(
            "that it is looked at",
            "document.querySelector('.find-bar [role=status]').textContent === '1 of 1'",
        );
        page.see("its page", &format!("{WRITTEN}.includes('Page 24') && !{WRITTEN}.includes('Page 2')"));
        page.see("it, in view", IN_VIEW);
        page.press("Close the search");
        page.key("End. ");
    });
    until("both are on the disk", || {
        text(1).starts_with("So. Line 1")
            && text(2).starts_with("Line 1")
            && text(PAGES - 1).contains("End. ")
    });
    window.close();

    let window = Window::open(&desk);
    window.tell("e2e-group-again", |page| {
        page.see("the same, after a restart", &format!("{HERE} === 'Page 24' && {IN_VIEW_PAGE}"));
    });
    window.close();
}

const IN_VIEW: &str = "((mark, page) => mark.top > page.top && mark.bottom < page.bottom)(
    document.querySelector('.found-here').getBoundingClientRect(),
    document.querySelector('.group').getBoundingClientRect())";
const IN_VIEW_PAGE: &str = "((one, page) => one.top < page.bottom && one.bottom > page.top)(
    document.querySelector('[aria-label=\"Page 24\"]').getBoundingClientRect(),
    document.querySelector('.group').getBoundingClientRect())";

#[test]
fn pages_are_put_in_order_by_keys() {
    let (desk, ids) = book(3);
    let window = Window::open(&desk);
    window.tell("e2e-order", |page| {
        let last = format!("document.querySelector('[data-row=\"page {}\"]')", ids[2].0);
        page.press("Page 3");
        page.see("the page", "document.activeElement?.role === 'textbox'");
        page.ask(&format!("{last}.focus()"));
        page.chord(&[ALT], UP);
        let titles = "[...document.querySelectorAll('.page-row')].map((one) => one.textContent).join()";
        page.see("the last one before its neighbour", &format!("{titles} === 'Page 1,Page 3,Page 2'"));
        page.see("the focus on it still", &format!("document.activeElement === {last}"));
        page.chord(&[ALT], UP);
        page.chord(&[ALT], DOWN);
        page.see("there again", &format!("{titles} === 'Page 1,Page 3,Page 2'"));
    });
    let titles = || library(&desk).pages().unwrap().into_iter().map(|page| page.title).collect::<Vec<_>>();
    until("the order is kept", || titles() == ["Page 1", "Page 3", "Page 2"]);
    window.close();
}
