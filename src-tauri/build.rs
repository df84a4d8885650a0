//! Lets Tauri read its configuration and put the engine beside the app.

fn main() {
    tauri_build::build();
}
