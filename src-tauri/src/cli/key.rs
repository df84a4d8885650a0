//! `sotto key`: the key that the library is encrypted with, for the user to keep, and to give back.

use std::process::ExitCode;

use clap::Subcommand;
use sotto_app::{KeptIn, Keys, recover};
use sotto_domain::Secret;

use crate::{
    home,
    terminal::{self, done, put, tell, words},
};

#[derive(Clone, Copy, Subcommand)]
pub enum Key {
    /// Show the recovery key: with it the library and its backups open on any computer
    Show,
    /// Read a recovery key from standard input, for a library whose key was lost
    Restore,
}

pub fn run(task: Key) -> ExitCode {
    done(terminal::block_on(async {
        match task {
            Key::Show => show(),
            Key::Restore => restore(),
        }
    }))
}

fn show() -> Result<(), String> {
    let app = words(home::open())?;
    let kept = words(app.recovery().kept_in())?;
    tell(&format!(
        "This is the recovery key of your library, whose key is {}. With it your library and your backups open \
         on any computer, for whoever has it. Without it, and without that key, nobody can read them, nor can \
         Sotto. Write it down, or keep it with your passwords.\n\n",
        place(kept)
    ));
    put(&format!("{}\n", app.recovery().key().expose("the user asked to see it")));
    Ok(())
}

fn restore() -> Result<(), String> {
    let key = from_stdin()?;
    let kept = words(recover(&words(home::folder())?, &Keys::of_the_system(), &key))?;
    tell(&format!("This key opens your library. It is kept {} again.\n", place(kept)));
    Ok(())
}

/// A recovery key, as it is typed or comes from a file.
pub fn from_stdin() -> Result<Secret, String> {
    words(terminal::read("-")).map(Secret::new)
}

fn place(kept: KeptIn) -> &'static str {
    match kept {
        KeptIn::Keychain => "in the keychain",
        KeptIn::File => "in a file beside it, because no keychain took it",
    }
}
