use sotto_secrets::Memory;
use sotto_store::folder_beside;
use tempfile::TempDir;

use super::*;
use crate::{App, Options};

/// No keychain: the key lies beside the library.
fn keys() -> Keys {
    Keys::over(std::sync::Arc::new(Memory::default()))
}

fn opened(home: &Path) -> Result<App, crate::OpenError> {
    App::open(Options {
        home: home.to_owned(),
        engine: "nowhere".into(),
        guide: None,
        clock: || 1_795_348_800_000,
        keys: keys(),
    })
}

/// Does it as a process of its own would: when it has ended nothing has the library open.
fn process<T>(home: &Path, work: impl FnOnce(Result<App, crate::OpenError>) -> T) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(async { work(opened(home)) })
}

/// A home as an earlier version left it, with copies and backups of each kind, all in the clear.
fn old_home() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let old = Path::new(env!("CARGO_MANIFEST_DIR")).join("../store/tests/old/0008.db");
    for place in OLD {
        let place = home.path().join(place);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::copy(&old, place).unwrap();
    }
    home
}

const OLD: [&str; 5] = [
    LIBRARY,
    "library.db.version-7.backup",
    "backups/2026-11-26 21.40.05 daily.sotto-backup",
    "before-restore-2026-11-20-101010/library.db",
    "before-restore-2026-11-20-101010/library.db.version-6.backup",
];

fn titles(app: &App) -> Vec<String> {
    app.library.conversations().unwrap().into_iter().map(|one| one.title).collect()
}

#[test]
fn what_an_earlier_version_left_in_the_clear_is_encrypted_at_the_first_start() {
    let home = old_home();
    for _ in 0..2 {
        process(home.path(), |app| {
            let app = app.unwrap();
            assert_eq!(titles(&app), ["Bakery names", "Opening lines"]);
            assert_eq!(app.recovery().kept_in().unwrap(), KeptIn::File);
            assert_eq!(app.backups().all().len(), 1);
        });
        for place in OLD {
            // A copy makes way for the one of the version that is brought up to date.
            let is_copy = place.ends_with(".backup");
            let kind = kind(&home.path().join(place)).unwrap();
            assert!(kind == Kind::Encrypted || (is_copy && kind == Kind::Nothing), "{place}: {kind:?}");
        }
        let copies = fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().path());
        let copies: Vec<_> =
            copies.filter(|path| path.extension().is_some_and(|ending| ending == "backup")).collect();
        assert!(copies.iter().all(|copy| kind(copy).unwrap() == Kind::Encrypted), "{copies:?}");
    }
    let backup = home.path().join(OLD[2]);
    process(home.path(), |app| app.unwrap().backups().restore(&backup, None).unwrap());
    process(home.path(), |app| assert_eq!(titles(&app.unwrap()).len(), 2));
    assert!(folder_beside(&home.path().join(LIBRARY)).exists());
}

#[test]
fn while_an_earlier_version_has_it_open_nothing_is_changed() {
    let home = old_home();
    let in_use = File::create(home.path().join("lock.library")).unwrap();
    in_use.lock_shared().unwrap();
    process(home.path(), |app| {
        let error = app.err().unwrap();
        assert!(error.to_string().contains("earlier Sotto has it open"), "{error}");
    });
    assert_eq!(kind(&home.path().join(LIBRARY)).unwrap(), Kind::Plain);
    drop(in_use);
    process(home.path(), |app| assert_eq!(titles(&app.unwrap()).len(), 2));
}

#[test]
fn a_key_that_was_lost_is_entered_again_and_a_wrong_one_touches_nothing() {
    let home = tempfile::tempdir().unwrap();
    let recovery = process(home.path(), |app| app.unwrap().recovery().key());
    let file = home.path().join("library.key");
    let (kept, library) = (fs::read(&file).unwrap(), fs::read(home.path().join(LIBRARY)).unwrap());

    let elsewhere = tempfile::tempdir().unwrap();
    let other = process(elsewhere.path(), |app| app.unwrap().recovery().key());
    let refused = recover(home.path(), &keys(), &other).unwrap_err();
    assert!(matches!(refused, RecoveryError::Other), "{refused:?}");
    let refused = recover(home.path(), &keys(), &Secret::new("1234".into())).unwrap_err();
    assert!(matches!(refused, RecoveryError::NoKey(_)), "{refused:?}");
    assert!(fs::read(&file).unwrap() == kept);

    fs::remove_file(&file).unwrap();
    process(home.path(), |app| {
        let error = app.err().unwrap();
        assert!(error.to_string().contains("recovery key"), "{error}");
    });
    assert!(!file.exists(), "no other key is made for it");
    assert!(matches!(recover(home.path(), &keys(), &other), Err(RecoveryError::Other)));
    assert!(!file.exists());
    assert!(fs::read(home.path().join(LIBRARY)).unwrap() == library);
    assert_eq!(recover(home.path(), &keys(), &recovery).unwrap(), KeptIn::File);
    process(home.path(), |app| drop(app.unwrap()));

    let fresh = tempfile::tempdir().unwrap();
    assert!(matches!(recover(fresh.path(), &keys(), &recovery), Err(RecoveryError::Nothing)));
}

#[test]
fn a_file_with_the_key_of_another_library_opens_nothing_and_changes_nothing() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for home in [&one, &other] {
        process(home.path(), |app| drop(app.unwrap()));
    }
    let library = fs::read(one.path().join(LIBRARY)).unwrap();
    fs::copy(other.path().join("library.key"), one.path().join("library.key")).unwrap();
    process(one.path(), |app| {
        let error = app.err().unwrap();
        assert!(error.to_string().contains("cannot be opened with the key"), "{error}");
    });
    assert!(fs::read(one.path().join(LIBRARY)).unwrap() == library);
}

#[test]
fn of_many_that_open_an_old_home_at_once_all_have_it() {
    let home = old_home();
    std::thread::scope(|threads| {
        for _ in 0..6 {
            threads.spawn(|| process(home.path(), |app| assert_eq!(titles(&app.unwrap()).len(), 2)));
        }
    });
    assert_eq!(kind(&home.path().join(LIBRARY)).unwrap(), Kind::Encrypted);
}
