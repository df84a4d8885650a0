//! System packages: found missing by one question, installed by apt where there
//! is apt, and after saying what and why.

use std::process::Command;

use crate::programs::{self, Starter};
use crate::step;

/// Packages for one purpose, by their Debian names.
pub struct Need {
    /// The packages of whose programs.
    starter: Option<Starter>,
    /// What is linked or read rather than started.
    libraries: &'static [&'static str],
    pub purpose: &'static str,
    /// What to install where there is no apt.
    elsewhere: &'static str,
}

pub const COMPILER: Need = Need {
    starter: Some(Starter::Build),
    libraries: &[],
    purpose: "to compile",
    elsewhere: "cmake, and a C and C++ compiler",
};

// Its dependencies bring all of GTK, and D-Bus's headers.
pub const WINDOW: Need = Need {
    starter: None,
    libraries: &["libwebkit2gtk-4.1-dev"],
    purpose: "for the window",
    elsewhere: "what Tauri 2 needs (https://v2.tauri.app/start/prerequisites/)",
};

pub const TESTS: Need = Need {
    starter: Some(Starter::Tests),
    libraries: &["at-spi2-core", "fonts-dejavu-core"],
    purpose: "to test the window without a screen, and the keychain",
    elsewhere: "WebKitWebDriver, Xvfb, D-Bus and gnome-keyring",
};

pub const BENCH: Need = Need {
    starter: Some(Starter::Bench),
    libraries: &["libclang-dev"],
    purpose: "to compile llama.cpp, for comparison",
    elsewhere: "CMake and Clang",
};

pub const EXPORTS: Need = Need {
    starter: Some(Starter::Exports),
    libraries: &["epubcheck"],
    purpose: "to look at what goes out as others do",
    elsewhere: "LibreOffice, epubcheck, pdftotext and unzip",
};

impl Need {
    /// Its packages, each once.
    pub fn names(&self) -> Vec<&'static str> {
        let of_programs = programs::PROGRAMS
            .iter()
            .filter(|(_, package, starter)| !package.is_empty() && Some(*starter) == self.starter)
            .map(|(_, package, _)| *package);
        let mut names: Vec<_> = of_programs.chain(self.libraries.iter().copied()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// Installs whichever of these is missing.
pub fn ensure(needs: &[Need]) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        // Rust on macOS and Windows comes with a linker and the system with a web
        // view; there is nothing else to ask for.
        return Ok(());
    }
    if !has_apt() {
        let wants: Vec<&str> = needs.iter().map(|need| need.elsewhere).collect();
        println!("Not a Debian: please see to it that these are installed: {}.", wants.join("; "));
        return Ok(());
    }

    let lacking = lacking(needs);
    if lacking.is_empty() {
        return Ok(());
    }

    let reasons: Vec<String> =
        lacking.iter().map(|(need, names)| format!("{} ({})", names.join(", "), need.purpose)).collect();
    let reasons = reasons.join("; ");
    let names: Vec<&str> = lacking.into_iter().flat_map(|(_, names)| names).collect();
    if !am_root() && !step::exists("sudo") {
        let names = names.join(" ");
        return Err(format!(
            "System packages are missing: {reasons}. Please run this as root, then try again:\n  apt-get install {names}"
        ));
    }
    println!("Installing system packages: {reasons}.");
    // A mirror that cannot be reached is no harm where the others have it all.
    if let Err(trouble) = step::run(&mut apt(&["update"])) {
        println!("{trouble}");
    }
    step::run(apt(&["install", "-y", "--no-install-recommends"]).args(names))
}

/// What is missing on a Debian, need by need.
pub fn lacking(needs: &[Need]) -> Vec<(&Need, Vec<&'static str>)> {
    let installed = installed(needs);
    let missing = |need: &Need| -> Vec<&'static str> {
        need.names().into_iter().filter(|name| !installed.iter().any(|have| have == name)).collect()
    };
    needs.iter().map(|need| (need, missing(need))).filter(|(_, names)| !names.is_empty()).collect()
}

/// Whether packages can be asked for and installed here.
pub fn has_apt() -> bool {
    step::exists("dpkg-query") && step::exists("apt-get")
}

fn installed(needs: &[Need]) -> Vec<String> {
    let mut query = Command::new("dpkg-query");
    query.args(["-W", "-f", "${Package} ${db:Status-Status}\n"]);
    query.args(needs.iter().flat_map(Need::names));
    // It exits with 1 as soon as one name is unknown, and still lists the others.
    let listed = query.output().map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&listed)
        .lines()
        .filter_map(|line| line.strip_suffix(" installed").map(String::from))
        .collect()
}

fn apt(arguments: &[&str]) -> Command {
    // `env` because sudo drops the variables of the one who calls it.
    let words = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"];
    let mut command = Command::new(if am_root() { words[0] } else { "sudo" });
    command.args(if am_root() { &words[1..] } else { &words[..] }).args(arguments);
    command
}

fn am_root() -> bool {
    step::output(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0")
}
