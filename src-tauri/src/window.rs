//! The window, its menu, and what flows to it unasked.

use std::{
    path::PathBuf,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use sotto_assistant::Sotto;
use tauri::{
    App, AppHandle, WebviewUrl, WebviewWindowBuilder,
    menu::{Menu, MenuBuilder, MenuItemBuilder, SubmenuBuilder},
    webview::PageLoadEvent,
};
use tauri_plugin_dialog::{DialogExt, MessageDialogKind};
use tauri_specta::Event;

use crate::{
    bindings::{self, EngineChanged, MenuChosen, ModelsChanged, TransfersChanged},
    home, show,
    views::TransferStateView,
};

pub fn run(model: Option<PathBuf>) -> ExitCode {
    let bindings = bindings::builder();
    let built = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(bindings.invoke_handler())
        .menu(menu)
        .on_menu_event(|app, event| {
            if let Some(chosen) = chosen(event.id().as_ref()) {
                tell(app, &chosen);
            }
        })
        .setup(move |app| {
            bindings.mount_events(app);
            match tauri::async_runtime::block_on(async { home::open() }) {
                Ok(sotto) => open(app, Arc::new(sotto), model)?,
                Err(error) => refuse(app.handle(), error.to_string()),
            }
            Ok(())
        })
        .build(tauri::generate_context!());
    match built {
        Ok(app) => {
            app.run(|_, _| {});
            ExitCode::SUCCESS
        }
        Err(error) => {
            tracing::error!(%error, "the window could not be opened");
            ExitCode::FAILURE
        }
    }
}

fn open(app: &App, sotto: Arc<Sotto>, model: Option<PathBuf>) -> tauri::Result<()> {
    use tauri::Manager;

    app.manage(sotto.clone());
    let waking = sotto.clone();
    let wake = AtomicBool::new(model.is_none() && sotto.settings().models.load_at_start);
    WebviewWindowBuilder::new(app, "main", WebviewUrl::App("index.html".into()))
        // The window first: loading a model takes all cores. A page that is loaded again finds
        // the model as it is.
        .on_page_load(move |_, page| {
            if page.event() == PageLoadEvent::Finished && wake.swap(false, Ordering::Relaxed) {
                let sotto = waking.clone();
                tauri::async_runtime::spawn(async move { sotto.wake().await });
            }
        })
        .title("Sotto")
        .inner_size(1180.0, 800.0)
        .min_inner_size(420.0, 480.0)
        // The window takes dropped pictures itself; the system's handler would swallow them.
        .disable_drag_drop_handler()
        .build()?;
    // Not through the builder: on Linux the window takes the system's theme as it opens.
    app.handle().set_theme(show::frame(sotto.settings().theme));
    tauri::async_runtime::spawn(follow_engine(app.handle().clone(), sotto.clone()));
    tauri::async_runtime::spawn(follow_transfers(app.handle().clone(), sotto.clone()));
    let handle = app.handle().clone();
    if let Some(model) = model {
        tauri::async_runtime::spawn(async move {
            // What went wrong stands in the engine's state, which the window shows.
            if let Err(error) = sotto.open_model(&absolute(model)).await {
                tracing::warn!(%error, "the model given on the command line did not open");
            }
            tell(&handle, &ModelsChanged);
        });
    }
    Ok(())
}

/// A path given relative to where the app was started must hold when it is
/// remembered and the app is started elsewhere.
pub fn absolute(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}

/// Nothing can be shown without the library: says why, and ends.
fn refuse(app: &AppHandle, sentence: String) {
    let handle = app.clone();
    app.dialog()
        .message(sentence)
        .title("Sotto cannot open")
        .kind(MessageDialogKind::Warning)
        .show(move |_| handle.exit(1));
}

async fn follow_engine(app: AppHandle, sotto: Arc<Sotto>) {
    let mut states = sotto.engine.states();
    loop {
        states.mark_unchanged();
        tell(&app, &EngineChanged(show::engine(&sotto)));
        if states.changed().await.is_err() {
            return;
        }
    }
}

/// Tells of the downloads as they change; what came to its end is on the list of models.
async fn follow_transfers(app: AppHandle, sotto: Arc<Sotto>) {
    loop {
        // Where the models' folder is opened anew, this watch ends and the next begins.
        let mut watch = sotto.models().watch();
        let mut done = 0;
        loop {
            let shown = show::models::transfers(&watch.borrow_and_update());
            let now_done = shown.iter().filter(|transfer| transfer.state == TransferStateView::Done).count();
            tell(&app, &TransfersChanged(shown));
            if now_done != done {
                done = now_done;
                tell(&app, &ModelsChanged);
            }
            if watch.changed().await.is_err() {
                break;
            }
        }
    }
}

fn tell(app: &AppHandle, event: &(impl Event + Clone + serde::Serialize)) {
    if let Err(error) = event.emit(app) {
        tracing::debug!(%error, "the window is not there to hear it");
    }
}

fn menu(app: &AppHandle) -> tauri::Result<Menu<tauri::Wry>> {
    let item = |id: &str, text: &str| MenuItemBuilder::with_id(id, text).build(app);
    let file = SubmenuBuilder::new(app, "File")
        .item(&item("new", "New conversation")?)
        .item(&MenuItemBuilder::with_id("open", "Open model…").accelerator("CmdOrCtrl+O").build(app)?)
        .separator()
        .item(&item("settings", "Settings…")?)
        .separator()
        .quit()
        .build()?;
    let edit = SubmenuBuilder::new(app, "Edit")
        .undo()
        .redo()
        .separator()
        .cut()
        .copy()
        .paste()
        .select_all()
        .separator()
        .item(&item("search", "Search everything…")?)
        .build()?;
    MenuBuilder::new(app).items(&[&file, &edit]).build()
}

fn chosen(id: &str) -> Option<MenuChosen> {
    match id {
        "new" => Some(MenuChosen::NewConversation),
        "open" => Some(MenuChosen::OpenModel),
        "search" => Some(MenuChosen::Search),
        "settings" => Some(MenuChosen::Settings),
        _ => None,
    }
}
