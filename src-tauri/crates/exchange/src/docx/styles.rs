//! What a Word file says of its styles and lists, as far as it means something for a text.

use std::collections::HashMap;

use crate::xml::{Pieces, Xml};

/// What a style means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Title,
    Heading(u8),
    Quote,
    Code,
    /// Stands below a picture.
    Caption,
    /// Goes on with an item of a list, at this level.
    Continues(usize),
    Em,
    Strong,
    CodeWords,
}

/// The meanings of a file's styles, by their numbers.
#[derive(Default)]
pub(super) struct Styles(HashMap<String, (Option<Meaning>, String)>);

impl Styles {
    pub fn read(xml: &str) -> Self {
        let mut styles = HashMap::new();
        let (mut id, mut meaning, mut parent) = (String::new(), None, String::new());
        for piece in Pieces::new(xml) {
            match piece {
                Xml::Start(name, attributes) => {
                    let value = attributes.get("val").unwrap_or_default();
                    match name.as_str() {
                        "style" => {
                            attributes.get("styleId").unwrap_or_default().clone_into(&mut id);
                            (meaning, parent) = (None, String::new());
                        }
                        // What a style is called is the same in every language.
                        "name" => meaning = by_name(value),
                        "basedOn" => value.clone_into(&mut parent),
                        "outlineLvl" if meaning.is_none() => meaning = outline(value),
                        _ => {}
                    }
                }
                Xml::End(name) if name == "style" => {
                    styles.insert(std::mem::take(&mut id), (meaning, std::mem::take(&mut parent)));
                }
                _ => {}
            }
        }
        Self(styles)
    }

    /// What a style means, or the one that it is based on.
    pub fn meaning(&self, id: &str) -> Option<Meaning> {
        let mut id = id;
        // Those that are based on each other in a circle come to an end.
        for _ in 0..10 {
            let (meaning, parent) = self.0.get(id)?;
            if meaning.is_some() {
                return *meaning;
            }
            id = parent;
        }
        None
    }
}

fn by_name(name: &str) -> Option<Meaning> {
    let name = name.to_lowercase();
    if let Some(level) = name.strip_prefix("heading ") {
        return level.trim().parse().ok().map(Meaning::Heading);
    }
    if let Some(level) = name.strip_prefix("list continue") {
        return Some(Meaning::Continues(level.trim().parse::<usize>().unwrap_or(1).saturating_sub(1)));
    }
    Some(match name.as_str() {
        "title" => Meaning::Title,
        "quote" | "intense quote" | "block text" | "quotations" => Meaning::Quote,
        "html preformatted" | "code block" | "preformatted text" | "macro text" => Meaning::Code,
        "caption" => Meaning::Caption,
        "emphasis" | "intense emphasis" | "subtle emphasis" => Meaning::Em,
        "strong" | "strong emphasis" => Meaning::Strong,
        "html code" | "source text" => Meaning::CodeWords,
        _ => return None,
    })
}

/// Of a paragraph that says where it stands in the outline; 9 is body text.
pub(super) fn outline(value: &str) -> Option<Meaning> {
    value.parse::<u8>().ok().filter(|level| *level < 9).map(|level| Meaning::Heading(level + 1))
}

/// How the lists of a file count.
#[derive(Default)]
pub(super) struct Lists {
    /// By the list's number and its level: where it begins to count; none: bullets.
    levels: HashMap<(String, usize), Option<u32>>,
}

impl Lists {
    pub fn read(xml: &str) -> Self {
        let mut kinds: HashMap<(String, usize), Option<u32>> = HashMap::new();
        let mut lists = Self::default();
        let (mut of, mut list, mut level) = (String::new(), None::<String>, 0);
        let (mut bullets, mut start) = (false, 1);
        for piece in Pieces::new(xml) {
            match piece {
                Xml::Start(name, attributes) => {
                    let value = attributes.get("val").unwrap_or_default();
                    let number = |name: &str| {
                        attributes.get(name).and_then(|level| level.parse::<usize>().ok()).unwrap_or_default()
                    };
                    match name.as_str() {
                        "abstractNum" => {
                            attributes.get("abstractNumId").unwrap_or_default().clone_into(&mut of);
                        }
                        "num" => list = Some(attributes.get("numId").unwrap_or_default().to_owned()),
                        "lvl" | "lvlOverride" => {
                            level = number("ilvl");
                            (bullets, start) = (false, 1);
                        }
                        "numFmt" => bullets = matches!(value, "bullet" | "none"),
                        "start" => start = value.parse().unwrap_or(1),
                        "startOverride" => {
                            if let (Some(list), Ok(start)) = (&list, value.parse()) {
                                lists.levels.insert((list.clone(), level), Some(start));
                            }
                        }
                        "abstractNumId" => {
                            if let Some(list) = &list {
                                for level in 0..9 {
                                    if let Some(kind) = kinds.get(&(value.to_owned(), level)) {
                                        lists.levels.insert((list.clone(), level), *kind);
                                    }
                                }
                            }
                        }
                        _ => {}
                    }
                }
                Xml::End(name) if name == "lvl" && list.is_none() => {
                    kinds.insert((of.clone(), level.min(8)), (!bullets).then_some(start));
                }
                Xml::End(name) if name == "num" => list = None,
                _ => {}
            }
        }
        lists
    }

    /// Where such a list begins to count; none: bullets.
    pub fn order(&self, list: &str, level: usize) -> Option<u32> {
        self.levels.get(&(list.to_owned(), level)).copied().flatten()
    }
}
