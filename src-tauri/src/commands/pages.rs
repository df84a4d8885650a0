//! Pages: their documents, proposals for them, their versions, and as files.

use sotto_assistant::{Document, SendError, Step, Totals, changes};
use sotto_domain::{PageId, ProjectId};
use tauri::{AppHandle, ipc::Channel};

use super::{House, Outcome, save};
use crate::{
    error::Trouble,
    show::{cloud, pages as show},
    views::{
        AskView, CloudChoiceView, FormView, OpenPage, PageCommandView, PageHit, PieceView, ProposalEvent,
        SheetView, TotalsView, VersionView, WayView, WhyView,
    },
};

/// The most hits that a search shows.
const HITS: usize = 30;

#[tauri::command(async)]
#[specta::specta]
pub fn create_page(house: House<'_>, project: Option<i64>, title: String) -> Outcome<OpenPage> {
    let document = Document::default();
    let made = house.create_page(project.map(ProjectId), title.trim(), &document)?;
    Ok(show::opened(&house, made, &document)?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn read_page(house: House<'_>, id: i64) -> Outcome<OpenPage> {
    Ok(show::open(&house, PageId(id))?)
}

/// `remove` blocks from `from` on make way for `blocks`, in a page of revision `base`.
#[tauri::command(async)]
#[specta::specta]
pub fn save_page(
    house: House<'_>,
    id: i64,
    base: i64,
    from: u32,
    remove: u32,
    blocks: String,
) -> Outcome<i64> {
    let place = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
    let step = Step::parse(place(from), place(remove), &blocks).map_err(sotto_assistant::StoreError::from)?;
    Ok(house.save_page(PageId(id), base, &step)?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn rename_page(house: House<'_>, id: i64, title: String) -> Outcome<()> {
    Ok(house.library.rename_page(PageId(id), title.trim())?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn set_page_part(house: House<'_>, id: i64, part: String) -> Outcome<()> {
    Ok(house.library.set_page_part(PageId(id), part.trim())?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn set_page_language(house: House<'_>, id: i64, language: String) -> Outcome<()> {
    Ok(house.library.set_page_language(PageId(id), language.trim())?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn set_page_goal(house: House<'_>, id: i64, goal: u32) -> Outcome<()> {
    Ok(house.library.set_page_goal(PageId(id), u64::from(goal))?)
}

/// What stands from block `at` on becomes a page of its own.
#[tauri::command(async)]
#[specta::specta]
pub fn split_page(house: House<'_>, id: i64, base: i64, at: u32, title: String) -> Outcome<i64> {
    let at = usize::try_from(at).unwrap_or(usize::MAX);
    Ok(house.split_page(PageId(id), base, at, title.trim())?.id.0)
}

/// The next page of its project comes to the end of this one; the revision that this makes.
#[tauri::command(async)]
#[specta::specta]
pub fn merge_page(house: House<'_>, id: i64, base: i64) -> Outcome<i64> {
    Ok(house.merge_page(PageId(id), base)?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn duplicate_page(house: House<'_>, id: i64, title: String) -> Outcome<i64> {
    Ok(house.duplicate_page(PageId(id), title.trim())?.id.0)
}

/// What the user has a model do again and again, on the pages of a project.
#[tauri::command(async)]
#[specta::specta]
pub fn page_commands(house: House<'_>, project: Option<i64>) -> Outcome<Vec<PageCommandView>> {
    let all = house.library.page_commands(project.map(ProjectId))?;
    Ok(all.into_iter().map(show::command).collect())
}

#[tauri::command(async)]
#[specta::specta]
pub fn add_page_command(house: House<'_>, project: Option<i64>, name: String, words: String) -> Outcome<()> {
    Ok(house.library.add_page_command(project.map(ProjectId), name.trim(), words.trim())?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn remove_page_command(house: House<'_>, id: i64) -> Outcome<()> {
    Ok(house.library.remove_page_command(id)?)
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
pub fn move_page(house: House<'_>, id: i64, project: Option<i64>) -> Outcome<()> {
    Ok(house.library.move_page(PageId(id), project.map(ProjectId))?)
}

/// Right before another; null: at the end.
#[tauri::command(async)]
#[specta::specta]
pub fn place_page(house: House<'_>, id: i64, before: Option<i64>) -> Outcome<()> {
    Ok(house.library.place_page(PageId(id), before.map(PageId))?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn set_hands_off(house: House<'_>, project: i64, hands_off: bool) -> Outcome<()> {
    Ok(house.library.set_hands_off(ProjectId(project), hands_off)?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn search_pages(house: House<'_>, query: String) -> Outcome<Vec<PageHit>> {
    Ok(house.library.search_pages(&query, HITS)?.into_iter().map(show::hit).collect())
}

/// What would leave, were a proposal made elsewhere.
#[tauri::command]
#[specta::specta]
pub async fn proposal_sheet(
    house: House<'_>,
    page: i64,
    ask: AskView,
    once: CloudChoiceView,
    left_out: Vec<String>,
) -> Outcome<Option<SheetView>> {
    let (command, passage) = show::asked(ask);
    let once = cloud::chosen(once);
    let sheet = house.proposal_sheet(PageId(page), &command, &passage, &once, &cloud::keys(&left_out)).await;
    Ok(sheet.map_err(nothing_selected)?.map(cloud::sheet))
}

/// Has a model propose something, the one on this device unless `way` says otherwise; returns when it
/// is over.
#[tauri::command]
#[specta::specta]
pub async fn propose(
    house: House<'_>,
    page: i64,
    ask: AskView,
    way: WayView,
    channel: Channel<ProposalEvent>,
) -> Outcome<()> {
    let (command, passage) = show::asked(ask);
    let tell = |event| {
        if let Err(error) = channel.send(show::event(event)) {
            tracing::debug!(%error, "nobody is listening to this proposal");
        }
    };
    let outcome = house.propose(PageId(page), &command, &passage, &cloud::options(way), tell).await;
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
pub fn stop_proposal(house: House<'_>, page: i64) {
    house.stop_proposal(PageId(page));
}

#[tauri::command(async)]
#[specta::specta]
pub fn take_version(house: House<'_>, page: i64, why: WhyView, name: Option<String>) -> Outcome<()> {
    let name = name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    Ok(house.take_version(PageId(page), show::why(why), name)?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn versions(house: House<'_>, page: i64) -> Outcome<Vec<VersionView>> {
    Ok(house.library.versions(PageId(page))?.into_iter().map(show::version).collect())
}

/// The document of a version, as the editor's own JSON.
#[tauri::command(async)]
#[specta::specta]
pub fn version_document(house: House<'_>, version: i64) -> Outcome<String> {
    Ok(house.library.version(version)?.1.to_json())
}

/// The way from a version to another, or to its page as it is.
#[tauri::command(async)]
#[specta::specta]
pub fn compare_version(house: House<'_>, version: i64, later: Option<i64>) -> Outcome<Vec<PieceView>> {
    let (page, before) = house.library.version(version)?;
    let after = match later {
        None => house.library.open_page(page)?.1,
        Some(later) => house.library.version(later)?.1,
    };
    Ok(changes(&before.text(), &after.text()).into_iter().map(show::piece).collect())
}

/// How the words of all pages of a project came; of those without a project, for none.
#[tauri::command(async)]
#[specta::specta]
pub fn project_totals(house: House<'_>, project: Option<i64>) -> Outcome<TotalsView> {
    let mut all = Totals::default();
    for page in house.library.pages()?.iter().filter(|page| page.project.map(|id| id.0) == project) {
        all += house.library.open_page(page.id)?.1.totals();
    }
    Ok(show::totals(all))
}

#[tauri::command(async)]
#[specta::specta]
pub fn page_totals(house: House<'_>, page: i64) -> Outcome<TotalsView> {
    Ok(show::totals(house.library.open_page(PageId(page))?.1.totals()))
}

/// Asks where to; the file's path, or null when the user changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn export_page(
    app: AppHandle,
    house: House<'_>,
    id: i64,
    form: FormView,
) -> Outcome<Option<String>> {
    save::export(&app, &house, sotto_assistant::Selection::Page(PageId(id)), form).await
}

/// The pages of a project, or of one heading in it, as one file; asks where to.
#[tauri::command]
#[specta::specta]
pub async fn export_pages(
    app: AppHandle,
    house: House<'_>,
    project: i64,
    part: Option<String>,
    form: FormView,
) -> Outcome<Option<String>> {
    let what = sotto_assistant::Selection::Pages { project: ProjectId(project), part };
    save::export(&app, &house, what, form).await
}
