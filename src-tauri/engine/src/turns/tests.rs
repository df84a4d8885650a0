use super::*;
use TurnRole::{Assistant, System, User};

#[test]
fn talks_in_turn_are_taken_and_others_refused() {
    let good: [&[TurnRole]; 4] =
        [&[User], &[System, User], &[User, Assistant, User], &[System, User, Assistant]];
    for roles in good {
        assert_eq!(said(&talk(roles)).unwrap().len(), roles.len(), "{roles:?}");
    }
    let bad: [&[TurnRole]; 4] =
        [&[Assistant], &[User, System], &[System, Assistant], &[User, System, Assistant]];
    for roles in bad {
        assert!(matches!(said(&talk(roles)), Err(Fault::OutOfTurn)), "{roles:?}");
    }
    for roles in [&[][..], &[System]] {
        assert!(matches!(said(&talk(roles)), Err(Fault::NothingSaid)), "{roles:?}");
    }
}

#[test]
fn what_one_speaker_says_in_several_turns_is_one() {
    let several: [&[TurnRole]; 3] =
        [&[User, User], &[System, System, User], &[User, Assistant, Assistant, User]];
    for (roles, speakers) in several.into_iter().zip([1, 2, 3]) {
        let turns = talk(roles);
        let said = said(&turns).unwrap();
        assert_eq!(said.len(), speakers, "{roles:?}");
        assert_eq!(said.iter().flat_map(Said::parts).count(), roles.len(), "{roles:?}");
    }
}

#[test]
fn only_the_person_is_answered() {
    assert!(awaits_answer(&talk(&[System, User])));
    assert!(!awaits_answer(&talk(&[User, Assistant])));
    assert!(!awaits_answer(&[]));
}

fn talk(roles: &[TurnRole]) -> Vec<Turn> {
    roles.iter().map(|role| Turn::text(*role, "said")).collect()
}
