use sotto_domain::{Mood, NanoUsd};

use super::*;
use crate::{CloudSettings, ProviderSettings, Theme};

fn all_set() -> Settings {
    let set = ProviderSettings { place: "http://10.0.0.2:80".into(), bill_to: "us".into(), free: true };
    Settings {
        theme: Theme::Dark,
        seed: Some(7),
        banned: vec!["delve".into()],
        offline_lock: true,
        cloud: CloudSettings {
            on: true,
            providers: [("own".to_owned(), set)].into(),
            confirmed: vec!["http://10.0.0.2:80".into()],
            monthly_cap: Some(NanoUsd(5)),
        },
        ..Settings::default()
    }
}

#[test]
fn what_is_spread_is_gathered_as_it_was() {
    for settings in [Settings { model: Some("/m".into()), ..all_set() }, Settings::default()] {
        assert_eq!(gather(&spread(&settings)), (settings, vec![]));
    }
}

#[test]
fn a_change_names_its_own_field_alone() {
    let before = spread(&all_set());
    let after = spread(&Settings { theme: Theme::Light, ..all_set() });
    assert_eq!(difference(&before, &after), [("theme".to_owned(), Some("\"light\"".to_owned()))].into());
}

#[test]
fn one_value_that_is_not_understood_costs_that_value_alone() {
    let whole = spread(&all_set());
    for key in whole.keys() {
        for nonsense in ["{\"a\":1}", "\"sepia\"x", "", "[[]]"] {
            let mut values = whole.clone();
            values.insert(key.clone(), nonsense.into());
            let (settings, unread) = gather(&values);
            assert_eq!(unread, std::slice::from_ref(key), "{nonsense}");
            let mut rest = spread(&settings);
            rest.remove(key);
            let mut expected = whole.clone();
            expected.remove(key);
            if let Some((provider, _)) = key.rsplit_once('.').filter(|_| provider_of(key).is_some()) {
                // Where it is, or who would be billed, is not known: nothing goes there.
                let rest = expected.iter_mut().filter(|(key, _)| key.starts_with(provider));
                rest.for_each(|(key, value)| {
                    *value = if key.ends_with(FREE) { "false" } else { "\"?\"" }.into();
                });
            }
            assert_eq!(rest, expected, "{key} = {nonsense}");
        }
    }
}

#[test]
fn a_word_of_a_newer_version_is_not_understood_and_a_newer_key_is_none_of_ours() {
    let mut values = spread(&all_set());
    values.insert("mood".into(), "\"wild\"".into());
    values.insert("candle_light".into(), "true".into());
    values.insert("theme.accent".into(), "\"moss\"".into());
    let (settings, unread) = gather(&values);
    assert_eq!((settings, unread), (Settings { mood: Mood::Balanced, ..all_set() }, vec!["mood".into()]));
}

#[test]
fn nothing_stands_for_what_should_be_several_fields() {
    for nothing in ["[]", "null", "false", "{}"] {
        let mut values = spread(&all_set());
        values.insert("cloud".into(), nothing.into());
        assert_eq!(gather(&values), (all_set(), vec!["cloud".into()]), "{nothing}");
    }
}

#[test]
fn what_was_promised_and_is_gone_is_closed() {
    let open = Settings { offline_lock: false, ..all_set() };
    let mut values = spread(&open);
    values.retain(|key, _| !PROMISED.contains(&key.as_str()));
    let (settings, unread) = gather(&values);
    assert_eq!(unread, PROMISED);
    assert!(settings.offline_lock && !settings.cloud.on && settings.cloud.confirmed.is_empty());
    assert_eq!(settings.cloud.monthly_cap, Some(NanoUsd(0)));
}
