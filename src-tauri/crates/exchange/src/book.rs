//! Several pages as one file: a part of a project, or all of it.

use sotto_manuscript::Document;

use crate::{
    Form,
    annotations::{self, Sign, UNSIGNED},
    docx::write as docx,
    epub::write as epub,
    html, notes,
    page::{self, Signs},
    pdf, plain, record,
};

/// Pages that go out together.
#[derive(Debug, Clone, Default)]
pub struct Book {
    /// What it is called: the project's name, or the only page's title.
    pub title: String,
    /// Who wrote it; empty where nobody said.
    pub author: String,
    /// The language it is written in, as `en` or `pt-BR`; empty where it is not known.
    pub language: String,
    /// When it goes out, in milliseconds since 1970, UTC.
    pub written_at: i64,
    /// Its pages, in order.
    pub chapters: Vec<Chapter>,
}

/// One page of a book.
#[derive(Debug, Clone, Default)]
pub struct Chapter {
    /// Its title.
    pub title: String,
    /// The heading that it stands under; empty for none.
    pub part: String,
    /// Its text.
    pub document: Document,
    /// The text as it was before: the way from there goes out as tracked changes, where the form
    /// has such.
    pub before: Option<Document>,
}

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
            return self.with(notes::spelled).write(form);
        }
        match form {
            Form::Docx => docx::write(self, false),
            Form::Manuscript => docx::write(self, true),
            Form::Epub => epub::write(self),
            Form::Pdf => pdf::write(self),
            Form::Text => plain::write(self).into_bytes(),
            Form::Html => {
                let body: String = self.each(|title, chapter| {
                    let heading = title.map_or(String::new(), |(level, title)| {
                        format!("<h{level} dir=\"auto\">{}</h{level}>\n", html::escaped(title))
                    });
                    heading
                        + &chapter.map_or(String::new(), |chapter| page::to_html(&chapter.document.blocks, 1))
                });
                html::page(&self.title, &self.language, &body).into_bytes()
            }
            Form::Markdown => (self.markdown(UNSIGNED).trim_end().to_owned() + "\n").into_bytes(),
            Form::Annotated => annotations::write(self).into_bytes(),
            Form::Record => record::write(self).into_bytes(),
            Form::Json => self
                .chapters
                .iter()
                .flat_map(|one| crate::json::page(&one.title, &one.document.to_json()).into_bytes())
                .collect(),
        }
    }

    fn with(&self, change: impl Fn(&Document) -> Document) -> Self {
        let changed = |chapter: &Chapter| Chapter { document: change(&chapter.document), ..chapter.clone() };
        Self { chapters: self.chapters.iter().map(changed).collect(), ..self.clone() }
    }

    /// All of it as Markdown, with signs before and behind the words.
    pub(crate) fn markdown(&self, sign: Sign<'_>) -> String {
        let signs = Signs::new(sign);
        let text = self.each(|title, chapter| {
            let heading = title.map_or(String::new(), |(level, title)| {
                format!("{} {}\n\n", "#".repeat(level), crate::markdown::line(title))
            });
            heading
                + &chapter.map_or(String::new(), |chapter| {
                    page::to_markdown(&chapter.document.blocks, &signs) + "\n\n"
                })
        });
        text + &signs.end()
    }

    /// Whether it is one page, whose title is the book's.
    pub(crate) fn is_one_page(&self) -> bool {
        matches!(&*self.chapters, [only] if only.title == self.title)
    }

    /// Gives each heading of the book, with its level, and each chapter to `write`, in order.
    pub(crate) fn each(
        &self,
        mut write: impl FnMut(Option<(usize, &str)>, Option<&Chapter>) -> String,
    ) -> String {
        let mut out = String::new();
        if !self.title.is_empty() {
            out += &write(Some((1, &self.title)), None);
        }
        let mut part = "";
        for chapter in &self.chapters {
            if chapter.part != part {
                part = &chapter.part;
                if !part.is_empty() {
                    out += &write(Some((2, part)), None);
                }
            }
            let title =
                (!self.is_one_page() && !chapter.title.is_empty()).then_some((2, chapter.title.as_str()));
            out += &write(title, Some(chapter));
        }
        out
    }
}
