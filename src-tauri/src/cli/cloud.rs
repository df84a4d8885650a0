//! The cloud without a window: `sotto cloud`, `sotto lock`, `sotto ledger`, `sotto journal`.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use sotto_app::{AccountError, App, Keep, ProviderSettings, Unread};
use sotto_domain::{EntryId, NanoUsd, Secret};

use crate::{
    convert::cloud as shown,
    home,
    terminal::{self, done, print, put, put_line, tell, words},
    views::KeyView,
};

/// Lines of the journal read at a time.
const PAGE: u32 = 1000;

#[derive(Subcommand)]
pub enum Cloud {
    /// Let questions be answered in the cloud, where you choose it
    On,
    /// Let nothing be answered in the cloud
    Off,
    /// List the providers and how they are set up
    Providers,
    /// Set a provider up
    Set(Setup),
    /// Set the most that conversations without a project may cost in a month, in US dollars
    Cap {
        /// The limit; without it, there is none
        #[arg(value_parser = amount)]
        dollars: Option<f64>,
    },
    /// Forget a provider's key
    Forget {
        /// The provider, as `sotto cloud providers` lists it
        provider: String,
    },
    /// Try a provider's key
    Test {
        /// The provider
        provider: String,
        /// One of its models, asked a word where nothing else will do
        // A name of its own: --model, which goes with every command, is another thing.
        #[arg(id = "asked", value_name = "MODEL", default_value = "")]
        model: String,
    },
    /// List a provider's models and prices
    Models {
        /// The provider
        provider: String,
        /// Print one JSON object a line
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
pub struct Setup {
    /// The provider, as `sotto cloud providers` lists it
    provider: String,
    /// What its address leaves open: a region, a resource, your own server's address
    #[arg(long, value_name = "TEXT")]
    place: Option<String>,
    /// The organisation that pays
    #[arg(long, value_name = "NAME")]
    bill_to: Option<String>,
    /// Answers of your own server cost nothing
    #[arg(long, value_name = "SWITCH")]
    free: Option<Switch>,
    /// This server in your own network is yours
    #[arg(long)]
    confirm: bool,
    /// Read a key from standard input and keep it in the keychain
    #[arg(long)]
    key_from_stdin: bool,
}

#[derive(Args)]
pub struct Lock {
    /// Switch it; without this, say how it stands
    state: Option<Switch>,
}

#[cfg(test)]
impl Lock {
    /// The lock, to be switched on.
    pub fn on() -> Self {
        Self { state: Some(Switch::On) }
    }
}

#[derive(Clone, Copy, clap::ValueEnum)]
pub enum Switch {
    On,
    Off,
}

#[derive(Args)]
pub struct Record {
    /// Print one JSON object a line
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Print a CSV file
    #[arg(long)]
    csv: bool,
}

pub fn run(task: Cloud) -> ExitCode {
    done(terminal::block_on(work(task)))
}

async fn work(task: Cloud) -> Result<(), String> {
    let app = open()?;
    match task {
        Cloud::On => set(&app, true),
        Cloud::Off => set(&app, false),
        Cloud::Providers => {
            for account in app.cloud().accounts() {
                let view = shown::account(account);
                let at = view.origin.as_deref().unwrap_or("not set up");
                let key = match view.key {
                    KeyView::None => "no key",
                    KeyView::Kept => "has a key",
                    KeyView::Unknown => "the keychain cannot be asked",
                };
                put(&format!("{:<12} {:<16} {at}, {key}\n", view.id, view.name));
            }
            Ok(())
        }
        Cloud::Set(setup) => set_up(&app, setup),
        Cloud::Cap { dollars } => {
            let cap = dollars.map(nano_usd).transpose()?;
            words(app.cloud().set_monthly_cap(cap))
        }
        Cloud::Forget { provider } => words(app.cloud().forget_key(&provider)).map(drop),
        Cloud::Test { provider, model } => {
            with_page(app.cloud().test_key(&provider, &model).await)?;
            put("The key works.\n");
            Ok(())
        }
        Cloud::Models { provider, json } => {
            let (_, models) = with_page(app.cloud().models(&provider, true).await)?;
            if models.is_empty() {
                tell("It was asked, and lists no model that answers in words.\n");
            }
            for model in models.iter().map(shown::model) {
                if json { put_line(&model) } else { put(&format!("{}\n", model.id)) }
            }
            Ok(())
        }
    }
}

/// An error in its own words, with the page of the provider's where it can be mended.
fn with_page<T>(outcome: Result<T, AccountError>) -> Result<T, String> {
    outcome.map_err(|error| match error.page() {
        Some(page) => format!("{error}\n{page}"),
        None => error.to_string(),
    })
}

fn set(app: &App, on: bool) -> Result<(), String> {
    words(app.cloud().set_on(on))
}

fn set_up(app: &App, setup: Setup) -> Result<(), String> {
    let Setup { provider, place, bill_to, free, confirm, key_from_stdin } = setup;
    let before = app.settings().get().cloud.providers.get(&provider).cloned().unwrap_or_default();
    let set = ProviderSettings {
        place: place.unwrap_or(before.place),
        bill_to: bill_to.unwrap_or(before.bill_to),
        free: false,
    };
    words(app.cloud().set_account(&provider, set, confirm))?;
    if let Some(free) = free {
        words(app.cloud().set_free(&provider, matches!(free, Switch::On)))?;
    }
    if key_from_stdin {
        let key = Secret::new(terminal::read("-").map_err(|error| error.to_string())?);
        words(app.cloud().save_key(&provider, &key, Keep::Keychain))?;
    }
    Ok(())
}

pub fn lock(lock: &Lock) -> ExitCode {
    done(terminal::block_on(async {
        let app = open()?;
        if let Some(state) = lock.state {
            words(app.cloud().set_offline_lock(matches!(state, Switch::On)))?;
        }
        for sentence in app.settings().unread().iter().flat_map(Unread::sentences) {
            tell(&format!("{sentence}\n"));
        }
        put(if app.cloud().is_locked() { "The offline lock is on.\n" } else { "The offline lock is off.\n" });
        Ok(())
    }))
}

pub fn ledger(record: &Record) -> ExitCode {
    done(terminal::block_on(async {
        let app = open()?;
        if record.csv {
            put(&String::from_utf8_lossy(&words(app.cloud().ledger_file(None))?));
            return Ok(());
        }
        let entries = words(app.library.ledger(i64::MIN, i64::MAX))?;
        if entries.is_empty() && !record.json {
            tell("Nothing was ever answered in the cloud.\n");
        }
        for entry in entries.into_iter().map(shown::entry) {
            if record.json {
                put_line(&entry);
                continue;
            }
            let cost =
                entry.cost.nano_usd.map_or_else(|| "cost unknown".into(), |cost| NanoUsd(cost).to_string());
            let project = entry.project.as_deref().unwrap_or("no project");
            put(&format!("{}  {project}  {}  {}  {cost}\n", entry.at, entry.provider, entry.model));
        }
        Ok(())
    }))
}

pub fn journal(record: &Record) -> ExitCode {
    done(terminal::block_on(async {
        let app = open()?;
        if record.csv {
            put(&String::from_utf8_lossy(&words(app.cloud().journal_file())?));
            return Ok(());
        }
        let mut before: Option<EntryId> = None;
        loop {
            let lines = words(app.library.journal(before, PAGE))?;
            if before.is_none() && lines.is_empty() && !record.json {
                tell("No connection was ever made.\n");
            }
            let Some(last) = lines.last() else { return Ok(()) };
            before = Some(last.id);
            for line in lines {
                let entry = &line.entry;
                print(
                    &line,
                    record.json,
                    &format!("{}  {}  {}  {}\n", entry.at, entry.origin, entry.recipient, entry.why),
                );
            }
        }
    }))
}

/// Dollars as they are typed. A comma means thousands to some and cents to others.
fn amount(typed: &str) -> Result<f64, String> {
    typed.trim().parse().map_err(|_| "write it in figures, with a point before the cents: 5.50".into())
}

/// An amount as the user typed it.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // its range was looked at
fn nano_usd(dollars: f64) -> Result<NanoUsd, String> {
    if (0.0..1e6).contains(&dollars) {
        Ok(NanoUsd((dollars * 1e9).round() as u64))
    } else {
        Err("That is not an amount that a month could cost.".into())
    }
}

fn open() -> Result<App, String> {
    words(home::open())
}
