//! What the user hands over without a dialog: files that were dropped, and what lies on the
//! clipboard where the web view does not show it. The page is told that something is there and
//! says where it should go; paths never pass through it.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    sync::Mutex,
};

use sotto_app::{PictureSource, decode};

/// A chapter, or a book; not a log.
const LONGEST_TEXT: u64 = 4_000_000;

/// The files that were dropped last, until they are taken.
#[derive(Debug, Default)]
pub struct Dropped(Mutex<Vec<PathBuf>>);

impl Dropped {
    pub fn put(&self, paths: Vec<PathBuf>) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = paths;
    }

    /// Takes the pictures among them, and says whether others wait on.
    pub fn take_pictures(&self) -> (Vec<PathBuf>, bool) {
        let mut waiting = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (pictures, rest) = std::mem::take(&mut *waiting).into_iter().partition(|path| is_picture(path));
        *waiting = rest;
        (pictures, !waiting.is_empty())
    }

    pub fn take(&self) -> Vec<PathBuf> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

/// What the names of pictures end with.
pub const PICTURES: &[&str] = &["png", "jpg", "jpeg", "webp", "heic", "heif"];

/// Whether a file is called as a picture is.
pub fn is_picture(path: &Path) -> bool {
    path.extension().is_some_and(|kind| PICTURES.iter().any(|one| kind.eq_ignore_ascii_case(one)))
}

/// What a file is to a message.
#[derive(Debug)]
pub enum Given {
    Picture(PictureSource),
    Text { name: String, text: String },
}

/// Reads what was handed over.
///
/// # Errors
/// A sentence on why it cannot become part of a message.
pub fn read(path: PathBuf) -> Result<Given, String> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let kind = path.extension().map(|kind| kind.to_string_lossy().to_lowercase()).unwrap_or_default();
    match kind.as_str() {
        _ if is_picture(&path) => Ok(Given::Picture(PictureSource::File(path))),
        "txt" | "text" | "md" | "markdown" => {
            let text = read_text(&path, &name)?;
            Ok(Given::Text { name, text })
        }
        _ if path.is_dir() => Err(format!("“{name}” is a folder. Drop the files in it.")),
        _ => Err(format!(
            "“{name}” cannot become part of a message. Texts (.txt, .md) and pictures (PNG, JPEG, WebP) can."
        )),
    }
}

fn read_text(path: &Path, name: &str) -> Result<String, String> {
    let unread = |_| format!("“{name}” could not be read.");
    // What is no regular file might never end.
    let about = path.metadata().map_err(unread)?;
    if !about.is_file() {
        return Err(format!("“{name}” could not be read."));
    }
    if about.len() > LONGEST_TEXT {
        let megabytes = about.len() / 1_000_000;
        return Err(format!("“{name}” is too long ({megabytes} MB). Up to 4 MB of text works."));
    }
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(LONGEST_TEXT).read_to_end(&mut bytes)).map_err(unread)?;
    let text = decode(&bytes).ok_or_else(|| format!("“{name}” is not a text."))?;
    let text = text.replace("\r\n", "\n");
    if text.trim().is_empty() { Err(format!("“{name}” is empty.")) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn text(name: &str, bytes: &[u8]) -> Result<String, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        match read(path)? {
            Given::Text { text, .. } => Ok(text),
            Given::Picture(_) => panic!("{name} is no picture"),
        }
    }

    #[test]
    fn a_chapter_is_read_in_the_encodings_people_have() {
        assert_eq!(text("a.md", "Salz – „Möwe“\r\n".as_bytes()).unwrap(), "Salz – „Möwe“\n");
        assert_eq!(text("a.TXT", b"\xef\xbb\xbfSalz").unwrap(), "Salz");
        assert_eq!(text("a.txt", b"\xff\xfeS\0\xe4\0").unwrap(), "Sä");
        assert_eq!(text("a.txt", b"\xfe\xff\0S\0\xe4").unwrap(), "Sä");
        assert_eq!(text("a.txt", b"M\xf6we \x96 \x84nie\x93").unwrap(), "Möwe – „nie“");
    }

    #[test]
    fn what_is_no_text_says_so() {
        for (name, bytes) in
            [("a.txt", &b"GGUF\x03\0\0\0"[..]), ("b.md", &b"  \n"[..]), ("c.docx", &b"PK"[..])]
        {
            let trouble = text(name, bytes).unwrap_err();
            assert!(trouble.contains(name), "{trouble}");
        }
    }

    #[test]
    fn of_what_was_dropped_pictures_are_taken_and_the_rest_waits() {
        let dropped = Dropped::default();
        dropped.put(["a.PNG", "b.txt", "c.webp", "png"].map(PathBuf::from).to_vec());
        assert_eq!(dropped.take_pictures(), (["a.PNG", "c.webp"].map(PathBuf::from).to_vec(), true));
        assert_eq!(dropped.take_pictures(), (vec![], true));
        assert_eq!(dropped.take(), ["b.txt", "png"].map(PathBuf::from));
        assert_eq!(dropped.take_pictures(), (vec![], false));
    }

    #[test]
    fn a_folder_and_what_never_ends_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read(folder.path().to_path_buf()).unwrap_err().contains("folder"));
        let long = folder.path().join("long.txt");
        File::create(&long).unwrap().set_len(LONGEST_TEXT + 1_000_000).unwrap();
        assert!(read(long).unwrap_err().contains("5 MB"));
        #[cfg(unix)]
        {
            let endless = folder.path().join("endless.txt");
            std::os::unix::fs::symlink("/dev/zero", &endless).unwrap();
            assert!(read(endless).unwrap_err().contains("could not be read"));
        }
    }
}
