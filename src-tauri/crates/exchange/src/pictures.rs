//! Pictures of pages.

use sotto_manuscript::{Inline, Picture};

/// What stands for a picture in forms that draw none.
pub(crate) fn in_words(picture: &Picture) -> Vec<Inline> {
    let mut line = vec![];
    for words in picture.in_words().lines() {
        if !line.is_empty() {
            line.push(Inline::HardBreak { marks: vec![] });
        }
        line.push(Inline::Text { text: words.to_owned(), marks: vec![] });
    }
    line
}
