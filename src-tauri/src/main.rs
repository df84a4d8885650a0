//! The shell: commands in, events out, windows and menus. No logic.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod ask;
mod bindings;
mod commands;
mod error;
mod home;
mod show;
mod views;
mod window;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

/// Talk and write with an AI that stays on your machine.
#[derive(Parser)]
#[command(name = "sotto", version)]
struct Arguments {
    /// Open this model: a folder.
    #[arg(long, value_name = "PATH", global = true)]
    model: Option<PathBuf>,
    #[command(subcommand)]
    task: Option<Task>,
}

#[derive(Subcommand)]
enum Task {
    /// Ask once, without a window; the answer streams to standard output
    Ask(ask::Question),
}

fn main() -> ExitCode {
    close_the_back_door();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("SOTTO_LOG").unwrap_or_else(|_| "warn".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    let Arguments { model, task } = Arguments::parse();
    match task {
        Some(Task::Ask(question)) => ask::run(&question, model),
        None => window::run(model),
    }
}

/// WebKitGTK lets anybody drive the window where this variable is set. Released
/// builds take it away before anything could read it; the tests drive a debug build.
#[cfg(not(debug_assertions))]
#[allow(unsafe_code)]
fn close_the_back_door() {
    // SAFETY: called first thing in `main`, when this is the only thread.
    unsafe { std::env::remove_var("TAURI_WEBVIEW_AUTOMATION") }
}

#[cfg(debug_assertions)]
fn close_the_back_door() {}
