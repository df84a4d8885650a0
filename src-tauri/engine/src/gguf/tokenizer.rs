//! A tokenizer.json of the same ids as a GGUF file's words.

use std::collections::HashMap;

use serde_json::{Map, Value as Json, json};
use sotto_gguf::{Cut, Pre, Words};

/// How Mistral's "tekken" tokenizer cuts text before it looks for tokens; GGUF names these
/// ways and leaves the expressions to the reader. This one stands in the `tekken.json` of
/// Mistral's models.
const TEKKEN: &str = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";
/// Llama 3's, from its published `tokenizer.py`.
const LLAMA3: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
/// Qwen's since 2, from its published `tokenizer.json`; as in llama.cpp without its normal form, so
/// that a text comes back as it was.
const QWEN2: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
/// GPT-2's, from its published `encoder.py`.
const GPT2: &str = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)";
/// What llama.cpp does where a file does not say: these, one after another (`llama-vocab.cpp`).
const DEFAULT: [&str; 4] = [r"[\p{P}\$\+<=>\^~\|]+", GPT2, r"\p{N}+", "[0-9][0-9][0-9]"];

/// Types of words (`token_type` of GGUF): those that are found as they stand in a text, and of
/// them those that no text may write.
const NORMAL: i64 = 1;
const UNKNOWN: i64 = 2;
const CONTROL: i64 = 3;
const DEFINED: i64 = 4;

/// How `SentencePiece` writes a space.
const SPACE: &str = "\u{2581}";

/// The tokenizer of these words.
pub fn tokenizer(words: &Words<'_>) -> Json {
    let vocabulary: Map<String, Json> =
        words.texts.iter().enumerate().map(|(id, text)| ((*text).to_owned(), id.into())).collect();
    let all = words.texts.iter().zip(&words.kinds).enumerate();
    let added = all.filter(|(_, (_, kind))| matches!(**kind, UNKNOWN | CONTROL | DEFINED));
    // All of them: an added token that is not in the vocabulary would get an id of its own.
    let added: Vec<Json> = added
        .map(|(id, (text, kind))| {
            json!({
                "id": id, "content": text, "special": *kind != DEFINED,
                "single_word": false, "lstrip": false, "rstrip": false, "normalized": false,
            })
        })
        .collect();
    let mut tokenizer = match &words.cut {
        Cut::Pairs { pre, merges } => pairs(*pre, merges),
        Cut::Pieces { scores, space_before } => pieces(words, scores, *space_before),
    };
    tokenizer["version"] = "1.0".into();
    tokenizer["added_tokens"] = added.into();
    tokenizer["model"]["vocab"] = vocabulary.into();
    tokenizer
}

/// Pairs of bytes, within pieces.
fn pairs(pre: Pre, merges: &[(&str, &str)]) -> Json {
    let split = |pattern: &str| json!({ "type": "Split", "pattern": { "Regex": pattern }, "behavior": "Isolated", "invert": false });
    let mut cuts: Vec<Json> = match pre {
        Pre::Tekken => vec![split(TEKKEN)],
        Pre::Llama3 => vec![split(LLAMA3)],
        Pre::SmolLm => vec![split(r"\p{N}"), split(GPT2)],
        Pre::Qwen2 => vec![split(QWEN2)],
        Pre::Default => DEFAULT.map(split).to_vec(),
    };
    cuts.push(
        json!({ "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false }),
    );
    let merges: Vec<Json> = merges.iter().map(|(left, right)| json!([left, right])).collect();
    json!({
        "pre_tokenizer": { "type": "Sequence", "pretokenizers": cuts },
        "decoder": { "type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true },
        "model": {
            "type": "BPE", "fuse_unk": false, "byte_fallback": false, "merges": merges,
            // A piece that is a token by itself is that token, whatever the merges say.
            "ignore_merges": matches!(pre, Pre::Tekken | Pre::Llama3),
        },
    })
}

/// `SentencePiece`'s way as pairs: what makes the word of the highest score comes first.
fn pieces(words: &Words<'_>, scores: &[f64], space_before: bool) -> Json {
    let known: HashMap<&str, usize> = words.texts.iter().enumerate().map(|(id, text)| (*text, id)).collect();
    let is_plain = |text: &str| known.get(text).is_some_and(|id| words.kinds[*id] == NORMAL);
    let mut ranked: Vec<usize> = (0..words.texts.len()).filter(|id| words.kinds[*id] == NORMAL).collect();
    ranked.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
    let mut merges = Vec::new();
    for text in ranked.into_iter().map(|id| words.texts[id]) {
        for (at, _) in text.char_indices().skip(1) {
            let (left, right) = text.split_at(at);
            if is_plain(left) && is_plain(right) {
                merges.push(json!([left, right]));
            }
        }
    }
    let unknown = words.kinds.iter().position(|kind| *kind == UNKNOWN).map(|id| words.texts[id]);
    let mut normalizers = vec![json!({ "type": "Replace", "pattern": { "String": " " }, "content": SPACE })];
    let mut decoders = vec![
        json!({ "type": "Replace", "pattern": { "String": SPACE }, "content": " " }),
        json!({ "type": "ByteFallback" }),
        json!({ "type": "Fuse" }),
    ];
    if space_before {
        normalizers.insert(0, json!({ "type": "Prepend", "prepend": SPACE }));
        decoders.push(json!({ "type": "Strip", "content": " ", "start": 1, "stop": 0 }));
    }
    json!({
        "normalizer": { "type": "Sequence", "normalizers": normalizers },
        "decoder": { "type": "Sequence", "decoders": decoders },
        "model": {
            "type": "BPE", "unk_token": unknown, "fuse_unk": true, "byte_fallback": true, "ignore_merges": false,
            "merges": merges,
        },
    })
}

#[cfg(test)]
mod tests;
