//! What the window hears unasked.

use serde::{Deserialize, Serialize};
use sotto_app::ModelTransfer;
use specta::Type;
use tauri_specta::Event;

use crate::views::EngineView;

/// The engine changed its state.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
pub struct EngineChanged(pub EngineView);

/// What is set was changed by another window, a terminal, or this one: read it again.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type, Event)]
pub struct SettingsChanged;

/// The library was changed by another window, a terminal, or this one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type, Event)]
#[serde(rename_all = "camelCase")]
pub struct LibraryChanged {
    /// Something that stands in the left pane.
    pub listing: bool,
    /// Another process wrote: any conversation and any page may be another.
    pub anything: bool,
    /// Conversations that read otherwise now.
    pub conversations: Vec<i64>,
    pub pages: Vec<i64>,
}

/// All downloads there are.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
pub struct TransfersChanged(pub Vec<ModelTransfer>);

/// The models that are here, the one in use, their trash or their folder: read them again.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type, Event)]
pub struct ModelsChanged;

/// Files are held over the window, were dropped on it, or went away again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type, Event)]
#[serde(rename_all = "camelCase")]
pub enum FilesOver {
    Held,
    Dropped,
    Gone,
}

/// The user chose something in the native menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type, Event)]
#[serde(rename_all = "camelCase")]
pub enum MenuChosen {
    NewConversation,
    NewPage,
    NewProject,
    ImportPage,
    ImportFolder,
    Rewrite,
    Comment,
    NextComment,
    CommentBefore,
    OpenModel,
    Export,
    Find,
    Search,
    Settings,
    Rename,
    Undo,
    Redo,
    ZoomIn,
    ZoomOut,
    ZoomReset,
    FullScreen,
    LeftPane,
    RightPane,
    Help,
    Keys,
    About,
    Close,
    Quit,
}
