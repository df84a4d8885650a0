//! The menu: each of its items is also something that keys or the palette do.

use tauri::{
    AppHandle,
    menu::{Menu, MenuBuilder, MenuItem, MenuItemBuilder, SubmenuBuilder},
};

use crate::events::MenuChosen;

/// What the items are called to the system, what they say, their keys, and what they do.
const ITEMS: [(&str, &str, Option<&str>, MenuChosen); 28] = [
    ("new", "New conversation", Some("CmdOrCtrl+N"), MenuChosen::NewConversation),
    ("page", "New page", Some("CmdOrCtrl+Shift+P"), MenuChosen::NewPage),
    ("project", "New project…", Some("CmdOrCtrl+Shift+N"), MenuChosen::NewProject),
    ("open", "Open model…", Some("CmdOrCtrl+O"), MenuChosen::OpenModel),
    ("import", "Import…", None, MenuChosen::ImportPage),
    ("importFolder", "Import a folder…", None, MenuChosen::ImportFolder),
    ("rewrite", "Rewrite…", Some("CmdOrCtrl+E"), MenuChosen::Rewrite),
    // Not with the key that commands: a Mac takes that one for all of its windows.
    ("comment", "Comment…", Some("Ctrl+Alt+M"), MenuChosen::Comment),
    ("nextComment", "Next comment", None, MenuChosen::NextComment),
    ("commentBefore", "Comment before", None, MenuChosen::CommentBefore),
    ("export", "Export…", Some("CmdOrCtrl+Shift+E"), MenuChosen::Export),
    ("settings", "Settings…", Some("CmdOrCtrl+,"), MenuChosen::Settings),
    ("close", "Close window", Some("CmdOrCtrl+W"), MenuChosen::Close),
    ("quit", "Quit", Some("CmdOrCtrl+Q"), MenuChosen::Quit),
    ("undo", "Undo", Some("CmdOrCtrl+Z"), MenuChosen::Undo),
    ("redo", "Redo", Some("CmdOrCtrl+Shift+Z"), MenuChosen::Redo),
    ("find", "Find…", Some("CmdOrCtrl+F"), MenuChosen::Find),
    ("search", "Search everything…", Some("CmdOrCtrl+Shift+F"), MenuChosen::Search),
    ("rename", "Rename", Some("F2"), MenuChosen::Rename),
    ("larger", "Larger", Some("CmdOrCtrl+="), MenuChosen::ZoomIn),
    ("smaller", "Smaller", Some("CmdOrCtrl+-"), MenuChosen::ZoomOut),
    ("actual", "As large as it was made", Some("CmdOrCtrl+0"), MenuChosen::ZoomReset),
    ("left", "Left pane", Some("F8"), MenuChosen::LeftPane),
    ("right", "Right pane", Some("F9"), MenuChosen::RightPane),
    ("full", "Full screen", Some("F11"), MenuChosen::FullScreen),
    ("help", "Help", Some("F1"), MenuChosen::Help),
    ("keys", "List of keys", Some("CmdOrCtrl+/"), MenuChosen::Keys),
    ("about", "About Sotto", None, MenuChosen::About),
];

pub fn build(handle: &AppHandle) -> tauri::Result<Menu<tauri::Wry>> {
    let file = SubmenuBuilder::new(handle, "File")
        .item(&item(handle, "new")?)
        .item(&item(handle, "page")?)
        .item(&item(handle, "project")?)
        .item(&item(handle, "open")?)
        .separator()
        .item(&item(handle, "import")?)
        .item(&item(handle, "importFolder")?)
        .item(&item(handle, "export")?)
        .separator()
        .item(&item(handle, "settings")?)
        .separator()
        .item(&item(handle, "close")?)
        .item(&item(handle, "quit")?)
        .build()?;
    let edit = SubmenuBuilder::new(handle, "Edit");
    // A Mac's own fields undo by the system's items; elsewhere those are grey for ever.
    let edit = if cfg!(target_os = "macos") {
        edit.undo().redo()
    } else {
        edit.item(&item(handle, "undo")?).item(&item(handle, "redo")?)
    };
    let edit = edit
        .separator()
        .cut()
        .copy()
        .paste()
        .select_all()
        .separator()
        .item(&item(handle, "rewrite")?)
        .separator()
        .item(&item(handle, "comment")?)
        .item(&item(handle, "nextComment")?)
        .item(&item(handle, "commentBefore")?)
        .separator()
        .item(&item(handle, "find")?)
        .item(&item(handle, "search")?)
        .item(&item(handle, "rename")?)
        .build()?;
    let view = SubmenuBuilder::new(handle, "View")
        .item(&item(handle, "larger")?)
        .item(&item(handle, "smaller")?)
        .item(&item(handle, "actual")?)
        .separator()
        .item(&item(handle, "left")?)
        .item(&item(handle, "right")?)
        .separator()
        .item(&item(handle, "full")?)
        .build()?;
    let help = SubmenuBuilder::new(handle, "Help")
        .item(&item(handle, "help")?)
        .item(&item(handle, "keys")?)
        .item(&item(handle, "about")?)
        .build()?;
    MenuBuilder::new(handle).items(&[&file, &edit, &view, &help]).build()
}

fn item(handle: &AppHandle, wanted: &str) -> tauri::Result<MenuItem<tauri::Wry>> {
    let found = ITEMS.iter().find(|(id, ..)| *id == wanted);
    let (text, keys) = found.map_or((wanted, None), |(_, text, keys, _)| (*text, *keys));
    let builder = MenuItemBuilder::with_id(wanted, text);
    match keys {
        Some(keys) => builder.accelerator(keys).build(handle),
        None => builder.build(handle),
    }
}

/// What an item does.
pub fn chosen(id: &str) -> Option<MenuChosen> {
    ITEMS.iter().find(|(known, ..)| *known == id).map(|(.., chosen)| *chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_called_once_and_does_one_thing() {
        for (i, (id, _, keys, does)) in ITEMS.iter().enumerate() {
            assert_eq!(chosen(id), Some(*does));
            let twin = |(other, _, held, _): &(&str, &str, Option<&str>, MenuChosen)| {
                other == id || (keys.is_some() && held == keys)
            };
            assert!(!ITEMS[i + 1..].iter().any(twin), "{id}, or its keys, are there twice");
        }
        assert_eq!(chosen("nothing of ours"), None);
    }
}
