//! The pictures of a draft, and those that messages show.

use std::path::{Path, PathBuf};

use base64::{Engine, engine::general_purpose::STANDARD};
use sotto_app::PictureSource;
use sotto_domain::{ConversationId, PictureId};
use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt;
use tokio::sync::oneshot;

use super::{AppState, Outcome, off_thread};
use crate::{
    clipboard::{self, Clipboard},
    convert,
    dropped::{self, Dropped, Given, PICTURES},
    error::Trouble,
    views::{Attached, Taken, TextFile},
};

/// The system's own dialog. What the user already attached is in the answer too.
#[tauri::command]
#[specta::specta]
pub async fn attach_pictures(handle: AppHandle, app: AppState<'_>, conversation: i64) -> Outcome<Attached> {
    let (reply, chosen) = oneshot::channel();
    let dialog = handle.dialog().file().set_title("Attach pictures");
    dialog.add_filter("Pictures", PICTURES).pick_files(move |files| {
        let _ = reply.send(files);
    });
    let files = chosen.await.ok().flatten().unwrap_or_default();
    let paths = files.into_iter().filter_map(|file| file.into_path().ok());
    let sources = paths.map(PictureSource::File).collect();
    attach(&app, ConversationId(conversation), sources).await
}

/// Pasted or dropped: the file's bytes in base64.
#[tauri::command]
#[specta::specta]
pub async fn paste_picture(app: AppState<'_>, conversation: i64, base64: String) -> Outcome<Attached> {
    let bytes = STANDARD.decode(base64).map_err(|_| Trouble::other("What was pasted is no picture."))?;
    attach(&app, ConversationId(conversation), vec![PictureSource::Bytes(bytes)]).await
}

/// What lies on the clipboard where the page cannot see it: pictures, and files that were copied.
#[tauri::command]
#[specta::specta]
pub async fn paste_clipboard(handle: AppHandle, app: AppState<'_>, conversation: i64) -> Outcome<Taken> {
    let Clipboard { files, picture } = clipboard::look(&handle).await;
    // A file manager puts a file's small image beside it: the file is what was meant.
    let picture =
        picture.filter(|_| files.is_empty()).map(|bytes| Given::Picture(PictureSource::Bytes(bytes)));
    take(&app, ConversationId(conversation), files, picture).await
}

/// The files that were dropped last.
#[tauri::command]
#[specta::specta]
pub async fn take_dropped(
    dropped: State<'_, Dropped>,
    app: AppState<'_>,
    conversation: i64,
) -> Outcome<Taken> {
    take(&app, ConversationId(conversation), dropped.take(), None).await
}

async fn take(
    app: &AppState<'_>,
    conversation: ConversationId,
    files: Vec<PathBuf>,
    picture: Option<Given>,
) -> Outcome<Taken> {
    let nothing = files.is_empty() && picture.is_none();
    let read = off_thread(app, move |_| files.into_iter().map(dropped::read).collect::<Vec<_>>()).await?;
    let (mut sources, mut texts, mut troubles) = (Vec::new(), Vec::new(), Vec::new());
    for one in read.into_iter().chain(picture.map(Ok)) {
        match one {
            Ok(Given::Picture(source)) => sources.push(source),
            Ok(Given::Text { name, text }) => texts.push(TextFile { name, text }),
            Err(trouble) => troubles.push(trouble),
        }
    }
    let attached = attach(app, conversation, sources).await?;
    troubles.extend(attached.troubles);
    Ok(Taken { pictures: attached.pictures, texts, troubles, nothing })
}

#[tauri::command(async)]
#[specta::specta]
pub fn detach_picture(app: AppState<'_>, conversation: i64, id: i64) -> Outcome<Attached> {
    let conversation = ConversationId(conversation);
    app.library.detach(conversation, PictureId(id))?;
    attached(&app, conversation, Vec::new())
}

/// A data URL, no larger than it is kept.
#[tauri::command]
#[specta::specta]
pub async fn picture(app: AppState<'_>, id: i64) -> Outcome<String> {
    let picture = app.library.one_picture(PictureId(id))?;
    data_url(&picture.path).await
}

/// What lies there, for the window to show.
pub async fn data_url(path: &Path) -> Outcome<String> {
    let bytes = tokio::fs::read(path).await.map_err(|_| Trouble::other("This picture's file is gone."))?;
    let kind = if bytes.starts_with(&[0xff, 0xd8]) { "jpeg" } else { "png" };
    Ok(format!("data:image/{kind};base64,{}", STANDARD.encode(bytes)))
}

async fn attach(
    app: &AppState<'_>,
    conversation: ConversationId,
    sources: Vec<PictureSource>,
) -> Outcome<Attached> {
    let mut troubles = Vec::new();
    for source in sources {
        let made = off_thread(app, move |app| app.chats().attach_picture(conversation, &source)).await?;
        if let Err(error) = made {
            troubles.push(error.to_string());
        }
    }
    attached(app, conversation, troubles)
}

fn attached(app: &AppState<'_>, conversation: ConversationId, troubles: Vec<String>) -> Outcome<Attached> {
    let pictures = app.library.attached(conversation)?.iter().map(convert::picture).collect();
    Ok(Attached { pictures, troubles })
}
