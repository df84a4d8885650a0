//! The messages themselves.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Which run a message belongs to. The app counts them up from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(pub u64);

/// What the app says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToEngine {
    /// The first line. The engine must try to reach `door`, and must fail.
    Hello {
        /// [`crate::VERSION`] of the app.
        version: u32,
        /// `address:port` of a TCP listener of the app's on this machine.
        door: String,
        /// What the engine says at the door should it get through, so that the app can tell
        /// it from others on this machine who knock there.
        nonce: String,
    },
    /// Make a model ready; whatever was loaded before is unloaded first.
    /// Answered by `Progress`es, then `Loaded`.
    Load {
        /// This run.
        run: RunId,
        /// A GGUF file, or a folder in the Hugging Face layout.
        path: PathBuf,
        /// A folder of the engine's own for small files that it derives from the model's.
        scratch: PathBuf,
        /// Compute in 32-bit floats (the reference) instead of what suits the device.
        exact: bool,
        /// The most tokens to hold in mind; the model's own limit where that is lower.
        context: u32,
        /// The most tokens of other talks to keep in mind beside the one under way.
        prefix_cache_tokens: u32,
        /// The most bytes of what was read to keep in [`crate::KEPT`] for the next start. 0:
        /// none, and what is there is removed.
        disk_cache_bytes: u64,
        /// What to compute on.
        device: Device,
    },
    /// Answer. Answered by `Progress` and `Delta`s, then `Done`.
    Generate {
        /// This run.
        run: RunId,
        /// The talk so far.
        turns: Vec<Turn>,
        /// How freely to write.
        sampling: Sampling,
        /// What must, and what must not, be written.
        rules: Rules,
        /// The longest answer, in tokens; to the end of the context where absent.
        max_tokens: Option<u32>,
        /// How many of the likeliest tokens to report at each step; 0: none, and no `steps`.
        top_logprobs: u8,
        /// Go on past the model's end-of-answer token (for comparisons with a reference).
        ignore_eos: bool,
    },
    /// Stop that run. It still ends with its own `Done`. Unknown runs are ignored.
    Cancel {
        /// The run to stop.
        run: RunId,
    },
    /// Count what `turns` would take. Answered by `Counted`.
    CountTokens {
        /// This run.
        run: RunId,
        /// The talk to count.
        turns: Vec<Turn>,
        /// Send the ids too.
        ids: bool,
    },
    /// Give the model's memory back. Answered by `Unloaded`.
    Unload {
        /// This run.
        run: RunId,
    },
}

/// What the engine says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FromEngine {
    /// The answer to `Hello`. An engine that could reach the door says so, and ends.
    Hello {
        /// [`crate::VERSION`] of the engine.
        version: u32,
        /// What came of trying the door.
        network: Network,
        /// What it computes on, in words for the advanced page: "CPU, 2 threads".
        device: String,
    },
    /// A sign of life about once a second while a run is under way.
    Pulse {
        /// The run.
        run: RunId,
    },
    /// How far loading or reading has got.
    Progress {
        /// The run.
        run: RunId,
        /// How much is done: bytes while loading, tokens while reading. Read in pieces, so
        /// this moves.
        done: u64,
        /// How much there is.
        total: u64,
    },
    /// The model is ready.
    Loaded {
        /// The run.
        run: RunId,
        /// What was loaded.
        model: ModelInfo,
    },
    /// More of the answer.
    Delta {
        /// The run.
        run: RunId,
        /// Its text: whole characters, possibly none.
        text: String,
        /// The steps behind the text, where `top_logprobs` asked for them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        steps: Vec<Step>,
    },
    /// The end of a `Generate` run.
    Done {
        /// The run.
        run: RunId,
        /// Why it ended.
        finish: Finish,
        /// How many tokens it took.
        usage: Usage,
        /// How long it took.
        timings: Timings,
    },
    /// The answer to `CountTokens`.
    Counted {
        /// The run.
        run: RunId,
        /// How many tokens.
        count: u32,
        /// Which, if asked.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        ids: Vec<u32>,
    },
    /// The answer to `Unload`.
    Unloaded {
        /// The run.
        run: RunId,
    },
    /// The run failed; the engine serves on.
    Failed {
        /// The run; `None` for a line that could not be understood.
        run: Option<RunId>,
        /// What the app can do about it.
        kind: FailureKind,
        /// A sentence for the person. Technical detail goes to stderr.
        message: String,
    },
}

/// What came of trying the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Network {
    /// The operating system refused: this process has no network.
    Barred,
    /// It got through. The engine refuses to serve where a bar is expected.
    Open,
}

/// Kinds of failure: one for each thing that the app does about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// There is nothing at the path.
    ModelMissing,
    /// The file is not a model, is cut short, or is damaged.
    ModelDamaged,
    /// A model, but not of the architecture that Sotto runs.
    ModelUnsupported,
    /// More was given than fits: `message` says the counts; they stand here too.
    TooLong {
        /// Tokens given.
        given: u32,
        /// Tokens that fit.
        limit: u32,
    },
    /// A request that makes no sense: no model loaded, turns out of order, a schema that is none.
    BadRequest,
    /// A picture that cannot be shown to this model: `message` says why.
    BadPicture,
    /// The network was open: the engine ends.
    NetworkOpen,
    /// The engine's own folder cannot be written to: `message` says which it is.
    CacheUnwritable,
    /// Anything else, a panic included.
    Internal,
}

/// Who speaks a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TurnRole {
    /// Instructions; first, if at all.
    System,
    /// The person.
    User,
    /// The model.
    Assistant,
}

/// One turn of the talk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// Who speaks.
    pub role: TurnRole,
    /// What is said and shown, in this order.
    pub parts: Vec<Part>,
}

impl Turn {
    /// A turn of text alone.
    pub fn text(role: TurnRole, text: impl Into<String>) -> Self {
        Self { role, parts: vec![Part::Text { text: text.into() }] }
    }
}

/// A part of a turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Part {
    /// Words. They are text to the model, whatever they look like.
    Text {
        /// What is said.
        text: String,
    },
    /// A picture, by the place of its file. Only the person shows pictures.
    Picture {
        /// A PNG or JPEG file.
        path: PathBuf,
    },
}

/// How freely to write. What makes no sense is read as its safest neighbour.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sampling {
    /// 0 is greedy.
    pub temperature: f64,
    /// Probability mass considered, 0 to 1.
    pub top_p: f64,
    /// Number of candidates considered.
    pub top_k: u32,
    /// Candidates less likely than this part of the likeliest are left out; 0: none.
    #[serde(default)]
    pub min_p: f64,
    /// What was written or read lately is made this much less likely; 1: no less
    /// (Keskar et al., "CTRL", 2019).
    #[serde(default = "one")]
    pub repetition_penalty: f64,
    /// Whether and how the repetition of whole sequences is made unlikely.
    #[serde(default)]
    pub dry: Option<Dry>,
    /// The same seed draws the same words on the same machine; a fresh one where absent.
    #[serde(default)]
    pub seed: Option<u64>,
}

impl Sampling {
    /// Always the likeliest token.
    pub const GREEDY: Self = Self {
        temperature: 0.0,
        top_p: 1.0,
        top_k: 1,
        min_p: 0.0,
        repetition_penalty: 1.0,
        dry: None,
        seed: None,
    };
}

fn one() -> f64 {
    1.0
}

/// "Don't repeat yourself": a token that would go on with a sequence said before loses
/// `multiplier` * `base` ^ (length of the sequence - `allowed_length`) of its logit
/// (<https://github.com/oobabooga/text-generation-webui/pull/5677>).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Dry {
    /// How strongly; 0: not at all.
    pub multiplier: f64,
    /// How much more for each further token.
    pub base: f64,
    /// How long a repeated sequence may be before it costs anything.
    pub allowed_length: u32,
}

/// What must, and what must not, be written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// Phrases that are never written: whole words, in any case.
    pub banned: Vec<String>,
    /// The answer ends before any of these.
    pub stop: Vec<String>,
    /// A JSON schema that the answer holds to.
    pub schema: Option<String>,
}

/// What to compute on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Device {
    /// The best there is.
    #[default]
    Auto,
    /// The processor.
    Cpu,
    /// A graphics card of NVIDIA's, counted from 0.
    Cuda(u32),
    /// Apple's graphics.
    Metal,
}

/// What was loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelInfo {
    /// The folder's name.
    pub name: String,
    /// Tokens that it can hold in mind here.
    pub context: u32,
    /// Bytes of weights.
    pub bytes: u64,
    /// Whether it can be shown pictures.
    pub sees: bool,
    /// What it computes on, in words for the advanced page: "CPU, 2 threads".
    pub device: String,
    /// Sentences where it is not as was wanted: another device, or no sight though something lies
    /// beside the model to see with.
    #[serde(default)]
    pub fell_back: Option<String>,
    /// Bytes that a token held in mind takes.
    pub token_bytes: u64,
    /// Tokens of other talks that are kept in mind.
    pub prefix_cache_tokens: u32,
}

/// One written token and what else was likely.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The token written.
    pub id: u32,
    /// What it says. A part of a character is U+FFFD.
    #[serde(default)]
    pub text: String,
    /// The likeliest tokens, likeliest first.
    pub top: Vec<TokenProbability>,
}

/// A token and how likely it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TokenProbability {
    /// The token.
    pub id: u32,
    /// What it says. A part of a character is U+FFFD.
    #[serde(default)]
    pub text: String,
    /// Natural logarithm of its probability over the whole vocabulary, before
    /// temperature and penalties.
    pub logprob: f32,
}

/// Why an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// The model had said all.
    Complete,
    /// `max_tokens` or the end of the context was reached.
    Length,
    /// It was cancelled.
    Cancelled,
}

/// How many tokens a run took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens of the prompt.
    pub prompt_tokens: u32,
    /// How many of them were still in mind from before, and not read again.
    #[serde(default)]
    pub reused_tokens: u32,
    /// Tokens written.
    pub completion_tokens: u32,
    /// Tokens of talks that are in mind now, this one included.
    #[serde(default)]
    pub cached_tokens: u32,
}

/// How long a run took, in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timings {
    /// From the request to the first token.
    pub reading_ms: u64,
    /// From the first token to the last.
    pub writing_ms: u64,
}
