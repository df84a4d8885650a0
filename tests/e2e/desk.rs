//! A desk to work at: a screen, a message bus and a home that nobody else uses.
//! Everything is put away when it is dropped.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::window::within_patience;

pub struct Desk {
    // Several windows at once would only wait for each other.
    _alone: File,
    home: TempDir,
    screen: Running,
    display: String,
    bus: Running,
    bus_address: String,
}

impl Desk {
    pub fn set() -> Self {
        let alone = File::create(Path::new(env!("CARGO_TARGET_TMPDIR")).join("desk.lock")).unwrap();
        alone.lock().unwrap();
        // Both say on standard output where they are, as soon as they can be used. The screen would
        // begin anew when its last window closes, and the next one could not open meanwhile.
        let (screen, number) = Running::announced(Command::new("Xvfb").args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1440x900x24",
            "-nolisten",
            "tcp",
            "-noreset",
        ]));
        let (bus, bus_address) = Running::announced(Command::new("dbus-daemon").args([
            "--session",
            "--nofork",
            "--print-address=1",
        ]));
        let home = tempfile::tempdir().unwrap();
        let desk = Self { _alone: alone, home, screen, display: format!(":{number}"), bus, bus_address };
        // No keychain asks for a password at the first start, and a test can look into the library.
        journeys::keep_key_beside(&desk.sotto_home());
        desk
    }

    /// What the user preferred before: as `settings.json` holds it.
    pub fn prefer(&self, settings: &Value) {
        fs::write(self.sotto_home().join("settings.json"), settings.to_string()).unwrap();
    }

    /// Puts a keychain on the bus, open. It goes with the bus.
    pub fn open_keychain(&self) {
        let opened = self.program("bash").args(["-c", journeys::OPEN_KEYCHAIN]).status();
        assert!(opened.unwrap().success(), "the keychain does not open");
    }

    /// Where the app keeps what the user writes: it outlives the windows.
    pub fn sotto_home(&self) -> PathBuf {
        self.folder("sotto")
    }

    /// A folder of this desk's own.
    pub fn folder(&self, name: &str) -> PathBuf {
        let folder = self.home.path().join(name);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// A program that shows itself here, and finds nothing of the real user's.
    pub fn program(&self, name: impl AsRef<Path>) -> Command {
        let mut program = Command::new(name.as_ref());
        program
            .env("DISPLAY", &self.display)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus_address)
            .env("GDK_BACKEND", "x11")
            .env_remove("WAYLAND_DISPLAY")
            .env("HOME", self.folder("home"))
            .env("SOTTO_HOME", self.sotto_home());
        for name in ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"] {
            program.env(name, self.folder(name));
        }
        program
    }
}

impl Desk {
    /// What was started here and has not ended, by whomever: it has this home among what it was given.
    fn left(&self) -> Vec<String> {
        let home = self.home.path().as_os_str().as_encoded_bytes();
        let listed = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.file_name());
        let processes = listed.filter_map(|name| name.into_string().ok());
        let is_here = |process: &String| {
            // Another user's cannot be read, and one that has ended says nothing.
            let given = fs::read(format!("/proc/{process}/environ")).unwrap_or_default();
            given.windows(home.len()).any(|part| part == home)
        };
        processes.filter(is_here).collect()
    }
}

impl Drop for Desk {
    /// Nothing of a test outlives it: neither what a window leaves behind for a moment, nor what the
    /// bus started.
    fn drop(&mut self) {
        within_patience(|| {
            let left = self.left();
            if !left.is_empty() {
                // Some end meanwhile by themselves.
                let _ = Command::new("kill").arg("-KILL").args(&left).stderr(Stdio::null()).status();
            }
            left.is_empty()
        });
        self.bus.end();
        self.screen.end();
    }
}

/// A program that ends with us.
pub struct Running(Child);

impl Running {
    /// What it says on standard error stands with what the test says.
    pub fn start(command: &mut Command) -> Self {
        Self::started(command.stdout(Stdio::null()))
    }

    /// Starts it and waits for the one line in which it says where it is.
    fn announced(command: &mut Command) -> (Self, String) {
        let mut running = Self::started(command.stdout(Stdio::piped()).stderr(Stdio::null()));
        let mut line = String::new();
        BufReader::new(running.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(!line.trim().is_empty(), "{} ended at once", command.get_program().display());
        (running, line.trim().to_string())
    }

    fn started(command: &mut Command) -> Self {
        let child = command.stdin(Stdio::null()).spawn();
        Self(child.unwrap_or_else(|error| {
            panic!("{} is needed for this test ({error}): cargo xtask setup", command.get_program().display())
        }))
    }

    pub fn id(&self) -> u32 {
        self.0.id()
    }

    pub fn end(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}
