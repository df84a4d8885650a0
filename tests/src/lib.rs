//! Whole-app tests through real parts: the real engine, the real program, a real
//! library on disk. What several of them need stands here.

pub mod parity;

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use sotto_app::{App, Engine, OpenError, Options};
use sotto_domain::LibraryKey;
use sotto_secrets::{Keys, Memory, Vault};
use sotto_store::Store;

/// A script for bash in a session of its own: puts a keychain on the bus, open, and waits until it
/// is there. Whoever asked for one before that would have another started, which is locked. It stays
/// for as long as the bus does, and writes to nobody's output.
pub const OPEN_KEYCHAIN: &str = "\
    printf %s password | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1 \
        || { echo 'no gnome-keyring: cargo xtask setup' >&2; exit 1; }\n\
    for ((looks = 0; ; looks++)); do\n\
        dbus-send --session --print-reply --dest=org.freedesktop.DBus /org/freedesktop/DBus \
            org.freedesktop.DBus.GetNameOwner string:org.freedesktop.secrets >/dev/null 2>&1 && break\n\
        ((looks < 9000)) || { echo 'the keychain is not on the bus' >&2; exit 1; }\n\
        sleep 0.02\n\
    done\n";

/// Starts what follows it in namespaces of its own, of these kinds: `n` for the network, `m` for
/// mounts. Only root may have them just so, and only others may have them by way of users: the
/// kernel refuses that to whoever lives under another root, as in a chroot.
///
/// # Panics
/// Where nobody can tell who we are.
#[allow(clippy::expect_used, clippy::disallowed_methods)]
pub fn unshared(kinds: &str) -> std::process::Command {
    let user = std::process::Command::new("id").arg("-u").output().expect("a user");
    let by = if user.stdout.trim_ascii() == b"0" { "-" } else { "-r" };
    let mut command = std::process::Command::new("unshare");
    command.args([&format!("{by}{kinds}"), "--"]);
    command
}

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

/// A message bus that nobody listens at: a program that is told of this one meets no keychain, and
/// leaves nothing in that of whoever runs the tests.
pub const NO_BUS: &str = "unix:path=/nowhere";

/// The key of the library in `home`, which lies beside it where no keychain runs; made where there is
/// none yet.
///
/// # Panics
/// Where it cannot be had.
#[allow(clippy::expect_used)]
pub fn library_key(home: &Path) -> LibraryKey {
    let no_keychain = Keys::over(Arc::new(Memory::default()));
    let vault = Vault::enter(home, &no_keychain).expect("a home");
    vault.key(true).expect("a key that lies beside the library")
}

/// Makes the library's key, and has it stay beside the library, as where a keychain did not take it: for
/// commands within a desktop's session and outside of it.
///
/// # Panics
/// Where it cannot be written.
#[allow(clippy::expect_used)]
pub fn keep_key_beside(home: &Path) {
    library_key(home);
    let file = home.join("library.key");
    let text = std::fs::read_to_string(&file).expect("a file with the key");
    std::fs::write(file, text.replace("\nkey ", "\nrefused ")).expect("a home that can be written");
}

/// The library in `home`, past the app.
///
/// # Panics
/// Where it does not open.
#[allow(clippy::expect_used)]
pub fn library(home: &Path) -> Store {
    Store::open(&home.join("library.db"), &library_key(home)).expect("a library that opens")
}

/// The app without its window, living in `home`, with the real engine. The clock
/// counts calls.
///
/// # Errors
/// As [`App::open`].
pub fn open_app(home: &Path) -> Result<App, OpenError> {
    static TIME: AtomicI64 = AtomicI64::new(1);
    App::open(Options {
        home: home.to_owned(),
        engine: engine_program(),
        guide: None,
        clock: || TIME.fetch_add(1, Ordering::Relaxed),
        keys: Keys::over(Arc::new(Memory::default())),
    })
}
