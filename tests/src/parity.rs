//! The engine's arithmetic against known answers: every case of a folder, through the
//! real program and the real protocol.
//!
//! A folder has a model in `hf/`, the same as a GGUF file, and the answers in
//! `expected.json`: for each case the talk, the ids of the prompt, and the reference's greedy path with the likeliest
//! tokens at each step. A case passes when the ids are equal, the first step's
//! log-probabilities are within [`TOLERANCE`], and the path is the same up to the
//! first step at which the reference itself was in doubt.

use std::{
    env,
    fmt::Display,
    fs,
    io::{self, BufRead, BufReader, Write},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde::Deserialize;
use sotto_engine_protocol::{
    Device, FromEngine, ModelInfo, Part, Rules, RunId, Sampling, Step, ToEngine, Turn, TurnRole, VERSION,
    decode, encode,
};

/// In which form a folder's model is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The folder in the Hugging Face layout, `hf/`.
    Folder,
    /// The GGUF file, with the part that sees beside it.
    Gguf,
}

impl Form {
    /// The model of `folder` in this form.
    fn of(self, folder: &Path) -> Result<PathBuf, String> {
        let path = match self {
            Self::Folder => folder.join("hf"),
            Self::Gguf => fs::read_dir(folder)
                .into_iter()
                .flatten()
                .flatten()
                .map(|entry| entry.path())
                .filter(|path| path.extension().is_some_and(|extension| extension == "gguf"))
                .find(|path| !path.to_string_lossy().contains("mmproj"))
                .ok_or_else(|| format!("There is no GGUF file in {}.", folder.display()))?,
        };
        fs::canonicalize(path).map_err(|error| format!("{}: {error}", folder.display()))
    }
}

/// How far log-probabilities may be apart, and how near to each other first and second
/// place may be before either is right.
pub const TOLERANCE: f32 = 0.01;

/// Tokens to hold in mind: more than any case takes.
const CONTEXT: u32 = 8192;

/// What the reference said of one talk.
#[derive(Debug, Clone, Deserialize)]
pub struct Case {
    /// What the case is called.
    pub name: String,
    messages: Vec<Message>,
    /// The files of its pictures, in their order.
    #[serde(rename = "images")]
    pub pictures: Vec<PathBuf>,
    prompt_ids: Vec<u32>,
    /// The reference's greedy path.
    pub greedy_ids: Vec<u32>,
    top8: Vec<Vec<(u32, f32)>>,
    /// The path of the same model with a plain rope.
    #[serde(default)]
    pub greedy_ids_with_plain_rope: Vec<u32>,
}

#[derive(Debug, Clone, Deserialize)]
struct Message {
    role: TurnRole,
    content: Content,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Parts(Vec<Shown>),
}

/// Something said, or the next of the case's pictures.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Shown {
    Text { text: String },
    Image,
}

/// How a case went: `Err` says what was not as it should be.
pub type Verdict = Result<(), String>;

/// The cases of `folder`.
///
/// # Errors
/// A sentence, where `expected.json` cannot be read or a picture is not there.
pub fn cases(folder: &Path) -> Result<Vec<Case>, String> {
    #[derive(Deserialize)]
    struct Expected {
        cases: Vec<Case>,
    }
    let cannot = |file: &Path, error: &dyn Display| format!("{}: {error}", file.display());
    let file = folder.join("expected.json");
    let text = fs::read_to_string(&file).map_err(|error| cannot(&file, &error))?;
    let mut expected: Expected = serde_json::from_str(&text).map_err(|error| cannot(&file, &error))?;
    for picture in expected.cases.iter_mut().flat_map(|case| &mut case.pictures) {
        *picture = folder.join(&*picture);
        *picture = fs::canonicalize(&*picture).map_err(|error| cannot(picture, &error))?;
    }
    Ok(expected.cases)
}

impl Case {
    /// Asks the engine, and compares.
    ///
    /// # Errors
    /// What was not as the reference has it.
    pub fn check(&self, engine: &mut Engine) -> Verdict {
        let turns = self.turns()?;
        let ids = engine.count(turns.clone())?;
        if ids != self.prompt_ids {
            return Err(format!("the prompt's ids are {ids:?}, not {:?}", self.prompt_ids));
        }
        let steps = engine.generate(turns, self.greedy_ids.len())?;
        self.compare(&steps)
    }

    /// Compares what the engine wrote with what the reference wrote.
    ///
    /// # Errors
    /// What is not as the reference has it.
    pub fn compare(&self, steps: &[Step]) -> Verdict {
        let ours: Vec<u32> = steps.iter().map(|step| step.id).collect();
        if ours.len() != self.greedy_ids.len() {
            return Err(format!("{} tokens were written, not {}", ours.len(), self.greedy_ids.len()));
        }
        let sure = self.top8.iter().take_while(|top| top[0].1 - top[1].1 >= TOLERANCE).count();
        if let Some(step) = (0..sure).find(|step| ours[*step] != self.greedy_ids[*step]) {
            let plain = if ours == self.greedy_ids_with_plain_rope {
                ": this is the path of a rope without YaRN"
            } else {
                ""
            };
            return Err(format!("step {step} is {}, not {}{plain}", ours[step], self.greedy_ids[step]));
        }
        for (id, theirs) in &self.top8[0] {
            let found = steps[0].top.iter().find(|probability| probability.id == *id);
            let ours = found.map_or(f32::NEG_INFINITY, |probability| probability.logprob);
            let apart = (ours - theirs).abs();
            if apart.is_nan() || apart > TOLERANCE {
                return Err(format!("the log-probability of {id} is {ours}, not {theirs}"));
            }
        }
        Ok(())
    }

    fn turns(&self) -> Result<Vec<Turn>, String> {
        let mut pictures = self.pictures.iter();
        let mut part = |shown: &Shown| match shown {
            Shown::Text { text } => Ok(Part::Text { text: text.clone() }),
            Shown::Image => match pictures.next() {
                Some(path) => Ok(Part::Picture { path: path.clone() }),
                None => Err(format!("the case speaks of more pictures than its {}", self.pictures.len())),
            },
        };
        let turn = |message: &Message| match &message.content {
            Content::Text(text) => Ok(Turn::text(message.role, text.clone())),
            Content::Parts(parts) => Ok(Turn {
                role: message.role,
                parts: parts.iter().map(&mut part).collect::<Result<_, String>>()?,
            }),
        };
        self.messages.iter().map(turn).collect()
    }
}

/// The engine with a model loaded in 32-bit floats. It is not barred from the network
/// here: that is `engine-client`'s part, and tested there.
pub struct Engine {
    process: Child,
    stdin: ChildStdin,
    lines: io::Lines<BufReader<ChildStdout>>,
    scratch: PathBuf,
    runs: u64,
}

impl Engine {
    /// Starts `program` and loads the model of `folder` on `device`, and nowhere else.
    ///
    /// # Errors
    /// A sentence: the engine's own, where it said one.
    pub fn start(program: &Path, folder: &Path, form: Form, device: Device) -> Result<Self, String> {
        let mut engine = Self::greeted(program)?;
        let model = engine.load(&form.of(folder)?, device)?;
        model.fell_back.map_or(Ok(engine), Err)
    }

    /// Starts `program`, with no model.
    ///
    /// # Errors
    /// A sentence: the engine's own, where it said one.
    #[allow(clippy::disallowed_methods)] // journeys start the engine too
    pub fn greeted(program: &Path) -> Result<Self, String> {
        let cannot = |error: io::Error| format!("{} cannot be started: {error}", program.display());
        let mut process = Command::new(program)
            .env("SOTTO_ENGINE_LOG", env::var("SOTTO_ENGINE_LOG").unwrap_or_else(|_| "error".into()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(cannot)?;
        let (Some(stdin), Some(stdout)) = (process.stdin.take(), process.stdout.take()) else {
            return Err("the engine has no stdin or stdout".into());
        };
        let scratch = env::temp_dir().join(format!("sotto-parity-{}", process.id()));
        let lines = BufReader::new(stdout).lines();
        let mut engine = Self { process, stdin, lines, scratch, runs: 0 };

        engine.say(&ToEngine::Hello {
            version: VERSION,
            door: shut_door().map_err(cannot)?,
            nonce: String::new(),
        })?;
        match engine.hear()? {
            FromEngine::Hello { .. } => Ok(engine),
            other => Err(format!("instead of a greeting the engine said {other:?}")),
        }
    }

    /// Loads the model at `path`, in the place of the one before.
    ///
    /// # Errors
    /// The engine's own sentence.
    pub fn load(&mut self, path: &Path, device: Device) -> Result<ModelInfo, String> {
        let (path, scratch) = (path.to_owned(), self.scratch.clone());
        let said = self.run(|run| ToEngine::Load {
            run,
            path,
            scratch,
            exact: true,
            context: CONTEXT,
            prefix_cache_tokens: 0,
            disk_cache_bytes: 0,
            device,
        })?;
        match said.into_iter().last() {
            Some(FromEngine::Loaded { model, .. }) => Ok(model),
            other => Err(format!("instead of a model the engine said {other:?}")),
        }
    }

    /// The ids of a talk.
    ///
    /// # Errors
    /// What the engine said instead.
    pub fn count(&mut self, turns: Vec<Turn>) -> Result<Vec<u32>, String> {
        match self.run(|run| ToEngine::CountTokens { run, turns, ids: true })?.pop() {
            Some(FromEngine::Counted { ids, .. }) => Ok(ids),
            other => Err(format!("instead of a count the engine said {other:?}")),
        }
    }

    /// The greedy path of `length` tokens.
    ///
    /// # Errors
    /// What the engine said instead.
    pub fn generate(&mut self, turns: Vec<Turn>, length: usize) -> Result<Vec<Step>, String> {
        let said = self.run(|run| ToEngine::Generate {
            run,
            turns,
            sampling: Sampling::GREEDY,
            rules: Rules::default(),
            max_tokens: u32::try_from(length).ok(),
            // Some to spare: the eighth and ninth may be in each other's place.
            top_logprobs: 16,
            ignore_eos: true,
        })?;
        let steps = |message| if let FromEngine::Delta { steps, .. } = message { steps } else { Vec::new() };
        Ok(said.into_iter().flat_map(steps).collect())
    }

    /// One run from its order to its last message.
    fn run(&mut self, order: impl FnOnce(RunId) -> ToEngine) -> Result<Vec<FromEngine>, String> {
        self.runs += 1;
        self.say(&order(RunId(self.runs)))?;
        let mut said = Vec::new();
        loop {
            let message = self.hear()?;
            let last = match &message {
                FromEngine::Failed { message, .. } => return Err(message.clone()),
                FromEngine::Loaded { .. }
                | FromEngine::Done { .. }
                | FromEngine::Counted { .. }
                | FromEngine::Unloaded { .. } => true,
                FromEngine::Hello { .. }
                | FromEngine::Pulse { .. }
                | FromEngine::Progress { .. }
                | FromEngine::Delta { .. } => false,
            };
            said.push(message);
            if last {
                return Ok(said);
            }
        }
    }

    fn say(&mut self, message: &ToEngine) -> Result<(), String> {
        let line = encode(message).map_err(|error| error.to_string())?;
        self.stdin.write_all(line.as_bytes()).map_err(|error| format!("the engine does not listen: {error}"))
    }

    fn hear(&mut self) -> Result<FromEngine, String> {
        let line = self.lines.next().ok_or("the engine ended")?;
        let line = line.map_err(|error| format!("the engine cannot be heard: {error}"))?;
        decode(line.as_bytes()).map_err(|error| format!("{error}: {line}"))
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // It may be gone already, and so may the folder.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.scratch);
    }
}

/// The address of a door that nobody stands behind.
fn shut_door() -> io::Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}
