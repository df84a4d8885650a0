//! A folder of Scrivener's: its list of documents, and the draft's texts as RTF files.

use crate::{
    gathering::{Gathering, ImportError, Imported, TrackedChanges},
    limits::MOST_PAGES,
    rtf,
    text::decode,
    xml::{Pieces, Xml},
};

/// Reads a project by its list (`*.scrivx`) and what gives a file of the folder by its path there;
/// `None` for one that is not there. Every path asked for lies below the folder.
///
/// # Errors
/// [`ImportError`]: nothing could be taken.
pub fn import_scrivener(
    name: &str,
    list: &[u8],
    file: &mut dyn FnMut(&str) -> Option<Vec<u8>>,
) -> Result<Imported, ImportError> {
    let list = decode(list).ok_or(ImportError::Damaged)?;
    let mut gathering = Gathering { name, changes: TrackedChanges::Accept, imported: Imported::default() };
    let (mut unread, mut aside) = (0, 0);
    for Item { id, title, folders, kind } in items(&list)?.into_iter().take(MOST_PAGES) {
        match kind {
            Kind::Aside => {
                aside += 1;
                continue;
            }
            Kind::Text => {}
        }
        let paths = [format!("Files/Data/{id}/content.rtf"), format!("Files/Docs/{id}.rtf")];
        let Some(bytes) = paths.iter().find_map(|path| file(path)) else { continue };
        let mut builder = gathering.builder();
        if rtf::read(&bytes, &mut builder, &mut gathering).is_err() {
            unread += 1;
            continue;
        }
        let title = if title.trim().is_empty() { "Untitled".to_owned() } else { title };
        gathering.page(&title, &folders.join(" / "), builder);
    }
    if unread > 0 {
        gathering.say(format!("{unread} of its documents are damaged and were left out."));
    }
    if aside > 0 {
        gathering.say(format!("Research, templates and the trash were left out ({aside} documents)."));
    }
    if gathering.imported.pages.is_empty() { Err(ImportError::Empty) } else { Ok(gathering.imported) }
}

enum Kind {
    Text,
    Aside,
}

struct Item {
    id: String,
    title: String,
    folders: Vec<String>,
    kind: Kind,
}

/// What is open while the list is read.
struct Open {
    id: String,
    kind: String,
    title: String,
}

fn items(list: &str) -> Result<Vec<Item>, ImportError> {
    let mut pieces = Pieces::new(list);
    let mut open: Vec<Open> = Vec::new();
    let mut found: Vec<Item> = Vec::new();
    let mut in_title = false;
    for piece in pieces.by_ref() {
        match piece {
            Xml::Start(name, attributes) => match name.as_str() {
                "BinderItem" => {
                    let id = attributes.get("UUID").or_else(|| attributes.get("ID")).unwrap_or_default();
                    // It becomes part of a path.
                    let safe = !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
                    let id = if safe { id.to_owned() } else { String::new() };
                    let kind = attributes.get("Type").unwrap_or_default().to_owned();
                    open.push(Open { id, kind, title: String::new() });
                }
                "Title" => in_title = true,
                // It comes before what it holds.
                "Children" => {
                    if let Some(item) = taken(&open) {
                        found.push(item);
                        if let Some(last) = open.last_mut() {
                            last.id.clear();
                        }
                    }
                }
                _ => {}
            },
            Xml::Text(text) if in_title => {
                if let Some(last) = open.last_mut().filter(|last| last.title.len() < 500) {
                    last.title.push_str(&text);
                }
            }
            Xml::Text(_) => {}
            Xml::End(name) => match name.as_str() {
                "Title" => in_title = false,
                "BinderItem" => {
                    found.extend(taken(&open));
                    open.pop();
                }
                _ => {}
            },
        }
    }
    if found.is_empty() && pieces.broken { Err(ImportError::Damaged) } else { Ok(found) }
}

/// The innermost open item, where its text is to be read.
fn taken(open: &[Open]) -> Option<Item> {
    let (last, around) = open.split_last()?;
    if last.id.is_empty()
        || matches!(last.kind.as_str(), "DraftFolder" | "ResearchFolder" | "TrashFolder" | "Root")
    {
        return None;
    }
    let draft = around.iter().position(|item| item.kind == "DraftFolder");
    let kind = if draft.is_some() { Kind::Text } else { Kind::Aside };
    let folders = around
        .iter()
        .skip(draft.map_or(0, |at| at + 1))
        .map(|item| item.title.trim().to_owned())
        .filter(|title| !title.is_empty())
        .collect();
    Some(Item { id: last.id.clone(), title: last.title.clone(), folders, kind })
}
