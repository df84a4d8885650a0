//! What is written goes out as files that any program reads: Markdown, HTML, JSON.
//!
//! Nothing here reads a disk, a database or a network: text in, text out. What a model wrote is
//! not trusted. An HTML file of ours runs nothing and fetches nothing, whatever is written in it.

mod conversation;
mod html;
mod json;
mod markdown;
mod names;
mod page;
mod read;

pub use conversation::Talk;
pub use names::Names;
pub use page::page;
pub use read::{from_markdown, from_text};

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// Plain text with Markdown's marks.
    Markdown,
    /// A page for any browser.
    Html,
    /// Everything that is known, for programs.
    Json,
}

impl Form {
    /// What the name of such a file ends with.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Html => "html",
            Self::Json => "json",
        }
    }
}

/// One file, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name, in its folder where it has one; every part is a name that all systems take.
    pub name: String,
    /// All of it.
    pub text: String,
}

/// The notes of a project.
pub fn notes(project: &str, notes: &str, form: Form) -> String {
    match form {
        Form::Markdown => format!("# {}\n\n{}\n", markdown::line(project), notes.trim()),
        Form::Html => {
            let heading = format!("<h1 dir=\"auto\">{}</h1>\n", html::escaped(project));
            html::page(project, &format!("{heading}<div dir=\"auto\">\n{}</div>\n", html::prose(notes)))
        }
        Form::Json => json::notes(project, notes),
    }
}

#[cfg(test)]
mod tests;
