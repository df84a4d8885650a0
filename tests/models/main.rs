//! Models from a hub on this device, through the real door, into a real folder: what
//! arrives is right or the app says why, and nothing half-made is ever listed.

// A test may end here and now; clippy knows that of test functions only.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod faults;
mod kept;
mod kinds;

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sotto_domain::Secret;
use sotto_egress::{Door, Rules, testing::Remembered};
use sotto_models::{
    Catalog, Digest, Entry, Models, Options, Parts, Shape, Source, Standing, Timeouts, Transfer,
    TransferState, Trust, Verdict, hub_file, testing,
};
use sotto_stage::hub::{At, Fault, Hub};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const REPO: &str = "poets/Tiny-GGUF";
const FILE: &str = "Tiny-Q4_K_M.gguf";
const NAME: &str = "poets/Tiny-GGUF:Tiny-Q4_K_M.gguf";

/// A folder, a hub, and a door between them.
struct Desk {
    hub: Hub,
    folder: TempDir,
    door: Door,
    journal: Arc<Remembered>,
    options: Options,
}

impl Desk {
    fn new() -> Self {
        let hub = Hub::open();
        let folder = tempfile::tempdir().unwrap();
        let journal = Arc::new(Remembered::default());
        let door = sotto_egress::testing::door(journal.clone()).unwrap();
        let rules = Arc::new(Rules::default);
        let options = Options {
            endpoint: hub.endpoint(),
            timeouts: timeouts(),
            ..Options::new(folder.path().join("models"), door.clone(), rules, || 1_000)
        };
        Self { hub, folder, door, journal, options }
    }

    fn with(bytes: Vec<u8>) -> Self {
        let desk = Self::new();
        desk.hub.put(REPO, FILE, bytes);
        desk
    }

    fn open(&self) -> Models {
        Models::open(self.options.clone()).unwrap()
    }

    /// How often the bytes were asked for.
    fn fetched(&self) -> Vec<Option<String>> {
        let asked = self.hub.asked().into_iter().filter(|asked| asked.at == At::Bytes);
        asked.map(|asked| asked.range).collect()
    }

    /// What lies in the folder of downloads, besides the lock.
    fn leftovers(&self) -> Vec<String> {
        let entries = fs::read_dir(self.options.folder.join(".downloads")).into_iter().flatten().flatten();
        let names = entries.map(|entry| entry.file_name().into_string().unwrap());
        names.filter(|name| name != "lock").collect()
    }
}

/// Short, but not so short that a busy machine looks like a bad line all the time.
fn timeouts() -> Timeouts {
    Timeouts {
        stall: Duration::from_millis(400),
        least: 4096,
        first_pause: Duration::from_millis(1),
        longest_pause: Duration::from_millis(10),
        longest_wait: Duration::from_secs(5),
        attempts: 40,
        piece: 8 << 10,
        look: Duration::from_millis(20),
    }
}

/// Some 300 kB.
fn bytes(seed: u64) -> Vec<u8> {
    testing::model(116_000, seed)
}

/// A catalogue with this one file, pinned.
fn pinned(bytes: &[u8]) -> Catalog {
    let text = Source {
        revision: "0".repeat(40),
        bytes: Some(bytes.len() as u64),
        trust: Trust::Pinned(Digest::of(bytes)),
        ..hub_file(NAME).unwrap()
    };
    let vision =
        Source { file: "Tiny-mmproj.gguf".into(), trust: Trust::FromHub, bytes: None, ..text.clone() };
    let shape = Shape { layers: 2, kv_heads: 2, head_size: 16, longest: 8192 };
    let entry = Entry {
        id: "tiny".into(),
        family: "tiny".into(),
        name: "Tiny".into(),
        good_for: "Tests.".into(),
        text,
        vision,
        shape,
    };
    Catalog { entries: vec![entry] }
}

/// Waits until what is seen is as wanted.
async fn until(models: &Models, is_so: impl Fn(&[Transfer]) -> bool) -> Vec<Transfer> {
    let mut view = models.watch();
    let seen = tokio::time::timeout(Duration::from_mins(2), view.wait_for(|list| is_so(list))).await;
    seen.expect("it takes far too long").unwrap().clone()
}

async fn at_rest(models: &Models) -> Vec<Transfer> {
    until(models, |list| list.iter().all(|transfer| transfer.state.is_at_rest())).await
}

async fn failure(models: &Models) -> String {
    match &at_rest(models).await[0].state {
        TransferState::Failed { why } => why.clone(),
        other => panic!("{other:?}"),
    }
}

async fn done(models: &Models) {
    let list = at_rest(models).await;
    assert!(list.iter().all(|transfer| transfer.state == TransferState::Done), "{list:?}");
}

fn installed(models: &Models) -> Vec<Vec<u8>> {
    models.installed().iter().map(|model| fs::read(&model.path).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_had_from_the_second_host_and_known_by_the_hubs_hash() {
    let desk = Desk::with(bytes(1));
    let models = desk.open();
    assert_eq!(models.get(NAME, Parts::Text).unwrap(), NAME);
    done(&models).await;
    let here = models.installed();
    assert_eq!(installed(&models), [desk.hub.file(REPO, FILE)]);
    assert_eq!(here[0].standing, Standing::Verified(1_000));
    assert_eq!(models.find(NAME).unwrap(), here[0]);
    assert!(desk.leftovers().is_empty(), "{:?}", desk.leftovers());
    // Every connection is in the journal: details, resolve, bytes.
    assert_eq!(desk.journal.entries().len(), 3);
    assert!(models.get(NAME, Parts::Text).unwrap_err().to_string().contains("already"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_part_that_sees_comes_later_and_lies_beside_its_model() {
    let text = bytes(2);
    let mut desk = Desk::with(text.clone());
    desk.hub.put(REPO, "Tiny-mmproj.gguf", testing::vision(6_400, 2));
    desk.options.catalog = pinned(&text);
    let models = desk.open();
    models.get("tiny", Parts::Text).unwrap();
    done(&models).await;
    assert_eq!(models.find("tiny").unwrap().vision, None);
    models.get("tiny", Parts::Vision).unwrap();
    done(&models).await;
    let model = models.find("tiny").unwrap();
    let (vision, length) = model.vision.clone().unwrap();
    assert_eq!((vision.parent(), length), (model.path.parent(), testing::vision(6_400, 2).len() as u64));
    assert_eq!(model.name, "Tiny");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_uninvited() {
    let desk = Desk::with(bytes(3));
    desk.hub.misbehave(At::Bytes, [Fault::Stall(50_000)]);
    let models = desk.open();
    models.get(NAME, Parts::Text).unwrap();
    until(&models, |list| list.iter().any(|transfer| transfer.done > 30_000)).await;
    drop(models);
    let before = desk.hub.asked().len();

    let models = desk.open();
    let waiting = models.watch().borrow().clone();
    assert_eq!(waiting[0].state, TransferState::Paused);
    assert!(waiting[0].done > 0 && waiting[0].total.is_some());
    assert_eq!(desk.hub.asked().len(), before);

    models.carry_on();
    done(&models).await;
    assert_eq!(installed(&models), [desk.hub.file(REPO, FILE)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_survives_a_restart() {
    let desk = Desk::with(bytes(4));
    desk.hub.put(REPO, "Other.gguf", bytes(5));
    desk.hub.misbehave(At::Bytes, [Fault::Stall(50_000)]);
    let models = desk.open();
    models.get(NAME, Parts::Text).unwrap();
    models.get("poets/Tiny-GGUF:Other.gguf", Parts::Text).unwrap();
    until(&models, |list| list.len() == 2 && list[0].done > 30_000).await;
    drop(models);
    let models = desk.open();
    models.carry_on();
    done(&models).await;
    assert_eq!(installed(&models).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_keeps_what_has_arrived() {
    let desk = Desk::with(bytes(6));
    desk.hub.misbehave(At::Bytes, [Fault::Stall(100_000)]);
    let models = desk.open();
    models.get(NAME, Parts::Text).unwrap();
    until(&models, |list| list.iter().any(|transfer| transfer.done >= 90_000)).await;
    models.pause(NAME).await;
    let paused = models.watch().borrow().clone();
    assert_eq!(paused[0].state, TransferState::Paused);
    assert!(paused[0].done > 0);
    models.resume(NAME);
    done(&models).await;
    let ranges = desk.fetched();
    assert_eq!(ranges[0].as_deref(), Some("bytes=0-"));
    assert_ne!(ranges[1].as_deref(), Some("bytes=0-"));
    assert_eq!(installed(&models), [desk.hub.file(REPO, FILE)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_is_final() {
    let desk = Desk::with(bytes(7));
    desk.hub.misbehave(At::Bytes, [Fault::Stall(100_000)]);
    let models = desk.open();
    models.get(NAME, Parts::Text).unwrap();
    until(&models, |list| list.iter().any(|transfer| transfer.done >= 90_000)).await;
    models.cancel(NAME).await.unwrap();
    assert!(desk.leftovers().is_empty() && models.watch().borrow().is_empty());
    let before = desk.hub.asked().len();
    models.resume(NAME);
    drop(models);
    let models = desk.open();
    models.carry_on();
    assert!(at_rest(&models).await.is_empty());
    assert_eq!((desk.hub.asked().len(), installed(&models).len()), (before, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_windows_never_write_the_same_file() {
    let desk = Desk::with(bytes(8));
    let (one, two) = (desk.open(), desk.open());
    one.get(NAME, Parts::Text).unwrap();
    two.get(NAME, Parts::Text).unwrap();
    at_rest(&one).await;
    at_rest(&two).await;
    assert_eq!(desk.fetched().len(), 1, "the bytes came once");
    assert_eq!(installed(&two), [desk.hub.file(REPO, FILE)]);
    assert!(desk.leftovers().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_in_one_window_stops_the_other() {
    let desk = Desk::with(bytes(9));
    desk.hub.misbehave(At::Bytes, std::iter::repeat_n(Fault::Stall(5_000), 60));
    let (one, two) = (desk.open(), desk.open());
    one.get(NAME, Parts::Text).unwrap();
    until(&one, |list| list.iter().any(|transfer| transfer.done > 0)).await;
    two.get(NAME, Parts::Text).unwrap();
    two.cancel(NAME).await.unwrap();
    assert!(at_rest(&one).await.is_empty());
    assert!(desk.leftovers().is_empty(), "{:?}", desk.leftovers());
    assert!(installed(&one).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_before_and_while() {
    let mut desk = Desk::with(bytes(10));
    let free = Arc::new(AtomicU64::new(100_000));
    let told = free.clone();
    desk.options.free = Arc::new(move |_: &Path| Ok(told.load(Ordering::SeqCst)));
    let models = desk.open();
    models.get(NAME, Parts::Text).unwrap();
    let why = failure(&models).await;
    let size = format!("{} kB", bytes(10).len() / 1000);
    assert!(why.contains("not enough space") && why.contains(&size), "{why}");
    assert!(desk.fetched().is_empty(), "nothing was asked for that had no room");

    // Room enough, but gone when the line is cut and tried again.
    free.store(1 << 40, Ordering::SeqCst);
    desk.hub.misbehave(At::Bytes, [Fault::Stall(100_000)]);
    models.resume(NAME);
    until(&models, |list| list[0].done >= 90_000).await;
    free.store(0, Ordering::SeqCst);
    let why = failure(&models).await;
    assert!(why.contains("not enough space"), "{why}");
    assert!(models.watch().borrow()[0].done > 0, "what is kept is shown");
    assert!(installed(&models).is_empty());

    free.store(1 << 40, Ordering::SeqCst);
    models.resume(NAME);
    done(&models).await;
    assert_eq!(installed(&models), [desk.hub.file(REPO, FILE)]);
    assert_ne!(desk.fetched().last().unwrap().as_deref(), Some("bytes=0-"));
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_offline_lock_on_nothing_is_tried() {
    let desk = Desk::with(bytes(11));
    desk.door.lock().set(true);
    let models = desk.open();
    models.get(NAME, Parts::Text).unwrap();
    let why = failure(&models).await;
    assert!(why.contains("The offline lock is on"), "{why}");
    assert!(desk.hub.asked().is_empty());

    desk.door.lock().set(false);
    desk.hub.misbehave(At::Bytes, [Fault::Stall(100_000)]);
    models.resume(NAME);
    until(&models, |list| list[0].done >= 90_000).await;
    desk.door.lock().set(true);
    let why = failure(&models).await;
    assert!(why.contains("offline lock"), "{why}");
    desk.door.lock().set(false);
    models.resume(NAME);
    done(&models).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_reaches_the_hub_and_nobody_else() {
    let mut desk = Desk::with(bytes(12));
    desk.hub.wants("hf_private");
    let models = desk.open();
    models.get(NAME, Parts::Text).unwrap();
    let why = failure(&models).await;
    assert!(why.contains("access token"), "{why}");
    drop(models);

    desk.options.tokens = Arc::new(|_| Some(Secret::new("hf_private".into())));
    let models = desk.open();
    models.resume(NAME);
    done(&models).await;
    let asked = desk.hub.asked();
    assert!(asked.iter().filter(|asked| asked.at == At::Bytes).all(|asked| asked.authorization.is_none()));
    assert!(asked.iter().any(|asked| asked.authorization.as_deref() == Some("Bearer hf_private")));
    for entry in fs::read_dir(desk.options.folder.join(".downloads")).unwrap().flatten() {
        assert!(!fs::read_to_string(entry.path()).unwrap().contains("hf_private"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_of_another_kind_is_known_by_its_beginning() {
    let desk = Desk::with(testing::gguf("gemma4", 1_500_000, 13));
    let models = desk.open();
    models.get(NAME, Parts::Text).unwrap();
    let why = failure(&models).await;
    assert!(why.contains("another kind (gemma4)"), "{why}");
    assert!(installed(&models).is_empty());
}

/// Whichever part is asked for, the model is all of them, and it is here when all of them are.
#[tokio::test(flavor = "multi_thread")]
async fn a_model_in_parts_is_had_as_one() {
    const FIRST: &str = "poets/Tiny-GGUF:Q8/Tiny-00001-of-00002.gguf";
    let desk = Desk::new();
    let parts = testing::parts(150_016, 2, 18);
    for (number, bytes) in parts.iter().enumerate() {
        desk.hub.put(REPO, &format!("Q8/Tiny-0000{}-of-00002.gguf", number + 1), bytes.clone());
    }
    let models = desk.open();
    assert_eq!(models.get("poets/Tiny-GGUF:Q8/Tiny-00002-of-00002.gguf", Parts::Text).unwrap(), FIRST);
    done(&models).await;
    let here = models.installed();
    assert_eq!(here.len(), 1);
    assert_eq!(here[0].bytes, parts.iter().map(|part| part.len() as u64).sum::<u64>());
    assert_eq!(models.find(FIRST).unwrap(), here[0]);
    assert_eq!(models.find("poets/Tiny-GGUF:Q8/Tiny-00002-of-00002.gguf").unwrap(), here[0]);
    assert!(models.get(FIRST, Parts::Text).unwrap_err().to_string().contains("already"));
    // A part that goes takes the model off the list, and is had again by itself.
    fs::remove_file(&here[0].files()[1]).unwrap();
    assert!(models.installed().is_empty());
    models.get(FIRST, Parts::Text).unwrap();
    done(&models).await;
    assert_eq!(models.installed()[0].files().len(), 2);
}

/// What arrives right and is of no use is refused by its name, and not kept.
#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_the_engine_would_not_take_is_not_said_to_be_here() {
    let mut other = testing::write::model(512, 19);
    other.set("mistral3.rope.scaling.type", "longrope");
    let desk = Desk::with(other.bytes());
    let models = desk.open();
    models.get(NAME, Parts::Text).unwrap();
    let why = failure(&models).await;
    assert!(why.contains("Tiny-Q4_K_M.gguf") && why.contains("(longrope)"), "{why}");
    assert!(installed(&models).is_empty() && desk.leftovers().len() <= 1, "{:?}", desk.leftovers());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_said_to_be_not_there() {
    let desk = Desk::with(bytes(14));
    let models = desk.open();
    models.get("poets/Tiny-GGUF:Nothing.gguf", Parts::Text).unwrap();
    assert!(failure(&models).await.contains("no such file"));
    assert!(models.get("no-such-model", Parts::Text).unwrap_err().to_string().contains("no-such-model"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_model_is_found_out_and_can_be_had_again() {
    let text = bytes(15);
    let mut desk = Desk::with(text.clone());
    desk.options.catalog = pinned(&text);
    let models = desk.open();
    models.get("tiny", Parts::Text).unwrap();
    done(&models).await;
    let right = models.verify("tiny", CancellationToken::new(), |_| {}).await.unwrap();
    assert_eq!(right, Verdict::Right);

    let path = models.find("tiny").unwrap().path;
    let mut damaged = text.clone();
    damaged[200_000] ^= 1;
    fs::write(&path, damaged).unwrap();
    let wrong = models.verify("tiny", CancellationToken::new(), |_| {}).await.unwrap();
    assert_eq!(wrong, Verdict::Wrong);
    assert_eq!(models.find("tiny").unwrap().standing, Standing::Damaged(1_000));

    models.get("tiny", Parts::Text).unwrap();
    done(&models).await;
    assert_eq!(models.find("tiny").unwrap().standing, Standing::Verified(1_000));
    assert_eq!(fs::read(&path).unwrap(), text);
}

#[tokio::test(flavor = "multi_thread")]
async fn models_and_what_is_on_its_way_move_to_another_folder() {
    let desk = Desk::with(bytes(16));
    desk.hub.put(REPO, "Other.gguf", bytes(17));
    let models = desk.open();
    models.get(NAME, Parts::Text).unwrap();
    done(&models).await;
    desk.hub.misbehave(At::Bytes, [Fault::Stall(100_000)]);
    models.get("poets/Tiny-GGUF:Other.gguf", Parts::Text).unwrap();
    until(&models, |list| list.last().unwrap().done >= 90_000).await;

    let to = desk.folder.path().join("other-disk");
    let stop = CancellationToken::new();
    let busy = models.relocate(&to, stop.clone(), |_| {}, |_| Ok::<_, ()>(())).await;
    assert!(busy.unwrap_err().to_string().contains("download is under way"));

    models.pause("poets/Tiny-GGUF:Other.gguf").await;
    // A write that was under way holds on a moment longer.
    let mut moved = Err(());
    for _ in 0..500 {
        moved = models.relocate(&to, stop.clone(), |_| {}, |_| Ok::<_, ()>(())).await.map_err(|_| ());
        if moved.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    moved.unwrap();
    assert!(!desk.options.folder.exists());
    assert_eq!(models.folder(), to);
    assert_eq!(installed(&models), [desk.hub.file(REPO, FILE)]);
    models.resume("poets/Tiny-GGUF:Other.gguf");
    done(&models).await;
    assert_eq!(installed(&models).len(), 2);
    assert_ne!(desk.fetched().last().unwrap().as_deref(), Some("bytes=0-"));
}
