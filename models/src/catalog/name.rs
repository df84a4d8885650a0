//! What a file on the hub is called. Names come from people, from files and from
//! servers, and end up in addresses and in paths: only harmless ones are names here.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Source, Trust};
use crate::ModelsError;

/// A repository on the hub: `owner/name`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Repo {
    owner: String,
    name: String,
}

impl Repo {
    /// Reads `owner/name`.
    pub fn new(text: &str) -> Option<Self> {
        let (owner, name) = text.split_once('/')?;
        (is_plain(owner) && is_plain(name)).then(|| Self { owner: owner.into(), name: name.into() })
    }

    /// The same as the name of a folder.
    pub fn folder(&self) -> String {
        format!("{}--{}", self.owner, self.name)
    }
}

impl fmt::Display for Repo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

impl TryFrom<String> for Repo {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::new(&text).ok_or_else(|| format!("{text} is not owner/name"))
    }
}

impl From<Repo> for String {
    fn from(repo: Repo) -> Self {
        repo.to_string()
    }
}

/// Reads what a person writes for a file on the hub: `owner/name:file.gguf`, or the
/// address of its page.
pub fn hub_file(text: &str) -> Result<Source, ModelsError> {
    let text = text.trim();
    parse(text).ok_or_else(|| ModelsError::NotAHubName { name: text.chars().take(200).collect() })
}

fn parse(text: &str) -> Option<Source> {
    let (repo, revision, file) = if let Some((_, address)) = text.split_once("://") {
        let address = address.split(['?', '#']).next()?;
        let mut parts = address.splitn(6, '/');
        let (_host, owner, name) = (parts.next()?, parts.next()?, parts.next()?);
        if !matches!(parts.next()?, "blob" | "resolve") {
            return None;
        }
        let (revision, file) = (parts.next()?, parts.next()?);
        (Repo::new(&format!("{owner}/{name}"))?, revision, file)
    } else {
        let (repo, file) = text.split_once(':')?;
        (Repo::new(repo)?, "main", file)
    };
    let is_path = file.split('/').all(is_plain);
    let is_model = file.to_ascii_lowercase().ends_with(".gguf");
    (is_plain(revision) && is_path && is_model).then(|| Source {
        repo,
        revision: revision.into(),
        file: file.into(),
        bytes: None,
        trust: Trust::FromHub,
    })
}

/// The last part of a path within a repository: what the file is called here.
pub fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What a file is called in its repository's folder here: its path there on one level, so that
/// files of one name in two folders are two.
pub fn local_name(path: &str) -> String {
    path.replace('/', FOLDER)
}

/// What stands for a slash in a name on one level: no name that is taken from the hub has it.
const FOLDER: &str = "~";

/// Whether a name can stand in an address and in a path as it is.
fn is_plain(name: &str) -> bool {
    let harmless = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    (1..=120).contains(&name.len())
        && !name.starts_with('.')
        && !name.ends_with('.')
        && name.chars().all(harmless)
}
