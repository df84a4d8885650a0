//! Pictures and files on the clipboard. `WebKitGTK` gives its page words alone, so on Linux the
//! desktop is asked; the other systems' web views hand them to the page by themselves.

use std::path::PathBuf;

use tauri::AppHandle;

/// What lies there besides words.
#[derive(Debug, Default)]
pub struct Clipboard {
    pub files: Vec<PathBuf>,
    /// A PNG.
    pub picture: Option<Vec<u8>>,
}

#[cfg(target_os = "linux")]
pub async fn look(handle: &AppHandle) -> Clipboard {
    use tauri::Url;
    use tokio::sync::oneshot;

    let (found, files) = oneshot::channel();
    let (seen, picture) = oneshot::channel();
    // GTK is spoken to on its own thread alone.
    let asked = handle.run_on_main_thread(move || {
        let clipboard = gtk::Clipboard::get(&gtk::gdk::SELECTION_CLIPBOARD);
        clipboard.request_uris(move |_, uris| {
            let path = |uri: &gtk::glib::GString| Url::parse(uri).ok()?.to_file_path().ok();
            let _ = found.send(uris.iter().filter_map(path).collect());
        });
        clipboard.request_image(move |_, picture| {
            let _ = seen.send(picture.and_then(|picture| picture.save_to_bufferv("png", &[]).ok()));
        });
    });
    if asked.is_err() {
        return Clipboard::default();
    }
    Clipboard { files: files.await.unwrap_or_default(), picture: picture.await.ok().flatten() }
}

#[cfg(not(target_os = "linux"))]
#[allow(clippy::unused_async)]
pub async fn look(_app: &AppHandle) -> Clipboard {
    Clipboard::default()
}
