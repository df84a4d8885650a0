//! Files that others wrote become pages. What can be taken is taken; what cannot is said.

use crate::{
    docx, epub,
    gathering::{Gathering, ImportError, Imported, ImportedPage, TrackedChanges, one_line, split_name},
    json,
    limits::LONGEST_FILE,
    odt, read, rtf,
    text::decode,
    web,
};

/// Reads a file by the ending of its name.
///
/// # Errors
/// [`ImportError`]: nothing could be taken.
pub fn import(name: &str, bytes: &[u8], changes: TrackedChanges) -> Result<Imported, ImportError> {
    if bytes.len() as u64 > LONGEST_FILE {
        return Err(ImportError::TooLarge);
    }
    let mut gathering = Gathering { name, changes, imported: Imported::default() };
    let (stem, ending) = split_name(name);
    match ending.as_str() {
        "txt" | "text" | "md" | "markdown" | "html" | "htm" | "xhtml" => {
            let text = decode(bytes).ok_or(ImportError::Damaged)?;
            if text.trim().is_empty() {
                return Err(ImportError::Empty);
            }
            let mut builder = gathering.builder();
            let mut title = String::new();
            match ending.as_str() {
                "md" | "markdown" => read::markdown(&text, &mut builder),
                "txt" | "text" => read::plain(&text, &mut builder),
                // What lies beside it is another file, or elsewhere.
                _ => title = web::read(&text, &mut builder, &mut gathering, &mut |_| None),
            }
            gathering.page(if title.is_empty() { stem } else { &title }, "", builder);
        }
        "docx" | "docm" | "dotx" => docx::read::read(bytes, stem, &mut gathering)?,
        "odt" | "ott" => odt::read(bytes, stem, &mut gathering)?,
        "rtf" => {
            let mut builder = gathering.builder();
            rtf::read(bytes, &mut builder, &mut gathering)?;
            gathering.page(stem, "", builder);
        }
        "json" => {
            let text = decode(bytes).ok_or(ImportError::Damaged)?;
            let (title, document) = json::read_page(&text).ok_or(ImportError::Unknown)?;
            gathering.imported.pages.push(ImportedPage {
                title: one_line(&title),
                part: String::new(),
                document,
            });
        }
        "epub" => epub::read::read(bytes, stem, &mut gathering)?,
        _ => return Err(ImportError::Unknown),
    }
    if gathering.imported.pages.is_empty() {
        return Err(ImportError::Empty);
    }
    Ok(gathering.imported)
}
