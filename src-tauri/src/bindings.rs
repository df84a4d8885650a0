//! The one list of what the window may ask and hear; the TypeScript side is made of it.

use serde::{Deserialize, Serialize};
use specta::Type;
use tauri_specta::{Builder, Event, collect_commands, collect_events};

use crate::{
    commands::{chats, models, projects, settings, starting_points},
    views::EngineView,
};

/// The engine changed its state.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
pub struct EngineChanged(pub EngineView);

/// She chose something in the native menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type, Event)]
#[serde(rename_all = "camelCase")]
pub enum MenuChosen {
    NewConversation,
    OpenModel,
    Search,
    Settings,
}

pub fn builder() -> Builder<tauri::Wry> {
    Builder::new()
        .commands(collect_commands![
            chats::library,
            chats::open_conversation,
            chats::create_conversation,
            chats::rename_conversation,
            chats::move_conversation,
            chats::set_instructions,
            chats::save_draft,
            chats::trash,
            chats::restore,
            chats::empty_trash,
            chats::search,
            chats::send,
            chats::regenerate,
            chats::edit_message,
            chats::stop,
            chats::choose_alternative,
            projects::create_project,
            projects::update_project,
            starting_points::save_starting_point,
            starting_points::delete_starting_point,
            starting_points::reset_starting_point,
            models::engine,
            models::choose_model,
            settings::settings,
            settings::save_settings,
        ])
        .events(collect_events![EngineChanged, MenuChosen])
        // Ids and times stay far below 2^53.
        .dangerously_cast_bigints_to_number()
        .disable_serde_phases()
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use specta_typescript::Typescript;

    /// `UPDATE_BINDINGS=1 cargo test -p sotto bindings` writes them anew.
    #[test]
    fn the_typescript_side_is_up_to_date() {
        let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/backend/bindings.gen.ts");
        let folder = tempfile::tempdir().unwrap();
        let fresh = folder.path().join("bindings.ts");
        super::builder().export(Typescript::default(), &fresh).unwrap();
        let fresh = fs::read_to_string(fresh).unwrap();
        if std::env::var_os("UPDATE_BINDINGS").is_some() {
            fs::write(&committed, &fresh).unwrap();
        }
        let committed = fs::read_to_string(committed).unwrap_or_default();
        assert!(committed == fresh, "run UPDATE_BINDINGS=1 cargo test -p sotto bindings");
    }
}
