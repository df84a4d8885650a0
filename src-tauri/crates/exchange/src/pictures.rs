//! Pictures of pages, as they go out.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use sotto_manuscript::{Fit, Inline, Picture};

use crate::{
    book::{Book, PictureFiles},
    xml::escaped,
};

/// Where an HTML page finds a picture; nowhere, where its file is missing.
pub(crate) type Source<'s> = &'s dyn Fn(&Picture) -> Option<String>;

/// What stands for a picture in forms that draw none, and where its file is missing.
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

/// What such a file is called among others.
pub(crate) fn media_type(file: &str) -> &'static str {
    if file.strip_suffix(".jpg").is_some() { "image/jpeg" } else { "image/png" }
}

/// The picture itself, for a page that is one file.
pub(crate) fn data_url(files: &PictureFiles, picture: &Picture) -> Option<String> {
    let bytes = files.get(&picture.file)?;
    Some(format!("data:{};base64,{}", media_type(&picture.file), STANDARD.encode(bytes)))
}

/// A picture that is found at `source`.
pub(crate) fn figure(picture: &Picture, source: &str) -> String {
    let Picture { width, height, alt, caption, .. } = picture;
    let half = if picture.fit == Fit::Half { " class=\"half\"" } else { "" };
    let caption = match caption.trim() {
        "" => String::new(),
        caption => format!("<figcaption dir=\"auto\">{}</figcaption>", escaped(caption)),
    };
    format!(
        "<figure{half}><img src=\"{}\" alt=\"{}\" width=\"{width}\" height=\"{height}\"/>{caption}</figure>",
        escaped(source),
        escaped(alt)
    )
}

impl Book {
    /// Its pictures, each file once, in their order; of a file that stands there more than once, the one
    /// that is the cover.
    pub(crate) fn pictures_shown(&self) -> Vec<(&Picture, &Arc<[u8]>)> {
        let mut shown: Vec<(&Picture, &Arc<[u8]>)> = vec![];
        for picture in self.chapters.iter().flat_map(|chapter| chapter.document.pictures()) {
            let Some(bytes) = self.pictures.get(&picture.file) else { continue };
            match shown.iter_mut().find(|(one, _)| one.file == picture.file) {
                Some(one) if picture.cover => one.0 = picture,
                Some(_) => {}
                None => shown.push((picture, bytes)),
            }
        }
        shown
    }
}
