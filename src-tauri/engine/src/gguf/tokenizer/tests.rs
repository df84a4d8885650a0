//! What llama.cpp makes of 200 odd strings is what we make of them (tests/fixtures/tokenizers).

use std::path::Path;

use serde::Deserialize;
use sotto_gguf::{Cut, Pre, Words};
use tokenizers::Tokenizer;

use super::tokenizer;
use crate::{test_dir::TestDir, vocabulary::Vocabulary};

#[derive(Deserialize)]
struct Known {
    strings: Vec<String>,
    pairs: Vocab,
    pieces: Vocab,
    ids: std::collections::BTreeMap<String, Vec<Vec<u32>>>,
}

#[derive(Deserialize)]
struct Vocab {
    tokens: Vec<String>,
    kinds: Vec<i64>,
    #[serde(default)]
    merges: Vec<String>,
    #[serde(default)]
    scores: Vec<f64>,
}

fn known() -> Known {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/tokenizers/ids.json");
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

fn words(known: &Known, pre: Option<Pre>) -> Words<'_> {
    let vocab = if pre.is_some() { &known.pairs } else { &known.pieces };
    let merges = vocab.merges.iter().filter_map(|merge| merge.split_once(' ')).collect();
    Words {
        texts: vocab.tokens.iter().map(String::as_str).collect(),
        kinds: vocab.kinds.clone(),
        cut: match pre {
            Some(pre) => Cut::Pairs { pre, merges },
            None => Cut::Pieces { scores: vocab.scores.clone(), space_before: true },
        },
        begins: Some(1),
        always_begins: false,
        ends: vec![2],
        template: "",
    }
}

/// As the engine reads it: what looks like a mark in a text is text.
fn built(words: &Words<'_>) -> (Tokenizer, Vocabulary) {
    let folder = TestDir::new();
    let file = folder.path().join("tokenizer.json");
    std::fs::write(&file, tokenizer(words).to_string()).unwrap();
    let mut tokenizer = Tokenizer::from_file(&file).unwrap();
    tokenizer.set_encode_special_tokens(true);
    (tokenizer, Vocabulary::read(&file).unwrap())
}

const WAYS: [(&str, Option<Pre>); 6] = [
    ("tekken", Some(Pre::Tekken)),
    ("llama-bpe", Some(Pre::Llama3)),
    ("smollm", Some(Pre::SmolLm)),
    ("qwen2", Some(Pre::Qwen2)),
    ("default", Some(Pre::Default)),
    ("pieces", None),
];

#[test]
fn odd_strings_are_the_tokens_that_llama_cpp_makes_of_them() {
    let known = known();
    for (name, pre) in WAYS {
        let (tokenizer, _) = built(&words(&known, pre));
        assert_eq!(known.ids[name].len(), 200);
        let mut wrong = Vec::new();
        for (text, theirs) in known.strings.iter().zip(&known.ids[name]) {
            let ours = tokenizer.encode_fast(text.as_str(), false).unwrap();
            if ours.get_ids() != theirs {
                wrong.push((text, ours.get_ids().to_vec(), theirs));
            }
        }
        assert!(wrong.is_empty(), "{name}: {} wrong, the first {:?}", wrong.len(), wrong.first());
    }
}

/// From tokens back to the very bytes, less the space that stands before a text's first word.
#[test]
fn tokens_give_the_strings_back() {
    let known = known();
    for (name, pre) in WAYS {
        let (_, vocabulary) = built(&words(&known, pre));
        assert_eq!(vocabulary.space_before, pre.is_none());
        // In pieces a space is written as this character, so that both come back as spaces.
        let told_apart = |text: &str| pre.is_some() || !text.contains('\u{2581}');
        let all = known.strings.iter().zip(&known.ids[name]);
        for (text, ids) in all.filter(|(text, _)| told_apart(text)) {
            let bytes: Vec<u8> = ids.iter().flat_map(|id| vocabulary.bytes(*id)).copied().collect();
            let bytes = if pre.is_none() { bytes.strip_prefix(b" ").unwrap_or(&bytes) } else { &bytes };
            assert_eq!(bytes, text.as_bytes(), "{name}");
        }
    }
}
