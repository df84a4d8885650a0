//! Footnotes and comments of files whose pages have no place for them: nothing that somebody wrote
//! is dropped.

use crate::{
    builder::{Builder, Line},
    import::Gathering,
};

/// What stands beside a text.
#[derive(Default)]
pub(crate) struct Notes {
    notes: Vec<String>,
    comments: Vec<Comment>,
}

/// What somebody said of a passage.
pub(crate) struct Comment {
    pub author: String,
    /// The words it is about.
    pub about: String,
    pub text: String,
}

impl Notes {
    /// Puts a footnote's number where it stood.
    pub fn note(&mut self, builder: &mut Builder, text: &str) {
        self.notes.push(text.trim().to_owned());
        builder.text(&format!("[{}]", self.notes.len()));
    }

    pub fn comment(&mut self, comment: Comment) {
        if !comment.text.trim().is_empty() {
            self.comments.push(comment);
        }
    }

    /// Puts the notes at the end of the page.
    pub fn end(&mut self, builder: &mut Builder) {
        if self.notes.is_empty() {
            return;
        }
        builder.begin_line(Line::Heading(4));
        builder.text("Notes");
        builder.list(Some(1));
        for note in self.notes.drain(..) {
            builder.item();
            builder.begin_line(Line::Paragraph);
            builder.text(&note);
            builder.close_last();
        }
        builder.close_last();
    }

    /// Puts the comments on a page of their own.
    pub fn comments(self, title: &str, gathering: &mut Gathering<'_>) {
        if self.comments.is_empty() {
            return;
        }
        let count = self.comments.len();
        let mut builder = gathering.builder();
        builder.list(None);
        for Comment { author, about, text } in self.comments {
            builder.item();
            builder.begin_line(Line::Paragraph);
            let about: String =
                about.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect();
            let about = if about.is_empty() { String::new() } else { format!("“{about}”: ") };
            let author = if author.is_empty() { String::new() } else { format!(" ({author})") };
            builder.text(&format!("{about}{}{author}", text.trim()));
            builder.close_last();
        }
        builder.close_last();
        let name = format!("{title}: comments");
        gathering.say(if count == 1 {
            format!("A comment stands on a page of its own, “{name}”.")
        } else {
            format!("{count} comments stand on a page of their own, “{name}”.")
        });
        gathering.page(&name, "", builder);
    }
}
