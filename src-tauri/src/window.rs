//! The window, its menu, and what flows to it unasked.

use std::{
    path::PathBuf,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use sotto_app::{App, Changed, ModelTransferState, model_transfers};
use tauri::{
    AppHandle, DragDropEvent, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent,
    webview::{NewWindowResponse, PageLoadEvent},
};
use tauri_plugin_dialog::{DialogExt, MessageDialogKind};
use tauri_specta::Event;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

use crate::{
    bindings, convert,
    dropped::Dropped,
    events::{
        EngineChanged, FilesOver, LibraryChanged, MenuChosen, ModelsChanged, SettingsChanged,
        TransfersChanged,
    },
    home,
    import::Stopping,
    instance::{self, NotTold, Start, Wish},
    menu,
    remembered::{self, Remembered},
    terminal::{self, absolute},
    visits::{self, Visits},
    webview,
};

/// Opens the window of this home, or has the one that is open come to the front.
pub fn run(model: Option<PathBuf>) -> ExitCode {
    let model = model.map(absolute);
    let wish = Wish::of_this_start(model.clone());
    let visits = Visits::default();
    let first = match home::folder().map(|home| instance::start(&home, &wish)) {
        Ok(Ok(Start::HandedOver)) => {
            terminal::put(handed_over(&wish));
            return ExitCode::SUCCESS;
        }
        Ok(Ok(Start::First(first))) => Ok(Some(first)),
        // The window itself says what is the matter with its folder.
        Ok(Err(NotTold::Folder(_))) | Err(_) => Ok(None),
        Ok(Err(error)) => {
            terminal::tell(&format!("{error}\n"));
            if !wish.is_the_desktops() {
                return ExitCode::FAILURE;
            }
            Err(error.to_string())
        }
    };
    let bindings = bindings::builder();
    let built = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(bindings.invoke_handler())
        .menu(menu::build)
        .on_menu_event(|handle, event| {
            if let Some(chosen) = menu::chosen(event.id().as_ref()) {
                tell(handle, &chosen);
            }
        })
        .setup(move |tauri_app| {
            bindings.mount_events(tauri_app);
            let first = match first {
                Ok(first) => first,
                Err(sentence) => {
                    refuse(tauri_app.handle(), sentence);
                    return Ok(());
                }
            };
            // Others that start meanwhile are heard from now on; whoever cannot open is no first.
            let heard = visits.clone();
            let listening = first.map(|first| first.listen(move |note| heard.hear(&note))).transpose()?;
            match tauri::async_runtime::block_on(async { home::open() }) {
                Ok(app) => {
                    open(tauri_app, &Arc::new(app), model)?;
                    tauri_app.manage(listening);
                    visits.opened(tauri_app.handle());
                }
                Err(error) => refuse(tauri_app.handle(), error.to_string()),
            }
            Ok(())
        })
        .build(tauri::generate_context!());
    match built {
        Ok(handle) => {
            handle.run(|_, _| {});
            ExitCode::SUCCESS
        }
        Err(error) => {
            tracing::error!(%error, "the window could not be opened");
            ExitCode::FAILURE
        }
    }
}

fn open(tauri_app: &tauri::App, app: &Arc<App>, model: Option<PathBuf>) -> tauri::Result<()> {
    let handle = tauri_app.handle();
    let remembered = Arc::new(Remembered::open(app.home()));
    tauri_app.manage(app.clone());
    tauri_app.manage(remembered.clone());
    tauri_app.manage(Dropped::default());
    tauri_app.manage(Stopping::default());
    app.models().carry_on_downloads();
    let waking = app.clone();
    let wake = AtomicBool::new(model.is_none() && app.settings().get().models.load_at_start);
    let (width, height) = remembered.frame().map_or((1180.0, 800.0), |frame| (frame.width, frame.height));
    let builder = WebviewWindowBuilder::new(tauri_app, "main", WebviewUrl::App("index.html".into()))
        // The window first: loading a model takes all cores. A page that is loaded again finds
        // the model as it is.
        .on_page_load(move |_, page| {
            if page.event() == PageLoadEvent::Finished && wake.swap(false, Ordering::Relaxed) {
                let app = waking.clone();
                tauri::async_runtime::spawn(async move { app.models().wake().await });
            }
        })
        // The web view goes nowhere, opens nothing and fetches nothing.
        .on_navigation(webview::is_ours)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .title("Sotto")
        .inner_size(width.max(420.0), height.max(480.0))
        .min_inner_size(420.0, 480.0);
    // WebKitGTK does not show its page the files that are dropped: there the shell takes them.
    // The others' pages see them, and could drag nothing of their own beside the system's handler.
    #[cfg(not(target_os = "linux"))]
    let builder = builder.disable_drag_drop_handler();
    let builder = webview::without_network(builder);
    let window = builder.build()?;
    webview::revive(&window)?;
    webview::still_caret();
    put_back(&window, &remembered);
    follow_frame(&window, remembered);
    // Not through the builder: on Linux the window takes the system's theme as it opens.
    handle.set_theme(convert::settings::frame(app.settings().get().theme));
    // The window has asked the desktop what it had to ask, and no model runs yet.
    crate::memory::close();
    tauri::async_runtime::spawn(follow_engine(handle.clone(), app.clone()));
    tauri::async_runtime::spawn(follow_transfers(handle.clone(), app.clone()));
    tauri::async_runtime::spawn(follow_settings(handle.clone(), app.clone()));
    tauri::async_runtime::spawn(follow_library(handle.clone(), app.clone()));
    tauri::async_runtime::spawn(back_up_daily(app.clone()));
    if let Some(model) = model {
        visits::use_model(handle, model);
    }
    Ok(())
}

fn handed_over(wish: &Wish) -> &'static str {
    if wish.model.is_some() {
        "Sotto is open already: its window comes to the front and opens the model.\n"
    } else {
        "Sotto is open already: its window comes to the front.\n"
    }
}

/// To where it was, if that is still in sight.
fn put_back(window: &WebviewWindow, remembered: &Remembered) {
    let Some(frame) = remembered.frame() else { return };
    let screens = window.available_monitors().unwrap_or_default();
    if remembered::is_in_reach(&frame, &screens) {
        // A system may place windows by its own rules.
        let _ = window.set_position(tauri::LogicalPosition::new(frame.x, frame.y));
    }
    if frame.maximized {
        let _ = window.maximize();
    }
}

/// Remembers how it is left. Closing it is what "Quit" does: the page puts away what was typed
/// first, and has a second for that.
fn follow_frame(window: &WebviewWindow, remembered: Arc<Remembered>) {
    const PUT_AWAY: std::time::Duration = std::time::Duration::from_secs(1);
    let (us, closing) = (window.clone(), AtomicBool::new(false));
    window.on_window_event(move |event| {
        if let WindowEvent::DragDrop(event) = event {
            return hold(us.app_handle(), event);
        }
        let WindowEvent::CloseRequested { api, .. } = event else { return };
        remembered.keep_frame_of(&us);
        if closing.swap(true, Ordering::Relaxed) {
            return;
        }
        api.prevent_close();
        let handle = us.app_handle().clone();
        tell(&handle, &MenuChosen::Quit);
        tauri::async_runtime::spawn(async move {
            tokio::time::sleep(PUT_AWAY).await;
            handle.exit(0);
        });
    });
}

/// Files that are dropped wait for the page to say where they belong.
fn hold(handle: &AppHandle, event: &DragDropEvent) {
    let over = match event {
        DragDropEvent::Enter { .. } => FilesOver::Held,
        DragDropEvent::Drop { paths, .. } => {
            handle.state::<Dropped>().put(paths.iter().filter(|path| path.exists()).cloned().collect());
            FilesOver::Dropped
        }
        DragDropEvent::Leave => FilesOver::Gone,
        _ => return,
    };
    tell(handle, &over);
}

/// Nothing can be shown without the library: says why, and ends.
fn refuse(handle: &AppHandle, sentence: String) {
    let handle = handle.clone();
    handle
        .dialog()
        .message(sentence)
        .title("Sotto cannot open")
        .kind(MessageDialogKind::Warning)
        .show(move |_| handle.exit(1));
}

async fn follow_engine(handle: AppHandle, app: Arc<App>) {
    let mut states = app.engine.states();
    loop {
        states.mark_unchanged();
        tell(&handle, &EngineChanged(convert::engine(&app)));
        if states.changed().await.is_err() {
            return;
        }
    }
}

/// Takes over what is set, whoever set it, and tells that it changed.
async fn follow_settings(handle: AppHandle, app: Arc<App>) {
    let mut changes = app.settings().changes();
    let mut told = None;
    loop {
        changes.mark_unchanged();
        let app = app.clone();
        // It waits for the disk.
        let look = tauri::async_runtime::spawn_blocking(move || {
            app.settings().follow();
            (convert::settings::all(&app), app.settings().get().theme)
        });
        let Ok((now, theme)) = look.await else { return };
        if told.as_ref() != Some(&now) {
            told = Some(now);
            handle.set_theme(convert::settings::frame(theme));
            tell(&handle, &SettingsChanged);
        }
        if changes.changed().await.is_err() {
            return;
        }
    }
}

/// Tells what each commit changed; what came meanwhile is told at once.
async fn follow_library(handle: AppHandle, app: Arc<App>) {
    let mut feed = app.library_changes();
    loop {
        let mut told = LibraryChanged::default();
        let mut next = feed.recv().await;
        loop {
            match next {
                Ok(changed) => changed.into_iter().for_each(|one| convert::changed(&mut told, one)),
                Err(RecvError::Lagged(_)) => convert::changed(&mut told, Changed::Anything),
                Err(RecvError::Closed) => return,
            }
            match feed.try_recv() {
                Ok(changed) => next = Ok(changed),
                Err(TryRecvError::Lagged(missed)) => next = Err(RecvError::Lagged(missed)),
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        tell(&handle, &told);
    }
}

/// Makes the day's backup when the day has its first words, and not while the window opens. What goes
/// wrong stands in the settings, which the window shows.
async fn back_up_daily(app: Arc<App>) {
    const FIRST: std::time::Duration = std::time::Duration::from_mins(2);
    const NEXT: std::time::Duration = std::time::Duration::from_mins(15);
    let mut wait = FIRST;
    loop {
        tokio::time::sleep(wait).await;
        wait = NEXT;
        let app = app.clone();
        let made = tauri::async_runtime::spawn_blocking(move || app.backups().make_if_due()).await;
        if let Ok(Err(error)) = made {
            tracing::warn!(%error, "no backup was made today");
        }
    }
}

/// Tells of the downloads as they change; what came to its end is on the list of models.
async fn follow_transfers(handle: AppHandle, app: Arc<App>) {
    loop {
        // Where the models' folder is opened anew, this watch ends and the next begins.
        let mut watch = app.models().library().watch();
        let mut done = 0;
        loop {
            let shown = model_transfers(&watch.borrow_and_update());
            let now_done = shown.iter().filter(|transfer| transfer.state == ModelTransferState::Done).count();
            tell(&handle, &TransfersChanged(shown));
            if now_done != done {
                done = now_done;
                tell(&handle, &ModelsChanged);
            }
            if watch.changed().await.is_err() {
                break;
            }
        }
    }
}

fn tell(handle: &AppHandle, event: &(impl Event + Clone + serde::Serialize)) {
    if let Err(error) = event.emit(handle) {
        tracing::debug!(%error, "the window is not there to hear it");
    }
}
