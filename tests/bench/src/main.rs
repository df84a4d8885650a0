//! Our engine and llama.cpp in turn, A B A B: the same file, the same threads, the same
//! tokens, each in a process of its own. The figures are medians over the rounds, and the
//! ratios are what counts: on another machine, or a busier one, both sides change.

// A bench talks to the terminal and starts programs, and where it cannot go on it ends.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods)]

mod engine;
mod gguf;
mod llama;
mod machine;
mod report;
mod synthetic;

use std::{path::PathBuf, process::ExitCode};

use sotto_engine_protocol::Device;

/// What ends a bench, in words.
type Trouble = Box<dyn std::error::Error>;

const USAGE: &str = "\
cargo xtask bench [--quick] [--threads N] [--rounds N] [--model FILE.gguf]
  --quick    one round, and no long prompt
  --model    a model of your own instead of the synthetic one";

/// Tokens that are written after each prompt.
const WRITTEN: u32 = 64;

/// What both sides compute on: what this bench was built for.
const DEVICE: Device = match () {
    () if cfg!(feature = "cuda") => Device::Cuda(0),
    () if cfg!(feature = "metal") => Device::Metal,
    () => Device::Cpu,
};

/// What is measured, and with what.
struct Plan {
    engine: PathBuf,
    model: PathBuf,
    threads: usize,
    rounds: usize,
    prompts: Vec<usize>,
}

impl Plan {
    /// The most tokens that are in mind at once, in the steps in which llama.cpp counts them.
    fn context(&self) -> u32 {
        (u32::try_from(self.longest()).unwrap_or(u32::MAX / 2) + WRITTEN + 16).next_multiple_of(256)
    }

    fn longest(&self) -> usize {
        self.prompts.iter().max().copied().unwrap_or(0)
    }
}

/// A prompt read, and taken up again by another process.
struct Resumed {
    /// Its tokens.
    length: usize,
    /// Milliseconds to the first token when it was read.
    read: f64,
    /// The same when it was taken up.
    taken_up: f64,
}

/// One prompt read and an answer written.
struct Run {
    /// Tokens of the prompt.
    prompt: usize,
    /// Milliseconds until the first token was chosen.
    first: f64,
    /// Milliseconds from there to the last of [`WRITTEN`].
    writing: f64,
}

/// One process, from its start to its end.
struct Session {
    /// Seconds until it was ready.
    load: f64,
    runs: Vec<Run>,
    /// The most memory it ever had, mapped files included, in bytes.
    peak: Option<u64>,
    /// What it has of the card's memory at its end, in bytes.
    card: Option<u64>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.first().map(String::as_str) {
        Some("llama") => llama::serve(&arguments[1..]),
        _ => plan(&arguments).and_then(|plan| measure(&plan)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::FAILURE
        }
    }
}

fn plan(arguments: &[String]) -> Result<Plan, Trouble> {
    let (mut engine, mut folder, mut model, mut threads, mut rounds, mut quick) =
        (None, None, None, machine::cores(), 3, false);
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let mut next = || words.next().ok_or(USAGE);
        match word.as_str() {
            "--engine" => engine = Some(PathBuf::from(next()?)),
            "--folder" => folder = Some(PathBuf::from(next()?)),
            "--model" => model = Some(PathBuf::from(next()?)),
            "--threads" => threads = next()?.parse()?,
            "--rounds" => rounds = next()?.parse()?,
            "--quick" => quick = true,
            _ => return Err(USAGE.into()),
        }
    }
    let (Some(engine), Some(folder)) = (engine, folder) else { return Err(USAGE.into()) };
    let model = match model {
        Some(model) => model.canonicalize()?,
        None => synthetic::model(&folder)?,
    };
    let prompts = if quick { vec![128, 512] } else { vec![128, 512, 2048] };
    Ok(Plan { engine, model, threads, rounds: if quick { 1 } else { rounds.max(1) }, prompts })
}

fn measure(plan: &Plan) -> Result<(), Trouble> {
    let bandwidth = machine::bandwidth(plan.threads);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..plan.rounds {
        eprintln!("Round {} of {}: our engine", round + 1, plan.rounds);
        let (session, prompts) = engine::session(plan, round)?;
        ours.push(session);
        eprintln!("Round {} of {}: llama.cpp", round + 1, plan.rounds);
        theirs.push(llama::session(plan, &prompts)?);
    }
    eprintln!("Taken up after a restart");
    let resumed = engine::resumed(plan)?;
    let bytes = std::fs::metadata(&plan.model)?.len();
    println!("{}\n{}", report::table(plan, bandwidth, bytes, &ours, &theirs), report::resumed(&resumed));
    Ok(())
}
