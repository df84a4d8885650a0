//! `sotto export`: pages and conversations as files, into a folder or to standard output.

use std::{
    fs,
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Subcommand, ValueEnum};
use sotto_app::{App, File, Form, Selection};
use sotto_domain::{ConversationId, PageId, ProjectId};

use crate::{
    home,
    terminal::{self, one_of, put, put_bytes, tell, words},
};

#[derive(Args)]
pub struct Export {
    #[command(subcommand)]
    what: What,
    /// The form of the files; JSON has every branch
    #[arg(long = "as", value_name = "FORM", value_enum, default_value = "markdown", global = true)]
    form: As,
    /// Who wrote it, for forms that say so
    #[arg(long, value_name = "NAME", default_value = "", global = true)]
    author: String,
    /// Write files into this folder; nothing in it is replaced
    #[arg(long, value_name = "FOLDER", global = true)]
    into: Option<PathBuf>,
}

#[derive(Subcommand)]
enum What {
    /// One conversation
    Conversation {
        /// Its title or its number
        which: String,
    },
    /// One page
    Page {
        /// Its title or its number
        which: String,
        /// Show what changed since this version of it, as tracked changes
        #[arg(long, value_name = "NUMBER")]
        since: Option<i64>,
    },
    /// The pages of a project, as one file
    Pages {
        /// The project's name or its number
        which: String,
        /// Those under this heading alone
        #[arg(long, value_name = "HEADING")]
        part: Option<String>,
    },
    /// The pages, conversations and notes of a project
    Project {
        /// Its name or its number
        which: String,
    },
    /// Everything that is not in the trash
    All,
}

#[derive(Clone, Copy, ValueEnum)]
enum As {
    Markdown,
    Html,
    Json,
    /// Plain text
    Txt,
    /// A Word file
    Docx,
    /// A Word file in Standard Manuscript Format
    Manuscript,
    /// A book for readers of such
    Epub,
    /// Pages as they are printed
    Pdf,
    /// Markdown with who wrote what at its end (iA's Markdown Annotations)
    Annotated,
    /// Where the words came from, to read in a browser
    Record,
}

impl From<As> for Form {
    fn from(form: As) -> Self {
        match form {
            As::Markdown => Self::Markdown,
            As::Html => Self::Html,
            As::Json => Self::Json,
            As::Txt => Self::Text,
            As::Docx => Self::Docx,
            As::Manuscript => Self::Manuscript,
            As::Epub => Self::Epub,
            As::Pdf => Self::Pdf,
            As::Annotated => Self::Annotated,
            As::Record => Self::Record,
        }
    }
}

pub fn run(export: &Export) -> ExitCode {
    match terminal::block_on(async { write(export) }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            tell(&format!("{trouble}\n"));
            ExitCode::FAILURE
        }
    }
}

fn write(export: &Export) -> Result<(), String> {
    let Export { what, form, author, into } = export;
    let form = Form::from(*form);
    let one = matches!(what, What::Conversation { .. } | What::Page { .. } | What::Pages { .. });
    if into.is_none() && !one && !matches!(form, Form::Markdown | Form::Json | Form::Text) {
        return Err(
            "These are files, one for each page and conversation. Name a folder for them: --into FOLDER."
                .into(),
        );
    }
    if into.is_none()
        && io::stdout().is_terminal()
        && matches!(form, Form::Docx | Form::Manuscript | Form::Epub | Form::Pdf)
    {
        return Err(
            "This is no text for a terminal. Name a folder for it (--into FOLDER), or a file (> FILE)."
                .into(),
        );
    }
    let app = words(home::open())?;
    let selection = selection(&app, what)?;
    let mut first = true;
    let count = words(app.projects().export(selection, form, author, |file| {
        if let Some(folder) = into {
            return save(folder, &file).map(|path| tell(&format!("{}\n", path.display())));
        }
        if form == Form::Markdown && !std::mem::take(&mut first) {
            put("\n---\n\n");
        }
        put_bytes(&file.bytes);
        Ok(())
    }))?;
    if count == 0 {
        tell("There is nothing to export yet.\n");
    }
    Ok(())
}

fn selection(app: &App, what: &What) -> Result<Selection, String> {
    Ok(match what {
        What::All => Selection::All,
        What::Conversation { which } => {
            let all = words(app.library.conversations())?;
            let named = all.into_iter().map(|one| (one.id.0, one.title));
            Selection::Conversation(ConversationId(one_of(named, which, "conversation")?))
        }
        What::Page { which, since } => {
            let all = words(app.library.pages())?;
            let named = all.into_iter().map(|one| (one.id.0, one.title));
            let page = PageId(one_of(named, which, "page")?);
            since.map_or(Selection::Page(page), |since| Selection::Revision { page, since })
        }
        What::Pages { which, part } => Selection::Pages { project: project(app, which)?, part: part.clone() },
        What::Project { which } => Selection::Project(project(app, which)?),
    })
}

fn project(app: &App, which: &str) -> Result<ProjectId, String> {
    let named = words(app.library.projects())?.into_iter().map(|one| (one.id.0, one.name));
    Ok(ProjectId(one_of(named, which, "project")?))
}

/// Writes a file that was not there before; says under which name.
pub fn save(folder: &Path, file: &File) -> io::Result<PathBuf> {
    let wanted = folder.join(&file.name);
    if let Some(folder) = wanted.parent() {
        fs::create_dir_all(folder)?;
    }
    let part = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (stem, ending) = (part(wanted.file_stem()), part(wanted.extension()));
    let mut path = wanted.clone();
    let mut number = 1;
    loop {
        match fs::File::create_new(&path) {
            Ok(mut opened) => {
                opened.write_all(&file.bytes)?;
                opened.sync_all()?;
                return Ok(path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                number += 1;
                path = wanted.with_file_name(format!("{stem} ({number}).{ending}"));
            }
            Err(error) => return Err(error),
        }
    }
}
