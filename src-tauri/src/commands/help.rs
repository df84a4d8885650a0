//! The help: its pages, and what in them is looked for.

use sotto_app::help_pages;

use crate::views::{HelpPage, HelpParagraph};

/// All pages, in their order.
#[tauri::command(async)]
#[specta::specta]
pub fn help() -> Vec<HelpPage> {
    let paragraphs = |page: sotto_app::HelpPage| {
        let shown = page.paragraphs.into_iter().map(|paragraph| HelpParagraph {
            id: paragraph.id.into(),
            title: paragraph.title.into(),
            text: paragraph.text.into(),
        });
        shown.collect()
    };
    let pages = help_pages().into_iter();
    pages.map(|page| HelpPage { title: page.title.into(), paragraphs: paragraphs(page) }).collect()
}

/// The paragraphs that may be meant, the likeliest first.
#[tauri::command(async)]
#[specta::specta]
pub fn search_help(wanted: String) -> Vec<String> {
    sotto_app::search_help(&wanted).into_iter().map(str::to_owned).collect()
}
