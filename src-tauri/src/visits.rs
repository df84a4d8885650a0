//! What other starts of Sotto want of the window that is open.

use std::{
    mem,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use sotto_app::App;
use tauri::{AppHandle, Manager, WebviewWindow};
use tauri_specta::Event;

use crate::{
    events::ModelsChanged,
    instance::{Note, Wish},
};

/// Meets the wishes of other starts: at once, or when there is a window.
#[derive(Clone, Default)]
pub struct Visits(Arc<Mutex<Stage>>);

enum Stage {
    Opening(Vec<Wish>),
    Open(AppHandle),
}

impl Default for Stage {
    fn default() -> Self {
        Self::Opening(Vec::new())
    }
}

impl Visits {
    pub fn hear(&self, note: &Note) {
        match &mut *self.stage() {
            Stage::Opening(wishes) => wishes.extend(note.take()),
            Stage::Open(handle) => {
                let (visited, note) = (handle.clone(), note.clone());
                // Taken where the window is drawn: one that hangs takes nothing, and is said to hang.
                let meeting = handle.run_on_main_thread(move || {
                    if let Some(wish) = note.take() {
                        meet(&visited, wish);
                    }
                });
                if let Err(error) = meeting {
                    tracing::debug!(%error, "the window is closing");
                }
            }
        }
    }

    /// The window is there. Called where it is drawn.
    pub fn opened(&self, handle: &AppHandle) {
        let before = mem::replace(&mut *self.stage(), Stage::Open(handle.clone()));
        if let Stage::Opening(wishes) = before {
            for wish in wishes {
                meet(handle, wish);
            }
        }
    }

    fn stage(&self) -> std::sync::MutexGuard<'_, Stage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn meet(handle: &AppHandle, Wish { model, activation }: Wish) {
    if let Some(window) = handle.get_webview_window("main")
        && let Err(error) = to_the_front(&window, activation.as_deref())
    {
        tracing::warn!(%error, "the window could not be put in front");
    }
    if let Some(model) = model {
        use_model(handle, PathBuf::from(model));
    }
}

fn to_the_front(window: &WebviewWindow, activation: Option<&str>) -> tauri::Result<()> {
    #[cfg(target_os = "linux")]
    if let Some(activation) = activation {
        use gtk::prelude::GtkWindowExt;
        // The desktop puts in front what whoever was started just now speaks for.
        window.gtk_window()?.set_startup_id(activation);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = activation;
    window.unminimize()?;
    window.show()?;
    window.set_focus()
}

/// Uses the model at a whole path.
pub fn use_model(handle: &AppHandle, model: PathBuf) {
    let (handle, app) = (handle.clone(), handle.state::<Arc<App>>().inner().clone());
    tauri::async_runtime::spawn(async move {
        // What went wrong stands in the engine's state, which the window shows.
        if let Err(error) = app.models().open(Path::new(&model)).await {
            tracing::warn!(%error, "the model given on the command line did not open");
        }
        if let Err(error) = ModelsChanged.emit(&handle) {
            tracing::debug!(%error, "the window is not there to hear it");
        }
    });
}
