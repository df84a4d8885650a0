//! `sotto backup`, `sotto backups` and `sotto restore`: copies of everything, and the way back.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use serde::Serialize;
use sotto_app::{BackUpWhy, Contents, Keys, read_recovery_key, restore_library};

use crate::{
    cli::key,
    convert, home,
    terminal::{self, print, put, tell, words},
    views::BackupView,
};

#[derive(Args)]
pub struct BackUp {
    /// Into this folder, for this one time
    #[arg(long, value_name = "FOLDER")]
    into: Option<PathBuf>,
}

#[derive(Args)]
pub struct Backups {
    /// Keep backups in this folder from now on: on another disk, or in one that is synced
    #[arg(long, value_name = "FOLDER", conflicts_with = "keep_at_home")]
    keep_in: Option<PathBuf>,
    /// Keep them in Sotto's own folder from now on
    #[arg(long)]
    keep_at_home: bool,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub struct Restore {
    /// A file that `sotto backups` lists
    #[arg(value_name = "FILE")]
    backup: PathBuf,
    /// Bring back what is missing, and leave everything else as it is
    #[arg(long)]
    merge: bool,
    /// Read the recovery key of a backup that another library made, from standard input
    #[arg(long)]
    key_from_stdin: bool,
}

#[derive(Serialize)]
struct Line {
    path: String,
    #[serde(flatten)]
    backup: BackupView,
}

pub fn back_up(BackUp { into }: &BackUp) -> ExitCode {
    terminal::done(terminal::block_on(async {
        let app = words(home::open())?;
        let (file, contents) = words(match into {
            Some(folder) => app.backups().make_in(folder),
            None => app.backups().make(BackUpWhy::Asked),
        })?;
        put(&format!("{}\n", file.path.display()));
        tell(&format!(
            "It holds {}. It was read back and is whole. Another computer opens it with your recovery key: \
             sotto key show.\n",
            held(contents)
        ));
        Ok(())
    }))
}

pub fn list(Backups { keep_in, keep_at_home, json }: &Backups) -> ExitCode {
    terminal::done(terminal::block_on(async {
        let app = words(home::open())?;
        if keep_in.is_some() || *keep_at_home {
            words(app.backups().keep_in(keep_in.clone()))?;
        }
        if let Some(trouble) = app.backups().trouble() {
            tell(&format!("The last backup failed. {trouble}\n"));
        }
        let all = app.backups().all();
        if all.is_empty() && !json {
            tell(&format!("There are no backups in {} yet.\n", app.backups().folder().display()));
        }
        for file in all {
            let path = file.path.display().to_string();
            let text = format!("{path}\n");
            print(&Line { path, backup: convert::backups::backup(file) }, *json, &text);
        }
        Ok(())
    }))
}

pub fn restore(Restore { backup, merge, key_from_stdin }: &Restore) -> ExitCode {
    terminal::done(terminal::block_on(async {
        let theirs =
            if *key_from_stdin { Some(words(read_recovery_key(&key::from_stdin()?))?) } else { None };
        let theirs = theirs.as_ref();
        if *merge {
            let back = words(words(home::open())?.backups().merge(backup, theirs))?;
            put(&if back == Contents::default() {
                "Nothing was missing.\n".to_owned()
            } else {
                format!("Back again: {}.\n", held(back))
            });
            return Ok(());
        }
        let home = words(home::folder())?;
        let contents = words(restore_library(&home, backup, theirs, &Keys::of_the_system(), home::now()))?;
        // It takes the place of the one there is where nobody else has that open.
        let opened = home::open();
        if home.join("restore").exists() {
            put("Sotto is open elsewhere. Close it: what was restored is there when you start it again.\n");
        } else {
            words(opened)?;
            put(&format!("Restored: {}.\n", held(contents)));
        }
        tell(&format!("What was there before is kept in {}, in a folder of its own.\n", home.display()));
        Ok(())
    }))
}

fn held(contents: Contents) -> String {
    let Contents { projects, conversations, messages, pages } = contents;
    let some = |count: u64, one: &str| match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {one}s"),
    };
    format!(
        "{}, {}, {} and {}",
        some(projects, "project"),
        some(conversations, "conversation"),
        some(messages, "message"),
        some(pages, "page")
    )
}
