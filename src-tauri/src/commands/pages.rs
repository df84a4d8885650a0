//! Pages: their documents, proposals for them, their versions, and as files.

use sotto_app::{
    AnswerOptions, Document, Form, PageCommand, PageHit, Piece, SendError, Sheet, Step, Totals, Version, Why,
};
use sotto_domain::{CloudChoice, PageId, PartKey, ProjectId};
use tauri::{AppHandle, ipc::Channel};

use super::{AppState, Outcome, save};
use crate::{
    convert::pages as convert,
    error::Trouble,
    views::{AskView, OpenPage, OrderedView, ProposalEvent},
};

#[tauri::command(async)]
#[specta::specta]
pub fn create_page(app: AppState<'_>, project: Option<i64>, title: String) -> Outcome<OpenPage> {
    let document = Document::default();
    let made = app.pages().create(project.map(ProjectId), title.trim(), &document)?;
    Ok(convert::opened(&app, made, &document)?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn read_page(app: AppState<'_>, id: i64) -> Outcome<OpenPage> {
    Ok(convert::open(&app, PageId(id))?)
}

/// `remove` blocks from `from` on make way for `blocks`, in a page of revision `base`.
#[tauri::command(async)]
#[specta::specta]
pub fn save_page(
    app: AppState<'_>,
    id: i64,
    base: i64,
    from: u32,
    remove: u32,
    blocks: String,
) -> Outcome<i64> {
    let place = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
    let step = Step::parse(place(from), place(remove), &blocks).map_err(sotto_app::StoreError::from)?;
    Ok(app.pages().save(PageId(id), base, &step)?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn rename_page(app: AppState<'_>, id: i64, title: String) -> Outcome<()> {
    Ok(app.library.rename_page(PageId(id), title.trim())?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn set_page_language(app: AppState<'_>, id: i64, language: String) -> Outcome<()> {
    Ok(app.library.set_page_language(PageId(id), language.trim())?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn set_page_goal(app: AppState<'_>, id: i64, goal: u32) -> Outcome<()> {
    Ok(app.library.set_page_goal(PageId(id), u64::from(goal))?)
}

/// What stands from block `at` on becomes a page of its own.
#[tauri::command(async)]
#[specta::specta]
pub fn split_page(app: AppState<'_>, id: i64, base: i64, at: u32, title: String) -> Outcome<i64> {
    let at = usize::try_from(at).unwrap_or(usize::MAX);
    Ok(app.pages().split(PageId(id), base, at, title.trim())?.id.0)
}

/// The next page of its project comes to the end of this one; the revision that this makes.
#[tauri::command(async)]
#[specta::specta]
pub fn merge_page(app: AppState<'_>, id: i64, base: i64) -> Outcome<i64> {
    Ok(app.pages().merge(PageId(id), base)?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn duplicate_page(app: AppState<'_>, id: i64, title: String) -> Outcome<i64> {
    Ok(app.pages().duplicate(PageId(id), title.trim())?.id.0)
}

/// What the user has a model do again and again, on the pages of a project.
#[tauri::command(async)]
#[specta::specta]
pub fn page_commands(app: AppState<'_>, project: Option<i64>) -> Outcome<Vec<PageCommand>> {
    Ok(app.library.page_commands(project.map(ProjectId))?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn add_page_command(app: AppState<'_>, project: Option<i64>, name: String, words: String) -> Outcome<()> {
    Ok(app.library.add_page_command(project.map(ProjectId), name.trim(), words.trim())?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn remove_page_command(app: AppState<'_>, id: i64) -> Outcome<()> {
    Ok(app.library.remove_page_command(id)?)
}

/// Has the system look at the spelling of these languages, where it can: tags such as "en".
#[tauri::command]
#[specta::specta]
pub fn check_spelling(webview: tauri::WebviewWindow, languages: Vec<String>) {
    if let Err(error) = crate::webview::check_spelling(&webview, languages) {
        tracing::warn!(%error, "the system does not look at the spelling");
    }
}

#[tauri::command(async)]
#[specta::specta]
pub fn move_page(app: AppState<'_>, id: i64, project: Option<i64>) -> Outcome<()> {
    Ok(app.library.move_page(PageId(id), project.map(ProjectId))?)
}

/// What a project holds comes into this order; of what has no project, for none.
#[tauri::command(async)]
#[specta::specta]
pub fn arrange(app: AppState<'_>, project: Option<i64>, order: Vec<OrderedView>) -> Outcome<()> {
    let order: Vec<_> = order.into_iter().map(convert::ordered).collect();
    Ok(app.library.arrange(project.map(ProjectId), &order)?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn set_hands_off(app: AppState<'_>, project: i64, hands_off: bool) -> Outcome<()> {
    Ok(app.library.set_hands_off(ProjectId(project), hands_off)?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn search_pages(app: AppState<'_>, query: String) -> Outcome<Vec<PageHit>> {
    Ok(app.pages().search(&query)?)
}

/// What would leave, were a proposal made elsewhere.
#[tauri::command]
#[specta::specta]
pub async fn proposal_sheet(
    app: AppState<'_>,
    page: i64,
    ask: AskView,
    once: CloudChoice,
    left_out: Vec<PartKey>,
) -> Outcome<Option<Sheet>> {
    let (command, passage) = convert::asked(ask);
    let sheet = app.pages().sheet(PageId(page), &command, &passage, &once, &left_out).await;
    sheet.map_err(nothing_selected)
}

/// Has a model propose something, the one on this device unless `way` says otherwise; returns when it
/// is over.
#[tauri::command]
#[specta::specta]
pub async fn propose(
    app: AppState<'_>,
    page: i64,
    ask: AskView,
    way: AnswerOptions,
    channel: Channel<ProposalEvent>,
) -> Outcome<()> {
    let (command, passage) = convert::asked(ask);
    let tell = |event| {
        if let Err(error) = channel.send(convert::event(event)) {
            tracing::debug!(%error, "nobody is listening to this proposal");
        }
    };
    let outcome = app.pages().propose(PageId(page), &command, &passage, &way, tell).await;
    outcome.map_err(nothing_selected)
}

fn nothing_selected(error: SendError) -> Trouble {
    match error {
        SendError::Empty => Trouble::other("Select the words first that should change."),
        error => error.into(),
    }
}

#[tauri::command(async)]
#[specta::specta]
pub fn stop_proposal(app: AppState<'_>, page: i64) {
    app.pages().stop(PageId(page));
}

#[tauri::command(async)]
#[specta::specta]
pub fn take_version(app: AppState<'_>, page: i64, why: Why, name: Option<String>) -> Outcome<()> {
    let name = name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    Ok(app.pages().take_version(PageId(page), why, name)?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn versions(app: AppState<'_>, page: i64) -> Outcome<Vec<Version>> {
    Ok(app.library.versions(PageId(page))?)
}

/// The document of a version, as the editor's own JSON.
#[tauri::command(async)]
#[specta::specta]
pub fn version_document(app: AppState<'_>, version: i64) -> Outcome<String> {
    Ok(app.library.version(version)?.1.to_json())
}

/// The way from a version to another, or to its page as it is.
#[tauri::command(async)]
#[specta::specta]
pub fn compare_version(app: AppState<'_>, version: i64, later: Option<i64>) -> Outcome<Vec<Piece>> {
    Ok(app.pages().compare(version, later)?)
}

/// How the words of all pages of a project came; of those without a project, for none.
#[tauri::command(async)]
#[specta::specta]
pub fn project_totals(app: AppState<'_>, project: Option<i64>) -> Outcome<Totals> {
    Ok(app.pages().totals(project.map(ProjectId))?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn page_totals(app: AppState<'_>, page: i64) -> Outcome<Totals> {
    Ok(app.library.open_page(PageId(page))?.1.totals())
}

/// Asks where to; the file's path, or null when the user changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn export_page(
    handle: AppHandle,
    app: AppState<'_>,
    id: i64,
    form: Form,
) -> Outcome<Option<String>> {
    save::export(&handle, &app, sotto_app::Selection::Page(PageId(id)), form).await
}

/// The pages of a project, or of one heading in it, as one file; asks where to.
#[tauri::command]
#[specta::specta]
pub async fn export_pages(
    handle: AppHandle,
    app: AppState<'_>,
    project: i64,
    part: Option<String>,
    form: Form,
) -> Outcome<Option<String>> {
    let what = sotto_app::Selection::Pages { project: ProjectId(project), part };
    save::export(&handle, &app, what, form).await
}
