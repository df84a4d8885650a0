//! Whatever an app says, the engine serves on: hundreds of lines that are wrong in one
//! way or another, and after each handful a good one, answered as ever.

#![allow(clippy::unwrap_used)] // in helpers too

mod app;

use app::{App, WRITER, turn, user};
use serde_json::{Value, json};

const LINES: usize = 600;
const HANDFUL: usize = 20;

#[test]
fn hundreds_of_malformed_requests_leave_the_engine_serving() {
    let mut app = App::with_model();
    let right = app.answer(WRITER);
    let mut chance = Chance(20_251_122);
    let mut said = 0;
    while said < LINES {
        let mut handful = Vec::new();
        for _ in 0..HANDFUL {
            let line = malformed(&mut chance, said);
            said += 1;
            app.say_raw(&line);
            handful.push(line);
        }
        // A good one, and everything that the others called forth is over when it is.
        let run = app.order(json!({
            "type": "generate", "turns": [user(WRITER)], "max_tokens": 16, "ignore_eos": true
        }));
        let mut text = String::new();
        loop {
            let heard = app.hear();
            if heard["run"] != run {
                continue;
            }
            assert_ne!(heard["type"], "failed", "{heard} after {}", shown(&handful));
            text.push_str(heard["text"].as_str().unwrap_or_default());
            if heard["type"] == "done" {
                break;
            }
        }
        assert_eq!(text, right, "after {}", shown(&handful));
    }
    app.hang_up();
    assert_eq!(app.end(), Some(0));
}

#[test]
fn loads_that_make_no_sense_are_refused_and_a_good_one_works() {
    let mut app = App::greeted();
    for (field, value) in [
        ("path", json!("")),
        ("path", json!("\0")),
        ("path", json!("/dev/null")),
        ("path", json!("/proc/self/mem")),
        ("path", json!("x".repeat(100_000))),
        ("scratch", json!("/proc/nowhere")),
        ("context", json!(0)),
        ("device", json!({"cuda": 4_294_967_295_u32})),
    ] {
        let mut load = app::load(&app::model(), 512);
        load[field] = value;
        let last = app.last_of(load.clone());
        assert!(matches!(last["type"].as_str(), Some("failed" | "loaded")), "{load}: {last}");
    }
    for (field, value) in [
        ("path", json!(7)),
        ("context", json!(-1)),
        ("prefix_cache_tokens", json!(1e12)),
        ("device", json!("abacus")),
    ] {
        let mut load = app::load(&app::model(), 512);
        load[field] = value;
        load["run"] = json!(4000);
        load["scratch"] = json!("/tmp");
        app.say(&load);
        assert_eq!(app.hear()["kind"], "bad_request", "{load}");
    }
    assert_eq!(app.last_of(app::load(&app::model(), 1024))["type"], "loaded");
    assert!(!app.answer(WRITER).is_empty());
}

/// A line that is wrong. Runs of its own are numbered from a thousand on.
#[allow(clippy::too_many_lines)] // a list of what may be wrong
fn malformed(chance: &mut Chance, number: usize) -> Vec<u8> {
    let mut good = json!({
        "type": "generate", "run": 1000 + number, "turns": [turn("system", "Be brief."), user(WRITER)],
        "sampling": {"temperature": 0.7, "top_p": 0.9, "top_k": 40, "min_p": 0.05, "seed": 7},
        "rules": {"banned": ["rain"], "stop": ["###"], "schema": null},
        "max_tokens": 3, "top_logprobs": 0, "ignore_eos": false,
    });
    match number % 12 {
        0 => {
            let line = good.to_string();
            line.as_bytes()[..chance.below(line.len())].to_vec()
        }
        1 => {
            let mut line = good.to_string().into_bytes();
            for _ in 0..=chance.below(8) {
                let at = chance.below(line.len());
                line[at] = chance.byte();
            }
            line.retain(|byte| *byte != b'\n');
            line
        }
        2 => {
            let field = chance.of(&[
                "type",
                "run",
                "turns",
                "sampling",
                "rules",
                "max_tokens",
                "top_logprobs",
                "ignore_eos",
            ]);
            good[field] = odd(chance);
            good.to_string().into_bytes()
        }
        3 => {
            let field =
                chance.of(&["type", "run", "turns", "sampling", "rules", "top_logprobs", "ignore_eos"]);
            good.as_object_mut().unwrap().remove(field);
            good["unknown"] = odd(chance);
            good.to_string().into_bytes()
        }
        4 => {
            let roles = ["tool", "", "USER", "system", "assistant", "user"];
            good["turns"] = (0..chance.below(6)).map(|_| turn(chance.of(&roles), "said")).collect();
            good.to_string().into_bytes()
        }
        5 => {
            good["turns"][1]["parts"] = match chance.below(7) {
                0 => json!([]),
                1 => json!([{"type": "smell", "text": "x"}]),
                2 => json!([{"type": "text"}]),
                3 => json!([{"type": "picture", "path": "/nowhere.png"}]),
                4 => {
                    json!([{"type": "text", "text": ""}, {"type": "text", "text": "[INST]</s>[IMG]\u{0}<s>"}])
                }
                5 => json!([{"type": "text", "text": "a".repeat(1 << 20)}]),
                _ => odd(chance),
            };
            good.to_string().into_bytes()
        }
        6 => {
            let text = chance.of(&[
                r"\ud800",
                r"\udc00\ud800",
                r"\ud83d",
                r"\u0000",
                r"\x",
                r"\u12",
                "\u{f5a0}0\u{f5a1}",
            ]);
            good.to_string().replace("Be brief.", text).into_bytes()
        }
        7 => {
            let field =
                chance.of(&["temperature", "top_p", "top_k", "min_p", "repetition_penalty", "seed", "dry"]);
            let number = chance.of(&[
                "NaN",
                "1e999",
                "-1e308",
                "1e308",
                "-1",
                "0",
                "1e-300",
                "\"NaN\"",
                "null",
                "4294967296",
            ]);
            let marked = {
                good["sampling"][field] = json!("MARK");
                good.to_string()
            };
            marked.replace("\"MARK\"", number).into_bytes()
        }
        8 => {
            good["rules"] = match chance.below(8) {
                0 => {
                    json!({"schema": chance.of(&["", "{", "null", "[]", "{\"type\": 7}", "{\"$ref\": \"http://x.y/z\"}"])})
                }
                1 => json!({"schema": json!({"$ref": "#"}).to_string()}),
                2 => json!({"schema": "[".repeat(5000)}),
                3 => json!({"schema": json!({"type": "string", "maxLength": u32::MAX}).to_string()}),
                4 => {
                    json!({"banned": ["", " ", "\u{0}", "x".repeat(10_000)], "stop": ["", "y".repeat(10_000)]})
                }
                5 => json!({"banned": (0..1000).map(|n| format!("word {n}")).collect::<Vec<_>>()}),
                6 => json!({"banned": ('a'..='z').map(String::from).collect::<Vec<_>>()}),
                _ => odd(chance),
            };
            good.to_string().into_bytes()
        }
        9 => json!({"type": "cancel", "run": chance.below(5000)}).to_string().into_bytes(),
        10 => {
            good["max_tokens"] = json!(u32::MAX);
            good["sampling"]["dry"] = json!({"multiplier": 1e300, "base": 1e300, "allowed_length": 0});
            let cancel = json!({"type": "cancel", "run": good["run"]});
            format!("{good}\n{cancel}").into_bytes()
        }
        _ => match chance.below(6) {
            0 => Vec::new(),
            1 => b"\xef\xbb\xbf{}".to_vec(),
            2 => vec![b'['; 20_000],
            3 => (0..200).map(|_| chance.byte()).filter(|byte| *byte != b'\n').collect(),
            4 => json!({"type": "hello", "version": sotto_engine_protocol::VERSION, "door": "127.0.0.1:1", "nonce": "n"})
                .to_string()
                .into_bytes(),
            _ => json!({"type": "count_tokens", "run": u64::MAX, "turns": odd(chance), "ids": true})
                .to_string()
                .into_bytes(),
        },
    }
}

/// A value where another was wanted.
fn odd(chance: &mut Chance) -> Value {
    match chance.below(9) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1),
        3 => json!(1.5),
        4 => json!(u64::MAX),
        5 => json!("text"),
        6 => json!([[], {}, null]),
        7 => json!({"": {}, "type": "text"}),
        _ => json!(1e300),
    }
}

fn shown(lines: &[Vec<u8>]) -> String {
    lines.iter().map(|line| String::from_utf8_lossy(&line[..line.len().min(300)]) + "\n").collect()
}

/// The same numbers at each start (`SplitMix64`).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((bits ^ (bits >> 31)) % limit.max(1) as u64).unwrap()
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }
}
