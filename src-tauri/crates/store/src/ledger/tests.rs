use std::sync::Arc;

use sotto_domain::{Account, ConversationId, Ending, Journal, Purpose, Subject};

use super::*;
use crate::settings::MONTHLY_CAP;
use crate::tests::empty;

const NOW: i64 = 1_795_348_800_000;

fn line(project: Option<ProjectId>, at: Timestamp) -> Entry {
    Entry {
        at,
        purpose: Purpose::Answer,
        origin: "https://router.example".into(),
        recipient: "Hugging Face".into(),
        why: "You sent a message.".into(),
        project,
        subject: Some(Subject::Conversation(ConversationId(1))),
        bytes: 1200,
    }
}

fn charge(ceiling: Option<u64>) -> Charge {
    let account = Account {
        project_name: Some("The Salt Road".into()),
        backend: Some("novita".into()),
        model: "org/model".into(),
        ..Account::default()
    };
    Charge { ceiling: ceiling.map(NanoUsd), account }
}

fn outcome(bytes_out: u64, status: Option<u16>) -> Outcome {
    Outcome { at: NOW + 5, bytes_out, bytes_in: 9, status, ending: Ending::Complete }
}

/// An answer that left, and was settled as having cost this.
fn answered(store: &Store, project: Option<ProjectId>, at: Timestamp, ceiling: Option<u64>, cost: Cost) {
    let charge = charge(ceiling);
    let id = store.opening(&line(project, at), Some(&charge), &mut |_| true).unwrap();
    store.closed(id, outcome(1200, Some(200)));
    let settlement = Settlement { ended_at: at + 9, cost: Some(cost), ..Settlement::default() };
    store.settle(charge.account.entry.id().unwrap(), &settlement).unwrap();
}

fn costs(store: &Store) -> Vec<Cost> {
    store.ledger(0, i64::MAX).unwrap().into_iter().map(|entry| entry.cost).collect()
}

#[test]
fn what_was_settled_is_read_back_whole() {
    let (_folder, store) = empty();
    let settled = [
        Cost::Reported(NanoUsd(5)),
        Cost::EstimatedByProvider(NanoUsd(6)),
        Cost::Computed(NanoUsd(7)),
        Cost::UpperBound(NanoUsd(8)),
        Cost::Unknown,
        Cost::Free,
    ];
    for cost in settled {
        answered(&store, None, NOW, Some(9), cost);
    }
    assert_eq!(costs(&store), settled);
    assert_eq!(store.ledger(NOW + 1, NOW + 2).unwrap(), []);
    let charge = charge(Some(70));
    store.opening(&line(Some(ProjectId(3)), NOW + 1), Some(&charge), &mut |_| true).unwrap();
    let settlement = Settlement {
        ended_at: NOW + 4,
        backend: Some("groq".into()),
        request: Some("req-1".into()),
        prompt_tokens: Some(300),
        reused_tokens: None,
        completion_tokens: Some(40),
        cost: Some(Cost::Computed(NanoUsd(60))),
    };
    store.settle(charge.account.entry.id().unwrap(), &settlement).unwrap();
    let read = store.ledger(NOW + 1, NOW + 2).unwrap().remove(0);
    let written = LedgerEntry {
        at: NOW + 1,
        ended_at: Some(NOW + 4),
        project: Some(ProjectId(3)),
        project_name: Some("The Salt Road".into()),
        subject: Some(Subject::Conversation(ConversationId(1))),
        provider: "Hugging Face".into(),
        backend: Some("groq".into()),
        model: "org/model".into(),
        request: Some("req-1".into()),
        bytes: 1200,
        prompt_tokens: Some(300),
        reused_tokens: None,
        completion_tokens: Some(40),
        cost: Cost::Computed(NanoUsd(60)),
        ceiling: Some(NanoUsd(70)),
    };
    assert_eq!(read, written);
}

#[test]
fn an_entry_stands_at_its_ceiling_before_anything_came_of_it() {
    let (_folder, store) = empty();
    for (ceiling, cost) in
        [(Some(70), Cost::UpperBound(NanoUsd(70))), (Some(0), Cost::Free), (None, Cost::Unknown)]
    {
        store.opening(&line(None, NOW), Some(&charge(ceiling)), &mut |_| true).unwrap();
        let entry = store.ledger(NOW, NOW + 1).unwrap().pop().unwrap();
        assert_eq!((entry.cost, entry.ended_at), (cost, None));
    }
    assert_eq!(store.budget(None, NOW).unwrap().spent, NanoUsd(70));
}

#[test]
fn a_month_is_summed_for_its_project_alone_and_unknown_counts_as_its_ceiling() {
    let (_folder, store) = empty();
    let road = Some(store.create_project("The Salt Road", NOW).unwrap().id);
    let other = Some(store.create_project("Another", NOW).unwrap().id);
    answered(&store, road, NOW - 1, None, Cost::Reported(NanoUsd(1000)));
    answered(&store, road, NOW, Some(90), Cost::Reported(NanoUsd(10)));
    answered(&store, road, NOW + 1, None, Cost::UpperBound(NanoUsd(5)));
    answered(&store, road, NOW + 2, Some(70), Cost::Unknown);
    answered(&store, road, NOW + 2, Some(70), Cost::Free);
    answered(&store, road, NOW + 2, None, Cost::Unknown);
    answered(&store, other, NOW, None, Cost::Reported(NanoUsd(100)));
    answered(&store, None, NOW, None, Cost::Reported(NanoUsd(200)));
    assert_eq!(store.budget(road, NOW).unwrap().spent, NanoUsd(85));
    assert_eq!(store.budget(None, NOW).unwrap().spent, NanoUsd(200));
}

#[test]
fn sums_beyond_every_limit_stay_beyond_it() {
    let (_folder, store) = empty();
    for _ in 0..3 {
        answered(&store, None, NOW, None, Cost::Reported(NanoUsd(u64::MAX)));
    }
    assert!(store.budget(None, NOW).unwrap().spent.0 > u64::MAX / 2);
}

#[test]
fn the_limit_is_the_projects_own_and_one_that_is_gone_has_nothing() {
    let (_folder, store) = empty();
    store.change_values(|_| Ok([(MONTHLY_CAP.into(), Some("77".into()))].into())).unwrap();
    let project = store.create_project("The Salt Road", NOW).unwrap().id;
    assert_eq!(store.budget(Some(project), NOW).unwrap().limit, None);
    store.set_project_leaving(project, None, Some(NanoUsd(5))).unwrap();
    assert_eq!(store.budget(Some(project), NOW).unwrap().limit, Some(NanoUsd(5)));
    assert_eq!(store.budget(None, NOW).unwrap().limit, Some(NanoUsd(77)));
    assert_eq!(store.budget(Some(ProjectId(99)), NOW).unwrap().limit, Some(NanoUsd(0)));
}

#[test]
fn what_is_spent_or_reserved_is_known_where_the_next_one_is_decided_on() {
    let (_folder, store) = empty();
    let store = Arc::new(store);
    let mut seen = Vec::new();
    for _ in 0..3 {
        let allows = &mut |standing: &sotto_domain::Standing| {
            seen.push(standing.budget.spent.0);
            true
        };
        store.opening(&line(None, NOW), Some(&charge(Some(30))), allows).unwrap();
    }
    assert_eq!(seen, [0, 30, 60]);
}

#[test]
fn what_never_left_has_no_entry() {
    let (_folder, store) = empty();
    let charge = charge(Some(70));
    let refused = store.opening(&line(None, NOW), Some(&charge), &mut |_| false);
    assert!(refused.is_err() && charge.account.entry.id().is_none());
    let id = store.opening(&line(None, NOW), Some(&charge), &mut |_| true).unwrap();
    store.closed(id, outcome(0, None));
    assert_eq!(costs(&store), []);
    // It is settled by whoever does not know that.
    let settlement = Settlement { cost: Some(Cost::Unknown), ..Settlement::default() };
    store.settle(charge.account.entry.id().unwrap(), &settlement).unwrap();
    assert_eq!(costs(&store), []);
}

#[test]
fn attempts_at_one_answer_share_its_entry() {
    let (_folder, store) = empty();
    let charge = charge(Some(70));
    let attempt = |out, status| {
        let mut spent = None;
        let id = store
            .opening(&line(None, NOW), Some(&charge), &mut |standing| {
                spent = Some(standing.budget.spent);
                true
            })
            .unwrap();
        assert_eq!((spent, costs(&store)), (Some(NanoUsd(0)), vec![Cost::UpperBound(NanoUsd(70))]));
        store.closed(id, outcome(out, status));
        costs(&store)
    };
    assert_eq!(attempt(0, None), [], "nobody listened");
    assert_eq!(attempt(1200, Some(429)), [Cost::Free], "it was turned away");
    assert_eq!(attempt(0, None), [Cost::Free], "nobody listened again");
    assert_eq!(attempt(1200, Some(400)), [Cost::UpperBound(NanoUsd(70))], "it was refused after a look");
    assert_eq!(attempt(1200, Some(429)), [Cost::UpperBound(NanoUsd(70))]);
    assert_eq!(store.ledger(0, i64::MAX).unwrap()[0].ended_at, Some(NOW + 5));
}

#[test]
fn what_is_settled_stays_so_when_its_departure_is_closed_later() {
    let (_folder, store) = empty();
    let charge = charge(Some(70));
    let id = store.opening(&line(None, NOW), Some(&charge), &mut |_| true).unwrap();
    let settlement =
        Settlement { ended_at: NOW, cost: Some(Cost::Reported(NanoUsd(3))), ..Settlement::default() };
    store.settle(charge.account.entry.id().unwrap(), &settlement).unwrap();
    store.closed(id, outcome(1200, Some(429)));
    assert_eq!(costs(&store), [Cost::Reported(NanoUsd(3))]);
}

#[test]
fn an_entry_that_the_database_did_not_keep_was_not_opened() {
    for trigger in [
        "CREATE TRIGGER t BEFORE INSERT ON ledger BEGIN SELECT RAISE(IGNORE); END",
        "CREATE TRIGGER t AFTER INSERT ON ledger BEGIN DELETE FROM ledger WHERE id = new.id; END",
        "CREATE TRIGGER t AFTER INSERT ON ledger BEGIN UPDATE ledger SET nano_usd = 0; END",
        "DROP TABLE ledger",
    ] {
        let (_folder, store) = empty();
        store.lock().execute_batch(trigger).unwrap();
        let opened = store.opening(&line(None, NOW), Some(&charge(Some(70))), &mut |_| true);
        assert!(opened.is_err() && store.journal(None, 9).unwrap().is_empty(), "{trigger}");
    }
}
