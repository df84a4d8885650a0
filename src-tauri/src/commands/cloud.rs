//! The cloud: whether, who, where to, what leaves, and what left.

use sotto_app::{AnswerOptions, JournalLine, Keep, Month, ProviderSettings, Question, Sheet};
use sotto_domain::{CloudChoice, ConversationId, EntryId, Leaving, NanoUsd, PartKey, ProjectId, Secret};
use tauri::{AppHandle, ipc::Channel};

use super::{AppState, Outcome, chats::event_sink, off_thread, save::save};
use crate::{
    convert::{self, cloud as shown},
    error::Trouble,
    views::{AnswerEvent, CloudModelView, CloudState, KeepFor, Ledger, ProviderView, Thread},
};

const CSV: (&str, &str) = ("CSV", "csv");

#[tauri::command(async)]
#[specta::specta]
pub fn cloud(app: AppState<'_>) -> CloudState {
    convert::settings::cloud(&app)
}

#[tauri::command(async)]
#[specta::specta]
pub fn set_cloud(app: AppState<'_>, on: bool) -> Outcome<()> {
    Ok(app.cloud().set_on(on)?)
}

/// For conversations without a project; each project has its own.
#[tauri::command(async)]
#[specta::specta]
pub fn set_monthly_cap(app: AppState<'_>, cap: Option<u64>) -> Outcome<()> {
    Ok(app.cloud().set_monthly_cap(cap.map(NanoUsd))?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn set_offline_lock(app: AppState<'_>, on: bool) -> Outcome<()> {
    Ok(app.cloud().set_offline_lock(on)?)
}

/// Asks the keychain for each, so only where they are shown.
#[tauri::command]
#[specta::specta]
pub async fn providers(app: AppState<'_>) -> Outcome<Vec<ProviderView>> {
    let accounts = off_thread(&app, |app| app.cloud().accounts()).await?;
    Ok(accounts.into_iter().map(shown::account).collect())
}

/// `bill_to` is ignored where it cannot be said. A key for another address is forgotten.
#[tauri::command]
#[specta::specta]
pub async fn set_provider(
    app: AppState<'_>,
    id: String,
    place: String,
    bill_to: Option<String>,
    confirmed: bool,
) -> Outcome<ProviderView> {
    let set = ProviderSettings { place, bill_to: bill_to.unwrap_or_default(), free: false };
    let account = off_thread(&app, move |app| app.cloud().set_account(&id, set, confirmed)).await??;
    Ok(shown::account(account))
}

/// Of the user's own server alone, for the place where it is now.
#[tauri::command]
#[specta::specta]
pub async fn set_provider_free(app: AppState<'_>, id: String, free: bool) -> Outcome<ProviderView> {
    let account = off_thread(&app, move |app| app.cloud().set_free(&id, free)).await??;
    Ok(shown::account(account))
}

#[tauri::command]
#[specta::specta]
pub async fn save_key(
    app: AppState<'_>,
    id: String,
    key: String,
    keep_for: KeepFor,
) -> Outcome<ProviderView> {
    let key = Secret::new(key);
    let keep = match keep_for {
        KeepFor::Keychain => Keep::Keychain,
        KeepFor::ThisRun => Keep::ThisRun,
    };
    let account = off_thread(&app, move |app| app.cloud().save_key(&id, &key, keep)).await??;
    Ok(shown::account(account))
}

#[tauri::command]
#[specta::specta]
pub async fn forget_key(app: AppState<'_>, id: String) -> Outcome<ProviderView> {
    let account = off_thread(&app, move |app| app.cloud().forget_key(&id)).await??;
    Ok(shown::account(account))
}

/// Ends well, or with a sentence on what is wrong. `model`: asked a word where nothing
/// else will do.
#[tauri::command]
#[specta::specta]
pub async fn test_key(app: AppState<'_>, id: String, model: String) -> Outcome<()> {
    Ok(app.cloud().test_key(&id, &model).await?)
}

/// As read before in this run; `again` asks anew.
#[tauri::command]
#[specta::specta]
pub async fn cloud_models(app: AppState<'_>, provider: String, again: bool) -> Outcome<Vec<CloudModelView>> {
    let (_, models) = app.cloud().models(&provider, again).await?;
    Ok(models.iter().map(shown::model).collect())
}

/// A page of a provider's, in the system's browser; no others are opened.
#[tauri::command(async)]
#[specta::specta]
pub fn open_page(app: AppState<'_>, address: String) -> Outcome<()> {
    if !app.cloud().is_a_providers_page(&address) {
        return Err(Trouble::other("Sotto opens pages of the providers it knows only."));
    }
    open::that_detached(&address)
        .map_err(|error| Trouble::other(format!("The page could not be opened: {error}.")))
}

#[tauri::command(async)]
#[specta::specta]
pub fn set_leaving(app: AppState<'_>, conversation: i64, leaving: Leaving) -> Outcome<Thread> {
    let id = ConversationId(conversation);
    app.chats().set_leaving(id, &leaving)?;
    Ok(convert::thread(&app, id)?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn set_project_leaving(
    app: AppState<'_>,
    project: i64,
    leaving: Option<CloudChoice>,
    cap: Option<u64>,
) -> Outcome<()> {
    Ok(app.projects().set_leaving(ProjectId(project), leaving.as_ref(), cap.map(NanoUsd))?)
}

/// What would leave; null where it stays here or all of it was agreed to. `left_out`: what
/// the user struck out.
#[tauri::command]
#[specta::specta]
pub async fn sheet(
    app: AppState<'_>,
    question: Question,
    once: Option<CloudChoice>,
    left_out: Option<Vec<PartKey>>,
) -> Outcome<Option<Sheet>> {
    Ok(app.chats().sheet(&question, once.as_ref(), left_out.as_deref()).await?)
}

/// Asks, and tells what comes; returns when the answer is finished.
#[tauri::command]
#[specta::specta]
pub async fn ask(
    app: AppState<'_>,
    question: Question,
    way: AnswerOptions,
    on_event: Channel<AnswerEvent>,
) -> Outcome<()> {
    Ok(app.chats().ask(&question, &way, event_sink(&app, on_event)).await?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn ledger(app: AppState<'_>, month: String) -> Outcome<Ledger> {
    let month = month.parse::<Month>().map_err(|error| Trouble::other(error.to_string()))?;
    Ok(shown::ledger(&app, month)?)
}

/// Asks where to; the file's path, or null when the user changed their mind. Null for all months.
#[tauri::command]
#[specta::specta]
pub async fn export_ledger(
    handle: AppHandle,
    app: AppState<'_>,
    month: Option<String>,
) -> Outcome<Option<String>> {
    let month = month.and_then(|month| month.parse().ok());
    let file = app.cloud().ledger_file(month)?;
    save(&handle, "sotto-ledger.csv", CSV, file).await
}

/// Newest first, before this one. Fewer than a hundred: there are no more.
#[tauri::command(async)]
#[specta::specta]
pub fn journal(app: AppState<'_>, before: Option<i64>) -> Outcome<Vec<JournalLine>> {
    Ok(app.cloud().journal(before.map(EntryId))?)
}

/// Asks where to; the file's path, or null when the user changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn export_journal(handle: AppHandle, app: AppState<'_>) -> Outcome<Option<String>> {
    let file = app.cloud().journal_file()?;
    save(&handle, "sotto-connections.csv", CSV, file).await
}
