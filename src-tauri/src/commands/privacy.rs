//! What the window shows of how the model is kept apart.

use sotto_app::{Attempt, Tried};

use super::{AppState, Outcome};
use crate::{
    error::Trouble,
    views::{AttemptView, TriedView},
};

/// Has the engine's program try to get out, now.
#[tauri::command]
#[specta::specta]
pub async fn prove_bar(app: AppState<'_>) -> Outcome<Vec<TriedView>> {
    let tried = app.models().prove_bar().await.map_err(|error| {
        tracing::warn!(%error, "the bar could not be tried");
        Trouble::other("This could not be tried, so it proves nothing. Try again when less is going on.")
    })?;
    Ok(tried.into_iter().map(shown).collect())
}

fn shown(Tried { attempt, refused, said }: Tried) -> TriedView {
    let attempt = match attempt {
        Attempt::Tcp => AttemptView::Tcp,
        Attempt::Ipv6 => AttemptView::Ipv6,
        Attempt::Udp => AttemptView::Udp,
        Attempt::Local => AttemptView::Local,
        Attempt::AppMemory => AttemptView::AppMemory,
        Attempt::ReadFile => AttemptView::ReadFile,
        Attempt::WriteFile => AttemptView::WriteFile,
    };
    TriedView { attempt, refused, said }
}
