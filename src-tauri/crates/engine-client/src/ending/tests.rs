#![cfg(unix)]

use std::os::unix::process::ExitStatusExt;

use super::*;

#[test]
fn each_way_to_end_has_its_own_sentence() {
    let signal = |number, starved| End::of(ExitStatus::from_raw(number), starved);
    let code = |number: i32| End::of(ExitStatus::from_raw(number << 8), false);
    assert_eq!(signal(9, false), End::OutOfMemory, "the system ended it");
    assert_eq!(signal(6, true), End::OutOfMemory, "its own limit ended it");
    assert_eq!(signal(6, false), End::Otherwise);
    assert_eq!(signal(4, false), End::Instruction);
    assert_eq!(code(134), End::Otherwise);
    // Its own codes: `engine/src/main.rs` lists them.
    assert_eq!([2, 3, 4].map(code), [End::Stranger, End::Open, End::Broken]);
    assert!(End::Broken.may_mend() && !End::Stranger.may_mend() && !End::Open.may_mend());

    let ends = [
        End::OutOfMemory,
        End::Instruction,
        End::Unreadable,
        End::Stranger,
        End::Open,
        End::Broken,
        End::Otherwise,
    ];
    let sentences: Vec<_> = ends.map(|end| end.said(Fault::Gone).to_string()).into();
    for sentence in &sentences {
        assert!(sentence.to_lowercase().contains("your text is safe."), "{sentence}");
    }
    assert!(sentences.windows(2).all(|pair| pair[0] != pair[1]));
}
