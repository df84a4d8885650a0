//! `sotto ask "…"`: the same path without a window. The answer streams to standard
//! output; what the model is doing goes to standard error, where that is a terminal.
//!
//! With `--provider` the question would leave this device: what would leave, to whom and at
//! what highest cost is printed, and only `--consent` sends it.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use serde::Serialize;
use sotto_app::{Agreed, AnswerEvent, AnswerOptions, App, Question as Asked, Sheet};
use sotto_domain::{CloudChoice, ContentKind, ConversationId, MessageState, Progress, Role, Step};

use crate::{
    convert, home,
    terminal::{self, STOPPED, absolute, put, put_line, tell, tell_progress},
    views::MadeView,
};

/// It would have left this device, and `--consent` was not given.
const NOT_SENT: u8 = 3;

#[derive(Args)]
pub struct Question {
    /// What to ask; `-` reads it from standard input
    text: String,
    /// Ask this provider instead of this device; --model then names one of its models
    #[arg(long, value_name = "ID", requires = "model")]
    provider: Option<String>,
    /// Send what was shown; without this nothing leaves
    #[arg(long, requires = "provider")]
    consent: bool,
    /// Print one JSON object a line instead of plain text
    #[arg(long)]
    json: bool,
    /// With each step of the answer, tell the N likeliest words and how likely each was
    #[arg(long, value_name = "N", default_value_t = 0, requires = "json", conflicts_with = "provider",
        value_parser = clap::value_parser!(u8).range(0..=20))]
    alternatives: u8,
}

/// What a machine reads, one object a line.
#[derive(Serialize)]
#[serde(rename_all = "camelCase", tag = "type")]
enum Line {
    #[serde(rename_all = "camelCase")]
    Sheet {
        recipient: String,
        origin: String,
        model: String,
        backend: Option<String>,
        bytes: u64,
        tokens: u64,
        /// In billionths of a US dollar; null where nobody says.
        highest_cost: Option<u64>,
        /// The body, as it would leave.
        exact: String,
        /// What the model does not take of it, in sentences.
        remarks: Vec<String>,
    },
    Finished {
        conversation: i64,
        state: MessageState,
        text: String,
        made: Option<MadeView>,
        remark: Option<String>,
        trouble: Option<String>,
        /// A page of the provider's where that can be mended.
        page: Option<String>,
    },
    Step(Step),
    /// Nothing was asked.
    Trouble {
        trouble: String,
    },
}

pub fn run(question: &Question, model: Option<PathBuf>) -> ExitCode {
    match terminal::block_on(ask(question, model)) {
        Ok(code) => code,
        Err(trouble) => {
            if question.json {
                put_line(&Line::Trouble { trouble });
            } else {
                tell(&format!("{trouble}\n"));
            }
            ExitCode::FAILURE
        }
    }
}

/// The exit code of an answer, or a sentence why there was none.
async fn ask(question: &Question, model: Option<PathBuf>) -> Result<ExitCode, String> {
    let text = terminal::read(&question.text)
        .map_err(|error| format!("The question could not be read: {error}."))?;
    let app = home::open().map_err(|error| error.to_string())?;
    let once = match (&question.provider, model) {
        (Some(provider), Some(model)) => {
            let model = model.to_string_lossy().into_owned();
            Some(CloudChoice { provider: provider.clone(), model })
        }
        (_, Some(path)) => {
            app.models().choose(&absolute(path));
            None
        }
        (_, None) if app.models().has_no_model() => {
            return Err("No model is open yet. Name one with --model, or open one in the window.".into());
        }
        (_, None) => None,
    };
    let talk = app.chats().create(None, None).map_err(|error| error.to_string())?;
    let outcome = ask_in(&app, talk, text, once, question).await;
    if let Err(error) = app.library.forget_if_empty(talk) {
        tracing::debug!(%error, "an empty conversation was left behind");
    }
    outcome
}

async fn ask_in(
    app: &App,
    talk: ConversationId,
    text: String,
    once: Option<CloudChoice>,
    question: &Question,
) -> Result<ExitCode, String> {
    let asked = Asked::New { conversation: talk, text };
    let mut way = AnswerOptions { once, agreed: None, alternatives: question.alternatives };
    if way.once.is_some() {
        let sheet = app.chats().sheet(&asked, way.once.as_ref(), Some(&[])).await;
        let Some(sheet) = sheet.map_err(|error| error.to_string())? else {
            return Err("This question has nowhere to go.".into());
        };
        print_sheet(&sheet, question.json);
        if !question.consent {
            tell("Nothing was sent. Add --consent to send it.\n");
            return Ok(ExitCode::from(NOT_SENT));
        }
        way.agreed = Some(Agreed { fingerprint: sheet.fingerprint, ..Agreed::default() });
    }
    let mut event_sink = Teller { json: question.json, trouble: None, page: None };
    let outcome = tokio::select! {
        outcome = app.chats().ask(&asked, &way, |event| event_sink.hear(event)) => outcome,
        never = stop_on_ctrl_c(app, talk) => never,
    };
    outcome.map_err(|error| error.to_string())?;
    finish(app, talk, event_sink)
}

/// Ctrl-C asks the answer to stop; the answer then ends by itself.
async fn stop_on_ctrl_c(app: &App, talk: ConversationId) -> ! {
    if tokio::signal::ctrl_c().await.is_ok() {
        app.chats().stop(talk);
    }
    std::future::pending().await
}

fn finish(app: &App, talk: ConversationId, heard: Teller) -> Result<ExitCode, String> {
    let Teller { json, trouble, page } = heard;
    let branch = app.library.branch(talk).map_err(|error| error.to_string())?;
    let Some(answer) = branch.into_iter().next_back() else {
        return Err("The answer could not be stored.".into());
    };
    let state = answer.message.state;
    let view = convert::message(answer);
    if json {
        let (text, made, remark) = (view.text, view.made, view.remark);
        put_line(&Line::Finished { conversation: talk.0, state, text, made, remark, trouble, page });
    } else {
        put("\n");
        // What went wrong is stored as a remark too.
        let trouble =
            trouble.filter(|trouble| !view.remark.as_ref().is_some_and(|remark| remark.contains(trouble)));
        for sentence in [view.remark, trouble, page].into_iter().flatten() {
            tell(&format!("{sentence}\n"));
        }
    }
    Ok(match state {
        MessageState::Complete | MessageState::CutAtLength => ExitCode::SUCCESS,
        MessageState::Stopped => ExitCode::from(STOPPED),
        MessageState::Streaming | MessageState::Interrupted => ExitCode::FAILURE,
    })
}

struct Teller {
    json: bool,
    trouble: Option<String>,
    page: Option<String>,
}

impl Teller {
    fn hear(&mut self, event: AnswerEvent) {
        match event {
            AnswerEvent::Progress(progress) if self.json => put_line(&progress),
            AnswerEvent::Progress(progress) => match progress {
                Progress::Loading { done, total } => tell_progress("Loading the model", done, total),
                Progress::Reading { done, total } => {
                    tell_progress("Reading", u64::from(done), u64::from(total));
                }
                // What it thinks is for those who look.
                Progress::Thinking { .. } => {}
                Progress::Text { text } => put(&text),
            },
            AnswerEvent::Step(step) => put_line(&Line::Step(step)),
            // And so is where it was stored.
            AnswerEvent::Stored { .. } => {}
            AnswerEvent::Finished { trouble, page, .. } => (self.trouble, self.page) = (trouble, page),
        }
    }
}

fn print_sheet(sheet: &Sheet, json: bool) {
    if json {
        let Sheet { recipient, origin, model, backend, bytes, tokens, highest_cost, exact, remarks, .. } =
            sheet.clone();
        let highest_cost = highest_cost.map(|cost| cost.0);
        put_line(&Line::Sheet {
            recipient,
            origin,
            model,
            backend,
            bytes,
            tokens,
            highest_cost,
            exact,
            remarks,
        });
        return;
    }
    if sheet.here {
        tell(&format!("This would go to another program on this computer ({}).\n", sheet.origin));
    } else {
        tell(&format!("This would leave your computer, to {} ({}).\n", sheet.recipient, sheet.origin));
    }
    tell(&format!("Model: {}\n", sheet.model));
    for part in sheet.parts.iter().filter(|part| part.included) {
        tell(&format!("\n{}:\n{}\n", title(part.kind, part.role), part.text));
    }
    for remark in &sheet.remarks {
        tell(&format!("\n{remark}\n"));
    }
    let cost = sheet.highest_cost.map_or_else(|| "unknown".into(), |cost| cost.to_string());
    // About three words for four tokens.
    let words = sheet.tokens * 3 / 4;
    tell(&format!("\nSize: {} bytes, about {words} words to read. Highest cost: {cost}.\n", sheet.bytes));
}

fn title(kind: ContentKind, role: Option<Role>) -> &'static str {
    match (kind, role) {
        (ContentKind::Instructions, _) => "Instructions",
        (ContentKind::Notes, _) => "Notes",
        (ContentKind::Pictures, _) => "A picture",
        (ContentKind::Page, _) => "Part of a page",
        (ContentKind::Messages, Some(Role::Assistant)) => "An earlier answer",
        (ContentKind::Messages, _) => "Your message",
    }
}
