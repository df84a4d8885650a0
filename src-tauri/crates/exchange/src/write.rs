//! How a book, a conversation and a project's notes go out: as one file of each form.

use sotto_manuscript::{Document, Picture};

use crate::{
    Form, annotations,
    book::{Book, Chapter},
    builder::Builder,
    conversation::Talk,
    docx::write as docx,
    epub::write as epub,
    html, json, markdown, notes as footnotes,
    page::{self, UNSIGNED, book_markdown},
    pdf, pictures, plain, read, record,
};

impl Book {
    /// All of it as one file of this form.
    ///
    /// JSON and Markdown are for single pages, too: one after another.
    pub fn write(&self, form: Form) -> Vec<u8> {
        // Comments are for whoever works on a text: those who read it are not given them.
        let working = matches!(form, Form::Docx | Form::Json);
        if !working && self.chapters.iter().any(|chapter| !chapter.document.comments().is_empty()) {
            return self.with(Document::without_comments).write(form);
        }
        let footless = matches!(form, Form::Epub | Form::Pdf | Form::Text | Form::Html | Form::Record);
        if footless && self.chapters.iter().any(|chapter| !chapter.document.footnotes().is_empty()) {
            return self.with(footnotes::spelled).write(form);
        }
        match form {
            Form::Docx => docx::write(self, false),
            Form::Manuscript => docx::write(self, true),
            Form::Epub => epub::write(self),
            Form::Pdf => pdf::write(self),
            Form::Text => plain::write(self).into_bytes(),
            Form::Html => {
                let source = |picture: &Picture| pictures::data_url(&self.pictures, picture);
                let body: String = self.each(|title, chapter| {
                    let heading = title.map_or(String::new(), |(level, title)| {
                        format!("<h{level} dir=\"auto\">{}</h{level}>\n", html::escaped(title))
                    });
                    heading
                        + &chapter.map_or(String::new(), |chapter| {
                            page::to_html(&chapter.document.blocks, 1, &source)
                        })
                });
                html::page(&self.title, &self.language, &body).into_bytes()
            }
            Form::Markdown => (book_markdown(self, UNSIGNED).trim_end().to_owned() + "\n").into_bytes(),
            Form::Annotated => annotations::write(self).into_bytes(),
            Form::Record => record::write(self).into_bytes(),
            Form::Json => self
                .chapters
                .iter()
                .flat_map(|one| json::page(&one.title, &one.document.to_json()).into_bytes())
                .collect(),
        }
    }
}

impl Talk {
    /// The conversation as a file of this form. JSON has every branch, the others the one on show.
    pub fn write(&self, form: Form) -> Vec<u8> {
        match form {
            Form::Markdown | Form::Annotated => markdown::conversation(self).into_bytes(),
            Form::Html | Form::Record => html::conversation(self).into_bytes(),
            Form::Json => json::conversation(self).into_bytes(),
            Form::Text | Form::Docx | Form::Manuscript | Form::Epub | Form::Pdf => {
                let (title, written_at) = (self.title().to_owned(), self.conversation.updated_at);
                let chapter =
                    Chapter { title: title.clone(), document: self.to_document(), ..Chapter::default() };
                Book { title, written_at, chapters: vec![chapter], ..Book::default() }.write(form)
            }
        }
    }
}

/// The notes of a project.
pub fn notes(project: &str, notes: &str, form: Form) -> Vec<u8> {
    let heading = format!("<h1 dir=\"auto\">{}</h1>\n", html::escaped(project));
    match form {
        Form::Markdown | Form::Annotated => {
            format!("# {}\n\n{}\n", markdown::line(project), notes.trim()).into_bytes()
        }
        Form::Html | Form::Record => {
            html::page(project, "", &format!("{heading}<div dir=\"auto\">\n{}</div>\n", html::prose(notes)))
                .into_bytes()
        }
        Form::Json => json::notes(project, notes).into_bytes(),
        Form::Text | Form::Docx | Form::Manuscript | Form::Epub | Form::Pdf => {
            let mut builder = Builder::new(None);
            read::markdown(notes, &mut builder);
            let chapter = Chapter { title: project.into(), document: builder.finish(), ..Chapter::default() };
            Book { title: project.into(), chapters: vec![chapter], ..Book::default() }.write(form)
        }
    }
}
