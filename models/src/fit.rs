//! Whether a model fits, decided before it is loaded: what it needs against what there
//! is, in words, and how long a text it can hold in mind. All of it is arithmetic.

use std::fmt;

use serde::Serialize;

use crate::{amount::Bytes, catalog::Entry, shape::Shape};

/// What the engine takes besides a model's weights and its memory of the text.
const BESIDES: u64 = 500_000_000;
/// What the system and a few programs keep for themselves whatever is closed.
const KEPT: u64 = 1_500_000_000;
/// What is left free on a disk.
const SPARE: u64 = 500_000_000;

/// The shortest memory of a text that makes sense, in tokens.
const SHORTEST: u64 = 2_048;
/// What a model should be able to hold in mind to be called well placed.
const COMFORTABLE: u64 = 4_096;
/// The longest that is chosen unless more is asked for.
const USUAL: u64 = 16_384;
/// The engine wants a multiple of this.
const STEP: u64 = 512;

/// What a model weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weight {
    /// Its file or files, the part that sees included, in bytes.
    pub files: u64,
    /// What its memory of the text is reckoned from.
    pub shape: Shape,
}

impl Weight {
    /// What a model of the catalogue weighs, without the part that sees.
    pub fn of(entry: &Entry) -> Self {
        Self { files: entry.bytes(), shape: entry.shape }
    }

    /// What it takes in memory, holding this many tokens in mind.
    pub fn with(self, tokens: u64) -> u64 {
        let mind = self.shape.kv_bytes().saturating_mul(tokens);
        self.files.saturating_add(BESIDES).saturating_add(mind)
    }
}

/// The memory of a machine, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Memory {
    /// All of it.
    pub total: u64,
    /// What programs can have now.
    pub available: u64,
}

/// How a model fits into memory. Shown, it is a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// It fits, with room to hold a text in mind.
    Well {
        /// What it needs.
        needs: u64,
        /// What is free.
        free: u64,
    },
    /// It would fit if other programs were closed; it may run slowly.
    Tight {
        /// What it needs.
        needs: u64,
        /// What is free.
        free: u64,
    },
    /// This machine is too small for it.
    No {
        /// What it needs.
        needs: u64,
        /// All the memory there is.
        total: u64,
    },
}

impl fmt::Display for Fit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Well { needs, free } => {
                write!(f, "Needs about {}, {} are free: it fits.", Bytes(needs), Bytes(free))
            }
            Self::Tight { needs, free } => write!(
                f,
                "Needs about {}, {} are free: close something, or take a smaller one.",
                Bytes(needs),
                Bytes(free)
            ),
            Self::No { needs, total } => write!(
                f,
                "Needs about {} of memory, and this computer has {}: take a smaller one.",
                Bytes(needs),
                Bytes(total)
            ),
        }
    }
}

/// How a model fits into this memory.
pub fn fit(weight: Weight, memory: Memory) -> Fit {
    let needs = weight.with(COMFORTABLE);
    if needs <= memory.available {
        Fit::Well { needs, free: memory.available }
    } else if needs.saturating_add(KEPT) <= memory.total {
        Fit::Tight { needs, free: memory.available }
    } else {
        Fit::No { needs, total: memory.total }
    }
}

/// How many tokens a model should hold in mind, from the memory that is free: up to
/// 16,384 unless more is asked for, a multiple of 512, and never fewer than 2,048.
pub fn context(weight: Weight, available: u64, asked: Option<u32>) -> u32 {
    let room = available.saturating_sub(weight.with(0));
    let holds = room / weight.shape.kv_bytes().max(1);
    let most = asked.map_or(USUAL, u64::from).min(u64::from(weight.shape.longest));
    let tokens = holds.min(most) / STEP * STEP;
    u32::try_from(tokens.max(SHORTEST)).unwrap_or(u32::MAX)
}

/// Whether a disk has room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Room {
    /// There is room for what is to be written.
    Enough,
    /// There is too little.
    Short {
        /// What is to be written, and what should stay free.
        needs: u64,
        /// What is free.
        free: u64,
    },
}

impl fmt::Display for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Enough => write!(f, "There is room on the disk."),
            Self::Short { needs, free } => write!(
                f,
                "Needs {} of disk, {} are free: free some space, or choose another disk.",
                Bytes(needs),
                Bytes(free)
            ),
        }
    }
}

/// Whether `bytes` more can lie on a disk that has `free` left.
pub fn room(bytes: u64, free: u64) -> Room {
    let needs = bytes.saturating_add(SPARE);
    if needs <= free { Room::Enough } else { Room::Short { needs, free } }
}

#[cfg(test)]
mod tests;
