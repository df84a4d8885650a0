//! Where things are.

use std::env;
use std::path::{Path, PathBuf};

/// This checkout, and the folders outside it that clones share.
pub struct Tree {
    /// The checkout.
    pub root: PathBuf,
    /// Where cargo builds the main workspace: where this very program was built.
    pub target: PathBuf,
    /// Where cargo builds the engine, for all clones: it takes long and changes rarely.
    pub engine_target: PathBuf,
}

impl Tree {
    pub fn here() -> Result<Self, String> {
        // cargo says where the package is when it runs us; what was compiled in
        // could be another clone's path.
        let package = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = package.parent().map(Path::to_path_buf);
        // <target>/debug/xtask
        let target = env::current_exe().ok().and_then(|exe| Some(exe.parent()?.parent()?.to_path_buf()));
        let engine_target = env::var_os("SOTTO_ENGINE_TARGET_DIR")
            .map(PathBuf::from)
            .or_else(|| Some(user_cache()?.join("sotto/engine-target")));
        match (root, target, engine_target) {
            (Some(root), Some(target), Some(engine_target)) => Ok(Self { root, target, engine_target }),
            _ => Err("Neither a home folder nor SOTTO_ENGINE_TARGET_DIR says where to build the engine. Set one of them.".into()),
        }
    }

    pub fn engine(&self) -> PathBuf {
        self.root.join("src-tauri/engine")
    }

    pub fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// A program that cargo built in the main workspace.
    pub fn built(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(program(name))
    }
}

/// A program's file name on this system.
pub fn program(name: &str) -> String {
    format!("{name}{}", env::consts::EXE_SUFFIX)
}

/// Where this system keeps what can be made again, for this user.
pub fn user_cache() -> Option<PathBuf> {
    if cfg!(windows) {
        folder_named("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        Some(env::home_dir()?.join("Library/Caches"))
    } else {
        folder_named("XDG_CACHE_HOME").or_else(|| Some(env::home_dir()?.join(".cache")))
    }
}

/// The folder that a variable of the environment names, if it names one.
pub fn folder_named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}
