//! Whole-app tests through real parts: the real engine, the real program, a real
//! library on disk. What several of them need stands here.

pub mod http;
pub mod hub;
pub mod parity;
pub mod provider;

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use sotto_app::{App, Engine, OpenError, Options};
use sotto_secrets::{Keys, Memory};

/// The tiny model with known answers.
pub fn tiny_model() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/ministral3-tiny")
}

/// The engine as it was built: named by `SOTTO_ENGINE`, or where the app would find it.
pub fn find_engine() -> Option<PathBuf> {
    std::env::var_os("SOTTO_ENGINE").map(PathBuf::from).or_else(Engine::program_beside_us)
}

/// The same, for tests that need it.
///
/// # Panics
/// Where there is none; `cargo xtask test` builds it.
#[allow(clippy::expect_used)]
pub fn engine_program() -> PathBuf {
    find_engine().expect("sotto-engine beside the tests, or named by SOTTO_ENGINE: cargo xtask test")
}

/// The app as it was built.
///
/// # Panics
/// Where there is none; `cargo xtask test` builds it.
#[allow(clippy::expect_used)]
pub fn app_program() -> PathBuf {
    let us = std::env::current_exe().expect("a test knows where it is");
    let folder = us.ancestors().nth(2).expect("tests lie in target/…/deps");
    let app = folder.join("sotto").with_extension(std::env::consts::EXE_EXTENSION);
    assert!(app.is_file(), "{} is not built: run `cargo xtask test`", app.display());
    app
}

/// The app without its window, living in `home`, with the real engine. The clock
/// counts calls.
///
/// # Errors
/// As [`App::open`].
pub fn house(home: &Path) -> Result<App, OpenError> {
    static TIME: AtomicI64 = AtomicI64::new(1);
    App::open(Options {
        home: home.to_owned(),
        engine: engine_program(),
        guide: None,
        clock: || TIME.fetch_add(1, Ordering::Relaxed),
        keys: Keys::over(Arc::new(Memory::default())),
    })
}
