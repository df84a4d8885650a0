use super::*;

fn place(origin: &str) -> Place {
    Place { account: "mistral".into(), origin: origin.into() }
}

const HERE: &str = "https://api.mistral.ai";

fn secret(text: &str) -> Secret {
    Secret::new(text.into())
}

fn text(kept: Result<Option<Secret>, KeyError>) -> Option<String> {
    kept.unwrap().map(|secret| secret.expose("a test").to_string())
}

/// A system on which no keychain runs.
struct Absent;

impl Ring for Absent {
    fn write(&self, _: &str, _: &Zeroizing<String>) -> Result<(), KeyError> {
        Err(KeyError::NoKeychain(None))
    }
    fn read(&self, _: &str) -> Result<Option<Zeroizing<String>>, KeyError> {
        Err(KeyError::NoKeychain(None))
    }
    fn erase(&self, _: &str) -> Result<(), KeyError> {
        Err(KeyError::NoKeychain(None))
    }
}

#[test]
fn a_key_is_there_for_its_origin_alone() {
    let keys = Keys::over(Arc::new(Memory::default()));
    keys.put(&place(HERE), &secret("sk-1"), Keep::Keychain).unwrap();
    assert_eq!(text(keys.get(&place(HERE))).as_deref(), Some("sk-1"));
    for elsewhere in ["https://api.mistral.ai:8443", "http://api.mistral.ai", "https://evil.example", ""] {
        assert_eq!(text(keys.get(&place(elsewhere))), None, "{elsewhere}");
    }
    let other = Place { account: "openai".into(), origin: HERE.into() };
    assert_eq!(text(keys.get(&other)), None);
}

#[test]
fn editing_the_address_clears_the_key() {
    let keys = Keys::over(Arc::new(Memory::default()));
    keys.put(&place(HERE), &secret("sk-1"), Keep::Keychain).unwrap();
    assert!(!keys.moved(&place(HERE)).unwrap(), "the same origin keeps it");
    assert_eq!(text(keys.get(&place(HERE))).as_deref(), Some("sk-1"));

    assert!(keys.moved(&place("https://evil.example")).unwrap());
    assert_eq!(text(keys.get(&place("https://evil.example"))), None);
    assert_eq!(text(keys.get(&place(HERE))), None, "and back again does not bring it back");
}

#[test]
fn a_new_key_takes_the_place_of_the_old_one() {
    let keys = Keys::over(Arc::new(Memory::default()));
    keys.put(&place(HERE), &secret("sk-1"), Keep::ThisRun).unwrap();
    keys.put(&place(HERE), &secret("sk-2"), Keep::Keychain).unwrap();
    assert_eq!(text(keys.get(&place(HERE))).as_deref(), Some("sk-2"));
    keys.forget("mistral").unwrap();
    assert_eq!(text(keys.get(&place(HERE))), None);
}

#[test]
fn without_a_keychain_a_key_is_kept_for_this_run_only_if_the_user_says_so() {
    let keys = Keys::over(Arc::new(Absent));
    let refused = keys.put(&place(HERE), &secret("sk-1"), Keep::Keychain);
    assert!(matches!(refused, Err(KeyError::NoKeychain(_))));
    assert!(matches!(keys.get(&place(HERE)), Err(KeyError::NoKeychain(_))), "it was not kept secretly");

    keys.put(&place(HERE), &secret("sk-1"), Keep::ThisRun).unwrap();
    assert_eq!(text(keys.get(&place(HERE))).as_deref(), Some("sk-1"));
    assert_eq!(text(keys.get(&place("https://evil.example"))), None);
    keys.forget("mistral").unwrap();
    assert!(keys.get(&place(HERE)).is_err());
    assert!(keys.forget("mistral").is_err(), "what cannot be looked at is not called forgotten");
}

#[test]
fn a_key_for_this_run_is_gone_with_the_run() {
    let ring = Arc::new(Memory::default());
    Keys::over(ring.clone()).put(&place(HERE), &secret("sk-1"), Keep::ThisRun).unwrap();
    assert_eq!(text(Keys::over(ring).get(&place(HERE))), None);
}

#[test]
fn what_is_kept_is_plain_text_without_the_key_in_sight() {
    let ring = Arc::new(Memory::default());
    let keys = Keys::over(ring.clone());
    keys.put(&place(HERE), &secret("sk-private-key"), Keep::Keychain).unwrap();
    let value = ring.read("mistral").unwrap().unwrap();
    assert!(value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte)));
    assert_eq!(text(keys.get(&place(HERE))).as_deref(), Some("sk-private-key"));
}

#[test]
fn what_somebody_else_put_there_is_not_taken_for_a_key() {
    for value in ["", "sk-plain", "c2stcGxhaW4=", "/w=="] {
        let ring = Arc::new(Memory::default());
        ring.write("mistral", &Zeroizing::new(value.into())).unwrap();
        let keys = Keys::over(ring);
        assert!(matches!(keys.get(&place(HERE)), Err(KeyError::Damaged)), "{value}");
        assert!(keys.moved(&place(HERE)).unwrap(), "{value}");
        assert_eq!(text(keys.get(&place(HERE))), None);
    }
}

#[test]
fn nothing_is_not_a_key() {
    let keys = Keys::over(Arc::new(Memory::default()));
    assert!(matches!(keys.put(&place(HERE), &secret(" \n"), Keep::Keychain), Err(KeyError::Empty)));
}

#[test]
fn what_no_key_has_in_it_is_refused_and_named() {
    let keys = Keys::over(Arc::new(Memory::default()));
    for (text, named) in [
        ("\u{feff}sk-1", "U+FEFF"),
        ("sk-\u{200b}1", "U+200B"),
        ("sk-1\u{2060}", "U+2060"),
        ("sk-é1", "the letter é"),
        ("sk-\u{ff11}", "the letter １"),
        ("sk-1\nsk-2", "a new line"),
        ("sk 1", "a space"),
        ("sk-\u{1b}[31m", "U+001B"),
        ("“sk-1”", "U+201C"),
    ] {
        let refused = keys.put(&place(HERE), &secret(text), Keep::ThisRun).unwrap_err();
        assert!(matches!(refused, KeyError::Letters { .. }), "{text:?}: {refused:?}");
        let sentence = refused.to_string();
        assert!(sentence.contains(named) && !sentence.contains("sk-"), "{sentence}");
        assert_eq!(text_of_none(&keys), None);
    }
    keys.put(&place(HERE), &secret("  sk-a_B.9/+=~\n"), Keep::ThisRun).unwrap();
}

fn text_of_none(keys: &Keys) -> Option<String> {
    text(keys.get(&place(HERE)))
}
