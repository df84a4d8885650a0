use sotto_domain::{ConversationId, Destination, Made, Role};

use super::*;
use crate::tests::{empty, message};
use crate::{Asked, Beside, StoreError};

fn by(place: &str, model: &str) -> Made {
    let model = model.to_owned();
    let by = match place {
        "device" => Destination::Device { model },
        _ => Destination::Cloud { provider: place.to_owned(), model, backend: None },
    };
    Made { by, usage: None, cost: None }
}

/// A question with two answers side by side.
fn compared(store: &Store, one: Made, other: Made, hidden: bool) -> (ConversationId, Comparison) {
    let conversation = store.create_conversation(None, "", 1).unwrap().id;
    let question =
        store.add_message(message(conversation, None, Role::User, "How do I begin?"), 2).unwrap().id;
    let stored = Asked::Stored { message: question, conversation, beside: None };
    let first = store.begin_answer(stored, one, |_| None, 3).unwrap();
    let beside = Asked::Stored { message: question, conversation, beside: Some(Beside { first, hidden }) };
    let second = store.begin_answer(beside, other, |_| None, 4).unwrap();
    let comparison = store.comparison_of(second).unwrap().unwrap();
    assert_eq!((comparison.first, comparison.second, comparison.hidden), (first, second, hidden));
    assert_eq!(store.comparison_of(first).unwrap(), Some(comparison));
    (conversation, comparison)
}

#[test]
fn the_chosen_one_goes_on_and_the_other_stays_beside_it() {
    let (_folder, store) = empty();
    let (talk, Comparison { id, first, second, .. }) =
        compared(&store, by("device", "Tiny"), by("A", "Large"), false);
    store.decide_comparison(id, Some(first), 5).unwrap();
    let branch = store.branch(talk).unwrap();
    assert_eq!((branch[1].message.id, &*branch[1].siblings), (first, &[first, second][..]));
    assert_eq!(store.comparison_of(first).unwrap(), None);
    let again = store.decide_comparison(id, Some(second), 6);
    assert!(matches!(again, Err(StoreError::NotFound)), "it is decided once");
    assert_eq!(store.tallies().unwrap().here, 1);
}

#[test]
fn only_one_of_the_two_can_be_chosen() {
    let (_folder, store) = empty();
    let (_, one) = compared(&store, by("device", "Tiny"), by("A", "Large"), false);
    let (_, other) = compared(&store, by("device", "Tiny"), by("A", "Large"), false);
    assert!(store.decide_comparison(one.id, Some(other.first), 5).is_err());
    assert_eq!(store.tallies().unwrap(), Tallies::default());
}

#[test]
fn choices_are_counted_also_when_the_conversation_is_gone() {
    let (_folder, store) = empty();
    let ends = [Some(true), Some(true), Some(false), None];
    for chosen in ends {
        let (talk, two) = compared(&store, by("device", "Tiny"), by("A", "Large"), true);
        let chosen = chosen.map(|first| if first { two.first } else { two.second });
        store.decide_comparison(two.id, chosen, 5).unwrap();
        store.trash_conversation(talk, 6).unwrap();
    }
    let (_, two) = compared(&store, by("device", "Tiny"), by("device", "Small"), false);
    store.decide_comparison(two.id, Some(two.second), 5).unwrap();
    compared(&store, by("device", "Tiny"), by("A", "Large"), false);
    store.empty_trash().unwrap();
    let tallies = store.tallies().unwrap();
    assert_eq!((tallies.mixed, tallies.here, tallies.neither), (4, 2, 1));
    let models: Vec<_> =
        tallies.models.iter().map(|one| (one.here, &*one.model, one.compared, one.chosen)).collect();
    assert_eq!(models, [(true, "Tiny", 5, 2), (false, "Large", 4, 1), (true, "Small", 1, 1)]);
}

#[test]
fn where_it_is_hidden_either_may_stand_on_the_left() {
    let (_folder, store) = empty();
    let open = (0..20).map(|_| compared(&store, by("device", "A"), by("device", "B"), false).1.swapped);
    assert!(!open.into_iter().any(|swapped| swapped), "what is not hidden keeps its order");
    let hidden = (0..60).map(|_| compared(&store, by("device", "A"), by("device", "B"), true).1.swapped);
    let left = hidden.filter(|swapped| *swapped).count();
    assert!((1..60).contains(&left), "{left} of 60");
}
