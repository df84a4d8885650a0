//! `sotto ask "…"`: the same path without a window. The answer streams to standard
//! output; what the model is doing goes to standard error, where that is a terminal.

use std::{
    io::{self, IsTerminal, Read, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::Args;
use serde::Serialize;
use sotto_assistant::{AnswerEvent, Sotto};
use sotto_domain::{ConversationId, MessageState};

use crate::{home, show, views::MadeView, window::absolute};

/// Stopped by Ctrl-C: the number that shells use for it, 128 + SIGINT.
const STOPPED: u8 = 130;

#[derive(Args)]
pub struct Question {
    /// What to ask; `-` reads it from standard input
    text: String,
    /// Print one JSON object a line instead of plain text
    #[arg(long)]
    json: bool,
}

/// What a machine reads, one object a line.
#[derive(Serialize)]
#[serde(rename_all = "camelCase", tag = "type")]
enum Line {
    Loading {
        done: u64,
        total: u64,
    },
    Reading {
        done: u32,
        total: u32,
    },
    Text {
        text: String,
    },
    Finished {
        conversation: i64,
        state: MessageState,
        text: String,
        made: Option<MadeView>,
        trouble: Option<String>,
    },
    /// Nothing was asked.
    Trouble {
        trouble: String,
    },
}

pub fn run(question: &Question, model: Option<PathBuf>) -> ExitCode {
    let outcome = tokio::runtime::Runtime::new()
        .map_err(|error| error.to_string())
        .and_then(|runtime| runtime.block_on(ask(question, model)));
    match outcome {
        Ok(code) => code,
        Err(trouble) => {
            if question.json {
                print(&Line::Trouble { trouble });
            } else {
                tell(&format!("{trouble}\n"));
            }
            ExitCode::FAILURE
        }
    }
}

/// The exit code of an answer, or a sentence why there was none.
async fn ask(question: &Question, model: Option<PathBuf>) -> Result<ExitCode, String> {
    let text = read(&question.text).map_err(|error| format!("The question could not be read: {error}."))?;
    let sotto = home::open().map_err(|error| error.to_string())?;
    match model {
        Some(path) => sotto.engine.choose(&absolute(path)),
        None if sotto.settings().model.is_none() => {
            return Err("No model is open yet. Name one with --model, or open one in the window.".into());
        }
        None => {}
    }
    let talk = sotto.create_conversation(None, None).map_err(|error| error.to_string())?;
    let mut teller = Teller { json: question.json, trouble: None };
    let outcome = tokio::select! {
        outcome = sotto.send(talk, &text, |event| teller.hear(event)) => outcome,
        never = stop_on_ctrl_c(&sotto, talk) => never,
    };
    outcome.map_err(|error| error.to_string())?;
    let trouble = teller.trouble.take();
    finish(&sotto, talk, question.json, trouble)
}

/// Ctrl-C asks the answer to stop; the answer then ends by itself.
async fn stop_on_ctrl_c(sotto: &Sotto, talk: ConversationId) -> ! {
    if tokio::signal::ctrl_c().await.is_ok() {
        sotto.stop(talk);
    }
    std::future::pending().await
}

fn finish(
    sotto: &Sotto,
    talk: ConversationId,
    json: bool,
    trouble: Option<String>,
) -> Result<ExitCode, String> {
    let branch = sotto.library.branch(talk).map_err(|error| error.to_string())?;
    let Some(answer) = branch.into_iter().next_back() else {
        return Err("The answer could not be stored.".into());
    };
    let state = answer.message.state;
    if json {
        let view = show::message(answer);
        print(&Line::Finished { conversation: talk.0, state, text: view.text, made: view.made, trouble });
    } else {
        put("\n");
        if let Some(trouble) = trouble {
            tell(&format!("{trouble}\n"));
        }
    }
    Ok(match state {
        MessageState::Complete | MessageState::CutAtLength => ExitCode::SUCCESS,
        MessageState::Stopped => ExitCode::from(STOPPED),
        MessageState::Streaming | MessageState::Interrupted => ExitCode::FAILURE,
    })
}

fn read(text: &str) -> io::Result<String> {
    if text != "-" {
        return Ok(text.to_owned());
    }
    let mut whole = String::new();
    io::stdin().read_to_string(&mut whole)?;
    Ok(whole)
}

struct Teller {
    json: bool,
    trouble: Option<String>,
}

impl Teller {
    fn hear(&mut self, event: AnswerEvent) {
        match event {
            AnswerEvent::Stored { .. } => {}
            AnswerEvent::Loading { done, total } if self.json => print(&Line::Loading { done, total }),
            AnswerEvent::Reading { done, total } if self.json => print(&Line::Reading { done, total }),
            AnswerEvent::Text(text) if self.json => print(&Line::Text { text }),
            AnswerEvent::Loading { done, total } => tell_progress("Waking the model", done, total),
            AnswerEvent::Reading { done, total } => {
                tell_progress("Reading", u64::from(done), u64::from(total));
            }
            AnswerEvent::Text(text) => put(&text),
            AnswerEvent::Finished { trouble, .. } => self.trouble = trouble,
        }
    }
}

/// One line that overwrites itself, and is gone when it is done.
fn tell_progress(what: &str, done: u64, total: u64) {
    if !io::stderr().is_terminal() {
        return;
    }
    match (done * 100).checked_div(total) {
        Some(percent) if done < total => tell(&format!("\r{what}… {percent}%\x1b[K")),
        _ => tell("\r\x1b[K"),
    }
}

fn print(line: &Line) {
    if let Ok(line) = serde_json::to_string(line) {
        put(&line);
        put("\n");
    }
}

/// A reader that went away (`sotto ask … | head`) does not matter: the answer is stored.
fn put(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

fn tell(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
