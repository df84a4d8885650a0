use super::*;
use crate::tests::empty;

const NOW: i64 = 1_795_348_800_000;

fn entry_of(project: Option<ProjectId>, at: Timestamp, cost: Cost) -> LedgerEntry {
    LedgerEntry {
        at,
        project,
        project_name: project.map(|_| "The Salt Road".into()),
        conversation: ConversationId(1),
        provider: "Hugging Face".into(),
        backend: Some("novita".into()),
        model: "org/model:novita".into(),
        request: Some("req-1".into()),
        bytes: 1200,
        prompt_tokens: Some(300),
        reused_tokens: None,
        completion_tokens: Some(40),
        cost,
    }
}

#[test]
fn what_was_entered_is_read_back_whole() {
    let (_folder, store) = empty();
    let costs = [
        Cost::Reported(NanoUsd(5)),
        Cost::EstimatedByProvider(NanoUsd(6)),
        Cost::Computed(NanoUsd(7)),
        Cost::UpperBound(NanoUsd(8)),
        Cost::Unknown,
        Cost::Free,
    ];
    let entries: Vec<_> = costs.into_iter().map(|cost| entry_of(None, NOW, cost)).collect();
    for entry in &entries {
        store.enter(entry).unwrap();
    }
    assert_eq!(store.ledger(NOW, NOW + 1).unwrap(), entries);
    assert_eq!(store.ledger(NOW + 1, NOW + 2).unwrap(), []);
}

#[test]
fn a_month_is_summed_for_its_project_alone() {
    let (_folder, store) = empty();
    let (road, other) = (Some(ProjectId(1)), Some(ProjectId(2)));
    store.enter(&entry_of(road, NOW - 1, Cost::Reported(NanoUsd(1000)))).unwrap();
    store.enter(&entry_of(road, NOW, Cost::Reported(NanoUsd(10)))).unwrap();
    store.enter(&entry_of(road, NOW + 1, Cost::UpperBound(NanoUsd(5)))).unwrap();
    store.enter(&entry_of(road, NOW + 2, Cost::Unknown)).unwrap();
    store.enter(&entry_of(other, NOW, Cost::Reported(NanoUsd(100)))).unwrap();
    store.enter(&entry_of(None, NOW, Cost::Reported(NanoUsd(200)))).unwrap();
    assert_eq!(store.spent_since(road, NOW).unwrap(), NanoUsd(15));
    assert_eq!(store.spent_since(None, NOW).unwrap(), NanoUsd(200));
}
