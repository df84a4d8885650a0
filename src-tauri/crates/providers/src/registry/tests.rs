use std::collections::BTreeSet;

use super::*;
use crate::Endpoint;

#[test]
fn every_provider_has_an_id_of_its_own_and_words_for_the_person() {
    let ids: BTreeSet<_> = PROVIDERS.iter().map(|provider| provider.id).collect();
    assert_eq!(ids.len(), PROVIDERS.len());
    for known in PROVIDERS {
        assert_eq!(provider(known.id), Some(*known));
        assert!(known.words.ends_with('.') && !known.words.contains('!'), "{}", known.id);
    }
    assert_eq!(provider("nobody"), None);
}

#[test]
fn every_provider_stands_in_the_readme_and_in_the_help() {
    for (page, text) in [
        ("README.md", include_str!("../../../../../README.md")),
        ("10-cloud.md", include_str!("../../../guide/help/10-cloud.md")),
    ] {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for known in PROVIDERS.iter().filter(|known| known.base != Base::Own) {
            assert!(text.contains(known.name), "{page} does not name {}", known.name);
        }
    }
}

#[test]
fn hugging_face_comes_first_and_the_users_own_server_last() {
    assert_eq!(PROVIDERS.first().unwrap().id, "huggingface");
    assert_eq!(PROVIDERS.last().unwrap().base, Base::Own);
}

#[test]
fn every_known_address_is_encrypted_and_has_no_slash_at_its_end() {
    for known in PROVIDERS.iter().filter(|known| known.base != Base::Own) {
        let endpoint = Endpoint::at(*known, "eu-central-1").unwrap();
        assert!(endpoint.origin().is_encrypted() && !endpoint.base().ends_with('/'), "{}", known.id);
    }
}

#[test]
fn every_page_is_encrypted() {
    for page in PROVIDERS.iter().flat_map(|known| [known.keys_page, known.bills_page]).flatten() {
        assert!(page.starts_with("https://"), "{page}");
    }
}

#[test]
fn a_list_that_is_open_to_everybody_proves_no_key() {
    for open in ["huggingface", "openrouter"] {
        assert_ne!(provider(open).unwrap().key_test, KeyTest::Read("/models"), "{open}");
    }
    for typed in PROVIDERS.iter().filter(|known| known.models == Models::Typed) {
        assert_eq!(typed.key_test, KeyTest::Question, "{}", typed.id);
    }
}
