//! The models that Sotto offers: where each lies on the hub, how large it is, what it is
//! good for, and by which hash it is known.
//!
//! The list is `models/catalog.json`. A hash stands there only where two independent
//! public sources agree on it; the others are taken from the hub's own word, over TLS,
//! and are shown as such.

mod name;

use serde::{Deserialize, Serialize};

use crate::{ModelsError, digest::Digest, shape::Shape};

pub use self::name::{Repo, file_name, hub_file, local_name};

/// How the bytes of a file are known to be the right ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// By a hash that comes with Sotto.
    Pinned(Digest),
    /// By the hash that the hub itself names.
    FromHub,
}

/// A file on the hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// In which repository.
    pub repo: Repo,
    /// A commit, or a branch where none is pinned.
    pub revision: String,
    /// The path within it.
    pub file: String,
    /// How long it is, as far as known. Where it is not pinned, the hub's word counts.
    pub bytes: Option<u64>,
    /// How its bytes are checked.
    pub trust: Trust,
}

/// A model on offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// What commands call it: `ministral-3-3b`.
    pub id: String,
    /// The folder it shares with its relatives and with the part that sees.
    pub family: String,
    /// What people call it.
    pub name: String,
    /// What it is good for, in a sentence or two.
    pub good_for: String,
    /// The model.
    pub text: Source,
    /// The part that sees.
    pub vision: Source,
    /// What its memory is reckoned from.
    pub shape: Shape,
}

impl Entry {
    /// What it takes on the disk without the part that sees.
    pub fn bytes(&self) -> u64 {
        self.text.bytes.unwrap_or(0)
    }

    /// Whether it is what its family is offered as, rather than a finer packing.
    pub fn is_first_of_family(&self) -> bool {
        self.id == self.family
    }
}

/// All models on offer, the smallest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Catalog {
    /// The models.
    pub entries: Vec<Entry>,
}

impl Catalog {
    /// The one that comes with Sotto.
    pub fn built_in() -> Self {
        // A test reads it: it cannot be broken in a released app.
        Self::read(include_str!("../catalog.json")).unwrap_or(Self { entries: Vec::new() })
    }

    fn read(text: &str) -> Result<Self, serde_json::Error> {
        let file: File = serde_json::from_str(text)?;
        Ok(Self { entries: file.families.into_iter().flat_map(Family::entries).collect() })
    }

    /// The model that is called this.
    pub fn find(&self, id: &str) -> Result<&Entry, ModelsError> {
        self.entries
            .iter()
            .find(|entry| entry.id == id)
            .ok_or_else(|| ModelsError::Unknown { name: id.into() })
    }

    /// The model whose file has this name, in the folder of its family.
    pub fn of_file(&self, family: &str, file: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.family == family && file_name(&entry.text.file) == file)
    }

    /// The pinned hash of a file in the folder of a family, if there is one.
    pub(crate) fn pinned(&self, family: &str, file: &str) -> Option<Digest> {
        let entries = self.entries.iter().filter(|entry| entry.family == family);
        entries.flat_map(|entry| [&entry.text, &entry.vision]).find_map(|source| match source.trust {
            Trust::Pinned(digest) if file_name(&source.file) == file => Some(digest),
            Trust::Pinned(_) | Trust::FromHub => None,
        })
    }
}

/// catalog.json, as it is written.
#[derive(Deserialize)]
struct File {
    families: Vec<Family>,
}

#[derive(Deserialize)]
struct Family {
    id: String,
    repo: Repo,
    revision: String,
    layers: u32,
    kv_heads: u32,
    head_size: u32,
    longest: u32,
    vision: Listed,
    editions: Vec<Edition>,
}

#[derive(Deserialize)]
struct Edition {
    id: String,
    name: String,
    good_for: String,
    #[serde(flatten)]
    file: Listed,
}

#[derive(Deserialize)]
struct Listed {
    file: String,
    bytes: u64,
    sha256: Option<Digest>,
}

impl Family {
    fn entries(self) -> Vec<Entry> {
        let source = |listed: Listed| Source {
            repo: self.repo.clone(),
            revision: self.revision.clone(),
            file: listed.file,
            bytes: Some(listed.bytes),
            trust: listed.sha256.map_or(Trust::FromHub, Trust::Pinned),
        };
        let shape = Shape {
            layers: self.layers,
            kv_heads: self.kv_heads,
            head_size: self.head_size,
            longest: self.longest,
        };
        let vision = source(self.vision);
        let entry = |edition: Edition| Entry {
            id: edition.id,
            family: self.id.clone(),
            name: edition.name,
            good_for: edition.good_for,
            text: source(edition.file),
            vision: vision.clone(),
            shape,
        };
        self.editions.into_iter().map(entry).collect()
    }
}

#[cfg(test)]
mod tests;
