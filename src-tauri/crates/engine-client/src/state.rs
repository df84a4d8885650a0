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
        /// What it computes on: "CPU, 2 threads".
        device: String,
        /// Who keeps it off the network.
        barred: Barred,
    },
    /// Answering.
    Serving {
        /// The model's name.
        model: String,
        /// What it computes on.
        device: String,
        /// Who keeps it off the network.
        barred: Barred,
    },
    /// It cannot answer: the sentence says why and what to do.
    Failed {
        /// The model's name.
        model: String,
        /// The sentence.
        trouble: String,
    },
}

/// Who keeps the engine off the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Barred {
    /// The operating system; the engine knocked on a door of ours and was refused.
    Proven,
    /// The bar is in place, but it was never proven on this kind of system.
    Unproven,
}
