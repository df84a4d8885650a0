use super::*;
use crate::test_dir::TestDir;

#[test]
fn tokens_give_back_their_bytes() {
    let vocabulary = vocabulary();
    assert_eq!(vocabulary.bytes(0), "é".as_bytes());
    assert_eq!(vocabulary.bytes(1), b" sea\n");
    assert_eq!(vocabulary.bytes(2), b"", "a control token is not text");
    assert_eq!(vocabulary.bytes(3), b"<note>");
    assert_eq!(vocabulary.bytes(99), b"");
}

#[test]
fn a_thought_that_the_prompt_begins_is_found() {
    let marks: [&[u8]; 5] = [b"", b"<think>", b"\n", b"</think>", b"assistant"];
    let vocabulary = Vocabulary::of(&marks);
    for (prompt, found) in [
        (&[0, 4, 2, 1, 2][..], Some("<think>")),
        (&[0, 1], Some("<think>")),
        (&[1, 0], None),
        (&[0, 1, 2, 3, 2], None),
        (&[0, 4, 2], None),
        (&[], None),
    ] {
        assert_eq!(vocabulary.begun_thought(prompt), found, "{prompt:?}");
    }
}

#[test]
fn every_byte_has_one_character() {
    let byte_of = byte_of_character();
    let mut bytes: Vec<u8> = byte_of.values().copied().collect();
    bytes.sort_unstable();
    assert_eq!(bytes, (0..=255).collect::<Vec<u8>>());
    // As the tokenizers of this family write a space, a line's end and a soft hyphen.
    assert_eq!([byte_of[&'Ġ'], byte_of[&'Ċ'], byte_of[&'Ń']], [b' ', b'\n', 0xad]);
}

#[test]
fn a_tokenizer_of_another_kind_is_not_read() {
    let folder = TestDir::new();
    let file = folder.path().join("tokenizer.json");
    for text in ["", "{}", r#"{"model":{"vocab":{}},"decoder":{"type":"WordPiece"}}"#] {
        std::fs::write(&file, text).unwrap();
        assert!(Vocabulary::read(&file).is_none(), "{text}");
    }
    assert!(Vocabulary::read(&folder.path().join("none")).is_none());
}

#[test]
fn characters_come_whole_however_their_bytes_are_cut() {
    let text = "naïve 東京 🙂 end";
    for size in 1..5 {
        let mut characters = Characters::default();
        let parts: Vec<_> = text.as_bytes().chunks(size).map(|bytes| characters.push(bytes)).collect();
        assert_eq!(parts.concat(), text, "{size}");
        assert!(parts.iter().all(|part| !part.contains('\u{fffd}')));
    }
}

#[test]
fn bytes_that_make_no_character_do_not_hold_up_what_follows() {
    let mut characters = Characters::default();
    assert_eq!(characters.push(b"a\xff"), "a\u{fffd}");
    assert_eq!(characters.push(b"\xe6\x9d"), "", "it may become 東");
    assert_eq!(characters.push(b"!"), "\u{fffd}!", "it did not");
    assert_eq!(characters.push(b"\xb8\xf0\x9f"), "\u{fffd}");
    assert_eq!(characters.push(b"\x99\x82"), "🙂");
}

fn vocabulary() -> Vocabulary {
    let tokenizer = r#"{
        "model": { "type": "BPE", "vocab": { "Ã©": 0, "ĠseaĊ": 1 }, "merges": [] },
        "added_tokens": [
            { "id": 2, "content": "[INST]", "special": true },
            { "id": 3, "content": "<note>", "special": false }
        ],
        "decoder": { "type": "ByteLevel", "add_prefix_space": true }
    }"#;
    Vocabulary::new(serde_json::from_str(tokenizer).unwrap())
}
