//! Whole-app tests through real parts: the real engine, the real program, a real
//! library on disk. What several of them need stands here.

pub mod parity;

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicI64, Ordering},
};

use sotto_assistant::{OpenError, Options, Sotto};

/// The tiny model with known answers.
pub fn tiny_model() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/ministral3-tiny")
}

/// The engine as it was built: named by `SOTTO_ENGINE`, or beside the app.
///
/// # Panics
/// Where there is none; `cargo xtask test` builds it.
pub fn engine_program() -> PathBuf {
    std::env::var_os("SOTTO_ENGINE").map_or_else(|| program("sotto-engine"), PathBuf::from)
}

/// The app as it was built.
///
/// # Panics
/// Where there is none; `cargo xtask test` builds it.
pub fn app_program() -> PathBuf {
    program("sotto")
}

#[allow(clippy::expect_used)]
fn program(name: &str) -> PathBuf {
    let us = std::env::current_exe().expect("a test knows where it is");
    let folder = us.ancestors().nth(2).expect("tests lie in target/…/deps");
    let program = folder.join(name).with_extension(std::env::consts::EXE_EXTENSION);
    assert!(program.is_file(), "{} is not built: run `cargo xtask test`", program.display());
    program
}

/// The app without its window, living in `home`, with the real engine. The clock
/// counts calls.
///
/// # Errors
/// As [`Sotto::open`].
pub fn house(home: &Path) -> Result<Sotto, OpenError> {
    static TIME: AtomicI64 = AtomicI64::new(1);
    Sotto::open(Options {
        home: home.to_owned(),
        engine: engine_program(),
        clock: || TIME.fetch_add(1, Ordering::Relaxed),
    })
}
