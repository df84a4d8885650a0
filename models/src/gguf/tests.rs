use std::{fs, path::PathBuf};

use super::*;
use crate::testing;

fn header(bytes: &[u8]) -> Result<Header, Unreadable> {
    Bytes { from: bytes, taken: 0 }.header()
}

fn fixture(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/ministral3-tiny").join(file)
}

#[test]
fn a_models_header_gives_its_figures_and_its_length() {
    let bytes = testing::model(640, 1);
    let header = header(&bytes).unwrap();
    assert_eq!(header.whole, bytes.len() as u64);
    let Kind::Model(shape) = header.kind else { panic!("{:?}", header.kind) };
    assert_eq!((shape.layers, shape.kv_heads, shape.head_size, shape.longest), (2, 2, 16, 8192));
    assert_eq!(shape.kv_bytes(), 2 * 2 * 2 * 2 * 16);
}

#[test]
fn a_file_made_by_others_is_read_as_well() {
    for (file, is_model) in [("tiny-f16.gguf", true), ("tiny-mmproj-f16.gguf", false)] {
        let header = read(&fixture(file)).unwrap();
        assert_eq!(matches!(header.kind, Kind::Model(_)), is_model, "{file}");
        assert_eq!(header.kind == Kind::Vision, !is_model, "{file}");
        assert_eq!(header.whole, fs::metadata(fixture(file)).unwrap().len(), "{file}");
    }
}

#[test]
fn another_architecture_is_known_from_its_first_bytes() {
    let other = testing::gguf("llama", &[], 64, 1);
    assert!(matches!(header(&other).unwrap().kind, Kind::Another(kind) if kind == "llama"));
    assert_eq!(is_of_no_use(&other[..100]), Some(Kind::Another("llama".into())));
    assert!(is_of_no_use(b"<!doctype html><title>Sign in").is_some());
    assert_eq!(is_of_no_use(&testing::model(64, 1)), None);
    assert_eq!(is_of_no_use(&testing::vision(64, 1)[..90]), None);
    assert_eq!(is_of_no_use(b"GG"), None);
}

#[test]
fn a_header_that_breaks_off_anywhere_is_never_believed() {
    let bytes = testing::model(64, 1);
    let start = bytes.len() - 128;
    for length in 0..start - 32 {
        assert!(header(&bytes[..length]).is_err(), "{length}");
    }
}

#[test]
fn no_byte_of_a_header_can_do_harm() {
    let whole = testing::model(32, 1);
    for at in 0..whole.len() {
        for value in [0, 1, 9, 0x7f, 0x80, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] = value;
            // Any answer will do, as long as there is one.
            let _ = header(&bytes);
            let _ = is_of_no_use(&bytes);
        }
    }
}

#[test]
fn counts_that_lie_are_damage_not_memory() {
    let mut bytes = testing::model(32, 1);
    bytes[8..16].copy_from_slice(&u64::MAX.to_le_bytes());
    assert!(matches!(header(&bytes), Err(Unreadable::Damaged)));
    let mut bytes = testing::model(32, 1);
    bytes[24..32].copy_from_slice(&(u64::MAX / 2).to_le_bytes());
    assert!(matches!(header(&bytes), Err(Unreadable::Damaged)));
}
