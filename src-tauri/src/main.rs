//! The shell: commands in, events out, windows and menus. No logic.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod bindings;
mod cli;
mod clipboard;
mod commands;
mod convert;
mod dropped;
mod error;
mod events;
mod home;
mod import;
mod instance;
mod memory;
mod menu;
mod remembered;
mod terminal;
mod views;
mod visits;
mod webview;
mod window;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use cli::{ask, backups, cloud, export, key, models};

/// Talk and write with an AI that stays on your machine.
#[derive(Parser)]
#[command(name = "sotto", version)]
struct Arguments {
    /// Use this model: a GGUF file or a folder.
    #[arg(long, value_name = "PATH", global = true)]
    model: Option<PathBuf>,
    #[command(subcommand)]
    task: Option<Task>,
}

#[derive(Subcommand)]
enum Task {
    /// Ask once, without a window; the answer streams to standard output
    Ask(ask::Question),
    /// Pages and conversations as files: Word, EPUB, PDF, Markdown, HTML, text or JSON
    Export(export::Export),
    /// Files that others wrote become pages: Word, OpenDocument, RTF, EPUB, HTML, Markdown, text
    Import(import::Import),
    /// Make a backup of everything now
    Backup(backups::BackUp),
    /// The backups that are there, and where they are kept
    Backups(backups::Backups),
    /// Go back to a backup, or bring back what is missing
    Restore(backups::Restore),
    /// The key that your library is encrypted with
    #[command(subcommand)]
    Key(key::Key),
    /// Models: what is here and on offer; get, import, verify, remove
    Models(models::Models),
    /// The cloud: off until you switch it on and set a provider up
    #[command(subcommand)]
    Cloud(cloud::Cloud),
    /// The offline lock: while it is on, nothing leaves this computer
    Lock(cloud::Lock),
    /// What was answered elsewhere, and what it cost
    Ledger(cloud::Record),
    /// Every connection that Sotto ever made
    Journal(cloud::Record),
}

fn main() -> ExitCode {
    close_the_back_door();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("SOTTO_LOG").unwrap_or_else(|_| "warn".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    memory::leave_no_dumps();
    memory::write_for_the_user_alone();
    let arguments = Arguments::parse();
    if arguments.task.is_some() {
        memory::close();
    }
    dispatch(arguments)
}

fn dispatch(Arguments { model, task }: Arguments) -> ExitCode {
    match task {
        Some(Task::Ask(question)) => ask::run(&question, model),
        Some(Task::Export(what)) => export::run(&what),
        Some(Task::Import(what)) => import::run(&what),
        Some(Task::Backup(what)) => backups::back_up(&what),
        Some(Task::Backups(what)) => backups::list(&what),
        Some(Task::Restore(what)) => backups::restore(&what),
        Some(Task::Key(task)) => key::run(task),
        Some(Task::Models(task)) => models::run(task),
        Some(Task::Cloud(task)) => cloud::run(task),
        Some(Task::Lock(lock)) => cloud::lock(&lock),
        Some(Task::Ledger(record)) => cloud::ledger(&record),
        Some(Task::Journal(record)) => cloud::journal(&record),
        None => window::run(model),
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests;

/// `WebKitGTK` lets anybody drive the window where this variable is set. Released
/// builds take it away before anything could read it; the tests drive a debug build, and
/// the bench a release build with the feature `driven`.
#[cfg(not(any(debug_assertions, feature = "driven")))]
#[allow(unsafe_code)]
fn close_the_back_door() {
    // SAFETY: called first thing in `main`, when this is the only thread.
    unsafe { std::env::remove_var("TAURI_WEBVIEW_AUTOMATION") }
}

#[cfg(any(debug_assertions, feature = "driven"))]
fn close_the_back_door() {}
