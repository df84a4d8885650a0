//! Seeded schedules of trouble. Each draws a few faults, kills the downloader in
//! between, and holds what is there against what the hub has.

use std::{collections::BTreeMap, fs, sync::Mutex, thread, time::Duration};

use sotto_models::{Digest, Models, Parts, TransferState, testing::Random};
use sotto_stage::hub::{At, Fault};
use tokio::time::timeout;

use super::{Desk, FILE, NAME, REPO, bytes, pinned};

const SCHEDULES: u64 = 240;
const AT_ONCE: u64 = 6;

/// How a schedule ended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Ending {
    /// The right file, without a word.
    Right,
    /// The right file, after the app said what was wrong and was told to go on.
    RightAfter(String),
    /// The file that was known is not there any more, and the app said so.
    Refused(String),
}

#[test]
fn in_every_schedule_the_file_is_right_or_the_app_says_what_is_wrong() {
    let endings = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for lane in 0..AT_ONCE {
            let endings = &endings;
            scope.spawn(move || {
                let runtime = tokio::runtime::Builder::new_multi_thread()
                    .worker_threads(1)
                    .enable_all()
                    .build()
                    .unwrap();
                for seed in (lane..SCHEDULES).step_by(usize::try_from(AT_ONCE).unwrap()) {
                    let ending =
                        runtime.block_on(async { timeout(Duration::from_mins(3), schedule(seed)).await });
                    let ending = ending.unwrap_or_else(|_| panic!("schedule {seed} does not end"));
                    *endings.lock().unwrap().entry(ending).or_insert(0) += 1;
                }
            });
        }
    });
    let endings = endings.into_inner().unwrap();
    let right: u64 = endings.get(&Ending::Right).copied().unwrap_or(0);
    assert_eq!(endings.values().sum::<u64>(), SCHEDULES);
    // Most trouble mends itself; if it did not, resuming would be broken.
    assert!(right * 2 > SCHEDULES, "{endings:#?}");
}

/// One schedule. Panics where something half-made is listed, or the wrong thing stays.
async fn schedule(seed: u64) -> Ending {
    let mut random = Random(seed);
    let text = bytes(seed);
    let mut desk = Desk::with(text.clone());
    let is_pinned = random.below(3) == 0;
    if is_pinned {
        desk.options.catalog = pinned(&text);
    }
    let name = if is_pinned { "tiny" } else { NAME };
    let faults: Vec<Fault> = (0..=random.below(5)).map(|_| fault(&mut random, text.len())).collect();
    let changes = faults.contains(&Fault::Changed);
    desk.hub.misbehave(At::Bytes, faults);
    for at in [At::Details, At::Resolve] {
        if random.below(4) == 0 {
            let faults = [
                Fault::Silence,
                Fault::Status(429, Some(0)),
                Fault::Status(503, None),
                Fault::Stall(0),
                Fault::Portal,
            ];
            let chosen = faults[usize::try_from(random.below(5)).unwrap()].clone();
            desk.hub.misbehave(at, [chosen]);
        }
    }

    let mut models = desk.open();
    models.get(name, Parts::Text).unwrap();
    for _ in 0..random.below(4) {
        let kill_at = random.below(text.len() as u64);
        wait(&models, kill_at).await;
        nothing_half_made(&models, &desk, &text, seed);
        drop(models);
        models = desk.open();
        nothing_half_made(&models, &desk, &text, seed);
        models.carry_on();
        models.resume(name);
    }
    wait(&models, u64::MAX).await;
    nothing_half_made(&models, &desk, &text, seed);

    let state = models.watch().borrow().first().map(|transfer| transfer.state.clone());
    let ending = match state {
        Some(TransferState::Failed { why }) => {
            assert!(why.len() > 20 && why.ends_with('.'), "schedule {seed}: {why}");
            desk.hub.behave();
            models.resume(name);
            wait(&models, u64::MAX).await;
            if is_pinned && changes {
                assert!(models.installed().is_empty(), "schedule {seed}");
                models.cancel(name).await.unwrap();
                assert!(desk.leftovers().is_empty(), "schedule {seed}: {:?}", desk.leftovers());
                return Ending::Refused(why);
            }
            Ending::RightAfter(why)
        }
        Some(TransferState::Done) | None => Ending::Right,
        Some(other) => panic!("schedule {seed} rests at {other:?}"),
    };
    let here = models.installed();
    assert_eq!(here.len(), 1, "schedule {seed}: {:?}", models.watch().borrow());
    let right = desk.hub.file(REPO, FILE);
    // A file that changed at the very end is the one that was asked for, or the new one.
    let file = fs::read(&here[0].path).unwrap();
    assert!(file == right || file == text, "schedule {seed}: other bytes");
    assert!(desk.leftovers().is_empty(), "schedule {seed}: {:?}", desk.leftovers());
    ending
}

fn fault(random: &mut Random, length: usize) -> Fault {
    let place = usize::try_from(random.below(length as u64)).unwrap();
    match random.below(16) {
        // A cut line is what happens most.
        0..=4 => Fault::Drop(place),
        5 => Fault::IgnoreRange,
        6 => Fault::Status(416, None),
        7 => Fault::Status(429, Some(random.below(2))),
        8 => Fault::Status(503, None),
        9 => [Fault::ClaimsMore, Fault::SendsMore][usize::try_from(random.below(2)).unwrap()].clone(),
        10 => Fault::WrongByte(place),
        11 => Fault::Stall(place),
        12 => Fault::Drip(place),
        13 => Fault::Changed,
        14 => [Fault::WrongPart, Fault::Portal][usize::try_from(random.below(2)).unwrap()].clone(),
        _ => Fault::Silence,
    }
}

/// Waits until so many bytes are here, or nothing happens any more.
async fn wait(models: &Models, bytes: u64) {
    // Orders are taken in turn. Until the last one is, a transfer may rest and set out again.
    models.pause("nothing at all").await;
    let mut view = models.watch();
    let rests = view.wait_for(|list| {
        list.iter().all(|transfer| transfer.state.is_at_rest())
            || list
                .iter()
                .any(|transfer| transfer.state == TransferState::Downloading && transfer.done >= bytes)
    });
    rests.await.unwrap();
}

fn nothing_half_made(models: &Models, desk: &Desk, text: &[u8], seed: u64) {
    let right = [Digest::of(text), Digest::of(&desk.hub.file(REPO, FILE))];
    for model in models.installed() {
        let digest = Digest::of(&fs::read(&model.path).unwrap());
        assert!(
            right.contains(&digest),
            "schedule {seed}: {} is listed and is not right",
            model.path.display()
        );
    }
}
