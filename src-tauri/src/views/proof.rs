//! What the model was made to try, and what came of it; and where the library's key is.

use serde::Serialize;
use specta::Type;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum AttemptView {
    Tcp,
    Ipv6,
    Udp,
    Local,
    AppMemory,
    ReadFile,
    WriteFile,
}

/// Never the key itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum KeyPlaceView {
    Keychain,
    File,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TriedView {
    pub attempt: AttemptView,
    pub refused: bool,
    /// What the system said.
    pub said: String,
}
