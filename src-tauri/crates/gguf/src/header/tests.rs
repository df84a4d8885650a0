use super::*;
use crate::write;

fn damaged(bytes: &[u8]) -> bool {
    matches!(Header::read(bytes), Err(Why::Damaged(_)))
}

#[test]
fn what_is_written_is_read_again() {
    let file = write::model(64, 1);
    let bytes = file.bytes();
    let header = Header::read(bytes.as_slice()).unwrap();
    assert_eq!(header.whole(), bytes.len() as u64);
    assert_eq!(header.integer("mistral3.block_count"), Some(2));
    assert_eq!(header.text("general.architecture"), Some("mistral3"));
    assert_eq!(header.float("mistral3.rope.freq_base"), Some(1e6));
    assert_eq!(header.list("tokenizer.ggml.tokens").unwrap().as_texts().unwrap()[3], "[INST]");
    assert_eq!(header.list("tokenizer.ggml.token_type").unwrap().as_integers().unwrap().len(), 32);
    assert_eq!(header.tensor("token_embd.weight").unwrap().dimensions, [64, 32]);
    assert_eq!(header.tensors().count(), file.tensors.len());
    assert_eq!(
        write::File::of(&bytes).map(|again| Header::read(again.bytes().as_slice()).unwrap().whole()),
        Some(header.whole())
    );
}

#[test]
fn a_header_that_breaks_off_anywhere_is_never_believed() {
    let bytes = write::model(32, 1).bytes();
    let start =
        usize::try_from(Header::read(bytes.as_slice()).unwrap().tensors().map(|(_, t)| t.at).min().unwrap());
    let start = start.unwrap() - 32;
    for length in 0..start {
        let read = Header::read(&bytes[..length]);
        assert!(matches!(read, Err(Why::BreaksOff | Why::NotAModel(_))), "{length}: {read:?}");
    }
}

#[test]
fn counts_that_lie_are_damage_and_take_no_memory() {
    let whole = write::model(32, 1).bytes();
    for at in [8, 16] {
        let mut bytes = whole.clone();
        bytes[at..at + 8].copy_from_slice(&(u64::MAX / 2).to_le_bytes());
        assert!(damaged(&bytes), "count at {at}");
    }
    // A list that says it has a billion texts, in a file of a gigabyte of holes.
    let mut file = write::File::new("mistral3");
    file.set("list", [].as_slice() as &[&str]);
    let mut bytes = file.bytes();
    let at = bytes.len() - 8;
    bytes[at..].copy_from_slice(&1_000_000_000_u64.to_le_bytes());
    let holes = std::io::Read::chain(bytes.as_slice(), std::io::repeat(0));
    assert!(matches!(Header::read(holes), Err(Why::Damaged(_))));
}

#[test]
fn a_header_without_end_is_left_after_its_limit() {
    // Lists of four million numbers each, and none of them lies.
    const LISTS: u64 = 4;
    let mut endless: Box<dyn Read> = Box::new(std::io::empty());
    for number in 0..LISTS {
        let mut list = (1_u64).to_le_bytes().to_vec();
        list.push(b'a' + u8::try_from(number).unwrap());
        list.extend_from_slice(&9_u32.to_le_bytes());
        list.extend_from_slice(&10_u32.to_le_bytes());
        list.extend_from_slice(&(4_u64 << 20).to_le_bytes());
        let numbers = std::io::repeat(0).take(32 << 20);
        endless = Box::new(endless.chain(std::io::Cursor::new(list)).chain(numbers));
    }
    let beginning = [&b"GGUF"[..], &3_u32.to_le_bytes(), &[0; 8], &LISTS.to_le_bytes()].concat();
    assert!(matches!(Header::read(beginning.as_slice().chain(endless)), Err(Why::Damaged(_))));
}

#[test]
fn versions_and_the_other_byte_order_are_named() {
    let with = |version: [u8; 4]| {
        let mut bytes = write::model(32, 1).bytes();
        bytes[4..8].copy_from_slice(&version);
        Header::read(bytes.as_slice()).map(|_| ())
    };
    assert!(matches!(with([2, 0, 0, 0]), Ok(())));
    assert!(matches!(with([1, 0, 0, 0]), Err(Why::Version(1))));
    assert!(matches!(with([9, 0, 0, 0]), Err(Why::Version(9))));
    assert!(matches!(with([0, 0, 0, 3]), Err(Why::BigEndian)));
}

#[test]
fn nothing_may_stand_twice_or_lie_upon_another() {
    let file = write::model(32, 1);
    let mut twice = file.clone();
    twice.values.push(twice.values[1].clone());
    assert!(damaged(&twice.bytes()));
    let mut twice = file.clone();
    twice.tensors.push(twice.tensors[1].clone());
    assert!(damaged(&twice.bytes()));

    let bytes = file.bytes();
    let name = b"blk.0.attn_k.weight";
    let at = bytes.windows(name.len()).position(|window| window == name).unwrap() + name.len();
    // Dimensions, type, offset.
    let offset = at + 4 + 16 + 4;
    let mut upon = bytes.clone();
    upon[offset..offset + 8].copy_from_slice(&32_u64.to_le_bytes());
    assert!(damaged(&upon), "upon another");
    let mut askew = bytes;
    askew[offset] += 1;
    assert!(damaged(&askew), "not aligned");
}

#[test]
fn another_alignment_is_heeded() {
    let mut file = write::model(32, 1);
    file.set("general.alignment", 32_u32);
    assert!(Header::read(file.bytes().as_slice()).is_ok());
    for alignment in [0_u32, 3, 1 << 30] {
        file.set("general.alignment", alignment);
        assert!(damaged(&file.bytes()), "{alignment}");
    }
}

#[test]
fn the_architecture_is_known_from_the_first_bytes() {
    let bytes = write::model(32, 1).bytes();
    assert_eq!(Header::architecture_of(&bytes[..100]).unwrap().as_deref(), Some("mistral3"));
    assert!(Header::architecture_of(&bytes[..30]).is_err());
    assert!(matches!(Header::architecture_of(b"<!doctype html>"), Err(Why::NotAModel(_))));
}
