//! Every program that a chore, a test or the app starts, and the Debian package that brings
//! it. Set-up installs by this list, `cargo xtask doctor` holds the machine against it, and
//! `tests/programs.rs` holds the sources against it.

/// Who starts a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Starter {
    /// Every chore that builds something.
    Build,
    /// `cargo xtask test`.
    Tests,
    /// `cargo xtask bench`.
    Bench,
    /// `cargo xtask exports`.
    Exports,
    /// The app, or a chore on another system, where there is such a program: nobody installs it.
    IfThere,
}

/// A program by its name, the Debian package it comes in (none for the two toolchains, which
/// the user brings), and who starts it.
pub type Program = (&'static str, &'static str, Starter);

/// The list. What every Debian has stands here too, so that no program is started that
/// nobody thought about.
pub const PROGRAMS: &[Program] = &[
    // Every Debian has these.
    ("bash", "bash", Starter::Tests),
    ("tar", "tar", Starter::Build),
    ("dpkg-query", "dpkg", Starter::Build),
    ("apt-get", "apt", Starter::Build),
    ("id", "coreutils", Starter::Build),
    ("sha256sum", "coreutils", Starter::Build),
    ("base64", "coreutils", Starter::Tests),
    ("ln", "coreutils", Starter::Bench),
    ("sync", "coreutils", Starter::Bench),
    ("timeout", "coreutils", Starter::Tests),
    ("true", "coreutils", Starter::Tests),
    ("unshare", "util-linux", Starter::Tests),
    ("mount", "mount", Starter::Tests),
    // The two toolchains.
    ("rustc", "", Starter::Build),
    ("cargo", "", Starter::Build),
    ("node", "", Starter::Build),
    ("npm", "", Starter::Build),
    // To be installed.
    ("cc", "build-essential", Starter::Build),
    ("c++", "build-essential", Starter::Build),
    ("patch", "patch", Starter::Build),
    ("cmake", "cmake", Starter::Build),
    ("pkg-config", "pkg-config", Starter::Build),
    ("Xvfb", "xvfb", Starter::Tests),
    ("WebKitWebDriver", "webkit2gtk-driver", Starter::Tests),
    ("dbus-daemon", "dbus-daemon", Starter::Tests),
    ("dbus-run-session", "dbus-daemon", Starter::Tests),
    ("dbus-send", "dbus-bin", Starter::Tests),
    ("gnome-keyring-daemon", "gnome-keyring", Starter::Tests),
    ("secret-tool", "libsecret-tools", Starter::Tests),
    ("ip", "iproute2", Starter::Tests),
    ("kill", "procps", Starter::Tests),
    ("clang", "clang", Starter::Bench),
    ("soffice", "libreoffice-writer-nogui", Starter::Exports),
    ("java", "default-jre-headless", Starter::Exports), // it runs epubcheck
    ("pdftotext", "poppler-utils", Starter::Exports),
    ("unzip", "unzip", Starter::Exports),
    // Of other systems, or of machines that have such a thing.
    ("python3", "python3-pip", Starter::IfThere),
    ("npm.cmd", "", Starter::IfThere),
    ("sudo", "", Starter::IfThere),
    ("shasum", "", Starter::IfThere),
    ("cargo-nextest", "", Starter::IfThere),
    ("cargo-deny", "", Starter::IfThere), // built by the chore that wants it
    ("/usr/bin/sips", "", Starter::IfThere),
    ("nvidia-smi", "", Starter::IfThere),
];
