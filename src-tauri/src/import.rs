//! Files that others wrote: which they are, and what they become. `sotto import`, and what the
//! window hands over.

mod chats;

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use clap::{Args, ValueEnum};
use sotto_app::{
    App, BackUpWhy, ImportError, Imported, LONGEST_FILE, StoreError, TrackedChanges, read_file,
    read_scrivener,
};
use sotto_domain::ProjectId;

use crate::{
    home,
    terminal::{self, end_progress, one_of, tell, tell_progress, words},
    views::ImportedView,
};

/// What the names of files end with that become pages.
pub const ENDINGS: &[&str] =
    &["docx", "odt", "rtf", "epub", "html", "htm", "md", "markdown", "txt", "text", "json", "scrivx"];

#[derive(Args)]
pub struct Import {
    /// Word, OpenDocument, RTF, EPUB, HTML, Markdown and text files, Scrivener's folders; and what
    /// ChatGPT, Claude, Open WebUI, LM Studio and Jan give out of their conversations
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Into this project, by its name or number; one that is not there yet is made
    #[arg(long, value_name = "NAME")]
    project: Option<String>,
    /// What becomes of tracked changes
    #[arg(long, value_enum, default_value = "accept")]
    changes: Changes,
}

#[derive(Clone, Copy, ValueEnum)]
enum Changes {
    /// The text with them
    Accept,
    /// The text without them
    Reject,
}

pub fn run(import: &Import) -> ExitCode {
    match terminal::block_on(async { take(import) }) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(trouble) => {
            tell(&format!("{trouble}\n"));
            ExitCode::FAILURE
        }
    }
}

/// Whether anything came in.
fn take(import: &Import) -> Result<bool, String> {
    let app = words(home::open())?;
    let project = match &import.project {
        None => None,
        Some(which) => Some(project(&app, which)?),
    };
    let changes = match import.changes {
        Changes::Accept => TrackedChanges::Accept,
        Changes::Reject => TrackedChanges::Reject,
    };
    // Pictures are looked at in a process that is waited for.
    let brought = tokio::task::block_in_place(|| {
        bring(&app, import.files.clone(), project, changes, &mut |name, percent| {
            tell_progress(name, percent.into(), 100);
            true
        })
    });
    end_progress();
    let ImportedView { pages, conversations, already, left_out, .. } = words(brought)?;
    for sentence in left_out {
        tell(&format!("{sentence}\n"));
    }
    tell(&format!("{}\n", summary(pages, conversations, already)));
    Ok(pages + conversations + already > 0)
}

/// What came in, in words.
fn summary(pages: u32, conversations: u32, already: u32) -> String {
    let some = |count: u32, one: &str| match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {one}s"),
    };
    let mut parts = Vec::new();
    if pages > 0 {
        parts.push(some(pages, "page"));
    }
    if conversations > 0 {
        parts.push(some(conversations, "conversation"));
    }
    let taken = if parts.is_empty() {
        "Nothing was imported".into()
    } else {
        format!("Imported {}", parts.join(" and "))
    };
    match already {
        0 => format!("{taken}."),
        _ => format!("{taken}; {} had been imported before.", some(already, "conversation")),
    }
}

fn project(app: &App, which: &str) -> Result<ProjectId, String> {
    let all = words(app.library.projects())?;
    let known = all.iter().any(|one| one.name.to_lowercase() == which.trim().to_lowercase())
        || which.trim().parse::<i64>().is_ok_and(|id| all.iter().any(|one| one.id.0 == id));
    if known {
        let named = all.into_iter().map(|one| (one.id.0, one.name));
        return Ok(ProjectId(one_of(named, which, "project")?));
    }
    Ok(words(app.projects().create(which.trim()))?.id)
}

/// Tells an import under way that it should end.
#[derive(Debug, Default)]
pub struct Stopping(Mutex<Stop>);

#[derive(Debug, Default, Clone)]
pub struct Stop(Arc<AtomicBool>);

impl Stopping {
    pub fn begin(&self) -> Stop {
        let stop = Stop::default();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = stop.clone();
        stop
    }

    pub fn stop(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0.store(true, Ordering::Relaxed);
    }
}

impl Stop {
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Takes files in, one after another. `told` hears how far it is, and says whether to go on. What
/// a file is in the way of is said, and the others are taken.
///
/// # Errors
/// [`StoreError`]: the library refused. What came in before stays.
pub fn bring(
    app: &App,
    paths: Vec<PathBuf>,
    project: Option<ProjectId>,
    changes: TrackedChanges,
    told: &mut dyn FnMut(&str, u8) -> bool,
) -> Result<ImportedView, StoreError> {
    // What goes wrong with it is said until it is mended, and is no reason to take nothing in.
    if let Err(error) = app.backups().make_before(BackUpWhy::Import) {
        tracing::warn!(%error, "no backup was made before files came in");
    }
    let mut view = ImportedView { page: None, pages: 0, conversations: 0, already: 0, left_out: vec![] };
    let (many, count) = (paths.len() > 1, paths.len());
    for (at, path) in paths.into_iter().enumerate() {
        let name = name_of(&path);
        let percent = u8::try_from(at * 100 / count).unwrap_or_default();
        if !told(&name, percent) {
            break;
        }
        let mut chats = app.chats().import(project)?;
        let files = chat_files(&path, &name);
        let said =
            files.and_then(|files| chats::take(files, &mut chats, &mut |percent| told(&name, percent)));
        if let Some(said) = said {
            view.conversations += chats.taken;
            view.already += chats.already;
            view.left_out.extend(said);
            continue;
        }
        match read(&path, &name, changes) {
            Ok(mut imported) => {
                let made = app.pages().import(project, &mut imported, || told(&name, percent))?;
                view.page = view.page.or(made.first().map(|page| page.0));
                view.pages += u32::try_from(made.len()).unwrap_or_default();
                let said = imported.left_out.into_iter();
                view.left_out.extend(said.map(|one| if many { format!("“{name}”: {one}") } else { one }));
            }
            Err(trouble) => view.left_out.push(trouble),
        }
    }
    Ok(view)
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Where another app's conversations would lie, if this is what it gave out.
fn chat_files(path: &Path, name: &str) -> Option<chats::Files> {
    if path.is_dir() {
        let scrivener = name.to_lowercase().ends_with(".scriv");
        return (!scrivener).then(|| chats::Files::Folder(path.to_path_buf()));
    }
    match path.extension()?.to_string_lossy().to_lowercase().as_str() {
        "zip" => chats::Files::archive(path),
        "json" if path.metadata().is_ok_and(|about| about.is_file()) => {
            Some(chats::Files::One(path.to_path_buf()))
        }
        _ => None,
    }
}

/// Reads one file, or a folder of Scrivener's.
fn read(path: &Path, name: &str, changes: TrackedChanges) -> Result<Imported, String> {
    let why = |error: ImportError| format!("“{name}” {error}. Nothing of it was imported.");
    if path.is_dir() {
        return scrivener(path, name).unwrap_or_else(|| {
            Err(format!("“{name}” is a folder in which nothing was found that can be imported. Choose the files in it."))
        });
    }
    // The list inside of Scrivener's folder stands for the folder.
    if let (true, Some(folder)) = (name.to_lowercase().ends_with(".scrivx"), path.parent())
        && let Some(taken) = scrivener(folder, &name_of(folder))
    {
        return taken;
    }
    let bytes =
        bytes(path).ok_or_else(|| format!("“{name}” could not be read. Nothing of it was imported."))?;
    read_file(name, &bytes, changes).map_err(why)
}

/// `None` where it is no folder of Scrivener's.
fn scrivener(folder: &Path, name: &str) -> Option<Result<Imported, String>> {
    let is_list =
        |path: &PathBuf| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("scrivx"));
    let list = folder.read_dir().ok()?.filter_map(|entry| Some(entry.ok()?.path())).find(is_list)?;
    let inside = folder.canonicalize().ok()?;
    let mut file = |path: &str| {
        let path = folder.join(path).canonicalize().ok()?;
        // A link may lead anywhere.
        if path.starts_with(&inside) { bytes(&path) } else { None }
    };
    let Some(list) = bytes(&list) else {
        return Some(Err(format!("“{name}” could not be read. Nothing of it was imported.")));
    };
    let why = |error: ImportError| format!("“{name}” {error}. Nothing of it was imported.");
    Some(read_scrivener(name, &list, &mut file).map_err(why))
}

/// All of a regular file; what is none might never end.
fn bytes(path: &Path) -> Option<Vec<u8>> {
    if !path.metadata().ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    // One byte more than may be: who reads it says that it is too large.
    File::open(path).ok()?.take(LONGEST_FILE + 1).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}
