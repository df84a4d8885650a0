use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    sync::mpsc,
};

use sotto_engine_client::{Engine, EngineOptions, Timeouts};
use sotto_secrets::Memory;
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

/// A hub that has nothing, and the heads of what it is asked.
fn hub() -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (tell, heard) = mpsc::channel();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            let asked: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
            let _ = tell.send(asked.join("\n"));
            let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
        }
    });
    (address, heard)
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
    let (home, keys, (address, heard)) = (TempDir::new().unwrap(), keys(), hub());
    {
        let app = open(home.path(), &keys);
        app.models().change(ModelChange::Mirror(Some(address))).unwrap();
        app.models().set_hub_token(Some(Secret::new("hf_of_the_user".into()))).await.unwrap();
    }
    for _ in 0..2 {
        let app = open(home.path(), &keys);
        assert!(app.models().has_hub_token());
        app.models().get(None, "poets/tiny:tiny.gguf", Parts::Text).unwrap();
        let asked = waiting(|| heard.recv().unwrap());
        assert!(asked.to_lowercase().contains("authorization: bearer hf_of_the_user"), "{asked}");
        app.models().library().cancel("poets/tiny:tiny.gguf").await.unwrap();
    }
}
