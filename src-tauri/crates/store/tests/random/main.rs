//! Long random stories, told to the store and to the simplest thing that could be one.

#![allow(clippy::unwrap_used)] // helpers of tests may panic as tests may

#[path = "../key/mod.rs"]
mod key;
mod model;

use key::{opened, the_key};
use model::Model;
use sotto_store::Store;

/// Numbers that look random, and are the same each time.
pub struct Dice(u64);

impl Dice {
    /// One of `0..sides`.
    #[allow(clippy::cast_possible_truncation)] // 31 bits
    pub fn throw(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

#[test]
fn the_store_and_the_model_tell_the_same_story() {
    for seed in 0..6 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sotto.db");
        let (mut store, mut model, mut dice) =
            (Store::open(&path, &the_key()).unwrap(), Model::default(), Dice(seed));
        for now in 0..300 {
            model.step(&store, &mut dice, now);
            if dice.throw(40) == 0 {
                drop(store);
                store = Store::open(&path, &the_key()).unwrap();
            }
            model.compare(&store);
        }
        model.finish(&store);
        drop(store);
        check(&path);
    }
}

/// The tables, their references, and the indexes of words agree with each other.
fn check(path: &std::path::Path) {
    let connection = opened(path);
    let sound: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
    assert!(!connection.prepare("PRAGMA foreign_key_check").unwrap().exists([]).unwrap());
    for index in ["title_words", "message_words"] {
        let compare = format!("INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)");
        connection.execute(&compare, []).unwrap();
    }
}
