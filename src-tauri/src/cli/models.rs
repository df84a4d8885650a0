//! Models without a window: `sotto models list | get | import | verify | remove`.

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Subcommand};
use sotto_app::{App, Bytes, ModelTransfer, ModelTransferState, Parts, Taking, Verdict, model_transfers};
use tokio_util::sync::CancellationToken;

use crate::{
    home,
    terminal::{self, STOPPED, absolute, end_progress, print, put, put_line, tell, tell_progress, words},
};

/// A model's bytes are not what they should be.
const DAMAGED: u8 = 4;

#[derive(Args)]
pub struct Models {
    #[command(subcommand)]
    task: Task,
    /// Print one JSON object a line
    #[arg(long, global = true)]
    json: bool,
    /// Ask this server instead of the hub, for this time
    #[arg(long, value_name = "URL", global = true)]
    endpoint: Option<String>,
}

#[derive(Subcommand)]
enum Task {
    /// What is here, and what is on offer
    List,
    /// Get a model: one on offer, or OWNER/NAME:FILE.gguf
    Get {
        /// The model
        name: String,
        /// With picture support
        #[arg(long)]
        with_vision: bool,
    },
    /// Use a file from this machine where it lies
    Import {
        /// A GGUF file, or a folder
        file: PathBuf,
        /// Make a copy in Sotto's folder
        #[arg(long)]
        copy: bool,
    },
    /// Read all of a model and say whether it is whole
    Verify {
        /// The model
        name: String,
    },
    /// Put a model into the trash
    Remove {
        /// The model
        name: String,
    },
}

pub fn run(arguments: Models) -> ExitCode {
    match terminal::block_on(work(arguments)) {
        Ok(code) => code,
        Err(trouble) => {
            tell(&format!("{trouble}\n"));
            ExitCode::FAILURE
        }
    }
}

async fn work(arguments: Models) -> Result<ExitCode, String> {
    let Models { task, json, endpoint } = arguments;
    let app = words(home::open())?;
    match task {
        Task::List => list(&app, json),
        Task::Get { name, with_vision } => {
            return get(&app, endpoint.as_deref(), &name, with_vision, json).await;
        }
        Task::Import { file, copy } => {
            let taking = if copy { Taking::ACopy } else { Taking::WhereItLies };
            let stop = CancellationToken::new();
            let file = absolute(file);
            let total = words(app.models().library().look(&file).await)?.bytes;
            let tell = move |done| tell_progress("Copying", done, total);
            let taken = words(app.models().library().import(&file, taking, stop, tell).await)?;
            let blind = taken
                .blind
                .as_ref()
                .map_or_else(String::new, |why| format!("It cannot see pictures: {why}\n"));
            print(&app.models().show(&taken), json, &format!("{} can be used now.\n{blind}", taken.name));
        }
        Task::Verify { name } => return verify(&app, &name).await,
        Task::Remove { name } => {
            let trashed = words(app.models().remove(&name).await)?;
            if json { put_line(&trashed) } else { put("It is in the trash.\n") }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list(app: &App, json: bool) {
    for model in app.models().installed() {
        let text =
            format!("here      {:<34} {:>8}  {}\n", model.id, Bytes(model.bytes).to_string(), model.place);
        print(&model, json, &text);
    }
    for offer in app.models().offers().into_iter().filter(|offer| !offer.installed) {
        let text = format!(
            "on offer  {:<34} {:>8}  {}\n",
            offer.id,
            Bytes(offer.bytes).to_string(),
            offer.fit_words
        );
        print(&offer, json, &text);
    }
}

/// Follows a download to its end. Ctrl-C pauses it: what has arrived is kept.
async fn get(
    app: &App,
    endpoint: Option<&str>,
    name: &str,
    with_vision: bool,
    json: bool,
) -> Result<ExitCode, String> {
    let models = app.models().library();
    let parts = if with_vision { Parts::All } else { Parts::Text };
    let id = words(app.models().get(endpoint, name, parts))?;
    let mut told = None;
    let mut watch = models.watch();
    loop {
        let transfer =
            model_transfers(&watch.borrow_and_update()).into_iter().find(|transfer| transfer.id == id);
        if let Some(transfer) = transfer {
            if json {
                put_line(&transfer);
            } else {
                tell_progress(doing(&transfer), transfer.done, transfer.total);
                // Each reason once: what is tried in between has none.
                let is_news = transfer.trouble.is_some() && transfer.trouble != told;
                if transfer.state == ModelTransferState::Waiting && is_news {
                    told.clone_from(&transfer.trouble);
                    if let Some(why) = &told {
                        end_progress();
                        tell(&format!("{why} Sotto tries again by itself.\n"));
                    }
                }
            }
            match transfer.state {
                ModelTransferState::Done => break,
                ModelTransferState::Failed | ModelTransferState::Paused => {
                    return Err(transfer.trouble.unwrap_or_else(|| "The download was paused.".into()));
                }
                ModelTransferState::Waiting | ModelTransferState::Checking | ModelTransferState::Running => {}
            }
        }
        tokio::select! {
            changed = watch.changed() => words(changed)?,
            stopped = tokio::signal::ctrl_c() => {
                words(stopped)?;
                models.pause(&id).await;
                end_progress();
                tell("Paused. What has arrived is kept: the same command goes on with it.\n");
                return Ok(ExitCode::from(STOPPED));
            }
        }
    }
    words(models.cancel(&id).await)?;
    if !json {
        end_progress();
        put("It is here, and whole.\n");
    }
    Ok(ExitCode::SUCCESS)
}

fn doing(transfer: &ModelTransfer) -> &'static str {
    match transfer.state {
        ModelTransferState::Checking => "Checking what is already here",
        ModelTransferState::Waiting => "Waiting",
        _ => "Downloading",
    }
}

async fn verify(app: &App, name: &str) -> Result<ExitCode, String> {
    let models = app.models().library();
    let total = words(models.find(name))?.bytes;
    let tell = move |done| tell_progress("Checking", done, total);
    Ok(match words(models.verify(name, CancellationToken::new(), tell).await)? {
        Verdict::Right => {
            put("It is whole.\n");
            ExitCode::SUCCESS
        }
        Verdict::NothingToCompare => {
            put("Nobody said what it should be. From now on a change would be noticed.\n");
            ExitCode::SUCCESS
        }
        Verdict::Wrong => {
            put("It is damaged. Get it again.\n");
            ExitCode::from(DAMAGED)
        }
    })
}
