//! Pictures that the user adds, looked at by the real engine's program in a process of its own.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test may

use std::{fs, io::Cursor, path::PathBuf, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use image::{GrayImage, ImageFormat, Luma};
use journeys::{engine_program, open_app};
use sotto_app::{App, AttachError, Form, PictureSource, Selection, TrackedChanges, read_file};
use sotto_domain::{ConversationId, Picture};
use sotto_engine_client::{Engine, EngineOptions, TaskLimits, Timeouts};
use sotto_engine_protocol::LOOK;
use sotto_pictures::{MOST_BYTES, PictureError};
use tempfile::TempDir;

async fn attach(sotto: &Arc<App>, to: ConversationId, bytes: Vec<u8>) -> Result<Picture, AttachError> {
    let sotto = sotto.clone();
    let attached =
        tokio::task::spawn_blocking(move || sotto.chats().attach_picture(to, &PictureSource::Bytes(bytes)));
    attached.await.unwrap()
}

/// Dark on the left, light on the right.
fn png(width: u32, height: u32) -> Vec<u8> {
    let picture = GrayImage::from_fn(width, height, |x, _| Luma([if x < width / 2 { 40 } else { 200 }]));
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_seen_is_kept_and_what_is_not_has_its_sentence() {
    let home = TempDir::new().unwrap();
    let sotto = Arc::new(open_app(home.path()).unwrap());
    let talk = sotto.chats().create(None, None).unwrap();

    let picture = attach(&sotto, talk, png(4000, 3000)).await.unwrap();
    assert_eq!((picture.width, picture.height), (1540, 1155));
    let kept = image::open(&picture.path).unwrap().into_luma8();
    assert_eq!((kept.get_pixel(9, 9), kept.get_pixel(1500, 9)), (&Luma([40]), &Luma([200])));

    let cut = png(400, 300);
    let most = MOST_BYTES / 1_000_000;
    let too_large = format!("This picture is too large ({} MB). Up to {most} MB works.", most + 1);
    for (bytes, sentence) in [
        (
            cut[..cut.len() / 2].to_vec(),
            "This picture is damaged and cannot be opened. Add another copy of it.",
        ),
        (b"a thousand words".to_vec(), "This is not a picture that Sotto can open. PNG, JPEG and WebP work."),
        (vec![0; usize::try_from(MOST_BYTES + 1).unwrap()], &too_large),
    ] {
        assert_eq!(attach(&sotto, talk, bytes).await.unwrap_err().to_string(), sentence);
    }
    assert_eq!(fs::read_dir(home.path().join("pictures")).unwrap().count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pictures_of_a_file_come_in_looked_at_and_go_out_again() {
    let home = TempDir::new().unwrap();
    let sotto = Arc::new(open_app(home.path()).unwrap());
    let inline = |kind: &str, bytes: &[u8]| format!("data:image/{kind};base64,{}", STANDARD.encode(bytes));
    let page = format!(
        "<p>Before</p><img alt='A lamp' src='{}'><p>Between</p><img alt='A map' src='{}'>",
        inline("png", &png(3080, 800)),
        inline("png", b"no picture"),
    );
    let mut imported = read_file("page.html", page.as_bytes(), TrackedChanges::Accept).unwrap();
    let app = sotto.clone();
    let made = tokio::task::spawn_blocking(move || {
        let made = app.pages().import(None, &mut imported, || true).unwrap();
        (made[0], imported.left_out)
    });
    let (id, left_out) = made.await.unwrap();
    assert!(left_out[0].starts_with("A picture could not be taken"), "{left_out:?}");
    let document = sotto.library.open_page(id).unwrap().1;
    assert_eq!(document.text(), "Before\n\n[Picture: A lamp]\n\nBetween\n\n[Picture: A map]");
    let pictures = document.pictures();
    let [picture] = &*pictures else { panic!("{pictures:?}") };
    assert_eq!((picture.width, picture.height), (1540, 400), "as it is kept");

    let mut out = vec![];
    let write = |file: sotto_app::File| {
        out.push(String::from_utf8(file.bytes).unwrap());
        Ok(())
    };
    sotto.projects().export(Selection::Page(id), Form::Html, "", write).unwrap();
    assert!(
        out[0].contains("<img src=\"data:image/png;base64,") && out[0].contains("alt=\"A lamp\""),
        "{out:?}"
    );

    // With its file gone the page is whole, and says what was to be seen.
    fs::remove_file(sotto.library.picture_file(&picture.file).unwrap()).unwrap();
    out.clear();
    let write = |file: sotto_app::File| {
        out.push(String::from_utf8(file.bytes).unwrap());
        Ok(())
    };
    sotto.projects().export(Selection::Page(id), Form::Html, "", write).unwrap();
    assert!(out[0].contains("[Picture: A lamp]") && !out[0].contains("<img"), "{out:?}");
}

/// What the user reads of the largest picture is what holds.
#[test]
fn the_largest_picture_is_told_as_it_is() {
    let most = format!("{} MB", MOST_BYTES / 1_000_000);
    let help = include_str!("../src-tauri/crates/guide/help/08-pictures.md");
    assert!(help.contains(&format!("up to {most}.")), "guide/help/08-pictures.md does not say {most}");
    for constant in ["LARGEST_PICTURE", "MOST_BYTES"] {
        let page = include_str!("../docs/limits.md");
        let row = page.lines().find(|line| line.contains(&format!("`{constant}`"))).unwrap();
        assert!(row.contains(&format!("| {most} |")), "docs/limits.md: {row}");
    }
}

/// A decoder that wants too much is ended, and the app is as well as before.
#[tokio::test]
async fn a_picture_that_takes_too_much_ends_its_process_alone() {
    let home = TempDir::new().unwrap();
    let engine = engine_of(engine_program(), &home);
    // Within what is taken, and too much for the first of these limits.
    let wide = png(6000, 6000);
    let scarce = TaskLimits { memory: 16 << 20, seconds: 60, answer: 1 << 30 };
    let answer = engine.do_task(LOOK, &wide, scarce).await.unwrap();
    assert!(!answer.starts_with(b"{\"Seen\""), "{:?}", &answer[..answer.len().min(80)]);

    let enough = TaskLimits { memory: 2 << 30, seconds: 60, answer: 1 << 30 };
    assert!(engine.do_task(LOOK, &wide, enough).await.unwrap().starts_with(b"{\"Seen\""));
    // An answer is heard up to its limit, and no further.
    let short = TaskLimits { answer: 100, ..enough };
    assert_eq!(engine.do_task(LOOK, &wide, short).await.unwrap().len(), 100);
}

#[tokio::test]
async fn without_the_program_it_is_said_that_nobody_can_look() {
    let home = TempDir::new().unwrap();
    let engine = engine_of("/nowhere/sotto-engine".into(), &home);
    let error = engine
        .do_task(LOOK, &png(9, 9), TaskLimits { memory: 1 << 30, seconds: 60, answer: 1000 })
        .await
        .unwrap_err();
    let said = PictureError::NobodyLooks(error).to_string();
    assert_eq!(said, "The part of Sotto that opens pictures could not be started. Install Sotto again.");
}

fn engine_of(program: PathBuf, home: &TempDir) -> Engine {
    Engine::new(EngineOptions {
        program,
        scratch: home.path().join("engine"),
        pictures: home.path().join("pictures"),
        timeouts: Timeouts::default(),
    })
}
