//! What the window shows of how the model is kept apart, and of the key of the library.

use sotto_app::{Attempt, KeptIn, Tried};
use tauri::AppHandle;
use tauri_plugin_dialog::{DialogExt, MessageDialogButtons};
use tokio::sync::oneshot;

use super::{AppState, Outcome, off_thread, save::save};
use crate::{
    error::Trouble,
    views::{AttemptView, KeyPlaceView, TriedView},
};

/// Where the key of the library is kept.
#[tauri::command]
#[specta::specta]
pub async fn key_place(app: AppState<'_>) -> Outcome<KeyPlaceView> {
    let kept = off_thread(&app, |app| app.recovery().kept_in()).await?;
    kept.map(|kept| match kept {
        KeptIn::Keychain => KeyPlaceView::Keychain,
        KeptIn::File => KeyPlaceView::File,
    })
    .map_err(|error| Trouble::other(error.to_string()))
}

/// Shows the recovery key in a dialog of the system's, which can save it as a file: it never comes
/// into the web view.
#[tauri::command]
#[specta::specta]
pub async fn show_recovery_key(handle: AppHandle, app: AppState<'_>) -> Outcome<()> {
    let key = app.recovery().key();
    let words = |groups: &str| {
        format!(
            "{groups}\n\nWith it your library and its backups open on any computer, for whoever has it. Without \
             it, and without the key that is kept here, nobody can read them. Write it down, or keep it with your \
             passwords."
        )
    };
    let buttons = MessageDialogButtons::OkCancelCustom("Save as a file…".into(), "Close".into());
    let (reply, answered) = oneshot::channel();
    let dialog = handle.dialog().message(words(key.expose("the user asked to see it")));
    dialog.title("The recovery key of your library").buttons(buttons).show(move |saves| {
        let _ = reply.send(saves);
    });
    if answered.await.unwrap_or_default() {
        let text =
            format!("The recovery key of a library of Sotto’s\n\n{}\n", key.expose("the user saves it"));
        save(&handle, "Sotto recovery key.txt", ("Text", "txt"), text.into_bytes()).await?;
    }
    Ok(())
}

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
