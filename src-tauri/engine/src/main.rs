//! The engine: it runs the language model, and has no network.
//!
//! It speaks `sotto-engine-protocol` over stdin and stdout and logs to stderr. Orders
//! are carried out one after another, in the order in which they came; only `Cancel`
//! overtakes. When stdin ends, so does the engine, whatever it is doing.
//!
//! Started with [`TASK`] it does that one task instead, and ends.
//!
//! How it ends: 0, the app went away; 2, what came first was not a `Hello` of this
//! version; 3, the network was open; 4, the model broke in a way that cannot be mended
//! inside this process (the run was answered with `Failed` first): start it again.

mod attempts;
mod cores;
mod device;
mod fault;
mod folder;
mod generate;
mod gguf;
mod load;
mod logits_hook;
mod logprobs;
mod memory;
mod model;
mod names;
mod network_probe;
mod params;
#[cfg(test)]
mod perplexity;
mod pictures;
mod platform;
mod prefix_store;
mod prepare;
mod prompt;
mod sampler;
mod small;
#[cfg(test)]
mod test_dir;
mod turns;
mod vocabulary;
mod weights;
mod wire;
mod worker;
mod writer;

use std::{env, fs::File, io, process::ExitCode, sync::Arc};

use sotto_engine_protocol::{
    Device, FailureKind, FromEngine, LOOK, Network, PROVE, TASK, ToEngine, VERSION, decode,
};

use tracing::level_filters::LevelFilter;

use crate::{
    device::Place,
    wire::{Answers, Lines},
    worker::Worker,
};

#[global_allocator]
static ALLOCATOR: memory::Counted = memory::Counted;

const NOT_OUR_APP: u8 = 2;
const NETWORK_OPEN: u8 = 3;

fn main() -> ExitCode {
    let threads = cores::threads();
    platform::set_threads(threads);
    sotto_kernels::set_threads(threads);
    let stdout = match platform::bar().and_then(|()| platform::claim_stdout()) {
        Ok(stdout) => stdout,
        Err(error) => {
            log();
            tracing::error!(%error, "the process could not be set up");
            return ExitCode::from(NETWORK_OPEN);
        }
    };
    log();
    if env::var_os(TASK).is_some_and(|task| task == LOOK) {
        return look(stdout);
    }
    if env::var_os(TASK).is_some_and(|task| task == PROVE) {
        return attempts::serve(io::stdin().lock(), stdout);
    }
    let answers = Answers::new(stdout);
    let mut lines = Lines::new(io::stdin().lock());

    let code = greet(&mut lines, &answers, &Place::find(Device::Auto).0.to_string());
    if code == ExitCode::SUCCESS {
        serve(lines, &answers);
    }
    code
}

/// Looks at one picture instead of serving. It has nothing to tell but pixels, so no door is
/// tried.
fn look(stdout: File) -> ExitCode {
    match sotto_pictures::serve(io::stdin().lock(), io::BufWriter::new(stdout)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the app does not listen");
            ExitCode::FAILURE
        }
    }
}

/// The first line, and the door. An app that ends before it has spoken is no fault.
fn greet(lines: &mut Lines<impl io::BufRead>, answers: &Answers, device: &str) -> ExitCode {
    let Some(line) = lines.next() else { return ExitCode::SUCCESS };
    let Ok(Ok(ToEngine::Hello { version, door, nonce })) = line.map(|line| decode(&line)) else {
        return refuse(answers, "The engine was not greeted as it expects.");
    };
    let Some(network) = network_probe::attempt(&door, &nonce) else {
        return refuse(answers, "The engine was shown no door to try.");
    };
    answers.send(&FromEngine::Hello { version: VERSION, network, device: device.into() });
    if network == Network::Open {
        answers.send(&FromEngine::Failed {
            run: None,
            kind: FailureKind::NetworkOpen,
            message: "The engine could reach the network, so it will not start. Nothing was sent. \
                      Please report this."
                .into(),
        });
        return ExitCode::from(NETWORK_OPEN);
    }
    if version != VERSION {
        return refuse(
            answers,
            "The app and its engine are of different versions. Please install Sotto again.",
        );
    }
    ExitCode::SUCCESS
}

fn refuse(answers: &Answers, message: &str) -> ExitCode {
    answers.send(&FromEngine::Failed { run: None, kind: FailureKind::BadRequest, message: message.into() });
    ExitCode::from(NOT_OUR_APP)
}

/// Reads until the app goes away. What is under way then is abandoned: nobody is
/// left to hear of it.
fn serve(lines: Lines<impl io::BufRead>, answers: &Arc<Answers>) {
    answers.keep_pulse();
    let worker = Worker::start(answers.clone());
    for line in lines {
        match line.map(|line| decode(&line)) {
            Ok(Ok(ToEngine::Cancel { run })) => answers.cancel(run),
            Ok(Ok(message)) => worker.take(message),
            Ok(Err(error)) | Err(error) => {
                tracing::warn!(%error, "a line was not understood");
                answers.send(&FromEngine::Failed {
                    run: None,
                    kind: FailureKind::BadRequest,
                    message: "The engine did not understand the app. Please report this.".into(),
                });
            }
        }
    }
}

/// Faults alone of what others wrote, at their own words: at finer levels some of them spell
/// what the user wrote. That nobody listens to a sequence any more is how runs are stopped,
/// not a fault.
const OTHERS: &str = "warn,mistralrs_core::pipeline::sampling=error";

/// Logs go to stderr: `SOTTO_ENGINE_LOG` chooses how much of the engine's own, as in `debug`.
fn log() {
    let own: LevelFilter = std::env::var("SOTTO_ENGINE_LOG")
        .ok()
        .and_then(|level| level.parse().ok())
        .unwrap_or(LevelFilter::INFO);
    let filter = tracing_subscriber::EnvFilter::new(format!("{OTHERS},sotto_engine={own}"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(false).init();
}
