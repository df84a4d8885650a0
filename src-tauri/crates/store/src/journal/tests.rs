use super::*;
use crate::tests::empty;

const NOW: i64 = 1_795_348_800_000;

fn entry(purpose: Purpose) -> Entry {
    Entry {
        at: NOW,
        purpose,
        origin: "https://huggingface.co".into(),
        recipient: "Hugging Face".into(),
        why: "You asked for Ministral 3 3B.".into(),
        project: Some(ProjectId(1)),
        conversation: Some(ConversationId(2)),
        bytes: 77,
    }
}

#[test]
fn every_purpose_and_ending_is_read_back_newest_first() {
    let (_folder, store) = empty();
    let purposes = [
        Purpose::ModelDownload,
        Purpose::ModelDetails,
        Purpose::ProviderModels,
        Purpose::KeyTest,
        Purpose::Answer,
    ];
    let endings = [Ending::Complete, Ending::Stopped, Ending::Offline, Ending::Failed, Ending::Complete];
    for (purpose, ending) in purposes.into_iter().zip(endings) {
        let id = store.opening(&entry(purpose)).unwrap();
        let outcome = Outcome { at: NOW + 5, bytes_out: 77, bytes_in: 900, status: Some(200), ending };
        store.closed(id, outcome);
    }
    let lines = store.journal(None, 9).unwrap();
    let read: Vec<_> = lines.iter().map(|line| (line.entry.clone(), line.outcome.unwrap().ending)).collect();
    let written: Vec<_> = purposes.into_iter().map(entry).zip(endings).rev().collect();
    assert_eq!(read, written);
    assert_eq!(store.journal(Some(lines[1].id), 2).unwrap(), lines[2..4]);
}

#[test]
fn an_entry_is_there_before_it_is_closed() {
    let (_folder, store) = empty();
    store.opening(&entry(Purpose::Answer)).unwrap();
    assert_eq!(store.journal(None, 1).unwrap()[0].outcome, None);
}
