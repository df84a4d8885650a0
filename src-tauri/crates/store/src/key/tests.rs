use super::*;
use crate::Store;
use crate::tests::empty;

/// The key of these tests.
pub(crate) fn the_key() -> LibraryKey {
    LibraryKey::new([7; LibraryKey::LENGTH])
}

/// Straight to a database that has it.
pub(crate) fn raw(path: &Path) -> Connection {
    keyed(path, OpenFlags::default(), &the_key()).unwrap()
}

fn another() -> LibraryKey {
    LibraryKey::new([8; LibraryKey::LENGTH])
}

#[test]
fn a_library_is_of_its_kind_and_says_so_in_its_first_letters() {
    let (folder, store) = empty();
    drop(store);
    let path = folder.path().join("sotto.db");
    assert_eq!(kind(&path).unwrap(), Kind::Encrypted);
    assert_eq!(kind(&folder.path().join("nowhere")).unwrap(), Kind::Nothing);
    for (bytes, is) in
        [(&b""[..], Kind::Nothing), (b"SQLite format 3\0...", Kind::Plain), (b"Sotto", Kind::Other)]
    {
        fs::write(&path, bytes).unwrap();
        assert_eq!(kind(&path).unwrap(), is);
    }
}

#[test]
fn another_key_opens_nothing_and_changes_not_a_byte() {
    let (folder, store) = empty();
    store.create_project("The Salt Road", 0).unwrap();
    // As a killed app leaves it, with a log: whoever closes it last would fold that in.
    let crashed = tempfile::tempdir().unwrap();
    for file in ["sotto.db", "sotto.db-wal"] {
        fs::copy(folder.path().join(file), crashed.path().join(file)).unwrap();
    }
    let path = crashed.path().join("sotto.db");
    let bytes = || ["sotto.db", "sotto.db-wal"].map(|file| fs::read(crashed.path().join(file)).unwrap());
    let before = bytes();
    assert!(!before[1].is_empty());
    assert!(matches!(Store::open(&path, &another()), Err(StoreError::WrongKey)));
    assert!(matches!(opens_with(&path, &another()), Err(StoreError::WrongKey)));
    assert!(matches!(crate::read_back(&path, &another()), Err(StoreError::WrongKey)));
    assert!(bytes() == before);
    opens_with(&path, &the_key()).unwrap();
    assert_eq!(Store::open(&path, &the_key()).unwrap().projects().unwrap().len(), 1);
}

#[test]
fn without_a_key_nothing_can_be_read() {
    let (folder, store) = empty();
    store.create_project("The Salt Road", 0).unwrap();
    drop(store);
    let path = folder.path().join("sotto.db");
    let plain = plain(&path, THERE).unwrap();
    assert!(plain.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())).is_err());
}

#[test]
fn what_is_typed_stands_in_no_file() {
    let (folder, store) = empty();
    let talk = store.create_conversation(None, "Popocatepetl", 0).unwrap().id;
    crate::tests::said(&store, talk, None, "a chapter about Quetzalcoatl");
    store.back_up(&folder.path().join("one.backup")).unwrap();
    assert_eq!(store.search("quetzalcoatl", 9).unwrap().len(), 1);
    let files: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(files.len() >= 4, "the library, its log, its index and a backup: {files:?}");
    for file in files {
        let words = String::from_utf8_lossy(&fs::read(&file).unwrap()).to_lowercase();
        for word in ["quetzalcoatl", "popocatepetl", "conversations", "create table"] {
            assert!(!words.contains(word), "{word} in {}", file.display());
        }
    }
}

#[test]
fn what_is_damaged_is_no_matter_of_the_key() {
    let (folder, store) = empty();
    drop(store);
    let path = folder.path().join("sotto.db");
    let mut bytes = fs::read(&path).unwrap();
    bytes[..4096].fill(b'x');
    fs::write(&path, &bytes).unwrap();
    assert!(matches!(Store::open(&path, &the_key()), Err(StoreError::Damaged)));
}
