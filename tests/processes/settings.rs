//! What several processes set at once, and what none of them can read.

use std::path::Path;

use journeys::library;
use serde_json::Value;
use sotto_store::Values;
use tempfile::TempDir;

use super::{ok, run, sotto, text};

fn values(home: &Path) -> Values {
    library(home).values().unwrap()
}

/// Writes a value as nobody of ours would.
fn write(home: &Path, key: &str, value: &str) {
    let store = library(home);
    store.change_values(|_| Ok([(key.to_owned(), Some(value.to_owned()))].into())).unwrap();
}

#[test]
fn nothing_that_several_set_at_once_is_lost() {
    let home = TempDir::new().unwrap();
    ok(home.path(), &["lock"]);
    for round in 1..=25 {
        let (on, cap) = (if round % 2 == 0 { "on" } else { "off" }, round.to_string());
        let place = format!("http://127.0.0.1:{round}");
        let all: [&[&str]; 4] = [
            &["lock", on],
            &["cloud", on],
            &["cloud", "cap", &cap],
            &["cloud", "set", "own", "--place", &place],
        ];
        let started = all.map(|words| (words, sotto(home.path(), words).spawn().unwrap()));
        for (words, child) in started {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{round} {words:?}: {}", text(&output.stderr));
        }
        let values = values(home.path());
        let is_on = (round % 2 == 0).to_string();
        assert_eq!((&values["offline_lock"], &values["cloud.on"]), (&is_on, &is_on), "round {round}");
        assert_eq!(values["cloud.monthly_cap"], format!("{round}000000000"), "round {round}");
        assert_eq!(values["cloud.providers.own.place"], format!("\"{place}\""), "round {round}");
    }
}

#[test]
fn a_mirror_that_cannot_be_used_closes_downloads_and_nothing_else() {
    for value in ["7", "{", "\"\"", "\"ftp://hub.example\"", "\"no address\""] {
        let home = TempDir::new().unwrap();
        ok(home.path(), &["lock"]);
        write(home.path(), "models.mirror", value);
        ok(home.path(), &["models", "list"]);
        let get = run(home.path(), &["models", "get", "ministral-3-3b"]);
        assert!(!get.status.success(), "{value}");
        assert!(text(&get.stderr).contains("nothing is downloaded"), "{value}: {}", text(&get.stderr));
        assert_eq!(ok(home.path(), &["journal", "--json"]), "", "{value}: nobody was asked");
        let said = text(&run(home.path(), &["lock"]).stderr);
        assert!(said.contains("nothing is downloaded"), "{value}: {said}");
    }
}

#[test]
fn what_cannot_be_read_is_closed_and_said_and_the_rest_holds() {
    let home = TempDir::new().unwrap();
    ok(home.path(), &["cloud", "on"]);
    ok(home.path(), &["cloud", "cap", "5"]);
    write(home.path(), "offline_lock", "maybe");
    write(home.path(), "candle_light", "{\"lit\":3}");
    let lock = run(home.path(), &["lock"]);
    assert_eq!(text(&lock.stdout), "The offline lock is on.\n");
    assert!(text(&lock.stderr).contains("could not be read"), "{}", text(&lock.stderr));
    let after = values(home.path());
    assert_eq!((after["cloud.on"].as_str(), after["cloud.monthly_cap"].as_str()), ("true", "5000000000"));
    ok(home.path(), &["lock", "off"]);
    assert!(text(&run(home.path(), &["lock"]).stderr).is_empty());
    let kept: Value = serde_json::from_str(&values(home.path())["candle_light"]).unwrap();
    assert_eq!(kept["lit"], 3, "what only a newer version knows stays");
}
