use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

use tempfile::TempDir;

use super::*;
use crate::Memory;

/// What a keychain does.
#[derive(Clone, Copy, PartialEq)]
enum Mood {
    Open,
    Absent,
    Locked,
    Forgetful,
}

/// A keychain that lasts, in the mood that a test wants.
struct Chain {
    held: Memory,
    mood: Mutex<Mood>,
    asked: AtomicUsize,
}

impl Chain {
    fn new(mood: Mood) -> Arc<Self> {
        Arc::new(Self { held: Memory::default(), mood: Mutex::new(mood), asked: AtomicUsize::new(0) })
    }

    fn turns(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn ask(&self) -> Result<Mood, KeyError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        match *self.mood.lock().unwrap() {
            Mood::Absent => Err(KeyError::NoKeychain(None)),
            Mood::Locked => Err(KeyError::Locked("locked".into())),
            mood => Ok(mood),
        }
    }
}

impl Ring for Chain {
    fn write(&self, account: &str, value: &Zeroizing<String>) -> Result<(), KeyError> {
        if self.ask()? == Mood::Forgetful { Ok(()) } else { self.held.write(account, value) }
    }

    fn read(&self, account: &str) -> Result<Option<Zeroizing<String>>, KeyError> {
        self.ask()?;
        self.held.read(account)
    }

    fn erase(&self, account: &str) -> Result<(), KeyError> {
        self.ask()?;
        self.held.erase(account)
    }
}

fn vault(folder: &TempDir, chain: &Arc<Chain>) -> Vault {
    Vault::enter(folder.path(), &Keys::over(chain.clone())).unwrap()
}

fn bytes(key: &LibraryKey) -> [u8; 32] {
    *key.expose("a test")
}

fn file(folder: &TempDir) -> String {
    fs::read_to_string(folder.path().join(FILE)).unwrap()
}

#[test]
fn it_is_made_once_and_kept_in_the_keychain_alone() {
    let (folder, chain) = (tempfile::tempdir().unwrap(), Chain::new(Mood::Open));
    assert!(matches!(vault(&folder, &chain).key(false), Err(VaultError::Missing)));
    assert_eq!(vault(&folder, &chain).kept_in().unwrap(), None);
    let key = vault(&folder, &chain).key(true).unwrap();
    for may_be_made in [true, false] {
        assert_eq!(bytes(&vault(&folder, &chain).key(may_be_made).unwrap()), bytes(&key));
    }
    assert_eq!(vault(&folder, &chain).kept_in().unwrap(), Some(KeptIn::Keychain));
    assert!(!file(&folder).contains(recovery_key(&key).expose("a test")));
    let elsewhere = tempfile::tempdir().unwrap();
    assert_ne!(bytes(&vault(&elsewhere, &chain).key(true).unwrap()), bytes(&key));
}

#[test]
fn without_a_keychain_it_is_in_a_file_and_goes_where_it_belongs_when_there_is_one() {
    let (folder, chain) = (tempfile::tempdir().unwrap(), Chain::new(Mood::Absent));
    let key = vault(&folder, &chain).key(true).unwrap();
    let written = recovery_key(&key);
    assert_eq!(vault(&folder, &chain).kept_in().unwrap(), Some(KeptIn::File));
    assert!(file(&folder).contains(written.expose("a test")));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(folder.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert_eq!(bytes(&vault(&folder, &chain).key(false).unwrap()), bytes(&key));

    chain.turns(Mood::Forgetful);
    assert_eq!(bytes(&vault(&folder, &chain).key(false).unwrap()), bytes(&key));
    assert!(file(&folder).contains(written.expose("a test")), "what does not come back was not kept");

    fs::write(folder.path().join(FILE), file(&folder).replace("refused", "key")).unwrap();
    let mut before = File::open(folder.path().join(FILE)).unwrap();
    chain.turns(Mood::Open);
    assert_eq!(bytes(&vault(&folder, &chain).key(false).unwrap()), bytes(&key));
    assert_eq!(vault(&folder, &chain).kept_in().unwrap(), Some(KeptIn::Keychain));
    assert!(!file(&folder).contains(written.expose("a test")));
    let mut struck = Vec::new();
    before.read_to_end(&mut struck).unwrap();
    assert!(!struck.is_empty() && struck.iter().all(|byte| *byte == 0), "the file before is overwritten");
}

#[test]
fn a_keychain_that_was_locked_is_not_asked_at_each_start() {
    let (folder, chain) = (tempfile::tempdir().unwrap(), Chain::new(Mood::Locked));
    let key = vault(&folder, &chain).key(true).unwrap();
    let asked = chain.asked.load(Ordering::Relaxed);
    assert_eq!(bytes(&vault(&folder, &chain).key(false).unwrap()), bytes(&key));
    assert_eq!(chain.asked.load(Ordering::Relaxed), asked);
    // Who enters the key again has it put there.
    chain.turns(Mood::Open);
    assert_eq!(vault(&folder, &chain).keep(&key).unwrap(), KeptIn::Keychain);
}

#[test]
fn a_keychain_that_has_it_and_cannot_be_reached_is_said_and_nothing_is_made_anew() {
    let (folder, chain) = (tempfile::tempdir().unwrap(), Chain::new(Mood::Open));
    let key = vault(&folder, &chain).key(true).unwrap();
    let before = file(&folder);
    chain.turns(Mood::Locked);
    assert!(matches!(vault(&folder, &chain).key(true), Err(VaultError::Locked(_))));
    chain.turns(Mood::Absent);
    assert!(matches!(vault(&folder, &chain).key(true), Err(VaultError::NoKeychain(_))));
    assert_eq!(file(&folder), before);
    chain.turns(Mood::Open);
    assert_eq!(bytes(&vault(&folder, &chain).key(false).unwrap()), bytes(&key));
    // Another keychain, as on another computer.
    let other = Chain::new(Mood::Open);
    assert!(matches!(vault(&folder, &other).key(true), Err(VaultError::Lost)));
    assert_eq!(file(&folder), before);
    assert_eq!(vault(&folder, &other).keep(&key).unwrap(), KeptIn::Keychain);
    assert_eq!(bytes(&vault(&folder, &other).key(false).unwrap()), bytes(&key));
}

#[test]
fn a_file_that_says_something_else_is_damaged_and_stays() {
    let (folder, chain) = (tempfile::tempdir().unwrap(), Chain::new(Mood::Open));
    let long = vec![b'x'; 90_000];
    for text in [&b""[..], b"key", b"key 0000-1111", b"keychain mistral", b"\xff\xfe", &long] {
        fs::write(folder.path().join(FILE), text).unwrap();
        assert!(matches!(vault(&folder, &chain).key(true), Err(VaultError::Damaged)), "{text:?}");
        assert_eq!(fs::read(folder.path().join(FILE)).unwrap(), text);
    }
}

#[test]
fn of_many_that_begin_at_once_all_have_one_key() {
    for mood in [Mood::Open, Mood::Absent] {
        let (folder, chain) = (tempfile::tempdir().unwrap(), Chain::new(mood));
        let keys: Vec<_> = std::thread::scope(|threads| {
            let begun: Vec<_> =
                (0..8).map(|_| threads.spawn(|| bytes(&vault(&folder, &chain).key(true).unwrap()))).collect();
            begun.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| *key == keys[0]));
    }
}

#[test]
fn what_goes_wrong_is_said_without_the_key() {
    let lost = KeyError::NoKeychain(None);
    for error in [
        VaultError::Missing,
        VaultError::Lost,
        VaultError::Damaged,
        VaultError::NoChance,
        VaultError::NoKeychain(lost),
        VaultError::Locked(KeyError::Locked("locked".into())),
        VaultError::Keychain(KeyError::Fault),
    ] {
        assert!(error.to_string().contains("Nothing was changed"), "{error}");
    }
}
