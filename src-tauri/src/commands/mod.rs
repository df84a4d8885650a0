//! What the window may ask. Each command hands on to the assistant and shows what
//! came of it; none decides anything.

// What a command is given is its own: that is how Tauri hands it over.
#![allow(clippy::needless_pass_by_value)]

pub mod chats;
pub mod models;
pub mod projects;
pub mod settings;
pub mod starting_points;

use std::sync::Arc;

use sotto_assistant::Sotto;
use tauri::State;

use crate::error::Trouble;

type House<'a> = State<'a, Arc<Sotto>>;
type Outcome<T> = Result<T, Trouble>;
