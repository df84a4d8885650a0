use std::collections::BTreeSet;
use std::path::PathBuf;

use tempfile::TempDir;

use super::*;
use crate::Store;
use crate::key::tests::the_key;
use crate::tests::{in_the_clear, said};

const WORD: &str = "quetzalcoatl";

fn old() -> Vec<PathBuf> {
    let old = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/old");
    let mut files: Vec<_> = fs::read_dir(old).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|file| kind(file).unwrap() == Kind::Plain);
    files.sort();
    files
}

/// A library that an earlier version left, whose log still has to be folded in.
fn crashed() -> (TempDir, PathBuf) {
    let (folder, store) = in_the_clear();
    let talk = store.create_conversation(None, "", 0).unwrap().id;
    said(&store, talk, None, "a chapter about Quetzalcoatl");
    let left = tempfile::tempdir().unwrap();
    for file in ["sotto.db", "sotto.db-wal"] {
        fs::copy(folder.path().join(file), left.path().join(file)).unwrap();
    }
    let path = left.path().join("sotto.db");
    (left, path)
}

fn names(folder: &TempDir) -> BTreeSet<String> {
    let files = fs::read_dir(folder.path()).unwrap();
    files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
}

fn all_of(path: &Path) -> Vec<(String, Vec<String>)> {
    let of = key::open_either(path, key::THERE, &the_key()).unwrap();
    let mut tables = of
        .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY name")
        .unwrap();
    let tables: Vec<(String, String)> =
        tables.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(|row| row.unwrap()).collect();
    let content = |(name, sql): (String, String)| {
        let mut rows = of.prepare(&format!("SELECT * FROM \"{name}\"")).unwrap();
        let columns = rows.column_count();
        let rows = rows.query_map([], |row| {
            (0..columns)
                .map(|at| row.get::<_, rusqlite::types::Value>(at))
                .collect::<rusqlite::Result<Vec<_>>>()
        });
        let rows = rows.unwrap().map(|row| format!("{:?}", row.unwrap())).collect();
        (sql, rows)
    };
    tables.into_iter().map(content).collect()
}

#[test]
fn a_library_of_each_earlier_version_becomes_an_encrypted_one_with_all_that_was_in_it() {
    for old in old() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sotto.db");
        fs::copy(&old, &path).unwrap();
        encrypt(&path, &the_key()).unwrap();
        assert_eq!(kind(&path).unwrap(), Kind::Encrypted);
        assert_eq!(names(&folder), ["sotto.db".to_owned()].into());
        let plain = key::plain(&old, key::THERE).unwrap();
        let encrypted = key::open(&path, key::THERE, &the_key()).unwrap();
        assert_eq!(rows(&plain).unwrap(), rows(&encrypted).unwrap());
        drop((plain, encrypted));
        assert_eq!(all_of(&path), all_of(&old), "{}", old.display());
        Store::open(&path, &the_key()).unwrap();
    }
}

#[test]
fn what_stands_in_its_log_alone_comes_along_and_no_word_stays_in_the_clear() {
    let (folder, path) = crashed();
    // Another name of the same bytes, to see what becomes of them.
    let bytes = fs::read(&path).unwrap();
    encrypt(&path, &the_key()).unwrap();
    assert_eq!(names(&folder), ["sotto.db".to_owned()].into());
    let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).to_lowercase();
    assert!(!text.contains(WORD) && fs::read(&path).unwrap() != bytes);
    let store = Store::open(&path, &the_key()).unwrap();
    assert_eq!(store.search(WORD, 9).unwrap().len(), 1);
}

#[cfg(unix)]
#[test]
fn what_was_in_the_clear_is_overwritten_but_not_what_is_somebody_elses_too() {
    let (folder, path) = crashed();
    let mut old = File::open(&path).unwrap();
    encrypt(&path, &the_key()).unwrap();
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut old, &mut bytes).unwrap();
    assert!(!bytes.is_empty() && bytes.iter().all(|byte| *byte == 0));

    fs::copy(&super::tests::old()[0], &path).unwrap();
    let kept = folder.path().join("kept");
    fs::hard_link(&path, &kept).unwrap();
    encrypt(&path, &the_key()).unwrap();
    assert_eq!(kind(&kept).unwrap(), Kind::Plain);
}

#[cfg(unix)]
#[test]
fn a_link_to_a_library_stays_a_link() {
    let (folder, path) = crashed();
    let link = folder.path().join("link.db");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    encrypt(&link, &the_key()).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(kind(&path).unwrap(), Kind::Encrypted);
}

#[test]
fn cut_off_before_it_takes_its_place_it_begins_anew() {
    let (folder, path) = crashed();
    let half = folder.path().join("sotto.db.encrypting.unfinished");
    for left in [&b""[..], b"half a library", &fs::read(&path).unwrap()] {
        fs::write(&half, left).unwrap();
        let again = tempfile::tempdir().unwrap();
        for name in names(&folder) {
            fs::copy(folder.path().join(&name), again.path().join(&name)).unwrap();
        }
        encrypt(&again.path().join("sotto.db"), &the_key()).unwrap();
        assert_eq!(names(&again), ["sotto.db".to_owned()].into());
        let store = Store::open(&again.path().join("sotto.db"), &the_key()).unwrap();
        assert_eq!(store.search(WORD, 9).unwrap().len(), 1);
    }
}

#[test]
fn one_that_somebody_has_open_stays_as_it_is() {
    let (_folder, path) = crashed();
    let other = key::plain(&path, key::THERE).unwrap();
    let reading = other.unchecked_transaction().unwrap();
    key::number(&reading, "user_version").unwrap();
    reading.query_row("SELECT count(*) FROM messages", [], |_| Ok(())).unwrap();
    assert!(matches!(encrypt(&path, &the_key()), Err(StoreError::Busy)));
    assert_eq!(kind(&path).unwrap(), Kind::Plain);
    drop(reading);
    drop(other);
    encrypt(&path, &the_key()).unwrap();
}

#[test]
fn one_that_is_cut_short_stays_as_it_is() {
    let (_folder, path) = crashed();
    fs::remove_file(beside(&path, "-wal")).unwrap();
    fs::copy(&old()[3], &path).unwrap();
    let whole = fs::read(&path).unwrap();
    for length in [100, 4096, whole.len() / 2, whole.len() - 1] {
        fs::write(&path, &whole[..length]).unwrap();
        assert!(matches!(encrypt(&path, &the_key()), Err(StoreError::Damaged)), "{length}");
        assert!(fs::read(&path).unwrap() == whole[..length], "{length}");
    }
}

#[test]
fn what_has_one_key_gets_another() {
    let (_folder, path) = crashed();
    encrypt(&path, &the_key()).unwrap();
    let away = tempfile::tempdir().unwrap();
    let (to, ours) = (away.path().join("sotto.db"), LibraryKey::new([9; LibraryKey::LENGTH]));
    assert!(matches!(copy(&path, &ours, &to, &ours), Err(StoreError::WrongKey)));
    copy(&path, &the_key(), &to, &ours).unwrap();
    assert!(matches!(Store::open(&to, &the_key()), Err(StoreError::WrongKey)));
    assert_eq!(Store::open(&to, &ours).unwrap().search(WORD, 9).unwrap().len(), 1);
}
