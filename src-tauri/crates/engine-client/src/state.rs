//! Where the engine stands, as one explicit value that anybody may watch.

/// Where the engine stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineState {
    /// No model was chosen; no process runs.
    Absent,
    /// A model is chosen and will be loaded when it is needed.
    Resting {
        /// The model's name.
        model: String,
    },
    /// The process is coming up.
    Starting {
        /// The model's name.
        model: String,
    },
    /// The model is being read from disk: `done` of `total` bytes.
    Loading {
        /// The model's name.
        model: String,
        /// Bytes done.
        done: u64,
        /// Bytes in all; 0 while unknown.
        total: u64,
    },
    /// Ready to answer.
    Ready {
        /// The model's name.
        model: String,
        /// Who keeps it off the network.
        barred: Barred,
        /// What was loaded, and how.
        info: Loaded,
    },
    /// Answering.
    Serving {
        /// The model's name.
        model: String,
        /// Who keeps it off the network.
        barred: Barred,
        /// What was loaded, and how.
        info: Loaded,
    },
    /// It cannot answer: the sentence says why and what to do.
    Failed {
        /// The model's name.
        model: String,
        /// The sentence.
        trouble: String,
    },
}

/// What came of loading a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// Tokens of one talk that it can hold in mind.
    pub context: u32,
    /// Whether it can be shown pictures.
    pub sees: bool,
    /// What it computes on: "CPU, 2 threads".
    pub device: String,
    /// A sentence, where that is not what was asked for.
    pub fell_back: Option<String>,
    /// Bytes of weights.
    pub bytes: u64,
    /// Bytes that each token held in mind takes.
    pub token_bytes: u64,
    /// Tokens of other talks that it may keep in mind.
    pub prefix_cache_tokens: u32,
    /// Tokens of all talks that are in mind now.
    pub cached_tokens: u32,
}

/// Who keeps the engine off the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Barred {
    /// The operating system; the engine knocked on a door of ours and was refused. It can
    /// reach its model, its pictures and its own folder, and no other file of the user's.
    Proven,
    /// The same; but this system cannot keep the engine from the user's files.
    NetworkAlone,
    /// The bar is in place, but it was never proven on this kind of system.
    Unproven,
}
