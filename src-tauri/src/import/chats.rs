//! What other apps give out of their conversations: an archive, or a folder of files. Files of
//! conversations are read as they come; pictures are looked for by their names.

use std::{
    cell::Cell,
    collections::HashMap,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    rc::Rc,
};

use sotto_app::{ChatArchive, ChatsEnd, ChatsImport, FoundChat, LARGEST_PICTURE, read_chats, read_jan};

/// Folders within each other, and files in all, that are looked through.
const DEEPEST: usize = 6;
const MOST_FILES: usize = 1_000_000;
const LONGEST_THREAD: u64 = 64_000_000;

/// Where an app's files lie.
pub enum Files {
    Archive(ChatArchive<File>, ChatArchive<File>),
    Folder(PathBuf),
    /// One file of conversations.
    One(PathBuf),
}

impl Files {
    /// An archive; `None` for what is none.
    pub fn archive(path: &Path) -> Option<Self> {
        let open = || ChatArchive::open(File::open(path).ok()?).ok();
        Some(Self::Archive(open()?, open()?))
    }

    fn list(&mut self) -> Vec<(String, u64)> {
        match self {
            Self::Archive(archive, _) => archive.files(),
            Self::Folder(folder) => listed(folder),
            Self::One(path) => vec![(String::new(), path.metadata().map_or(0, |about| about.len()))],
        }
    }
}

/// Everything in a folder, by its path from there; links are not followed.
fn listed(folder: &Path) -> Vec<(String, u64)> {
    let (mut found, mut waiting) = (Vec::new(), vec![(folder.to_path_buf(), 0)]);
    while let Some((next, depth)) = waiting.pop() {
        for entry in next.read_dir().into_iter().flatten().filter_map(Result::ok) {
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() && depth < DEEPEST {
                waiting.push((entry.path(), depth + 1));
            } else if kind.is_file() && found.len() < MOST_FILES {
                let path = entry.path();
                let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                found.push((name, entry.metadata().map_or(0, |about| about.len())));
            }
        }
    }
    found.sort();
    found
}

/// What to do with a file.
fn has_chats(name: &str) -> bool {
    let Some(stem) = name.strip_suffix(".json") else { return false };
    let (folders, file) = stem.rsplit_once('/').unwrap_or(("", stem));
    file.starts_with("conversations")
        || file.starts_with("chat-export")
        || file.ends_with(".conversation")
        || folders.split('/').any(|folder| matches!(folder, "conversations" | "chats"))
}

/// Takes all conversations in. `told` hears how much of a hundred is read, and says whether to go
/// on. Sentences on what could not be taken; `None` where there are no conversations at all.
pub fn take(
    mut files: Files,
    chats: &mut ChatsImport<'_>,
    told: &mut dyn FnMut(u8) -> bool,
) -> Option<Vec<String>> {
    let list = files.list();
    let alone = matches!(files, Files::One(_));
    let threads: Vec<&str> = list.iter().filter_map(|(name, _)| name.strip_suffix("thread.json")).collect();
    let wanted: Vec<&(String, u64)> = list.iter().filter(|(name, _)| alone || has_chats(name)).collect();
    if wanted.is_empty() && threads.is_empty() {
        return None;
    }
    let total: u64 = wanted.iter().map(|(_, size)| size).sum::<u64>().max(1);
    let names = pictures(&list);
    let (mut done, mut said, mut refused, mut known) = (0, Vec::new(), None, !threads.is_empty());
    for (name, _) in wanted {
        let (from, mut seen) = (done, 0);
        let (mut reading, mut looking): (Box<dyn Read + '_>, Looking<'_>) = match &mut files {
            Files::Archive(archive, pictures) => match archive.file(name) {
                Some(file) => (Box::new(file), Looking::Archive(pictures)),
                None => continue,
            },
            Files::Folder(folder) => match File::open(folder.join(name)) {
                Ok(file) => (Box::new(file), Looking::Folder(folder)),
                Err(_) => continue,
            },
            Files::One(path) => match File::open(&path) {
                Ok(file) => (Box::new(file), Looking::Nowhere),
                Err(_) => continue,
            },
        };
        let counted = Counted { from: &mut reading, count: Rc::new(Cell::new(0)) };
        let count = Rc::clone(&counted.count);
        let end = read_chats(counted, &mut |found: FoundChat| {
            seen = count.get();
            if let Err(error) = chats.take(found, &mut |picture| looking.find(&names, picture)) {
                refused = Some(error.to_string());
                return false;
            }
            told(u8::try_from((from + seen).min(total) * 100 / total).unwrap_or(100))
        });
        done = from + count.get();
        known |= end != ChatsEnd::Unknown;
        let shown = if name.is_empty() { "The file".to_owned() } else { format!("“{name}”") };
        match end {
            ChatsEnd::Whole | ChatsEnd::Unknown => {}
            ChatsEnd::Broken => {
                said.push(format!("{shown} is damaged. What stands before the damage was taken."));
            }
            ChatsEnd::Stopped => break,
        }
    }
    if let Files::Folder(folder) = &files {
        for thread in threads {
            let text = |name: &str| limited(&folder.join(format!("{thread}{name}")), LONGEST_THREAD);
            let found = text("thread.json").zip(text("messages.jsonl")).and_then(|(about, lines)| {
                read_jan(&String::from_utf8_lossy(&about), &String::from_utf8_lossy(&lines))
            });
            let Some(found) = found else { continue };
            if let Err(error) = chats.take(found, &mut |_| None) {
                refused = Some(error.to_string());
            }
            if refused.is_some() || !told(99) {
                break;
            }
        }
    }
    said.extend(refused);
    said.extend(chats.left_out());
    known.then_some(said)
}

fn limited(path: &Path, most: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(most + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= most).then_some(bytes)
}

/// Files that may be pictures, by the number that their names begin with.
fn pictures(list: &[(String, u64)]) -> HashMap<String, String> {
    let ours = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
    list.iter()
        .filter(|(name, size)| *size <= LARGEST_PICTURE && !has_chats(name))
        .map(|(name, _)| (key(&ours(name)), name.clone()))
        .collect()
}

/// `file-Ab1` of `file-Ab1-cat.png`, and `file_00ab` of `file_00ab.dat`.
fn key(name: &str) -> String {
    let name = name.split('.').next().unwrap_or_default();
    match name.strip_prefix("file-") {
        Some(rest) => format!("file-{}", rest.split('-').next().unwrap_or_default()),
        None => name.split('-').next().unwrap_or_default().to_owned(),
    }
}

/// Where pictures are looked for.
enum Looking<'f> {
    Archive(&'f mut ChatArchive<File>),
    Folder(&'f Path),
    Nowhere,
}

impl Looking<'_> {
    fn find(&mut self, names: &HashMap<String, String>, picture: &str) -> Option<Vec<u8>> {
        let name = names.get(&key(picture))?;
        match self {
            Self::Archive(archive) => {
                let mut bytes = Vec::new();
                archive.file(name)?.take(LARGEST_PICTURE).read_to_end(&mut bytes).ok()?;
                Some(bytes)
            }
            Self::Folder(folder) => limited(&folder.join(name), LARGEST_PICTURE),
            Self::Nowhere => None,
        }
    }
}

/// Counts what is read.
struct Counted<'r> {
    from: &'r mut dyn Read,
    count: Rc<Cell<u64>>,
}

impl Read for Counted<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.from.read(into)?;
        self.count.set(self.count.get() + count as u64);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_too_deep_or_is_too_large_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("a/b/c/d/e/f");
        std::fs::create_dir_all(deep.join("g")).unwrap();
        std::fs::write(deep.join("seen.json"), "").unwrap();
        std::fs::write(deep.join("g/unseen.json"), "").unwrap();
        let list = listed(folder.path());
        assert_eq!(list, [("a/b/c/d/e/f/seen.json".to_owned(), 0)]);
        let sizes = [
            ("p/file-Ab1-cat.png".to_owned(), LARGEST_PICTURE),
            ("file-B2.png".to_owned(), LARGEST_PICTURE + 1),
        ];
        let names = pictures(&sizes);
        assert_eq!(names.get(&key("file-Ab1")).map(String::as_str), Some("p/file-Ab1-cat.png"));
        assert_eq!(names.get(&key("file-B2")), None);
    }

    #[test]
    fn files_of_conversations_are_known_by_their_names() {
        for name in
            ["conversations.json", "x/conversations-012.json", "conversations/a.json", "17.conversation.json"]
        {
            assert!(has_chats(name), "{name}");
        }
        for name in ["user.json", "conversations.html", "projects.json", "thread.json"] {
            assert!(!has_chats(name), "{name}");
        }
    }
}
