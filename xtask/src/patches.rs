//! Crates of others with our patches in them. Upstream's files are never committed:
//! cargo fetches the published crate, its SHA-256 is checked against the one kept
//! beside the patches, and the patched sources lie in the user's cache under a name
//! made of the crate's version and the patches, so that no clone builds them twice.
//!
//! `patches/CRATE/upstream.sha256` is one line of `sha256sum`; `patches/CRATE/*.patch`
//! are applied in the order of their names. Cargo.lock is that of the patched build.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{step, tree};

/// Makes the patched sources ready, and gives the arguments that lead cargo to them.
pub fn prepare(engine: &Path) -> Result<Vec<String>, String> {
    prepare_in(engine, &Places::of_the_user()?)
}

fn prepare_in(engine: &Path, places: &Places) -> Result<Vec<String>, String> {
    let mut arguments = Vec::new();
    for folder in listing(&engine.join("patches"))?.into_iter().filter(|path| path.is_dir()) {
        let patched = Patched::read(&folder)?;
        let sources = patched.sources(engine, places)?;
        arguments.push("--config".into());
        arguments.push(format!("patch.crates-io.{}.path={:?}", patched.name, sources.display().to_string()));
    }
    // Cargo.lock is that of the patched build: cargo has nothing to change in it.
    arguments.push("--locked".into());
    Ok(arguments)
}

/// Folders outside the checkout.
struct Places {
    /// Where cargo keeps what it fetched.
    cargo_home: PathBuf,
    /// Where patched sources are kept.
    cache: PathBuf,
}

impl Places {
    fn of_the_user() -> Result<Self, String> {
        let cargo_home = tree::folder_named("CARGO_HOME").or_else(|| Some(env::home_dir()?.join(".cargo")));
        match (cargo_home, tree::user_cache()) {
            (Some(cargo_home), Some(cache)) => Ok(Self { cargo_home, cache: cache.join("sotto/patched") }),
            _ => Err(
                "There is no home folder to keep the patched sources in. Set CARGO_HOME and XDG_CACHE_HOME."
                    .into(),
            ),
        }
    }
}

/// One published crate and what we change in it.
struct Patched {
    name: String,
    version: String,
    sha256: String,
    patches: Vec<PathBuf>,
    /// Of what the patches change: it tells one set of them from another.
    mark: u64,
}

impl Patched {
    fn read(folder: &Path) -> Result<Self, String> {
        let upstream = folder.join("upstream.sha256");
        let line = fs::read_to_string(&upstream).map_err(|error| cannot("read", &upstream, &error))?;
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (sha256, version) = line
            .trim()
            .split_once("  ")
            .and_then(|(sha256, file)| {
                Some((sha256, file.strip_prefix(&name)?.strip_prefix('-')?.strip_suffix(".crate")?))
            })
            .ok_or_else(|| {
                format!("{} should read: SHA-256, two spaces, {name}-VERSION.crate", upstream.display())
            })?;

        let patches: Vec<PathBuf> = listing(folder)?
            .into_iter()
            .filter(|path| path.extension().is_some_and(|e| e == "patch"))
            .collect();
        let mut mark = FNV_OFFSET;
        for patch in &patches {
            let text = fs::read_to_string(patch).map_err(|error| cannot("read", patch, &error))?;
            mark = fnv(fnv(mark, sha256.as_bytes()), changes(&text).as_bytes());
        }
        Ok(Self { version: version.into(), sha256: sha256.into(), name, patches, mark })
    }

    /// Where the patched sources are, after they have been made where they were not.
    fn sources(&self, engine: &Path, places: &Places) -> Result<PathBuf, String> {
        let Places { cargo_home, cache } = places;
        let sources = cache.join(format!("{}-{}-{:016x}", self.name, self.version, self.mark));
        if sources.is_dir() {
            return Ok(sources);
        }
        let published = match self.published(cargo_home)? {
            None => {
                self.fetch(engine, cache)?;
                self.published(cargo_home)?
            }
            there => there,
        }
        .ok_or_else(|| format!("cargo fetched no {}-{}.crate.", self.name, self.version))?;

        // Made aside and moved into place whole: an interrupted run leaves nothing that
        // looks finished, and two at once do not mix.
        let aside = cache.join(format!("making-{}-{}", self.name, std::process::id()));
        let made = self.make(&published, &aside).and_then(|made| match fs::rename(&made, &sources) {
            Err(error) if !sources.is_dir() => Err(cannot("make", &sources, &error)),
            _ => Ok(sources),
        });
        let _ = fs::remove_dir_all(&aside);
        made
    }

    /// Unpacks `published` under `aside` and applies the patches to it.
    fn make(&self, published: &Path, aside: &Path) -> Result<PathBuf, String> {
        fs::create_dir_all(aside).map_err(|error| cannot("make", aside, &error))?;
        step::run(Command::new("tar").arg("-xzf").arg(published).arg("-C").arg(aside))?;
        let made = aside.join(format!("{}-{}", self.name, self.version));
        for patch in &self.patches {
            // No fuzz: the sources are known to the byte, so a patch fits or is wrong.
            step::run(
                Command::new("patch").args(["-s", "-t", "-p1", "-F0", "-d"]).arg(&made).arg("-i").arg(patch),
            )?;
        }
        Ok(made)
    }

    /// The crate as cargo keeps it, if it has it and it is the one we know.
    fn published(&self, cargo_home: &Path) -> Result<Option<PathBuf>, String> {
        let file = format!("{}-{}.crate", self.name, self.version);
        for registry in listing(&cargo_home.join("registry/cache")).unwrap_or_default() {
            let published = registry.join(&file);
            if !published.is_file() {
                continue;
            }
            let found = sha256(&published)?;
            if found != self.sha256 {
                return Err(format!(
                    "{} is not the crate that our patches were made for: its SHA-256 is {found}, not {}. \
                     Nothing was built. Delete that file and try again.",
                    published.display(),
                    self.sha256
                ));
            }
            return Ok(Some(published));
        }
        Ok(None)
    }

    /// Has cargo fetch the crate, and all that the engine needs with it.
    ///
    /// In the engine's own workspace it cannot: Cargo.lock is that of the patched
    /// build, where the crate is a folder that does not exist yet. So a package of no
    /// code asks for it, with the same lock and the crate's line as it was published.
    fn fetch(&self, engine: &Path, cache: &Path) -> Result<(), String> {
        let asking = cache.join(format!("asking-{}-{}", self.name, std::process::id()));
        let lock = engine.join("Cargo.lock");
        let lock = fs::read_to_string(&lock).map_err(|error| cannot("read", &lock, &error))?;
        let manifest = format!(
            "[package]\nname = \"asking\"\nedition = \"2024\"\n[lib]\npath = \"lib.rs\"\n[workspace]\n\
             [dependencies]\n{} = \"={}\"\n",
            self.name, self.version
        );
        let write = |file: &str, text: &str| fs::write(asking.join(file), text);
        let asked = fs::create_dir_all(&asking)
            .and_then(|()| write("Cargo.toml", &manifest))
            .and_then(|()| write("lib.rs", ""))
            .and_then(|()| write("Cargo.lock", &self.as_published(&lock)))
            .map_err(|error| cannot("make", &asking, &error))
            .and_then(|()| step::run(step::cargo().arg("fetch").current_dir(&asking)));
        let _ = fs::remove_dir_all(&asking);
        asked
    }

    /// The lock with this crate's source and checksum, which a patched build leaves out.
    fn as_published(&self, lock: &str) -> String {
        let line = format!("name = \"{}\"\nversion = \"{}\"\n", self.name, self.version);
        let source = format!(
            "source = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"{}\"\n",
            self.sha256
        );
        lock.replace(&line, &format!("{line}{source}"))
    }
}

/// What is in `folder`, by name.
fn listing(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| cannot("read", folder, &error))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

pub fn sha256(file: &Path) -> Result<String, String> {
    let sums = [Command::new("sha256sum").arg(file), Command::new("shasum").args(["-a", "256"]).arg(file)]
        .into_iter()
        .find_map(step::output)
        .ok_or("Neither sha256sum nor shasum is here: one of them must check what was fetched.")?;
    Ok(sums.split_whitespace().next().unwrap_or_default().into())
}

fn cannot(verb: &str, path: &Path, error: &io::Error) -> String {
    format!("Cannot {verb} {}: {error}", path.display())
}

/// What a patch changes, without what it says of itself: a better word there should not
/// build the engine anew.
fn changes(patch: &str) -> &str {
    patch.find("\n--- ").map_or(patch, |at| &patch[at..])
}

/// FNV-1a, 64 bits: short, and the same on every machine and in every release of Rust.
const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

fn fnv(mark: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(mark, |mark, byte| (mark ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests;
