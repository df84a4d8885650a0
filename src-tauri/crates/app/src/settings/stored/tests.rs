use std::fs;

use sotto_domain::{LibraryKey, Mood, NanoUsd};
use tempfile::TempDir;

use super::super::values::PROMISED;
use super::*;
use crate::Theme;

fn library(home: &Path) -> Store {
    let path = home.join("library.db");
    let key = LibraryKey::new([7; LibraryKey::LENGTH]);
    match Store::open(&path, &key) {
        Err(StoreError::Plain) => {
            sotto_store::encrypt(&path, &key).unwrap();
            Store::open(&path, &key).unwrap()
        }
        opened => opened.unwrap(),
    }
}

/// The settings of a home, as another process would open them.
fn opened(home: &Path) -> StoredSettings {
    let store = Arc::new(library(home));
    StoredSettings::open(store, home, false).unwrap()
}

/// A home whose settings an earlier version left in this file.
fn left(file: impl AsRef<[u8]>) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("settings.json"), file).unwrap();
    home
}

const FILE: &str = r#"{"theme":"dark","text_size":20,"mood":"balanced","model":null,"banned":["delve"],"seed":null,
  "offline_lock":true,"models":{"folder":null,"idle_minutes":30,"mirror":"https://hub.example"},
  "network":{"proxy":null,"ca_file":null},
  "cloud":{"on":true,"providers":{"own":{"place":"http://10.0.0.2"}},"confirmed":["http://10.0.0.2"],"monthly_cap":5}}"#;

#[test]
fn what_was_changed_holds_in_every_process_at_once() {
    let home = tempfile::tempdir().unwrap();
    let (here, there) = (opened(home.path()), opened(home.path()));
    assert_eq!((here.get(), here.unread()), (Settings::default(), None));
    there.change(|settings| settings.theme = Theme::Dark).unwrap();
    assert_eq!(here.get().theme, Theme::Dark);
    there.set_lock(true).unwrap();
    here.change(|settings| settings.text_size = 20).unwrap();
    assert!(here.rules().offline_lock && here.lock().is_on(), "a change writes nobody's lock away");
    there.set_lock(false).unwrap();
    assert!(!here.rules().offline_lock && !here.lock().is_on());
    assert_eq!(opened(home.path()).get().text_size, 20);
}

#[test]
fn an_earlier_file_is_read_once_and_kept_beside() {
    let home = left(FILE);
    let settings = opened(home.path());
    let read = settings.get();
    assert_eq!((read.theme, read.text_size, read.offline_lock, read.cloud.on), (Theme::Dark, 20, true, true));
    assert_eq!((read.cloud.monthly_cap, settings.unread()), (Some(NanoUsd(5)), None));
    assert_eq!(read.cloud.providers["own"].place, "http://10.0.0.2");
    assert_eq!(read.models.mirror.as_deref(), Some("https://hub.example"));
    assert_eq!(fs::read_to_string(home.path().join("settings.json.earlier")).unwrap(), FILE);
    settings.set_lock(false).unwrap();
    fs::write(home.path().join("settings.json"), FILE).unwrap();
    assert!(!opened(home.path()).get().offline_lock, "the database is the truth from then on");
}

#[test]
fn a_file_that_cannot_be_read_closes_what_it_promised() {
    let cut = &FILE[..30];
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("cut", cut.into()),
        ("empty", vec![]),
        ("blank", b" \n".into()),
        ("a byte order mark", [b"\xef\xbb\xbf", FILE.as_bytes()].concat()),
        ("a trailing comma", FILE.replace("5}}", "5,}}").into()),
        ("a comment", [b"// mine\n", FILE.as_bytes()].concat()),
        ("a list", b"[]".into()),
        ("a word", b"true".into()),
        ("zeroes", vec![0; 400]),
        ("not text", [&FILE.as_bytes()[..20], b"\xff\xfe"].concat()),
        ("two in one", [FILE, FILE].concat().into()),
        ("far too long", [vec![b' '; 2 << 20], FILE.into()].concat()),
    ];
    for (what, file) in cases {
        let home = left(&file);
        let settings = opened(home.path());
        let rules = settings.rules();
        assert!(rules.offline_lock && !rules.cloud && rules.confirmed.is_empty(), "{what}");
        assert_eq!(settings.get().cloud.monthly_cap, Some(NanoUsd(0)), "{what}");
        assert!(settings.unread().is_some_and(|unread| unread.is_promised()), "{what}");
        assert_eq!(fs::read(home.path().join("settings.json.earlier")).unwrap(), file, "{what}");
        // Also for whoever comes next, until somebody has looked.
        assert!(opened(home.path()).rules().offline_lock, "{what}");
        for field in settings.unread().unwrap().fields() {
            settings.settle(&field.key.unwrap()).unwrap();
        }
        assert_eq!((settings.unread(), settings.get().offline_lock), (None, true), "{what}");
        settings.set_lock(false).unwrap();
        assert!(!opened(home.path()).rules().offline_lock, "{what}");
    }
}

#[test]
fn a_folder_in_the_files_place_closes_too() {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("settings.json")).unwrap();
    assert!(opened(home.path()).rules().offline_lock);
}

#[test]
fn one_value_of_an_earlier_file_costs_itself_alone() {
    for (good, bad, key) in [
        ("\"balanced\"", "\"wild\"", "mood"),
        ("\"dark\"", "\"sepia\"", "theme"),
        ("\"offline_lock\":true", "\"offline_lock\":\"yes\"", "offline_lock"),
        ("\"monthly_cap\":5", "\"monthly_cap\":-5", "cloud.monthly_cap"),
        ("\"on\":true", "\"on\":1", "cloud.on"),
        ("\"confirmed\":[", "\"confirmed\":[7,", "cloud.confirmed"),
    ] {
        assert!(FILE.contains(good), "{good}");
        let home = left(FILE.replace(good, bad));
        let settings = opened(home.path());
        assert_eq!(settings.unread(), Some(Unread::Fields(vec![key.into()])));
        let read = settings.get();
        assert!(read.offline_lock && read.text_size == 20, "{key}");
        assert_eq!(read.cloud.on, key != "cloud.on");
        let cap = if key == "cloud.monthly_cap" { 0 } else { 5 };
        assert_eq!(read.cloud.monthly_cap, Some(NanoUsd(cap)), "{key}");
    }
    let home = left(FILE.replace("\"cloud\":{", "\"cloud\":[],\"other\":{"));
    let read = opened(home.path()).get();
    assert_eq!((read.offline_lock, read.cloud.monthly_cap), (true, Some(NanoUsd(0))));
}

#[test]
fn a_database_of_an_earlier_version_without_its_file_is_closed() {
    let home = tempfile::tempdir().unwrap();
    let old = Path::new(env!("CARGO_MANIFEST_DIR")).join("../store/tests/old/0003.db");
    fs::copy(old, home.path().join("library.db")).unwrap();
    assert!(opened(home.path()).rules().offline_lock);
    let lost = tempfile::tempdir().unwrap();
    let store = Arc::new(library(lost.path()));
    assert!(StoredSettings::open(store, lost.path(), true).unwrap().rules().offline_lock);
}

#[test]
fn values_of_a_newer_version_survive_whatever_is_set() {
    let home = tempfile::tempdir().unwrap();
    let settings = opened(home.path());
    let newer = [("mood", "\"wild\""), ("candle_light", "{\"lit\":3}"), ("models.crew", "[1]")];
    let rows = newer.map(|(key, value)| (key.to_owned(), Some(value.to_owned())));
    settings.store.change_values(|_| Ok(rows.into())).unwrap();
    assert_eq!(settings.get().mood, Mood::Balanced);
    settings.change(|settings| settings.theme = Theme::Dark).unwrap();
    settings.set_lock(true).unwrap();
    let values = settings.store.values().unwrap();
    for (key, value) in newer {
        assert_eq!(values[key], value);
    }
    settings.change(|settings| settings.mood = Mood::Precise).unwrap();
    assert_eq!(settings.store.values().unwrap()["mood"], "\"precise\"");
}

#[cfg(unix)]
#[test]
fn where_the_database_cannot_be_read_everything_is_closed() {
    let home = tempfile::tempdir().unwrap();
    let settings = opened(home.path());
    settings.change(|settings| settings.cloud.on = true).unwrap();
    settings.change(|settings| settings.theme = Theme::Dark).unwrap();
    assert_eq!((settings.get().cloud.on, settings.rules().offline_lock), (true, false));
    fs::remove_file(home.path().join("library.db")).unwrap();
    let read = settings.get();
    assert_eq!((read.theme, read.cloud.on, read.offline_lock), (Theme::Dark, false, true));
    assert!(settings.rules().offline_lock && settings.lock().is_on());
    assert_eq!(settings.unread(), Some(Unread::All));
    assert!(settings.set_lock(false).is_err());
    assert!(settings.lock().is_on());
}

#[test]
fn a_lock_that_cannot_be_written_down_is_on_all_the_same() {
    let home = tempfile::tempdir().unwrap();
    let settings = opened(home.path());
    // Another process writes for longer than anybody waits.
    opened(home.path())
        .store
        .change_values(|_| {
            assert!(matches!(settings.set_lock(true), Err(StoreError::Busy)));
            Ok([].into())
        })
        .unwrap();
    assert!(settings.lock().is_on() && settings.rules().offline_lock);
    settings.set_lock(false).unwrap();
    assert!(!settings.lock().is_on());
}

#[test]
fn what_the_store_reads_as_promised_is_what_is_shown() {
    let home = tempfile::tempdir().unwrap();
    let settings = opened(home.path());
    for key in PROMISED {
        for value in
            ["true", "false", "null", "7", "-7", "1e3", "[]", "[\"https://a\"]", "[1]", "\"x\"", "{}"]
        {
            settings.store.change_values(|_| Ok([(key.into(), Some(value.into()))].into())).unwrap();
            let (shown, promised) = (settings.get(), settings.store.promises().unwrap());
            let shown = Promises {
                offline_lock: shown.offline_lock,
                cloud: shown.cloud.on,
                confirmed: shown.cloud.confirmed,
                monthly_cap: shown.cloud.monthly_cap,
            };
            assert_eq!(shown, promised, "{key} = {value}");
        }
    }
}

/// Writes a value as somebody else would.
fn written(settings: &StoredSettings, key: &str, value: &str) {
    settings.store.change_values(|_| Ok([(key.into(), Some(value.into()))].into())).unwrap();
}

#[test]
fn a_way_out_that_cannot_be_read_leads_nowhere_until_it_is_set_anew() {
    let read = |settings: &Settings| {
        [settings.models.mirror.clone(), settings.network.proxy.clone()]
            .into_iter()
            .chain([settings.network.ca_file.as_ref().map(|file| file.display().to_string())])
            .collect::<Vec<_>>()
    };
    for (at, key) in [MIRROR, PROXY, CA_FILE].into_iter().enumerate() {
        for value in ["7", "{", "{}", "true", "\u{feff}null"] {
            let home = tempfile::tempdir().unwrap();
            let settings = opened(home.path());
            written(&settings, key, value);
            assert_eq!(read(&settings.get())[at].as_deref(), Some(""), "{key} = {value}");
            assert_eq!(settings.unread(), Some(Unread::Fields(vec![key.into()])), "{key} = {value}");
            settings.change(|settings| settings.theme = Theme::Dark).unwrap();
            assert_eq!(settings.store.values().unwrap()[key], value, "nobody writes it away");
            settings.settle(key).unwrap();
            assert_eq!(
                (read(&settings.get())[at].clone(), settings.unread()),
                (None, None),
                "{key} = {value}"
            );
        }
    }
}

#[test]
fn a_mirror_that_is_no_address_is_said_and_stays_as_it_is() {
    for mirror in ["", "?", "ftp://hub.example", "https://", "http://me:secret@hub.example"] {
        let home = tempfile::tempdir().unwrap();
        let settings = opened(home.path());
        written(&settings, MIRROR, &serde_json::to_string(mirror).unwrap());
        assert_eq!(settings.get().models.mirror.as_deref(), Some(mirror));
        assert_eq!(settings.unread(), Some(Unread::Fields(vec![MIRROR.into()])), "{mirror}");
    }
}

#[test]
fn a_provider_whose_settings_cannot_be_read_is_not_asked_elsewhere() {
    for (key, value) in [("place", "7"), ("bill_to", "[]"), ("place", "{\"a\":1")] {
        let home = tempfile::tempdir().unwrap();
        let settings = opened(home.path());
        let key = format!("cloud.providers.huggingface.{key}");
        written(&settings, &key, value);
        assert!(crate::cloud_link::endpoint(&settings.get(), "huggingface").is_err(), "{key} = {value}");
        assert_eq!(settings.unread(), Some(Unread::Fields(vec![key.clone()])));
        let field = &settings.unread().unwrap().fields()[0];
        assert!(field.sentence.contains("huggingface") && field.key.as_ref() == Some(&key));
        settings.settle(&key).unwrap();
        assert!(crate::cloud_link::endpoint(&settings.get(), "huggingface").is_ok());
        assert_eq!(settings.unread(), None);
    }
}

#[test]
fn a_change_is_of_its_own_field_and_settles_what_could_not_be_read() {
    let home = tempfile::tempdir().unwrap();
    let settings = opened(home.path());
    written(&settings, "mood", "\"wild\"");
    written(&settings, "theme", "\"sepia\"");
    // What is chosen may be what it counted as: it is written all the same.
    let chosen = crate::Change::Mood(Mood::Balanced);
    settings.decide(&[chosen.key()], |settings| chosen.apply(settings)).unwrap();
    let values = settings.store.values().unwrap();
    assert_eq!((values["mood"].as_str(), values["theme"].as_str()), ("\"balanced\"", "\"sepia\""));
    assert_eq!(settings.unread(), Some(Unread::Fields(vec!["theme".into()])));
}
