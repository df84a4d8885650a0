//! What the model was made to try, and what came of it.

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

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TriedView {
    pub attempt: AttemptView,
    pub refused: bool,
    /// What the system said.
    pub said: String,
}
