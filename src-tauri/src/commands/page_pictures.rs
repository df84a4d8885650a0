//! The pictures of pages: chosen, pasted or dropped, and shown.

use base64::{Engine, engine::general_purpose::STANDARD};
use sotto_app::PictureSource;
use sotto_domain::PageId;
use tauri::{AppHandle, State};

use super::{AppState, Outcome, off_thread, pictures::data_url, save};
use crate::{
    clipboard::{self, Clipboard},
    dropped::{Dropped, PICTURES, is_picture},
    error::Trouble,
    views::{PagePicture, PagePictures},
};

/// The system's own dialog.
#[tauri::command]
#[specta::specta]
pub async fn choose_page_pictures(handle: AppHandle, app: AppState<'_>, page: i64) -> Outcome<PagePictures> {
    let paths = save::choose(&handle, "Pictures", PICTURES).await;
    keep(&app, page, paths.into_iter().map(PictureSource::File).collect()).await
}

/// Pasted or dropped: the file's bytes in base64.
#[tauri::command]
#[specta::specta]
pub async fn paste_page_picture(app: AppState<'_>, page: i64, base64: String) -> Outcome<PagePictures> {
    let bytes = STANDARD.decode(base64).map_err(|_| Trouble::other("What was pasted is no picture."))?;
    keep(&app, page, vec![PictureSource::Bytes(bytes)]).await
}

/// What lies on the clipboard where the page cannot see it: a picture, and files that were copied.
#[tauri::command]
#[specta::specta]
pub async fn paste_page_clipboard(handle: AppHandle, app: AppState<'_>, page: i64) -> Outcome<PagePictures> {
    let Clipboard { files, picture } = clipboard::look(&handle).await;
    // A file manager puts a file's small image beside it: the file is what was meant.
    let picture = picture.filter(|_| files.is_empty()).map(PictureSource::Bytes);
    let files = files.into_iter().filter(|file| is_picture(file)).map(PictureSource::File);
    keep(&app, page, files.chain(picture).collect()).await
}

/// The pictures among the files that were dropped last. What else was dropped waits on.
#[tauri::command]
#[specta::specta]
pub async fn take_page_pictures(
    dropped: State<'_, Dropped>,
    app: AppState<'_>,
    page: i64,
) -> Outcome<PagePictures> {
    let (pictures, rest) = dropped.take_pictures();
    let kept = keep(&app, page, pictures.into_iter().map(PictureSource::File).collect()).await?;
    Ok(PagePictures { rest, ..kept })
}

/// A data URL of the picture of that name.
#[tauri::command]
#[specta::specta]
pub async fn page_picture(app: AppState<'_>, file: String) -> Outcome<String> {
    let path = app.pages().picture_file(&file).ok_or_else(|| Trouble::other("This is no picture."))?;
    data_url(&path).await
}

async fn keep(app: &AppState<'_>, page: i64, sources: Vec<PictureSource>) -> Outcome<PagePictures> {
    let mut kept = PagePictures { pictures: vec![], troubles: vec![], rest: false };
    for source in sources {
        match off_thread(app, move |app| app.pages().keep_picture(PageId(page), &source)).await? {
            Ok(picture) => {
                let file = picture.path.file_name().map(|name| name.to_string_lossy().into_owned());
                let (width, height) = (picture.width, picture.height);
                kept.pictures.extend(file.map(|file| PagePicture { file, width, height }));
            }
            Err(error) => kept.troubles.push(error.to_string()),
        }
    }
    Ok(kept)
}
