use sotto_engine_client::{Engine, EngineOptions, Timeouts};
use sotto_secrets::Memory;
use sotto_stage::{Server, wire::status};
use tempfile::TempDir;

use super::*;
use crate::{App, Options as Opening};

/// The app at home in `home`, as it is after each start.
fn open(home: &Path, keys: &Keys) -> App {
    let engine = Engine::new(EngineOptions {
        program: PathBuf::from("none"),
        scratch: home.join("engine"),
        pictures: home.join("pictures"),
        timeouts: Timeouts::default(),
    });
    let options = Opening {
        home: home.to_owned(),
        engine: PathBuf::from("none"),
        guide: None,
        clock: || 1_795_348_800_000,
        keys: keys.clone(),
    };
    App::open_with(options, engine.clone(), Arc::new(engine)).unwrap()
}

fn keys() -> Keys {
    Keys::over(Arc::new(Memory::default()))
}

/// A hub that has nothing, and tells that it was asked.
fn hub() -> Server {
    Server::open(|_, line| {
        line.tell("asked");
        line.send(status("404 Not Found", "", ""))
    })
}

#[tokio::test]
async fn a_mirror_in_ones_own_network_is_confirmed_where_it_is_typed() {
    let (home, keys) = (TempDir::new().unwrap(), keys());
    let app = open(home.path(), &keys);
    app.models().change(ModelChange::Mirror(Some("http://192.168.7.9:8080".into()))).unwrap();
    assert_eq!(app.settings().get().cloud.confirmed, ["http://192.168.7.9:8080"]);
    // One on this computer, or in the world, needs no word.
    for mirror in ["http://127.0.0.1:8080", "https://hub.example"] {
        app.models().change(ModelChange::Mirror(Some(mirror.into()))).unwrap();
    }
    assert_eq!(app.settings().get().cloud.confirmed.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hubs_token_is_used_after_a_restart_and_by_every_process() {
    let (home, keys, hub) = (TempDir::new().unwrap(), keys(), hub());
    {
        let app = open(home.path(), &keys);
        app.models().change(ModelChange::Mirror(Some(hub.address.clone()))).unwrap();
        app.models().set_hub_token(Some(Secret::new("hf_of_the_user".into()))).await.unwrap();
    }
    for _ in 0..2 {
        let app = open(home.path(), &keys);
        assert!(app.models().has_hub_token());
        app.models().get(None, "poets/tiny:tiny.gguf", Parts::Text).unwrap();
        waiting(|| hub.hear("asked"));
        let asked = hub.requests().pop().unwrap();
        assert!(asked.to_lowercase().contains("authorization: bearer hf_of_the_user"), "{asked}");
        app.models().library().cancel("poets/tiny:tiny.gguf").await.unwrap();
    }
}
