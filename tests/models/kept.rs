//! What has arrived is kept as long as the hash can decide, and a download stays what it was begun
//! as: over a restart, through another way out, and whatever a server says on the way.

use std::time::{Duration, Instant};

use sotto_models::{Parts, TransferState};
use sotto_stage::{
    Nobody,
    hub::{At, Fault, Hub},
};

use super::{Desk, FILE, NAME, REPO, Secret, bytes, done, failure, installed, pinned, until};

/// Where the bytes were asked from, after the first time.
fn resumed(desk: &Desk) -> Vec<u64> {
    let ranges = desk.fetched().into_iter().skip(1).flatten();
    ranges.map(|range| range.trim_start_matches("bytes=").trim_end_matches('-').parse().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_odd_answer_costs_nothing_of_what_has_arrived() {
    for odd in [
        Fault::Portal,
        Fault::Status(416, None),
        Fault::Unplaced,
        Fault::OtherMark(50_000),
        Fault::ClaimsMore,
        Fault::WrongPart,
        Fault::SendsMore,
    ] {
        for is_pinned in [true, false] {
            let text = bytes(20);
            let mut desk = Desk::with(text.clone());
            if is_pinned {
                desk.options.catalog = pinned(&text);
            }
            desk.hub.misbehave(At::Bytes, [Fault::Drop(200_000), odd.clone()]);
            let models = desk.open();
            models.get(if is_pinned { "tiny" } else { NAME }, Parts::Text).unwrap();
            done(&models).await;
            assert_eq!(installed(&models), [text], "{odd:?}");
            assert!(resumed(&desk).iter().all(|from| *from >= 190_000), "{odd:?}: {:?}", desk.fetched());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_for_each_machine_and_a_flaky_line_still_come_to_an_end() {
    let desk = Desk::with(bytes(21));
    desk.hub.misbehave(At::Bytes, (0..12).map(|_| Fault::OtherMark(20_000)));
    let models = desk.open();
    models.get(NAME, Parts::Text).unwrap();
    done(&models).await;
    assert_eq!(installed(&models), [desk.hub.file(REPO, FILE)]);
    let from = resumed(&desk);
    assert!(from.is_sorted() && from.len() >= 12, "{from:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_odd_answers_do_not_end_it_is_given_up_and_what_is_here_stays() {
    let desk = Desk::with(bytes(22));
    desk.hub.misbehave(At::Bytes, [Fault::Drop(200_000)].into_iter().chain((0..9).map(|_| Fault::Portal)));
    let models = desk.open();
    models.get(NAME, Parts::Text).unwrap();
    let why = failure(&models).await;
    assert!(why.contains("sign in") && why.contains("is kept"), "{why}");
    assert!(models.watch().borrow()[0].done >= 190_000);
    desk.hub.behave();
    models.resume(NAME);
    done(&models).await;
    assert!(resumed(&desk).iter().all(|from| *from >= 190_000), "{:?}", desk.fetched());
}

#[tokio::test(flavor = "multi_thread")]
async fn absurd_numbers_are_said_and_nothing_falls_over() {
    let desk = Desk::with(bytes(23));
    desk.hub.put(REPO, "Other.gguf", bytes(24));
    let models = desk.open();
    desk.hub.misbehave(At::Details, [Fault::ClaimsToBe(u64::MAX)]);
    models.get(NAME, Parts::Text).unwrap();
    assert!(failure(&models).await.contains("makes no sense"));
    models.cancel(NAME).await.unwrap();

    desk.hub.misbehave(At::Bytes, [Fault::Status(503, Some(u64::MAX))]);
    models.get("poets/Tiny-GGUF:Other.gguf", Parts::Text).unwrap();
    assert!(failure(&models).await.contains("busy"));
    models.resume("poets/Tiny-GGUF:Other.gguf");
    done(&models).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_named_for_one_download_is_kept_over_a_restart() {
    let mut desk = Desk::with(bytes(25));
    let mirror = Hub::open();
    mirror.put(REPO, FILE, bytes(25));
    mirror.wants("hf_private");
    desk.options.tokens = std::sync::Arc::new(|_| Some(Secret::new("hf_private".into())));
    mirror.misbehave(At::Bytes, [Fault::Stall(100_000)]);
    let models = desk.open();
    models.get_from(Some(&mirror.endpoint()), NAME, Parts::Text).unwrap();
    until(&models, |list| list.iter().any(|transfer| transfer.done >= 90_000)).await;
    drop(models);

    let models = desk.open();
    models.carry_on();
    done(&models).await;
    assert_eq!(installed(&models), [bytes(25)]);
    assert!(desk.hub.asked().is_empty(), "the hub was never asked");
    let named = mirror.asked().into_iter().filter(|asked| asked.at == At::Resolve);
    assert!(
        named.map(|asked| asked.authorization).all(|token| token.as_deref() == Some("Bearer hf_private"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_way_out_keeps_a_download_going_from_where_it_is() {
    let desk = Desk::with(bytes(26));
    let mirror = Hub::open();
    mirror.put(REPO, FILE, bytes(26));
    desk.hub.misbehave(At::Bytes, [Fault::Stall(100_000)]);
    let models = desk.open();
    models.get(NAME, Parts::Text).unwrap();
    until(&models, |list| list.iter().any(|transfer| transfer.done >= 90_000)).await;
    models.ask(desk.door.clone(), &mirror.endpoint());
    done(&models).await;
    assert_eq!(installed(&models), [bytes(26)]);
    let ranges: Vec<_> = mirror.asked().into_iter().filter_map(|asked| asked.range).collect();
    assert!(ranges.iter().all(|range| range != "bytes=0-"), "{ranges:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_address_is_said_soon_with_its_reason() {
    let desk = Desk::with(bytes(27));
    let nobody = Nobody::here();
    let models = desk.open();
    let begun = Instant::now();
    models.get_from(Some(&format!("http://{}", nobody.address())), NAME, Parts::Text).unwrap();
    until(&models, |list| matches!(&list[0].state, TransferState::Retrying { why, .. } if why.contains("nothing answers"))).await;
    let why = failure(&models).await;
    assert!(why.contains("nothing answers at that address"), "{why}");
    assert!(begun.elapsed() < Duration::from_mins(1), "{:?}", begun.elapsed());
    assert_eq!(desk.journal.entries().len(), 4, "few tries, and each is written down");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_one_name_in_two_folders_are_two() {
    let desk = Desk::with(bytes(28));
    desk.hub.put(REPO, &format!("sub/dir/{FILE}"), bytes(29));
    let models = desk.open();
    let other = format!("poets/Tiny-GGUF:sub/dir/{FILE}");
    models.get(NAME, Parts::Text).unwrap();
    models.get(&other, Parts::Text).unwrap();
    done(&models).await;
    assert_eq!(std::fs::read(models.find(NAME).unwrap().path).unwrap(), bytes(28));
    assert_eq!(std::fs::read(models.find(&other).unwrap().path).unwrap(), bytes(29));
    assert!(models.get(&other, Parts::Text).unwrap_err().to_string().contains("already"));
}
