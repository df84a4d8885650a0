//! The help: pages of short paragraphs, each with its heading, as they are in `help/`. The same
//! text is shown as pages and is what the guide answers with.

/// A page.
#[derive(Debug, PartialEq, Eq)]
pub struct Page {
    /// Its title.
    pub title: &'static str,
    /// What stands on it, in order.
    pub paragraphs: Vec<Paragraph>,
}

/// What the help says about one thing.
#[derive(Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// What links call it; no other paragraph is called so.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// Ways in which people ask about it. They are not shown.
    pub asked: Vec<&'static str>,
    /// What it says, in Markdown.
    pub text: &'static str,
}

const PAGES: [&str; 12] = [
    include_str!("../help/01-start.md"),
    include_str!("../help/02-privacy.md"),
    include_str!("../help/03-guide.md"),
    include_str!("../help/04-models.md"),
    include_str!("../help/05-chats.md"),
    include_str!("../help/06-projects.md"),
    include_str!("../help/07-pages.md"),
    include_str!("../help/08-pictures.md"),
    include_str!("../help/09-find.md"),
    include_str!("../help/10-cloud.md"),
    include_str!("../help/11-window.md"),
    include_str!("../help/12-trouble.md"),
];

/// More ways in which people ask: a line each, the paragraph's name and what they say.
const ASKED: [&str; 2] = [include_str!("../help/asked.txt"), include_str!("../help/said.txt")];

/// What is said that is no question about Sotto, in the same form; it is not shown as help.
const TALK: &str = include_str!("../help/talk.md");

/// All pages of the help, in their order.
pub fn pages() -> Vec<Page> {
    PAGES.into_iter().map(page).collect()
}

pub(crate) fn talk() -> Page {
    page(TALK)
}

fn page(source: &'static str) -> Page {
    let (title, rest) = source.split_once("\n## ").unwrap_or((source, ""));
    let paragraphs = rest.split("\n## ").filter_map(paragraph).collect();
    Page { title: title.trim_start_matches('#').trim(), paragraphs }
}

fn paragraph(source: &'static str) -> Option<Paragraph> {
    let (title, rest) = source.split_once("\n<!-- ")?;
    let (id, rest) = rest.split_once('\n')?;
    let (asked, text) = rest.split_once("-->")?;
    let id = id.trim();
    let lines = ASKED.into_iter().flat_map(str::lines);
    let more = lines.filter_map(|line| line.split_once(": ")).filter(|(of, _)| *of == id);
    let asked = asked.split('\n').chain(more.map(|(_, ways)| ways)).flat_map(|ways| ways.split(';'));
    let asked = asked.map(str::trim).filter(|way| !way.is_empty()).collect();
    Some(Paragraph { id, title: title.trim(), asked, text: text.trim() })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_heading_has_a_paragraph_with_a_name_of_its_own() {
        let headings: usize = PAGES.iter().map(|page| page.matches("\n## ").count()).sum();
        let pages = pages();
        let ids: HashSet<&str> =
            pages.iter().flat_map(|page| &page.paragraphs).map(|paragraph| paragraph.id).collect();
        assert_eq!(ids.len(), headings, "one cannot be read, or has the name of another");
        for paragraph in pages.iter().flat_map(|page| &page.paragraphs) {
            assert!(paragraph.text.len() > 20 && paragraph.asked.len() >= 5, "{}", paragraph.id);
            assert!(paragraph.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
        }
    }

    /// A paragraph that names another in quotes names one that is there.
    #[test]
    fn what_the_help_points_to_is_there() {
        let pages = pages();
        let titles: HashSet<&str> =
            pages.iter().flat_map(|page| &page.paragraphs).map(|paragraph| paragraph.title).collect();
        for named in ["The folder that holds everything", "Getting a model", "Proxy, mirror and certificates"]
        {
            assert!(titles.contains(named), "{named}");
        }
    }
}
