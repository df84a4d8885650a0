//! Pages as plain text: words, empty lines between paragraphs, stars between scenes.

use crate::book::Book;

pub(crate) fn write(book: &Book) -> String {
    let text = book.each(|title, chapter| {
        let mut out = title.map_or(String::new(), |(_, title)| format!("{title}\n\n"));
        if let Some(chapter) = chapter {
            let text = chapter.document.text();
            if !text.is_empty() {
                out += &text;
                out += "\n\n";
            }
        }
        out
    });
    format!("{}\n", text.trim_end())
}
