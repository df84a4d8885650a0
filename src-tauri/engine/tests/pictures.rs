//! Pictures: seen in their places, remembered as what they are, and refused kindly.

#![allow(clippy::unwrap_used)] // in helpers too

mod app;

use std::{
    fs,
    path::{Path, PathBuf},
};

use app::{App, TestDir, WRITER, fixture, said, user};
use image::{Rgb, RgbImage, Rgba, RgbaImage};
use serde_json::{Value, json};

const REPLY: &str = "The lamp was warm and the door was blue.";

fn shown(path: &Path) -> Value {
    json!({"type": "picture", "path": path})
}

fn turn(parts: &[Value]) -> Value {
    json!({"role": "user", "parts": parts})
}

fn reply() -> Value {
    json!({"role": "assistant", "parts": [said(REPLY)]})
}

fn generate(turns: &Value) -> Value {
    json!({"type": "generate", "turns": turns, "max_tokens": 24, "ignore_eos": true, "top_logprobs": 8})
}

struct Answer {
    steps: Vec<Value>,
    prompt: u64,
    reused: u64,
}

impl Answer {
    fn ids(&self) -> Vec<&Value> {
        self.steps.iter().map(|step| &step["id"]).collect()
    }

    /// Equal words, and likelihoods as equal as sums in another order are.
    fn assert_like(&self, other: &Self, which: &str) {
        assert_eq!(self.steps.len(), 24, "{which}");
        assert_eq!(self.ids(), other.ids(), "{which}");
        for (ours, theirs) in self.steps.iter().zip(&other.steps) {
            let likeliest = |step: &Value| step["top"][0]["logprob"].as_f64().unwrap();
            assert!((likeliest(ours) - likeliest(theirs)).abs() < 1e-3, "{which}");
        }
    }
}

fn ask(app: &mut App, turns: &Value) -> Answer {
    let said = app.run(generate(turns));
    let done = said.last().unwrap();
    assert_eq!(done["type"], "done", "{done}");
    Answer {
        prompt: done["usage"]["prompt_tokens"].as_u64().unwrap(),
        reused: done["usage"]["reused_tokens"].as_u64().unwrap(),
        steps: said.iter().filter_map(|message| message["steps"].as_array()).flatten().cloned().collect(),
    }
}

fn count(app: &mut App, turns: &Value) -> Vec<u64> {
    let counted = app.last_of(json!({"type": "count_tokens", "turns": turns, "ids": true}));
    counted["ids"].as_array().unwrap().iter().map(|id| id.as_u64().unwrap()).collect()
}

/// A picture of stripes, so that no two parts of it are alike.
fn picture(folder: &Path, name: &str, (width, height): (u32, u32), seed: u32) -> PathBuf {
    let path = folder.join(name);
    let byte = |n: u32| u8::try_from(n % 256).unwrap();
    let pixel = |x: u32, y: u32| Rgb([byte(x * seed), byte(y * seed + x), byte(x * y + 40 * seed)]);
    RgbImage::from_fn(width, height, pixel).save(&path).unwrap();
    path
}

#[test]
fn pictures_of_several_turns_are_seen_and_only_what_is_new_is_read() {
    let (dawn, moss) = (fixture().join("dawn.png"), fixture().join("moss.png"));
    let first = turn(&[said("Which colour is this? "), shown(&dawn)]);
    let second = turn(&[said("And these? "), shown(&moss), shown(&dawn), said(" Compare them.")]);
    let (one, two) = (json!([first]), json!([first, reply(), second]));

    let mut app = App::with_model();
    let before = ask(&mut app, &one);
    let after = ask(&mut app, &two);
    assert_eq!(after.reused, before.prompt, "all of the first prompt is known, the picture too");
    after.assert_like(&ask(&mut App::with_model(), &two), "the second turn");

    // Where it stands, and which it is, are told apart.
    let swapped = turn(&[said("And these? "), shown(&dawn), shown(&moss), said(" Compare them.")]);
    let swapped = ask(&mut app, &json!([first, reply(), swapped]));
    assert_ne!(swapped.ids(), after.ids());
    let earlier = turn(&[shown(&dawn), said("Which colour is this? ")]);
    assert_ne!(ask(&mut app, &json!([earlier])).ids(), before.ids());
}

#[test]
fn the_same_tokens_with_other_pixels_are_another_talk() {
    let folder = TestDir::new();
    let pictures = [3, 5].map(|seed| picture(folder.path(), &format!("{seed}.png"), (84, 56), seed));
    let talk = |path| json!([turn(&[said("What is this? "), shown(path)])]);
    let mut app = App::with_model();
    let ids = count(&mut app, &talk(&pictures[0]));
    assert_eq!(ids, count(&mut app, &talk(&pictures[1])), "to the vocabulary they are the same");
    let place = ids.iter().position(|id| *id == 10).unwrap() as u64;

    let one = ask(&mut app, &talk(&pictures[0]));
    let other = ask(&mut app, &talk(&pictures[1]));
    assert_eq!(other.reused, place, "what stands before the picture, and no more");
    assert_ne!(one.ids(), other.ids());
    other.assert_like(&ask(&mut App::with_model(), &talk(&pictures[1])), "the other");

    let copy = folder.path().join("copy.png");
    fs::copy(&pictures[0], &copy).unwrap();
    let again = ask(&mut app, &talk(&copy));
    assert_eq!(again.reused, again.prompt - 1, "a copy of a picture is that picture");
    again.assert_like(&one, "the first, by another name");
}

#[test]
fn more_pictures_than_are_kept_can_be_shown_at_once() {
    let folder = TestDir::new();
    let pictures: Vec<_> =
        (1..=12).map(|seed| shown(&picture(folder.path(), &format!("{seed}.png"), (56, 56), seed))).collect();
    let talk = json!([turn(&pictures)]);
    let mut app = App::with_model();
    let all = ask(&mut app, &talk);
    assert_eq!(all.prompt, 1 + 1 + 12 * 6 + 1);
    all.assert_like(&ask(&mut App::with_model(), &talk), "afresh");
}

#[test]
fn a_run_that_is_stopped_while_it_looks_leaves_nothing_wrong_behind() {
    let (wide, folder) = (wide_eyes(), TestDir::new());
    let mut app = App::greeted();
    assert_eq!(app.last_of(app::load(wide.path(), 1024))["type"], "loaded");
    let whole = app.answer(WRITER);
    for seed in 1..4 {
        let path = picture(folder.path(), &format!("{seed}.png"), (700, 700), seed);
        let talk = json!([turn(&[shown(&path)])]);
        let run = app.order(json!({"type": "generate", "turns": talk, "ignore_eos": true}));
        app.hear_of(run, "progress");
        app.say(&json!({"type": "cancel", "run": run}));
        assert_eq!(app.hear_of(run, "done")["finish"], "cancelled");
        assert_eq!(app.answer(WRITER), whole);
        let mut fresh = App::greeted();
        assert_eq!(fresh.last_of(app::load(wide.path(), 1024))["type"], "loaded");
        ask(&mut app, &talk).assert_like(&ask(&mut fresh, &talk), "after it was stopped");
    }
}

#[test]
fn a_model_without_eyes_says_so_and_one_with_them_sees() {
    let folder = TestDir::new();
    fs::copy(fixture().join("tiny-f16.gguf"), folder.path().join("tiny-f16.gguf")).unwrap();
    let mut app = App::greeted();
    let loaded = app.last_of(app::load(folder.path(), 1024));
    assert_eq!(loaded["model"]["sees"], false, "{loaded}");
    let talk = json!([turn(&[said("What is this?"), shown(&fixture().join("dawn.png"))])]);
    for order in [generate(&talk), json!({"type": "count_tokens", "turns": talk, "ids": false})] {
        let failed = app.last_of(order);
        assert_eq!((&failed["type"], &failed["kind"]), (&json!("failed"), &json!("bad_picture")));
        assert!(failed["message"].as_str().unwrap().contains("cannot see pictures"), "{failed}");
    }
    assert!(!app.answer(WRITER).is_empty(), "it serves on");

    let eyes = "tiny-mmproj-f16.gguf";
    fs::copy(fixture().join(eyes), folder.path().join(eyes)).unwrap();
    let loaded = app.last_of(app::load(folder.path(), 1024));
    assert_eq!(loaded["model"]["sees"], true);
    assert_eq!(app.last_of(generate(&talk))["type"], "done");
}

#[test]
fn only_the_person_shows_pictures() {
    let mut app = App::with_model();
    let dawn = shown(&fixture().join("dawn.png"));
    let system = json!([{"role": "system", "parts": [dawn]}, user(WRITER)]);
    let assistant = json!([user(WRITER), {"role": "assistant", "parts": [dawn]}, user(WRITER)]);
    for turns in [system, assistant] {
        assert_eq!(app.last_of(generate(&turns))["kind"], "bad_request");
    }
}

#[test]
fn a_file_that_is_no_picture_is_refused_and_the_engine_serves_on() {
    let folder = TestDir::new();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let png = fs::read(fixture().join("dawn.png")).unwrap();
    let jpeg = folder.path().join("whole.jpg");
    RgbImage::from_pixel(64, 64, Rgb([200, 100, 50])).save(&jpeg).unwrap();
    let jpeg = fs::read(jpeg).unwrap();
    let sized = |width: u32, height: u32| {
        let mut png = png.clone();
        png[16..20].copy_from_slice(&width.to_be_bytes());
        png[20..24].copy_from_slice(&height.to_be_bytes());
        let sum = crc(&png[12..29]);
        png[29..33].copy_from_slice(&sum.to_be_bytes());
        png
    };
    let bad = [
        folder.path().join("missing.png"),
        folder.path().to_owned(),
        PathBuf::new(),
        file("empty.png", b""),
        file("words.png", b"a picture is worth a thousand of these"),
        file("beginning.png", &png[..20]),
        file("cut.png", &png[..png.len() / 2]),
        file("cut.jpg", &jpeg[..40]),
        file("nothing.png", &sized(0, 0)),
        file("flat.png", &sized(40, 0)),
        file("bomb.png", &sized(100_000, 100_000)),
        file("overflow.png", &sized(u32::MAX >> 1, u32::MAX >> 1)),
        file("animal.gif", b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"),
        file("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"),
    ];
    let mut app = App::with_model();
    let whole = app.answer(WRITER);
    for path in bad {
        let failed = app.last_of(generate(&json!([turn(&[said("What is this?"), shown(&path)])])));
        assert_eq!(failed["kind"], "bad_picture", "{}: {failed}", path.display());
        assert!(failed["message"].as_str().unwrap().ends_with('.'));
        assert_eq!(app.answer(WRITER), whole, "it serves on");
    }
}

#[test]
fn a_picture_of_any_shape_is_seen() {
    let folder = TestDir::new();
    let mut app = App::with_model();
    let sizes = [((1, 1), 2), ((3000, 1), 9), ((1, 3000), 16), ((27, 29), 4), ((900, 600), 9 * 6)];
    for ((width, height), tokens) in sizes {
        let path = picture(folder.path(), &format!("{width}x{height}.png"), (width, height), 7);
        let talk = json!([turn(&[shown(&path)])]);
        assert_eq!(ask(&mut app, &talk).prompt, 3 + tokens, "{width} × {height}");
    }
    let (clear, grey) = (folder.path().join("clear.png"), folder.path().join("grey.png"));
    RgbaImage::from_pixel(30, 30, Rgba([9, 8, 7, 0])).save(&clear).unwrap();
    image::GrayImage::from_pixel(30, 30, image::Luma([9])).save(&grey).unwrap();
    for path in [clear, grey] {
        assert_eq!(ask(&mut app, &json!([turn(&[shown(&path)])])).prompt, 3 + 6);
    }
}

/// All patches of the largest picture at once would take some 200 MB here.
#[cfg(target_os = "linux")]
#[test]
fn a_large_picture_takes_no_more_memory_than_is_said() {
    let (wide, folder) = (wide_eyes(), TestDir::new());
    let mut app = App::greeted();
    assert_eq!(app.last_of(app::load(wide.path(), 1024))["type"], "loaded");
    ask(&mut app, &json!([user(WRITER)]));
    let before = peak_memory(app.process());
    let talk = json!([turn(&[shown(&picture(folder.path(), "large.png", (1600, 1600), 3))])]);
    assert_eq!(ask(&mut app, &talk).prompt, 3 + 650);
    let grown = peak_memory(app.process()) - before;
    assert!(grown < 140_000_000, "{grown} bytes more");
}

/// The tiny model, for pictures as large as the official one's.
fn wide_eyes() -> TestDir {
    let folder = TestDir::new();
    app::copy(&app::model(), folder.path());
    app::change(folder.path(), "config.json", |config| config["vision_config"]["image_size"] = json!(1540));
    app::change(folder.path(), "preprocessor_config.json", |own| own["size"]["longest_edge"] = json!(1540));
    folder
}

/// The most memory that the process has held at any time, in bytes.
#[cfg(target_os = "linux")]
fn peak_memory(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() * 1024
}

/// The checksum of a chunk of a PNG file (RFC 2083, appendix 15).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ if sum & 1 == 1 { 0xedb8_8320 } else { 0 })
    })
}
